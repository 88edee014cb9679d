"""Whether a file can be written, asked before anything is done."""

import enum
import os
import stat
from typing import TextIO

from .._native import NetbirdIntegration, Outputs
from ..errors import InvalidOutputsError
from .files import read, shown
from .problems import FileNotWrittenError, SettingsError


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
    if writes is Writes.MERGED and wanted and wanted.mode == "standalone" and os.path.exists(path):
        _check_merge(path, wanted)


def _problem(path: str, writes: Writes) -> str | None:
    if path in ("", "-"):
        return "expected the name of a file"
    if os.path.isdir(path):
        return "is a directory"
    folder = os.path.dirname(os.path.realpath(path))
    if not os.path.isdir(folder):
        return f"the directory {folder} does not exist"
    if os.path.islink(path) and not _is_trusted(os.lstat(path), os.path.dirname(path) or "."):
        return "a symbolic link of another user"
    is_there = os.path.exists(path)
    if writes is Writes.OPENED:
        writable = os.access(path, os.W_OK) if is_there else os.access(folder, os.W_OK | os.X_OK)
        return None if writable else "permission denied"
    if is_there and not os.path.isfile(path):
        return "not a regular file"
    if is_there and not _is_trusted(os.stat(path), folder):
        return "a file of another user"
    if is_there and not os.stat(path).st_mode & 0o222:
        return "write-protected"
    if not os.access(folder, os.W_OK | os.X_OK):
        return f"permission denied: cannot create files in {folder}"
    return None


def _is_trusted(found: os.stat_result, folder: str) -> bool:
    """Whether nobody else put this there to get what is written, as the core decides, too."""
    if not hasattr(os, "geteuid"):
        return True
    there = os.stat(folder)
    if stat.S_ISLNK(found.st_mode) and there.st_mode & 0o1002 == 0o002:
        return False
    is_owners = found.st_uid == there.st_uid and not there.st_mode & 0o002
    return is_owners or found.st_uid in (0, os.geteuid())


def opened(path: str) -> TextIO:
    """The file of a plan, which may be a pipe. A link that came after the check is not followed."""
    no_link = 0 if os.path.islink(path) else getattr(os, "O_NOFOLLOW", 0)

    def opener(name: str, flags: int) -> int:
        return os.open(name, flags | no_link, 0o600)

    return open(path, "w", encoding="utf-8", newline="\n", opener=opener)


def write(path: str, text: str, mode: int = 0o600) -> None:
    """Puts a file in the place of another one; by default one with secrets."""
    try:
        _replace(path, text, mode)
    except OSError as error:
        raise FileNotWrittenError(f"cannot write {path}: {error.strerror}") from None


def _replace(path: str, text: str, mode: int) -> None:
    import tempfile

    real = os.path.realpath(path)
    descriptor, name = tempfile.mkstemp(prefix=".", suffix=".tmp", dir=os.path.dirname(real))
    try:
        with open(descriptor, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            if mode != 0o600:
                os.chmod(name, mode)
            os.fsync(descriptor)
        os.replace(name, real)
    except BaseException:
        os.unlink(name)
        raise


def _check_merge(path: str, wanted: NetbirdIntegration) -> None:
    """Merges NetBird's variables with placeholder values, and discards the result."""
    outputs = Outputs.of(wanted, wanted.client_id or "any", app_password="any")
    try:
        outputs.netbird_env().merge_into(read(path))
    except InvalidOutputsError as error:
        # The core calls every such file setup.env.
        issues = (str(issue).removeprefix("setup.env ") for issue in error.issues)
        raise SettingsError(*(f"{path}: {issue}" for issue in issues)) from None
