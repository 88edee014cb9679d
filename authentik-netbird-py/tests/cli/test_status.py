"""How every site is: as a table, as JSON, as Markdown and for Prometheus."""

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
from datetime import datetime, timezone
from importlib import resources
from pathlib import Path

import jsonschema
import pytest
import yaml
from authentik_netbird import (
    AuthentikTimeoutError,
    CheckName,
    Client,
    Expiry,
    NetbirdIntegration,
)
from authentik_netbird.cli import markdown, overview, prometheus, row, status
from authentik_netbird.cli.command import Arguments
from authentik_netbird.cli.config import Config
from authentik_netbird.testing import AuthentikSimulator, Effect, Fault
from prometheus_client.parser import text_string_to_metric_families

SCHEMA = json.loads(
    (resources.files("authentik_netbird") / "schemas" / "output.schema.json").read_text()
)
NOTHING = {"AUTHENTIK_URL": "", "AUTHENTIK_TOKEN": ""}
QUICK = ("--retry-timeout", "0")
EPOCH_2030 = 1_893_456_000


@pytest.fixture
def wien():
    with AuthentikSimulator(token="ak-of-wien") as simulator:
        yield simulator


@pytest.fixture
def sites(tmp_path, authentik, wien):
    """Writes a configuration: berlin is set up, wien is not, and more."""
    with Client(authentik.url, token=authentik.token) as client:
        client.apply(client.plan(NetbirdIntegration(authentik.url, "berlin.company")))

    def sites(more=""):
        (tmp_path / "berlin.token").write_text(authentik.token.expose())
        (tmp_path / "wien.token").write_text("ak-of-wien")
        (tmp_path / "authentik-netbird.toml").write_text(
            f'[sites.berlin]\nauthentik_url = "{authentik.url}"\ndomain = "berlin.company"\n'
            f'token_file = "berlin.token"\n[sites.wien]\nauthentik_url = "{wien.url}"\n'
            f'domain = "wien.company"\ntoken_file = "wien.token"\n{more}'
        )

    sites()
    return sites


def samples(text):
    """Value by name and labels, as the client library of Prometheus reads them."""
    families = [*text_string_to_metric_families(text)]
    assert all(one.type == "gauge" and one.documentation for one in families)
    assert all(one.name.startswith("authentik_netbird_") for one in families)
    found = {}
    for family in families:
        for sample in family.samples:
            key = (sample.name.removeprefix("authentik_netbird_"), *sample.labels.values())
            assert key not in found
            found[key] = sample.value
    return found


def test_all_sites_in_every_format(run, sites, authentik, wien, tmp_path):
    shown = run("status", **NOTHING)
    assert shown.returncode == 1, "wien is not set up"
    heads, berlin, vienna = shown.stdout.strip().splitlines()
    assert heads.split()[:3] == ["site", "status", "mode"]
    assert berlin.split()[:7] == ["berlin", "ok", "standalone", "2026.5.0", "0", "never", "364"]
    assert vienna.split()[:5] == ["wien", "failed", "standalone", "2026.5.0", "12"]
    assert vienna.rstrip().endswith("discovery")

    document = json.loads(run("status", "--json", **NOTHING).stdout)
    jsonschema.Draft202012Validator(SCHEMA).validate(document)
    assert document["status"] == "failed" and [*document["result"]["sites"]] == ["berlin", "wien"]
    berlin = document["result"]["sites"]["berlin"]["result"]
    assert (berlin["up"], berlin["drift"], berlin["failing"]) == (True, 0, [])
    assert [one["kind"] for one in berlin["expiries"]] == ["app_password", "signing_key"]
    failing = document["result"]["sites"]["wien"]["result"]["failing"]
    assert [(one["name"], one["fixed_by_plan"]) for one in failing] == [("discovery", True)]

    table = run("status", "--format", "markdown", **NOTHING).stdout.splitlines()
    assert table[0].startswith("| site | status |") and table[2].startswith("| berlin | ok |")

    text = run("status", "--format", "prometheus", **NOTHING)
    found = samples(text.stdout)
    assert found["up", "berlin"] == found["up", "wien"] == 1
    assert (found["drift_operations", "berlin"], found["drift_operations", "wien"]) == (0, 12)
    assert found["failing_requirements", "wien"] == 1 and found["plan_blocked", "wien"] == 0
    info = ("info", "berlin", "berlin.company", f"{authentik.url}/", "standalone", "2026.5.0")
    assert found[info] == 1
    name = "service-account-netbird-password"
    assert found["app_password_expiry_timestamp_seconds", "berlin", name] == float("inf")
    key = ("signing_key_expiry_timestamp_seconds", "berlin", "authentik Self-signed Certificate")
    assert found[key] > datetime.now(timezone.utc).timestamp()
    for secret in (authentik.token.expose(), wien.token.expose()):
        assert secret not in shown.stdout + shown.stderr + text.stdout + json.dumps(document)


