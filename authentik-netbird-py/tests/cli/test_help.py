"""Help, the README's reference of the command, and how much it imports."""

import doctest
import inspect
import re
import subprocess
import sys
from pathlib import Path

import authentik_netbird
import pytest
from authentik_netbird import NetbirdIntegration
from authentik_netbird.cli import options, problems

README = Path(__file__).parents[2] / "README.md"
COMMANDS = ["plan", "apply", "env", "verify", "rotate", "destroy", "operations", "demo"]
OPTIONS = {
    name: parameter.default
    for name, parameter in inspect.signature(NetbirdIntegration).parameters.items()
    if parameter.kind is parameter.KEYWORD_ONLY
}
LISTS = ("access_groups", "extra_redirect_uris")


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
    for name, default in OPTIONS.items() if command != "demo" else ():
        option = options.option(name, is_list=name in LISTS)
        assert f" {option} " in text or f" {option}," in text, option
        said = options.texts()[name].removesuffix(".")
        assert said in text
        # One default each, and that of the signature.
        assert said.lower().count("default:") <= 1 and "default" in said.lower()
        if isinstance(default, str):
            assert default in said


def test_the_order_is_the_docstrings(run):
    text = run("plan", "--help").stdout
    found = [text.index(f"{options.option(name)} ") for name in ("provider_name", "brand")]
    assert found == sorted(found) and list(options.texts())[2:] == list(OPTIONS)


def test_readme(run, tmp_path):
    section = README.read_text(encoding="utf-8").partition("\n## Command\n")[2]
    [toml] = re.findall(r"```toml\n(.*?)```", section, re.DOTALL)
    assert set(re.findall(r"^#? ?([a-z_]+) = ", toml, re.MULTILINE)) == {
        "authentik_url",
        "domain",
        *OPTIONS,
    }
    (tmp_path / "as-it-is.toml").write_text(toml)
    (tmp_path / "all.toml").write_text(re.sub(r"^# ([a-z_]+ = )", r"\1", toml, flags=re.MULTILINE))
    for file in ("as-it-is.toml", "all.toml"):
        shown = run("operations", "--config", file)
        assert shown.returncode == 0, shown.stderr
    for command in COMMANDS:
        assert f"| `{command}` |" in section


@pytest.mark.parametrize("module", [options, problems])
def test_examples(module):
    failed, tried = doctest.testmod(module)
    assert failed == 0 and tried > 0


def test_nothing_heavy_is_imported():
    heavy = {"asyncio", "inspect", "pathlib", "ssl", "subprocess", "termcolor", "tomllib"}
    code = "import sys, authentik_netbird.cli as cli; cli.main(['operations', 'a.b']); "
    code += f"sys.exit(sorted({heavy} & set(sys.modules)) or 0)"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
