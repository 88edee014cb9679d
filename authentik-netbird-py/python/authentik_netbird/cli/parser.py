"""The parser: which commands there are, and their options."""

import argparse
import math
from collections.abc import Iterable
from typing import Any, NamedTuple, NoReturn

from .._native import __version__
from ..enums import Release
from . import options
from .problems import SettingsError
from .targets import Writes

_EPILOG = """\
examples:
  authentik-netbird demo
  export AUTHENTIK_URL=https://authentik.company
  authentik-netbird plan netbird.company --token-file token.txt
  authentik-netbird apply --config netbird.toml --setup-env setup.env
  authentik-netbird verify --setup-env setup.env

environment:
  AUTHENTIK_URL     authentik, unless --authentik-url or --config names it
  AUTHENTIK_TOKEN   API token of an administrator, unless --token-file is used
  HTTPS_PROXY, NO_PROXY, NO_COLOR, FORCE_COLOR

exit codes:
  0    done, or nothing to do
  1    error, not confirmed, or verify found a failure
  2    plan found changes
  3    verify found no failure, but could not check everything
  130  interrupted
"""


class Parser(argparse.ArgumentParser):
    """Raises what is wrong: argparse would end the process with 2, which means changes."""

    def error(self, message: str) -> NoReturn:
        """Raises it, with where to look."""
        raise SettingsError(f"{message}\n  hint: {self.prog} --help")


class _Formatter(argparse.HelpFormatter):
    """Leaves slugs and URLs in one piece, so that they can be copied."""

    def _split_lines(self, text: str, width: int) -> list[str]:
        import textwrap

        return textwrap.wrap(text, width, break_on_hyphens=False, break_long_words=False)


