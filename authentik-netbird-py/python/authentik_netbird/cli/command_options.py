"""The options of each command."""

import math
from argparse import SUPPRESS, ArgumentParser, ArgumentTypeError

from .. import enums
from . import options
from .targets import Writes


def plan(command: ArgumentParser) -> None:
    """Options of `plan`."""
    _json(command)
    command.add_argument(
        "--out", dest="target", metavar="FILE", help="also write the plan there, for apply --plan"
    )
    command.set_defaults(writes=Writes.OPENED)
    _server(command)
    _integration(command)


def apply(command: ArgumentParser) -> None:
    """Options of `apply`."""
    command.add_argument("-y", "--yes", action="store_true", help="do not ask")
    _json(command)
    command.add_argument(
        "--env",
        dest="target",
        metavar="FILE",
        help="then write NetBird's setup.env there; what else is in the file stays",
    )
    command.add_argument(
        "--plan",
        metavar="FILE",
        help="carry out this plan, of plan --out, unless authentik has changed since",
    )
    command.set_defaults(writes=Writes.MERGED)
    _server(command)
    _integration(command)


def env(command: ArgumentParser) -> None:
    """Options of `env`."""
    command.add_argument(
        "--output",
        dest="target",
        metavar="FILE",
        help="write it there, mode 0600; a setup.env that is there keeps its other lines, "
        "other formats replace the file",
    )
    command.add_argument(
        "--format",
        choices=["setup-env", "compose", "json"],
        default="setup-env",
        help="for NetBird's configure.sh (the default), for docker compose's env_file, or JSON",
    )
    _show_secrets(command)
    command.set_defaults(writes=Writes.MERGED)
    _server(command)
    _integration(command)


def verify(command: ArgumentParser) -> None:
    """Options of `verify`."""
    _json(command)
    command.add_argument(
        "--env",
        dest="setup_env",
        metavar="FILE",
        help="verify what this setup.env says, also one that was written by hand; needs no token. "
        "What only an administrator can see is skipped",
    )
    command.set_defaults(target=None, writes=None)
    _server(command)
    _integration(command)


def rotate(command: ArgumentParser) -> None:
    """Options of `rotate`."""
    command.add_argument("-y", "--yes", action="store_true", help="do not ask")
    _json(command)
    command.add_argument(
        "--env",
        dest="target",
        metavar="FILE",
        help="then write NetBird's setup.env there; what else is in the file stays",
    )
    command.add_argument(
        "--never-expires",
        action="store_true",
        help="take the password's expiry away, too; authentik sets no other one on a password that "
        "is there. Default: it is kept",
    )
    command.set_defaults(writes=Writes.MERGED)
    _server(command)
    _integration(command)


def destroy(command: ArgumentParser) -> None:
    """Options of `destroy`."""
    command.add_argument("-y", "--yes", action="store_true", help="do not ask")
    _json(command)
    command.set_defaults(target=None, writes=None)
    _server(command)
    _integration(command)


def operations(command: ArgumentParser) -> None:
    """Options of `operations`."""
    _json(command)
    _integration(command)
    command.add_argument("--authentik-url", metavar="URL", help=SUPPRESS)


def demo(command: ArgumentParser) -> None:
    """Options of `demo`."""
    releases = [str(release) for release in enums.Release]
    command.add_argument(
        "--release",
        choices=releases,
        default=releases[-1],
        help=f"which authentik to simulate. Default: {releases[-1]}",
    )
    _show_secrets(command)


def _json(command: ArgumentParser) -> None:
    command.add_argument("--json", action="store_true", help="write JSON to standard output")


def _show_secrets(command: ArgumentParser) -> None:
    command.add_argument("--show-secrets", action="store_true", help="show the password, too")


def _integration(command: ArgumentParser) -> None:
    command.add_argument("domain", nargs="?", metavar="DOMAIN", help=options.text("domain"))
    options.add(command)


def _server(command: ArgumentParser) -> None:
    group = command.add_argument_group("authentik")
    url = f"{options.text('authentik_url')}. Default: AUTHENTIK_URL"
    group.add_argument("--authentik-url", metavar="URL", help=url)
    group.add_argument(
        "--token-file",
        metavar="FILE",
        help="file with the API token of an administrator; - is standard input. "
        "Default: AUTHENTIK_TOKEN",
    )
    group.add_argument(
        "--ca-file", metavar="FILE", help="certificates of a private authority, PEM. Default: none"
    )
    group.add_argument(
        "--timeout",
        type=_seconds,
        default=30.0,
        metavar="SECONDS",
        help="longest wait for one answer. Default: 30",
    )


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if 0 < seconds < math.inf:
        return seconds
    raise ArgumentTypeError("expected a number of seconds above 0")
