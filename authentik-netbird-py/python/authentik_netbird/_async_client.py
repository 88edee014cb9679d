"""`AsyncClient`: the same as `Client`, for asyncio."""

from collections.abc import Callable, Coroutine
from functools import wraps
from types import TracebackType
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from ._native import Client

if TYPE_CHECKING:
    from typing_extensions import Self

    from ._native import ApplyEvent, ConnectionOptions, Secret

_P = ParamSpec("_P")
_T = TypeVar("_T")


def _coroutine(
    method: Callable[Concatenate[Client, _P], _T],
) -> Callable[Concatenate["AsyncClient", _P], Coroutine[Any, Any, _T]]:
    """A method of `Client` as a coroutine. Of a client for asyncio it returns a future."""

    @wraps(method)
    async def call(self: "AsyncClient", /, *args: _P.args, **kwargs: _P.kwargs) -> _T:
        on_event: Any = kwargs.get("on_event")
        raised: list[BaseException] = []

        def deliver(event: "ApplyEvent") -> None:
            if raised:
                return
            try:
                on_event(event)
            except BaseException as error:
                raised.append(error)
                future.cancel()

        if callable(on_event):
            kwargs["on_event"] = deliver
        future: Any = method(self._client, *args, **kwargs)
        try:
            result: _T = await future
        finally:
            if raised:
                raise raised[0]
        return result

    call.__qualname__ = f"AsyncClient.{method.__name__}"
    return call


class AsyncClient:
    """A connection to one authentik, with a token, for asyncio.

    It belongs to the event loop in which it is first used. Any number of tasks may share it; all
    clients of a process share two threads. Cancelling a task cancels its work: nothing more is
    sent, a write that is on its way is not cut off, and the next run completes what is missing.

    Its arguments are those of `Client`, and so are its methods, as coroutines.

    >>> import asyncio
    >>> from authentik_netbird import AsyncClient, NetbirdIntegration
    >>> from authentik_netbird.testing import AuthentikSimulator
    >>> async def main(url, token):
    ...     integration = NetbirdIntegration(url, "netbird.company")
    ...     async with AsyncClient(url, token=token) as client:
    ...         plan = await client.plan(integration)
    ...         outcome = await client.apply(plan)
    ...     print(outcome.report.changed, "applied")
    >>> with AuthentikSimulator() as authentik:
    ...     asyncio.run(main(authentik.url, authentik.token))
    12 applied
    """

    __slots__ = ("_client",)

    def __init__(
        self,
        authentik_url: str,
        *,
        token: "str | Secret",
        netbird_url: str | None = None,
        netbird_token: "str | Secret | None" = None,
        options: "ConnectionOptions | None" = None,
    ) -> None:
        self._client = Client(
            authentik_url,
            token=token,
            netbird_url=netbird_url,
            netbird_token=netbird_token,
            options=options,
        )._for_asyncio()

    @classmethod
    def from_env(cls, *, options: "ConnectionOptions | None" = None) -> "Self":
        """A client of the authentik that the environment names, as `Client.from_env`.

        Raises:
            InvalidClientError: Everything that is wrong, at once; a variable that is not set, too.
        """
        client = cls.__new__(cls)
        client._client = Client.from_env(options=options)._for_asyncio()
        return client

    @property
    def url(self) -> str:
        """Authentik's base URL; its path ends in a slash."""
        return self._client.url

    @property
    def netbird_url(self) -> str | None:
        """NetBird's base URL; its path ends in a slash. `None`: authentik alone."""
        return self._client.netbird_url

    @property
    def closed(self) -> bool:
        """Whether it was closed."""
        return self._client.closed

    detect_mode = _coroutine(Client.detect_mode)
    plan = _coroutine(Client.plan)
    plan_teardown = _coroutine(Client.plan_teardown)
    export_terraform = _coroutine(Client.export_terraform)
    plan_rotate = _coroutine(Client.plan_rotate)
    with_authors = _coroutine(Client.with_authors)
    refresh = _coroutine(Client.refresh)
    apply = _coroutine(Client.apply)
    provision = _coroutine(Client.provision)
    provision_plan = _coroutine(Client.provision_plan)
    outputs = _coroutine(Client.outputs)
    verify = _coroutine(Client.verify)
    verify_settings = _coroutine(Client.verify_settings)
    netbird_settings = _coroutine(Client.netbird_settings)
    status = _coroutine(Client.status)

    def stop(self) -> None:
        """Asks every apply under way to end, as `Client.stop`."""
        self._client.stop()

    async def close(self) -> None:
        """Closes it. Calls under way are completed; later ones raise `ClientClosedError`."""
        self._client.close()

    async def __aenter__(self) -> "Self":
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None = None,
        exc_value: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        self._client.close()

    def __repr__(self) -> str:
        return repr(self._client)
