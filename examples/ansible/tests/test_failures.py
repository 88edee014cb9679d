"""What people do wrong, and what breaks: the message names it and says what to do."""

import sys
from pathlib import Path

import yaml
from authentik_netbird.testing import Effect, Fault, FaultAnswer
from conftest import CANARY, COLLECTION, task
from tls import Front


def failing(**options):
    return task(
        "netbird_integration", _ignore_errors=True, **{"domain": "netbird.company"} | options
    )


def documented_keys():
    """The keys of `error`, which every module documents alike."""
    modules = sorted((COLLECTION / "plugins" / "modules").glob("*.py"))
    pages = [path.read_text().split('RETURN = r"""')[1].split('"""')[0] for path in modules]
    [keys] = {tuple(sorted(yaml.safe_load(page)["error"]["contains"])) for page in pages}
    return keys


def test_wrong_input_and_wrong_servers(play, tmp_path, writes):
    empty = tmp_path / "empty.pem"
    empty.write_text("")
    run = play(
        [
            failing(authentik_token="{{ wrong }}"),
            failing(authentik_url="http://127.0.0.1:1", retry_timeout=0),
            failing(authentik_url="https://nowhere.invalid", retry_timeout=0),
            failing(domain="net bird", application_slug="net bird", access_groups=["A", "A"]),
            failing(service_account="emperor"),
            failing(ca_path="/nowhere.pem"),
            failing(ca_path=str(empty), authentik_token=""),
            failing(return_secrets=True),
            failing(timeout=-1),
            task(
                "netbird_verify",
                setup_env="{{ wrong }}",
                _ignore_errors=True,
            ),
            task("netbird_verify", _ignore_errors=True),
        ],
        "-e",
        "wrong=canary-that-is-no-base64",
    )
    assert writes() == 0
    token, refused, unknown, invalid, choice, no_file, no_pem, shown, negative = run.results(
        "netbird_integration"
    )
    assert "403" in token["msg"] and 'intent "API Token"' in token["msg"]
    assert token["error"]["action"] == "read" and token["error"]["is_permission_denied"]
    assert token["error"]["resource"]["kind"] == "server" and token["error"]["hint"]
    assert refused["error"]["kind"] == "transport" and "127.0.0.1:1" in refused["msg"]
    assert unknown["error"]["kind"] == "transport" and "nowhere.invalid" in unknown["msg"]
    fields = [issue["field"] for issue in invalid["error"]["issues"]]
    assert {"domain", "application_slug"} <= set(fields)
    assert "service_account" in choice["msg"] and "user_reader" in choice["msg"]
    assert no_file["msg"].startswith("ca_path: cannot read /nowhere.pem: ")
    assert {issue["field"] for issue in no_pem["error"]["issues"]} == {"authentik_token", "ca_path"}
    assert "  - ca_path: " in no_pem["msg"] and "  - authentik_token: " in no_pem["msg"]
    assert "no_log: true" in shown["msg"]
    assert "timeout" in negative["msg"] and "non-negative" in negative["msg"]
    base64, neither = run.results("netbird_verify")
    # Of one shape, whatever failed; of a choice or a missing option Ansible itself says it.
    failures = [token, refused, unknown, invalid, no_file, no_pem, shown, negative, base64]
    assert {tuple(sorted(one["error"])) for one in failures} == {documented_keys()}
    kinds = [one["error"]["kind"] for one in (no_file, shown, negative, base64)]
    assert kinds == ["invalid_option"] * 4
    assert base64["error"]["issues"][0]["field"] == "setup_env"
    assert "base64" in base64["msg"] and "setup_env" in neither["msg"]
    assert "canary" not in run.output and run.changed() == []


def test_a_conflict_is_told_and_taken_over_only_when_asked(play, writes):
    run = play(
        [
            failing(),
            failing(domain="other.company"),
            failing(domain="other.company", adopt=True),
        ]
    )
    _, conflict, taken = run.results("netbird_integration")
    assert conflict["error"]["kind"] == "conflict" and "adopt" in conflict["msg"]
    assert conflict["error"]["blockers"] and not conflict["changed"]
    assert taken["changed"] and any("netbird.company" in str(one) for one in taken["warnings"])


