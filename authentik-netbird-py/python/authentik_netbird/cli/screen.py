"""Writing to a screen, in colour where it is one. Progress and failures go to standard error."""

import sys
from typing import Optional

from termcolor import colored

from .._native import Event, Plan
from ..enums import EventKind

_STYLES = {"+": "green", "~": "yellow", "!": "yellow"}


def line(text: str = "", colour: Optional[str] = None, bold: bool = False) -> None:
    """A line on standard output; termcolor drops the colour where it is no terminal."""
    print(colored(text, colour, attrs=["bold"] if bold else None))


def plan(plan: Plan, to_stderr: bool = False) -> None:
    """A plan, each operation in the colour of what it does."""
    for text in str(plan).splitlines():
        if to_stderr:
            progress(text)
        else:
            line(text, _STYLES.get(text[:1]), bold=text[:1] in ("+", "~"))


def event(event: Event) -> None:
    """What happens while a plan is applied, a line for each."""
    if event.kind is not EventKind.STARTED:
        progress(str(event))


def progress(text: str) -> None:
    """A line on standard error."""
    print(text, file=sys.stderr, flush=True)


def failure(text: str) -> None:
    """The last thing that a program says."""
    progress(f"error: {text}")
