"""Options that commands share."""

import click

from . import connection, options
from .command import Choice, Option, flag

FORMATS = ("text", "json", "markdown")
#: DOMAIN, with its help.
DOMAIN = ("DOMAIN", options.text("domain"))
YES = flag("-y", "--yes", help="do not ask for confirmation")
SHOW_SECRETS = flag("--show-secrets", help="show the password, too")


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
            help="write JSON to standard output: the same as --format json",
        ),
        Option(
            "-v",
            "--verbose",
            count=True,
            section="output",
            help="also show what stays unchanged; -vv: each request",
        ),
        flag("-q", "--quiet", section="output", help="show no plan, progress or notes"),
        flag("--no-color", section="output", common=False, help="no colour"),
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
            help="TOML or JSON file of options. Default: authentik-netbird.toml",
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
        text = "use every site of the file, at the same time"
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
        help="do not show this warning of plans, such as loopback_address. Can be repeated",
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
