"""The mode `connector`: a second server, and no setup.env."""

import json

import pytest
from authentik_netbird.testing import NetbirdSimulator

CONNECTOR = ["netbird.company", "--mode", "connector"]


@pytest.fixture
def netbird():
    with NetbirdSimulator() as simulator:
        yield simulator


def test_both_servers(run, authentik, netbird, tmp_path):
    both = {"NETBIRD_URL": netbird.url, "NETBIRD_TOKEN": netbird.token.expose()}
    planned = run("plan", *CONNECTOR, "--json", **both)
    assert planned.returncode == 0, planned.stderr
    servers = {one["server"] for one in json.loads(planned.stdout)["result"]["operations"]}
    assert servers == {"authentik", "netbird"}
    applied = run("apply", *CONNECTOR, "--yes", **both)
    assert applied.returncode == 0 and "dashboard" not in applied.stdout, applied.stderr
    assert run("plan", *CONNECTOR, "--detailed-exitcode", **both).returncode == 0
    (tmp_path / "token").write_text(netbird.token.expose())
    typed = ["--netbird-url", netbird.url, "--netbird-token-file", "token"]
    assert run("plan", *CONNECTOR, "--detailed-exitcode", *typed).returncode == 0
    for text in (planned.stdout, planned.stderr, applied.stdout, applied.stderr):
        assert netbird.token.expose() not in text


def test_by_hand(run, authentik):
    applied = run("apply", *CONNECTOR, "--yes")
    assert applied.returncode == 0, applied.stderr
    assert (
        "Settings > Identity Providers" in applied.stdout and "Client Secret  ***" in applied.stdout
    )
    starred = run("env", *CONNECTOR)
    assert starred.returncode == 0 and "Client Secret  ***" in starred.stdout
    shown = run("env", *CONNECTOR, "--show-secrets")
    assert shown.returncode == 0 and "***" not in shown.stdout, shown.stderr
    seed = run("env", *CONNECTOR, "--as", "migration-seed", "--output", "seed")
    assert seed.returncode == 0, seed.stderr
    document = json.loads(run("env", *CONNECTOR, "--json").stdout)["result"]
    assert document["dashboard"]["Type"] == "Authentik" and document["variables"] == {}


def test_what_does_not_fit(run, authentik, netbird):
    wrong = run("env", *CONNECTOR, "--as", "compose")
    assert wrong.returncode == 2 and "not for the mode connector" in wrong.stderr
    half = run("plan", *CONNECTOR, NETBIRD_URL=netbird.url)
    assert half.returncode == 2 and "the access token of NetBird is missing" in half.stderr
    half = run("plan", *CONNECTOR, NETBIRD_TOKEN="nbp_x")
    assert half.returncode == 2 and "--netbird-url: missing" in half.stderr
    assert run("plan", "netbird.company", NETBIRD_TOKEN="nbp_x").returncode == 0
    assert authentik.requests and not netbird.requests
