"""The API in Rust. Import from `authentik_netbird` and `authentik_netbird.testing` instead.

The docstrings are those of run time, written by `stub_docs.py`.
"""

from collections.abc import Callable, ItemsView, Iterator, KeysView, Mapping, Sequence, ValuesView
from datetime import datetime
from os import PathLike
from types import TracebackType
from typing import Any, ClassVar, Final, Generic, Literal, TypeAlias, TypeVar, final, overload

from typing_extensions import Self, disjoint_base

from authentik_netbird.dicts import (
    ApplyReportDict,
    BlockerDict,
    ChangedByDict,
    CheckDict,
    ExistingDict,
    ExpiryDict,
    FieldChangeDict,
    FileChangeDict,
    IssueDict,
    NetbirdIntegrationDict,
    OperationDict,
    OptionDict,
    OutputsDict,
    PlanDict,
    PlanWarningDict,
    RedirectUriDict,
    ReportEntryDict,
    ResourceDict,
    VariableChangeDict,
    VerificationDict,
    WriteDict,
)
from authentik_netbird.enums import (
    ApiClientMigration,
    ApplyEventKind,
    AppPasswordExpiry,
    BlockerKind,
    CheckName,
    CheckStatus,
    ExpiryKind,
    FieldValueKind,
    FileChangeKind,
    GuideStep,
    MatchingMode,
    Mode,
    OperationState,
    Purpose,
    RedirectUris,
    Release,
    Server,
    ServiceAccount,
    UserApproval,
    Verb,
    WarningKind,
)

_Path: TypeAlias = str | PathLike[str]
# Generated from the table of options (tests/it/generated.rs). Do not edit.
_Mode: TypeAlias = Mode | Literal["standalone", "connector"]
_RedirectUris: TypeAlias = RedirectUris | Literal["recommended", "as_in_guide"]
_ServiceAccount: TypeAlias = (
    ServiceAccount | Literal["administrator", "user_reader", "user_deleter", "none"]
)
_ApiClientMigration: TypeAlias = ApiClientMigration | Literal["none", "add_client", "remove_scope"]
_UserApproval: TypeAlias = UserApproval | Literal["keep", "required", "not_required"]
# End of what is generated.
_MatchingMode: TypeAlias = MatchingMode | Literal["strict", "regex"]
_AppPasswordExpiry: TypeAlias = AppPasswordExpiry | Literal["keep", "never"]
_Release: TypeAlias = Release | Literal["2024.12", "2025.10", "2025.12", "2026.2", "2026.5"]

_Value: TypeAlias = str | bool | int | Secret | None
_T = TypeVar("_T")
_Dict = TypeVar("_Dict")
_Listener: TypeAlias = Callable[[ApplyEvent], object]

CONFIGURE_COMMANDS: str
"""Commands that take a new `setup.env` into use, for a shell in NetBird's `infrastructure_files`.

They keep NetBird's data store key.
"""
__version__: str

# What classes have in common; at run time they are not bases.
class _Hashable:
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

class _Equal:
    __hash__: ClassVar[None]  # type: ignore[assignment]
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...

class _Json(Generic[_Dict]):
    def to_dict(self) -> _Dict:
        """As plain dicts, lists, texts and numbers: what `to_json` writes."""
    def to_json(self) -> str:
        """As JSON. It holds no secret."""
    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> Self:
        """From what `to_dict` gives. Raises `ValueError` for anything else."""
    @classmethod
    def from_json(cls, text: str) -> Self:
        """From what `to_json` gives. Raises `ValueError` for anything else."""
    def __reduce__(self) -> tuple[Any, ...]: ...

class _Secret:
    def __reduce__(self) -> Any: ...

@final
class Secret(_Equal, _Secret):
    """A token, password or key.

    Its `repr` and `str` are stars, and it cannot be pickled or turned into JSON. The one way to the
    text is `expose()`. Python strings cannot be wiped from memory: what goes in or comes out as `str`
    stays until Python uses its memory again.

    >>> from authentik_netbird import Secret
    >>> token = Secret("ak-1234")
    >>> token
    Secret(***)
    >>> token.expose()
    'ak-1234'
    """
    def __new__(cls, text: str) -> Self: ...
    def expose(self) -> str:
        """The text itself. Do not print, log or store it."""
    is_empty: Final[bool]
    """Whether the text is empty."""
    def __copy__(self) -> Self: ...
    def __deepcopy__(self, memo: object) -> Self: ...

@final
class Issue(_Json[IssueDict], _Hashable):
    """One thing that is wrong with what was given, and what to do about it.

    >>> from authentik_netbird import InvalidIntegrationError, NetbirdIntegration
    >>> try:
    ...     NetbirdIntegration("https://authentik.company", "netbird company")
    ... except InvalidIntegrationError as error:
    ...     print(error.issues[0].field)
    domain
    """
    def __new__(cls, field: str, message: str, hint: str) -> Self: ...
    field: Final[str]
    """The field, such as `authentik_url`."""
    message: Final[str]
    """The problem, with the value where it is not secret."""
    hint: Final[str]
    """A remedy."""

@final
class Resource(_Json[ResourceDict], _Hashable):
    """One thing on the server, by kind and identity key, never by primary key.

    >>> from authentik_netbird import Resource
    >>> print(Resource("provider", "NetBird"))
    provider "NetBird"
    """
    def __new__(cls, kind: str, name: str) -> Self: ...
    kind: Final[str]
    """The kind of resource, such as `provider` or `app_password`."""
    name: Final[str]
    """Its identity key: slug, name or user name."""

@final
class Blocker(_Json[BlockerDict], _Equal):
    """One reason why the server cannot be changed safely. `str(blocker)` is a sentence."""

    kind: Final[BlockerKind]
    """Why there is no plan: something is missing, ambiguous, in conflict, or the server too old.
    """
    resource: Final[Resource]
    """The resource concerned."""
    message: Final[str]
    """Why it blocks a plan."""
    matches: Final[tuple[str, ...]]
    """Each match of something ambiguous, by what distinguishes it."""
    hint: Final[str]
    """A remedy."""

@final
class RedirectUri(_Json[RedirectUriDict], _Hashable):
    r"""A redirect URI as it is asked for.

    Args:
        url: The URI, or the regular expression.
        matching_mode: How authentik compares it, `strict` (the default) or `regex`.

    >>> from authentik_netbird import RedirectUri
    >>> RedirectUri.strict("https://netbird.company/auth")
    RedirectUri(matching_mode='strict', url='https://netbird.company/auth')
    >>> str(RedirectUri.regex(r"https://netbird\.company/.*"))
    'regex https://netbird\\.company/.*'
    """
    def __new__(cls, url: str, *, matching_mode: _MatchingMode = "strict") -> Self: ...
    @staticmethod
    def strict(url: str) -> RedirectUri:
        """One that must be exactly equal; a trailing slash matters."""
    @staticmethod
    def regex(url: str) -> RedirectUri:
        """A regular expression that must match the whole URI."""
    url: Final[str]
    """The URI, or the regular expression."""
    matching_mode: Final[MatchingMode]
    """How authentik compares it."""
    def replace(self, **changes: str) -> RedirectUri:
        """The same, with these changes.

        >>> from authentik_netbird import RedirectUri
        >>> RedirectUri.strict("https://a.company").replace(url="https://b.company").url
        'https://b.company'
        """
    def __replace__(self, **changes: str) -> RedirectUri: ...

