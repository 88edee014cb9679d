"""Sets up one NetBird on a real authentik, and writes its setup.env.

python provision.py netbird.company [setup.env]

AUTHENTIK_URL and AUTHENTIK_TOKEN say which authentik.
"""

import os
import sys

from authentik_netbird import (
    CONFIGURE_COMMANDS,
    AuthentikNetbirdError,
    Client,
    InvalidIntegrationError,
    NetbirdIntegration,
    PartialApplyError,
    Secret,
)


def provision(url: str, token: Secret, domain: str, setup_env: str) -> None:
    integration = NetbirdIntegration(url, domain)
    with Client(integration.authentik_url, token=token) as client:
        plan = client.plan(integration)
        print(plan)
        outcome = client.apply(plan, on_event=print)
        outputs = outcome.outputs
        if outcome.report.changed == 0:
            # Nothing was to do, so the password was not read; here it is wanted.
            outputs = client.outputs(integration)
    print(setup_env, outputs.netbird_env().write(setup_env).kind)
    print("in NetBird's infrastructure_files, run:", CONFIGURE_COMMANDS, sep="\n")


def main() -> int:
    domain, setup_env, *_ = [*sys.argv[1:], "setup.env"]
    token = Secret(os.environ.pop("AUTHENTIK_TOKEN", ""))
    try:
        provision(os.environ.get("AUTHENTIK_URL", ""), token, domain, setup_env)
    except InvalidIntegrationError as error:
        for issue in error.issues:
            print(f"{issue.field}: {issue.message}; {issue.hint}", file=sys.stderr)
        return 1
    except PartialApplyError as error:
        print(error.report, "Running again finishes the job.", sep="\n", file=sys.stderr)
        return 1
    except AuthentikNetbirdError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
