"""Colour, for terminals only.

Each stream is judged for itself; `--no-color`, `NO_COLOR` and `CLICOLOR_FORCE` count more.
"""

import os
from typing import Any, TextIO

from .options import spelled

Style = dict[str, Any]
"""A colour and attributes, as `click.style` takes them."""
PLAIN: Style = {}
HEADLINE: Style = {"bold": True}
FAINT: Style = {"dim": True}
GOOD: Style = {"fg": "green"}
BAD: Style = {"fg": "red", "bold": True}
WARNING: Style = {"fg": "yellow", "bold": True}
_off = False


def turn_off(off: bool) -> None:
    """Turns all colour off, or on again: `--no-color`."""
    global _off
    _off = off


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a person sits at the other end."""
    return stream is not None and stream.isatty()


def painted(text: str, style: Style, stream: TextIO) -> str:
    """A text in its colour, where the stream has any."""
    text = printable(spelled(text))
    if style == PLAIN or not text or not has_colour(stream):
        return text
    import click

    return click.style(text, **style)


def printable(text: str) -> str:
    """A text without control characters, whatever its source."""
    return "".join(c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in text)


def has_colour(stream: TextIO | None) -> bool:
    """Whether colour is shown on a stream."""
    if _off or os.environ.get("NO_COLOR"):
        return False
    if any(
        os.environ.get(name, "0") not in ("", "0") for name in ("CLICOLOR_FORCE", "FORCE_COLOR")
    ):
        return True
    if os.environ.get("CLICOLOR") == "0" or os.environ.get("TERM") == "dumb":
        return False
    return is_terminal(stream)
