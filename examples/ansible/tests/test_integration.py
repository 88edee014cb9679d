"""What a task writes, and what it says of it."""

from authentik_netbird.testing import Effect, Fault, FaultAnswer
from conftest import CANARY, PASSWORD, task

SET_UP = task("netbird_integration", domain="netbird.company")
REMOVE = task("netbird_integration", domain="netbird.company", state="absent")
INFO = task("netbird_integration_info", domain="netbird.company")
ROTATE = task("netbird_app_password", domain="netbird.company")
VERIFY = task("netbird_verify", domain="netbird.company")


def test_check_mode_writes_nothing_and_says_what_it_would(play, authentik, writes):
    before = authentik.dump()
    run = play([SET_UP, REMOVE, INFO], "--check", "--diff")
    assert writes() == 0 and authentik.dump() == before
    present, absent = run.results("netbird_integration")
    assert present["changed"] and not absent["changed"]
    assert {one["verb"] for one in present["operations"]} == {"create", "update"}
    assert len(present["operations"]) == 12
    assert {one["state"] for one in present["operations"]} == {"planned"}
    assert present["outputs"]["client_id"] is None
    assert (
        '+    "sub_mode": "user_id"' in run.output and '+    "token": "(new secret)"' in run.output
    )
    assert '"provider": "(from the new provider \\"NetBird\\")"' in run.output
    info = run.result("netbird_integration_info")
    assert not info["changed"] and not info["converged"]


def test_once_again_drift_and_removal(play, authentik, writes, api):
    before = authentik.dump()
    run = play([SET_UP, SET_UP, INFO], "--diff")
    first, second = run.results("netbird_integration")
    assert first["changed"] and not second["changed"] and writes() == 12
    assert {one["state"] for one in first["operations"]} == {"applied"}
    assert {one["state"] for one in second["operations"]} == {"unchanged"} and not second["diff"]
    assert first["outputs"] == second["outputs"] and len(first["outputs"]["client_id"]) == 40
    assert second["outputs"]["issuer"] == f"{authentik.url}/application/o/netbird/"
    assert first["plan"].startswith("NetBird netbird.company on authentik")
    assert any("loopback" in str(warning) for warning in first["warnings"])
    assert "[WARNING]: NetBird gets" in run.output
    assert run.result("netbird_integration_info")["converged"]

    [provider] = api("GET", "/providers/oauth2/?name=NetBird")["results"]
    api("PATCH", f"/providers/oauth2/{provider['pk']}/", {"sub_mode": "hashed_user_id"})
    writes()
    drifted = play([SET_UP], "--check", "--diff")
    assert drifted.result("netbird_integration")["changed"] and writes() == 0
    assert '-    "sub_mode": "hashed_user_id"\n+    "sub_mode": "user_id"' in drifted.output
    [change] = [
        one for one in drifted.result("netbird_integration")["operations"] if one["changes"]
    ]
    assert change["changes"] == [
        {"path": "sub_mode", "before": "hashed_user_id", "after": "user_id"}
    ]
    assert change["changed_by"]["user"] == "akadmin"
    mended = play([SET_UP, SET_UP, VERIFY]).results("netbird_integration")
    assert [one["changed"] for one in mended] == [True, False] and writes() >= 1

    first, second = play([REMOVE, REMOVE]).results("netbird_integration")
    assert first["changed"] and not second["changed"]
    assert "outputs" not in first and first["plan"].startswith("Remove NetBird")
    after = authentik.dump()
    changed = {name for name in before if before[name] != after[name]}
    assert changed <= {"counters", "events"}, "all is as it was before the first run"


def test_a_diff_cannot_draw_on_a_terminal(play, api):
    set_up = task("netbird_integration", domain="netbird.company", application_name="NetBird")
    play([set_up])
    tricks = "\x1b[31mred\u202e\u200b\x07"
    [brand] = api("GET", "/core/brands/")["results"]
    change = {"domain": tricks, "flow_device_code": None}
    api("PATCH", f"/core/brands/{brand['brand_uuid']}/", change)
    api("PATCH", "/core/applications/netbird/", {"name": f"Net{tricks}"})
    run = play([set_up], "--check", "--diff")
    shown = run.result("netbird_integration")["diff"]
    assert len(shown) == 2 and all("red" in str(one) for one in shown)
    texts = [text for one in shown for text in (one["before_header"], one["after_header"])]
    texts += [str(value) for one in shown for value in one["before"].values()]
    for text in [*texts, run.output.replace("\n", "")]:
        assert text.isprintable() or "\ufffd" in text, ascii(text)
        assert not any(trick in text for trick in "\x1b\x07\u202e\u200b"), ascii(text)


