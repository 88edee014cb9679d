"""Which mode a NetBird is for, where nothing says so: NetBird is asked, if its address is known."""

import sys
from collections.abc import Callable, Sequence

from .._native import NetbirdIntegration, netbird_instance
from ..enums import Mode
from ..errors import AuthentikNetbirdError
from . import colour, screen
from .command import Arguments
from .config import Config
from .connection import Connection
from .problems import CommandError, SettingsError


class ModeUnknownError(CommandError):
    """NetBird could not be asked for its mode, and nothing else says it."""

    kind = "mode_unknown"


def found(connection: Connection, site: str | None) -> Mode:
    """The mode; why it is that is said where somebody reads it.

    Raises:
        ModeUnknownError: NetBird does not say.
    """
    prefix = "" if site is None else f"{site}: "
    url = connection.values.get("netbird_url")
    if url is None:
        # Of many sites in a file each would say so.
        if site is None and colour.is_terminal(sys.stderr):
            hint = "Set --mode, or NETBIRD_URL to have NetBird asked."
            screen.note(f"mode standalone, the default. {hint}", colour.FAINT)
        return Mode.STANDALONE
    try:
        with connection.naming():
            mode = netbird_instance(url, options=connection.options()).mode
    except AuthentikNetbirdError as error:
        raise ModeUnknownError(
            f"NetBird at {url} could not be asked for its mode: {error}\n"
            "  hint: With --mode, or mode in the configuration, it is not asked: connector for its "
            "embedded identity provider, else standalone."
        ) from error
    has = "has the" if mode is Mode.CONNECTOR else "has no"
    screen.note(f"{prefix}mode {mode}: {url} {has} embedded identity provider")
    return mode


def of_all(ask: Sequence[Callable[[], Mode | None]]) -> list[Mode | CommandError | None]:
    """Calls these at the same time, and returns what each returns or raises.

    A NetBird that hangs holds up no other.
    """
    import asyncio

    from .run import Runner, in_thread

    async def one(call: Callable[[], Mode | None]) -> Mode | CommandError | None:
        try:
            return await in_thread(call)
        except CommandError as error:
            return error

    async def together() -> list[Mode | CommandError | None]:
        return [*await asyncio.gather(*(one(call) for call in ask))]

    with Runner() as runner:
        return runner.run(together())


def is_connector(wanted: NetbirdIntegration) -> bool:
    """Whether authentik is to be a connector of NetBird's embedded identity provider."""
    return wanted.mode == "connector"


def check_has_file(arguments: Arguments, config: Config, wanted: NetbirdIntegration) -> None:
    """Raises if a file is given in a mode that writes none."""
    if is_connector(wanted):
        is_typed = getattr(arguments, "target", None) is not None
        origin = "--setup-env" if is_typed else f"{config.origin}: setup_env"
        raise SettingsError(
            f"{origin}: the mode connector has no setup.env. Leave it out: the identity provider "
            "is entered in NetBird itself, with --netbird-url and its token, or by hand."
        )


def check_no_netbird(arguments: Arguments, is_asked: bool, has_url: bool) -> None:
    """Raises for NetBird's token, and its URL if nobody needed it, in a mode without them."""
    names = ["netbird_token_file", "netbird_token_command", *([] if is_asked else ["netbird_url"])]
    typed = [name for name in names if getattr(arguments, name, None) is not None]
    if typed:
        listed = ", ".join(f"--{name.replace('_', '-')}" for name in typed)
        hint = (
            ""
            if has_url or not is_asked
            else ", and NetBird is not asked for its mode, because its URL is missing. "
            "Use --netbird-url, or set NETBIRD_URL."
        )
        raise SettingsError(f"{listed}: only for --mode connector{hint}")
