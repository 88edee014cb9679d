"""The API in Rust. Import from `authentik_netbird` and `authentik_netbird.testing` instead.

What each thing does, its defaults, errors and examples are in the docstrings at run time:
`help(authentik_netbird.Plan)`.
"""

from collections.abc import Callable, ItemsView, Iterator, KeysView, Mapping, Sequence, ValuesView
from datetime import datetime
from os import PathLike
from types import TracebackType
from typing import Any, ClassVar, Final, Literal, TypeAlias, TypeVar, final, overload

from typing_extensions import Self, disjoint_base

from authentik_netbird.enums import (
    ApiClientMigration,
    ApplyEventKind,
    AppPasswordExpiry,
    BlockerKind,
    CheckName,
    CheckStatus,
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
    Verb,
    WarningKind,
)

_Path: TypeAlias = str | PathLike[str]
# Generated from the table of options (tests/it/generated.rs). Do not edit.
_Mode: TypeAlias = Mode | Literal["standalone"]
_RedirectUris: TypeAlias = RedirectUris | Literal["recommended", "as_in_guide"]
_ServiceAccount: TypeAlias = (
    ServiceAccount | Literal["administrator", "user_reader", "user_deleter", "none"]
)
_ApiClientMigration: TypeAlias = ApiClientMigration | Literal["none", "add_client", "remove_scope"]
# End of what is generated.
_MatchingMode: TypeAlias = MatchingMode | Literal["strict", "regex"]
_AppPasswordExpiry: TypeAlias = AppPasswordExpiry | Literal["keep", "never"]
_Release: TypeAlias = Release | Literal["2024.12", "2025.10", "2025.12", "2026.2", "2026.5"]

_Value: TypeAlias = str | bool | int | Secret | None
_T = TypeVar("_T")
_Listener: TypeAlias = Callable[[ApplyEvent], object]

CONFIGURE_COMMANDS: str
__version__: str

# What classes have in common; at run time they are no bases.
class _Hashable:
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

class _Equal:
    __hash__: ClassVar[None]  # type: ignore[assignment]
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...

class _Json:
    def to_dict(self) -> dict[str, Any]: ...
    def to_json(self) -> str: ...
    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> Self: ...
    @classmethod
    def from_json(cls, text: str) -> Self: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

class _Secret:
    def __reduce__(self) -> Any: ...

@final
class Secret(_Equal, _Secret):
    def __new__(cls, text: str) -> Self: ...
    def expose(self) -> str: ...
    is_empty: Final[bool]
    def __copy__(self) -> Self: ...
    def __deepcopy__(self, memo: object) -> Self: ...

@final
class Issue(_Json, _Hashable):
    def __new__(cls, field: str, message: str, hint: str) -> Self: ...
    field: Final[str]
    message: Final[str]
    hint: Final[str]

@final
class Resource(_Json, _Hashable):
    def __new__(cls, kind: str, name: str) -> Self: ...
    kind: Final[str]
    name: Final[str]

@final
class Blocker(_Json, _Equal):
    kind: Final[BlockerKind]
    resource: Final[Resource]
    message: Final[str]
    matches: Final[tuple[str, ...]]
    hint: Final[str]

@final
class RedirectUri(_Json, _Hashable):
    def __new__(cls, url: str, *, matching_mode: _MatchingMode = "strict") -> Self: ...
    @staticmethod
    def strict(url: str) -> RedirectUri: ...
    @staticmethod
    def regex(url: str) -> RedirectUri: ...
    url: Final[str]
    matching_mode: Final[MatchingMode]
    def replace(self, **changes: str) -> RedirectUri: ...
    def __replace__(self, **changes: str) -> RedirectUri: ...

