"""The mode connector: two servers, each with its token, and no setup.env."""

import base64
import json
import os
import stat

import pytest
from authentik_netbird.testing import NetbirdSimulator

from .test_json import checked


@pytest.fixture
def both(environment, netbird_simulator):
    """Access to NetBird, too."""
    environment["NETBIRD_URL"] = netbird_simulator.url
    environment["NETBIRD_TOKEN"] = netbird_simulator.token.expose()
    return netbird_simulator


GIVEN = ("netbird.company", "--mode", "connector")
STANDALONE = ("a.company", "--mode", "standalone")


def test_the_way_through(run, authentik, both):
    planned = checked(run("plan", *GIVEN, "--json"))
    servers = {one["server"] for one in planned["result"]["operations"]}
    assert servers == {"authentik", "netbird"}
    applied = run("apply", *GIVEN, "--yes")
    assert applied.returncode == 0, applied.stderr
    assert "authentik and NetBird are set up." in applied.stdout
    [connector] = both.dump()["connectors"]
    secret = connector["client_secret"]
    assert secret == authentik.dump()["providers"][0]["client_secret"]
    again = checked(run("apply", *GIVEN, "--yes", "--json"))["result"]
    assert (again["changed"], again["setup_env"], again["dashboard"]) == (0, None, None)

    shown = run("rotate", *GIVEN, "--yes", "--format", "markdown")
    assert "### Rotation of the client secret of NetBird" in shown.stdout
    rotated = run("rotate", *GIVEN, "--yes")
    assert rotated.returncode == 0, rotated.stderr
    assert "The client secret was replaced." in rotated.stdout
    assert "Restart NetBird now" in rotated.stdout
    [connector] = both.dump()["connectors"]
    assert connector["client_secret"] != secret
    gone = run("teardown", *GIVEN, "--yes")
    assert gone.returncode == 0 and both.dump()["connectors"] == []
    for ended in (applied, rotated, gone):
        assert secret not in ended.stdout + ended.stderr
        assert connector["client_secret"] not in ended.stdout + ended.stderr


def test_without_netbirds_token_the_rest_is_said(run, authentik, tmp_path):
    applied = run("apply", *GIVEN, "--yes")
    assert applied.returncode == 0, applied.stderr
    secret = authentik.dump()["providers"][0]["client_secret"]
    assert "authentik is set up." in applied.stdout
    assert "  Client Secret  ***" in applied.stdout and "--output FILE" in applied.stderr
    again = checked(run("apply", *GIVEN, "--yes", "--json"))["result"]["dashboard"]
    assert again["Issuer"] == f"{authentik.url}/application/o/netbird/"
    assert again["Client Secret"] == "***"

    form = run("env", *GIVEN)
    assert form.stderr.startswith("secrets are not shown: --output FILE writes them, ")
    assert form.returncode == 0 and "Client Secret  ***" in form.stdout
    shown = run("env", *GIVEN, "--show-secrets")
    assert f"Client Secret  {secret}" in shown.stdout
    assert run("env", *GIVEN, "--output", "form.txt").returncode == 0
    file = tmp_path / "form.txt"
    assert secret in file.read_text() and stat.S_IMODE(file.stat().st_mode) == 0o600
    for ended in (applied, form, run("plan", *GIVEN, "-v")):
        assert secret not in ended.stdout + ended.stderr


def test_the_seed_for_a_migration(run, authentik, tmp_path):
    run("apply", *GIVEN, "--yes")
    hidden = run("env", *GIVEN, "--as", "migration-seed")
    assert hidden.returncode == 0 and hidden.stdout == "***\n"
    file = tmp_path / "seed"
    file.write_text("old")
    file.chmod(0o644)
    assert run("env", *GIVEN, "--as", "migration-seed", "--output", "seed").returncode == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    seed = json.loads(base64.b64decode(file.read_text()))
    provider = authentik.dump()["providers"][0]
    assert seed["config"]["clientSecret"] == provider["client_secret"]
    assert (seed["type"], seed["id"]) == ("oidc", "authentik")


