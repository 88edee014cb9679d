"""The dicts of `to_dict` are those that `authentik_netbird.dicts` describes."""

import types
import typing
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import authentik_netbird
import pytest
from authentik_netbird import Outputs, RedirectUri, dicts, options


def problems(value, kind, where="value"):
    """Where a value is not of this type."""
    origin = get_origin(kind)
    if kind is Any:
        return
    if typing.is_typeddict(kind):
        if not isinstance(value, dict):
            yield f"{where}: {value!r} is not a dict"
            return
        hints = get_type_hints(kind)
        for name in kind.__required_keys__ - set(value):
            yield f"{where}.{name} is missing"
        for name in set(value) - set(hints):
            yield f"{where}.{name} is not in {kind.__name__}"
        for name in set(value) & set(hints):
            yield from problems(value[name], hints[name], f"{where}.{name}")
    elif origin in (Union, types.UnionType):
        if all(list(problems(value, one)) for one in get_args(kind)):
            yield f"{where}: {value!r} is not of {kind}"
    elif origin is Literal:
        if value not in get_args(kind):
            yield f"{where}: {value!r} is not of {kind}"
    elif origin in (list, dict):
        if not isinstance(value, origin):
            yield f"{where}: {value!r} is not of {kind}"
            return
        for key, element in value.items() if origin is dict else enumerate(value):
            yield from problems(element, get_args(kind)[-1], f"{where}[{key}]")
    elif type(value) is not (kind or type(None)) and kind is not type(value):
        yield f"{where}: {value!r} is not of {kind}"


@pytest.fixture
def values(client, authentik, integration, change_by_hand, tmp_path):
    """A value of each kind, some in more than one state."""
    uris = [RedirectUri.regex(r"https://a\.company/.*")]
    integration = integration.replace(extra_redirect_uris=uris, access_groups=["people"])
    with pytest.raises(authentik_netbird.MissingError) as missing:
        client.plan(integration)
    integration = integration.replace(create_access_groups=True, as_in_guide=True)
    plan = client.plan(integration)
    provisioned = client.provision_plan(plan, tmp_path / "setup.env")
    change_by_hand()
    drifted = client.with_authors(client.plan(integration))
    outputs = client.outputs(integration)
    with pytest.raises(authentik_netbird.InvalidIntegrationError) as invalid:
        integration.replace(domain="not a host")
    return [
        missing.value.blockers[0],
        missing.value.blockers[0].resource,
        invalid.value.issues[0],
        *integration.extra_redirect_uris,
        integration,
        integration.preview(),
        plan,
        plan.existing,
        *plan.operations,
        *plan.operations[0].changes,
        drifted,
        *drifted.warnings,
        drifted.changes[0].changed_by,
        client.plan_rotate(integration),
        client.plan_teardown(integration),
        provisioned.outcome.report,
        *provisioned.outcome.report.entries,
        provisioned.file,
        provisioned.file.variables[0],
        outputs,
        client.verify(integration, outputs),
        *client.status(integration).verification.expiries,
        *client.verify(integration, Outputs.of(integration, "id")).checks,
    ]


def test_every_dict_is_as_described(values):
    described = {name: kind for name in dicts.__all__ if (kind := getattr(dicts, name))}
    seen = {"OptionDict", "FieldValueDict", "OperationStateDict", "WriteDict"}
    for value in values:
        name = f"{type(value).__name__}Dict"
        assert list(problems(value.to_dict(), described[name])) == []
        seen.add(name)
    assert seen == set(described)
    for option in options():
        assert list(problems(option, dicts.OptionDict)) == []


def test_what_is_not_as_described_is_found():
    wrong = {"kind": 7, "name": "NetBird", "more": None}
    assert sorted(problems(wrong, dicts.ResourceDict)) == [
        "value.kind: 7 is not of <class 'str'>",
        "value.more is not in ResourceDict",
    ]
    assert list(problems({"kind": "provider"}, dicts.ResourceDict)) == ["value.name is missing"]


@pytest.mark.parametrize("name", [n for n in dicts.__all__ if n != "OptionDict"])
def test_each_class_is_there(name):
    parts = {"FieldValueDict", "OperationStateDict", "WriteDict"}
    assert name in parts or hasattr(authentik_netbird, name.removesuffix("Dict"))
