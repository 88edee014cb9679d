"""What `apply`, `rotate` and `teardown` do: show the plan, ask, carry it out, write `setup.env`."""

import argparse
import sys
from collections.abc import Callable
from typing import NamedTuple, TextIO

from .._native import Client, FileChange, NetbirdIntegration, Outcome, Plan
from ..enums import AppPasswordExpiry, Purpose
from ..errors import FileError, InvalidOutputsError
from . import colour, screen, settings
from .problems import Problems, SettingsError


class _Words(NamedTuple):
    """What is said of a plan: before it is applied, if it is not, and afterwards."""

    question: str
    refused: str
    done: str
    without_file: str | None


_WORDS = {
    Purpose.SET_UP: _Words(
        "Carry this out?", "Nothing was written.", "authentik is set up", "for NetBird's setup.env"
    ),
    Purpose.ROTATE: _Words(
        "This replaces the app password that NetBird uses to read users. Logins fail until\n"
        "NetBird has the new one and has been restarted. Continue?",
        "Nothing was changed.",
        "the app password has a new value",
        "NetBird needs it now",
    ),
    Purpose.TEAR_DOWN: _Words(
        "After this nobody can log in to NetBird through this authentik. Remove it?",
        "Nothing was removed.",
        "removed",
        None,
    ),
}


def apply(arguments: argparse.Namespace) -> int:
    """Sets authentik up, or carries a saved plan out."""
    return _run(arguments, Client.plan)


def rotate(arguments: argparse.Namespace) -> int:
    """Gives the app password a new value."""
    expiry = AppPasswordExpiry.NEVER if arguments.never_expires else AppPasswordExpiry.KEEP
    return _run(arguments, lambda client, wanted: client.plan_rotate(wanted, expiry=expiry))


def teardown(arguments: argparse.Namespace) -> int:
    """Removes what was set up."""
    return _run(arguments, Client.plan_teardown)


def _run(
    arguments: argparse.Namespace, make_plan: Callable[[Client, NetbirdIntegration], Plan]
) -> int:
    problems = Problems()
    shown = _stream(arguments)
    with problems:
        given = settings.given(arguments)
    problems.raise_all()
    with given.client as client:
        screen.reading(client.url)
        if given.plan is None:
            plan = make_plan(client, given.integration)
        else:
            # What is confirmed is what the server says today, not what the file says.
            plan = client.refresh(given.plan)
        if not arguments.yes:
            plan = client.with_authors(plan)
        words = _WORDS[plan.purpose]
        screen.plan(str(plan), shown)
        if plan.has_changes and not arguments.yes and not _confirmed(words.question, shown):
            screen.note(words.refused)
            return 1
        outcome, file = _carry_out(client, plan, arguments, words.done)
        screen.mask_password(outcome.outputs)
    if arguments.json:
        screen.json(_summary(plan, outcome, file))
    elif file is not None:
        screen.written(arguments.target, file)
    elif outcome.report.changed:
        screen.line(f"{words.done}.", colour.GOOD)
        if words.without_file is not None:
            screen.note(f"{words.without_file}: {_env(plan, 'setup.env')}")
    return 0


def _stream(arguments: argparse.Namespace) -> TextIO:
    """Where the plan is shown, and the question asked."""
    is_asked_elsewhere = (
        not arguments.yes and colour.is_terminal(sys.stdin) and not colour.is_terminal(sys.stdout)
    )
    return sys.stderr if arguments.json or is_asked_elsewhere else sys.stdout


def _confirmed(question: str, shown: TextIO) -> bool:
    if colour.is_terminal(sys.stdin) and colour.is_terminal(shown):
        return screen.ask(question, shown)
    raise SettingsError(
        "cannot ask for confirmation: not a terminal. Use --yes to skip the question."
    )


def _carry_out(
    client: Client, plan: Plan, arguments: argparse.Namespace, done: str
) -> tuple[Outcome, FileChange | None]:
    # What was shown comes before what happens, wherever the two go.
    screen.flush()
    path = arguments.target
    try:
        if path is None:
            return client.apply(plan, on_event=screen.event), None
        provisioned = client.provision_plan(plan, path, on_event=screen.event)
        return provisioned.outcome, provisioned.file
    except KeyboardInterrupt:
        raise KeyboardInterrupt(f"run {arguments.command} again to finish") from None
    except (FileError, InvalidOutputsError) as error:
        # The file comes last.
        raise SettingsError(
            f"{done}, but {path} was not written: {error}\n"
            f"  to write it: {_env(plan, 'FILE')}, with the options that you used here"
        ) from None


def _env(plan: Plan, path: str) -> str:
    return f"authentik-netbird env {plan.integration.domain} --out {path}"


def _summary(plan: Plan, outcome: Outcome, file: FileChange | None) -> dict[str, object]:
    return {
        "changed": outcome.report.changed,
        "report": outcome.report.to_dict(),
        "warnings": [warning.to_dict() for warning in plan.warnings],
        "outputs": None if outcome.outputs is None else outcome.outputs.to_dict(),
        "env": None if file is None else file.to_dict(),
    }
