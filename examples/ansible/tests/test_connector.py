"""The mode connector: NetBird's embedded identity provider, by its API or by hand."""

import base64
import importlib
import os
import sys
from types import SimpleNamespace

import pytest
from authentik_netbird.testing import NetbirdSimulator
from conftest import CANARY, task

NETBIRD_CANARY = "nbp_canary4712OfAnOwner000000000000000000"
WANTED = {"domain": "netbird.company", "mode": "connector"}


@pytest.fixture
def netbird():
    with NetbirdSimulator(token=NETBIRD_CANARY) as simulator:
        yield simulator


def test_both_servers(play, authentik, netbird):
    both = {"NETBIRD_URL": netbird.url, "NETBIRD_TOKEN": NETBIRD_CANARY}
    set_up = task("netbird_integration", **WANTED)
    shown = play([set_up], "--check", "--diff", **both)
    assert shown.result("netbird_integration")["changed"] and not netbird.dump()["connectors"]
    assert "identity provider" in shown.output

    rotate, verify = task("netbird_app_password", **WANTED), task("netbird_verify", **WANTED)
    remove = task("netbird_integration", **WANTED, state="absent")
    run = play([set_up, set_up, rotate, verify, remove], "-vvvv", "--diff", **both)
    first, again, gone = run.results("netbird_integration")
    assert first["outputs"]["identity_provider"] == "authentik" and "dashboard" not in first
    changes = [(one["changed"], one["restart_netbird"]) for one in (first, again, gone)]
    assert changes == [(True, False), (False, False), (True, False)]
    assert run.result("netbird_app_password")["restart_netbird"]
    names = [check["name"] for check in run.result("netbird_verify")["checks"]]
    assert "identity_provider" in names
    assert not netbird.dump()["connectors"]
    for secret in (CANARY, NETBIRD_CANARY):
        assert secret not in run.output + shown.output


def test_what_is_left_to_enter_by_hand(play, authentik):
    run = play([task("netbird_integration", **WANTED), task("netbird_integration_info", **WANTED)])
    secret = authentik.dump()["providers"][0]["client_secret"]
    for module in ("netbird_integration", "netbird_integration_info"):
        result = run.result(module)
        assert result["dashboard"]["Issuer"] == f"{authentik.url}/application/o/netbird/"
        assert result["dashboard"]["Client Secret"] == "(secret)"
        assert "client_secret" not in result["outputs"]
    assert secret not in run.output
    asked = {**WANTED, "return_secrets": True}
    show = {
        "ansible.builtin.assert": {
            "that": [
                "known.dashboard['Client Secret'] == known.outputs.client_secret",
                "'\"clientSecret\"' in known.outputs.migration_seed | b64decode",
            ]
        }
    }
    read = task("netbird_integration_info", **asked, _no_log=True, _register="known")
    set_up = task("netbird_integration", **asked, _no_log=True, _register="known")
    run = play([read, show, set_up, show], "-vvvv")
    assert secret not in run.output


def test_what_does_not_fit(play, netbird, writes):
    def failed(**options):
        run = play([task("netbird_integration", **{**WANTED, **options})], ok=False)
        return run.result("netbird_integration")["msg"]

    assert "netbird_url: missing" in failed(netbird_token=NETBIRD_CANARY)
    assert "the mode connector has no setup.env" in failed(setup_env_path="setup.env")
    wrong = failed(netbird_token="nbp_wrong", netbird_url=netbird.url)
    assert "Team > Users" in wrong and writes() == 0
    run = play([task("netbird_verify", **WANTED, setup_env="")], ok=False)
    assert "the mode connector has no setup.env" in run.result("netbird_verify")["msg"]
    other = {"netbird_url": netbird.url, "netbird_token": NETBIRD_CANARY, "mode": "standalone"}
    netbird.clear_requests()
    play([task("netbird_integration", **{**WANTED, **other})])
    assert not netbird.requests