@final
class NetbirdIntegration(_Json[NetbirdIntegrationDict], _Hashable):
    """The integration that is asked for: one NetBird on one authentik.

    All options are keyword-only. An integration is immutable;
    `replace` returns another one.

    Args:
        authentik_url: Base URL of authentik: `https`, or `http` to loopback; with authentik's
            path if there is one.
        domain: NetBird's host name.
        mode: How NetBird and authentik are connected. `standalone` is the guide's way: NetBird's
            own containers and `setup.env`. `connector` makes authentik an identity provider of
            NetBird's embedded one, which is what a new NetBird has. Where it is not set, the command
            and the Ansible modules ask NetBird, if they have its URL. Default: `standalone`.
        public_url: Address at which NetBird and browsers reach authentik, where API calls go to
            another one, such as a forwarded port. It goes into `setup.env`. By default
            `authentik_url`.
        allow_http: Whether API calls may go over plain `http` to another machine, such as
            `http://authentik-server:9000` in a container network. Anyone in between can read the
            token. NetBird and browsers still need `https`: set `public_url`.
        application_name: Name of the application, as users see it. Default: `NetBird`.
        application_slug: Slug of the application: 1 to 50 letters, digits, `-` and `_`. It is
            part of the issuer. Default: `netbird`.
        application_group: Heading that authentik lists the application under. By default it is
            not changed, and a new application has none.
        launch_url: Where the application's tile leads. By default to `https://DOMAIN`; without a
            launch URL authentik would use the first redirect URI, on the user's own machine.
        access_groups: Names of the groups whose members may log in to NetBird. The service
            account also gets access, and other bindings are kept. By default everyone may log in,
            unless someone bound the application.
        create_access_groups: Whether to create missing access groups, without members. By
            default a missing group is an error.
        provider_name: Name of the provider. Two NetBirds on one authentik need different names.
            Default: `NetBird`.
        client_id: OAuth2 client id. By default authentik generates it, and it is kept from then
            on.
        authorization_flow: Slug of the authorization flow. Default:
            `default-provider-authorization-implicit-consent`.
        invalidation_flow: Slug of the invalidation flow. Default:
            `default-provider-invalidation-flow`.
        extra_redirect_uris: Additional redirect URIs. A regular expression must spell out its
            host, with the dots escaped.
        signing_key: Name of the certificate-key pair that signs tokens; it must be an RSA pair.
            By default the one in use if it is usable, else authentik's self-signed one, else the
            first usable one by name.
        access_code_validity: How long codes are valid; the codes of the device flow, too.
            Default: `minutes=10`.
        adopt: Whether to take over objects that belong to something else. By default that is an
            error.
        exact: Whether existing objects get every default, too. By default a setting that was not
            set is changed only where NetBird needs another one.
        as_in_guide: Whether to do exactly what the guide says where the defaults are safer: an
            administrator as the service account, the guide's redirect URIs, and the API scope on the
            client of people's browsers. Plans warn about each. `service_account` and `redirect_uris`
            still count where they are set.
        redirect_uris: Which redirect URIs the provider gets, apart from `extra_redirect_uris`.
            `as_in_guide` also allows hosts whose names begin with NetBird's, and plans warn about
            it. Default: `recommended`.
        service_account: The service account that NetBird reads users with, by its rights:
            `user_reader` may read users, which is all that NetBird needs, `user_deleter` may also
            delete them, and `administrator` is the guide's and may do everything. With `none` there
            is no account, and NetBird reads no users. Default: `user_reader`.
        migrate_api_client: How an existing setup whose client of people's browsers has the scope
            of authentik's API gets a separate client for NetBird's management, as new setups have
            it: first apply with `add_client`, write `setup.env` and restart NetBird; then apply with
            `remove_scope`. No login is interrupted. Default: `none`.
        service_account_name: User name of the service account. Case matters. Default: `NetBird`.
        app_password_expires: When the app password of a new service account expires, in RFC 3339
            and UTC, such as `2030-01-31T00:00:00Z`. By default never. An existing app password is
            not changed.
        revoke_other_tokens: Whether to delete the other tokens of the service account when its
            app password is rotated or it is adopted. By default they stay, and the plan names them.
        rotate_shared_account: Whether to rotate the app password also where another NetBird on
            this authentik seems to read users with the same service account; its logins fail until
            its `setup.env` has the new value. By default that is an error which names the other
            NetBird.
        without_device_flow: Whether to go without the device flow. Brand and flow stay as they
            are, and machines without a browser join NetBird by setup keys.
        device_flow: Slug of the device-code flow. Default: `default-device-code-flow`.
        device_flow_name: Name of the device-code flow. By default its slug.
        device_flow_title: Title of the device-code flow, as users see it. Default: `Device code
            flow`.
        brand: Domain of the brand that gets the device-code flow. By default the one that serves
            authentik's host.
        replace_device_code_flow: Whether to replace another device-code flow that the brand has.
            By default the brand keeps it, and the plan warns about it.
        reverse_proxy: Whether NetBird is behind a reverse proxy on port 443. Two things have to
            be edited by hand then, which `setup.env` cannot set; plans say which.
        identity_provider_name: Name of the identity provider in NetBird, as its login page shows
            it. Default: `authentik`.
        send_secret: Whether NetBird gets the client secret again. By default it gets it with a
            new identity provider, or when authentik's changes: NetBird does not show which one it
            has.
        claim_groups: Names of the groups that authentik reports to NetBird. By default it
            reports every group of a person.
        claim_groups_prefix: authentik reports the groups whose names begin with this to NetBird.
        claim_entitlements: Whether authentik reports a person's entitlements of the application
            to NetBird, in place of groups.
        sync_groups: Whether NetBird synchronizes people's groups at each login. By default its
            setting stays as it is.
        allowed_groups: Names of the groups whose members may use NetBird; it refuses everyone
            else except its local owner. Needs `sync_groups`. By default its setting stays as it is.
        user_approval: Whether an administrator of NetBird must approve people after their first
            login. Default: `keep`.

    Raises:
        InvalidIntegrationError: Every problem at once, each with its field, in `issues`.
        TypeError: An argument of another type, or an option that does not exist.

    >>> from authentik_netbird import NetbirdIntegration
    >>> integration = NetbirdIntegration(
    ...     "https://authentik.company", "netbird.company", application_slug="vpn"
    ... )
    >>> integration == NetbirdIntegration.from_dict({
    ...     "authentik_url": "https://authentik.company",
    ...     "domain": "netbird.company",
    ...     "application_slug": "vpn",
    ... })
    True
    """
    # Generated from the table of options (tests/it/generated.rs). Do not edit.
    def __new__(
        cls,
        authentik_url: str,
        domain: str,
        *,
        mode: _Mode = "standalone",
        public_url: str | None = None,
        allow_http: bool = False,
        application_name: str = "NetBird",
        application_slug: str = "netbird",
        application_group: str | None = None,
        launch_url: str | None = None,
        access_groups: Sequence[str] = (),
        create_access_groups: bool = False,
        provider_name: str = "NetBird",
        client_id: str | None = None,
        authorization_flow: str = "default-provider-authorization-implicit-consent",
        invalidation_flow: str = "default-provider-invalidation-flow",
        extra_redirect_uris: Sequence[RedirectUri] = (),
        signing_key: str | None = None,
        access_code_validity: str = "minutes=10",
        adopt: bool = False,
        exact: bool = False,
        as_in_guide: bool = False,
        redirect_uris: _RedirectUris = "recommended",
        service_account: _ServiceAccount = "user_reader",
        migrate_api_client: _ApiClientMigration = "none",
        service_account_name: str = "NetBird",
        app_password_expires: datetime | str | None = None,
        revoke_other_tokens: bool = False,
        rotate_shared_account: bool = False,
        without_device_flow: bool = False,
        device_flow: str = "default-device-code-flow",
        device_flow_name: str | None = None,
        device_flow_title: str = "Device code flow",
        brand: str | None = None,
        replace_device_code_flow: bool = False,
        reverse_proxy: bool = False,
        identity_provider_name: str = "authentik",
        send_secret: bool = False,
        claim_groups: Sequence[str] = (),
        claim_groups_prefix: str | None = None,
        claim_entitlements: bool = False,
        sync_groups: bool = False,
        allowed_groups: Sequence[str] = (),
        user_approval: _UserApproval = "keep",
    ) -> Self: ...
    @property
    def authentik_url(self) -> str:
        """Base URL of authentik: `https`, or `http` to loopback; with authentik's path if there is
        one.
        """
    @property
    def domain(self) -> str:
        """NetBird's host name."""
    @property
    def mode(self) -> Mode:
        """How NetBird and authentik are connected. `standalone` is the guide's way: NetBird's own
        containers and `setup.env`. `connector` makes authentik an identity provider of NetBird's
        embedded one, which is what a new NetBird has. Where it is not set, the command and the
        Ansible modules ask NetBird, if they have its URL.
        """
    @property
    def public_url(self) -> str | None:
        """Address at which NetBird and browsers reach authentik, where API calls go to another one,
        such as a forwarded port. It goes into `setup.env`. By default `authentik_url`.
        """
    @property
    def allow_http(self) -> bool:
        """Whether API calls may go over plain `http` to another machine, such as
        `http://authentik-server:9000` in a container network. Anyone in between can read the token.
        NetBird and browsers still need `https`: set `public_url`.
        """
    @property
    def application_name(self) -> str:
        """Name of the application, as users see it."""
    @property
    def application_slug(self) -> str:
        """Slug of the application: 1 to 50 letters, digits, `-` and `_`. It is part of the
        issuer.
        """
    @property
    def application_group(self) -> str | None:
        """Heading that authentik lists the application under. By default it is not changed, and a
        new application has none.
        """
    @property
    def launch_url(self) -> str | None:
        """Where the application's tile leads. By default to `https://DOMAIN`; without a launch URL
        authentik would use the first redirect URI, on the user's own machine.
        """
    @property
    def access_groups(self) -> tuple[str, ...]:
        """Names of the groups whose members may log in to NetBird. The service account also gets
        access, and other bindings are kept. By default everyone may log in, unless someone bound
        the application.
        """
    @property
    def create_access_groups(self) -> bool:
        """Whether to create missing access groups, without members. By default a missing group is
        an error.
        """
    @property
    def provider_name(self) -> str:
        """Name of the provider. Two NetBirds on one authentik need different names."""
    @property
    def client_id(self) -> str | None:
        """OAuth2 client id. By default authentik generates it, and it is kept from then on."""
    @property
    def authorization_flow(self) -> str:
        """Slug of the authorization flow."""
    @property
    def invalidation_flow(self) -> str:
        """Slug of the invalidation flow."""
    @property
    def extra_redirect_uris(self) -> tuple[RedirectUri, ...]:
        """Additional redirect URIs. A regular expression must spell out its host, with the dots
        escaped.
        """
    @property
    def signing_key(self) -> str | None:
        """Name of the certificate-key pair that signs tokens; it must be an RSA pair. By default
        the one in use if it is usable, else authentik's self-signed one, else the first usable one
        by name.
        """
    @property
    def access_code_validity(self) -> str:
        """How long codes are valid; the codes of the device flow, too."""
    @property
    def adopt(self) -> bool:
        """Whether to take over objects that belong to something else. By default that is an
        error.
        """
    @property
    def exact(self) -> bool:
        """Whether existing objects get every default, too. By default a setting that was not set is
        changed only where NetBird needs another one.
        """
    @property
    def as_in_guide(self) -> bool:
        """Whether to do exactly what the guide says where the defaults are safer: an administrator
        as the service account, the guide's redirect URIs, and the API scope on the client of
        people's browsers. Plans warn about each. `service_account` and `redirect_uris` still count
        where they are set.
        """
    @property
    def redirect_uris(self) -> RedirectUris:
        """Which redirect URIs the provider gets, apart from `extra_redirect_uris`. `as_in_guide`
        also allows hosts whose names begin with NetBird's, and plans warn about it.
        """
    @property
    def service_account(self) -> ServiceAccount:
        """The service account that NetBird reads users with, by its rights: `user_reader` may read
        users, which is all that NetBird needs, `user_deleter` may also delete them, and
        `administrator` is the guide's and may do everything. With `none` there is no account, and
        NetBird reads no users.
        """
    @property
    def migrate_api_client(self) -> ApiClientMigration:
        """How an existing setup whose client of people's browsers has the scope of authentik's API
        gets a separate client for NetBird's management, as new setups have it: first apply with
        `add_client`, write `setup.env` and restart NetBird; then apply with `remove_scope`. No
        login is interrupted.
        """
    @property
    def service_account_name(self) -> str:
        """User name of the service account. Case matters."""
    @property
    def app_password_expires(self) -> datetime | None:
        """When the app password of a new service account expires, in RFC 3339 and UTC, such as
        `2030-01-31T00:00:00Z`. By default never. An existing app password is not changed.
        """
    @property
    def revoke_other_tokens(self) -> bool:
        """Whether to delete the other tokens of the service account when its app password is
        rotated or it is adopted. By default they stay, and the plan names them.
        """
    @property
    def rotate_shared_account(self) -> bool:
        """Whether to rotate the app password also where another NetBird on this authentik seems to
        read users with the same service account; its logins fail until its `setup.env` has the new
        value. By default that is an error which names the other NetBird.
        """
    @property
    def without_device_flow(self) -> bool:
        """Whether to go without the device flow. Brand and flow stay as they are, and machines
        without a browser join NetBird by setup keys.
        """
    @property
    def device_flow(self) -> str:
        """Slug of the device-code flow."""
    @property
    def device_flow_name(self) -> str | None:
        """Name of the device-code flow. By default its slug."""
    @property
    def device_flow_title(self) -> str:
        """Title of the device-code flow, as users see it."""
    @property
    def brand(self) -> str | None:
        """Domain of the brand that gets the device-code flow. By default the one that serves
        authentik's host.
        """
    @property
    def replace_device_code_flow(self) -> bool:
        """Whether to replace another device-code flow that the brand has. By default the brand
        keeps it, and the plan warns about it.
        """
    @property
    def reverse_proxy(self) -> bool:
        """Whether NetBird is behind a reverse proxy on port 443. Two things have to be edited by
        hand then, which `setup.env` cannot set; plans say which.
        """
    @property
    def identity_provider_name(self) -> str:
        """Name of the identity provider in NetBird, as its login page shows it."""
    @property
    def send_secret(self) -> bool:
        """Whether NetBird gets the client secret again. By default it gets it with a new identity
        provider, or when authentik's changes: NetBird does not show which one it has.
        """
    @property
    def claim_groups(self) -> tuple[str, ...]:
        """Names of the groups that authentik reports to NetBird. By default it reports every group
        of a person.
        """
    @property
    def claim_groups_prefix(self) -> str | None:
        """authentik reports the groups whose names begin with this to NetBird."""
    @property
    def claim_entitlements(self) -> bool:
        """Whether authentik reports a person's entitlements of the application to NetBird, in place
        of groups.
        """
    @property
    def sync_groups(self) -> bool:
        """Whether NetBird synchronizes people's groups at each login. By default its setting stays
        as it is.
        """
    @property
    def allowed_groups(self) -> tuple[str, ...]:
        """Names of the groups whose members may use NetBird; it refuses everyone else except its
        local owner. Needs `sync_groups`. By default its setting stays as it is.
        """
    @property
    def user_approval(self) -> UserApproval:
        """Whether an administrator of NetBird must approve people after their first login."""
    def replace(
        self,
        *,
        authentik_url: str = ...,
        domain: str = ...,
        mode: _Mode = ...,
        public_url: str | None = ...,
        allow_http: bool = ...,
        application_name: str = ...,
        application_slug: str = ...,
        application_group: str | None = ...,
        launch_url: str | None = ...,
        access_groups: Sequence[str] = ...,
        create_access_groups: bool = ...,
        provider_name: str = ...,
        client_id: str | None = ...,
        authorization_flow: str = ...,
        invalidation_flow: str = ...,
        extra_redirect_uris: Sequence[RedirectUri] = ...,
        signing_key: str | None = ...,
        access_code_validity: str = ...,
        adopt: bool = ...,
        exact: bool = ...,
        as_in_guide: bool = ...,
        redirect_uris: _RedirectUris = ...,
        service_account: _ServiceAccount = ...,
        migrate_api_client: _ApiClientMigration = ...,
        service_account_name: str = ...,
        app_password_expires: datetime | str | None = ...,
        revoke_other_tokens: bool = ...,
        rotate_shared_account: bool = ...,
        without_device_flow: bool = ...,
        device_flow: str = ...,
        device_flow_name: str | None = ...,
        device_flow_title: str = ...,
        brand: str | None = ...,
        replace_device_code_flow: bool = ...,
        reverse_proxy: bool = ...,
        identity_provider_name: str = ...,
        send_secret: bool = ...,
        claim_groups: Sequence[str] = ...,
        claim_groups_prefix: str | None = ...,
        claim_entitlements: bool = ...,
        sync_groups: bool = ...,
        allowed_groups: Sequence[str] = ...,
        user_approval: _UserApproval = ...,
    ) -> NetbirdIntegration:
        """The same, with these changes.

        Raises:
            InvalidIntegrationError: Every problem at once.
            TypeError: An option that does not exist, or a value of another type.

        >>> from authentik_netbird import NetbirdIntegration
        >>> integration = NetbirdIntegration("https://authentik.company", "netbird.company")
        >>> integration.replace(domain="vpn.company").domain
        'vpn.company'
        """
    # End of what is generated.
    def all_redirect_uris(self) -> tuple[RedirectUri, ...]:
        """All redirect URIs that the provider is to have, in the order of the guide."""
    def preview(self) -> Plan:
        """The plan against a fresh installation of the newest release that was tested. Offline: nothing is
        read or sent.

        >>> from authentik_netbird import NetbirdIntegration
        >>> integration = NetbirdIntegration("https://authentik.company", "netbird.company")
        >>> print(integration.preview().operations[0].resource)
        provider "NetBird"
        """
    def export_blueprint(
        self, release: str | None = None, *, secret_files: str | None = None
    ) -> str:
        """The desired state as an authentik blueprint, in YAML. It holds no secret.

        Args:
            release: The release of authentik, such as `2026.5`. By default the newest that was tested.
            secret_files: Folder of authentik's worker with the files `netbird_app_password` and
                `netbird_client_secret`. By default they are environment variables.

        Raises:
            InvalidIntegrationError: The app password is to expire, which a blueprint cannot set.
            ValueError: The release is not one.

        >>> from authentik_netbird import NetbirdIntegration
        >>> integration = NetbirdIntegration("https://authentik.company", "netbird.company")
        >>> "key: !Env NETBIRD_APP_PASSWORD" in integration.export_blueprint("2026.5")
        True
        """
    def export_terraform(self, release: str | None = None) -> str:
        """The desired state in Terraform's HCL, for a server that has none of it yet. It holds no secret.

        Args:
            release: The release of authentik, such as `2026.5`. By default the newest that was tested.

        Raises:
            InvalidIntegrationError: The app password is to expire, which Terraform's provider cannot set.
            ValueError: The release is not one.
        """
    def __replace__(self, **changes: Any) -> NetbirdIntegration: ...
    @staticmethod
    def from_file(path: _Path) -> NetbirdIntegration:
        """From a JSON file. For TOML: `NetbirdIntegration.from_dict(tomllib.load(file))`.

        Raises:
            FileError: The file cannot be read.
            InvalidIntegrationError: Every problem at once, unknown and missing fields too.
        """

