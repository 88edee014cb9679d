"""Set up authentik for NetBird, and NetBird for authentik, from code.

What authentik's guide "Integrate with NetBird" does by hand: say what you want
(`NetbirdIntegration`), see what would be done (`Plan`), do it (`Client.apply`), and hand NetBird
its configuration (`Outputs.netbird_env`). What is right already is left alone, and so is what is
not ours.

>>> from authentik_netbird import Client, NetbirdIntegration
>>> from authentik_netbird.testing import AuthentikSimulator
>>> authentik = AuthentikSimulator()  # yours is https://authentik.company
>>> integration = NetbirdIntegration(authentik.url, "netbird.company")
>>> with Client(integration.authentik_url, token=authentik.token) as client:
...     plan = client.plan(integration)  # reads only; print(plan) says what, and why
...     outcome = client.apply(plan)
...     again = client.plan(integration)
>>> len(plan.changes), again.has_changes
(6, False)
>>> outcome.outputs.netbird_env().write("setup.env")  # 0600, atomic, other lines kept
<Written.CREATED: 'created'>
>>> authentik.close()
"""

from ._async_client import AsyncClient
from ._native import (
    AccountOutputs,
    ApplyReport,
    Assignment,
    Client,
    DesiredState,
    Event,
    Existing,
    FieldChange,
    FieldValue,
    Issue,
    NetbirdEnv,
    NetbirdIntegration,
    Operation,
    Outcome,
    Outputs,
    Plan,
    PlanWarning,
    Problem,
    RedirectUri,
    ReportEntry,
    Resource,
    Secret,
    Snapshot,
    Variable,
    __version__,
    parse_setup_env,
    plan,
)
from .enums import (
    ErrorKind,
    EventKind,
    FieldValueKind,
    GuideStep,
    MatchingMode,
    Mode,
    OperationState,
    ProblemKind,
    RedirectUris,
    ResourceKind,
    Rights,
    Server,
    Verb,
    WarningKind,
    Written,
)
from .errors import (
    AmbiguousError,
    ApiError,
    ArgumentTypeError,
    AuthentikNetbirdError,
    AuthentikTimeoutError,
    ClientClosedError,
    ConflictError,
    DecodeError,
    EventLoopError,
    FileError,
    InternalError,
    InvalidClientError,
    InvalidIntegrationError,
    InvalidOutputsError,
    InvalidPlanError,
    MissingError,
    PartialApplyError,
    PermissionDeniedError,
    StalePlanError,
    TransportError,
    UnexpectedAnswerError,
    UnsupportedVersionError,
    VerificationError,
)

__all__ = [
    "AccountOutputs",
    "AmbiguousError",
    "ApiError",
    "ApplyReport",
    "ArgumentTypeError",
    "Assignment",
    "AsyncClient",
    "AuthentikNetbirdError",
    "AuthentikTimeoutError",
    "Client",
    "ClientClosedError",
    "ConflictError",
    "DecodeError",
    "DesiredState",
    "ErrorKind",
    "Event",
    "EventKind",
    "EventLoopError",
    "Existing",
    "FieldChange",
    "FieldValue",
    "FieldValueKind",
    "FileError",
    "GuideStep",
    "InternalError",
    "InvalidClientError",
    "InvalidIntegrationError",
    "InvalidOutputsError",
    "InvalidPlanError",
    "Issue",
    "MatchingMode",
    "MissingError",
    "Mode",
    "NetbirdEnv",
    "NetbirdIntegration",
    "Operation",
    "OperationState",
    "Outcome",
    "Outputs",
    "PartialApplyError",
    "PermissionDeniedError",
    "Plan",
    "PlanWarning",
    "Problem",
    "ProblemKind",
    "RedirectUri",
    "RedirectUris",
    "ReportEntry",
    "Resource",
    "ResourceKind",
    "Rights",
    "Secret",
    "Server",
    "Snapshot",
    "StalePlanError",
    "TransportError",
    "UnexpectedAnswerError",
    "UnsupportedVersionError",
    "Variable",
    "Verb",
    "VerificationError",
    "WarningKind",
    "Written",
    "__version__",
    "parse_setup_env",
    "plan",
]
