"""Reading the arguments."""

import argparse
import sys
from typing import NoReturn

from .parser import Parser, parser
from .problems import SettingsError


def parse(given: list[str] | None = None) -> argparse.Namespace:
    """The arguments, by default the process's.

    Raises:
        SettingsError: They are wrong. What came with an unknown option is not repeated: it may be
            a token.
        SystemExit: Help or the version was asked for, and shown.
    """
    given = sys.argv[1:] if given is None else given
    whole, commands = parser(given)
    if not given:
        whole.print_help(sys.stderr)
        raise SystemExit(1)
    if any(text.partition("=")[0] == "--token" for text in given):
        raise SettingsError(
            "--token does not exist, because everyone on this machine could read it. "
            "Use AUTHENTIK_TOKEN, or --token-file FILE (- is standard input)."
        )
    first = given[0].partition("=")[0]
    if first.startswith("-") and first not in ("-h", "--help", "--version"):
        whole.error(f"COMMAND must come before {first}")
    arguments, unknown = whole.parse_known_args(given)
    if unknown:
        _refuse(commands[arguments.command], unknown)
    return arguments


def _refuse(command: Parser, unknown: list[str]) -> NoReturn:
    import difflib
    import re

    known = sorted(set(re.findall("--[a-z-]+", command.format_help())))
    problems = []
    for name in (text.partition("=")[0] for text in unknown if text.startswith("-")):
        close = difflib.get_close_matches(name, known, 1, 0.7)
        meant = f"; did you mean {close[0]}?" if close else ""
        problems.append(f"unknown option {name}{meant}")
    if not problems:
        command.error("too many arguments")
    raise SettingsError(*problems)
