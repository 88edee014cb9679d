"""The parser: which commands there are, and their options."""

import argparse
from collections.abc import Iterable
from typing import NoReturn

from .._native import __version__
from . import command_options
from .problems import SettingsError

_EPILOG = """\
examples:
  authentik-netbird demo
  export AUTHENTIK_URL=https://authentik.company
  authentik-netbird plan netbird.company --token-file token.txt
  authentik-netbird apply --config netbird.toml --env setup.env
  authentik-netbird verify --env setup.env

environment:
  AUTHENTIK_URL     which authentik, unless --authentik-url or the file says it
  AUTHENTIK_TOKEN   API token of an administrator, unless there is --token-file
  HTTPS_PROXY, NO_PROXY, NO_COLOR, FORCE_COLOR

exit codes:
  0    done, or nothing to do
  1    error, not confirmed, or verify found a failure
  2    plan found changes
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
    listed = "".join(f"\n  {name:10}  {text}" for name, (_, text, _) in _COMMANDS.items())
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
        dest="command", required=True, metavar="COMMAND", help=argparse.SUPPRESS
    )
    commands: dict[str, Parser] = {}
    for name, (fill, text, more) in _COMMANDS.items():
        domain = "" if name == "demo" else " [DOMAIN]"
        commands[name] = group.add_parser(
            name,
            prog=f"authentik-netbird {name}",
            usage=f"%(prog)s [OPTION ...]{domain}",
            description=f"{text[0].upper()}{text[1:]}. {more}",
            formatter_class=_Formatter,
            allow_abbrev=False,
        )
        if name in given:
            fill(commands[name])
    return whole, commands


_COMMANDS = {
    "plan": (
        command_options.plan,
        "show what would be done",
        "Nothing is written. Ends with 2 if there is something to do, with 0 if not.",
    ),
    "apply": (
        command_options.apply,
        "do it, after showing it and asking",
        "Where there is nothing to do, it does not ask.",
    ),
    "env": (
        command_options.env,
        "show or write NetBird's setup.env, once authentik is set up",
        "Reading the password for it leaves an event in authentik's log.",
    ),
    "verify": (
        command_options.verify,
        "ask authentik what NetBird will ask, and say what is wrong",
        "Nothing is written. Each failure comes with its remedy, and the command ends with 1. "
        "NetBird's own requests leave a login of the service account in authentik's log.",
    ),
    "rotate": (
        command_options.rotate,
        "give NetBird's app password a new value",
        "The old one dies at that moment: NetBird needs the new one at once.",
    ),
    "destroy": (
        command_options.destroy,
        "remove what was set up, and nothing else, after asking",
        "What something else uses is kept, and named with the reason.",
    ),
    "operations": (
        command_options.operations,
        "show what a factory-fresh authentik would need",
        "Offline: no server is asked.",
    ),
    "demo": (
        command_options.demo,
        "show all of it on a simulated authentik",
        "Needs no server and changes nothing.",
    ),
}
