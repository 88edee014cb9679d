"""`rotate` and `teardown`."""

import json

SECRET = "NETBIRD_IDP_MGMT_EXTRA_PASSWORD"


def password(path):
    return next(line for line in path.read_text().splitlines() if line.startswith(SECRET))


def test_rotate(run, tmp_path):
    missing = run("rotate", "netbird.company", "--yes")
    assert missing.returncode == 1 and "Apply a plan first" in missing.stderr
    assert run("apply", "netbird.company", "--yes", "--setup-env", "setup.env").returncode == 0
    path = tmp_path / "setup.env"
    before = password(path)
    asked = run("rotate", "netbird.company")
    assert asked.returncode == 1 and "--yes" in asked.stderr and password(path) == before
    rotated = run("rotate", "netbird.company", "--yes", "--setup-env", "setup.env")
    assert rotated.returncode == 0 and "setup.env is ready" in rotated.stdout
    assert "~ update app password" in rotated.stdout and "1 to change" in rotated.stdout
    after = password(path)
    assert after != before and after.split("'")[1] not in rotated.stdout + rotated.stderr
    assert run("verify", "--setup-env", "setup.env").returncode == 0
    told = json.loads(run("rotate", "netbird.company", "--yes", "--json").stdout)["result"]
    assert told["outputs"]["app_password_identifier"] == "service-account-netbird-password"
    assert (told["changed"], told["setup_env"]) == (1, None)
    # The file has the old value now, and verify says so.
    late = run("verify", "--setup-env", "setup.env")
    assert late.returncode == 1 and "FAIL  token" in late.stdout
    assert run("env", "netbird.company", "--output", "setup.env").returncode == 0
    assert run("verify", "--setup-env", "setup.env").returncode == 0


def test_teardown(run, authentik):
    before = authentik.dump()
    nothing = run("teardown", "netbird.company", "--yes")
    assert nothing.returncode == 0 and "Nothing to do" in nothing.stdout
    assert (
        run("apply", "netbird.company", "--yes", "--service-account", "user_reader").returncode == 0
    )
    asked = run("teardown", "netbird.company", "--service-account", "user_reader")
    assert asked.returncode == 1 and "--yes" in asked.stderr
    gone = run("teardown", "netbird.company", "--service-account", "user_reader", "--yes", "--json")
    assert gone.returncode == 0 and json.loads(gone.stdout)["result"]["outputs"] is None, (
        gone.stderr
    )
    assert json.loads(gone.stdout)["result"]["changed"] > 3
    assert "Remove NetBird" in gone.stderr
    after = authentik.dump()
    for kind in ("users", "tokens", "groups", "roles", "providers", "applications", "brands"):
        assert after[kind] == before[kind], kind