def test_one_site_and_none(run, sites, authentik, tmp_path):
    alone = run("status", "--site", "berlin", "--json", **NOTHING)
    assert alone.returncode == 0 and [*json.loads(alone.stdout)["result"]["sites"]] == ["berlin"]
    assert run("status", "--all", **NOTHING).returncode == 1
    (tmp_path / "authentik-netbird.toml").unlink()
    authentik.clear_requests()
    without = json.loads(run("status", "berlin.company", "--json").stdout)
    assert [*without["result"]["sites"]] == ["berlin.company"]
    assert len(authentik.requests) == 29, "a plan takes 19, and a verification 29 more"
    assert run("status", **NOTHING).returncode == 2


@pytest.mark.parametrize("path", ["-", "/dev/stdin"])
def test_every_site_has_the_token_that_is_read_once(run, tmp_path, authentik, path):
    text = f'authentik_url = "{authentik.url}"\n' + "".join(
        f'[sites.{name}]\ndomain = "{name}.company"\n' for name in "abc"
    )
    (tmp_path / "authentik-netbird.toml").write_text(text)
    token = {"stdin": authentik.token.expose(), **NOTHING}
    found = json.loads(run("status", "--token-file", path, "--json", **token).stdout)["result"]
    assert [one["result"]["up"] for one in found["sites"].values()] == [True] * 3
    planned = run("plan", "--all", "--token-file", path, **token)
    assert planned.returncode == 0, planned.stderr
    empty = run("status", "--site", "a", "--token-file", path, "--json", **NOTHING)
    assert json.loads(empty.stdout)["result"]["sites"]["a"]["error"]["kind"] == "usage"
    both = run("plan", "--config", "-", "--token-file", "-", stdin=text, **NOTHING)
    assert both.returncode == 2 and "several sites" in both.stderr
    both = run("plan", "--config", "-", "--site", "a", "--token-file", "-", stdin=text, **NOTHING)
    assert both.returncode == 2 and "cannot supply two things" in both.stderr, both.stderr


def test_drift(run, sites, authentik, change_by_hand):
    change_by_hand()
    only = ("status", "--site", "berlin")
    drifted = run(*only, **NOTHING)
    assert drifted.returncode == 0 and "drift" in drifted.stdout.splitlines()[-1]
    assert run(*only, "--detailed-exitcode", **NOTHING).returncode == 2
    text = run(*only, "--format", "prometheus", **NOTHING).stdout
    assert samples(text)["drift_operations", "berlin"] == 1


def test_a_site_that_fails_or_hangs_is_a_row(run, sites, wien):
    wien.add_fault(Fault(Effect.hang()))
    python = json.dumps(sys.executable)
    sites(
        f'[sites.hung]\ndomain = "a.company"\nauthentik_url = "{wien.url}"\n'
        f'token_command = [{python}, "-c", "import time; time.sleep(60)"]\n'
        '[sites.lost]\ndomain = "b.company"\nauthentik_url = "http://127.0.0.1:9"\n'
        'token_file = "wien.token"\n'
        f'[sites.bare]\ndomain = "c.company"\nauthentik_url = "{wien.url}"\n'
    )
    ended = run("status", "--json", "--site-timeout", "3", *QUICK, **NOTHING)
    assert ended.returncode == 1 and "Traceback" not in ended.stderr
    document = json.loads(ended.stdout)
    jsonschema.Draft202012Validator(SCHEMA).validate(document)
    found = document["result"]["sites"]
    assert document["status"] == "error" and found["berlin"]["status"] == "ok"
    kinds = {name: (one["error"] or {}).get("kind") for name, one in found.items()}
    assert (kinds["wien"], kinds["bare"]) == ("timeout", "usage")
    # Which of the two limits is noticed first is left to the clock.
    assert kinds["hung"] in ("timeout", "usage")
    assert found["lost"]["status"] == "failed" and found["lost"]["result"]["up"] is False
    text = run("status", "--format", "prometheus", "--site-timeout", "3", *QUICK, **NOTHING).stdout
    up = {labels[0]: value for (name, *labels), value in samples(text).items() if name == "up"}
    assert up == {"berlin": 1, "wien": 0, "hung": 0, "lost": 0, "bare": 0}
    assert ("drift_operations", "lost") not in samples(text)


