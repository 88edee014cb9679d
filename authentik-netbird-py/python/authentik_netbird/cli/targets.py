"""Whether a file can be written, asked before anything is done."""

import enum
import os

from .._native import NetbirdIntegration, Outputs
from ..errors import InvalidOutputsError
from .files import read, shown
from .problems import SettingsError


class Writes(enum.Enum):
    """How a command writes its file."""

    OPENED = "opened"
    """It is opened and written: a plan."""
    REPLACED = "replaced"
    """A new file takes its place."""
    MERGED = "merged"
    """A new file takes its place, with what the old one has: `setup.env`."""


def check(path: str, wanted: NetbirdIntegration | None, writes: Writes) -> None:
    """Raises unless the file can be written, as far as that can be seen without doing it."""
    problem = _problem(path, writes)
    if problem:
        raise SettingsError(f"cannot write {shown(path)}: {problem}")
    if writes is Writes.MERGED and wanted and os.path.exists(path):
        _check_merge(path, wanted)


def _problem(path: str, writes: Writes) -> str | None:
    if path in ("", "-"):
        return "expected the name of a file"
    if os.path.isdir(path):
        return "is a directory"
    folder = os.path.dirname(os.path.realpath(path))
    if not os.path.isdir(folder):
        return f"the directory {folder} does not exist"
    is_there = os.path.exists(path)
    if writes is Writes.OPENED:
        writable = os.access(path, os.W_OK) if is_there else os.access(folder, os.W_OK | os.X_OK)
        return None if writable else "permission denied"
    if is_there and not os.path.isfile(path):
        return "not a regular file"
    if is_there and not os.stat(path).st_mode & 0o222:
        return "write-protected"
    if not os.access(folder, os.W_OK | os.X_OK):
        return f"permission denied: cannot create files in {folder}"
    return None


def _check_merge(path: str, wanted: NetbirdIntegration) -> None:
    """Merges NetBird's variables with values of no meaning, and drops the result."""
    outputs = Outputs.of(wanted, wanted.client_id or "any", app_password="any")
    try:
        outputs.netbird_env().merge_into(read(path))
    except InvalidOutputsError as error:
        # The core calls every such file setup.env.
        issues = (str(issue).removeprefix("setup.env ") for issue in error.issues)
        raise SettingsError(*(f"{path}: {issue}" for issue in issues)) from None