@final
class FieldValue(_Equal):
    """A value of a field, fit to be shown. `str(value)` is a text for people."""

    kind: Final[FieldValueKind]
    """The kind of value."""
    value: Final[Any]
    """The value, as authentik's API writes it; `None` for what is absent or secret. An id of what
    an operation creates is `{"pending": OPERATION}`.
    """

@final
class FieldChange(_Json[FieldChangeDict], _Equal):
    """One field of a resource, before and after.

    >>> from authentik_netbird import NetbirdIntegration
    >>> integration = NetbirdIntegration("https://authentik.company", "netbird.company")
    >>> change = integration.preview().operations[0].changes[0]
    >>> change.path, change.after.value
    ('access_code_validity', 'minutes=10')
    """

    path: Final[str]
    """The field, as authentik's API calls it."""
    before: Final[FieldValue]
    """The current value; absent when the resource does not exist yet."""
    after: Final[FieldValue]
    """The new value."""

@final
class ChangedBy(_Json[ChangedByDict], _Equal):
    """The user who changed an object last, by authentik's event log."""

    user: Final[str]
    """User name."""
    at: Final[datetime | None]
    """When, in UTC; `None` if authentik's text is not a time."""

@final
class Operation(_Json[OperationDict], _Equal):
    """One write, or the finding that none is needed, with everything that a person wants to know.
    `str(operation)` is the text for people.
    """

    id: Final[str]
    """Its name, unique within the plan and the same in every plan: `provider`, `device-flow`."""
    server: Final[Server]
    """Which server it goes to."""
    resource: Final[Resource]
    """The resource concerned."""
    verb: Final[Verb]
    """The kind of change."""
    is_change: Final[bool]
    """Whether it writes."""
    reason: Final[str]
    """Why."""
    guide: Final[GuideStep]
    """Where the guide says so."""
    depends_on: Final[tuple[str, ...]]
    """Names of the operations that must be applied before it."""
    changes: Final[tuple[FieldChange, ...]]
    """Field by field: before and after. Secrets show as set or changed, never as values."""
    changed_by: Final[ChangedBy | None]
    """The user who changed it last, for drift, as far as authentik's event log says; else `None`. Only in
    a plan that `Client.with_authors` returned.
    """
    write: Final[WriteDict | None]
    """The request that is sent, as plain dicts; `None` when there is nothing to do. It holds no secret.
    """

