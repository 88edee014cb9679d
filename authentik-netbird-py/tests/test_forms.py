"""Values in the forms that Python has for them: mappings, times, dicts and JSON."""

import json
import pickle
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone

import pytest
from authentik_netbird import (
    AccountOutputs,
    ApplyReport,
    ChangedBy,
    Check,
    FieldChange,
    FileChange,
    NetbirdIntegration,
    Operation,
    Outputs,
    Plan,
    RedirectUri,
    Secret,
    Verification,
)

URL = "https://authentik.company"
PASSWORD = "canary-5f0d2c"


@pytest.fixture
def env():
    account = AccountOutputs("NetBird", app_password=PASSWORD)
    outputs = Outputs(URL, "netbird.company", "netbird", "5JXuw0qD", account=account)
    return outputs.netbird_env()


def test_the_variables_are_a_mapping(env):
    assert isinstance(env, Mapping)
    names = [variable.name for variable in env.variables]
    assert list(env) == list(env.keys()) == names
    assert len(env) == len(names) > 10
    assert dict(env) == {variable.name: variable.value for variable in env.variables}
    assert list(env.items()) == list(dict(env).items())
    assert list(env.values()) == list(dict(env).values())
    assert env["NETBIRD_DOMAIN"] == env.get("NETBIRD_DOMAIN") == "netbird.company"
    assert "NETBIRD_DOMAIN" in env and "NETBIRD_NOPE" not in env and 7 not in env
    assert (env.get("NETBIRD_NOPE"), env.get("NETBIRD_NOPE", "x"), env.get(7)) == (None, "x", None)
    for wrong in ("NETBIRD_NOPE", 7):
        with pytest.raises(KeyError) as caught:
            env[wrong]
        assert caught.value.args == (wrong,)
    match env:
        case {"NETBIRD_DOMAIN": domain}:
            assert domain == "netbird.company"
        case _:
            pytest.fail("it does not match as a mapping")


def test_secrets_of_the_mapping_stay_secrets(env):
    [secret] = [value for value in env.values() if isinstance(value, Secret)]
    assert secret.expose() == PASSWORD
    for text in (repr(env), str(env), repr(dict(env)), repr(env.items()), repr(env.values())):
        assert PASSWORD not in text
    with pytest.raises(TypeError):
        json.dumps(dict(env))


def test_times_are_datetimes():
    expires = datetime(2030, 1, 31, 1, tzinfo=timezone(timedelta(hours=1)))
    text = "2030-01-31T00:00:00Z"
    one = NetbirdIntegration(URL, "netbird.company", app_password_expires=expires)
    assert one == NetbirdIntegration(URL, "netbird.company", app_password_expires=text)
    assert one == NetbirdIntegration.from_dict(one.to_dict() | {"app_password_expires": expires})
    assert one.app_password_expires == expires
    assert one.app_password_expires.tzinfo is timezone.utc
    assert one.to_dict()["app_password_expires"] == text
    assert NetbirdIntegration(URL, "netbird.company").app_password_expires is None
    naive = {"app_password_expires": datetime(2030, 1, 31)}
    with pytest.raises(ValueError, match="must have a time zone"):
        NetbirdIntegration.from_dict(one.to_dict() | naive)


@pytest.mark.parametrize(
    "text, microsecond",
    [
        ("2026-05-01T12:30:00Z", 0),
        ("2026-05-01T12:30:00.5Z", 500_000),
        ("2026-05-01T14:30:00.123456789+02:00", 123_456),
    ],
)
def test_times_of_the_server_are_in_utc(text, microsecond):
    changed = ChangedBy.from_dict({"user": "akadmin", "at": text})
    assert changed.at == datetime(2026, 5, 1, 12, 30, 0, microsecond, timezone.utc)
    assert changed.to_dict() == {"user": "akadmin", "at": text}
    assert ChangedBy.from_dict({"user": "akadmin", "at": "yesterday"}).at is None


def test_dicts_and_json_give_the_same_value_again(client, integration, tmp_path):
    integration = integration.replace(extra_redirect_uris=[RedirectUri.strict("https://a.company")])
    plan = client.plan(integration)
    provisioned = client.provision_plan(plan, tmp_path / "setup.env")
    outputs = client.outputs(integration)
    verification = client.verify(integration, outputs)
    operation = plan.operations[0]
    values = [
        (Plan, plan),
        (NetbirdIntegration, integration),
        (RedirectUri, integration.extra_redirect_uris[0]),
        (Operation, operation),
        (FieldChange, operation.changes[0]),
        (ApplyReport, provisioned.outcome.report),
        (FileChange, provisioned.file),
        (Verification, verification),
        (Check, verification.checks[0]),
    ]
    for kind, value in values:
        assert kind.from_dict(value.to_dict()) == value
        assert kind.from_json(value.to_json()) == value
        assert pickle.loads(pickle.dumps(value)) == value
        assert json.loads(value.to_json()) == value.to_dict()
        with pytest.raises(ValueError, match=r"missing|invalid|required"):
            kind.from_json("{}")
    # The password alone is left out.
    again = Outputs.from_dict(outputs.to_dict())
    assert again.account.app_password is None
    assert again.to_dict() == outputs.to_dict()
    assert again.account.app_password_identifier == outputs.account.app_password_identifier


def test_a_verification_of_another_format_is_refused(client, integration):
    report = client.verify(integration, Outputs.of(integration, "id")).to_dict()
    with pytest.raises(ValueError, match="format_version: expected 1, got 2"):
        Verification.from_dict(report | {"format_version": 2})
