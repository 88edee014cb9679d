"""`AsyncClient`: the same as `Client`, for asyncio."""

from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING

from ._native import AsyncConnection

if TYPE_CHECKING:
    from typing_extensions import Self

    from ._native import (
        ConnectionOptions,
        DesiredState,
        Event,
        NetbirdIntegration,
        Outcome,
        Outputs,
        Plan,
        Secret,
        Snapshot,
        Verification,
    )
    from .enums import AppPasswordExpiry

_Listener = Callable[["Event"], object]


class AsyncClient:
    """A connection to one authentik, with a token, for asyncio.

    It belongs to the event loop in which it is first used. Any number of tasks may share it; all
    clients of a process share two threads. Cancelling a task cancels its work: nothing more is
    sent, a write that is on its way is not cut off, and the next run completes what is missing.

    Args:
        authentik_url: authentik's base URL (`https`, or `http` to loopback).
        token: API token of an administrator. Surrounding white space is dropped.
        options: How to connect. Default: `ConnectionOptions()`.

    Raises:
        InvalidClientError: Everything that is wrong, at once.

    >>> import asyncio
    >>> from authentik_netbird import AsyncClient, NetbirdIntegration
    >>> from authentik_netbird.testing import AuthentikSimulator
    >>> async def main(url, token):
    ...     integration = NetbirdIntegration(url, "netbird.company")
    ...     async with AsyncClient(url, token=token) as client:
    ...         plan = await client.plan(integration)
    ...         outcome = await client.apply(plan)
    ...     print(outcome.report.changed, "written")
    >>> with AuthentikSimulator() as authentik:
    ...     asyncio.run(main(authentik.url, authentik.token))
    6 written
    """

    __slots__ = ("_connection",)

    def __init__(
        self,
        authentik_url: str,
        *,
        token: "str | Secret",
        options: "ConnectionOptions | None" = None,
    ) -> None:
        self._connection = AsyncConnection(authentik_url, token=token, options=options)

    @property
    def url(self) -> str:
        """Authentik's base URL; its path ends in a slash."""
        return self._connection.url

    @property
    def closed(self) -> bool:
        """Whether it was closed."""
        return self._connection.closed

    async def plan(self, integration: "NetbirdIntegration") -> "Plan":
        """Observes and plans. Nothing is written. As `Client.plan`."""
        return await self._connection.plan(integration)

    async def apply(self, plan: "Plan", *, on_event: _Listener | None = None) -> "Outcome":
        """Carries a plan out. As `Client.apply`.

        `on_event` is called in the event loop. What it raises cancels the work and is raised here.
        """
        if on_event is None:
            return await self._connection.apply(plan, None)
        raised: list[BaseException] = []

        def deliver(event: "Event") -> None:
            if raised:
                return
            try:
                on_event(event)
            except BaseException as error:
                raised.append(error)
                future.cancel()

        future = self._connection.apply(plan, deliver)
        try:
            return await future
        finally:
            if raised:
                raise raised[0]

    async def outputs(self, integration: "NetbirdIntegration") -> "Outputs":
        """What NetBird needs, from a server that is set up. As `Client.outputs`."""
        return await self._connection.outputs(integration)

    async def verify(self, integration: "NetbirdIntegration", outputs: "Outputs") -> "Verification":
        """Asks authentik what NetBird will ask with these outputs. As `Client.verify`."""
        return await self._connection.verify(integration, outputs)

    async def plan_teardown(self, integration: "NetbirdIntegration") -> "Plan":
        """Plans the removal of what an integration made. As `Client.plan_teardown`."""
        return await self._connection.plan_teardown(integration)

    async def rotate(
        self, integration: "NetbirdIntegration", *, expiry: "AppPasswordExpiry | str" = "keep"
    ) -> "Outputs":
        """Gives the service account's app password a new value. As `Client.rotate`."""
        return await self._connection.rotate(integration, expiry)

    async def observe(self, desired: "DesiredState") -> "Snapshot":
        """Reads what the server has, as far as it concerns `desired`. As `Client.observe`."""
        return await self._connection.observe(desired)

    async def close(self) -> None:
        """Closes it. Calls under way are completed; later ones raise `ClientClosedError`."""
        self._connection.close()

    async def __aenter__(self) -> "Self":
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None = None,
        exc_value: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        self._connection.close()

    def __repr__(self) -> str:
        return repr(self._connection).replace("AsyncConnection(", "AsyncClient(", 1)
