"""What each command does, with pipes."""

import json
import stat
import subprocess
import sys

import pytest
from authentik_netbird import Plan
from authentik_netbird.testing import Effect, Fault, FaultAnswer

SECRET = "NETBIRD_IDP_MGMT_EXTRA_PASSWORD"


def paths(authentik):
    return [request.path for request in authentik.requests]


def test_plan_apply_plan(run, authentik, tmp_path):
    planned = run("plan", "netbird.company", "--detailed-exitcode")
    assert planned.returncode == 2 and "+ create provider" in planned.stdout
    applied = run("apply", "netbird.company", "--yes", "--setup-env", "setup.env")
    assert applied.returncode == 0 and "setup.env is ready" in applied.stdout
    untested = "kept and not tested. To test it: authentik-netbird verify --setup-env setup.env"
    assert untested not in applied.stdout
    writes = [request for request in authentik.requests if request.is_write]
    assert applied.stderr.count("applied: ") == len(writes)
    setup_env = tmp_path / "setup.env"
    assert stat.S_IMODE(setup_env.stat().st_mode) == 0o600 and SECRET in setup_env.read_text()
    again = run("plan", "netbird.company", "--detailed-exitcode")
    assert again.returncode == 0 and "Nothing to do" in again.stdout
    same = run("apply", "netbird.company", "--yes", "--setup-env", "setup.env")
    assert same.returncode == 0 and "setup.env is unchanged" in same.stdout
    assert untested in same.stdout
    assert same.stderr == "" and not any("view_key" in path for path in paths(authentik))
    for one in (planned, applied, again, same):
        assert authentik.token.expose() not in one.stdout + one.stderr


def test_without_a_terminal_only_changes_need_to_be_confirmed(run, authentik):
    refused = run("apply", "netbird.company")
    assert refused.returncode == 1 and "+ create provider" in refused.stdout
    assert "not a terminal. Use --yes" in refused.stderr
    assert not [request for request in authentik.requests if request.is_write]
    assert run("apply", "netbird.company", "--yes").returncode == 0
    again = run("apply", "netbird.company", "--setup-env", "setup.env")
    assert again.returncode == 0 and "Nothing to do" in again.stdout
    assert run("teardown", "netbird.company", "--yes").returncode == 0
    nothing = run("teardown", "netbird.company")
    assert nothing.returncode == 0, nothing.stderr


def test_apply_gets_the_password_that_a_file_lacks(run, tmp_path):
    assert run("apply", "netbird.company", "--yes").returncode == 0
    (tmp_path / "setup.env").write_text("# ours\nNETBIRD_DOMAIN=old\n")
    applied = run("apply", "netbird.company", "--yes", "--setup-env", "setup.env")
    text = (tmp_path / "setup.env").read_text()
    assert applied.returncode == 0 and text.startswith(
        "# ours\n# replaced by authentik-netbird: NETBIRD_DOMAIN=old\n\n# BEGIN"
    )
    assert '~ NETBIRD_DOMAIN: "old" -> "netbird.company"' in applied.stderr.splitlines()
    assert f"{SECRET}=" in text


def test_who_changed_it(run, authentik, change_by_hand):
    assert run("apply", "netbird.company", "--yes").returncode == 0
    change_by_hand()
    assert "last changed by akadmin at" in run("plan", "netbird.company").stdout
    authentik.clear_requests()
    repaired = run("apply", "netbird.company", "--yes")
    assert repaired.returncode == 0 and "1 to change" in repaired.stdout
    assert not any("/events/" in path for path in paths(authentik)), "nobody asked"


