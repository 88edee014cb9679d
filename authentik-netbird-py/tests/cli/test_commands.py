"""The command, as a process of its own."""

import json
import os
import subprocess
import sys

import pytest


@pytest.fixture
def run(authentik):
    def run(*arguments, stdin="", **environment):
        known = {"AUTHENTIK_URL": authentik.url, "AUTHENTIK_TOKEN": authentik.token.expose()}
        return subprocess.run(
            [sys.executable, "-m", "authentik_netbird", *arguments],
            env=os.environ | known | environment,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=60,
        )

    return run


def test_plan_apply_env(run, authentik, tmp_path):
    token, path = authentik.token.expose(), tmp_path / "setup.env"
    planned = run("plan", "netbird.company")
    assert planned.returncode == 2 and "+ create provider" in planned.stdout
    assert "\x1b" not in planned.stdout
    applied = run("apply", "netbird.company", "--yes", "--json", "--env", str(path))
    assert applied.returncode == 0, applied.stderr
    assert json.loads(applied.stdout)["changed"] == 6 and "done: create" in applied.stderr
    assert path.stat().st_mode & 0o777 == 0o600
    again = run("plan", "netbird.company")
    assert again.returncode == 0 and "Nothing to do" in again.stdout
    shown = run("env", "netbird.company")
    assert shown.returncode == 0 and "'***'" in shown.stdout
    for one in (planned, applied, again, shown):
        assert token not in one.stdout + one.stderr


def test_a_saved_plan(run, tmp_path):
    path = tmp_path / "plan.json"
    assert run("plan", "netbird.company", "--out", str(path)).returncode == 2
    assert run("apply", "--plan", str(path), "--yes").returncode == 0
    stale = run("apply", "--plan", str(path), "--yes")
    assert stale.returncode == 1 and "stale" in stale.stderr
    assert run("plan", "netbird.company").returncode == 0


def test_without_a_terminal_nothing_is_written(run, authentik):
    refused = run("apply", "netbird.company")
    assert refused.returncode == 1 and "--yes" in refused.stderr
    assert authentik.requests == ()


def test_file_and_token(run, authentik, tmp_path):
    config, token = tmp_path / "netbird.toml", tmp_path / "token"
    config.write_text('domain = "netbird.company"\napplication_slug = "vpn"\n')
    token.write_text(authentik.token.expose() + "\n")
    for given in (["--token-file", str(token)], ["--token-file", "-"]):
        planned = run(
            "plan", "--config", str(config), *given, stdin=token.read_text(), AUTHENTIK_TOKEN=""
        )
        assert planned.returncode == 2 and "vpn" in planned.stdout
    config.write_text('domain = "a b"\nnope = 1\n')
    wrong = run("plan", "--config", str(config))
    assert wrong.returncode == 1 and "nope" in wrong.stderr and "domain" in wrong.stderr


@pytest.mark.parametrize(
    "arguments, said",
    [
        (["plan", "netbird.company", "--token", "canary-123"], "no --token"),
        (["plan", "netbird.company", "--nope"], "--nope"),
        (["plan"], "DOMAIN"),
        (["plan", "netbird.company", "--config", "/nowhere.toml"], "/nowhere.toml"),
        ([], "COMMAND"),
    ],
)
def test_wrong_arguments(run, arguments, said):
    wrong = run(*arguments)
    assert wrong.returncode == 1 and said in wrong.stderr and "canary" not in wrong.stderr
    assert "Traceback" not in wrong.stderr


def test_wrong_token(run):
    wrong = run("plan", "netbird.company", AUTHENTIK_TOKEN="canary-456")
    assert wrong.returncode == 1 and "403" in wrong.stderr and "canary" not in wrong.stderr


def test_offline(run):
    listed = run("operations", "netbird.company", "--json", AUTHENTIK_URL="", AUTHENTIK_TOKEN="")
    assert len(json.loads(listed.stdout)) == 6
    shown = run("demo", AUTHENTIK_URL="", AUTHENTIK_TOKEN="")
    assert shown.returncode == 0 and "Nothing to do" in shown.stdout
