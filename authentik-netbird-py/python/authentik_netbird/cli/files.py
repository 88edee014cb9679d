"""Files that the command reads."""

import os
import stat
import sys
from collections.abc import Callable
from typing import Any

from .problems import SettingsError

#: What came of standard input, of a terminal or of a pipe: it comes once, and every site needs it.
_READ: dict[str, str] = {}
_TAKEN: set[str] = set()


def read(path: str, *, exact: bool = False) -> str:
    """Text of a file; `-` is standard input. Only if exact with its byte order mark."""
    encoding = "utf-8" if exact else "utf-8-sig"
    name = "standard input" if path == "-" else shown(path)
    try:
        if path != "-":
            with open(path, "rb") as file:
                return file.read().decode(encoding)
        if sys.stdin is None:
            raise SettingsError("cannot read standard input: it is closed")
        if path in _TAKEN:
            raise SettingsError(
                "standard input cannot supply two things. Use a file for one of them."
            )
        _TAKEN.add(path)
        return sys.stdin.buffer.read().decode(encoding)
    except UnicodeDecodeError:
        raise SettingsError(f"cannot read {name}: not valid UTF-8") from None
    except OSError as error:
        raise SettingsError(f"cannot read {name}: {error.strerror}") from None


def forget() -> None:
    """Has the next command of this process read for itself."""
    _READ.clear()
    _TAKEN.clear()


def once(path: str, reading: Callable[[str], str] = read) -> str:
    """The same text each time, read by the first call."""
    if path not in _READ:
        _READ[path] = reading(path)
    return _READ[path]


def options(path: str) -> dict[str, Any]:
    """Options from a TOML or JSON file; `-` is standard input, in either form."""
    if path != "-" and not path.endswith((".toml", ".json")):
        raise SettingsError(f"cannot read {shown(path)}: its name must end in .toml or .json")
    text = read(path)
    is_json = path.endswith(".json") or (path == "-" and text.lstrip()[:1] in ("{", "["))
    try:
        found = _json(text) if is_json else _toml(text)
    except RecursionError:
        raise SettingsError(f"{path}: nested too deeply") from None
    except ValueError as error:
        raise SettingsError(f"{path}: {error}") from None
    if not isinstance(found, dict):
        raise SettingsError(
            f'{path}: expected options by name, such as {{"domain": "netbird.company"}}'
        )
    return found


def _toml(text: str) -> Any:
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib

    return _with_texts(tomllib.loads(text))


def _with_texts(found: dict[str, Any]) -> dict[str, Any]:
    """With times as texts: TOML has its own, and `app_password_expires` invites to write one."""
    from datetime import date, datetime, time, timezone

    for name, value in found.items():
        if isinstance(value, datetime) and value.tzinfo:
            found[name] = value.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        elif isinstance(value, (date, time)):
            found[name] = str(value)
        elif isinstance(value, dict):
            found[name] = _with_texts(value)
    return found


def _json(text: str) -> Any:
    import json

    def refuse(constant: str) -> None:
        raise ValueError(f"{constant} is not valid JSON")

    return json.loads(text, parse_constant=refuse)


def shown(path: str) -> str:
    """A path for a message."""
    return path or '""'


def is_world_readable(path: str) -> bool:
    """Whether everyone may read a file; not so for a pipe, or where there is no such file."""
    try:
        mode = os.stat(path).st_mode
    except OSError:
        return False
    return os.name == "posix" and stat.S_ISREG(mode) and bool(mode & stat.S_IROTH)