@final
class PlanWarning(_Json[PlanWarningDict], _Equal):
    """A note for people about a plan; it does not stop an apply. `str(warning)` is message and
    hint.
    """

    kind: Final[WarningKind]
    """The kind, for programs."""
    message: Final[str]
    """The message, in a sentence."""
    hint: Final[str]
    """A remedy."""

@final
class Existing(_Json[ExistingDict], _Equal):
    """The existing objects of the server, as far as NetBird's configuration needs them."""

    client_id: Final[str | None]
    """The provider's client id; `None`: there is none yet."""
    api_client_id: Final[str | None]
    """Client id of the separate client of NetBird's management; `None`: there is none yet."""
    app_password: Final[str | None]
    """Identifier of the account's app password, never its value; `None`: there is none yet."""

@final
class Plan(_Json[PlanDict], _Equal):
    """The operations to carry out, in an order in which they can be carried out.

    `str(plan)` is the text for people; `to_json` and `from_json` are the form for programs, with a
    `format_version`. It can be pickled. A plan holds no secret.

    >>> from authentik_netbird import Client, NetbirdIntegration, Plan
    >>> from authentik_netbird.testing import AuthentikSimulator
    >>> with AuthentikSimulator() as authentik:
    ...     integration = NetbirdIntegration(authentik.url, "netbird.company")
    ...     with Client(authentik.url, token=authentik.token) as client:
    ...         plan = client.plan(integration)
    >>> print(plan.changes[0].resource)
    provider "NetBird"
    >>> Plan.from_json(plan.to_json()) == plan
    True
    """

    format_version: Final[int]
    """Version of the JSON form."""
    purpose: Final[Purpose]
    """The purpose."""
    integration: Final[NetbirdIntegration]
    """The integration that was asked for."""
    server_version: Final[str | None]
    """Version of the server that it is for, such as `2026.5.0`; `None` for a rotation, which does
    not depend on it.
    """
    offline: Final[bool]
    """Whether it was made without a server. Such a plan can be read but not applied."""
    operations: Final[tuple[Operation, ...]]
    """The operations, including those without anything to do."""
    changes: Final[tuple[Operation, ...]]
    """The operations that write."""
    has_changes: Final[bool]
    """Whether there is anything to do."""
    warnings: Final[tuple[PlanWarning, ...]]
    """Notes for people."""
    missing_permissions: Final[tuple[str, ...]]
    """Permissions that it needs and that the token's user is missing, as far as that could be read. With
    any it can be read but not applied.
    """
    existing: Final[Existing]
    """The existing objects of the server."""
    names: Final[dict[str, str]]
    """Names of the ids in `operations`."""

    def export_curl(self) -> str:
        """The operations as a bash script of curl commands, which needs nothing of this package. It holds no
        secret.

        Raises:
            InvalidPlanError: An operation has to read the server first.
        """
    def export_ansible(self) -> str:
        """The operations as Ansible tasks with `ansible.builtin.uri`. They hold no secret.

        Raises:
            InvalidPlanError: An operation has to read the server first.
        """

@final
class ReportEntry(_Json[ReportEntryDict], _Equal):
    """The result of one operation."""

    operation: Final[str]
    """Name of the operation."""
    verb: Final[Verb]
    """The kind of change."""
    resource: Final[Resource]
    """To what."""
    state: Final[OperationState]
    """The result."""
    message: Final[str | None]
    """Why it failed, or why its outcome is unknown; `None` for other states."""

@final
class ApplyReport(_Json[ApplyReportDict], _Equal):
    """The result of each operation of a plan, in the plan's order. `str(report)` is the text for
    people.
    """

    entries: Final[tuple[ReportEntry, ...]]
    """One entry for each operation."""
    changed: Final[int]
    """How many operations were applied."""

@final
class ApplyEvent(_Equal):
    """An event of an apply. `str(event)` is a line for people.

    >>> from authentik_netbird import ApplyEventKind, Client, NetbirdIntegration
    >>> from authentik_netbird.testing import AuthentikSimulator
    >>> def listener(event):
    ...     if event.kind == ApplyEventKind.APPLIED and event.entry.operation == "provider":
    ...         print(event)
    >>> with AuthentikSimulator() as authentik:
    ...     integration = NetbirdIntegration(authentik.url, "netbird.company")
    ...     with Client(authentik.url, token=authentik.token) as client:
    ...         outcome = client.apply(client.plan(integration), on_event=listener)
    applied: create provider "NetBird"
    """

    kind: Final[ApplyEventKind]
    """The kind of event."""
    operation: Final[Operation | None]
    """The operation that was started; `None` for other kinds."""
    entry: Final[ReportEntry | None]
    """The result of an operation that was applied or failed; `None` for other kinds."""

@final
class AccountOutputs(_Equal, _Secret):
    """The service account that NetBird reads users with.

    Args:
        username: User name, exactly as authentik has it: case matters.
        app_password: Value of its app password. Default: not known.
        app_password_identifier: Identifier of the app password; not secret. Default: not known.
    """
    def __new__(
        cls,
        username: str,
        *,
        app_password: Secret | str | None = None,
        app_password_identifier: str | None = None,
    ) -> Self: ...
    username: Final[str]
    """User name, exactly as authentik has it."""
    app_password: Final[Secret | None]
    """Value of its app password. `None` unless this run created or replaced it: reading an
    existing one leaves an event in authentik's log, so it is read only when asked for.
    """
    app_password_identifier: Final[str | None]
    """Identifier of the app password, where one is known. Not secret."""

@final
class ConnectorOutputs(_Equal, _Secret):
    """The settings that NetBird's embedded identity provider needs, apart from issuer and client id.

    Args:
        name: Name of the identity provider.
        client_secret: The client secret. Default: not known.
    """
    def __new__(cls, name: str, *, client_secret: Secret | str | None = None) -> Self: ...
    name: Final[str]
    """Name of the identity provider."""
    client_secret: Final[Secret | None]
    """The client secret; `None` when this run neither made nor read it."""

@final
class Outputs(_Equal, _Secret):
    """The settings with which NetBird uses an authentik that is set up for it.

    `Client.apply` makes it; it can also be put together by hand, for an authentik that was set up
    by hand.

    Args:
        authentik_url: authentik's address, as browsers and NetBird see it.
        domain: Host name of NetBird.
        application_slug: Slug of the application.
        client_id: Client id of the provider. Public.
        api_client_id: Client id that NetBird's management reads users with. Default: the same.
        account: The service account. Default: none, NetBird does without.
        connector: What NetBird's embedded identity provider needs. Default: none, another mode.
        device_flow: Whether NetBird's device flow is on. Default: yes.
        reverse_proxy: Whether NetBird is behind a reverse proxy on port 443. Default: no.

    Raises:
        InvalidOutputsError: `authentik_url` is not a URL.

    >>> from authentik_netbird import AccountOutputs, Outputs
    >>> account = AccountOutputs("NetBird", app_password="cd34")
    >>> outputs = Outputs(
    ...     "https://authentik.company", "netbird.company", "netbird", "5JXuw0qD", account=account
    ... )
    >>> outputs.issuer
    'https://authentik.company/application/o/netbird/'
    >>> "cd34" in repr(outputs)
    False
    """
    def __new__(
        cls,
        authentik_url: str,
        domain: str,
        application_slug: str,
        client_id: str,
        *,
        api_client_id: str | None = None,
        account: AccountOutputs | None = None,
        connector: ConnectorOutputs | None = None,
        device_flow: bool = True,
        reverse_proxy: bool = False,
    ) -> Self: ...
    @staticmethod
    def of(
        integration: NetbirdIntegration,
        client_id: str,
        *,
        api_client_id: str | None = None,
        app_password: str | Secret | None = None,
        app_password_identifier: str | None = None,
    ) -> Outputs:
        """Outputs of an integration whose provider has this client id."""
    authentik_url: Final[str]
    """authentik's address, as browsers and NetBird see it."""
    domain: Final[str]
    """Host name of NetBird."""
    application_slug: Final[str]
    """Slug of the application."""
    client_id: Final[str]
    """Client id of the provider. Public."""
    api_client_id: Final[str | None]
    """Client id that NetBird's management reads users with; `None`: the same."""
    account: Final[AccountOutputs | None]
    """The service account; `None`: NetBird does without."""
    connector: Final[ConnectorOutputs | None]
    """The settings that NetBird's embedded identity provider needs; `None`: another mode."""
    device_flow: Final[bool]
    """Whether NetBird's device flow is on."""
    reverse_proxy: Final[bool]
    """Whether NetBird is behind a reverse proxy on port 443."""
    issuer: Final[str]
    """The issuer that authentik writes into tokens, with the slash at the end."""
    openid_configuration_endpoint: Final[str]
    """Where authentik describes itself to OpenID clients."""
    def to_dict(self) -> OutputsDict:
        """As plain dicts, without the password."""
    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> Self:
        """From what `to_dict` gives: the same, except for the password.

        Raises:
            ValueError: Anything else.
        """
    def dashboard_form(self) -> dict[str, str | Secret | None] | None:
        """The values to enter in NetBird's dashboard under Settings > Identity Providers, where its API is not used: label
        and value of each field. The client secret is a `Secret`, or `None` if this run neither made nor read
        it. `None` in another mode.
        """
    def migration_seed(self) -> Secret | None:
        """The seed of NetBird's `netbird-idp-migrate`, which moves a standalone NetBird to the embedded identity
        provider and keeps its users. `None` in another mode, or if the client secret is not known.
        """
    def netbird_env(self) -> NetbirdEnv:
        """The variables of NetBird's `setup.env`; the connector mode has none."""

