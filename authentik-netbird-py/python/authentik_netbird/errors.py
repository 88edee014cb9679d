"""Exceptions. All derive from `AuthentikNetbirdError`, most also from the built-in one that a
script would catch.

The message names the operation, the object, what the server said and what to do. Decide on the
class and the attributes, never on the text. No message and no attribute holds a secret.

>>> from authentik_netbird import InvalidIntegrationError, NetbirdIntegration
>>> try:
...     NetbirdIntegration("htp://authentik", "netbird company")
... except InvalidIntegrationError as error:
...     print([issue.field for issue in error.issues])
['authentik_url', 'domain']
>>> issubclass(InvalidIntegrationError, ValueError)
True
"""

from typing import TYPE_CHECKING, ClassVar

from .enums import ErrorKind

if TYPE_CHECKING:
    from ._native import ApplyReport, Blocker, Issue, Resource, Verification


class AuthentikNetbirdError(Exception):
    """The base class of this package's exceptions.

    `str(error)` is the whole chain: what failed, why, and what to do where that is known.
    """

    kind: ClassVar[ErrorKind | None] = None
    """The core's kind of error; `None` for exceptions that only Python has."""
    action: str | None = None
    """The action on `resource`, such as `"read"` or `"create"`."""
    server: str | None = None
    """The server that it is about: scheme, host and port."""
    resource: "Resource | None" = None
    """The resource concerned."""
    status: int | None = None
    """HTTP status of the response, if one came."""
    hint: str | None = None
    """A remedy, where one is known. It is at the end of the message, too."""
    issues: "tuple[Issue, ...]" = ()
    """Every problem with what was given, each with its field."""
    blockers: "tuple[Blocker, ...]" = ()
    """Every reason why there is no plan."""
    missing_permissions: tuple[str, ...] = ()
    """Permissions that the token's user is missing, where they are known beforehand."""
    differences: tuple[str, ...] = ()
    """The changes on the server since a stale plan was made."""
    report: "ApplyReport | None" = None
    """The operations that were applied, failed or were skipped when an apply was not completed."""
    verification: "Verification | None" = None
    """Every check, when one of a verification failed."""
    is_permission_denied: bool = False
    """Whether the token is wrong or may not do this, also when an apply failed on it half-way."""
    is_retryable: bool = False
    """Whether the same call may succeed later without anyone changing anything."""

    def __init_subclass__(cls, kind: ErrorKind | None = None) -> None:
        if kind is not None:
            cls.kind = kind

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""


class InvalidIntegrationError(
    AuthentikNetbirdError, ValueError, kind=ErrorKind.INVALID_INTEGRATION
):
    """The integration is invalid; `issues` has every problem at once."""


class InvalidClientError(AuthentikNetbirdError, ValueError, kind=ErrorKind.INVALID_CLIENT):
    """The client's settings are invalid; `issues` has every problem at once."""


class InvalidOutputsError(AuthentikNetbirdError, ValueError, kind=ErrorKind.INVALID_OUTPUTS):
    """NetBird's files cannot hold a value, or an existing file cannot be merged; see `issues`.

    Nothing was written.
    """


class FileError(AuthentikNetbirdError, OSError, kind=ErrorKind.FILE):
    """A file that cannot be read or written; `filename` and `errno` are as in any `OSError`."""


class MissingError(AuthentikNetbirdError, LookupError, kind=ErrorKind.MISSING):
    """A required resource is missing on authentik: a signing key, a flow, a mapping."""


class AmbiguousError(AuthentikNetbirdError, LookupError, kind=ErrorKind.AMBIGUOUS):
    """More than one object matches, and nothing is guessed."""


class ConflictError(AuthentikNetbirdError, RuntimeError, kind=ErrorKind.CONFLICT):
    """An existing object belongs to something else. Nothing was written."""


class UnsupportedVersionError(
    AuthentikNetbirdError, RuntimeError, kind=ErrorKind.UNSUPPORTED_VERSION
):
    """The server is older than the oldest release supported."""


class TransportError(AuthentikNetbirdError, ConnectionError, kind=ErrorKind.TRANSPORT):
    """No response came: name not found, connection refused or broken, certificate not trusted."""


class AuthentikTimeoutError(AuthentikNetbirdError, TimeoutError, kind=ErrorKind.TIMEOUT):
    """No response came in time."""


class PermissionDeniedError(
    AuthentikNetbirdError, PermissionError, kind=ErrorKind.PERMISSION_DENIED
):
    """The server says that the token is wrong or may not do this."""


class ApiError(AuthentikNetbirdError, RuntimeError, kind=ErrorKind.API):
    """The server refused for another reason; `status` says which."""


class UnexpectedResponseError(
    AuthentikNetbirdError, RuntimeError, kind=ErrorKind.UNEXPECTED_RESPONSE
):
    """A response that authentik's API does not send: a login page, a proxy's error, a redirect."""


class DecodeError(AuthentikNetbirdError, ValueError, kind=ErrorKind.DECODE):
    """JSON that cannot be read."""


class StalePlanError(AuthentikNetbirdError, RuntimeError, kind=ErrorKind.STALE_PLAN):
    """The server changed since the plan was made; see `differences`. Nothing was written."""


class InvalidPlanError(AuthentikNetbirdError, ValueError, kind=ErrorKind.INVALID_PLAN):
    """A plan that cannot be applied: offline, of another server, cut, edited, of a newer format."""


class PartialApplyError(AuthentikNetbirdError, RuntimeError, kind=ErrorKind.PARTIAL_APPLY):
    """Some operations were applied, and some failed; see `report`. Running again finishes the job.

    `__cause__` is the first failure, as an exception of its class.
    """


class StoppedError(AuthentikNetbirdError, RuntimeError, kind=ErrorKind.STOPPED):
    """`Client.stop` ended an apply; it is the cause of a `PartialApplyError`."""


class VerificationError(AuthentikNetbirdError, RuntimeError, kind=ErrorKind.VERIFICATION):
    """A check of a verification failed; the message has each failed one with its hint."""


class ClientClosedError(AuthentikNetbirdError, RuntimeError):
    """The client, or the simulator, was closed."""


class EventLoopError(AuthentikNetbirdError, RuntimeError):
    """An `AsyncClient` was used outside of the event loop that it belongs to."""


class InternalError(AuthentikNetbirdError, RuntimeError):
    """A mistake in this package. The server may be changed in part; running again is safe."""