def test_json(run, tmp_path):
    wanted = ["netbird.company", "--service-account", "administrator"]
    planned = run("plan", *wanted, "--json")
    found = json.loads(planned.stdout)["result"]
    assert planned.returncode == 0 and Plan.from_dict(found["plan"]).has_changes
    assert (
        found["has_changes"] is True and found["summary"]["create"] == len(found["operations"]) - 1
    )
    applied = run("apply", *wanted, "--yes", "--json", "--setup-env", "setup.env")
    document = json.loads(applied.stdout)
    summary = document["result"]
    members = ["purpose", "mode", "changed", "operations", "outputs", "setup_env", "dashboard"]
    assert list(summary) == members and summary["dashboard"] is None
    changes = [one for one in found["plan"]["operations"] if one["write"]]
    assert summary["changed"] == len(changes) and summary["setup_env"]["kind"] == "created"
    assert summary["outputs"]["issuer"].endswith("/application/o/netbird/")
    assert "loopback_address" in [warning["kind"] for warning in document["warnings"]]
    assert "+ create provider" in applied.stderr
    password = run("env", *wanted, "--as", "json", "--show-secrets").stdout
    assert json.loads(password)[SECRET] not in applied.stdout + applied.stderr + planned.stdout
    again = json.loads(run("apply", *wanted, "--yes", "--json").stdout)["result"]
    assert again["changed"] == 0 and again["setup_env"] is None and list(again) == list(summary)
    assert run("plan", *wanted, "--json").returncode == 0
    wrong = run("plan", "netbird.company", "--json", AUTHENTIK_TOKEN="wrong")
    failure = json.loads(wrong.stdout)
    assert wrong.returncode == 1 and "error: " in wrong.stderr
    assert (failure["status"], failure["result"]) == ("error", None)
    assert (
        failure["error"]["kind"] == "permission_denied" and failure["error"]["http_status"] == 403
    )


@pytest.mark.parametrize("how", ["--output", "--json", "stdin"])
def test_a_saved_plan(run, tmp_path, how):
    # Not in ASCII: a plan survives every encoding.
    given = ["plan", "netbird.company", "--application-name", "Nétbird ✓"]
    path = tmp_path / "plan.json"
    if how == "--output":
        planned = run(*given, "--output", "plan.json")
        assert "apply --plan plan.json" in planned.stderr
    else:
        planned = run(*given, "--json", PYTHONIOENCODING="ascii")
        path.write_text(planned.stdout)
    assert planned.returncode == 0
    saved = ["apply", "--yes", "--plan", "-" if how == "stdin" else "plan.json"]
    applied = run(*saved, stdin=path.read_text() if how == "stdin" else "")
    assert applied.returncode == 0, applied.stderr
    assert "applied: " in applied.stderr
    stale = run(*saved, stdin=path.read_text() if how == "stdin" else "")
    assert stale.returncode == 1 and "stale" in stale.stderr
    assert run(*given).returncode == 0


@pytest.mark.parametrize("form", ["setup-env", "compose", "json"])
def test_env(run, authentik, tmp_path, form):
    early = run("env", "netbird.company", "--as", form)
    assert early.returncode == 1 and early.stdout == "" and "Apply a plan first" in early.stderr
    run("apply", "netbird.company", "--yes")
    authentik.clear_requests()
    starred = run("env", "netbird.company", "--as", form)
    assert starred.returncode == 0 and "***" in starred.stdout and "--output" in starred.stderr
    # Reading the password would leave an event in authentik's log.
    assert not any("view_key" in path for path in paths(authentik))
    shown = run("env", "netbird.company", "--as", form, "--show-secrets")
    assert shown.returncode == 0 and "***" not in shown.stdout and shown.stderr == ""
    for text in (starred.stdout, shown.stdout):
        assert text.endswith("\n") and not text.endswith("\n\n")
        assert SECRET in text
        assert form != "json" or isinstance(json.loads(text), dict)
    written = run("env", "netbird.company", "--as", form, "--output", "file")
    assert written.returncode == 0 and "file is ready" in written.stdout
    assert ("configure.sh" in written.stdout) is (form == "setup-env")
    assert (tmp_path / "file").read_text().strip() == shown.stdout.strip()
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == 0o600
    again = run("env", "netbird.company", "--as", form, "--output", "file")
    assert again.returncode == 0 and "file is unchanged" in again.stdout


