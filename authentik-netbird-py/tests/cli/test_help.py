"""Help, the README's reference of the command, and how much it imports."""

import doctest
import re
import subprocess
import sys
from pathlib import Path

import authentik_netbird
import pytest
from authentik_netbird.cli import options, problems

README = Path(__file__).parents[2] / "README.md"
COMMANDS = ["plan", "apply", "env", "verify", "rotate", "teardown", "preview", "demo"]
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
def test_each_command(run, command):
    shown = run(command, "--help", COLUMNS="80")
    assert shown.returncode == 0 and shown.stderr == ""
    assert max(map(len, shown.stdout.splitlines())) <= 80
    assert f"usage: authentik-netbird {command} [OPTION ...]" in shown.stdout
    text = words(shown.stdout)
    assert "`" not in text and "==" not in text
    for name, option in OPTIONS.items():
        if command == "demo" or (command, name) == ("preview", "authentik_url"):
            continue  # no server is asked
        spelled = options.option(name)
        assert re.search(f"(^| ){spelled}[ ,]", text), spelled
        assert words(options.text(name)) in text
        if isinstance(option["default"], str):
            assert f"Default: {option['default']}" in text


def test_options_stand_under_the_guides_steps(run):
    text = run("plan", "--help").stdout
    names = ["adopt", "application_slug", "redirect_uris", "device_flow", "brand"]
    found = [text.index(f"\n  {options.option(name)}") for name in names]
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


@pytest.mark.parametrize("module", [options, problems])
def test_examples(module):
    failed, tried = doctest.testmod(module)
    assert failed == 0 and tried > 0


def test_nothing_heavy_is_imported():
    heavy = {"asyncio", "inspect", "pathlib", "ssl", "subprocess", "termcolor", "tomllib"}
    code = "import sys, authentik_netbird.cli as cli; cli.main(['preview', 'a.b']); "
    code += f"sys.exit(sorted({heavy} & set(sys.modules)) or 0)"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
