"""The command line as a whole: which commands there are. Each is imported when it is asked for."""

from importlib import import_module
from itertools import takewhile
from typing import Any

import click

from .._native import __version__
from .command import PROGRAM, Command, entry
from .problems import SettingsError, suggestion

#: Commands, the modules that have them, and what they do.
COMMANDS = {
    "plan": ("plan", "show what would change"),
    "apply": ("apply", "show the plan, ask for confirmation, and apply it"),
    "verify": ("verify", "check that logins to NetBird work, and report what is wrong"),
    "status": ("status", "show every site: drift, failing requirements, expiry dates"),
    "env": ("env", "show or write what NetBird needs, such as setup.env"),
    "rotate": ("apply", "replace the app password or client secret, after confirmation"),
    "teardown": ("apply", "remove what was set up, and nothing else, after confirmation"),
    "first-start": ("first_start", "create the owner of a new NetBird, and an access token"),
    "preview": ("plan", "show the plan for a fresh authentik, offline"),
    "export": ("export", "print a blueprint, HCL, curl commands or Ansible tasks"),
    "demo": ("demo", "plan, apply and plan again on a simulated authentik"),
    "simulate": ("simulate", "run a simulated authentik, for trying things out"),
    "completion": ("completion", "print the completion script for a shell"),
}
ALIASES = {"destroy": "teardown"}
#: Options of commands that many command lines take before the command, too.
_EARLY = ("-v", "-vv", "--verbose", "-q", "--quiet", "--no-color", "--json")
_HELP = """\
usage: {program} COMMAND [OPTION ...]

Sets up authentik for NetBird, and NetBird for authentik.

commands:
{commands}

options:
  -h, --help     show this help; COMMAND --help shows the options of a command
  -V, --version  show the version

examples:
  {program} demo
  export AUTHENTIK_URL=https://authentik.company
  {program} plan netbird.company --token-file token.txt
  {program} apply netbird.company --setup-env setup.env

exit codes:
  0 success   1 failure   2 usage (with --detailed-exitcode: changes)
  3 something could not be checked   130 Ctrl-C   143 terminated"""


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        name = ALIASES.get(cmd_name, cmd_name)
        return command(name) if name in COMMANDS else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        found = self.get_command(ctx, args[0])
        if found is None and not ctx.resilient_parsing:
            meant = suggestion(args[0], [*COMMANDS, *ALIASES])
            raise SettingsError(f'"{args[0]}" is not a command{meant}\n  hint: {PROGRAM} --help')
        return None if found is None else found.name, found, args[1:]

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        # As with kubectl and terraform: `help`, `help COMMAND` and `version`.
        if args[:1] == ["help"]:
            args = [*args[1:2], "--help"]
        elif args == ["version"]:
            args = ["--version"]
        early = list(takewhile(lambda one: one in _EARLY, args))
        if len(early) < len(args):
            args = [args[len(early)], *early, *args[len(early) + 1 :]]
        if args and args[0].startswith("-"):
            name = args[0].partition("=")[0]
            known = ["-h", "--help", "-V", "--version"]
            if name not in known and not ctx.resilient_parsing:
                meant = suggestion(name, known)
                if meant:
                    raise SettingsError(f"unknown option {name}{meant}")
                raise SettingsError(
                    f"COMMAND must come before {name}\n  hint: {PROGRAM} COMMAND {name}"
                )
        return super().parse_args(ctx, args)

    def get_help(self, ctx: click.Context) -> str:
        return help_text()


def help_text() -> str:
    """The help of the command line as a whole."""
    listed = "\n".join(entry(name, text, 80, 15) for name, (_, text) in COMMANDS.items())
    return _HELP.format(program=PROGRAM, commands=listed)


def command(name: str) -> Command:
    """A command by its name."""
    module: Any = import_module(f".{COMMANDS[name][0]}", __package__)
    found: Command = module.command(name, COMMANDS[name][1])
    return found


def _show_version(ctx: click.Context, _: click.Parameter, given: bool) -> None:
    if given:
        click.echo(f"{PROGRAM} {__version__}")
        ctx.exit()


COMMAND_LINE = _Commands(
    PROGRAM,
    params=[
        click.Option(
            ["-V", "--version"],
            is_flag=True,
            is_eager=True,
            expose_value=False,
            callback=_show_version,
        )
    ],
    context_settings={"help_option_names": ["-h", "--help"]},
)