def test_the_mode_is_found_out(play, authentik, netbird, tmp_path):
    both = {"NETBIRD_URL": netbird.url, "NETBIRD_TOKEN": NETBIRD_CANARY}
    unset = task("netbird_integration", domain="netbird.company")
    run = play([unset], "--check", **both)
    assert run.result("netbird_integration")["mode"] == "connector"
    assert ", mode connector)" in run.result("netbird_integration")["plan"]
    verify = task("netbird_verify", domain="netbird.company", _ignore_errors=True)
    info = task("netbird_integration_info", domain="netbird.company")
    run = play([unset, info, verify])
    assert run.result("netbird_integration_info")["mode"] == "standalone"
    # The provider serves the other mode, and is not converted.
    run = play([unset, verify], ok=False, **both)
    assert "the client of a standalone NetBird" in run.result("netbird_integration")["msg"]
    # A setup.env is of the mode standalone: nothing is asked.
    netbird.clear_requests()
    written = tmp_path / "setup.env"
    play([task("netbird_integration", domain="netbird.company", setup_env_path=str(written))])
    text = base64.b64encode(written.read_bytes()).decode()
    file = task("netbird_verify", domain="netbird.company", setup_env=text, _ignore_errors=True)
    assert play([file], **both).result("netbird_verify")["mode"] == "standalone"
    assert not netbird.requests
    netbird.close()
    unknown = play([unset], ok=False, NETBIRD_URL=netbird.url).result("netbird_integration")
    assert unknown["msg"].startswith(f"mode: missing, and NetBird at {netbird.url} could not be")
    assert unknown["error"]["kind"] == "transport" and unknown["error"]["is_retryable"]


PASSWORD = "canary horse battery"
OWNER = {"email": "owner@netbird.company", "password": PASSWORD}


def test_a_first_start(play, tmp_path):
    with NetbirdSimulator(set_up=False) as new:
        start = {**OWNER, "netbird_url": new.url, "token_path": str(tmp_path / "token")}
        planned = play([task("netbird_first_start", **start)], "--check")
        assert planned.result("netbird_first_start")["changed"] and not new.dump()["accounts"]
        known = {key: value for key, value in start.items() if key != "password"}
        run = play(
            [task("netbird_first_start", **start), task("netbird_first_start", **known)], "-vvvv"
        )
        results = run.results("netbird_first_start")
        became = [(one["changed"], one["setup_required"]) for one in results]
        assert became == [(True, True), (False, False)]
        file = tmp_path / "token"
        token = file.read_text().strip()
        assert file.stat().st_mode & 0o777 == 0o600 and token.startswith("nbp_")
        for secret in (PASSWORD, token):
            assert secret not in run.output + planned.output
        file.write_text("nbp_expired")
        failed = play([task("netbird_first_start", **known)], ok=False)
        assert "password: missing" in failed.result("netbird_first_start")["msg"]
        wrong = task("netbird_first_start", **{**start, "password": "another horse"})
        refused = play([wrong], ok=False).result("netbird_first_start")["msg"]
        assert refused.startswith("invalid client options:") and "email: " in refused, refused
        file.write_text("mine")
        failed = play([task("netbird_first_start", **start)], ok=False)
        assert "something other than an access token" in failed.result("netbird_first_start")["msg"]
        assert file.read_text() == "mine"


def test_a_first_start_with_a_token_that_was_given(play, netbird, tmp_path):
    (tmp_path / "token").write_text("nbp_expired")
    known = {"netbird_url": netbird.url, "netbird_token": NETBIRD_CANARY, **OWNER}
    start = {**known, "token_path": str(tmp_path / "token"), "return_secrets": True}
    secrets = task("netbird_first_start", **start, _no_log=True, _register="first")
    text = "{{ first.changed }} {{ first.token is none }}"
    run = play([secrets, {"ansible.builtin.debug": {"msg": text}}])
    assert run.result("debug")["msg"] == "False True"
    assert not any(one.is_write for one in netbird.requests)


def test_a_first_start_without_a_folder_for_the_token(play, tmp_path):
    with NetbirdSimulator(set_up=False) as new:
        start = {**OWNER, "netbird_url": new.url, "token_path": str(tmp_path / "no" / "token")}
        for arguments in ([], ["--check"]):
            failed = play([task("netbird_first_start", **start)], *arguments, ok=False)
            assert "no does not exist" in failed.result("netbird_first_start")["msg"]
        assert not new.requests


