"""The token and the password are in no output, no diff, no log and no result, unless asked for."""

import json

from conftest import CANARY, PASSWORD, task

SITE = "netbird.company"


def test_nothing_secret_in_what_is_shown(play, authentik, api, tmp_path):
    secrets_file = tmp_path / "secrets.json"
    setup_env = "A=1\nNETBIRD_DOMAIN='old.company'\n"
    asked = {"domain": SITE, "return_secrets": True, "_no_log": True}
    run = play(
        [
            task("netbird_integration", domain=SITE, authentik_token=CANARY),
            task("netbird_integration", domain=SITE),
            task("netbird_integration_info", domain=SITE),
            task("netbird_verify", domain=SITE),
            task("netbird_integration", **asked, _register="again"),
            task(
                "netbird_integration_info",
                **asked,
                setup_env="{{ text | b64encode }}",
                _register="info",
                _vars={"text": setup_env},
            ),
            task(
                "netbird_integration_info",
                **asked,
                setup_env="{{ info.setup_env | b64encode }}",
                _register="kept",
            ),
            task("netbird_verify", setup_env="{{ info.setup_env | b64encode }}"),
            task("netbird_app_password", **asked, _register="rotated"),
            task("netbird_app_password", domain=SITE),
            task("netbird_integration", domain="other.company", _ignore_errors=True),
            {
                "ansible.builtin.copy": {
                    "content": "{{ [again, info, kept, rotated] | to_json }}",
                    "dest": str(secrets_file),
                    "mode": "0600",
                },
                "no_log": True,
            },
            task("netbird_integration", domain=SITE, state="absent"),
        ],
        "-vvvv",
        "--diff",
        ANSIBLE_LOG_PATH=str(tmp_path / "ansible.log"),
        ANSIBLE_INJECT_INVOCATION="1",
        ANSIBLE_PIPELINING=None,
        ANSIBLE_DISPLAY_TRACEBACK="always",
    )
    again, info, kept, rotated = json.loads(secrets_file.read_text())
    password = again["outputs"]["app_password"]
    assert len(password) == 60 and info["outputs"]["app_password"] == password
    assert info["setup_env"].startswith("A=1\n# replaced by authentik-netbird: ")
    changes = {one["name"]: (one["before"], one["after"]) for one in info["setup_env_changes"]}
    assert changes["NETBIRD_DOMAIN"] == ('"old.company"', '"netbird.company"')
    assert changes[PASSWORD] == (None, "set") and kept["setup_env_changes"] == []
    assert f"{PASSWORD}='{password}'" in info["setup_env"] and info["setup_env_changed"]
    assert kept["setup_env"] == info["setup_env"] and not kept["setup_env_changed"]
    assert kept["outputs"]["app_password"] is None, "it was not read again"
    secrets = [CANARY, password, rotated["outputs"]["app_password"]]
    assert len({*secrets}) == 3 and all(secrets)
    shown = run.output + (tmp_path / "ansible.log").read_text() + json.dumps(run.tasks)
    assert '"authentik_token": "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"' in shown
    for secret in secrets:
        assert secret not in shown


def test_the_password_is_read_only_on_purpose(play, authentik):
    def readings():
        count = sum("view_key" in request.path for request in authentik.requests)
        authentik.clear_requests()
        return count

    set_up = task("netbird_integration", domain=SITE)
    play([set_up])
    readings()
    info = task("netbird_integration_info", domain=SITE, return_secrets=True, _no_log=True)
    play([set_up, task("netbird_integration_info", domain=SITE), info], "--check")
    play([set_up, task("netbird_integration_info", domain=SITE)])
    assert readings() == 0
    play([info])
    assert readings() == 1
