"""The command `verify`: send authentik NetBird's own requests, and report what is wrong."""

import os

from .. import AsyncClient
from .._native import NetbirdIntegration, NetbirdSettings, Verification
from .._native import verify as verify_settings
from ..enums import CheckStatus
from . import colour, common, config, files, markdown, modes, screen, settings
from .command import Arguments, Command, Option
from .config import Config
from .connection import Connection
from .problems import Problems, SettingsError
from .report import Section, failed, finish
from .run import Runner, closed, reading
from .site import FailedSite, Site

_STYLES = {
    CheckStatus.PASS: colour.GOOD,
    CheckStatus.WARN: colour.WARNING,
    CheckStatus.FAIL: colour.BAD,
    CheckStatus.SKIPPED: colour.FAINT,
    CheckStatus.UNKNOWN: {"fg": "yellow"},
}
_MARKS = {
    "pass": CheckStatus.PASS,
    "WARN": CheckStatus.WARN,
    "FAIL": CheckStatus.FAIL,
    "skip": CheckStatus.SKIPPED,
    "????": CheckStatus.UNKNOWN,
}


def command(name: str, summary: str) -> Command:
    """The command."""
    own = [
        Option(
            "--setup-env",
            metavar="FILE",
            help="verify this setup.env or management.json, also one that was written by hand, and "
            "try its password. Without a token, checks that need an administrator's are unknown",
        ),
    ]
    return Command(
        name,
        verify,
        common.all_of(own),
        summary=summary,
        details="Nothing is written. Exits with 1 if a check fails, with 3 if something could not "
        "be checked. NetBird's own requests leave a login of the service account in authentik's "
        "log.",
        argument=common.DOMAIN,
    )


def verify(arguments: Arguments) -> int:
    """Verifies a setup: a file, what authentik has for these options, or both."""
    if arguments.setup_env is not None:
        if arguments.all_sites:
            raise SettingsError("--all: do not use --setup-env, which is for one site")
        [found] = config.load(arguments)
        return finish("verify", [_section(_of_file(arguments, found), found.site)])
    sites = settings.sites(arguments)
    with Runner() as runner:
        reading(sites)

        async def verified(site: Site) -> Verification:
            found = await site.client.netbird_settings(site.integration)
            return await site.client.verify_settings(found, site.integration)

        results = runner.each(sites, verified)
        runner.run(closed(sites))
    return finish(
        "verify",
        [
            failed(one) if isinstance(one, FailedSite) else _section(one[1], one[0].name)
            for one in results
        ],
        arguments.all_sites,
    )


def _section(found: Verification, site: str | None) -> Section:
    if screen.is_text():
        if site is not None:
            screen.heading(site)
        _show(found)
    result = {name: value for name, value in found.to_dict().items() if name != "format_version"}
    section = Section(site, result, text=markdown.verification(found))
    if found.with_status(CheckStatus.FAIL):
        section.status, section.exit_code = "failed", 1
    elif not found.is_complete:
        section.status, section.exit_code = "incomplete", 3
    return section


def _of_file(arguments: Arguments, given: Config) -> Verification:
    problems = Problems()
    text, wanted, client, how = "", None, None, None
    with problems:
        text = files.read(arguments.setup_env, exact=True)
    found = _with_key(NetbirdSettings.parse(text), arguments.setup_env)
    if settings.is_asked_for(arguments, given):
        with problems:
            # Where nothing else says which server: to compare with, not to send a token to.
            wanted = settings.integration(arguments, given, url=_fallback(arguments, given, found))
            if modes.is_connector(wanted):
                raise SettingsError(
                    "--setup-env: the mode connector has no setup.env. Leave it out, or use --mode "
                    "standalone."
                )
    with problems:
        connection = settings.connection_of(arguments, given)
        client = _client(arguments, given, connection, wanted)
        if client is None:
            how = connection.options()
    problems.raise_all()
    with Runner() as runner:
        if client is not None:
            screen.reading(client.url)
            result = runner.run(client.verify_settings(found, wanted))
            runner.run(client.close())
            return result
    if found.authentik_url is not None:
        screen.reading(found.authentik_url)
    with connection.naming():
        return verify_settings(found, options=how)


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


def _client(
    arguments: Arguments,
    given: Config,
    connection: Connection,
    wanted: NetbirdIntegration | None,
) -> AsyncClient | None:
    """A client where there is a token and a server that it is for.

    The token goes where the caller says, never where a file says.
    """
    if not connection.has_token():
        return None
    url = settings.server(arguments, given)
    if url is None:
        screen.note(
            "the token is not used: set AUTHENTIK_URL or --authentik-url, since a file must not "
            "say where it goes"
        )
        return None
    return connection.client(url if wanted is None else wanted.authentik_url)


def _fallback(arguments: Arguments, given: Config, found: NetbirdSettings) -> str:
    """The server that the file names, where the caller names none."""
    return "" if settings.server(arguments, given) else found.authentik_url or ""


def _show(found: Verification) -> None:
    """The report, each check's mark in its colour."""
    for text in str(found).splitlines():
        status = _MARKS.get(text[:4])
        if screen.Mode.is_quiet and (not text or status in (CheckStatus.PASS, CheckStatus.SKIPPED)):
            continue
        screen.line(text, _STYLES[status] if status else colour.PLAIN)