@final
class Outcome(_Secret):
    """The result of a plan, and what NetBird needs now."""

    report: Final[ApplyReport]
    """The result of each operation."""
    outputs: Final[Outputs | None]
    """The outputs for NetBird; `None` after a teardown. The app password is in it if this run created or
    replaced it: a `setup.env` that has it keeps it, and `Client.outputs` reads it.
    """

@final
class Provisioned(_Secret):
    """The result of a plan and of `setup.env`."""

    plan: Final[Plan]
    """The plan that was applied."""
    outcome: Final[Outcome]
    """The result."""
    file: Final[FileChange]
    """The change of the file."""

@final
class Variable(_Equal, _Secret):
    """One variable of `setup.env`."""

    name: Final[str]
    """Its name, such as `NETBIRD_AUTH_CLIENT_ID`."""
    value: Final[_Value]
    """Its value: a text, truth value, number or `Secret`; `None`: a secret that this run did not
    read, so that the line of an existing file is kept.
    """
    source: Final[str]
    """Where the value comes from and what NetBird does with it, in a sentence."""
    guide: Final[GuideStep | None]
    """Where the guide has it; `None`: it does not, but NetBird needs it."""

@final
class NetbirdEnv(Mapping[str, _Value], _Secret):
    """The variables of NetBird's `setup.env`, in the order in which they are written.

    `str(env)` is that file with stars for the password, fit for a screen; `write` is the usual way
    to a file.

    It is a `Mapping` of names to values: texts, truth values, numbers, and a `Secret` for the password.
    `None` stands for a password that this run did not read, so that the line of an existing file is kept.

    >>> from authentik_netbird import AccountOutputs, Outputs
    >>> account = AccountOutputs("NetBird", app_password="cd34")
    >>> env = Outputs(
    ...     "https://authentik.company", "netbird.company", "netbird", "5JXuw0qD", account=account
    ... ).netbird_env()
    >>> env["NETBIRD_USE_AUTH0"], env["NETBIRD_IDP_MGMT_EXTRA_PASSWORD"]
    (False, Secret(***))
    >>> next(iter(env.items()))
    ('NETBIRD_DOMAIN', 'netbird.company')
    >>> "NETBIRD_DOMAIN" in env, len(env) == len(dict(env))
    (True, True)
    >>> "cd34" in str(env), "cd34" in env.to_setup_env().expose()
    (False, True)
    """

    __hash__: ClassVar[None]  # type: ignore[assignment]
    variables: Final[tuple[Variable, ...]]
    """The variables, in the order in which they are written."""
    def __len__(self) -> int: ...
    def __contains__(self, name: object, /) -> bool: ...
    def __getitem__(self, name: str, /) -> _Value: ...
    def __iter__(self) -> Iterator[str]: ...
    @overload
    def get(self, name: str) -> _Value:
        """The value of a variable, or `default` if there is no such variable."""
    @overload
    def get(self, name: str, default: _Value | _T) -> _Value | _T: ...
    def keys(self) -> KeysView[str]:
        """The names, in the order in which they are written."""
    def values(self) -> ValuesView[_Value]:
        """The values, in the order in which they are written."""
    def items(self) -> ItemsView[str, _Value]:
        """The names with their values, in the order in which they are written."""
    def check(self) -> None:
        """Checks that NetBird reads every value as it is: done before a file is written.

        Raises:
            InvalidOutputsError: Every issue at once.
        """
    def to_setup_env(self) -> Secret:
        """A whole `setup.env`, with the password.

        Raises:
            InvalidOutputsError: A value that NetBird cannot read, or a password that is not known.
        """
    def merge_into(self, existing: str | Secret) -> Secret:
        """An existing `setup.env`, as text, with these variables in it: in one marked block at its end,
        earlier plain assignments of them as comments. Other lines stay.

        Raises:
            InvalidOutputsError: A value that NetBird cannot read, a password that is neither known nor
                in the file, or a line of the file that bash cannot read.
        """
    def diff(self, existing: str | Secret) -> tuple[VariableChange, ...]:
        """The changes of `merge_into` for bash, variable by variable, without secrets.

        Raises:
            InvalidOutputsError: As `merge_into`.
        """
    def to_compose_env(self) -> Secret:
        """The variables for docker compose's `env_file`.

        Raises:
            InvalidOutputsError: A value that NetBird or docker compose cannot read, or a password that
                is not known.
        """
    def to_json(self) -> Secret:
        """The variables as one JSON object, in order.

        Raises:
            InvalidOutputsError: A value that NetBird or docker compose cannot read, or a password that
                is not known.
        """
    def write(self, path: _Path) -> FileChange:
        """Merges into the `setup.env` at `path`, or creates it. Only its owner may read the file (mode
        0600 on Unix), and it is replaced in one step. Nothing is written when nothing differs.

        Raises:
            InvalidOutputsError: As `merge_into`. Nothing was written.
            FileError: The file cannot be read or written. Nothing was written.
        """
    def write_compose_env(self, path: _Path) -> FileChange:
        """Writes `to_compose_env` as `write` does, but as the whole file.

        Raises:
            InvalidOutputsError: As `to_compose_env`. Nothing was written.
            FileError: The file cannot be read or written. Nothing was written.
        """
    def write_json(self, path: _Path) -> FileChange:
        """Writes `to_json` as `write` does, but as the whole file.

        Raises:
            InvalidOutputsError: As `to_json`. Nothing was written.
            FileError: The file cannot be read or written. Nothing was written.
        """

@final
class FileChange(_Json[FileChangeDict], _Equal):
    """The change of a file. `str(change)` is a line for each variable that changed, without secrets."""

    kind: Final[FileChangeKind]
    """The change of the file itself."""
    variables: Final[tuple[VariableChange, ...]]
    """Variables that bash now reads with another value from a `setup.env`; none for other forms.
    """
    is_change: Final[bool]
    """Whether the file's content or mode changed."""

@final
class VariableChange(_Json[VariableChangeDict], _Equal):
    """A variable with another value, as bash reads it from the file. A value that may be a secret is
    `set` or `changed`, one that bash works out is `computed`.
    """

    name: Final[str]
    """The variable's name."""
    before: Final[str | None]
    """Its value before; `None` if it was not set."""
    after: Final[str | None]
    """Its value now; `None` if it is no longer set."""

def parse_setup_env(text: str | Secret) -> dict[str, Secret | None]:
    r"""The variables that bash has after `source setup.env`, by name; `None` for a value that bash would
    have to work out. Any value may be a password, so all are secrets.

    Raises:
        InvalidOutputsError: A line that bash cannot read, or that is not followed here (an `if`, a loop,
            a function, a here-document).

    >>> from authentik_netbird import parse_setup_env
    >>> for name, value in parse_setup_env('export A="b c" # ours\n').items():
    ...     print(name, value.expose())
    A b c
    """

@final
class Check(_Json[CheckDict], _Equal):
    """One thing that was checked. `str(check)` is a sentence with its hint."""

    name: Final[CheckName]
    """What."""
    status: Final[CheckStatus]
    """The result."""
    message: Final[str]
    """The finding, in one sentence."""
    hint: Final[str | None]
    """A remedy; `None` if there is nothing to do."""
    fixed_by_plan: Final[bool | None]
    """For a failure, whether a plan for the same options fixes it; `None`: not known without
    options or without an administrator's token.
    """

@final
class Expiry(_Json[ExpiryDict], _Equal):
    """When something that logins depend on expires."""

    kind: Final[ExpiryKind]
    """What."""
    name: Final[str]
    """Identifier of the app password, or name of the certificate-key pair."""
    expires: Final[datetime | None]
    """When, in UTC; `None`: never."""

@final
class Verification(_Json[VerificationDict], _Equal):
    """The report of a verification: each check in the order of `CheckName`. `str(verification)` is the
    report for people. It holds no secret.
    """

    authentik_url: Final[str]
    """authentik's base URL, without a slash at its end."""
    domain: Final[str]
    """NetBird's host name."""
    checks: Final[tuple[Check, ...]]
    """Every check, whatever its status."""
    expiries: Final[tuple[Expiry, ...]]
    """When what logins depend on expires, as far as an administrator's token showed it: the signing
    key only where the certificates were read, which `Client.status` does.
    """
    blocked: Final[str | None]
    """Where something failed: why there is no plan for the same options."""
    is_success: Final[bool]
    """Whether everything that NetBird needs is proved: no check failed, and none is unknown."""
    is_complete: Final[bool]
    """Whether every check could be judged."""
    def get(self, name: CheckName | str) -> Check | None:
        """A check, by its `CheckName` or its text; `None` if there is no check of that name."""
    def with_status(self, status: CheckStatus | str) -> tuple[Check, ...]:
        """The checks with this `CheckStatus`."""
    def raise_for_failures(self) -> None:
        """Does nothing if no check failed: for scripts that want to stop otherwise.

        Raises:
            VerificationError: A check failed; `verification` has all of them.
        """

@final
class Status(_Equal):
    """How an integration is: for an overview of many. It holds no secret."""

    verification: Final[Verification]
    """The checks of authentik as NetBird will use it, with the dates on which something expires that logins depend on.
    """
    plan: Final[Plan | None]
    """The drift, as a plan; `None` if something is in the way of a plan (`verification.blocked`), or the
    token does not show all that a plan needs: the check `administration` has the reason.
    """
    server_version: Final[str | None]
    """authentik's version; `None` if it cannot be read with this token."""

