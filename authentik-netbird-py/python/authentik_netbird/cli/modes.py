"""Which mode a NetBird is for, where nothing says so: NetBird is asked, if its address is known."""

import sys

from .._native import netbird_instance
from ..enums import Mode
from ..errors import AuthentikNetbirdError
from . import colour, screen
from .connection import Connection
from .problems import SettingsError


def found(connection: Connection, site: str | None) -> Mode:
    """The mode; why it is that is said where somebody reads it.

    Raises:
        SettingsError: NetBird does not say.
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
        raise SettingsError(
            f"--mode: missing, and NetBird does not say which it is. Use --mode connector for its "
            f"embedded identity provider, else --mode standalone.\n  {error}"
        ) from None
    has = "has the" if mode is Mode.CONNECTOR else "has no"
    screen.note(f"{prefix}mode {mode}: {url} {has} embedded identity provider")
    return mode
