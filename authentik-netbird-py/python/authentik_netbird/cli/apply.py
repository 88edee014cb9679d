"""What `apply` does: show the plan, ask, carry it out, write `setup.env`."""

import argparse
import sys
from typing import TextIO

from .._native import Client, FileChange, NetbirdEnv, NetbirdIntegration, Outcome, Plan
from ..enums import AppPasswordExpiry
from ..errors import AuthentikNetbirdError, InvalidOutputsError
from . import colour, screen, settings
from .problems import Problems, SettingsError


def teardown(arguments: argparse.Namespace) -> int:
    """Shows what is to be removed, asks, and removes it."""
    problems = Problems()
    with problems:
        shown = _stream(arguments)
    with problems:
        given = settings.given(arguments)
    problems.raise_all()
    with given.client as client:
        screen.reading(client.url)
        plan = client.plan_teardown(given.integration)
        screen.plan(str(plan), shown)
        question = "\nAfter this nobody can log in to NetBird through this authentik. Remove it?"
        if plan.has_changes and not arguments.yes and not screen.ask(question, shown):
            screen.note("Nothing was removed.")
            return 1
        outcome = _carry_out(client, plan, "teardown")
    if arguments.json:
        screen.json(
            {
                "changed": outcome.report.changed,
                "report": outcome.report.to_dict(),
                "warnings": [warning.to_dict() for warning in plan.warnings],
            }
        )
    elif outcome.report.changed:
        screen.line("removed.", colour.GOOD)
    return 0


def rotate(arguments: argparse.Namespace) -> int:
    """Asks, gives the app password a new value, and writes `setup.env`."""
    problems = Problems()
    with problems:
        shown = _stream(arguments)
    with problems:
        given = settings.given(arguments)
    problems.raise_all()
    domain, path = given.integration.domain, arguments.target
    question = (
        f"This replaces the app password that NetBird {domain} uses to read users.\n"
        "Logins fail until NetBird has the new one and has been restarted. Continue?"
    )
    if not arguments.yes and not screen.ask(question, shown):
        screen.note("Nothing was changed.")
        return 1
    expiry = AppPasswordExpiry.NEVER if arguments.never_expires else AppPasswordExpiry.KEEP
    with given.client as client:
        outputs = client.rotate(given.integration, expiry=expiry)
    written = None
    if path is not None:
        written = _write(path, domain, "the password has its new value", outputs.netbird_env())
    if arguments.json:
        identifier = outputs.account.app_password_identifier if outputs.account else None
        screen.json({"app_password": identifier, "env": written.to_dict() if written else None})
    elif written is not None:
        screen.written(path, written)
    else:
        screen.line("the app password has a new value.", colour.GOOD)
        screen.note(f"NetBird needs it now: authentik-netbird env {domain} --out setup.env")
    return 0


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
        screen.written(arguments.target, written)
    elif outcome.report.changed:
        screen.line("authentik is set up.", colour.GOOD)
        domain = given.integration.domain
        screen.note(f"for NetBird's setup.env: authentik-netbird env {domain} --out setup.env")
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
    raise SettingsError(
        "cannot ask for confirmation: not a terminal. Use --yes to skip the question."
    )


def _carry_out(client: Client, plan: Plan, command: str = "apply") -> Outcome:
    # What was shown comes before what happens, wherever the two go.
    screen.flush()
    try:
        return client.apply(plan, on_event=screen.event)
    except KeyboardInterrupt:
        raise KeyboardInterrupt(f"run {command} again to finish") from None


def _write_env(
    client: Client, integration: NetbirdIntegration, outcome: Outcome, path: str
) -> FileChange:
    try:
        try:
            return outcome.outputs.netbird_env().write(path)
        except InvalidOutputsError:
            # Nothing was to do, so the password was not read, and the file does not have it.
            return client.outputs(integration).netbird_env().write(path)
    except (AuthentikNetbirdError, KeyboardInterrupt) as error:
        raise _unwritten(error, path, integration.domain, "authentik is set up") from None


def _write(path: str, domain: str, done: str, variables: NetbirdEnv) -> FileChange:
    try:
        return variables.write(path)
    except (AuthentikNetbirdError, KeyboardInterrupt) as error:
        raise _unwritten(error, path, domain, done) from None


def _unwritten(error: BaseException, path: str, domain: str, done: str) -> BaseException:
    """The same error, with what is done, and how to get the file."""
    return type(error)(
        f"{done}, but {path} was not written: {str(error) or 'interrupted'}\n"
        f"  to write it: authentik-netbird env {domain} --out FILE, "
        "with the options that you used here"
    )


def _summary(plan: Plan, outcome: Outcome, written: FileChange | None) -> dict[str, object]:
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
        "env": written.to_dict() if written else None,
    }
