"""Makes authentik an identity provider of NetBird's embedded one. Safe to run again.

python connector.py netbird.company

AUTHENTIK_URL and AUTHENTIK_TOKEN say which authentik, NETBIRD_URL and NETBIRD_TOKEN which NetBird.
Without the latter authentik alone is set up, and the rest is shown.
"""

import os
import sys

from authentik_netbird import (
    AuthentikNetbirdError,
    Client,
    NetbirdIntegration,
    PartialApplyError,
    WarningKind,
)


def connect(domain: str) -> None:
    integration = NetbirdIntegration(os.environ.get("AUTHENTIK_URL", ""), domain, mode="connector")
    with Client.from_env() as client:
        plan = client.plan(integration)
        print(plan)
        outcome = client.apply(plan, on_event=print)
        warnings = {warning.kind for warning in plan.warnings}
        if WarningKind.NETBIRD_UNREAD in warnings and outcome.outputs is not None:
            print("Enter in NetBird under Settings > Identity Providers:")
            for label, value in (outcome.outputs.dashboard_form() or {}).items():
                print(f"  {label}: {value}")  # the secret as stars; value.expose() is its text
        if WarningKind.RESTART_NETBIRD in warnings:
            print("Restart NetBird.")
        client.verify(integration, client.outputs(integration)).raise_for_failures()


def main() -> int:
    try:
        connect(sys.argv[1])
    except PartialApplyError as error:
        print(error.report, "Running again finishes the job.", sep="\n", file=sys.stderr)
        return 1
    except AuthentikNetbirdError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
