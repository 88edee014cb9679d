"""The configuration file: found by itself, with sites, with tokens from everywhere."""

import json
import os
import re
import shlex
import signal
import sys
import threading

import pytest
from authentik_netbird import Mode
from authentik_netbird.cli import modes
from authentik_netbird.testing import AuthentikSimulator, Effect, Fault

NOTHING = {"AUTHENTIK_URL": "", "AUTHENTIK_TOKEN": ""}
SITES = """\
timeout = 20
accept_warnings = ["loopback_address"]
[sites.berlin]
authentik_url = "{berlin}"
domain = "berlin.company"
token_file = "berlin.token"
setup_env = "berlin.env"
[sites.wien]
authentik_url = "{wien}"
domain = "wien.company"
token_command = [{python}, "-c", "print('ak-of-wien')"]
"""


@pytest.fixture
def wien():
    with AuthentikSimulator(token="ak-of-wien") as simulator:
        yield simulator


@pytest.fixture
def folder(tmp_path, authentik, wien):
    """A folder with a configuration of two sites."""
    python = json.dumps(sys.executable)
    text = SITES.format(berlin=authentik.url, wien=wien.url, python=python)
    (tmp_path / "authentik-netbird.toml").write_text(text)
    (tmp_path / "berlin.token").write_text(authentik.token.expose())
    return tmp_path


def test_all_sites(run, folder, authentik, wien):
    both = json.loads(run("plan", "--all", "--json", **NOTHING).stdout)
    assert both["status"] == "ok" and list(both["result"]["sites"]) == ["berlin", "wien"]
    domains = [one["result"]["domain"] for one in both["result"]["sites"].values()]
    assert domains == ["berlin.company", "wien.company"]
    assert run("plan", "--all", "--detailed-exitcode", **NOTHING).returncode == 2
    refused = run("apply", "--all", **NOTHING)
    assert refused.returncode == 1 and "# berlin" in refused.stdout and "# wien" in refused.stdout
    planned = run("plan", "--all", **NOTHING).stdout
    assert re.search(r"^site +status +details *\n", planned, re.MULTILINE)
    assert re.search(r"^wien +ok +11 to create, 1 to change *\n", planned, re.MULTILINE), planned
    applied = run("apply", "--all", "--yes", **NOTHING)
    assert applied.returncode == 0, applied.stderr
    assert "berlin: applied: create" in applied.stderr and "wien: applied: create" in applied.stderr
    assert "berlin.env is ready" in applied.stdout and (folder / "berlin.env").exists()
    assert "wien: authentik is set up" in applied.stdout
    step = "env wien.company --site wien --output setup.env"
    assert f"authentik-netbird {step}\n" in applied.stderr
    assert run(*step.split(), **NOTHING).returncode == 0
    assert run("apply", "--all", **NOTHING).returncode == 0
    documents = run("env", "--all", **NOTHING)
    assert documents.returncode == 0 and "status" not in documents.stdout
    verified = run("verify", "--all", **NOTHING)
    assert verified.returncode == 0
    assert re.search(r"^berlin +ok +\d+ passed *$", verified.stdout, re.MULTILINE), verified.stdout


def test_one_failure_stops_no_other_site(run, folder, authentik, wien):
    wien.add_fault(Fault(Effect.hang(), on_path="/core/applications/"))
    (folder / "berlin.token").write_text("wrong")
    ended = run(
        "apply", "--all", "--yes", "--json", "--timeout", "1", "--retry-timeout", "0", **NOTHING
    )
    assert ended.returncode == 1 and ended.stderr.count("error: ") == 2, ended.stderr
    sites = json.loads(ended.stdout)["result"]["sites"]
    assert sites["berlin"]["error"]["kind"] == "permission_denied"
    assert sites["wien"]["error"]["kind"] == "timeout"
    (folder / "berlin.token").write_text(authentik.token.expose())
    ended = run("apply", "--all", "--yes", "--timeout", "1", "--retry-timeout", "0", **NOTHING)
    assert ended.returncode == 1 and "berlin.env is ready" in ended.stdout


