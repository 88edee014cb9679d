"""Help, the README's reference of the command, and how much it imports."""

import doctest
import json
import re
import subprocess
import sys
from pathlib import Path

import authentik_netbird
import pytest
from authentik_netbird.cli import app, options, problems
from authentik_netbird.cli import command as commands

README = Path(__file__).parents[2] / "README.md"
COMMANDS = [*app.COMMANDS]
WITHOUT_INTEGRATION = ("first-start", "demo", "simulate", "completion")
OPTIONS = {option["name"]: option for option in authentik_netbird.options()}


def words(text):
    return " ".join(text.split())


def test_the_whole(run):
    shown = run("--help", COLUMNS="80")
    assert shown.returncode == 0 and "examples:" in shown.stdout and "130" in shown.stdout
    assert max(map(len, shown.stdout.splitlines())) < 80
    for command in COMMANDS:
        assert re.search(f"^  {command} +[a-z]", shown.stdout, re.MULTILINE), command
    assert run("--version").stdout == f"authentik-netbird {authentik_netbird.__version__}\n"


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command(monkeypatch, command):
    monkeypatch.setenv("COLUMNS", "80")
    found = app.command(command)
    shown = found.help_text(all_options=False)
    lines = shown.splitlines()
    assert max(map(len, lines)) < 80 and len(lines) <= 40, "more than a screen"
    assert f"usage: authentik-netbird {command} [OPTION ...]" in shown
    everything = found.help_text(all_options=True)
    assert max(map(len, everything.splitlines())) <= 80
    text = words(everything)
    assert "`" not in text and "==" not in text
    for name, option in OPTIONS.items():
        if command in WITHOUT_INTEGRATION or (command, name) == ("preview", "authentik_url"):
            continue  # no server is asked
        spelled = options.option(name)
        if option["kind"] == "bool":
            spelled = re.escape(f"--[no-]{spelled[2:]}")
        assert re.search(f"(^| ){spelled}[ ,]", text), spelled
        assert words(options.text(name)) in text
        if isinstance(option["default"], str):
            assert f"Default: {option['default']}" in text


def test_options_stand_under_the_guides_steps(run):
    text = run("plan", "--help-all").stdout
    names = ["--[no-]adopt", "--application-slug", "--redirect-uris", "--device-flow ", "--brand"]
    found = [text.index(f"\n  {name}") for name in names]
    headings = ["integration", "application", "provider", "device flow", "device flow in use"]
    assert sorted(found) == found
    for at, heading in zip(found, headings, strict=True):
        assert re.findall("^[a-z ]+:$", text[:at], re.MULTILINE)[-1] == f"{heading}:"


def test_readme(run, tmp_path):
    section = README.read_text(encoding="utf-8").partition("\n## Command\n")[2]
    [toml] = re.findall(r"```toml\n(.*?)```", section, re.DOTALL)
    (tmp_path / "netbird.toml").write_text(toml)
    shown = run("preview", "--config", "netbird.toml")
    assert shown.returncode == 0, shown.stderr
    for command in COMMANDS:
        assert f"| `{command}` |" in section


@pytest.mark.parametrize("module", [commands, options, problems])
def test_examples(module):
    failed, tried = doctest.testmod(module)
    assert failed == 0 and tried > 0


def test_nothing_heavy_is_imported():
    heavy = {"asyncio", "pathlib", "ssl", "rich", "subprocess", "tomllib"}
    if sys.version_info < (3, 11):
        heavy.discard("subprocess")  # the standard library's own uuid, which click takes, has it
    code = "import sys, authentik_netbird.cli as cli; cli.main(['preview', 'a.b']); "
    code += f"sys.exit(sorted({heavy} & set(sys.modules)) or 0)"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr


def test_some_options_may_come_before_the_command(run):
    assert run("-V").stdout == run("--version").stdout
    after = run("preview", "netbird.company", "--json", "-q").stdout
    assert run("--json", "-q", "preview", "netbird.company").stdout == after
    failed = run("--json", "preview", "--tokn-file")
    assert json.loads(failed.stdout)["command"] == "preview"


def test_help_and_version_are_commands_as_well(run):
    assert run("help").stdout == run("--help").stdout
    assert run("help", "plan").stdout == run("plan", "--help").stdout
    assert run("version").stdout == run("--version").stdout
    wrong = run("help", "pln")
    assert wrong.returncode == 2 and "did you mean plan?" in wrong.stderr


def test_completion(run, tmp_path):
    def completed(*typed):
        words = " ".join(["authentik-netbird", *typed])
        variables = {"COMP_WORDS": words, "COMP_CWORD": str(len(typed))}
        return run(_AUTHENTIK_NETBIRD_COMPLETE="bash_complete", **variables).stdout.split()

    assert completed("pl") == ["plain,plan"]
    assert "plain,--format" in completed("plan", "--for")
    assert completed("plan", "--redirect-uris", "rec") == ["plain,recommended"]
    assert completed("apply", "--setup-env", "set") == ["file,set"]
    assert completed("export", "--secret-files", "") == ["dir,"]
    assert (
        completed("export", "ter") == ["plain,terraform"] and completed("export", "curl", "x") == []
    )
    assert completed("completion", "f") == ["plain,fish"]
    sites = tmp_path / "authentik-netbird.toml"
    assert completed("plan", "--site", "") == []
    sites.write_text("[sites.berlin]\n[sites.wien]\n")
    assert completed("plan", "--site", "b") == ["plain,berlin"]
    sites.write_text("[sites")
    assert completed("plan", "--site", "") == []
    for shell in ("bash", "zsh", "fish"):
        script = run("completion", shell)
        assert script.returncode == 0 and "_AUTHENTIK_NETBIRD_COMPLETE" in script.stdout
    wrong = run("completion", "zhs")
    assert wrong.returncode == 2 and "did you mean zsh?" in wrong.stderr


def test_help_is_shown(run, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    for option in ("-h", "--help", "--help-all"):
        shown = run("plan", option, COLUMNS="80")
        assert shown.returncode == 0 and shown.stderr == ""
        text = app.command("plan").help_text(all_options=option == "--help-all")
        assert shown.stdout == f"{text}\n"
