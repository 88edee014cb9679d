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
    """What can go wrong.

    `str(error)` is the whole chain: what failed, why, and what to do where that is known.
    """

    kind: ClassVar[ErrorKind | None] = None
    """The core's kind of error; `None` for those that only Python can meet."""
    action: str | None = None
    """What was being done to `resource`, such as `"read"` or `"create"`."""
    server: str | None = None
    """The server that it is about: scheme, host and port."""
    resource: "Resource | None" = None
    """What it is about."""
    status: int | None = None
    """HTTP status of the response, if one came."""
    hint: str | None = None
    """What to do, where that is known. It is at the end of the message, too."""
    issues: "tuple[Issue, ...]" = ()
    """Every problem with what was given, each with its field."""
    blockers: "tuple[Blocker, ...]" = ()
    """Every reason why there is no plan."""
    missing_permissions: tuple[str, ...] = ()
    """Permissions that the token's user is missing, where they are known beforehand."""
    differences: tuple[str, ...] = ()
    """What has changed on the server since a stale plan was made."""
    report: "ApplyReport | None" = None
    """What was done, what failed and what was not tried, when an apply was not completed."""
    verification: "Verification | None" = None
    """Every check, when one of a verification failed."""
    is_permission_denied: bool = False
    """Whether the token is wrong or may not do this, also when an apply failed on it half-way."""
    is_retryable: bool = False
    """Whether the same call may succeed later without anyone changing anything."""

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""


class InvalidIntegrationError(AuthentikNetbirdError, ValueError):
    """The integration is invalid; `issues` has every problem at once."""

    kind = ErrorKind.INVALID_INTEGRATION


class InvalidClientError(AuthentikNetbirdError, ValueError):
    """The client's settings are invalid; `issues` has every problem at once."""

    kind = ErrorKind.INVALID_CLIENT


class InvalidOutputsError(AuthentikNetbirdError, ValueError):
    """NetBird's files can't hold a value, or an existing file can't be merged; see `issues`.

    Nothing was written.
    """

    kind = ErrorKind.INVALID_OUTPUTS


class FileError(AuthentikNetbirdError, OSError):
    """A file that can't be read or written; `filename` and `errno` are as in any `OSError`."""

    kind = ErrorKind.FILE


class MissingError(AuthentikNetbirdError, LookupError):
    """A required resource is missing on authentik: a signing key, a flow, a mapping."""

    kind = ErrorKind.MISSING


class AmbiguousError(AuthentikNetbirdError, LookupError):
    """More than one object matches, and nothing is guessed."""

    kind = ErrorKind.AMBIGUOUS


class ConflictError(AuthentikNetbirdError, RuntimeError):
    """An existing object belongs to something else. Nothing was written."""

    kind = ErrorKind.CONFLICT


class UnsupportedVersionError(AuthentikNetbirdError, RuntimeError):
    """The server is older than the oldest release supported."""

    kind = ErrorKind.UNSUPPORTED_VERSION


class TransportError(AuthentikNetbirdError, ConnectionError):
    """No response came: name not found, connection refused or broken, certificate not trusted."""

    kind = ErrorKind.TRANSPORT


class AuthentikTimeoutError(AuthentikNetbirdError, TimeoutError):
    """No response came in time."""

    kind = ErrorKind.TIMEOUT


class PermissionDeniedError(AuthentikNetbirdError, PermissionError):
    """The server says that the token is wrong or may not do this."""

    kind = ErrorKind.PERMISSION_DENIED


class ApiError(AuthentikNetbirdError, RuntimeError):
    """The server refused for another reason; `status` says which."""

    kind = ErrorKind.API


class UnexpectedResponseError(AuthentikNetbirdError, RuntimeError):
    """A response that authentik's API does not send: a login page, a proxy's error, a redirect."""

    kind = ErrorKind.UNEXPECTED_RESPONSE


class DecodeError(AuthentikNetbirdError, ValueError):
    """JSON that can't be read."""

    kind = ErrorKind.DECODE


class StalePlanError(AuthentikNetbirdError, RuntimeError):
    """The server changed since the plan was made; see `differences`. Nothing was written."""

    kind = ErrorKind.STALE_PLAN


class InvalidPlanError(AuthentikNetbirdError, ValueError):
    """A plan that can't be applied: offline, of another server, cut, edited, of a newer format."""

    kind = ErrorKind.INVALID_PLAN


class PartialApplyError(AuthentikNetbirdError, RuntimeError):
    """Some operations were done, one or more failed; see `report`. Running again finishes the job.

    `__cause__` is the first failure, as an exception of its own class.
    """

    kind = ErrorKind.PARTIAL_APPLY


class VerificationError(AuthentikNetbirdError, RuntimeError):
    """A check of a verification failed; the message has each failed one with its hint."""

    kind = ErrorKind.VERIFICATION


class ClientClosedError(AuthentikNetbirdError, RuntimeError):
    """The client, or the simulator, was closed."""


class EventLoopError(AuthentikNetbirdError, RuntimeError):
    """An `AsyncClient` was used outside of the event loop that it belongs to."""


class InternalError(AuthentikNetbirdError, RuntimeError):
    """A mistake in this package. The server may be changed in part; running again is safe."""
