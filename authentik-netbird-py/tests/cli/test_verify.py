"""`verify`: with an administrator's token, and with a setup.env alone."""

import json


def test_with_a_token(run, authentik):
    missing = run("verify", "netbird.company")
    assert missing.returncode == 1 and "apply a plan first" in missing.stderr
    assert run("apply", "netbird.company", "--yes").returncode == 0
    good = run("verify", "netbird.company")
    assert good.returncode == 0 and "Nothing is wrong" in good.stdout, good.stdout
    told = json.loads(run("verify", "netbird.company", "--json").stdout)
    assert told["success"] is True and len(told["checks"]) > 15
    assert authentik.token.expose() not in good.stdout + good.stderr


def test_with_a_file_alone(run, authentik, tmp_path):
    assert run("apply", "netbird.company", "--yes", "--env", "setup.env").returncode == 0
    nothing = {"AUTHENTIK_URL": "", "AUTHENTIK_TOKEN": ""}
    good = run("verify", "--env", "setup.env", **nothing)
    assert good.returncode == 0 and "skip" in good.stdout, good.stdout + good.stderr
    path = tmp_path / "setup.env"
    path.write_text(path.read_text().replace("USERNAME='NetBird'", "USERNAME='Netbird'"))
    broken = run("verify", "--env", "setup.env", **nothing)
    assert broken.returncode == 1 and "FAIL  token" in broken.stdout and "-> " in broken.stdout
    path.write_text("NETBIRD_DOMAIN = x\n")
    unreadable = run("verify", "--env", "setup.env", **nothing)
    assert unreadable.returncode == 1 and "setup.env: " in unreadable.stderr
    both = run("verify", "netbird.company", "--env", "setup.env")
    assert both.returncode == 1 and "leave out DOMAIN" in both.stderr
