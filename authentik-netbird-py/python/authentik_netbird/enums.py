"""Fixed sets of values. Each member is also its text, which is accepted wherever one is taken.

>>> from authentik_netbird import RedirectUris
>>> RedirectUris.AS_IN_GUIDE == "as_in_guide"
True
>>> print(RedirectUris("recommended"))
recommended
"""

from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing_extensions import Self


class _Text(str, Enum):
    """As `enum.StrEnum`, which Python 3.10 does not have: its `str` is its value."""

    def __new__(cls, value: str) -> "Self":
        """The member that has this text; a text of none raises `ValueError`."""
        member = str.__new__(cls, value)
        member._value_ = value
        return member

    __str__ = str.__str__

    def __format__(self, format_spec: str) -> str:
        return str.__format__(self, format_spec)


class Mode(_Text):
    """How NetBird and authentik are connected."""

    STANDALONE = "standalone"
    """The guide's way: NetBird's own containers, `setup.env`, a public client."""
    CONNECTOR = "connector"
    """authentik as an identity provider of NetBird's embedded one, a confidential client."""


class UserApproval(_Text):
    """Whether an administrator of NetBird must approve people after their first login."""

    KEEP = "keep"
    """NetBird's setting stays as it is."""
    REQUIRED = "required"
    """People wait until someone approves them. NetBird's default."""
    NOT_REQUIRED = "not_required"
    """Everyone who can log in to authentik for it has access."""


class RedirectUris(_Text):
    """Which redirect URIs the provider gets, apart from extra ones."""

    RECOMMENDED = "recommended"
    """Two strict ones, and a regular expression that writes NetBird's host out."""
    AS_IN_GUIDE = "as_in_guide"
    """Exactly as in the guide, which also allows `https://DOMAIN.evil.com`. Plans warn about it."""


class ServiceAccount(_Text):
    """The service account that NetBird reads users with, by its rights."""

    ADMINISTRATOR = "administrator"
    """Member of `authentik Admins`, as the guide says: it may do everything."""
    USER_READER = "user_reader"
    """It may read users, which is all that NetBird needs."""
    USER_DELETER = "user_deleter"
    """It may read and delete users, for NetBird's `--user-delete-from-idp`."""
    NONE = "none"
    """There is no service account: NetBird reads no users (`NETBIRD_MGMT_IDP=none`)."""


class ApiClientMigration(_Text):
    """How an existing setup gets a separate client for NetBird's management API."""

    NONE = "none"
    """It keeps what it has. New setups have a separate client anyway."""
    ADD_CLIENT = "add_client"
    """First step: the separate client is created, and `setup.env` names it. Logins go on."""
    REMOVE_SCOPE = "remove_scope"
    """Second step, once NetBird uses it: the client of people's browsers loses the API scope."""


class MatchingMode(_Text):
    """How authentik compares a redirect URI."""

    STRICT = "strict"
    """Exactly equal; a trailing slash matters."""
    REGEX = "regex"
    """A Python regular expression that must match the whole URI."""


class GuideStep(_Text):
    """A step of authentik's guide "Integrate with NetBird"."""

    APPLICATION = "application"
    PROVIDER = "provider"
    SERVICE_ACCOUNT = "service_account"
    ADMINISTRATOR = "administrator"
    DEVICE_FLOW = "device_flow"
    DEVICE_FLOW_IN_USE = "device_flow_in_use"
    NETBIRD_CONFIGURATION = "netbird_configuration"
    TROUBLESHOOTING = "troubleshooting"
    CONNECTOR = "connector"

    @property
    def heading(self) -> str:
        """The guide's heading.

        >>> from authentik_netbird import GuideStep
        >>> GuideStep.SERVICE_ACCOUNT.heading
        'Set up a service account'
        """
        from ._native import guide_heading

        return guide_heading(self)


class Verb(_Text):
    """The kinds of change of an operation."""

    CREATE = "create"
    UPDATE = "update"
    NO_CHANGE = "no_change"
    READ = "read"
    DELETE = "delete"


class Server(_Text):
    """Which server an operation goes to."""

    AUTHENTIK = "authentik"
    NETBIRD = "netbird"


class FieldValueKind(_Text):
    """The kinds of a field's value."""

    ABSENT = "absent"
    """It is not there."""
    SECRET = "secret"
    """It is set, and not shown."""
    VALUE = "value"
    """`FieldValue.value` has it."""


