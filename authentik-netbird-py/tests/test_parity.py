"""What the core and the simulator have, Python has. Rust's side is read from rustdoc's JSON, made
by tests/run; what is Rust's alone is named here, each rule with its reason.
"""

import contextlib
import inspect
import json
import os
import re
from pathlib import Path

import authentik_netbird
import pytest
from authentik_netbird import enums, testing

DESCRIPTIONS = os.environ.get("AUTHENTIK_NETBIRD_DESCRIPTIONS")
pytestmark = pytest.mark.skipif(not DESCRIPTIONS, reason="no descriptions of Rust: see tests/run")
CRATES = {"authentik_netbird_core": [], "authentik_simulator": ["simulator"]}

RUST_ONLY = {
    r"authentik::(?!RedirectUri$|MatchingMode$)": "authentik's wire forms",
    r"netbird::": "NetBird's wire forms",
    r"client::Owner$": "keyword arguments of first_start",
    r"outputs::DashboardForm$": "a dict",
    r"outputs::export::": "methods that begin with export_",
    r"resource::": "writes as values: nothing to do with them but in a client",
    r"ids::(\w+Id|Slug|Reference|ResourceKind)$": "newtypes: a str in Python",
    r"(plan::)?(Desired\w+|built_in|plan\w*)$": "planning from data, in a client or preview",
    r"Snapshot$": "what is planned from",
    r"error::(\w+Error|Unexpected\w*|TransportErrorKind|RequestContext)$": (
        "details of errors: attributes, message"
    ),
    r"integration::(Standalone|Connector|OptionSpec|OptionKind)$": (
        "flat in Python: attributes, options()"
    ),
    r"simulator::(?!Simulator|Host|Effect|Fault|FaultAnswer|LoggedRequest|round_trips|Release)": (
        "the simulator's state, which only Rust edits in place"
    ),
    r"outputs::VariableValue$": "plain values: str, bool, int, Secret, None",
    r"simulator::UnknownRelease$": "a ValueError",
    r"ids::ParseEnumError$": "a ValueError",
    r"(error::)?Result$": "exceptions",
    r"plan::Setting$": "planning from data, as the desired state",
    r"requirements::": "the list for documentation: checks in Python",
}
RENAMED = {
    "Warning": "PlanWarning",  # Python has a Warning
    "Simulator": "AuthentikSimulator",
    "Host": "AuthentikSimulator",
    "SimulatorBuilder": "AuthentikSimulator",  # builders are keyword arguments
    "ClientBuilder": "Client",
    "NetbirdIntegrationBuilder": "NetbirdIntegration",
    "Error": "AuthentikNetbirdError",
    "ModeKind": "Mode",
}
MEMBERS_RENAMED = {
    "Client.apply_with": "apply",  # on_event
    "NetbirdIntegration.with_fields": "replace",
    "NetbirdIntegration.from_fields": "from_dict",
    "NetbirdIntegration.extra_redirect_uri": "extra_redirect_uris",  # once for each
    "NetbirdIntegration.access_group": "access_groups",
    "NetbirdIntegration.claim_group": "claim_groups",
    "NetbirdIntegration.allowed_group": "allowed_groups",
    "Verification.with": "with_status",
    "Verification.into_result": "raise_for_failures",
}
MEMBERS_RUST_ONLY = {
    "NetbirdIntegration.is_asked": "whether to_dict has it",
    "NetbirdIntegration.option": "an attribute",
    "NetbirdIntegration.netbird_url": "public_url or authentik_url",
    "WarningKind.is_consequence": "they come first",
    "Client.builder": "keyword arguments",
    "Client.netbird": "keyword arguments",
    "AuthentikSimulator.builder": "keyword arguments",
    "AuthentikSimulator.start": "the constructor",
    "AuthentikSimulator.edit": "the state is Rust's alone",
    "AuthentikSimulator.open_connections": "for tests that drop a client in the middle",
    "AuthentikSimulator.log_in": "NetbirdSimulator's",
    "AuthentikSimulator.log_in_locally": "NetbirdSimulator's",
    "AuthentikSimulator.current_user": "a request to NetBird's API",
    "NetbirdIntegration.builder": "keyword arguments",
    "NetbirdIntegration.preview_of": "the exports take a release",
    "AuthentikNetbirdError.chain": "str(error)",
    "AuthentikNetbirdError.invalid_integration": "the exception's class",
    "AuthentikNetbirdError.invalid_outputs": "the exception's class",
    "AuthentikNetbirdError.invalid_client": "the exception's class",
    "Mode.kind": "a mode has its options in the integration",
    "Operation.write": "what apply works with",
    "OperationState.is_success": "members are texts",
    "OperationState.is_failure": "members are texts",
}
TAGGED = {  # enums with fields of their own: one class, and an enum of its kinds
    "ApplyEvent": "ApplyEventKind",
    "Blocker": "BlockerKind",
    "FieldValue": "FieldValueKind",
    "Effect": None,  # static methods
    "Error": None,  # classes; ErrorKind is compared by itself
}


