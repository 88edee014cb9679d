"""Ctrl-C and SIGTERM."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .._native import ApplyReport


class Interrupted(BaseException):
    """A signal asked the command to stop. The text says what is left to do."""

    def __init__(self, number: int, text: str = "", report: "ApplyReport | None" = None) -> None:
        super().__init__(text)
        self.number = number
        self.report = report
        """The report of what was applied before."""

    @property
    def exit_code(self) -> int:
        """As shells have it: 130 after Ctrl-C, 143 after SIGTERM."""
        return 128 + self.number


@contextmanager
def saying(text: str) -> Iterator[None]:
    """Makes a signal end the command with this text, unless there is a better one."""
    try:
        yield
    except Interrupted as interrupt:
        raise Interrupted(interrupt.number, str(interrupt) or text, interrupt.report) from None


def prepare() -> None:
    """Makes both signals exceptions, unless the parent process ignores them."""
    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, _raise)
        except ValueError:  # not the main thread
            return


def ignore() -> None:
    """Ignores both from now on: the command is about to end, and another would be a traceback."""
    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            signal.signal(number, signal.SIG_IGN)
        except ValueError:
            return


def _raise(number: int, frame: FrameType | None) -> None:
    raise Interrupted(number)
