"""What `apply` does: show the plan, ask, carry it out, write `setup.env`."""

import argparse
import sys
from typing import TextIO

from .._native import Client, NetbirdIntegration, Outcome, Plan
from ..enums import Written
from ..errors import AuthentikNetbirdError, InvalidOutputsError
from . import colour, screen, settings
from .problems import Problems, SettingsError


def apply(arguments: argparse.Namespace) -> int:
    """Shows what is to be done, asks, and does it."""
    problems = Problems()
    with problems:
        shown = _stream(arguments)
    with problems:
        given = settings.given(arguments)
    problems.raise_all()
    with given.client as client:
        plan = given.plan
        if plan is None:
            screen.reading(client.url)
            plan = client.plan(given.integration)
        screen.plan(str(plan), shown)
        if plan.has_changes and not arguments.yes and not screen.ask("\nCarry this out?", shown):
            screen.note("Nothing was written.")
            return 1
        outcome = _carry_out(client, plan)
        written = None
        if arguments.target is not None:
            written = _write_env(client, given.integration, outcome, arguments.target)
    if arguments.json:
        screen.json(_summary(plan, outcome, written))
    elif written is not None:
        screen.written(arguments.target, written, "run NetBird's configure.sh")
    elif outcome.report.changed:
        screen.line("authentik is set up.", colour.GOOD)
        domain = given.integration.domain
        screen.note(f"for NetBird's setup.env: authentik-netbird env {domain} --output setup.env")
    return 0


def _stream(arguments: argparse.Namespace) -> TextIO:
    """Where the plan is shown, and the question asked."""
    if arguments.yes:
        return sys.stderr if arguments.json else sys.stdout
    if colour.is_terminal(sys.stdin):
        if colour.is_terminal(sys.stdout) and not arguments.json:
            return sys.stdout
        if colour.is_terminal(sys.stderr):
            return sys.stderr
    raise SettingsError("there is no terminal to ask on; give --yes to do it unasked")


def _carry_out(client: Client, plan: Plan) -> Outcome:
    # What was shown comes before what happens, wherever the two go.
    screen.flush()
    try:
        return client.apply(plan, on_event=screen.event)
    except KeyboardInterrupt:
        raise KeyboardInterrupt("apply again to finish what was begun") from None


def _write_env(
    client: Client, integration: NetbirdIntegration, outcome: Outcome, path: str
) -> Written:
    try:
        try:
            return outcome.outputs.netbird_env().write(path)
        except InvalidOutputsError:
            # Nothing was to do, so the password was not read, and the file does not have it.
            return client.outputs(integration).netbird_env().write(path)
    except (AuthentikNetbirdError, KeyboardInterrupt) as error:
        raise type(error)(
            f"authentik is set up, but {path} was not written: {str(error) or 'interrupted'}\n"
            f"  to write it: authentik-netbird env {integration.domain} --output FILE, "
            "with the options that were given here"
        ) from None


def _summary(plan: Plan, outcome: Outcome, written: Written | None) -> dict[str, object]:
    outputs = outcome.outputs
    return {
        "changed": outcome.report.changed,
        "report": outcome.report.to_dict(),
        "warnings": [warning.to_dict() for warning in plan.warnings],
        "outputs": {
            "authentik_url": outputs.authentik_url,
            "domain": outputs.domain,
            "application_slug": outputs.application_slug,
            "issuer": outputs.issuer,
            "openid_configuration_endpoint": outputs.openid_configuration_endpoint,
            "client_id": outputs.client_id,
        },
        "env": written,
    }
