"""docs/reference/command.md is written from the commands themselves.

If it differs it is written anew, and the test fails once: look at the changes and commit them.
"""

import re
import subprocess
from pathlib import Path

import click
import pytest
from authentik_netbird import WarningKind
from authentik_netbird.cli import app, connection, options
from authentik_netbird.cli.first_start import PASSWORD

DOCS = Path(__file__).parents[3] / "docs"
PAGE = DOCS / "reference" / "command.md"
HEAD = """\
<!-- Generated from the commands (tests/cli/test_reference.py). Do not edit. -->
# Commands

    authentik-netbird COMMAND [OPTION ...]

Commands that work on an integration take its [options](options.md), too, as `--application-slug`;
a list is given one by one (`--access-group A --access-group B`). `--help` shows the common options,
`--help-all` all of them. [Configuration](../configuration.md) says what comes from a file or the
environment, [Exit codes and JSON](json.md) what scripts can rely on.
"""


def cell(text):
    return text.replace("|", "\\|").replace("<", "&lt;")


def of_command(name, command):
    aliases = [alias for alias, known in app.ALIASES.items() if known == name]
    domain = "".join(f" [{argument}]" for argument, _ in command.arguments)
    lines = [f"## {name}", "", f"    authentik-netbird {name} [OPTION ...]{domain}", ""]
    text = f"{command.summary[0].upper()}{command.summary[1:]}. {command.details}".strip()
    if aliases:
        text += f" `{', '.join(aliases)}` is the same."
    lines += [cell(text), "", "| option | meaning |", "|---|---|"]
    lines += [f"| `{argument}` | {cell(text)} |" for argument, text in command.arguments]
    for option in command.params:
        is_own = isinstance(option, click.Option) and not option.name.startswith(options.PREFIX)
        if is_own and not option.hidden:
            lines.append(f"| `{cell(option.spelling())}` | {cell(option.help)} |")
    return "\n".join(lines) + "\n"


def variables():
    known = {"authentik_url": "AUTHENTIK_URL", **connection.TOKEN_SETTINGS}
    known |= {**connection.NETBIRD_TOKEN_SETTINGS, **connection.SETTINGS}
    lines = ["## Environment", "", "| variable | instead of |", "|---|---|"]
    for name, variable in known.items():
        spelled = options.option(name) if not name.endswith("token") else None
        lines.append(f"| `{variable}` | {f'`{spelled}`' if spelled else 'a file or command'} |")
    lines.append(f"| `{PASSWORD}` | `--password-file` |")
    lines.append("| `AUTHENTIK_NETBIRD_CONFIG` | `--config` |")
    return "\n".join(lines) + "\n"


def warnings():
    names = ", ".join(f"`{kind}`" for kind in sorted(map(str, WarningKind)))
    return f"## Warnings\n\nNames for `--accept-warning` and `accept_warnings`: {names}.\n"


def test_the_reference_is_up_to_date():
    parts = [of_command(name, app.command(name)) for name in app.COMMANDS]
    page = "\n".join([HEAD, *parts, variables(), warnings()])
    old = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    if page != old:
        PAGE.write_text(page, encoding="utf-8")
    assert page == old, "written anew: look at the changes, and run this again"


@pytest.mark.parametrize("page", ["configuration.md", "monitoring.md", "reference/json.md"])
def test_pages_name_what_there_is(page):
    text = (DOCS / page).read_text(encoding="utf-8")
    known = {"--body-file"}  # of gh
    for name in app.COMMANDS:
        for option in app.command(name).params:
            known |= {*option.opts, *option.secondary_opts}
    assert {*re.findall(r"--[a-z][a-z-]+", text)} <= known | {"--token"}


def test_the_example_of_sites_is_a_configuration(run, tmp_path):
    text = (DOCS / "configuration.md").read_text(encoding="utf-8")
    one, many = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    (tmp_path / "authentik-netbird.toml").write_text(one)
    shown = run("preview", AUTHENTIK_URL="", AUTHENTIK_TOKEN="")
    assert shown.returncode == 0 and "netbird.company" in shown.stdout, shown.stderr
    (tmp_path / "authentik-netbird.toml").write_text(many)
    shown = run("preview", "--site", "wien", AUTHENTIK_URL="", AUTHENTIK_TOKEN="")
    assert shown.returncode == 0 and "netbird.wien.company" in shown.stdout, shown.stderr


def test_shell_examples_are_valid():
    text = (DOCS / "reference" / "json.md").read_text(encoding="utf-8")
    for script in re.findall(r"```sh\n(.*?)```", text, re.DOTALL):
        subprocess.run(["bash", "-n"], input=script, text=True, check=True)
