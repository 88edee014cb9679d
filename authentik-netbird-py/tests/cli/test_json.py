"""What `--json` writes is what its schema says, for every command, and after every failure."""

import json
import signal
import subprocess
import sys
from importlib import resources
from pathlib import Path

import jsonschema
import pytest
from authentik_netbird.cli import app
from authentik_netbird.testing import Effect, Fault, FaultAnswer

SCHEMA = json.loads(
    (resources.files("authentik_netbird") / "schemas" / "output.schema.json").read_text()
)
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
DOCS = Path(__file__).parents[3] / "docs" / "reference" / "output.schema.json"
NOTHING = {"AUTHENTIK_URL": "", "AUTHENTIK_TOKEN": ""}


def checked(ended, status="ok", command=None):
    """The document, which is what the schema says."""
    document = json.loads(ended.stdout)
    VALIDATOR.validate(document)
    assert document["status"] == status, ended.stderr
    assert command is None or document["command"] == command
    assert (document["error"] is None) is (status != "error")
    return document


def test_the_schema_is_one_and_the_docs_have_it():
    VALIDATOR.check_schema(SCHEMA)
    assert json.loads(DOCS.read_text()) == SCHEMA
    assert [*SCHEMA["properties"]["command"]["anyOf"][0]["enum"]] == [*app.COMMANDS]


