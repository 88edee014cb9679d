"""Options that commands share."""

import click

from . import connection, options
from .command import Choice, Option, flag

FORMATS = ("text", "json", "markdown")
#: DOMAIN, with its help.
DOMAIN = ("DOMAIN", options.text("domain"))
YES = flag("-y", "--yes", help="do not ask for confirmation")
SHOW_SECRETS = flag("--show-secrets", help="also show the password")


def output(formats: tuple[str, ...] = FORMATS) -> list[Option]:
    """How a command writes."""
    words = f"{', '.join(formats[:-1])} or {formats[-1]}"
    return [
        Option(
            "--format",
            type=Choice(formats),
            metavar="FORMAT",
            section="output",
            common=False,
            help=f"{words}. Default: text",
        ),
        flag(
            "--json",
            "as_json",
            section="output",
            help="write JSON to standard output; same as --format json",
        ),
        Option(
            "-v",
            "--verbose",
            count=True,
            section="output",
            help="also show unchanged objects; -vv also shows each request",
        ),
        flag("-q", "--quiet", section="output", help="hide the plan, progress and notes"),
        flag("--no-color", section="output", common=False, help="disable colour"),
    ]


def _site_names(context: click.Context, _: click.Parameter, start: str) -> list[str]:
    """The sites that a shell completes."""
    from .config import site_names
    from .problems import SettingsError

    try:
        names = site_names(context.params.get("config"))
    except SettingsError:
        names = []
    return [name for name in names if name.startswith(start)]


def configuration(every: bool = True) -> list[Option]:
    """Where a command's settings come from."""
    found = [
        Option(
            "--config",
            metavar="FILE",
            section="configuration",
            help="TOML or JSON file with options. Default: authentik-netbird.toml",
        ),
        Option(
            "--site",
            metavar="NAME",
            section="configuration",
            shell_complete=_site_names,
            help="use this site of the file",
        ),
    ]
    if every:
        text = "use all sites of the file, concurrently"
        found.append(flag("--all", "all_sites", section="configuration", help=text))
    return found


def setup_env(text: str) -> Option:
    """The file that is written afterwards."""
    return Option("--setup-env", "target", metavar="FILE", help=text)


def accept_warning() -> Option:
    """Warnings that are known."""
    from ..enums import WarningKind

    return Option(
        "--accept-warning",
        type=Choice([str(kind) for kind in WarningKind]),
        multiple=True,
        metavar="NAME",
        common=False,
        help="hide this warning, such as loopback_address. Can be repeated",
    )


def all_of(
    own: list[Option], every: bool = True, formats: tuple[str, ...] = FORMATS
) -> list[Option]:
    """The options of a command that works on a server."""
    return [
        *own,
        *configuration(every),
        *connection.options(),
        *output(formats),
        *options.of_integration(),
    ]