def test_a_netbird_that_does_not_say_its_mode_stops_no_other_site(run, folder, wien):
    path = folder / "authentik-netbird.toml"
    # What answers is no NetBird.
    path.write_text(f'{path.read_text()}netbird_url = "{wien.url}"\n')
    quick = ("--json", "--retry-timeout", "0")
    for command in (["plan"], ["apply", "--yes"], ["env"], ["verify"]):
        ended = run(*command, "--all", *quick, **NOTHING)
        sites = json.loads(ended.stdout)["result"]["sites"]
        assert ended.returncode == 1 and [*sites] == ["berlin", "wien"]
        assert sites["berlin"]["status"] == "ok", ended.stderr
        assert sites["wien"]["error"]["kind"] == "mode_unknown"
        said = f"error: wien: NetBird at {wien.url} could not be asked for its mode: "
        assert ended.stderr.count(said) == 1
    found = json.loads(run("status", *quick, **NOTHING).stdout)["result"]["sites"]
    assert found["berlin"]["status"] == "ok" and found["wien"]["error"]["kind"] == "mode_unknown"
    assert not any(call.is_write for call in wien.requests)


def test_what_is_invalid_is_said_of_its_sites(run, folder, authentik, wien):
    (folder / "berlin.token").unlink()
    given = ("plan", "--all", "--public-url", "nothing")
    refused = run(*given, **NOTHING)
    assert refused.returncode == 2 and refused.stderr.startswith("error: 2 problems")
    assert (
        "  - berlin: authentik-netbird.toml: token_file: cannot read berlin.token" in refused.stderr
    )
    assert "  - --public-url: " in refused.stderr, "of both"
    assert not authentik.requests and not wien.requests


def test_netbirds_are_asked_at_the_same_time():
    all_are_there = threading.Barrier(2, timeout=30)

    def ask():
        all_are_there.wait()
        return Mode.CONNECTOR

    assert modes.of_all([ask, ask]) == [Mode.CONNECTOR, Mode.CONNECTOR]


def test_a_signal_is_for_all_sites(terminal, folder, wien, until):
    wien.add_fault(Fault(Effect.delay(1), on_method="POST", on_path="/core/applications/"))
    one = terminal("apply", "--all", "--yes", "--json", **NOTHING)
    until(
        lambda: any("/core/applications/" in call.path and call.is_write for call in wien.requests)
    )
    one.process.send_signal(signal.SIGTERM)
    code, text = one.end()
    assert code == 143 and "run apply again to finish" in text and "Traceback" not in text, text
    document = json.loads(text[text.index("{\r\n") : text.rindex("}") + 1])
    report = document["result"]["sites"]["wien"]["error"]["report"]
    assert {one["state"] for one in report["operations"]} == {"applied", "skipped"}


def test_one_site(run, folder, authentik):
    planned = run("plan", "--site", "berlin", **NOTHING)
    assert planned.returncode == 0 and "berlin.company" in planned.stdout
    assert "loopback" not in planned.stdout, "the warning is accepted"
    both = run("plan", **NOTHING)
    assert both.returncode == 2 and "--site NAME or --all (berlin, wien)" in both.stderr
    wrong = run("plan", "--site", "brelin", **NOTHING)
    assert wrong.returncode == 2 and "did you mean berlin?" in wrong.stderr
    typed = run(
        "plan", "--site", "berlin", "other.company", "--accept-warning", "subpath", **NOTHING
    )
    assert typed.returncode == 0 and "other.company" in typed.stdout
    for given, said in (
        ("x.company", "do not use DOMAIN"),
        ("--output=x", "do not use --output"),
        ("--site=wien", "--all and --site"),
    ):
        refused = run("plan", "--all", given, **NOTHING)
        assert refused.returncode == 2 and said in refused.stderr, refused.stderr
    saved = run("plan", "--site", "berlin", "--output", "my plan", **NOTHING)
    step = "apply --plan 'my plan' --site berlin"
    assert f"authentik-netbird {step}\n" in saved.stderr
    assert run(*shlex.split(step), "--yes", **NOTHING).returncode == 0


