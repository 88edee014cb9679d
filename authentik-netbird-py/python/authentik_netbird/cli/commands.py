"""What each command does. Each returns the exit code."""

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path

from .._native import Client, NetbirdEnv, NetbirdIntegration, Outcome, Plan
from ..errors import InvalidOutputsError
from ..testing import AuthentikSimulator
from . import screen, settings
from .settings import SettingsError


def plan(arguments: argparse.Namespace) -> int:
    """Says what would be done."""
    integration = settings.integration(arguments)
    with settings.client(arguments, integration) as client:
        made = client.plan(integration)
    if arguments.out:
        try:
            Path(arguments.out).write_text(made.to_json(), encoding="utf-8")
        except OSError as error:
            raise SettingsError(f"can't write {arguments.out}: {error.strerror}") from None
    if arguments.json:
        print(made.to_json(), end="")
    else:
        screen.plan(made)
    return 2 if made.has_changes else 0


def apply(arguments: argparse.Namespace) -> int:
    """Does it, after asking."""
    if not arguments.yes and (arguments.token_file == "-" or not sys.stdin.isatty()):
        raise SettingsError("there is no terminal to ask on: give --yes; nothing was written")
    saved = Plan.from_json(settings.read(arguments.plan)) if arguments.plan else None
    integration = saved.integration if saved else settings.integration(arguments)
    with settings.client(arguments, integration) as client:
        wanted = saved or client.plan(integration)
        screen.plan(wanted, to_stderr=arguments.json)
        if wanted.has_changes and not arguments.yes and not _confirmed():
            screen.progress("Nothing was written.")
            return 1
        outcome = client.apply(wanted, on_event=screen.event)
        written = _write_env(client, integration, outcome, arguments.env)
    if arguments.json:
        print(json.dumps(_summary(outcome, written), indent=2))
    elif written:
        screen.line(f"{arguments.env} is ready: run NetBird's configure.sh.", "green")
    else:
        screen.line("NetBird's setup.env: authentik-netbird env --output setup.env")
    return 0


def env(arguments: argparse.Namespace) -> int:
    """Shows or writes NetBird's configuration."""
    integration = settings.integration(arguments)
    with settings.client(arguments, integration) as client:
        variables = client.outputs(integration).netbird_env()
    text, write = {
        "setup-env": (variables.to_setup_env, variables.write),
        "compose": (variables.to_compose_env, variables.write_compose_env),
        "json": (variables.to_json, variables.write_json),
    }[arguments.format]
    if arguments.output:
        screen.line(f"{arguments.output}: {write(arguments.output)}")
    elif arguments.show_secrets:
        print(text().expose(), end="")
    elif arguments.format == "setup-env":
        print(variables, end="")
    else:
        raise SettingsError("this form has the password in it: give --output or --show-secrets")
    return 0


def operations(arguments: argparse.Namespace) -> int:
    """Lists what a fresh authentik would need."""
    integration = settings.integration(arguments, url="https://authentik.company")
    if arguments.json:
        print(json.dumps([one.to_dict() for one in integration.operations()], indent=2))
    else:
        for operation in integration.operations():
            screen.line(str(operation))
    return 0


def demo(arguments: argparse.Namespace) -> int:
    """The whole job on a simulated authentik."""
    with AuthentikSimulator(release=arguments.release) as authentik:
        integration = NetbirdIntegration(authentik.url, "netbird.company")
        with Client(authentik.url, token=authentik.token) as client:
            screen.line("\n1. Plan: what would be done, and why (nothing is written yet)", bold=True)
            made = client.plan(integration)
            screen.plan(made)
            screen.line("\n2. Apply", bold=True)
            outcome = client.apply(made, on_event=lambda event: screen.line(str(event)))
            screen.line("\n3. setup.env for NetBird's configure.sh", bold=True)
            variables = outcome.outputs.netbird_env()
            shown = variables.to_setup_env().expose() if arguments.show_secrets else str(variables)
            screen.line(shown)
            screen.line("\n4. Plan again", bold=True)
            screen.plan(client.plan(integration))
    return 0


def _confirmed() -> bool:
    screen.progress("")
    print("Carry this out? [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _write_env(
    client: Client, integration: NetbirdIntegration, outcome: Outcome, path: "str | None"
) -> "str | None":
    if not path:
        return None
    variables: NetbirdEnv = outcome.outputs.netbird_env()
    try:
        return variables.write(path)
    except InvalidOutputsError:
        # Nothing was to do, so the password was not read, and the file does not have it.
        return client.outputs(integration).netbird_env().write(path)


def _summary(outcome: Outcome, written: "str | None") -> dict[str, object]:
    outputs = outcome.outputs
    return {
        "changed": outcome.report.changed,
        "report": outcome.report.to_dict(),
        "outputs": {
            "issuer": outputs.issuer,
            "openid_configuration_endpoint": outputs.openid_configuration_endpoint,
            "client_id": outputs.client_id,
            "application_slug": outputs.application_slug,
        },
        "env": written,
    }


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "plan": plan,
    "apply": apply,
    "env": env,
    "operations": operations,
    "demo": demo,
}