def test_every_command(run, authentik, tmp_path, change_by_hand):
    checked(run("preview", "netbird.company", "--json", **NOTHING), command="preview")
    checked(run("demo", "--json", **NOTHING), command="demo")
    exported = run("export", "curl", "netbird.company", "--json", **NOTHING)
    assert checked(exported, command="export")["result"]["form"] == "curl"
    checked(run("completion", "bash", "--json"), command="completion")
    planned = checked(run("plan", "netbird.company", "--format", "json"), command="plan")
    assert planned["result"]["summary"]["create"] == 11
    given = ["netbird.company", "--yes", "--json"]
    applied = run("apply", *given, "--setup-env", "setup.env")
    assert checked(applied, command="apply")["result"]["setup_env"]["kind"] == "created"
    change_by_hand()
    drift = checked(run("plan", "netbird.company", "--json"))["result"]
    [change] = [one for one in drift["operations"] if one["verb"] == "update"]
    assert change["changes"][0]["before"] == {"kind": "value", "value": False}
    assert change["changed_by"]["user"] == "akadmin"
    run("apply", *given)
    checked(run("verify", "netbird.company", "--json"), command="verify")
    stars = checked(run("env", "netbird.company", "--json"), command="env")
    assert stars["result"]["variables"]["NETBIRD_IDP_MGMT_EXTRA_PASSWORD"] == "***"
    checked(run("env", "netbird.company", "--json", "--output", "setup.env"), command="env")
    checked(run("rotate", *given), command="rotate")
    checked(run("destroy", *given), command="teardown")
    (tmp_path / "authentik-netbird.toml").write_text('[sites.a]\ndomain = "a.company"\n')
    for command, status in (("plan", "ok"), ("verify", "failed")):
        found = checked(run(command, "--all", "--json"), status, command)
        assert list(found["result"]["sites"]) == ["a"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_simulate(environment, run, number):
    command = [sys.executable, "-m", "authentik_netbird", "simulate", "--json"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as running:
        lines = []
        while not lines or lines[-1] != "}\n":
            lines.append(running.stdout.readline())
        document = json.loads("".join(lines))
        VALIDATOR.validate(document)
        url, token = document["result"]["url"], document["result"]["token"]
        planned = run("plan", "netbird.company", AUTHENTIK_URL=url, AUTHENTIK_TOKEN=token)
        assert planned.returncode == 0, planned.stderr
        running.send_signal(number)
        assert running.wait(10) == 0


def test_ids_have_names(run, authentik):
    """Nobody knows what a UUID is."""
    run("apply", "netbird.company", "--yes")
    planned = checked(run("plan", "netbird.company", "--signing-key", "other", "--json"), "error")
    assert planned["error"]["blockers"][0]["resource"]["name"] == "other"
    gone = checked(run("plan", "netbird.company", "--without-device-flow", "--exact", "--json"))
    torn = checked(run("preview", "netbird.company", "--json"))
    for document in (gone, torn):
        document["result"].pop("plan")
        for text in strings(document):
            assert not is_uuid(text[-1]) or text[-2] == "id", text


def strings(value, path=()):
    if isinstance(value, dict):
        for name, one in value.items():
            yield from strings(one, (*path, name))
    elif isinstance(value, list):
        for one in value:
            yield from strings(one, path)
    elif isinstance(value, str):
        yield (*path, value)


def is_uuid(text):
    return len(text) == 36 and [*map(len, text.split("-"))] == [8, 4, 4, 4, 12]


@pytest.mark.parametrize(
    "arguments, variables, kind, code",
    [
        (["plam", "--json"], {}, "usage", 2),
        (["plan", "--json"], NOTHING, "usage", 2),
        (["plan", "--jsno", "--json"], {}, "usage", 2),
        (["plan", "--json", "--detailed-exitcode"], NOTHING, "usage", 1),
        (["plan", "netbird.company", "--json"], {"AUTHENTIK_TOKEN": "x"}, "permission_denied", 1),
        (["apply", "netbird.company", "--json"], {}, "not_confirmed", 1),
        (["rotate", "netbird.company", "--yes", "--json"], {}, "missing", 1),
        (["env", "netbird.company", "--format=json"], {}, "missing", 1),
    ],
)
def test_failures(run, arguments, variables, kind, code):
    ended = run(*arguments, **variables)
    document = checked(ended, "error")
    assert (document["error"]["kind"], ended.returncode) == (kind, code)
    assert document["error"]["message"] in ended.stderr


def test_a_failure_half_way(run, authentik):
    refused = Effect.answer(FaultAnswer.empty(403))
    authentik.add_fault(Fault(refused, on_method="POST", on_path="/core/applications/"))
    failed = run("apply", "netbird.company", "--yes", "--json")
    error = checked(failed, "error")["error"]
    assert (error["kind"], error["http_status"]) == ("partial_apply", 403)
    states = {one["state"] for one in error["report"]["operations"]}
    assert states == {"applied", "failed", "skipped"}


def test_verify(run, authentik, tmp_path):
    failed = run("verify", "netbird.company", "--json")
    assert failed.returncode == 1
    assert checked(failed, "failed")["result"]["success"] is False
    run("apply", "netbird.company", "--yes", "--setup-env", "setup.env")
    incomplete = run("verify", "--setup-env", "setup.env", "--json", **NOTHING)
    assert incomplete.returncode == 3
    assert checked(incomplete, "incomplete")["result"]["complete"] is False


def test_markdown(run, authentik):
    planned = run("plan", "netbird.company", "--format", "markdown")
    assert planned.returncode == 0 and planned.stderr == ""
    assert planned.stdout.startswith("### Plan for NetBird `netbird.company`\n")
    assert "| create | provider | `NetBird` |" in planned.stdout
    assert "```diff\n+ create provider" in planned.stdout
    hostile = "x|y`z<b>"
    named = run("plan", "netbird.company", "--application-name", hostile, "--format", "markdown")
    outside = named.stdout.partition("<details>")[0]
    assert named.returncode == 0 and "<b>" not in outside
    applied = run("apply", "netbird.company", "--yes", "--format", "markdown")
    assert "**12** applied" in applied.stdout and "| applied | create |" in applied.stdout
    assert "+ create provider" in applied.stderr
    verified = run("verify", "netbird.company", "--format", "markdown")
    assert (
        "### Verification of NetBird" in verified.stdout
        and "| passed | `issuer`" in verified.stdout
    )
