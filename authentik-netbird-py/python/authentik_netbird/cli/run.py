"""Running what talks to servers: several sites at the same time, and Ctrl-C and SIGTERM."""

import asyncio
import signal
import socket
import sys
import threading
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from concurrent.futures import Future
from types import FrameType, TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

from ..errors import AuthentikNetbirdError
from . import screen
from .problems import CommandError
from .signals import Interrupted
from .site import FailedSite, Site

if TYPE_CHECKING:
    from typing_extensions import Self

_T = TypeVar("_T")


class Runner:
    """An event loop for one command. The first signal lets what is running come to an end, if that
    can be asked for; otherwise it stops it, and so does a second one.
    """

    def __enter__(self) -> "Self":
        self._loop = asyncio.new_event_loop()
        self._task: asyncio.Task[Any] | None = None
        self._stop: Callable[[], None] | None = None
        self._signal: int | None = None
        self._ends: tuple[socket.socket, ...] = ()
        self._woken_before = -1
        if sys.platform != "win32":  # there asyncio does it
            self._wake()
        self._before = {}
        for number in (signal.SIGINT, signal.SIGTERM):
            # A shell has background jobs ignore Ctrl-C.
            if signal.getsignal(number) is not signal.SIG_IGN:
                self._before[number] = signal.signal(number, self._on_signal)
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
        if self._ends:
            signal.set_wakeup_fd(self._woken_before)
        self._loop.close()
        for end in self._ends:
            end.close()

    def run(self, work: Coroutine[Any, Any, _T], stop: Callable[[], None] | None = None) -> _T:
        """Runs this to its end. At the first signal `stop` asks it to come to an end.

        Raises:
            Interrupted: A signal stopped it.
        """
        self._stop = stop
        self._task = self._loop.create_task(work)
        try:
            result: _T = self._loop.run_until_complete(self._task)
            return result
        except asyncio.CancelledError:
            raise Interrupted(self._signal or signal.SIGINT) from None
        finally:
            self._task = self._stop = None

    def each(
        self,
        sites: Sequence[Site | FailedSite],
        work: Callable[[Site], Awaitable[_T]],
        stop: Callable[[], None] | None = None,
    ) -> list[tuple[Site, _T] | FailedSite]:
        """Does this for each site, all at the same time. A failure of one stops no other; the
        failure of a single one is raised.
        """

        async def one(site: Site | FailedSite) -> tuple[Site, _T] | FailedSite:
            if isinstance(site, FailedSite):
                return site
            try:
                return site, await work(site)
            except (AuthentikNetbirdError, CommandError) as error:
                if len(sites) == 1:
                    raise
                return FailedSite(site.name, error)

        async def together() -> list[tuple[Site, _T] | FailedSite]:
            return [*await asyncio.gather(*(one(site) for site in sites))]

        return self.run(together(), stop)

    def interrupted(self) -> int | None:
        """The signal that was received, if any."""
        return self._signal

    def _wake(self) -> None:
        """Has a signal end the loop's wait. Python's handler runs only between two instructions of
        the main thread: a signal just before the wait, or one that another thread got, would be
        noticed when a server has answered.
        """
        self._ends = receiver, sender = socket.socketpair()
        receiver.setblocking(False)
        sender.setblocking(False)
        self._loop.add_reader(receiver, receiver.recv, 4096)
        number = sender.fileno()
        self._woken_before = signal.set_wakeup_fd(number, warn_on_full_buffer=False)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        if self._task is None:
            raise Interrupted(number)
        self._signal = number
        stop, self._stop = self._stop, None
        # Not here: the handler may have interrupted a write to the terminal.
        self._loop.call_soon_threadsafe(self._task.cancel if stop is None else stop)


async def in_thread(call: Callable[[], _T]) -> _T:
    """The result of a call that may hang. Unlike asyncio's threads this one is not waited for at
    the end of the process.
    """
    future: Future[_T] = Future()
    future.set_running_or_notify_cancel()

    def run() -> None:
        try:
            future.set_result(call())
        except Exception as error:
            future.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    return await asyncio.wrap_future(future)


async def closed(sites: Sequence[Site | FailedSite]) -> None:
    """Closes the connections."""
    for site in sites:
        if isinstance(site, Site):
            await site.client.close()


def reading(sites: Sequence[Site | FailedSite]) -> None:
    """Shows which servers it waits for."""
    clients = [site.client for site in sites if isinstance(site, Site)]
    urls = [url for client in clients for url in (client.url, client.netbird_url)]
    for url in dict.fromkeys(filter(None, urls)):
        screen.reading(url)
