"""Verifying, with a client and from a setup.env alone."""

import asyncio
import json
import pickle
from datetime import timezone

import pytest
from authentik_netbird import (
    AsyncClient,
    CheckName,
    CheckStatus,
    Client,
    Expiry,
    ExpiryKind,
    InvalidPlanError,
    NetbirdSettings,
    VerificationError,
    verify,
)


@pytest.fixture
def applied(client, integration):
    return client.apply(client.plan(integration)).outputs


def test_what_was_applied_works(authentik, client, integration, applied):
    verification = client.verify(integration, applied)
    verification.raise_for_failures()
    assert verification.is_success and verification.domain == "netbird.company"
    # The others are the connector mode's.
    names = list(CheckName)
    ours = names[: names.index(CheckName.LOGOUT)]
    assert [check.name for check in verification.checks] == ours
    assert verification.get("token").status is CheckStatus.PASS
    assert verification.to_dict()["success"] and "No problems found" in str(verification)

    async def main():
        async with AsyncClient(authentik.url, token=authentik.token) as other:
            return await other.verify(integration, applied)

    assert asyncio.run(main()) == verification


def test_what_is_broken_is_told_with_its_hint(client, integration, applied):
    text = applied.netbird_env().to_setup_env().expose()
    wrong = text.replace(applied.account.app_password.expose(), "Login-Passw0rd")
    verification = verify(NetbirdSettings.from_setup_env(wrong))
    failed = verification.with_status("fail")
    assert [check.name for check in failed] == [CheckName.TOKEN]
    assert "app password" in failed[0].hint and "Login-Passw0rd" not in repr(verification.checks)
    with pytest.raises(VerificationError) as caught:
        verification.raise_for_failures()
    assert caught.value.verification == verification and failed[0].hint in str(caught.value)
    again = pickle.loads(pickle.dumps(failed[0]))
    assert again == failed[0]


def test_settings(applied):
    env = applied.netbird_env()
    settings = NetbirdSettings.from_env(env)
    assert settings == NetbirdSettings.from_setup_env(env.to_setup_env())
    assert settings.application_slug == "netbird" and settings.issuer.endswith("/netbird/")
    with pytest.raises(TypeError):
        pickle.dumps(settings)
    broken = NetbirdSettings.parse("NETBIRD_DOMAIN='x'\r\n")
    assert len(broken.issues) > 3 and broken.authentik_url is None and broken.domain == "x"
    report = verify(broken)
    assert [check.name for check in report.with_status("fail")] == [CheckName.ENVIRONMENT]


def test_a_server_that_was_never_set_up_is_reported(authentik, client, integration):
    settings = client.netbird_settings(integration)
    report = client.verify_settings(settings, integration)
    assert next(check.name for check in report.with_status("fail")) == CheckName.DISCOVERY
    assert "Apply a plan" in report.get("discovery").hint

    async def main():
        async with AsyncClient(authentik.url, token=authentik.token) as other:
            settings = await other.netbird_settings(integration)
            return await other.verify_settings(settings, integration)

    assert asyncio.run(main()) == report


def test_management_json(client, integration, applied):
    settings = client.netbird_settings(integration)
    password = applied.account.app_password.expose()
    text = {
        "HttpConfig": {
            "AuthAudience": applied.client_id,
            "OIDCConfigEndpoint": applied.openid_configuration_endpoint,
        },
        "IdpManagerConfig": {
            "ManagerType": "authentik",
            "ClientConfig": {"ClientID": applied.api_client_id},
            "ExtraConfig": {"Username": "NetBird", "Password": password},
        },
    }
    found = NetbirdSettings.parse(json.dumps(text))
    assert found == NetbirdSettings.from_management_json(json.dumps(text))
    assert found.issuer == settings.issuer and password not in repr(found)
    report = client.verify_settings(found)
    assert report.get("users").status is CheckStatus.PASS and not report.with_status("fail"), report


def test_of_another_server(integration, applied):
    with Client("https://authentik.company", token="t") as other, pytest.raises(InvalidPlanError):
        other.verify(integration, applied)


def test_status_is_verification_and_plan_with_the_dates(authentik, client, integration, applied):
    status = client.status(integration)
    assert status.verification.is_success and not status.plan.has_changes
    assert status.server_version == status.plan.server_version
    password, key = status.verification.expiries
    assert (password.kind, password.expires) == (ExpiryKind.APP_PASSWORD, None)
    assert (key.kind, key.expires.tzinfo) == (ExpiryKind.SIGNING_KEY, timezone.utc)
    assert key == Expiry.from_dict(key.to_dict()) == pickle.loads(pickle.dumps(key))
    assert key.to_dict()["expires"].endswith("Z")
    as_dicts = [one.to_dict() for one in (password, key)]
    assert status.verification.to_dict()["expiries"] == as_dicts
    assert applied.account.app_password.expose() not in repr(status)

    async def main():
        async with AsyncClient(authentik.url, token=authentik.token) as other:
            return await other.status(integration)

    assert asyncio.run(main()) == status
