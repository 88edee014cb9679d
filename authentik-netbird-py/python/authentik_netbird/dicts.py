"""The dicts that `to_dict` returns and `from_dict` takes, as types for checkers and editors.

They are what JSON has: enums are their texts, times are texts in RFC 3339. Sets of texts that grow
with releases are plain `str`; the enum of the same name in `authentik_netbird` has today's members.

>>> from authentik_netbird import NetbirdIntegration
>>> from authentik_netbird.dicts import NetbirdIntegrationDict
>>> fields: NetbirdIntegrationDict = {
...     "authentik_url": "https://authentik.company",
...     "domain": "netbird.company",
... }
>>> NetbirdIntegration.from_dict(fields).application_name
'NetBird'
"""

from typing import Any, Literal, TypedDict

__all__ = [
    "ApplyReportDict",
    "BlockerDict",
    "ChangedByDict",
    "CheckDict",
    "ExistingDict",
    "ExpiryDict",
    "FieldChangeDict",
    "FieldValueDict",
    "FileChangeDict",
    "IssueDict",
    "NetbirdIntegrationDict",
    "OperationDict",
    "OperationStateDict",
    "OptionDict",
    "OutputsDict",
    "PlanDict",
    "PlanWarningDict",
    "RedirectUriDict",
    "ReportEntryDict",
    "ResourceDict",
    "VariableChangeDict",
    "VerificationDict",
    "WriteDict",
]


class IssueDict(TypedDict):
    """An `Issue`."""

    field: str
    message: str
    hint: str


class ResourceDict(TypedDict):
    """A `Resource`."""

    kind: str
    name: str


class BlockerDict(TypedDict):
    """A `Blocker`; `kind` is a `BlockerKind`."""

    kind: str
    resource: ResourceDict
    message: str
    hint: str
    matches: list[str]


class RedirectUriDict(TypedDict):
    """A `RedirectUri`."""

    url: str
    matching_mode: Literal["strict", "regex"]


class _RequiredOptions(TypedDict):
    authentik_url: str
    domain: str


class NetbirdIntegrationDict(_RequiredOptions, total=False):
    """A `NetbirdIntegration`: the options that were set."""

    # Generated from the table of options (tests/it/generated.rs). Do not edit.
    mode: Literal["standalone", "connector"]
    public_url: str | None
    allow_http: bool
    application_name: str
    application_slug: str
    application_group: str | None
    launch_url: str | None
    access_groups: list[str]
    create_access_groups: bool
    provider_name: str
    client_id: str | None
    authorization_flow: str
    invalidation_flow: str
    extra_redirect_uris: list[RedirectUriDict]
    signing_key: str | None
    access_code_validity: str
    adopt: bool
    exact: bool
    as_in_guide: bool
    redirect_uris: Literal["recommended", "as_in_guide"]
    service_account: Literal["administrator", "user_reader", "user_deleter", "none"]
    migrate_api_client: Literal["none", "add_client", "remove_scope"]
    service_account_name: str
    app_password_expires: str | None
    revoke_other_tokens: bool
    rotate_shared_account: bool
    without_device_flow: bool
    device_flow: str
    device_flow_name: str | None
    device_flow_title: str
    brand: str | None
    replace_device_code_flow: bool
    reverse_proxy: bool
    identity_provider_name: str
    send_secret: bool
    claim_groups: list[str]
    claim_groups_prefix: str | None
    claim_entitlements: bool
    sync_groups: bool
    allowed_groups: list[str]
    user_approval: Literal["keep", "required", "not_required"]
    # End of what is generated.


class FieldValueDict(TypedDict):
    """A `FieldValue` that is known; others are `"absent"` or `"secret"`."""

    value: Any


class FieldChangeDict(TypedDict):
    """A `FieldChange`."""

    path: str
    before: FieldValueDict | Literal["absent", "secret"]
    after: FieldValueDict | Literal["absent", "secret"]


class ChangedByDict(TypedDict):
    """A `ChangedBy`; `at` is RFC 3339."""

    user: str
    at: str


class WriteDict(TypedDict):
    """The request that an operation sends."""

    kind: str
    action: str
    key: Any
    body: Any


class _Operation(TypedDict):
    id: str
    server: str
    resource: ResourceDict
    reason: str
    guide: str
    depends_on: list[str]
    changes: list[FieldChangeDict]
    write: WriteDict | None


class OperationDict(_Operation, total=False):
    """An `Operation`; `guide` is a `GuideStep`."""

    changed_by: ChangedByDict


class PlanWarningDict(TypedDict):
    """A `PlanWarning`; `kind` is a `WarningKind`."""

    kind: str
    message: str
    hint: str


class ExistingDict(TypedDict):
    """An `Existing`."""

    client_id: str | None
    api_client_id: str | None
    app_password: str | None


class PlanDict(TypedDict):
    """A `Plan`; `purpose` is a `Purpose`. `digest` is of all the rest."""

    format_version: int
    digest: str
    purpose: str
    integration: NetbirdIntegrationDict
    server_version: str | None
    offline: bool
    operations: list[OperationDict]
    warnings: list[PlanWarningDict]
    missing_permissions: list[str]
    existing: ExistingDict
    names: dict[str, str]


class _State(TypedDict):
    state: Literal["unchanged", "applied", "already_applied", "failed", "unknown", "skipped"]


class OperationStateDict(_State, total=False):
    """An `OperationState`, with the reason where it is `failed` or `unknown`."""

    message: str


class ReportEntryDict(TypedDict):
    """A `ReportEntry`."""

    operation: str
    verb: Literal["create", "update", "no_change", "delete"]
    resource: ResourceDict
    state: OperationStateDict


class ApplyReportDict(TypedDict):
    """An `ApplyReport`."""

    entries: list[ReportEntryDict]


class VariableChangeDict(TypedDict):
    """A `VariableChange`."""

    name: str
    before: str | None
    after: str | None


class FileChangeDict(TypedDict):
    """A `FileChange`."""

    kind: Literal["created", "changed", "unchanged"]
    variables: list[VariableChangeDict]


class OutputsDict(TypedDict):
    """An `Outputs`, without the password."""

    authentik_url: str
    domain: str
    application_slug: str
    issuer: str
    openid_configuration_endpoint: str
    client_id: str
    api_client_id: str | None
    service_account: str | None
    app_password_identifier: str | None
    identity_provider: str | None
    device_flow: bool
    reverse_proxy: bool


class _Check(TypedDict):
    name: str
    status: Literal["pass", "warn", "fail", "skipped", "unknown"]
    message: str
    hint: str | None


class CheckDict(_Check, total=False):
    """A `Check`; `name` is a `CheckName`. `fixed_by_plan` exists for failures."""

    fixed_by_plan: bool


class ExpiryDict(TypedDict):
    """An `Expiry`; `expires` is RFC 3339, or `None`: never."""

    kind: Literal["app_password", "signing_key"]
    name: str
    expires: str | None


class VerificationDict(TypedDict):
    """A `Verification`."""

    format_version: int
    authentik_url: str
    domain: str
    success: bool
    complete: bool
    checks: list[CheckDict]
    expiries: list[ExpiryDict]
    blocked: str | None


_Choice = TypedDict("_Choice", {"class": str, "choices": list[str]}, total=False)


class OptionDict(_Choice):
    """An entry of `options()`; those that are a choice have its `class` and `choices`."""

    name: str
    kind: str
    required: bool
    default: Any
    doc: str
    guide: str | None
    mode: str | None