def test_half_way_says_what_was_done_and_the_next_run_finishes(play, authentik):
    authentik.add_fault(
        Fault(
            Effect.answer(FaultAnswer.with_body(403, "application/json", '{"detail": "no"}')),
            on_method="POST",
            on_path="/core/applications/",
            times=1,
        )
    )
    failed, done, again = play([failing(), failing(), failing()]).results("netbird_integration")
    assert failed["changed"] and failed["error"]["kind"] == "partial_apply"
    report = failed["error"]["report"]
    states = {(one["resource"]["kind"], one["state"]["state"]) for one in report}
    assert ("provider", "applied") in states and ("application", "failed") in states
    assert "application" in failed["msg"]
    assert done["changed"] and not again["changed"]


def test_a_library_that_is_not_there(play):
    bare = Path(sys.base_prefix) / "bin" / "python3"
    run = play(
        [failing()],
        "-e",
        f"ansible_python_interpreter={bare}",
        ANSIBLE_DISPLAY_TRACEBACK="always",
    )
    result = run.result("netbird_integration")
    assert "authentik-netbird" in result["msg"] and "delegate_to: localhost" in result["msg"]
    assert "No module named 'authentik_netbird'" in result["exception"]
    assert result["error"]["kind"] == "missing_package"
    assert tuple(sorted(result["error"])) == documented_keys()
    assert CANARY not in run.output


def test_a_library_that_is_too_old(play, tmp_path):
    package = tmp_path / "old" / "authentik_netbird"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text('__version__ = "0.0.9"')
    result = play([failing()], PYTHONPATH=str(package.parent)).result("netbird_integration")
    assert "expected 0.1.0 or later, got 0.0.9" in result["msg"]
    assert result["error"]["kind"] == "missing_package"
    assert tuple(sorted(result["error"])) == documented_keys()
    assert "authentik-netbird>=0.1.0\n" in (COLLECTION / "requirements.txt").read_text()


def test_a_failed_check_is_told_with_its_hint(play, api):
    set_up = task("netbird_integration", domain="netbird.company")
    play([set_up])
    [provider] = api("GET", "/providers/oauth2/?name=NetBird")["results"]
    api("PATCH", f"/providers/oauth2/{provider['pk']}/", {"signing_key": None})
    run = play([task("netbird_verify", domain="netbird.company")], ok=False)
    verified = run.result("netbird_verify")
    assert run.returncode == 2 and verified["failed_checks"] == ["signing_key"]
    [check] = [one for one in verified["checks"] if one["status"] == "fail"]
    assert "RSA" in check["hint"] and check["hint"] in verified["msg"]


def test_a_file_with_a_domain_and_a_token(play, tmp_path):
    path = tmp_path / "setup.env"
    written = task("netbird_integration", domain="netbird.company", setup_env_path=str(path))
    play([written])
    present = "{{ lookup('file', path) | b64encode }}"
    file = ("-e", f"path={path}")
    good = play([task("netbird_verify", domain="netbird.company", setup_env=present)], *file)
    assert good.result("netbird_verify")["unknown_checks"] == []
    other = [task("netbird_verify", domain="vpn.company", setup_env=present)]
    verified = play(other, *file, ok=False).result("netbird_verify")
    assert "environment" in verified["failed_checks"] and "vpn.company" in verified["msg"]


def test_a_private_authority(play, authentik, tmp_path, writes):
    with Front(authentik, tmp_path) as front:
        here = {"authentik_url": front.url, "retry_timeout": 0}
        run = play(
            [
                failing(**here),
                failing(**here, ca_path=str(front.authority)),
                failing(**here, validate_certs=False),
                task(
                    "netbird_verify",
                    domain="netbird.company",
                    validate_certs=False,
                    _ignore_errors=True,
                    **here,
                ),
            ]
        )
        front.shutdown()
    # This proxy does not say that it is reached by https, and verify finds that out through it.
    assert run.result("netbird_verify")["failed_checks"] == ["issuer"]
    untrusted, trusted, unchecked = run.results("netbird_integration")
    assert untrusted["error"]["kind"] == "transport" and "ca_path" in untrusted["msg"]
    assert trusted["changed"] and not unchecked["changed"] and writes() > 0
    assert "warnings" in unchecked and any(
        "validate_certs" in str(w) for w in unchecked["warnings"]
    )
    assert not any("validate_certs" in str(w) for w in trusted["warnings"])