@final
class NetbirdSettings(_Equal, _Secret):
    """The settings that NetBird reads from its `setup.env` or `management.json`, as far as a verification asks, NetBird's
    own defaults filled in. Whatever a file is like, there are settings: what is wrong with it is a part of
    the report.
    """
    @staticmethod
    def parse(text: str | Secret) -> NetbirdSettings:
        """The settings in a `setup.env` or a `management.json`, told apart by their content."""
    @staticmethod
    def from_setup_env(text: str | Secret) -> NetbirdSettings:
        """The settings in a `setup.env`, such as one that someone wrote by hand. Nothing is run.

        >>> from authentik_netbird import NetbirdSettings
        >>> settings = NetbirdSettings.from_setup_env("NETBIRD_DOMAIN='netbird.company'")
        >>> settings.issues[0].field
        'NETBIRD_AUTH_OIDC_CONFIGURATION_ENDPOINT'
        """
    @staticmethod
    def from_management_json(text: str | Secret) -> NetbirdSettings:
        """The settings in NetBird's `management.json`, where there is no `setup.env` (Helm, NixOS) or both
        differ.
        """
    @staticmethod
    def from_env(env: NetbirdEnv) -> NetbirdSettings:
        """The settings that a `NetbirdEnv` would write. Checks that need a password which is not
        known there cannot be judged.
        """
    def with_data_store_key(
        self, current: str | Secret | None, generated: str | Secret
    ) -> NetbirdSettings:
        """With whether the next run of `configure.sh` keeps NetBird's data store key: it takes the key from
        the `management.json` beside it (`current`), and the one in use is in
        `artifacts/management.json` (`generated`).
        """
    domain: Final[str]
    """NetBird's host name; empty if the file does not say."""
    issuer: Final[str]
    """The issuer that the discovery document must name; empty if the file does not say."""
    authentik_url: Final[str | None]
    """authentik's base URL; its path ends in a slash. `None` if the file does not say."""
    application_slug: Final[str]
    """Slug of the application; empty if the file does not say."""
    issues: Final[tuple[Issue, ...]]
    """The problems of the file itself, each with its variable or line."""

def verify(settings: NetbirdSettings, *, options: ConnectionOptions | None = None) -> Verification:
    """Verifies NetBird's settings without an administrator's token: from a `setup.env` alone, also one
    that someone wrote by hand. At most four round trips; nothing is written.

    Checks that need an administrator are unknown; `Client.verify_settings` makes them. In asyncio:
    `await asyncio.to_thread(verify, settings)`.

    Args:
        settings: What NetBird reads from its `setup.env`.
        options: How to connect. Default: `ConnectionOptions()`.

    Raises:
        InvalidClientError: Options that are not valid. A failed request to authentik is not
            an error but a failed check.

    >>> from authentik_netbird import Client, NetbirdIntegration, NetbirdSettings, verify
    >>> from authentik_netbird.testing import AuthentikSimulator
    >>> with AuthentikSimulator() as authentik:
    ...     integration = NetbirdIntegration(authentik.url, "netbird.company")
    ...     with Client(authentik.url, token=authentik.token) as client:
    ...         outcome = client.apply(client.plan(integration))
    ...     settings = NetbirdSettings.from_env(outcome.outputs.netbird_env())
    ...     verify(settings).with_status("fail")
    ()
    """

def first_start(
    netbird_url: str,
    *,
    email: str,
    name: str,
    password: str | Secret,
    days: int = 30,
    options: ConnectionOptions | None = None,
) -> Secret:
    """Sets a new NetBird up and returns an access token of its owner, for `Client(netbird_token=…)`.

    NetBird's own `create_pat` is not used: with it the account has no domain, and everyone who logs in
    through authentik becomes the owner of a separate account. So the owner logs in once. Safe to run
    again: on a NetBird that is set up the owner of that password gets another token.

    Args:
        netbird_url: NetBird's base URL.
        email: The owner's e-mail address, the name at the login.
        name: The owner's name.
        password: The owner's password, as NetBird wants it: 8 to 72 characters.
        days: How long the token lasts, 1 to 365. Default: 30.
        options: How to connect. Default: `ConnectionOptions()`.

    Raises:
        InvalidClientError: URL, days or options that are not valid, or an owner whom NetBird refuses.
        TransportError, ApiError, UnexpectedResponseError, DecodeError: What the server can respond.

    >>> from authentik_netbird import first_start
    >>> from authentik_netbird.testing import NetbirdSimulator
    >>> with NetbirdSimulator(set_up=False) as netbird:
    ...     first_start(
    ...         netbird.url, email="owner@company", name="Owner", password="correct horse battery"
    ...     )
    Secret(***)
    """

def netbird_instance(
    netbird_url: str,
    *,
    token: str | Secret | None = None,
    options: ConnectionOptions | None = None,
) -> NetbirdInstance:
    """Asks a NetBird what it is, in one round trip. It needs no token: one that is given is
    tried, and goes to this server alone.

    Args:
        netbird_url: NetBird's base URL.
        token: An access token to try. Default: none.
        options: How to connect. Default: `ConnectionOptions()`.

    Raises:
        InvalidClientError: URL, token or options that are not valid.
        TransportError, ApiError, UnexpectedResponseError, DecodeError: What the server can respond.

    >>> from authentik_netbird import netbird_instance
    >>> from authentik_netbird.testing import NetbirdSimulator
    >>> with NetbirdSimulator(set_up=False) as netbird:
    ...     netbird_instance(netbird.url)
    NetbirdInstance(mode='connector', setup_required=True, accepts_token=None)
    """

@final
class NetbirdInstance(_Equal):
    """A NetBird's report about itself, see `netbird_instance`."""

    mode: Final[Mode]
    """The mode that it is for: one with the embedded identity provider is `Mode.CONNECTOR`."""
    setup_required: Final[bool]
    """Whether it has no owner yet, see `first_start`."""
    accepts_token: Final[bool | None]
    """Whether it accepts the access token; `None`: none was given."""

@final
class ConnectionOptions:
    """How to connect to a server.

    Args:
        root_certificates: Certificates of a private authority, PEM, one or more, trusted as well as
            the operating system's. Default: none.
        danger_accept_invalid_certs: Whether to accept any certificate, so that anyone in between can
            read tokens and passwords. For experiments. Default: False.
        allow_http: Whether to send the token over plain `http` to other machines than this one, so
            that anyone in between can read it. Default: False.
        timeout: Longest wait for one response, in seconds. Default: 30.
        connect_timeout: Longest wait for a connection, in seconds. Default: 10.
        retry_timeout: How long a read is retried after a failure that may pass, in seconds. Default:
            15; 0: never.
        user_agent: The `User-Agent` header. Default: `authentik-netbird/` and the version.

    Invalid ones are reported when a client is created.

    >>> from authentik_netbird import Client, ConnectionOptions
    >>> options = ConnectionOptions(timeout=5, retry_timeout=0)
    >>> Client("https://authentik.company", token="ak-token", options=options).closed
    False
    """
    def __new__(
        cls,
        *,
        root_certificates: str | bytes | None = None,
        danger_accept_invalid_certs: bool = False,
        allow_http: bool = False,
        timeout: float = 30.0,
        connect_timeout: float = 10.0,
        retry_timeout: float = 15.0,
        user_agent: str | None = None,
    ) -> Self: ...