@pytest.mark.parametrize(
    "arguments, variables, expected",
    [
        (["apply", *GIVEN, "--setup-env", "setup.env"], {}, "--setup-env: the mode connector has"),
        (["verify", *GIVEN, "--setup-env", os.devnull], {}, "--setup-env: the mode connector has"),
        (["rotate", *GIVEN, "--never-expires"], {}, "--never-expires: the mode connector has no"),
        (["env", *GIVEN, "--as", "compose"], {}, "not for the mode connector"),
        (["env", *STANDALONE, "--as", "migration-seed"], {}, "not for the mode standalone"),
        (["plan", *GIVEN], {"NETBIRD_TOKEN": "nbp_x"}, "NetBird's URL is missing"),
        (["plan", *GIVEN], {"NETBIRD_URL": "https://netbird.company"}, "NetBird is missing"),
        (["plan", *GIVEN, "--netbird-token", "nbp_secret"], {}, "--netbird-token does not exist"),
        (["plan", *STANDALONE, "--netbird-url", "https://a"], {}, "only for --mode connector"),
        (["plan", "a.company", "--netbird-token-file", "a"], {}, "only for --mode connector"),
        (
            ["plan", *GIVEN, "--token-file", "-", "--netbird-token-file", "-"],
            {},
            "standard input cannot supply both tokens",
        ),
        (
            ["plan", *GIVEN, "--netbird-url", "ftp://netbird.company"],
            {"NETBIRD_TOKEN": "nbp_x"},
            "--netbird-url: ",
        ),
        (
            ["plan", *GIVEN],
            {"NETBIRD_TOKEN": "a b", "NETBIRD_URL": "https://netbird.company"},
            "NETBIRD_TOKEN: contains invalid characters",
        ),
    ],
)
def test_usage(run, arguments, variables, expected):
    ended = run(*arguments, **variables)
    assert ended.returncode == 2 and expected in ended.stderr, ended.stderr
    assert "nbp_secret" not in ended.stderr


def test_a_configuration_has_both_servers(run, authentik, netbird_simulator, tmp_path):
    token = netbird_simulator.token.expose()
    (tmp_path / "netbird-token").write_text(token)
    (tmp_path / "netbird-token").chmod(0o600)
    config = tmp_path / "authentik-netbird.toml"
    config.write_text(
        'mode = "connector"\n'
        f'[sites.a]\ndomain = "netbird.company"\nnetbird_url = "{netbird_simulator.url}"\n'
        'netbird_token_file = "netbird-token"\n'
        '[sites.b]\ndomain = "b.company"\nprovider_name = "B"\napplication_slug = "b"\n'
    )
    applied = checked(run("apply", "--all", "--yes", "--json"))["result"]["sites"]
    assert applied["a"]["result"]["dashboard"] is None
    assert applied["b"]["result"]["dashboard"]["Issuer"].endswith("/application/o/b/")
    assert len(netbird_simulator.dump()["connectors"]) == 1
    other = run("plan", "--site", "a", NETBIRD_URL="https://other.company")
    assert other.returncode == 2 and "but NETBIRD_URL is https://other.company" in other.stderr
    command = ["--netbird-token-command", f"echo {token}"]
    assert run("plan", "--site", "a", *command).returncode == 0
    config.write_text(f'{config.read_text()}netbird_token = "{token}"\n')
    warned = run("plan", "--site", "b", "--netbird-url", netbird_simulator.url)
    assert "everyone who can read the file" in warned.stderr, warned.stderr


def test_a_standalone_netbird_gets_no_token(run, authentik, both):
    planned = run("plan", *STANDALONE)
    assert planned.returncode == 0 and planned.stderr == ""
    assert not both.requests


def test_the_mode_is_found_out(run, authentik, both):
    planned = run("plan", "netbird.company", "--json")
    assert checked(planned)["result"]["mode"] == "connector"
    assert planned.stderr == f"mode connector: {both.url} has the embedded identity provider\n"
    assert run("plan", "netbird.company", "-q").stderr == ""
    with NetbirdSimulator(embedded=False) as other:
        applied = run("apply", "netbird.company", "--netbird-url", other.url, "--yes", "--json")
        assert checked(applied)["result"]["mode"] == "standalone"
        assert f"mode standalone: {other.url} has no embedded identity provider" in applied.stderr
    # The provider serves the other mode, and is not converted.
    other = run("apply", "netbird.company", "--yes")
    assert other.returncode == 1 and "the client of a standalone NetBird" in other.stderr
    for command in (["preview"], ["export", "curl"]):
        ended = run(*command, "netbird.company")
        assert ended.returncode == 0 and "mode standalone, the default" in ended.stderr
        assert run(*command, *GIVEN).stderr == ""
    both.close()
    known = run("verify", "netbird.company", "--mode", "standalone", "--json")
    assert {one["name"] for one in checked(known)["result"]["checks"]} > {"discovery"}
    unknown = run("verify", "netbird.company", "--json", "--retry-timeout", "0")
    error = checked(unknown, "error")["error"]
    assert (unknown.returncode, error["kind"]) == (1, "mode_unknown")
    assert error["message"].startswith(f"NetBird at {both.url} could not be asked for its mode: ")
    assert "With --mode" in error["message"] and error["is_retryable"]
    assert error["server"] == both.url
    default = run("plan", "netbird.company", NETBIRD_URL="", NETBIRD_TOKEN="")
    assert default.returncode == 0 and ", mode standalone)" in default.stdout