def test_a_signal_waits_for_no_token_command(environment, sites, wien, until, tmp_path):
    wien.add_fault(Fault(Effect.hang()))
    python = json.dumps(sys.executable)
    sites(
        f'[sites.hung]\ndomain = "a.company"\nauthentik_url = "{wien.url}"\n'
        f'token_command = [{python}, "-c", "import time; time.sleep(40)"]\n'
    )
    command = [sys.executable, "-m", "authentik_netbird", "status"]
    with open(tmp_path / "errors", "w") as errors:
        running = subprocess.Popen(command, env=environment | NOTHING, cwd=tmp_path, stderr=errors)
    until(lambda: wien.requests)
    running.send_signal(signal.SIGTERM)
    assert running.wait(30) == 143
    assert (tmp_path / "errors").read_text().endswith("interrupted: no server was changed\n")


def test_few_at_once(run, tmp_path, authentik):
    authentik.add_fault(Fault(Effect.delay(0.05), on_path="/admin/version/"))
    names = "abcdefgh"
    text = f'authentik_url = "{authentik.url}"\n' + "".join(
        f'[sites.{name}]\ndomain = "{name}.company"\n' for name in names
    )
    (tmp_path / "authentik-netbird.toml").write_text(text)
    ended = run("status", "--parallelism", "2", "--json", AUTHENTIK_URL="")
    assert [*json.loads(ended.stdout)["result"]["sites"]] == [*names]
    running = most = 0
    for request in authentik.requests:
        running += "/admin/version/" in request.path
        running -= "/device" in request.path or "/.well-known/" in request.path
        most = max(most, running)
    assert 0 < most <= 2


def test_a_file_for_node_exporter(run, sites, tmp_path):
    target = tmp_path / "netbird.prom"
    target.write_text("old")
    given = ("status", "--site", "berlin", "--output", "netbird.prom")
    ended = run(*given, "--format", "prometheus", **NOTHING)
    assert (ended.returncode, ended.stdout) == (0, "")
    assert samples(target.read_text())["up", "berlin"] == 1
    assert os.name != "posix" or target.stat().st_mode & 0o777 == 0o644
    assert not [one for one in os.listdir(tmp_path) if one.endswith(".tmp")]
    refused = run(*given, **NOTHING)
    assert refused.returncode == 2 and "--format json, markdown or prometheus" in refused.stderr
    nowhere = run("status", "--output", "no/x", "--format", "prometheus", **NOTHING)
    assert nowhere.returncode == 2 and "does not exist" in nowhere.stderr


@pytest.mark.parametrize(
    "arguments, said",
    [
        (["--parallelism", "0"], "--parallelism: expected a whole number above 0"),
        (["--parallelism", "1.5"], "--parallelism: expected a whole number above 0"),
        (["--site-timeout", "0"], "--site-timeout: expected a number of seconds above 0"),
        (["x.company"], "DOMAIN: for one site, but status covers every site"),
        (["--all", "x.company"], "--all: do not use DOMAIN, which is for one site"),
        (["--format", "yaml"], "not one of text, json, markdown, prometheus"),
    ],
)
def test_wrong_arguments(run, sites, arguments, said):
    refused = run("status", *arguments, **NOTHING)
    assert refused.returncode == 2 and said in refused.stderr, refused.stderr


def made(**fields):
    """A row without a server."""
    known = {"site": "a", "seconds": 0.25, "mode": "standalone", "server_version": "2026.5.0"}
    return row.Row(**{**known, "drift": 0, **fields})


def expiry(kind, name, expires):
    return Expiry.from_dict({"kind": kind, "name": name, "expires": expires})


