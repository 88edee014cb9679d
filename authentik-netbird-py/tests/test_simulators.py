"""The simulated NetBird: it knows who its owner is, and asks authentik about an issuer."""

import json
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from authentik_netbird.testing import Effect, Fault, FaultAnswer, NetbirdSimulator, Simulator


def call(netbird, method, path, body=None, authorization=None):
    headers = {"Authorization": authorization or f"Token {netbird.token.expose()}"}
    data = None if body is None else json.dumps(body).encode()
    request = Request(f"{netbird.url}/api/{path}", data, headers, method=method)
    try:
        with urlopen(request) as response:
            return response.status, json.load(response)
    except HTTPError as error:
        return error.code, json.load(error)


def provider(issuer):
    fields = {"type": "authentik", "name": "authentik", "issuer": issuer}
    return {**fields, "client_id": "netbird", "client_secret": "secret-of-the-client"}


def test_an_issuer_is_asked_for(authentik, client, integration, netbird_simulator):
    client.apply(client.plan(integration))
    issuer = f"{authentik.url}/application/o/netbird/"
    status, made = call(netbird_simulator, "POST", "identity-providers", provider(issuer))
    assert (status, made["issuer"]) == (200, issuer)
    assert authentik.requests[-1].path.endswith("/.well-known/openid-configuration")
    [known] = netbird_simulator.dump()["connectors"]
    assert known["client_secret"] == "secret-of-the-client"

    status, error = call(netbird_simulator, "POST", "identity-providers", provider(issuer[:-1]))
    assert status == 422 and "does not match" in error["message"]
    answer = FaultAnswer.html(503, "busy")
    authentik.add_fault(Fault(Effect.answer(answer)))
    status, error = call(netbird_simulator, "POST", "identity-providers", provider(issuer))
    assert status == 422 and "is unreachable: 503" in error["message"]

    authentik.clear_faults()
    with pytest.raises(RuntimeError, match="authentik shows a page: Client ID Error"):
        netbird_simulator.log_in(authentik, made["id"], "akadmin")


def test_the_owner_logs_in(netbird_simulator):
    token = netbird_simulator.log_in_locally("owner@netbird.company", "simulator-password")
    bearer = f"Bearer {token.expose()}"
    status, me = call(netbird_simulator, "GET", "users/current", authorization=bearer)
    assert (status, me["role"]) == (200, "owner")
    with pytest.raises(RuntimeError, match="401"):
        netbird_simulator.log_in_locally("owner@netbird.company", "wrong")
    netbird_simulator.restart()
    assert call(netbird_simulator, "GET", "users/current", authorization=bearer)[0] == 200


def test_one_that_is_not_set_up():
    with NetbirdSimulator(set_up=False, token="nbp_x") as netbird:
        assert isinstance(netbird, Simulator)
        assert call(netbird, "GET", "instance") == (200, {"setup_required": True})
        assert call(netbird, "GET", "accounts")[0] == 401
        assert [request.path for request in netbird.requests] == ["/api/instance", "/api/accounts"]
    assert netbird.closed and repr(netbird) == f"<NetbirdSimulator at {netbird.url}>"