def parser(given: Iterable[str]) -> tuple[Parser, dict[str, Parser]]:
    """The parser of the whole command, and one for each command.

    Args:
        given: What will be parsed. Commands that are not in it get no options, which take longer
            than anything else here.
    """
    # argparse's own list of them is laid out differently in each Python.
    listed = "".join(f"\n  {name:8}  {command.summary}" for name, command in _COMMANDS.items())
    whole = Parser(
        prog="authentik-netbird",
        usage="%(prog)s COMMAND [OPTION ...]",
        description="Sets up authentik for NetBird, and NetBird for authentik.\n\n"
        f"commands:{listed}\n\nThe options of a command: authentik-netbird COMMAND --help",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    whole.add_argument("--version", action="version", version=f"authentik-netbird {__version__}")
    group = whole.add_subparsers(
        dest="typed", required=True, metavar="COMMAND", help=argparse.SUPPRESS
    )
    commands: dict[str, Parser] = {}
    for name, command in _COMMANDS.items():
        domain = " [DOMAIN]" if command.has_integration else ""
        commands[name] = group.add_parser(
            name,
            aliases=[] if command.alias is None else [command.alias],
            prog=f"authentik-netbird {name}",
            usage=f"%(prog)s [OPTION ...]{domain}",
            description=f"{command.summary[0].upper()}{command.summary[1:]}. {command.details}",
            formatter_class=_Formatter,
            allow_abbrev=False,
        )
        commands[name].set_defaults(command=name)
        if {name, command.alias} & {*given}:
            _fill(commands[name], command)
    return whole, commands


class _Option(NamedTuple):
    names: tuple[str, ...]
    settings: dict[str, Any]


class _Command(NamedTuple):
    summary: str
    details: str
    options: tuple[_Option, ...]
    writes: Writes | None = None
    """How it writes the file that is its `target`."""
    has_integration: bool = True
    has_server: bool = True
    alias: str | None = None
    """Another name, which help does not show."""


def _option(*names: str, **settings: Any) -> _Option:
    return _Option(names, settings)


def _flag(*names: str, help: str) -> _Option:  # noqa: A002 (as argparse calls it)
    return _Option(names, {"action": "store_true", "help": help})


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if 0 < seconds < math.inf:
        return seconds
    raise argparse.ArgumentTypeError("expected a number of seconds above 0")


def _fill(parser: Parser, command: _Command) -> None:
    """Adds the options of a command."""
    parser.set_defaults(target=None, writes=command.writes)
    for names, settings in command.options:
        parser.add_argument(*names, **settings)
    if command.has_server:
        group = parser.add_argument_group("authentik")
        for names, settings in _SERVER:
            group.add_argument(*names, **settings)
    elif command.has_integration:
        parser.add_argument("--authentik-url", metavar="URL", help=argparse.SUPPRESS)
    if command.has_integration:
        help_text = options.text("domain")
        parser.add_argument("domain", nargs="?", metavar="DOMAIN", help=help_text)
        options.add(parser)


_SERVER = (
    _option(
        "--authentik-url",
        metavar="URL",
        help=f"{options.text('authentik_url')}. Default: AUTHENTIK_URL",
    ),
    _option(
        "--token-file",
        metavar="FILE",
        help="file with the API token of an administrator; - is standard input. "
        "Default: AUTHENTIK_TOKEN",
    ),
    _option(
        "--ca-file", metavar="FILE", help="certificates of a private authority, PEM. Default: none"
    ),
    _option(
        "--timeout",
        type=_seconds,
        default=30.0,
        metavar="SECONDS",
        help="longest wait for one response. Default: 30",
    ),
)
_YES = _flag("-y", "--yes", help="do not ask for confirmation")
_JSON = _flag("--json", help="write JSON to standard output")
_SHOW_SECRETS = _flag("--show-secrets", help="show the password, too")
_WRITE_SETUP_ENV = _option(
    "--setup-env",
    dest="target",
    metavar="FILE",
    help="then write NetBird's setup.env there; everything else in the file is kept",
)
_COMMANDS = {
    "plan": _Command(
        "show what would be done",
        "Nothing is written. Ends with 2 if there is something to do, with 0 if not.",
        (
            _JSON,
            _option(
                "--out",
                dest="target",
                metavar="FILE",
                help="also write the plan there, for apply --plan",
            ),
        ),
        Writes.OPENED,
    ),
    "apply": _Command(
        "do it, after showing it and asking",
        "If there is nothing to do, it does not ask.",
        (
            _YES,
            _JSON,
            _WRITE_SETUP_ENV,
            _option(
                "--plan",
                metavar="FILE",
                help="carry out this plan, of plan --out, unless authentik has changed since",
            ),
        ),
        Writes.MERGED,
    ),
    "env": _Command(
        "show or write NetBird's setup.env, once authentik is set up",
        "Reading the password for it leaves an event in authentik's log.",
        (
            _option(
                "--out",
                dest="target",
                metavar="FILE",
                help="write it there, mode 0600; an existing setup.env keeps its other lines, "
                "other formats replace the file",
            ),
            _option(
                "--format",
                choices=["setup-env", "compose", "json"],
                default="setup-env",
                help="for NetBird's configure.sh (the default), for docker compose's env_file, "
                "or JSON",
            ),
            _SHOW_SECRETS,
        ),
        Writes.MERGED,
    ),
    "verify": _Command(
        "check that NetBird can log in, and report what is wrong",
        "Nothing is written. Each failure comes with a hint, and the command ends with 1; with 3 "
        "if something could not be checked. NetBird's own requests leave a login of the service "
        "account in authentik's log.",
        (
            _JSON,
            _option(
                "--setup-env",
                dest="setup_env",
                metavar="FILE",
                help="verify this setup.env or management.json, also one that was written by "
                "hand, and try its password. Without a token what only an administrator sees "
                "stays unknown",
            ),
        ),
    ),
    "rotate": _Command(
        "replace NetBird's app password, after showing it and asking",
        "The old one stops working at once, so NetBird needs the new one at once.",
        (
            _YES,
            _JSON,
            _WRITE_SETUP_ENV,
            _flag(
                "--never-expires",
                help="also remove the password's expiry; authentik cannot change it otherwise. "
                "Default: it is kept",
            ),
        ),
        Writes.MERGED,
    ),
    "teardown": _Command(
        "remove what was set up, and nothing else, after asking",
        "What something else uses is kept, and named with the reason.",
        (_YES, _JSON),
        alias="destroy",
    ),
    "preview": _Command(
        "show what a fresh authentik would need",
        "Offline: no server is asked.",
        (_JSON,),
        has_server=False,
        alias="operations",
    ),
    "demo": _Command(
        "show all of it on a simulated authentik",
        "Needs no server and changes nothing.",
        (
            _option(
                "--release",
                choices=[str(release) for release in Release],
                default=str([*Release][-1]),
                help=f"which authentik to simulate. Default: {[*Release][-1]}",
            ),
            _SHOW_SECRETS,
        ),
        has_integration=False,
        has_server=False,
    ),
}
