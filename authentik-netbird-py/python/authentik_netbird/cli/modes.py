"""Which mode a NetBird is for, where nothing says so: NetBird is asked, if its address is known."""

import sys
from collections.abc import Callable, Sequence

from .._native import netbird_instance
from ..enums import Mode
from ..errors import AuthentikNetbirdError
from . import colour, screen
from .connection import Connection
from .problems import CommandError


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
    """What these return or raise, all at the same time: a NetBird that hangs holds up no other."""
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
