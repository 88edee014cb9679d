"""What `demo` does: the whole job on a simulated authentik."""

import argparse
import sys

from .._native import AuthentikSimulator, Client, NetbirdIntegration
from . import colour, screen


def demo(arguments: argparse.Namespace) -> int:
    """The whole job on a simulated authentik."""
    with AuthentikSimulator(release=arguments.release) as authentik:
        integration = NetbirdIntegration(authentik.url, "netbird.company")
        with Client(authentik.url, token=authentik.token) as client:
            _headline("1. Plan: what would be done, and why (nothing is written yet)")
            plan = client.plan(integration)
            screen.plan(str(plan))
            _headline("\n2. Apply: do it")
            client.apply(plan, on_event=lambda event: screen.event(event, sys.stdout))
            _headline("\n3. setup.env, for NetBird's configure.sh")
            env = client.outputs(integration).netbird_env()
            shown = env.to_setup_env().expose() if arguments.show_secrets else str(env)
            screen.document(shown)
            _headline("\n4. Plan again: nothing is left to do")
            screen.plan(str(client.plan(integration)))
    _headline("\nOn your authentik, with AUTHENTIK_URL and AUTHENTIK_TOKEN set:")
    screen.line("authentik-netbird plan DOMAIN")
    return 0


def _headline(text: str) -> None:
    screen.line(text, colour.HEADLINE)
