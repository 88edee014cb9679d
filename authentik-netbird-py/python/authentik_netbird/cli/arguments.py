"""The arguments. Options of an integration are those of `NetbirdIntegration`'s signature."""

import argparse
import inspect
from typing import Any, NoReturn

from .. import enums
from .._native import NetbirdIntegration, __version__

_CHOICES = {"mode": enums.Mode, "redirect_uris": enums.RedirectUris, "rights": enums.Rights}


class _Parser(argparse.ArgumentParser):
    """Exits with 1 for wrong arguments: 2 means that there are changes."""

    def error(self, message: str) -> NoReturn:
        self.exit(1, f"{self.prog}: error: {message}\n")


class _NoToken(argparse.Action):
    """Refuses `--token`, without repeating what came with it."""

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> None:
        parser.error(
            "there is no --token, since everyone on this machine could read it: "
            "use AUTHENTIK_TOKEN, or --token-file FILE (- is standard input)"
        )


def parser() -> argparse.ArgumentParser:
    """The parser of the whole command."""
    whole = _Parser(
        prog="authentik-netbird",
        description="Sets up authentik for NetBird, and NetBird for authentik.",
        epilog="AUTHENTIK_URL and AUTHENTIK_TOKEN say which authentik.",
        allow_abbrev=False,
    )
    whole.add_argument("--version", action="version", version=f"authentik-netbird {__version__}")
    commands = whole.add_subparsers(dest="command", required=True, metavar="COMMAND")

    plan = commands.add_parser(
        "plan", help="say what would be done; exit code 2 if there is something", allow_abbrev=False
    )
    plan.add_argument("--out", metavar="FILE", help="also write the plan to this file, as JSON")
    apply = commands.add_parser("apply", help="do it, after asking", allow_abbrev=False)
    apply.add_argument("--plan", metavar="FILE", help="carry out this plan, of `plan --out`")
    apply.add_argument("--yes", action="store_true", help="do not ask")
    apply.add_argument("--env", metavar="FILE", help="merge NetBird's setup.env into this file")
    env = commands.add_parser(
        "env",
        help="show NetBird's setup.env, read from authentik",
        description="Reads the app password, which leaves an event in authentik's log.",
        allow_abbrev=False,
    )
    env.add_argument("--output", metavar="FILE", help="write it to this file, mode 0600")
    env.add_argument("--format", choices=["setup-env", "compose", "json"], default="setup-env")
    env.add_argument("--show-secrets", action="store_true", help="show the password, too")
    operations = commands.add_parser(
        "operations", help="what a fresh authentik would need; offline", allow_abbrev=False
    )
    for command in (plan, apply, env, operations):
        _integration(command)
    for command in (plan, apply, operations):
        command.add_argument("--json", action="store_true", help="write JSON to standard output")
    for command in (plan, apply, env):
        _connection(command)
    demo = commands.add_parser(
        "demo", help="the whole job on a simulated authentik", allow_abbrev=False
    )
    demo.add_argument("--release", choices=list(enums.Release), default=enums.Release.V2026_5)
    demo.add_argument("--show-secrets", action="store_true", help="show the password, too")
    return whole


def _connection(command: argparse.ArgumentParser) -> None:
    group = command.add_argument_group("connection")
    group.add_argument("--token-file", metavar="FILE", help="file of the API token; - is stdin")
    group.add_argument("--token", action=_NoToken, help=argparse.SUPPRESS)
    group.add_argument("--ca-file", metavar="FILE", help="certificates of a private authority")
    group.add_argument(
        "--timeout", type=float, default=30.0, metavar="SECONDS", help="default: 30"
    )


def _integration(command: argparse.ArgumentParser) -> None:
    command.add_argument("domain", nargs="?", metavar="DOMAIN", help="NetBird's host name")
    group = command.add_argument_group("integration")
    group.add_argument("--config", metavar="FILE", help="TOML or JSON file of these options")
    group.add_argument("--authentik-url", metavar="URL", help="default: AUTHENTIK_URL")
    for name, parameter in inspect.signature(NetbirdIntegration).parameters.items():
        if parameter.kind is not parameter.KEYWORD_ONLY:
            continue
        option = "--" + name.replace("_", "-")
        default = "none" if parameter.default is None else str(parameter.default)
        given: dict[str, Any] = {"dest": f"field_{name}", "default": argparse.SUPPRESS}
        if isinstance(parameter.default, bool):
            given["action"] = argparse.BooleanOptionalAction
        elif name == "extra_redirect_uris":
            option, given["action"] = "--extra-redirect-uri", "append"
            given["metavar"] = "strict:URL|regex:PATTERN"
        elif name in _CHOICES:
            given["choices"] = list(_CHOICES[name])
        else:
            given["metavar"] = "TEXT"
        group.add_argument(option, help=f"default: {default}", **given)
