"""The progress of applied plans: live on a terminal, a line for each event elsewhere."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TextIO

from .._native import ApplyEvent
from ..enums import ApplyEventKind
from . import colour, screen

if TYPE_CHECKING:
    from typing_extensions import Self

_STYLES = {
    ApplyEventKind.REFRESHING: colour.FAINT,
    ApplyEventKind.APPLIED: colour.GOOD,
    ApplyEventKind.FAILED: colour.BAD,
}
Listener = Callable[[ApplyEvent], None]


@contextmanager
def shown(to: TextIO | None = None) -> Iterator[Listener]:
    """Shows what happens meanwhile; the listener is for one site."""
    with shown_for_sites(to) as listener:
        yield listener("")


@contextmanager
def shown_for_sites(to: TextIO | None = None) -> Iterator[Callable[[str], Listener]]:
    """The same for several sites: gives what makes a listener, from a site's name."""
    stream = sys.stderr if to is None else to
    if screen.Mode.is_quiet:
        yield lambda site: lambda event: None
    elif colour.is_terminal(stream):
        with _Live(stream) as live:
            yield live.listener
    else:
        yield lambda site: lambda event: _line(event, site, stream)


def _line(event: ApplyEvent, site: str, stream: TextIO) -> None:
    style = _STYLES.get(event.kind)
    if style is not None:
        text = f"{site}: {event}" if site else str(event)
        screen.line(text, style, stream)


class _Live:
    """The operations that are being applied with how long each takes so far, below those that
    were applied.
    """

    def __init__(self, stream: TextIO) -> None:
        from rich.console import Console
        from rich.live import Live

        self._stream = stream
        self._started: dict[tuple[str, str], float] = {}
        self._names: dict[tuple[str, str], str] = {}
        no_color = not colour.has_colour(stream)
        console = Console(
            file=stream, no_color=no_color, highlight=False, markup=False, emoji=False
        )
        self._live = Live(
            console=console,
            transient=True,
            get_renderable=self._rows,
            refresh_per_second=8,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        self._console = console

    def __enter__(self) -> "Self":
        self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._live.stop()

    def listener(self, site: str) -> Listener:
        """The listener for the events of a site."""

        def listen(event: ApplyEvent) -> None:
            self._listen(site, event)

        return listen

    def _listen(self, site: str, event: ApplyEvent) -> None:
        if event.operation is not None:
            key = (site, event.operation.id)
            self._started[key] = time.monotonic()
            verb = event.operation.verb.value
            self._names[key] = f"{verb} {event.operation.resource}"
            return
        text = f"{site}: {event}" if site else str(event)
        if event.entry is not None:
            began = self._started.pop((site, event.entry.operation), time.monotonic())
            text += f" ({time.monotonic() - began:.1f} s)"
        style = _STYLES.get(event.kind, colour.PLAIN)
        from rich.text import Text

        # What has ended goes from the rows before it is printed above them.
        self._live.refresh()
        line = Text.from_ansi(colour.painted(text, style, self._stream))
        self._console.print(line, soft_wrap=True)

    def _rows(self) -> Any:
        from rich.table import Table
        from rich.text import Text

        rows = Table.grid(padding=(0, 1))
        now = time.monotonic()
        for (site, operation), began in [*self._started.items()]:
            title = colour.printable(self._names[site, operation])
            prefix = f"{site}: " if site else ""
            name = Text(f"{prefix}{title} …", no_wrap=True, overflow="ellipsis")
            rows.add_row(name, Text(f"{now - began:.0f} s", no_wrap=True))
        return rows
