"""What `verify` does: send authentik what NetBird will send, and report what is wrong."""

import argparse
import os

from .._native import (
    Client,
    ConnectionOptions,
    NetbirdIntegration,
    NetbirdSettings,
    Verification,
)
from .._native import verify as verify_settings
from ..enums import CheckStatus
from ..errors import InvalidClientError
from . import colour, connection, files, options, screen, settings
from .problems import Problems, SettingsError

_STYLES = {
    CheckStatus.PASS: colour.GOOD,
    CheckStatus.WARN: ("yellow", ("bold",)),
    CheckStatus.FAIL: colour.BAD,
    CheckStatus.SKIPPED: colour.FAINT,
    CheckStatus.UNKNOWN: ("yellow", ()),
}
_MARKS = {
    "pass": CheckStatus.PASS,
    "WARN": CheckStatus.WARN,
    "FAIL": CheckStatus.FAIL,
    "skip": CheckStatus.SKIPPED,
    "????": CheckStatus.UNKNOWN,
}


def verify(arguments: argparse.Namespace) -> int:
    """Verifies a setup: a file, what authentik has for these options, or both."""
    found = _of_file(arguments) if arguments.setup_env is not None else _of_server(arguments)
    if arguments.json:
        screen.json(found.to_dict())
    else:
        _show(found)
    if found.with_status(CheckStatus.FAIL):
        return 1
    return 0 if found.is_complete else 3


def _of_server(arguments: argparse.Namespace) -> Verification:
    given = settings.given(arguments)
    with given.client as client:
        screen.reading(client.url)
        found = client.netbird_settings(given.integration)
        return client.verify_settings(found, given.integration)


def _of_file(arguments: argparse.Namespace) -> Verification:
    problems = Problems()
    text, wanted, client = "", None, None
    with problems:
        text = files.read(arguments.setup_env, exact=True)
    found = _with_key(NetbirdSettings.parse(text), arguments.setup_env)
    if settings.is_asked_for(arguments):
        with problems:
            # Where nothing else says which server: to compare with, not to send a token to.
            wanted = settings.integration(arguments, url=_fallback(arguments, found))
    with problems:
        client = _client(arguments, wanted)
    authority = None
    with problems:
        authority = files.read(arguments.ca_file) if arguments.ca_file is not None else None
    problems.raise_all()
    if client is not None:
        with client:
            screen.reading(client.url)
            return client.verify_settings(found, wanted)
    if found.authentik_url is not None:
        screen.reading(found.authentik_url)
    try:
        how = ConnectionOptions(root_certificates=authority, timeout=arguments.timeout)
        return verify_settings(found, options=how)
    except InvalidClientError as error:
        raise SettingsError(
            *(options.problem(issue, arguments.ca_file) for issue in error.issues)
        ) from None


def _with_key(found: NetbirdSettings, path: str) -> NetbirdSettings:
    """With what NetBird's other files, where they are beside it, say about the data store key."""
    folder = os.path.dirname(os.path.realpath(path)) if path != "-" else ""
    if not folder or os.path.basename(path) == "management.json":
        return found
    current, generated = (
        files.read(name) if os.path.isfile(name) else None
        for name in (
            os.path.join(folder, "management.json"),
            os.path.join(folder, "artifacts", "management.json"),
        )
    )
    return found if generated is None else found.with_data_store_key(current, generated)


def _client(arguments: argparse.Namespace, wanted: NetbirdIntegration | None) -> Client | None:
    """A client where there is a token and a server that it is for.

    The token goes where the caller says, never where a file says.
    """
    if arguments.token_file is None and not os.environ.get("AUTHENTIK_TOKEN", "").strip():
        return None
    url = settings.server(arguments)
    if url is None:
        screen.note(
            "the token is not used: set AUTHENTIK_URL or --authentik-url, since a file must not "
            "say where it goes"
        )
        return None
    return connection.client(arguments, url if wanted is None else wanted.authentik_url)


def _fallback(arguments: argparse.Namespace, found: NetbirdSettings) -> str:
    """The server that the file names, where the caller names none."""
    return "" if settings.server(arguments) else found.authentik_url or ""


def _show(found: Verification) -> None:
    """The report, each check's mark in its colour."""
    for text in str(found).splitlines():
        status = _MARKS.get(text[:4])
        screen.line(text, _STYLES[status] if status else colour.PLAIN)