def snake(name):
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def public_items():
    """Path, kind and members of each public item of the core and of the simulator."""
    for crate, prefix in CRATES.items():
        yield from items_of(json.loads((Path(DESCRIPTIONS) / f"{crate}.json").read_text()), prefix)


def items_of(index, prefix):
    items = index["index"]
    found = {}

    def walk(module, path):
        for child in items[str(module)]["inner"]["module"]["items"]:
            item = items.get(str(child))
            if item is None or item["visibility"] != "public":
                continue
            if "use" in item["inner"]:
                child, name = item["inner"]["use"]["id"], item["inner"]["use"]["name"]
                item = items.get(str(child))
            else:
                name = item["name"]
            if item is None:
                continue
            if "module" in item["inner"]:
                walk(child, [*path, name])
            else:
                found.setdefault(child, []).append("::".join([*path, name]))

    walk(index["root"], prefix)
    for key, paths in found.items():
        [(kind, inner)] = items[str(key)]["inner"].items()
        yield min(paths, key=len), max(paths, key=len), kind, list(members(items, kind, inner))


def members(items, kind, inner):
    def public(keys):
        known = (items.get(str(key)) for key in keys)
        return [one["name"] for one in known if one and one["visibility"] == "public"]

    if kind == "enum":
        yield from (items[str(key)]["name"] for key in inner["variants"])
    if kind == "struct" and isinstance(inner["kind"], dict) and "plain" in inner["kind"]:
        yield from public(inner["kind"]["plain"]["fields"])
    if kind in ("struct", "enum"):
        for key in inner["impls"]:
            implementation = items[str(key)]["inner"]["impl"] if str(key) in items else {}
            if implementation and implementation["trait"] is None:
                yield from public(implementation["items"])


def ours(name):
    for module in (authentik_netbird, testing, enums):
        if hasattr(module, name):
            return getattr(module, name)
    return None


def has(thing, member):
    if isinstance(thing, type) and issubclass(thing, enums.Enum):
        names = {one.name for one in thing}
        return snake(member).upper() in names or hasattr(thing, member)
    parameters = ()
    if inspect.isclass(thing):
        with contextlib.suppress(ValueError):  # no constructor
            parameters = inspect.signature(thing).parameters
    return hasattr(thing, member) or hasattr(thing, snake(member)) or member in parameters


def test_the_core_has_nothing_that_python_lacks():
    lacking, compared, used = [], 0, set()
    for short, long, kind, names in public_items():
        rules = {rule for rule in RUST_ONLY if re.match(rule, long) or re.match(rule, short)}
        used |= rules
        if rules or kind == "constant":
            continue
        rust = short.rpartition("::")[2]
        name = RENAMED.get(rust, rust)
        thing = ours(name)
        if thing is None:
            lacking.append(short)
            continue
        if name in MEMBERS_RUST_ONLY:
            continue
        kinds = ours(TAGGED[rust]) if TAGGED.get(rust) else None
        for member in names:
            full = f"{name}.{member}"
            if full in MEMBERS_RUST_ONLY or member in ("new", "build", "start", "ALL", "version"):
                continue
            if rust == "Error" and member[0].isupper():
                continue
            if member == "as_str":
                found = issubclass(thing, str)
            elif kinds is not None and member[0].isupper():
                found = has(kinds, member)
            else:
                found = has(thing, MEMBERS_RENAMED.get(full, member))
            compared += 1
            if not found:
                lacking.append(full)
    assert not lacking, "\n".join(lacking)
    assert compared > 150, "the description of the core has changed its form"
    assert used == set(RUST_ONLY), "rules that nothing needs any more"
