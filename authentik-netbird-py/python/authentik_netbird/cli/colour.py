"""Colour, for terminals only.

Each stream is judged for itself; `NO_COLOR` and `FORCE_COLOR` count more.
"""

import os
from typing import TextIO

from .options import spelled

Style = tuple[str | None, tuple[str, ...]]
"""A colour and attributes, as termcolor calls them."""
PLAIN: Style = (None, ())
HEADLINE: Style = (None, ("bold",))
FAINT: Style = (None, ("dark",))
GOOD: Style = ("green", ())
BAD: Style = ("red", ("bold",))


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a person sits at the other end."""
    return stream is not None and stream.isatty()


def painted(text: str, style: Style, stream: TextIO) -> str:
    """A text in its colour, where the stream has any."""
    text = printable(spelled(text))
    if style == PLAIN or not text or not _has_colour(stream):
        return text
    from termcolor import colored

    return colored(text, style[0], attrs=style[1], force_color=True)


def printable(text: str) -> str:
    """A text without what could draw on a terminal, whoever it comes from."""
    return "".join(c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in text)


def _has_colour(stream: TextIO) -> bool:
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return os.environ.get("TERM") != "dumb" and is_terminal(stream)
