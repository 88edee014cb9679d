"""The connector mode: authentik as an identity provider of NetBird's embedded one."""

import asyncio

import pytest
from authentik_netbird import (
    AsyncClient,
    CheckName,
    CheckStatus,
    Client,
    ConflictError,
    InvalidClientError,
    InvalidIntegrationError,
    InvalidPlanError,
    Mode,
    NetbirdIntegration,
    Outputs,
    Server,
    WarningKind,
)
from authentik_netbird.testing import AuthentikSimulator, NetbirdSimulator


@pytest.fixture
def servers():
    with AuthentikSimulator() as authentik, NetbirdSimulator() as netbird:
        yield authentik, netbird


def client_of(servers):
    authentik, netbird = servers
    return Client(
        authentik.url,
        token=authentik.token,
        netbird_url=netbird.url,
        netbird_token=netbird.token,
    )


def wanted(servers, **options):
    return NetbirdIntegration(servers[0].url, "netbird.company", mode="connector", **options)


def test_both_servers_are_set_up_verified_and_torn_down(servers):
    integration = wanted(servers, claim_groups=["vpn"], sync_groups=True)
    with client_of(servers) as client:
        plan = client.plan(integration)
        of_netbird = [one.id for one in plan.operations if one.server is Server.NETBIRD]
        assert of_netbird == ["identity-provider", "account-settings"]
        outputs = client.apply(plan).outputs
        secret = outputs.connector.client_secret.expose()
        assert secret not in repr(outputs) and secret not in str(outputs.dashboard_form())
        assert outputs.dashboard_form()["Client Secret"].expose() == secret
        assert Outputs.from_dict(outputs.to_dict()).connector.name == "authentik"
        verification = client.verify(integration, outputs)
        assert verification.is_success
        assert verification.get(CheckName.IDENTITY_PROVIDER).status is CheckStatus.PASS
        assert not client.plan(integration).has_changes
        client.apply(client.plan_rotate(integration))
        client.apply(client.plan_teardown(integration))
        assert not client.plan_teardown(integration).operations


def test_without_netbirds_token_the_rest_is_for_its_dashboard(servers):
    authentik, _ = servers
    integration = wanted(servers)
    with Client(authentik.url, token=authentik.token) as client:
        plan = client.plan(integration)
        assert WarningKind.NETBIRD_UNREAD in [warning.kind for warning in plan.warnings]
        form = client.apply(plan).outputs.dashboard_form()
        assert list(form) == ["Type", "Name", "Client ID", "Client Secret", "Issuer"]
        assert client.detect_mode() is None


def test_the_mode_is_asked_of_netbird(servers):
    authentik, netbird = servers
    with client_of(servers) as client:
        assert client.detect_mode() is Mode.CONNECTOR

    async def main():
        async with AsyncClient(
            authentik.url,
            token=authentik.token,
            netbird_url=netbird.url,
            netbird_token=netbird.token,
        ) as client:
            assert client.netbird_url == f"{netbird.url}/"
            return await client.detect_mode()

    assert asyncio.run(main()) is Mode.CONNECTOR


def test_there_is_no_file(servers, tmp_path):
    with client_of(servers) as client, pytest.raises(InvalidPlanError, match=r"no setup\.env"):
        client.provision(wanted(servers), tmp_path / "setup.env")
    assert not list(tmp_path.iterdir())


def test_a_provider_of_the_other_mode_is_a_conflict(servers):
    authentik, _ = servers
    with client_of(servers) as client:
        client.apply(client.plan(NetbirdIntegration(authentik.url, "netbird.company")))
        with pytest.raises(ConflictError, match="the client of a standalone NetBird"):
            client.plan(wanted(servers, adopt=True))


def test_options_of_the_other_mode_are_refused(servers):
    with pytest.raises(InvalidIntegrationError) as raised:
        wanted(servers, service_account_name="x", allowed_groups=["a"])
    fields = [issue.field for issue in raised.value.issues]
    assert fields == ["service_account_name", "allowed_groups"]
    assert wanted(servers).service_account_name == "NetBird"


def test_netbirds_url_and_token_belong_together(servers, monkeypatch):
    authentik, netbird = servers
    with pytest.raises(InvalidClientError, match="netbird_token"):
        Client(authentik.url, token=authentik.token, netbird_url=netbird.url)
    with pytest.raises(InvalidClientError, match="netbird_url"):
        Client(authentik.url, token=authentik.token, netbird_token="nbp_x")
    monkeypatch.setenv("AUTHENTIK_URL", authentik.url)
    monkeypatch.setenv("AUTHENTIK_TOKEN", authentik.token.expose())
    monkeypatch.setenv("NETBIRD_URL", netbird.url)
    with Client.from_env() as client:
        assert client.netbird_url is None
    monkeypatch.setenv("NETBIRD_TOKEN", netbird.token.expose())
    with Client.from_env() as client:
        assert client.netbird_url == f"{netbird.url}/"
        assert netbird.token.expose() not in repr(client)