class WarningKind(_Text):
    """The kinds of a `PlanWarning`."""

    ADMINISTRATOR_ACCOUNT = "administrator_account"
    API_SCOPE = "api_scope"
    API_CLIENT_OPEN = "api_client_open"
    APP_PASSWORD_EXPIRES = "app_password_expires"
    APP_PASSWORD_WITHOUT_EXPIRY = "app_password_without_expiry"
    OPEN_REDIRECT = "open_redirect"
    SUBPATH = "subpath"
    REVERSE_PROXY = "reverse_proxy"
    LOOPBACK_ADDRESS = "loopback_address"
    NEWER_SERVER = "newer_server"
    BRAND_KEEPS_FLOW = "brand_keeps_flow"
    POWERLESS_GROUP = "powerless_group"
    ADOPTED = "adopted"
    FURTHER_GROUPS = "further_groups"
    FURTHER_MEMBERS = "further_members"
    OTHER_TOKENS = "other_tokens"
    RIGHTS_UNKNOWN = "rights_unknown"
    ROTATION = "rotation"
    NO_APP_PASSWORD = "no_app_password"
    ORPHANED_ACCOUNT = "orphaned_account"
    OTHER_NETBIRD = "other_netbird"
    NEW_SUBJECT = "new_subject"
    NEW_CLIENT_ID = "new_client_id"
    NEW_SIGNING_KEY = "new_signing_key"
    NO_CONSENT = "no_consent"
    DROPPED_SCOPES = "dropped_scopes"
    NETBIRD_UNREAD = "netbird_unread"
    RESTART_NETBIRD = "restart_netbird"
    STATIC_CONNECTOR = "static_connector"
    ONLY_GROUPS = "only_groups"
    USER_APPROVAL = "user_approval"
    DOUBLED_GROUPS = "doubled_groups"
    CONNECTOR_REMOVED = "connector_removed"
    REQUIREMENT = "requirement"


class BlockerKind(_Text):
    """Why there is no plan."""

    MISSING = "missing"
    """A required object is missing."""
    AMBIGUOUS = "ambiguous"
    """More than one object matches."""
    CONFLICT = "conflict"
    """An existing object belongs to something else."""
    UNSUPPORTED_VERSION = "unsupported_version"
    """The server is too old."""


class OperationState(_Text):
    """The result of an operation."""

    UNCHANGED = "unchanged"
    """There was nothing to do."""
    APPLIED = "applied"
    """It was applied, and the server confirmed it."""
    ALREADY_APPLIED = "already_applied"
    """Reading it back shows that it holds: the response was lost, or another run was faster."""
    FAILED = "failed"
    """It failed."""
    UNKNOWN = "unknown"
    """Its outcome is unknown: no response came, and the server could not be read."""
    SKIPPED = "skipped"
    """It was not sent, because an operation that it depends on failed."""


class ApplyEventKind(_Text):
    """The kinds of events of an apply."""

    REFRESHING = "refreshing"
    """The server is read again, because the plan is not fresh."""
    STARTED = "started"
    """An operation was started."""
    APPLIED = "applied"
    """An operation was applied."""
    FAILED = "failed"
    """An operation failed, or its outcome is unknown."""


class Purpose(_Text):
    """The purpose of a plan."""

    SET_UP = "set_up"
    """To set authentik up for NetBird, or to correct what has drifted."""
    TEAR_DOWN = "tear_down"
    """To remove what was set up, and nothing else."""
    ROTATE = "rotate"
    """To replace the service account's app password."""


class AppPasswordExpiry(_Text):
    """The expiry of the app password after a rotation."""

    KEEP = "keep"
    """It is not changed."""
    NEVER = "never"
    """The password does not expire."""


class CheckStatus(_Text):
    """The result of a check."""

    PASS = "pass"
    """As NetBird needs it."""
    WARN = "warn"
    """It works, but someone should check it."""
    FAIL = "fail"
    """It does not work, or gives strangers access."""
    SKIPPED = "skipped"
    """Not checked, because another check failed, or NetBird does without it."""
    UNKNOWN = "unknown"
    """It cannot be judged; the message says what is missing."""


class ExpiryKind(_Text):
    """The kinds of things that expire."""

    APP_PASSWORD = "app_password"
    """An app password of the service account. Every login fails once NetBird's has expired."""
    SIGNING_KEY = "signing_key"
    """The certificate of the signing key, whose dates NetBird and authentik ignore."""