def test_a_first_start_whose_token_is_not_saved(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "path", [os.environ["ANSIBLE_COLLECTIONS_PATH"], *sys.path])
    name = "ansible_collections.authentik_netbird.netbird.plugins.modules.netbird_first_start"
    module = importlib.import_module(name)

    def fail_json(**result):
        raise AssertionError(result)

    def fail(*paths):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(AssertionError) as raised:
        module._write(SimpleNamespace(fail_json=fail_json), str(tmp_path / "token"), "nbp_secret")
    [result] = raised.value.args
    assert result["changed"] and result["error"]["kind"] == "file"
    for words in ("has an owner now", "token named authentik-netbird that was not saved"):
        assert words in result["msg"]
    assert not [*tmp_path.iterdir()] and "nbp_secret" not in str(result)


ROLE = "authentik_netbird.netbird.netbird_connector"


def site(tmp_path, restart="touch restarted", **connection):
    variables = {
        "ansible_connection": "local",
        "ansible_python_interpreter": "{{ ansible_playbook_python }}",
        "netbird_connector_domain": "netbird.company",
        "netbird_connector_directory": str(tmp_path / "netbird"),
        "netbird_connector_restart_command": restart,
        "netbird_connector_connection": connection,
    }
    return {"netbird": {"hosts": {"site": {}}, "vars": variables}}


def test_the_role(play, authentik, netbird, tmp_path):
    (tmp_path / "netbird").mkdir()
    restarted = tmp_path / "netbird" / "restarted"
    both = {"netbird_url": netbird.url, "netbird_token": NETBIRD_CANARY}
    role = [{"ansible.builtin.include_role": {"name": ROLE}}]
    rotate = [{"ansible.builtin.include_role": {"name": ROLE, "tasks_from": "rotate"}}]

    def run(tasks, *arguments, restart="touch restarted", ok=True, start=None):
        inventory = site(tmp_path, restart, **both)
        inventory["netbird"]["vars"]["netbird_connector_first_start"] = start or {}
        return play(tasks, *arguments, hosts="netbird", inventory=inventory, ok=ok)

    run(role, "--check", "--diff")
    assert not netbird.dump()["connectors"] and not restarted.exists()
    first = run(role, "--diff")
    assert first.named("Verify that people can log in")["status"] == "ok"
    assert len(netbird.dump()["connectors"]) == 1 and not restarted.exists()
    # The file's token has expired, the one that was given is used.
    (tmp_path / "token").write_text("nbp_expired")
    start = {**OWNER, "token_path": str(tmp_path / "token")}
    assert run(role, start=start).changed() == []
    # The restart failed: the next run makes up for it.
    assert run(rotate, restart="false", ok=False).returncode == 2
    assert not restarted.exists()
    run(role)
    assert restarted.exists() and [*(tmp_path / "netbird").iterdir()] == [restarted]
    restarted.unlink()
    rotated = run(rotate, "-vvvv")
    assert restarted.exists()
    [connector] = netbird.dump()["connectors"]
    assert connector["client_secret"] == authentik.dump()["providers"][0]["client_secret"]
    for secret in (CANARY, NETBIRD_CANARY, connector["client_secret"]):
        assert secret not in first.output + rotated.output


def test_the_role_on_a_new_netbird(play, authentik, tmp_path):
    (tmp_path / "netbird").mkdir()
    role = [{"ansible.builtin.include_role": {"name": ROLE}}]
    with NetbirdSimulator(set_up=False) as new:
        inventory = site(tmp_path, netbird_url=new.url)
        start = {**OWNER, "token_path": str(tmp_path / "token")}
        inventory["netbird"]["vars"]["netbird_connector_first_start"] = start
        play(role, "--check", hosts="netbird", inventory=inventory)
        assert not new.dump()["accounts"]
        run = play(role, "-vvvv", hosts="netbird", inventory=inventory)
        assert run.named("Verify that people can log in")["status"] == "ok"
        assert len(new.dump()["connectors"]) == 1
        token = (tmp_path / "token").read_text().strip()
        assert PASSWORD not in run.output and token not in run.output
        assert play(role, hosts="netbird", inventory=inventory).changed() == []


def test_the_role_without_netbirds_token(play, tmp_path, writes):
    role = [{"ansible.builtin.include_role": {"name": ROLE}}]
    missing = play(role, hosts="netbird", inventory=site(tmp_path), ok=False)
    assert "there is no folder" in missing.output and writes() == 0
    (tmp_path / "netbird").mkdir()
    run = play(role, hosts="netbird", inventory=site(tmp_path))
    shown = run.named("Show what to enter in NetBird by hand")["result"]
    assert shown["netbird_connector_applied.dashboard"]["Client Secret"] == "(secret)"
