"""The table at the end of a command that worked on every site."""

import re
import shutil
import sys
from collections import Counter
from collections.abc import Iterable
from typing import Any

from . import colour, screen
from .documents import Document
from .options import spelled

_STYLES = {
    "ok": "green",
    "drift": "yellow",
    "incomplete": "yellow",
    "failed": "red",
    "down": "red",
    "error": "red",
}


def show(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    """A table of sites: each row begins with a site and its status."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    listed = [(site, status, *map(spelled, cells)) for site, status, *cells in rows]
    columns = [
        max(len(colour.printable(cell)) for cell in cells)
        for cells in zip(heads, *listed, strict=True)
    ]
    # The last column is folded on a terminal. In a file or a pipe nothing is, nor where the others
    # have no place.
    needed = sum(columns[:-1]) + 2 * len(columns) + min(columns[-1], 20)
    is_folded = colour.is_terminal(sys.stdout) and shutil.get_terminal_size().columns >= needed
    width = None if is_folded else 1_000
    console = Console(
        file=sys.stdout,
        force_terminal=colour.has_colour(sys.stdout),
        no_color=not colour.has_colour(sys.stdout),
        highlight=False,
        width=width,
    )
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for head in heads:
        table.add_column(head, overflow="fold")
    for site, status, *cells in listed:
        shown = [Text(colour.printable(cell)) for cell in (site, *cells)]
        shown.insert(1, Text(status, _STYLES.get(status, "")))
        table.add_row(*shown)
    with console.capture() as captured:
        console.print(table)
    # Without the spaces at the ends of lines.
    screen.document("\n" + re.sub(r" +((\x1b\[\d*m)*)$", r"\1", captured.get(), flags=re.MULTILINE))


def details(result: Document | None, error: Document | None) -> str:
    """The result of a site, in a few words."""
    if error is not None:
        return str(error["message"]).splitlines()[0]
    result = result or {}
    if "checks" in result:
        return _checks(result["checks"])
    if "summary" in result:
        return _changes(result)
    if "changed" in result:
        return f"{result['changed']} applied" if result["changed"] else "up to date"
    return ""


def _checks(checks: Any) -> str:
    counts = Counter(check["status"] for check in checks)
    words = {"fail": "failed", "warn": "with a warning", "unknown": "unknown", "pass": "passed"}
    return ", ".join(f"{counts[status]} {word}" for status, word in words.items() if counts[status])


def _changes(result: Document) -> str:
    if not result["has_changes"]:
        return "no changes"
    words = {"create": "to create", "update": "to change", "delete": "to delete"}
    summary = result["summary"]
    return ", ".join(f"{summary[name]} {word}" for name, word in words.items() if summary[name])
