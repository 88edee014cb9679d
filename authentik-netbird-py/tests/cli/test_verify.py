"""`verify`: with an administrator's token, and with a setup.env alone."""

import json
import urllib.request

from authentik_netbird.testing import Effect, Fault, FaultAnswer


def test_with_a_token(run, authentik):
    missing = run("verify", "netbird.company")
    assert missing.returncode == 1 and "Apply a plan first" in missing.stderr
    assert run("apply", "netbird.company", "--yes").returncode == 0
    good = run("verify", "netbird.company")
    assert good.returncode == 0 and "No problems found" in good.stdout, good.stdout
    told = json.loads(run("verify", "netbird.company", "--json").stdout)
    assert told["success"] is True and len(told["checks"]) > 15
    assert authentik.token.expose() not in good.stdout + good.stderr


def test_without_a_password_that_works(run, authentik):
    """It is what the report is about, and no reason for having none."""
    assert run("apply", "netbird.company", "--yes").returncode == 0
    path = "/api/v3/core/tokens/service-account-netbird-password/"
    call = urllib.request.Request(authentik.url + path, method="DELETE")
    call.add_header("Authorization", f"Bearer {authentik.token.expose()}")
    urllib.request.urlopen(call).close()
    found = run("verify", "netbird.company")
    assert found.returncode == 1 and found.stderr == "", found.stderr
    assert "FAIL  app_password" in found.stdout and "1 failed (app_password)" in found.stdout
    plan = run("plan", "netbird.company")
    assert plan.returncode == 2 and "has no app password that is valid" in plan.stdout


def test_with_a_token_that_may_not_read_passwords(run, authentik):
    assert run("apply", "netbird.company", "--yes").returncode == 0
    body = '{"detail": "You do not have permission to perform this action."}'
    denied = Effect.answer(FaultAnswer.with_body(403, "application/json", body))
    authentik.add_fault(Fault(denied, on_path="/view_key/"))
    found = run("verify", "netbird.company")
    assert found.returncode == 0 and "skip  token" in found.stdout, found.stderr
    assert "19 passed, 2 skipped" in found.stdout
    wrong = run("verify", "netbird.company", AUTHENTIK_TOKEN="wrong")
    assert wrong.returncode == 1 and "The token is invalid" in wrong.stderr


def test_with_a_file_alone(run, authentik, tmp_path):
    assert run("apply", "netbird.company", "--yes", "--setup-env", "setup.env").returncode == 0
    nothing = {"AUTHENTIK_URL": "", "AUTHENTIK_TOKEN": ""}
    good = run("verify", "--setup-env", "setup.env", **nothing)
    assert good.returncode == 0 and "skip" in good.stdout, good.stdout + good.stderr
    path = tmp_path / "setup.env"
    path.write_text(path.read_text().replace("USERNAME='NetBird'", "USERNAME='Netbird'"))
    broken = run("verify", "--setup-env", "setup.env", **nothing)
    assert broken.returncode == 1 and "FAIL  token" in broken.stdout and "-> " in broken.stdout
    path.write_text("NETBIRD_DOMAIN = x\n")
    unreadable = run("verify", "--setup-env", "setup.env", **nothing)
    assert unreadable.returncode == 1 and "setup.env: " in unreadable.stderr
    both = run("verify", "netbird.company", "--setup-env", "setup.env")
    assert both.returncode == 1 and "do not give DOMAIN" in both.stderr