@final
class Client(_Secret):
    """A connection to one authentik, with a token.

    Any number of threads may share it; the interpreter is released during every wait, and Ctrl-C
    stops a call at once: nothing more is sent, a write that is on its way is not cut off, and the
    next run completes what is missing. The token goes to this server alone, over `https` or to
    loopback. A proxy is taken from the environment (`HTTPS_PROXY`, `NO_PROXY`).

    Args:
        authentik_url: authentik's base URL (`https`, or `http` to loopback).
        token: API token of an administrator. Surrounding white space is dropped.
        netbird_url: NetBird's base URL, for the connector mode. Default: NetBird's part is left out.
        netbird_token: Access token of an owner or administrator of NetBird's account (`nbp_…`). It goes to
            NetBird alone.
        options: How to connect. Default: `ConnectionOptions()`.

    Raises:
        InvalidClientError: Everything that is wrong, at once.

    >>> from authentik_netbird import Client
    >>> with Client("https://authentik.company", token="ak-token") as client:
    ...     print(client)
    Client('https://authentik.company/', token=Secret(***))
    """
    def __new__(
        cls,
        authentik_url: str,
        *,
        token: str | Secret,
        netbird_url: str | None = None,
        netbird_token: str | Secret | None = None,
        options: ConnectionOptions | None = None,
    ) -> Self: ...
    url: Final[str]
    """authentik's base URL; its path ends in a slash."""
    netbird_url: Final[str | None]
    """NetBird's base URL; its path ends in a slash. `None`: the client is of authentik alone."""
    closed: Final[bool]
    """Whether it was closed."""
    @classmethod
    def from_env(cls, *, options: ConnectionOptions | None = None) -> Self:
        """A client of the authentik that the environment names: `AUTHENTIK_URL`, with the token in
        `AUTHENTIK_TOKEN`; and of the NetBird of `NETBIRD_URL` and `NETBIRD_TOKEN`, if both are set.

        Args:
            options: How to connect. Default: `ConnectionOptions()`.

        Raises:
            InvalidClientError: Everything that is wrong, at once; a variable that is not set, too.

        >>> import os
        >>> from authentik_netbird import Client
        >>> os.environ.update(AUTHENTIK_URL="https://authentik.company", AUTHENTIK_TOKEN="ak-token")
        >>> with Client.from_env() as client:
        ...     print(client)
        Client('https://authentik.company/', token=Secret(***))
        """
    def _for_asyncio(self) -> Client: ...
    def detect_mode(self) -> Mode | None:
        """Asks NetBird which mode it is in, in one round trip and without its token: one with the embedded identity
        provider is `Mode.CONNECTOR`. `None`: the client has no NetBird, or that does not say.

        Raises:
            ClientClosedError: The client is closed.
        """
    def plan(self, integration: NetbirdIntegration) -> Plan:
        """Reads the server and plans a set-up. Nothing is written, and no secret is read.

        Raises:
            InvalidPlanError: The integration is for another server than the client.
            MissingError, AmbiguousError, ConflictError, UnsupportedVersionError: There is no safe
                plan; `blockers` has everything that is in the way.
            TransportError, AuthentikTimeoutError, PermissionDeniedError, ApiError,
                UnexpectedResponseError, DecodeError: Reading failed.
            ClientClosedError: The client is closed.
        """
    def export_terraform(self, integration: NetbirdIntegration) -> str:
        """Reads the server and gives the integration as Terraform's HCL, with `import` blocks for what exists.
        Nothing is written, and it holds no secret.

        Raises:
            InvalidPlanError: The integration is for another server than the client.
            ClientClosedError: The client is closed. Also the errors of `plan`.
        """
    def plan_teardown(self, integration: NetbirdIntegration) -> Plan:
        """Reads the server and plans the removal of what an integration created, and of nothing else.
        Nothing is written; `apply` carries the plan out. An object that something else
        uses, that someone extended, or that belongs to something else is kept, and named in the plan
        with the reason.

        Raises:
            InvalidPlanError: The integration is for another server than the client.
            AmbiguousError, UnsupportedVersionError: There is no safe plan.
            ClientClosedError: The client is closed. Also the errors of `plan`.
        """
    def plan_rotate(
        self, integration: NetbirdIntegration, *, expiry: _AppPasswordExpiry = "keep"
    ) -> Plan:
        """Reads the server and plans another value for the service account's app password. Nothing is
        written; `apply` generates the value and sets it. The old one stops working at that moment:
        write `setup.env` and run `CONFIGURE_COMMANDS` at once, or every login fails.

        Args:
            integration: Whose.
            expiry: `keep` leaves the expiry as it is, which is the default; `never` removes it.
                authentik sets no other one on an existing password.

        Raises:
            MissingError: Provider, account or a valid app password do not exist: apply a plan first.
            ClientClosedError: The client is closed. Also the errors of `plan`.
        """
    def with_authors(self, plan: Plan) -> Plan:
        """The same plan, with who last changed what it corrects, as far as authentik's event log may be
        read. For people: applying does not need it, and it is one request more where there is drift.

        Raises:
            ClientClosedError: The client is closed.
        """
    def refresh(self, plan: Plan) -> Plan:
        """Plans again what a saved plan is for, and returns that plan: its warnings, names and reasons are
        today's, whatever the file says. For people who are to confirm it; `apply` does the same by
        itself.

        Raises:
            StalePlanError: Planning again gives other operations, or warnings that the plan does not
                have.
            InvalidPlanError: As `apply`.
            ClientClosedError: The client is closed. Also the errors of `plan`.
        """
    def apply(self, plan: Plan, *, on_event: _Listener | None = None) -> Outcome:
        """Carries a plan out.

        A plan that this process made in the last 30 seconds is carried out as it is. For any other
        one the server is read again first.

        Args:
            plan: The plan.
            on_event: Called with each `ApplyEvent` as it happens, on this thread, or in the event loop.
                An exception in it stops the work and is raised here. Default: none.

        Raises:
            StalePlanError, InvalidPlanError: Before anything is written.
            PartialApplyError: With what was applied, what failed and what was skipped in `report`.
            ClientClosedError: The client is closed.
        """
    def provision(self, integration: NetbirdIntegration, path: _Path) -> Provisioned:
        """Sets authentik up and writes NetBird's `setup.env`: plan, apply, and merge into the file. Safe to
        run again: what is up to date is left alone, in authentik and in the file. The app password is
        read from authentik only if this run did not create it and the file has none.

        Raises:
            InvalidOutputsError: As `NetbirdEnv.merge_into`. The file was not written; running again
                completes it.
            FileError: The file cannot be read or written. Running again completes it.
            ClientClosedError: The client is closed; and all that `plan` and `apply` raise.

        >>> from authentik_netbird import Client, NetbirdIntegration
        >>> from authentik_netbird.testing import AuthentikSimulator
        >>> with AuthentikSimulator() as authentik:
        ...     integration = NetbirdIntegration(authentik.url, "netbird.company")
        ...     with Client(authentik.url, token=authentik.token) as client:
        ...         first = client.provision(integration, "setup.env")
        ...         second = client.provision(integration, "setup.env")
        >>> first.outcome.report.changed, second.outcome.report.changed, second.file.is_change
        (12, 0, False)
        """
    def provision_plan(
        self, plan: Plan, path: _Path, *, on_event: _Listener | None = None
    ) -> Provisioned:
        """`provision` for a plan that was made before, of a set-up or a rotation.

        Args:
            plan: The plan.
            path: The `setup.env`.
            on_event: As for `apply`.

        Raises:
            InvalidPlanError: It is a teardown, which has no outputs; and as `apply`.
            ClientClosedError: The client is closed; and all that `provision` raises.
        """
    def outputs(self, integration: NetbirdIntegration) -> Outputs:
        """The outputs for NetBird, from a server that is set up, with the app password's value. Reading it
        leaves an event in authentik's log; nothing else is written.

        Raises:
            MissingError: Provider or app password do not exist yet: apply a plan first.
            ClientClosedError: The client is closed.
        """
    def verify(self, integration: NetbirdIntegration, outputs: Outputs) -> Verification:
        """Asks authentik what NetBird will ask with these outputs, and reads what tells causes apart. At
        most four round trips; nothing is written.

        Without a password in the outputs the check `token` is unknown.

        Raises:
            InvalidPlanError: The integration is for another server than the client.
            InvalidOutputsError: NetBird could not carry the outputs.
            ClientClosedError: The client is closed. A failed request to authentik is not
                an exception but a failed check.
        """
    def verify_settings(
        self, settings: NetbirdSettings, integration: NetbirdIntegration | None = None
    ) -> Verification:
        """Verifies the settings that NetBird has, whatever state authentik is in. At most four round
        trips; nothing is written.

        The token goes to this client's server alone, and a file's password to the server that the file
        names.

        Args:
            settings: From a file (`NetbirdSettings.parse`), whose password is tried, or from authentik
                (`netbird_settings`).
            integration: The integration that the file should be for.

        Raises:
            InvalidPlanError: The integration is for another server than the client.
            ClientClosedError: The client is closed. A failed request to authentik is not
                an exception but a failed check.
        """
    def netbird_settings(self, integration: NetbirdIntegration) -> NetbirdSettings:
        """The settings that NetBird should have, from what authentik has: the client id of the
        application's provider, and the app password, which leaves an event in authentik's log. What
        authentik does not have is not known in them.

        Raises:
            InvalidPlanError: The integration is for another server than the client.
            ClientClosedError: The client is closed.
        """
    def status(self, integration: NetbirdIntegration) -> Status:
        """Verifies what authentik has for an integration, and plans it, from one reading of the servers.
        Nothing is written.

        Raises:
            InvalidPlanError: The integration is for another server than the client.
            ClientClosedError: The client is closed. A failed request to the servers is not
                an exception but a failed check.

        >>> from authentik_netbird import Client, NetbirdIntegration
        >>> from authentik_netbird.testing import AuthentikSimulator
        >>> with AuthentikSimulator() as authentik:
        ...     integration = NetbirdIntegration(authentik.url, "netbird.company")
        ...     with Client(authentik.url, token=authentik.token) as client:
        ...         client.apply(client.plan(integration))
        ...         status = client.status(integration)
        <Outcome: 12 applied>
        >>> status.plan.has_changes
        False
        >>> [str(expiry.kind) for expiry in status.verification.expiries]
        ['app_password', 'signing_key']
        """
    def stop(self) -> None:
        """Asks every apply under way to end: writes in flight are completed, nothing more is started,
        and the apply raises `PartialApplyError`, whose report says what was applied. For handlers of
        signals and other threads.
        """
    def close(self) -> None:
        """Closes it. Calls of other threads are completed; later ones raise `ClientClosedError`."""
    def __enter__(self) -> Self: ...
    def __exit__(
        self,
        exc_type: type[BaseException] | None = None,
        exc_value: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None: ...

@final
class LoggedRequest(_Equal):
    """A request that a simulator was sent, without its headers and bodies: those hold secrets."""

    sequence: Final[int]
    """Counts from 0, in the order in which requests were read."""
    method: Final[str]
    """Method, such as `POST`."""
    path: Final[str]
    """Path with its query, as it was sent."""
    status: Final[int | None]
    """Status of the answer; `None` as long as there is none, and for a connection that was cut."""
    started: Final[float]
    """When it had been read, in seconds since the simulator's start."""
    committed: Final[float | None]
    """When authentik's work for it was done, and written what it writes, in seconds since the
    simulator's start; `None` where none was done.
    """
    finished: Final[float | None]
    """When its answer was ready, in seconds since the simulator's start."""
    is_write: Final[bool]
    """Whether it asks for a change of the configuration."""

@final
class FaultAnswer(_Equal):
    """An answer that does not come from the simulated authentik, but from something in front of it.

    Args:
        status: HTTP status.
        headers: Pairs of name and value. Default: none.
        body: Body. Default: empty.

    >>> from authentik_netbird.testing import FaultAnswer
    >>> FaultAnswer.html(502, "<h1>Bad Gateway</h1>").headers
    (('content-type', 'text/html; charset=utf-8'),)
    """
    def __new__(
        cls,
        status: int,
        *,
        headers: Sequence[tuple[str, str]] | None = None,
        body: str = "",
    ) -> Self: ...
    @staticmethod
    def empty(status: int) -> FaultAnswer:
        """An empty answer without a content type, as a bare 405 is."""
    @staticmethod
    def html(status: int, body: str) -> FaultAnswer:
        """An HTML page, as a proxy sends it."""
    @staticmethod
    def with_body(status: int, content_type: str, body: str) -> FaultAnswer:
        """Any body with its content type."""
    def header(self, name: str, value: str) -> FaultAnswer:
        """The same with one more header."""
    status: Final[int]
    """HTTP status."""
    headers: Final[tuple[tuple[str, str], ...]]
    """Pairs of name and value."""
    body: Final[str]
    """Body."""

@final
class Effect(_Equal):
    """The effect of a fault on the requests that it matches.

    >>> from authentik_netbird.testing import Effect
    >>> Effect.cut() == Effect.hang()
    False
    """
    @staticmethod
    def cut() -> Effect:
        """The connection is closed without an answer."""
    @staticmethod
    def reset() -> Effect:
        """The connection is reset without an answer: TCP's RST, as a server that crashed and a firewall
        send it.
        """
    @staticmethod
    def refuse() -> Effect:
        """New connections are closed before anything is read from them."""
    @staticmethod
    def delay(seconds: float) -> Effect:
        """The answer comes that many seconds later. Without `after_commit` the work is done later, too,
        whether or not someone still waits for the answer.
        """
    @staticmethod
    def hang() -> Effect:
        """The answer never comes, and the connection stays open."""
    @staticmethod
    def answer(answer: FaultAnswer) -> Effect:
        """Another answer comes."""
    @staticmethod
    def truncate() -> Effect:
        """The right answer comes, and breaks off in the middle of its body."""
    @staticmethod
    def slow(seconds: float) -> Effect:
        """The right answer comes, its body in pieces; the last one after that many seconds."""
    @staticmethod
    def flood(size: int) -> Effect:
        """The right answer comes, after that many bytes of white space in its body."""
    @staticmethod
    def endless_pages() -> Effect:
        """The right answer comes; of a list always the first page, and it says that there is another
        one.
        """
    @staticmethod
    def replace(text: str, by: str) -> Effect:
        """The right answer comes with one text of its body replaced, wherever it is: what a proxy that
        rewrites does.
        """

@final
class Fault:
    """A rule: which requests to a simulator, and what becomes of them.

    Args:
        effect: The effect on the requests.
        on_method: Only requests with this method. Default: all.
        on_path: Only requests whose path, with its query, contains this text. Default: all.
        skip: Lets the first so many matching requests pass. Default: none.
        every: Acts on every n-th matching request only. Default: 1, each of them.
        times: Acts so many times, then never again. Default: without end.
        after_commit: Lets the simulated authentik do its work first: what was written is written.
            Default: no.

    >>> from authentik_netbird.testing import AuthentikSimulator, Effect, Fault, FaultAnswer
    >>> with AuthentikSimulator() as authentik:
    ...     # The first application is made, but nobody hears of it.
    ...     authentik.add_fault(Fault(
    ...         Effect.cut(), on_method="POST", on_path="/core/applications/", times=1,
    ...         after_commit=True,
    ...     ))
    ...     # Every second request, from the third on, finds the proxy busy.
    ...     busy = FaultAnswer.empty(429).header("retry-after", "1")
    ...     authentik.add_fault(Fault(Effect.answer(busy), skip=2, every=2))
    """
    def __new__(
        cls,
        effect: Effect,
        *,
        on_method: str | None = None,
        on_path: str | None = None,
        skip: int = 0,
        every: int = 1,
        times: int | None = None,
        after_commit: bool = False,
    ) -> Self: ...

@disjoint_base
class Simulator(_Secret):
    """A simulated server in memory, on a free port of 127.0.0.1: what `AuthentikSimulator` and
    `NetbirdSimulator` have in common.

    It runs from the moment that it is made, on a separate thread, until it is closed. As a context
    manager it closes itself.
    """

    url: Final[str]
    """Where it listens: `http://127.0.0.1:PORT`."""
    token: Final[Secret]
    """The administrator's token: the key of akadmin's, or the personal access token of NetBird's owner.
    """
    requests: Final[tuple[LoggedRequest, ...]]
    """Every request since the start, or since `clear_requests`, in the order in which they were
    read.
    """
    closed: Final[bool]
    """Whether it was closed."""
    def clear_requests(self) -> None:
        """Forgets the requests so far."""
    def dump(self) -> dict[str, Any]:
        """The whole state, keys and secrets included, as plain dicts in a stable order: for comparing
        before and after.
        """
    def set_latency(self, latency: float) -> None:
        """Changes the latency, in seconds, from the next request on."""
    def set_jitter(self, max_wait: float, seed: int) -> None:
        """Makes requests overtake each other, from the next one on: what comes in is checked, done and
        answered after waits of random length, each `max_wait` seconds at most. They are drawn from
        `seed`. Zero, the default, checks and does everything in one.
        """
    def set_clock_offset(self, seconds: int) -> None:
        """Puts the simulator's clock ahead of the real one, or behind it with a negative number of
        seconds.
        """
    def add_fault(self, fault: Fault) -> None:
        """Adds a fault. Of several that match a request, the one that was added first acts."""
    def clear_faults(self) -> None:
        """Removes all faults."""
    def close(self) -> None:
        """Stops it."""
    def __enter__(self) -> Self: ...
    def __exit__(
        self,
        exc_type: type[BaseException] | None = None,
        exc_value: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None: ...

@final
class AuthentikSimulator(Simulator):
    """A factory-fresh authentik in memory, on a free port of 127.0.0.1: for testing your own scripts.

    It runs from the moment that it is made, on a separate thread, until it is closed. As a context
    manager it closes itself.

    Args:
        release: Which authentik: `2024.12`, `2025.10`, `2025.12`, `2026.2` or `2026.5`, the default.
        port: The port. Default: 0, a free one.
        latency: No answer comes sooner than this after its request, in seconds. Default: 0.
        token: Key of akadmin's API token. Default: `ak-simulator-admin-token`.
        path: The path that authentik is under, such as `/authentik/`. Default: `/`, the whole host.

    Raises:
        OSError: The port is taken.
        ValueError: No such release.

    >>> from authentik_netbird import Client, NetbirdIntegration
    >>> from authentik_netbird.testing import AuthentikSimulator
    >>> with AuthentikSimulator(release="2025.10", latency=0.001) as authentik:
    ...     with Client(authentik.url, token=authentik.token) as client:
    ...         plan = client.plan(NetbirdIntegration(authentik.url, "netbird.company"))
    ...     len(authentik.requests)
    14
    """
    def __new__(
        cls,
        *,
        release: _Release = "2026.5",
        port: int = 0,
        latency: float = 0.0,
        token: str | Secret | None = None,
        path: str = "/",
    ) -> Self: ...
    release: Final[Release]
    """The release that it simulates."""

@final
class NetbirdSimulator(Simulator):
    """A NetBird with the embedded identity provider in memory, set up by its owner, on a free port of 127.0.0.1:
    for testing your own scripts.

    Before it takes an identity provider it fetches the discovery document of the issuer, as NetBird does:
    usually from an `AuthentikSimulator`.

    Args:
        port: The port. Default: 0, a free one.
        latency: No answer comes sooner than this after its request, in seconds. Default: 0.
        token: The owner's personal access token. Default: `nbp_simulatorOwnerToken00000000000000000`.
        public_url: Where people reach it; the embedded identity provider's issuer and redirect URI are
            below it. Default: `https://netbird.company`.
        embedded: Whether it has the embedded identity provider. Default: True.
        set_up: Whether its owner has set it up. Default: True.
        setup_pat_enabled: `NB_SETUP_PAT_ENABLED`: whether `POST /api/setup` creates a token. Default: False.
        issuer_timeout: How long it waits for an issuer, in seconds. Default: 10.

    Raises:
        OSError: The port is taken.

    >>> from authentik_netbird.testing import NetbirdSimulator
    >>> with NetbirdSimulator() as netbird:
    ...     netbird.dump()["accounts"][0]["domain"]
    'netbird.selfhosted'
    """
    def __new__(
        cls,
        *,
        port: int = 0,
        latency: float = 0.0,
        token: str | Secret | None = None,
        public_url: str = "https://netbird.company",
        embedded: bool = True,
        set_up: bool = True,
        setup_pat_enabled: bool = False,
        issuer_timeout: float = 10.0,
    ) -> Self: ...
    def log_in(
        self, authentik: AuthentikSimulator, identity_provider: str, username: str
    ) -> Secret:
        """Somebody with an account in authentik logs in through an identity provider, all the way through
        NetBird and authentik. Returns the token for `Authorization: Bearer …`; raises `RuntimeError` with
        the page on which the login ends.
        """
    def log_in_locally(self, email: str, password: str | Secret) -> Secret:
        """Somebody with a password in NetBird itself logs in, such as the owner. Returns the token for
        `Authorization: Bearer …`; raises `RuntimeError` with the page on which the login ends.
        """
    def restart(self) -> None:
        """Stops NetBird and starts it again: only then a change of an identity provider takes effect, once
        somebody has logged in through it.
        """

def round_trips(requests: Sequence[LoggedRequest]) -> int:
    """How many round trips the requests took: requests sent at the same time count as one.

    >>> from authentik_netbird.testing import round_trips
    >>> round_trips([])
    0
    """

def _options() -> list[OptionDict]: ...
def guide_heading(step: GuideStep | str) -> str:
    """The heading of a step of the guide."""

def _unpickle(kind: type[Any], json: str) -> Any: ...
def _panic(in_call: bool) -> None: ...