class CheckName(_Text):
    """A check, in the order of a report: causes before their effects."""

    ENVIRONMENT = "environment"
    """NetBird's `setup.env` or `management.json` is one that NetBird reads as it is meant."""
    DISCOVERY = "discovery"
    """authentik's discovery document for the application exists."""
    ISSUER = "issuer"
    """The issuer in it is exactly the expected one."""
    ENDPOINTS = "endpoints"
    """The endpoints in it exist, and belong to that server."""
    CLOCK = "clock"
    """authentik's clock and this machine's agree."""
    ADMINISTRATION = "administration"
    """The administrator's token can read what is checked, and the release is known."""
    CLIENT = "client"
    """NetBird's client id is that of the application's provider, a public client."""
    AUDIENCE = "audience"
    """NetBird expects the audience that is in authentik's tokens."""
    SIGNING_KEY = "signing_key"
    """Tokens are signed with an RSA key."""
    ENCRYPTION = "encryption"
    """Tokens are not encrypted."""
    SUBJECT_MODE = "subject_mode"
    """The subject in tokens is the user's id, by which NetBird looks users up."""
    SCOPES = "scopes"
    """The provider gives the scopes that NetBird asks for, `offline_access` among them."""
    GRANT_TYPES = "grant_types"
    """The provider allows the grant types that NetBird uses (authentik 2026.5 and later)."""
    REDIRECT_URIS = "redirect_uris"
    """The provider allows NetBird's redirect URIs, and no other host's."""
    PROMPT_LOGIN = "prompt_login"
    """People are not asked to log in twice."""
    DEVICE_AUTHORIZATION = "device_authorization"
    """authentik hands out device codes."""
    DEVICE_PAGE = "device_page"
    """The page where device codes are typed exists: the brand has a device-code flow."""
    API_CLIENT = "api_client"
    """The client of NetBird's management is right, and it alone has authentik's API scope."""
    SERVICE_ACCOUNT = "service_account"
    """The service account exists and is active."""
    APP_PASSWORD = "app_password"
    """It has a valid app password."""
    APPLICATION_ACCESS = "application_access"
    """The application's bindings give it access."""
    TOKEN = "token"
    """NetBird's own token request succeeds."""
    USERS = "users"
    """NetBird's own listing of users, with that token, succeeds."""
    LOGOUT = "logout"
    """Connector mode: a logout leads back to NetBird."""
    CLAIMS = "claims"
    """Connector mode: tokens have the claims that NetBird requires."""
    CLIENT_SECRET = "client_secret"
    """Connector mode: authentik accepts the client secret."""
    IDENTITY_PROVIDER = "identity_provider"
    """Connector mode: NetBird's identity provider is that of authentik's provider."""
    GROUP_SYNC = "group_sync"
    """Connector mode: NetBird synchronizes the groups that authentik emits."""
    USER_APPROVAL = "user_approval"
    """Connector mode: whether a first login waits for an approval."""


class FileChangeKind(_Text):
    """The change of a file that was written."""

    CREATED = "created"
    """It did not exist."""
    CHANGED = "changed"
    """Its content changed, or its mode did: only its owner may read it now."""
    UNCHANGED = "unchanged"
    """It was up to date, and was not touched."""


class ErrorKind(_Text):
    """The kinds of `AuthentikNetbirdError`; each has its own exception class."""

    INVALID_INTEGRATION = "invalid_integration"
    INVALID_CLIENT = "invalid_client"
    INVALID_OUTPUTS = "invalid_outputs"
    FILE = "file"
    MISSING = "missing"
    AMBIGUOUS = "ambiguous"
    CONFLICT = "conflict"
    UNSUPPORTED_VERSION = "unsupported_version"
    TRANSPORT = "transport"
    TIMEOUT = "timeout"
    PERMISSION_DENIED = "permission_denied"
    API = "api"
    UNEXPECTED_RESPONSE = "unexpected_response"
    DECODE = "decode"
    STALE_PLAN = "stale_plan"
    INVALID_PLAN = "invalid_plan"
    PARTIAL_APPLY = "partial_apply"
    STOPPED = "stopped"
    VERIFICATION = "verification"


class Release(_Text):
    """A release of authentik that the simulator knows."""

    V2024_12 = "2024.12"
    V2025_10 = "2025.10"
    V2025_12 = "2025.12"
    V2026_2 = "2026.2"
    V2026_5 = "2026.5"