def test_github_actions_hides_the_secrets(run, environment, authentik, tmp_path):
    def masked(ended):
        assert ended.returncode == 0 and "::add-mask::" not in ended.stdout, ended.stderr
        lines = ended.stderr.splitlines()
        return [line.removeprefix("::add-mask::") for line in lines if line.startswith("::")]

    there, token = {"GITHUB_ACTIONS": "true"}, authentik.token.expose()
    given = ["netbird.company", "--yes", "--setup-env", "setup.env"]
    known, password = masked(run("apply", *given, **there))
    assert known == token and f"='{password}'" in (tmp_path / "setup.env").read_text()
    shown = masked(run("env", "netbird.company", "--show-secrets", **there))
    assert shown == [token, password]
    assert masked(run("plan", "netbird.company", **there)) == [token]
    rotated = masked(run("rotate", *given, **there))
    assert rotated[1] != password and rotated[1] in (tmp_path / "setup.env").read_text()
    assert masked(run("env", "netbird.company", "--show-secrets")) == []
    # The runner reads a pipe. A file would keep the secret.
    command = [sys.executable, "-m", "authentik_netbird", "plan", "netbird.company"]
    with open(tmp_path / "log", "w") as log:
        subprocess.run(command, env=environment | there, stderr=log, stdout=subprocess.DEVNULL)
    assert token not in (tmp_path / "log").read_text()


@pytest.mark.parametrize(
    "given, text",
    [
        (["blueprint", "--release", "2025.12"], "on authentik 2025.12.0"),
        (["blueprint", "--secret-files", "/run/secrets"], "!File"),
        (["terraform"], 'resource "authentik_application"'),
        (["curl"], "#!/usr/bin/env bash"),
        (["ansible"], "ansible.builtin.uri"),
    ],
)
def test_export_of_a_fresh_server(run, given, text):
    shown = run(
        "export", given[0], "netbird.company", *given[1:], AUTHENTIK_URL="", AUTHENTIK_TOKEN=""
    )
    assert shown.returncode == 0 and text in shown.stdout, shown.stderr


def test_export_of_a_server(run):
    read = ["netbird.company", "--from-server"]
    assert "authentik POST" in run("export", "curl", *read).stdout
    assert "import {" not in run("export", "terraform", *read).stdout
    assert run("apply", "netbird.company", "--yes").returncode == 0
    assert "authentik POST" not in run("export", "curl", *read).stdout
    assert "import {" in run("export", "terraform", *read).stdout


@pytest.mark.parametrize(
    "given, said",
    [
        ([], "FORM: missing"),
        (["terrafrom"], 'FORM: "terrafrom" is not supported; did you mean terraform'),
        (["blueprint", "netbird.company", "--from-server"], "which is the same for every server"),
        (["blueprint", "netbird.company", "--release", "new"], "--release: "),
        (["curl", "netbird.company", "--release", "2025.12"], "--release: "),
    ],
)
def test_exports_that_cannot_be(run, given, said):
    shown = run("export", *given)
    assert shown.returncode == 2 and said in shown.stderr and not shown.stdout


def test_a_blueprint_sets_no_expiry(run):
    given = ["blueprint", "netbird.company", "--app-password-expires", "2030-01-31T00:00:00Z"]
    shown = run("export", *given)
    assert shown.returncode == 1 and "a blueprint cannot set an expiry" in shown.stderr


def test_preview(run):
    nothing = {"AUTHENTIK_URL": "", "AUTHENTIK_TOKEN": ""}
    listed = run("preview", "netbird.company", "--application-slug", "vpn", **nothing)
    assert listed.returncode == 0 and "+ create provider" in listed.stdout
    assert '"vpn"' in listed.stdout and not listed.stdout.endswith("\n\n")
    found = json.loads(run("preview", "netbird.company", "--json", **nothing).stdout)
    found = found["result"]["plan"]
    shown = [line for line in listed.stdout.splitlines() if line.startswith(("+ ", "~ "))]
    assert found["operations"][0]["id"] == "provider" and len(found["operations"]) == len(shown)
    here = {"AUTHENTIK_URL": "https://authentik.company"}
    offline = run("apply", "--yes", "--plan", "-", stdin=json.dumps(found), **here)
    assert offline.returncode == 1 and "made offline" in offline.stderr
    shown = run("destroy", "--help").stdout
    assert shown and shown == run("teardown", "--help").stdout


@pytest.mark.parametrize("release", ["2024.12", "2025.10", "2026.5"])
def test_demo(run, release):
    shown = run("demo", "--release", release, AUTHENTIK_URL="", AUTHENTIK_TOKEN="")
    assert shown.returncode == 0 and shown.stderr == ""
    assert "Nothing to do" in shown.stdout and f"{SECRET}='***'" in shown.stdout
    assert "***" not in run("demo", "--show-secrets").stdout