def test_it_is_found_in_the_folder_of_configurations(run, tmp_path, authentik):
    (tmp_path / "home" / "authentik-netbird").mkdir(parents=True)
    path = tmp_path / "home" / "authentik-netbird" / "authentik-netbird.toml"
    path.write_text(f'domain = "home.company"\nauthentik_url = "{authentik.url}"\n')
    home = {"AUTHENTIK_URL": "", "XDG_CONFIG_HOME": str(tmp_path / "home")}
    assert "home.company" in run("plan", **home).stdout
    named = {"AUTHENTIK_URL": "", "AUTHENTIK_NETBIRD_CONFIG": str(path)}
    assert "home.company" in run("plan", **named).stdout
    text = f'domain = "stdin.company"\nauthentik_url = "{authentik.url}"\n'
    assert "stdin.company" in run("plan", "--config", "-", stdin=text, AUTHENTIK_URL="").stdout
    nowhere = run("plan", "--all")
    assert nowhere.returncode == 2 and "authentik-netbird.toml not found here" in nowhere.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
def test_a_file_that_somebody_else_put_here(run, folder, authentik):
    path = folder / "authentik-netbird.toml"
    path.chmod(0o666)
    for _ in range(2):
        refused = run("plan", "--site", "berlin", **NOTHING)
        assert refused.returncode == 2 and "belongs to another user" in refused.stderr
        path.chmod(0o644)
        os.chown(path, 65534, 65534)
    assert authentik.requests == ()
    named = ["--config", "authentik-netbird.toml"]
    assert run("plan", "--site", "berlin", *named, **NOTHING).returncode == 0


def test_tokens(run, tmp_path, authentik):
    path = tmp_path / "authentik-netbird.toml"
    base = f'authentik_url = "{authentik.url}"\ndomain = "netbird.company"\n'
    token = authentik.token.expose()
    path.write_text(f'{base}token = "{token}"\n')
    warned = run("plan", AUTHENTIK_TOKEN="")
    assert (
        warned.returncode == 0 and "warning: authentik-netbird.toml contains the" in warned.stderr
    )
    assert token not in warned.stdout + warned.stderr
    kinds = [one["kind"] for one in json.loads(run("plan", "--json").stdout)["warnings"]]
    assert kinds == ["token_in_config", "loopback_address"]
    for command, said in [
        ("false", "--token-command: the command failed with exit code 1"),
        ("no-such-command-here", "--token-command: cannot run the command: No such file"),
        ("true", "the token command printed nothing"),
        ("echo 'unbalanced", "--token-command: invalid command"),
    ]:
        failed = run("plan", "--token-command", command)
        assert failed.returncode == 2 and said in failed.stderr, failed.stderr
    path.write_text(base)
    assert run("plan", AUTHENTIK_TOKEN="", AUTHENTIK_TOKEN_COMMAND=f"echo {token}").returncode == 0
    (tmp_path / "token").write_text(token)
    assert run("plan", AUTHENTIK_TOKEN="", AUTHENTIK_TOKEN_FILE="token").returncode == 0


@pytest.mark.parametrize(
    "text, variables, said",
    [
        ('timeout = "soon"', {}, "timeout: expected a number of seconds above 0"),
        ("insecure = 7", {}, "insecure: expected true or false"),
        ("ca_file = 7", {}, "ca_file: expected a text"),
        ("sites = 7", {}, "sites: expected tables"),
        ('accept_warnings = ["loopback_adress"]', {}, "did you mean loopback_address?"),
        ("accept_warnings = 7", {}, "expected a list of names"),
        ("", {"AUTHENTIK_NETBIRD_TIMEOUT": "x"}, "AUTHENTIK_NETBIRD_TIMEOUT: expected a number"),
        ("", {"AUTHENTIK_NETBIRD_CA_FILE": "no.pem"}, "cannot read no.pem"),
    ],
)
def test_wrong_settings_of_a_connection(run, tmp_path, authentik, text, variables, said):
    (tmp_path / "authentik-netbird.toml").write_text(f'domain = "netbird.company"\n{text}\n')
    wrong = run("plan", **variables)
    assert wrong.returncode == 2 and said in wrong.stderr, wrong.stderr
    assert authentik.requests == ()