@final
class NetbirdIntegration(_Json, _Hashable):
    # Generated from the table of options (tests/it/generated.rs). Do not edit.
    def __new__(
        cls,
        authentik_url: str,
        domain: str,
        *,
        mode: _Mode = "standalone",
        public_url: str | None = None,
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
        """How NetBird and authentik are connected. `standalone` is the guide's way."""
    @property
    def public_url(self) -> str | None:
        """Address at which NetBird and browsers reach authentik, where API calls go to another one,
        such as a forwarded port. It goes into `setup.env`. By default `authentik_url`.
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
    def replace(
        self,
        *,
        authentik_url: str = ...,
        domain: str = ...,
        mode: _Mode = ...,
        public_url: str | None = ...,
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
    ) -> NetbirdIntegration: ...
    # End of what is generated.
    def all_redirect_uris(self) -> tuple[RedirectUri, ...]: ...
    def preview(self) -> Plan: ...
    def __replace__(self, **changes: Any) -> NetbirdIntegration: ...
    @staticmethod
    def from_file(path: _Path) -> NetbirdIntegration: ...

@final
class FieldValue(_Equal):
    kind: Final[FieldValueKind]
    value: Final[Any]

@final
class FieldChange(_Json, _Equal):
    path: Final[str]
    before: Final[FieldValue]
    after: Final[FieldValue]

@final
class ChangedBy(_Json, _Equal):
    user: Final[str]
    at: Final[datetime | None]

@final
class Operation(_Json, _Equal):
    id: Final[str]
    server: Final[Server]
    resource: Final[Resource]
    verb: Final[Verb]
    is_change: Final[bool]
    reason: Final[str]
    guide: Final[GuideStep]
    depends_on: Final[tuple[str, ...]]
    changes: Final[tuple[FieldChange, ...]]
    changed_by: Final[ChangedBy | None]
    write: Final[dict[str, Any] | None]

@final
class PlanWarning(_Json, _Equal):
    kind: Final[WarningKind]
    message: Final[str]
    hint: Final[str]

@final
class Existing(_Json, _Equal):
    client_id: Final[str | None]
    api_client_id: Final[str | None]
    app_password: Final[str | None]

@final
class Plan(_Json, _Equal):
    format_version: Final[int]
    purpose: Final[Purpose]
    integration: Final[NetbirdIntegration]
    server_version: Final[str | None]
    offline: Final[bool]
    operations: Final[tuple[Operation, ...]]
    changes: Final[tuple[Operation, ...]]
    has_changes: Final[bool]
    warnings: Final[tuple[PlanWarning, ...]]
    missing_permissions: Final[tuple[str, ...]]
    existing: Final[Existing]
    names: Final[dict[str, str]]

@final
class ReportEntry(_Json, _Equal):
    operation: Final[str]
    verb: Final[Verb]
    resource: Final[Resource]
    state: Final[OperationState]
    message: Final[str | None]

@final
class ApplyReport(_Json, _Equal):
    entries: Final[tuple[ReportEntry, ...]]
    changed: Final[int]

@final
class ApplyEvent(_Equal):
    kind: Final[ApplyEventKind]
    operation: Final[Operation | None]
    entry: Final[ReportEntry | None]

@final
class AccountOutputs(_Equal, _Secret):
    def __new__(
        cls,
        username: str,
        *,
        app_password: Secret | str | None = None,
        app_password_identifier: str | None = None,
    ) -> Self: ...
    username: Final[str]
    app_password: Final[Secret | None]
    app_password_identifier: Final[str | None]

@final
class Outputs(_Equal, _Secret):
    def __new__(
        cls,
        authentik_url: str,
        domain: str,
        application_slug: str,
        client_id: str,
        *,
        api_client_id: str | None = None,
        account: AccountOutputs | None = None,
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
    ) -> Outputs: ...
    authentik_url: Final[str]
    domain: Final[str]
    application_slug: Final[str]
    client_id: Final[str]
    api_client_id: Final[str | None]
    account: Final[AccountOutputs | None]
    device_flow: Final[bool]
    reverse_proxy: Final[bool]
    issuer: Final[str]
    openid_configuration_endpoint: Final[str]
    def to_dict(self) -> dict[str, Any]: ...
    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> Self: ...
    def netbird_env(self) -> NetbirdEnv: ...

@final
class Outcome(_Secret):
    report: Final[ApplyReport]
    outputs: Final[Outputs | None]

@final
class Provisioned(_Secret):
    plan: Final[Plan]
    outcome: Final[Outcome]
    file: Final[FileChange]

@final
class Variable(_Equal, _Secret):
    name: Final[str]
    value: Final[_Value]
    source: Final[str]
    guide: Final[GuideStep | None]

@final
class NetbirdEnv(Mapping[str, _Value], _Secret):
    __hash__: ClassVar[None]  # type: ignore[assignment]
    variables: Final[tuple[Variable, ...]]
    def __len__(self) -> int: ...
    def __contains__(self, name: object, /) -> bool: ...
    def __getitem__(self, name: str, /) -> _Value: ...
    def __iter__(self) -> Iterator[str]: ...
    @overload
    def get(self, name: str) -> _Value: ...
    @overload
    def get(self, name: str, default: _Value | _T) -> _Value | _T: ...
    def keys(self) -> KeysView[str]: ...
    def values(self) -> ValuesView[_Value]: ...
    def items(self) -> ItemsView[str, _Value]: ...
    def check(self) -> None: ...
    def to_setup_env(self) -> Secret: ...
    def merge_into(self, existing: str | Secret) -> Secret: ...
    def diff(self, existing: str | Secret) -> tuple[VariableChange, ...]: ...
    def to_compose_env(self) -> Secret: ...
    def to_json(self) -> Secret: ...
    def write(self, path: _Path) -> FileChange: ...
    def write_compose_env(self, path: _Path) -> FileChange: ...
    def write_json(self, path: _Path) -> FileChange: ...

@final
class FileChange(_Json, _Equal):
    kind: Final[FileChangeKind]
    variables: Final[tuple[VariableChange, ...]]
    is_change: Final[bool]

@final
class VariableChange(_Json, _Equal):
    name: Final[str]
    before: Final[str | None]
    after: Final[str | None]

def parse_setup_env(text: str | Secret) -> dict[str, Secret | None]: ...

@final
class Check(_Json, _Equal):
    name: Final[CheckName]
    status: Final[CheckStatus]
    message: Final[str]
    hint: Final[str | None]
    fixed_by_plan: Final[bool | None]

@final
class Verification(_Json, _Equal):
    authentik_url: Final[str]
    domain: Final[str]
    checks: Final[tuple[Check, ...]]
    blocked: Final[str | None]
    is_success: Final[bool]
    is_complete: Final[bool]
    def get(self, name: CheckName | str) -> Check | None: ...
    def with_status(self, status: CheckStatus | str) -> tuple[Check, ...]: ...
    def raise_for_failures(self) -> None: ...

@final
class NetbirdSettings(_Equal, _Secret):
    @staticmethod
    def parse(text: str | Secret) -> NetbirdSettings: ...
    @staticmethod
    def from_setup_env(text: str | Secret) -> NetbirdSettings: ...
    @staticmethod
    def from_management_json(text: str | Secret) -> NetbirdSettings: ...
    @staticmethod
    def from_env(env: NetbirdEnv) -> NetbirdSettings: ...
    def with_data_store_key(
        self, current: str | Secret | None, generated: str | Secret
    ) -> NetbirdSettings: ...
    domain: Final[str]
    issuer: Final[str]
    authentik_url: Final[str | None]
    application_slug: Final[str]
    issues: Final[tuple[Issue, ...]]

def verify(
    settings: NetbirdSettings, *, options: ConnectionOptions | None = None
) -> Verification: ...

@final
class ConnectionOptions:
    def __new__(
        cls,
        *,
        root_certificates: str | bytes | None = None,
        danger_accept_invalid_certs: bool = False,
        timeout: float = 30.0,
        connect_timeout: float = 10.0,
        retry_timeout: float = 15.0,
        user_agent: str | None = None,
    ) -> Self: ...

@final
class Client(_Secret):
    def __new__(
        cls,
        authentik_url: str,
        *,
        token: str | Secret,
        options: ConnectionOptions | None = None,
    ) -> Self: ...
    url: Final[str]
    closed: Final[bool]
    @classmethod
    def from_env(cls, *, options: ConnectionOptions | None = None) -> Self: ...
    def _for_asyncio(self) -> Client: ...
    def plan(self, integration: NetbirdIntegration) -> Plan: ...
    def plan_teardown(self, integration: NetbirdIntegration) -> Plan: ...
    def plan_rotate(
        self, integration: NetbirdIntegration, *, expiry: _AppPasswordExpiry = "keep"
    ) -> Plan: ...
    def with_authors(self, plan: Plan) -> Plan: ...
    def refresh(self, plan: Plan) -> Plan: ...
    def apply(self, plan: Plan, *, on_event: _Listener | None = None) -> Outcome: ...
    def provision(self, integration: NetbirdIntegration, path: _Path) -> Provisioned: ...
    def provision_plan(
        self, plan: Plan, path: _Path, *, on_event: _Listener | None = None
    ) -> Provisioned: ...
    def outputs(self, integration: NetbirdIntegration) -> Outputs: ...
    def verify(self, integration: NetbirdIntegration, outputs: Outputs) -> Verification: ...
    def verify_settings(
        self, settings: NetbirdSettings, integration: NetbirdIntegration | None = None
    ) -> Verification: ...
    def netbird_settings(self, integration: NetbirdIntegration) -> NetbirdSettings: ...
    def close(self) -> None: ...
    def __enter__(self) -> Self: ...
    def __exit__(
        self,
        exc_type: type[BaseException] | None = None,
        exc_value: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None: ...

@final
class LoggedRequest(_Equal):
    sequence: Final[int]
    method: Final[str]
    path: Final[str]
    status: Final[int | None]
    started: Final[float]
    committed: Final[float | None]
    finished: Final[float | None]
    is_write: Final[bool]

@final
class FaultAnswer(_Equal):
    def __new__(
        cls,
        status: int,
        *,
        headers: Sequence[tuple[str, str]] | None = None,
        body: str = "",
    ) -> Self: ...
    @staticmethod
    def empty(status: int) -> FaultAnswer: ...
    @staticmethod
    def html(status: int, body: str) -> FaultAnswer: ...
    @staticmethod
    def with_body(status: int, content_type: str, body: str) -> FaultAnswer: ...
    def header(self, name: str, value: str) -> FaultAnswer: ...
    status: Final[int]
    headers: Final[tuple[tuple[str, str], ...]]
    body: Final[str]

@final
class Effect(_Equal):
    @staticmethod
    def cut() -> Effect: ...
    @staticmethod
    def reset() -> Effect: ...
    @staticmethod
    def refuse() -> Effect: ...
    @staticmethod
    def delay(seconds: float) -> Effect: ...
    @staticmethod
    def hang() -> Effect: ...
    @staticmethod
    def answer(answer: FaultAnswer) -> Effect: ...
    @staticmethod
    def truncate() -> Effect: ...
    @staticmethod
    def slow(seconds: float) -> Effect: ...
    @staticmethod
    def flood(size: int) -> Effect: ...
    @staticmethod
    def endless_pages() -> Effect: ...
    @staticmethod
    def replace(text: str, by: str) -> Effect: ...

@final
class Fault:
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
    url: Final[str]
    token: Final[Secret]
    requests: Final[tuple[LoggedRequest, ...]]
    closed: Final[bool]
    def clear_requests(self) -> None: ...
    def dump(self) -> dict[str, Any]: ...
    def set_latency(self, latency: float) -> None: ...
    def set_jitter(self, max_wait: float, seed: int) -> None: ...
    def set_clock_offset(self, seconds: int) -> None: ...
    def add_fault(self, fault: Fault) -> None: ...
    def clear_faults(self) -> None: ...
    def close(self) -> None: ...
    def __enter__(self) -> Self: ...
    def __exit__(
        self,
        exc_type: type[BaseException] | None = None,
        exc_value: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None: ...

@final
class AuthentikSimulator(Simulator):
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

@final
class NetbirdSimulator(Simulator):
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
    ) -> Secret: ...
    def log_in_locally(self, email: str, password: str | Secret) -> Secret: ...
    def restart(self) -> None: ...

def round_trips(requests: Sequence[LoggedRequest]) -> int: ...
def _options() -> list[dict[str, Any]]: ...
def guide_heading(step: GuideStep | str) -> str: ...
def _unpickle(kind: type[Any], json: str) -> Any: ...
def _panic(in_call: bool) -> None: ...
