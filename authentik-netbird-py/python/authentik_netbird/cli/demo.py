"""The command `demo`: the whole job on a simulated authentik."""

import sys

from .._native import AuthentikSimulator, Client, NetbirdIntegration
from ..enums import Release
from . import colour, common, documents, markdown, progress, screen
from .command import Arguments, Choice, Command, Option
from .report import Section, finish


def release() -> Option:
    """Which authentik to simulate."""
    releases = [str(release) for release in Release]
    return Option(
        "--release",
        type=Choice(releases),
        default=releases[-1],
        metavar="RELEASE",
        help=f"authentik release to simulate: {', '.join(releases)}. Default: {releases[-1]}",
    )


def command(name: str, summary: str) -> Command:
    """The command."""
    own = [release(), common.SHOW_SECRETS, *common.output()]
    details = "Needs no server and changes nothing."
    return Command(name, demo, own, summary=summary, details=details)


def demo(arguments: Arguments) -> int:
    """The whole job on a simulated authentik."""
    with AuthentikSimulator(release=arguments.release) as authentik:
        integration = NetbirdIntegration(authentik.url, "netbird.company")
        with Client(authentik.url, token=authentik.token) as client:
            _headline("1. Plan: what would change, and why (nothing is written yet)")
            plan = client.plan(integration)
            if screen.is_text():
                screen.plan(plan)
            _headline("\n2. Apply: do it")
            with progress.shown(sys.stdout if screen.is_text() else sys.stderr) as listener:
                outcome = client.apply(plan, on_event=listener)
            _headline("\n3. setup.env, for NetBird's configure.sh")
            env = client.outputs(integration).netbird_env()
            if screen.is_text():
                screen.document(env.to_setup_env().expose() if arguments.show_secrets else str(env))
            _headline("\n4. Plan again: nothing is left to do")
            again = client.plan(integration)
            if screen.is_text():
                screen.plan(again)
    _headline("\nOn your authentik, with AUTHENTIK_URL and AUTHENTIK_TOKEN set:")
    if screen.is_text():
        screen.line("authentik-netbird plan DOMAIN")
    result = {
        "plan": documents.plan(plan),
        "report": documents.report(outcome.report),
        "has_changes_afterwards": again.has_changes,
    }
    text = f"{markdown.plan(plan)}\n\n{markdown.report(outcome.report, None, None)}"
    return finish("demo", [Section(result=result, text=text)])


def _headline(text: str) -> None:
    if screen.is_text():
        screen.line(text, colour.HEADLINE)