def test_hints_name_options_as_the_command_spells_them(run, authentik):
    group = run("plan", "netbird.company", "--access-group", "nobody")
    assert group.returncode == 1 and "set --create-access-groups" in group.stderr, group.stderr
    assert run("apply", "netbird.company", "--yes").returncode == 0
    other = run("plan", "vpn.company", "--application-slug", "vpn")
    assert other.returncode == 1 and "set --adopt" in other.stderr, other.stderr
    for shown in (group, other):
        assert "`" not in shown.stderr


def test_options_from_everywhere(run, authentik, tmp_path):
    (tmp_path / "netbird.toml").write_text(
        'domain = "file.company"\napplication_slug = "file"\nadopt = true\n'
        "app_password_expires = 2030-01-31T01:00:00+01:00\n"
        'extra_redirect_uris = [{ matching_mode = "strict", url = "https://file.company/x" }]\n'
    )

    def asked_for(*arguments):
        shown = run("plan", "--config", "netbird.toml", "--json", *arguments).stdout
        return json.loads(shown)["result"]["plan"]["integration"]

    wanted = asked_for()
    assert wanted["domain"] == "file.company" and wanted["adopt"] is True
    assert wanted["app_password_expires"] == "2030-01-31T00:00:00Z"
    given = ["typed.company", "--no-adopt", "--extra-redirect-uri", "strict:https://a.company/"]
    given += ["--extra-redirect-uri", r"regex:https://a\.company/.*"]
    wanted = asked_for(*given)
    assert wanted["domain"] == "typed.company" and wanted["application_slug"] == "file"
    assert wanted["adopt"] is False
    assert wanted["extra_redirect_uris"] == [
        {"matching_mode": "strict", "url": "https://a.company/"},
        {"matching_mode": "regex", "url": r"https://a\.company/.*"},
    ]
    # A byte order mark is nothing.
    fields = {"domain": "netbird.company", "authentik_url": authentik.url}
    (tmp_path / "netbird.json").write_text(json.dumps(fields), encoding="utf-8-sig")
    given = ["plan", "--config", "netbird.json"]
    assert run(*given, AUTHENTIK_URL="").returncode == 0


@pytest.mark.parametrize("name", ["token", "-"])
def test_a_token_from_a_file(run, authentik, tmp_path, name):
    token = authentik.token.expose()
    (tmp_path / "token").write_text(f"{token}\n", encoding="utf-8-sig")
    given = ["plan", "netbird.company", "--token-file", name]
    assert run(*given, stdin=f"{token}\r\n", AUTHENTIK_TOKEN="wrong").returncode == 0


@pytest.mark.parametrize("mode, is_told", [(0o644, True), (0o640, False), (0o600, False)])
def test_a_token_that_everyone_can_read(run, authentik, tmp_path, mode, is_told):
    (tmp_path / "token").write_text(authentik.token.expose())
    (tmp_path / "token").chmod(mode)
    planned = run("plan", "netbird.company", "--token-file", "token", AUTHENTIK_TOKEN="")
    warning = "warning: everyone on this machine can read the API token in token. Run chmod 600"
    assert planned.returncode == 0 and (warning in planned.stderr) is is_told


def test_a_failure_half_way(run, authentik):
    refused = Effect.answer(FaultAnswer.empty(403))
    authentik.add_fault(Fault(refused, on_method="POST", on_path="/core/applications/"))
    failed = run("apply", "netbird.company", "--yes", "--setup-env", "setup.env")
    assert failed.returncode == 1 and " applied, 2 failed, 1 skipped" in failed.stderr
    assert "failed: create application" in failed.stderr and "hint: " in failed.stderr
    authentik.clear_faults()
    assert run("apply", "netbird.company", "--yes", "--setup-env", "setup.env").returncode == 0


def test_outputs_that_take_little(run, environment, tmp_path):
    ascii_only = {"PYTHONIOENCODING": "ascii", "LANG": "C", "LC_ALL": "C"}
    shown = run("plan", "netbird.company", "--application-name", "Nétbird", **ascii_only)
    assert shown.returncode == 0 and r"N\xe9tbird" in shown.stdout
    wrong = run("plan", "nétbird.company", **ascii_only)
    assert wrong.returncode == 2 and "DOMAIN: " in wrong.stderr