def test_labels_are_escaped_and_no_series_comes_twice():
    hostile = 'a\\n "c"\n{d="e"} \x1b[31m\u202e'
    passwords = [expiry("app_password", hostile, "2030-01-01T00:00:00Z")] * 2
    text = prometheus.text([made(site=hostile, expiries=tuple(passwords))])
    [(_, site, name)] = [key for key in samples(text) if key[0].startswith("app_password")]
    shown = 'a\\n "c"\n{d="e"} \ufffd[31m\ufffd'
    assert site == name == shown
    found = samples(text)
    assert found["app_password_expiry_timestamp_seconds", shown, shown] == EPOCH_2030
    assert found["check_duration_seconds", shown] == 0.25


def test_nothing_in_a_cell_is_markup():
    hostile = "a &lt; ~~b~~ `c` [d](e) | <f> *g*\n\\"
    shown = r"a \&lt; \~\~b\~\~ \`c\` \[d\](e) \| \<f\> \*g\* \\"
    assert f"| {shown} | ok |" in markdown.status([made(site=hostile)])


def test_a_narrow_terminal_wraps_lines_and_not_columns(terminal):
    _, text = terminal("status", "netbird.company", COLUMNS="40", NO_COLOR="1").end()
    heads, site = text.splitlines()[-2:]
    assert heads.endswith("failing requirements"), text
    assert site.startswith("netbird.company  failed  standalone  2026.5.0") and not site.endswith(
        " "
    )


def test_the_table_names_options_as_they_are_typed(capsys):
    blocked = made(site="`adopt`", drift=None, blocked="set `adopt`")
    overview.show(row.HEADS, [row.cells(blocked)])
    shown = capsys.readouterr().out
    assert "set --adopt" in shown and shown.count("`adopt`") == 1


def test_what_blocks_a_plan_fails():
    blocked = made(drift=None, blocked="there are two")
    assert (blocked.status, blocked.details) == ("failed", "there are two")
    found = samples(prometheus.text([blocked]))
    assert found["plan_blocked", "a"] == 1 and ("drift_operations", "a") not in found
    assert made(drift=None).status == "incomplete"
    assert samples(prometheus.text([])) == {}


def test_the_page_names_every_metric_and_its_rules_no_other():
    page = (Path(__file__).parents[3] / "docs" / "monitoring.md").read_text(encoding="utf-8")
    metrics = {f"authentik_netbird_{name}" for name in prometheus.METRICS}
    assert {*re.findall(r"^\| `(authentik_netbird_\w+)`", page, re.MULTILINE)} == metrics
    [rules] = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    [group] = yaml.safe_load(rules)["groups"]
    named = {
        name for rule in group["rules"] for name in re.findall(r"\w+_netbird_\w+", rule["expr"])
    }
    assert len(group["rules"]) > 5 and named <= metrics


def test_an_error_that_is_also_a_time_out_keeps_its_text(monkeypatch):
    async def fail(*_):
        raise AuthentikTimeoutError("authentik did not answer")

    monkeypatch.setattr(status, "_checked", fail)
    given = Arguments(site_timeout=1, domain="a.company")
    found = asyncio.run(status._one(given, Config(), is_alone=True))
    assert found.error["message"] == "authentik did not answer"


def test_days():
    now = datetime(2029, 12, 25, 12, tzinfo=timezone.utc)
    password = ("app_password", "p")
    soon = expiry(*password, "2030-01-01T00:00:00Z")
    for expiries, shown in [
        ((), "-"),
        ((expiry(*password, None),), "never"),
        ((expiry(*password, None), soon), "6 days"),
        ((soon, expiry(*password, "2029-12-25T00:00:00Z")), "expired"),
        ((expiry(*password, "2029-12-27T00:00:00Z"),), "1 day"),
        ((expiry(*password, "2029-12-26T00:00:00Z"),), "0 days"),
        ((expiry("signing_key", "k", "2030-01-01T00:00:00Z"),), "-"),
    ]:
        assert row.cells(made(expiries=expiries), now)[5] == shown


def test_names_of_checks_are_those_of_the_library(run, sites):
    found = json.loads(run("status", "--json", **NOTHING).stdout)["result"]["sites"]["wien"]
    assert {CheckName(one["name"]) for one in found["result"]["failing"]} == {CheckName.DISCOVERY}
