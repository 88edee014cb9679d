"""What `verify` does: send authentik what NetBird will send, and report what is wrong."""

import argparse

from .._native import (
    Client,
    ConnectionOptions,
    NetbirdIntegration,
    NetbirdSettings,
    Outputs,
    Verification,
)
from .._native import verify as verify_settings
from ..enums import CheckStatus
from ..errors import InvalidClientError, InvalidOutputsError, MissingError, PermissionDeniedError
from . import colour, files, options, screen, settings
from .problems import Problems, SettingsError

_STYLES = {
    CheckStatus.PASS: colour.GOOD,
    CheckStatus.WARN: ("yellow", ("bold",)),
    CheckStatus.FAIL: colour.BAD,
    CheckStatus.SKIPPED: colour.FAINT,
}


def verify(arguments: argparse.Namespace) -> int:
    """Verifies a setup, with an administrator's token, or with NetBird's `setup.env` alone."""
    found = _of_file(arguments) if arguments.setup_env is not None else _of_server(arguments)
    if arguments.json:
        screen.json(found.to_dict())
    else:
        _show(found)
    return 0 if found.is_success else 1


def _of_server(arguments: argparse.Namespace) -> Verification:
    given = settings.given(arguments)
    with given.client as client:
        screen.reading(client.url)
        return client.verify(given.integration, _outputs(client, given.integration))


def _outputs(client: Client, wanted: NetbirdIntegration) -> Outputs:
    """What NetBird needs; without the password where none works, or the token may not read it.

    Either is for the report to say.
    """
    try:
        return client.outputs(wanted)
    except (MissingError, PermissionDeniedError):
        client_id = client.plan(wanted).existing.client_id
        if client_id is None:
            raise
        return Outputs.of(wanted, client_id)


def _of_file(arguments: argparse.Namespace) -> Verification:
    problems = Problems()
    path = arguments.setup_env
    if settings.is_asked_for(arguments):
        problems.found.append(
            "--setup-env already contains the settings: do not give DOMAIN or its options as well"
        )
    with problems:
        try:
            wanted = NetbirdSettings.from_setup_env(files.read(path))
        except InvalidOutputsError as error:
            raise SettingsError(
                *(f"{files.shown(path)}: {issue}" for issue in error.issues)
            ) from None
    authority = None
    with problems:
        authority = files.read(arguments.ca_file) if arguments.ca_file is not None else None
    problems.raise_all()
    screen.reading(wanted.authentik_url)
    try:
        how = ConnectionOptions(root_certificates=authority, timeout=arguments.timeout)
        return verify_settings(wanted, options=how)
    except InvalidClientError as error:
        raise SettingsError(
            *(options.problem(issue, arguments.ca_file) for issue in error.issues)
        ) from None


def _show(found: Verification) -> None:
    """The report, each check's mark in its colour."""
    marks = {"pass": CheckStatus.PASS, "WARN": CheckStatus.WARN, "FAIL": CheckStatus.FAIL}
    for text in str(found).splitlines():
        status = marks.get(text[:4], CheckStatus.SKIPPED if text[:4] == "skip" else None)
        screen.line(text, _STYLES[status] if status else colour.PLAIN)
