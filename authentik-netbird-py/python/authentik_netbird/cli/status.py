"""The command `status`: the state of every site, in one table, or for monitoring."""

import asyncio
import json
import sys
import time

from ..errors import AuthentikNetbirdError
from . import common, config, documents, markdown, overview, prometheus, report, screen, settings
from . import row as rows
from .colour import FAINT, is_terminal
from .command import Arguments, Command, Option, count, flag, seconds
from .config import Config
from .problems import CommandError, SettingsError
from .row import Row
from .run import Runner, in_thread
from .site import Site
from .targets import Writes, check, write

_FORMATS = (*common.FORMATS, "prometheus")
_SITE_TIMEOUT = 60.0
_PARALLELISM = 16


class SiteTimeoutError(CommandError):
    """A site took too long."""

    kind = "timeout"


def command(name: str, summary: str) -> Command:
    """The command."""
    own = [
        Option(
            "-o",
            "--output",
            "target",
            metavar="FILE",
            help="write to this file instead of standard output, atomically, as node_exporter's "
            "textfile collector needs",
        ),
        flag("--detailed-exitcode", help="exit with 2 if nothing failed but a plan has changes"),
        Option(
            "--site-timeout",
            type=seconds,
            default=_SITE_TIMEOUT,
            metavar="SECONDS",
            common=False,
            help=f"timeout for one site. Default: {_SITE_TIMEOUT:g}",
        ),
        Option(
            "--parallelism",
            type=count,
            default=_PARALLELISM,
            metavar="NUMBER",
            common=False,
            help=f"how many sites are checked at the same time. Default: {_PARALLELISM}",
        ),
    ]
    return Command(
        name,
        status,
        common.all_of(own, formats=_FORMATS),
        summary=summary,
        details="Covers every site in the configuration file, unless --site names one. Nothing is "
        "written to a server. Exits with 1 if a site fails or cannot be checked, with 3 if "
        "something could not be checked.",
        argument=common.DOMAIN,
    )


def status(arguments: Arguments) -> int:
    """Shows how every site is."""
    configs = config.load(arguments, every_by_default=True)
    if len(configs) > 1:
        settings.check_all(arguments, with_file=True)
    path = arguments.target
    if path is not None and screen.is_text():
        raise SettingsError("--output: use --format json, markdown or prometheus as well")
    if path is not None:
        check(path, None, Writes.REPLACED)
    if is_terminal(sys.stderr):
        screen.note(f"checking {len(configs)} site{'s' if len(configs) > 1 else ''}", FAINT)
    settings.read_tokens(arguments, configs)
    with Runner() as runner:
        found = runner.run(_all(arguments, configs))
    text = _text(found)
    if path is None:
        screen.document(text) if text else overview.show(rows.HEADS, map(rows.cells, found))
    else:
        # It holds no secret, and node_exporter is another user.
        write(path, text, mode=0o644)
    return report.worst(_code(row, arguments.detailed_exitcode) for row in found)


async def _all(arguments: Arguments, configs: list[Config]) -> list[Row]:
    """A row for each site. Few are worked on at once, and no more than its row is kept of one."""
    found: dict[int, Row] = {}
    waiting = iter(enumerate(configs))
    workers = min(arguments.parallelism, len(configs))

    async def work() -> None:
        for number, one in waiting:
            found[number] = await _one(arguments, one, is_alone=len(configs) == 1)

    # All are waited for, also after a signal: the loop ends after them.
    ended = await asyncio.gather(*(work() for _ in range(workers)), return_exceptions=True)
    for problem in filter(None, ended):
        raise problem
    return [found[number] for number in range(len(configs))]


async def _one(arguments: Arguments, one: Config, is_alone: bool) -> Row:
    """A site's row, whatever it meets."""
    started, limit = time.monotonic(), arguments.site_timeout
    name = one.site or str(arguments.domain or one.values.get("domain"))
    try:
        return await asyncio.wait_for(_checked(arguments, one, name, started), limit)
    except (AuthentikNetbirdError, CommandError) as problem:
        # Without sites this is what was typed, as for every other command.
        if is_alone and one.site is None and isinstance(problem, SettingsError):
            raise
        error: Exception = problem
    # Second: an error of the library may be a TimeoutError, too.
    except asyncio.TimeoutError:
        error = SiteTimeoutError(f"no result within {limit:g} s")
    screen.failure(f"{name}: {error}")
    return Row(name, time.monotonic() - started, documents.error(error, str(error)))


async def _checked(arguments: Arguments, one: Config, name: str, started: float) -> Row:
    def prepare() -> Site:
        mode = settings.mode(arguments, one)
        # The command is ended before the site is given up, and does not outlive this process.
        return settings.site(arguments, one, mode, limit=0.9 * arguments.site_timeout)

    # A token may come from a command, and NetBird may be asked for its mode.
    site = await in_thread(prepare)
    async with site.client as client:
        found = await client.status(site.integration)
    return rows.of(site, name, found, time.monotonic() - started)


def _code(row: Row, is_detailed: bool) -> int:
    if row.status in ("error", "failed"):
        return 1
    if row.status == "incomplete":
        return 3
    return 2 if is_detailed and row.drift else 0


def _text(found: list[Row]) -> str:
    """The document for programs; empty for people on a screen."""
    if screen.Mode.format == "prometheus":
        return prometheus.text(found)
    if screen.Mode.format == "markdown":
        return markdown.status(found)
    if screen.is_text():
        return ""
    sections = [
        report.Section(row.site, rows.document(row), row.status, error=row.error) for row in found
    ]
    return json.dumps(report.of_all("status", sections), indent=2) + "\n"
