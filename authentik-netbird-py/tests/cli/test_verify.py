"""`verify`: with an administrator's token, and with a setup.env alone."""

import json
import urllib.request

from authentik_netbird.testing import Effect, Fault, FaultAnswer


def test_with_a_token(run, authentik):
    missing = run("verify", "netbird.company")
    assert missing.returncode == 1 and "Apply a plan" in missing.stdout, missing.stderr
    assert 'no application with the slug "netbird"' in missing.stdout
    assert run("apply", "netbird.company", "--yes").returncode == 0
    good = run("verify", "netbird.company")
    assert good.returncode == 0 and "No problems found" in good.stdout, good.stdout
    told = json.loads(run("verify", "netbird.company", "--json").stdout)["result"]
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
    plan = run("plan", "netbird.company", "--detailed-exitcode")
    assert plan.returncode == 2 and "has no app password that is valid" in plan.stdout


def test_with_a_token_that_may_not_read_passwords(run, authentik):
    assert run("apply", "netbird.company", "--yes").returncode == 0
    body = '{"detail": "You do not have permission to perform this action."}'
    denied = Effect.answer(FaultAnswer.with_body(403, "application/json", body))
    authentik.add_fault(Fault(denied, on_path="/view_key/"))
    found = run("verify", "netbird.company")
    assert found.returncode == 3 and "????  token" in found.stdout, found.stderr
    assert "authentik_core.view_token_key" in found.stdout
    assert "Incomplete: 1 unknown (token), 21 passed, 1 skipped" in found.stdout
    wrong = run("verify", "netbird.company", AUTHENTIK_TOKEN="wrong")
    assert wrong.returncode == 1 and "The token is invalid" in wrong.stdout


def test_with_a_file_alone(run, authentik, tmp_path):
    assert run("apply", "netbird.company", "--yes", "--setup-env", "setup.env").returncode == 0
    nothing = {"AUTHENTIK_URL": "", "AUTHENTIK_TOKEN": ""}
    good = run("verify", "--setup-env", "setup.env", **nothing)
    assert good.returncode == 3 and "Incomplete: 4 unknown (encryption" in good.stdout
    path = tmp_path / "setup.env"
    right = path.read_text()
    path.write_text(right.replace("USERNAME='NetBird'", "USERNAME='Netbird'"))
    broken = run("verify", "--setup-env", "setup.env", **nothing)
    assert broken.returncode == 1 and "FAIL  token" in broken.stdout and "-> " in broken.stdout
    path.write_bytes(b"\xef\xbb\xbf" + right.encode())
    marked = run("verify", "--setup-env", "setup.env", **nothing)
    assert marked.returncode == 1 and "line 1: begins with a byte order mark" in marked.stdout
    path.write_text("NETBIRD_DOMAIN = x\n")
    unreadable = run("verify", "--setup-env", "setup.env", **nothing)
    assert unreadable.returncode == 1 and "setup.env line 1: bash cannot read" in unreadable.stdout
    told = json.loads(run("verify", "--setup-env", "setup.env", "--json", **nothing).stdout)[
        "result"
    ]
    assert (told["success"], told["complete"]) == (False, True) and told["checks"]


def test_a_file_a_domain_and_a_token_together(run, authentik, tmp_path):
    assert run("apply", "netbird.company", "--yes", "--setup-env", "setup.env").returncode == 0
    for arguments in [["netbird.company"], []]:
        good = run("verify", *arguments, "--setup-env", "setup.env")
        assert good.returncode == 0 and "No problems found" in good.stdout, good.stdout
    other = run("verify", "vpn.company", "--setup-env", "setup.env")
    assert other.returncode == 1 and '"netbird.company", expected "vpn.company"' in other.stdout
    path = tmp_path / "setup.env"
    lines = path.read_text().splitlines()
    password = next(line for line in lines if "EXTRA_PASSWORD" in line)
    path.write_text(path.read_text().replace(password, "NETBIRD_IDP_MGMT_EXTRA_PASSWORD='wrong'"))
    # The file's own password is the one that is tried.
    wrong = run("verify", "netbird.company", "--setup-env", "setup.env")
    assert wrong.returncode == 1 and "FAIL  token" in wrong.stdout
    assert '"service-account-netbird-password"' in wrong.stdout


def test_a_file_does_not_say_where_the_token_goes(run, authentik, tmp_path):
    assert run("apply", "netbird.company", "--yes", "--setup-env", "setup.env").returncode == 0
    authentik.clear_requests()
    alone = run("verify", "--setup-env", "setup.env", AUTHENTIK_URL="")
    assert alone.returncode == 3 and "the token is not used" in alone.stderr
    assert not [one for one in authentik.requests if "users/me" in one.path]


def test_the_data_store_key_beside_a_file(run, authentik, tmp_path):
    assert run("apply", "netbird.company", "--yes", "--setup-env", "setup.env").returncode == 0
    (tmp_path / "artifacts").mkdir()
    generated = tmp_path / "artifacts" / "management.json"
    generated.write_text('{"DataStoreEncryptionKey": "a2V5"}')
    lost = run("verify", "--setup-env", "setup.env")
    assert lost.returncode == 0 and "configure.sh drops it" in lost.stdout
    assert "a2V5" not in lost.stdout
    (tmp_path / "management.json").write_text(generated.read_text())
    kept = run("verify", "--setup-env", "setup.env")
    assert kept.returncode == 0 and "No problems found" in kept.stdout