def test_options_and_another_netbird(play, api):
    run = play(
        [
            SET_UP,
            task(
                "netbird_integration",
                domain="vpn.company",
                authentik_token=CANARY,
                application_name="VPN",
                application_slug="vpn",
                provider_name="VPN",
                service_account="user_reader",
                service_account_name="VPN",
                access_groups=["VPN users"],
                create_access_groups=True,
                extra_redirect_uris=[{"url": "https://vpn.company/peers"}],
                app_password_expires="2031-01-31 00:00:00+00:00",
                reverse_proxy=True,
                timeout=5,
                validate_certs=False,
            ),
            REMOVE,
        ]
    )
    first, vpn, removed = run.results("netbird_integration")
    assert first["changed"] and vpn["changed"]
    assert any("validate_certs" in str(one) for one in vpn["warnings"])
    assert vpn["outputs"]["service_account"] == "VPN"
    kept = [one for one in removed["operations"] if one["verb"] == "no_change"]
    assert {one["resource"]["kind"] for one in kept} >= {"flow", "brand"}
    [provider] = api("GET", "/providers/oauth2/?name=VPN")["results"]
    assert "https://vpn.company/peers" in [one["url"] for one in provider["redirect_uris"]]
    [token] = [one for one in api("GET", "/core/tokens/")["results"] if "vpn" in one["identifier"]]
    assert token["expires"].startswith("2031-01-31T00:00:00")


def test_rotate(play, authentik, writes):
    missing = play([ROTATE], "--check", ok=False)
    assert "Apply a plan first" in missing.result("netbird_app_password")["msg"]
    before = play([SET_UP]).result("netbird_integration")["outputs"]
    writes()
    checked = play([ROTATE], "--check", "--diff")
    planned = checked.result("netbird_app_password")
    assert writes() == 0 and planned["changed"] and planned["plan"].startswith("Rotate")
    assert [one["state"] for one in planned["operations"]] == ["planned"]
    assert any("fail until it has the new app password" in str(one) for one in planned["warnings"])
    rotated = play([ROTATE, VERIFY], "--diff").result("netbird_app_password")
    assert rotated["changed"] and writes() >= 1 and rotated["outputs"] == before
    assert [one["state"] for one in rotated["operations"]] == ["applied"]
    for result in (planned, rotated):
        [shown] = result["diff"]
        assert shown["before"] == {"key": "(secret)"} and shown["after"] == {"key": "(new secret)"}


def test_a_rotation_that_fails_half_way(play, authentik):
    play([SET_UP])
    refused = Effect.answer(FaultAnswer.with_body(403, "application/json", '{"detail": "no"}'))
    authentik.add_fault(Fault(refused, on_method="POST", on_path="/set_key/"))
    run = play([task("netbird_app_password", domain="netbird.company", expiry="never")], ok=False)
    failed = run.result("netbird_app_password")
    assert failed["error"]["kind"] == "partial_apply" and not failed["changed"]
    states = {one["operation"]: one["state"]["state"] for one in failed["error"]["report"]}
    assert states == {"app-password-expiry": "unchanged", "app-password": "failed"}


def test_a_setup_env_where_the_module_runs(play, authentik, tmp_path):
    def readings():
        count = sum("view_key" in request.path for request in authentik.requests)
        authentik.clear_requests()
        return count

    def became(run, module="netbird_integration"):
        return [(one["changed"], one["setup_env_file"]["kind"]) for one in run.results(module)]

    path = tmp_path / "setup.env"
    here = {"domain": "netbird.company", "setup_env_path": str(path)}
    set_up, rotate = task("netbird_integration", **here), task("netbird_app_password", **here)
    assert became(play([set_up], "--check")) == [(True, "created")] and not path.exists()
    assert became(play([set_up, set_up])) == [(True, "created"), (False, "unchanged")]
    assert became(play([set_up], "--check")) == [(False, "unchanged")] and readings() == 0
    text = path.read_text()
    for lost, change in (("", "changed"), (None, "created")):
        path.unlink() if lost is None else path.write_text(lost)
        assert became(play([set_up], "--check")) == [(True, change)] and readings() == 0
        assert became(play([set_up])) == [(True, change)] and readings() == 1
        assert path.read_text() == text
    for mode in (["--check"], []):
        assert path.read_text() == text
        rotated = play([rotate], *mode)
        assert became(rotated, "netbird_app_password") == [(True, "changed")]
        [change] = rotated.result("netbird_app_password")["setup_env_file"]["variables"]
        assert (change["name"], change["after"]) == (PASSWORD, "changed")
    # Not in check mode: the rotation compares what it wrote with authentik's password.
    assert path.read_text() != text and readings() == 1
    play(
        [task("netbird_verify", setup_env="{{ lookup('file', path) | b64encode }}")],
        "-e",
        f"path={path}",
    )
    for mode in ([], ["--check"]):
        failed = play([task("netbird_integration", **here, state="absent")], *mode, ok=False)
        assert "teardown has no outputs" in failed.result("netbird_integration")["msg"]
