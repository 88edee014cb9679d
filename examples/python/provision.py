"""Sets up one NetBird on a real authentik, and writes its setup.env. Safe to run again.

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
        plan = client.with_authors(client.plan(integration))  # who changed what has drifted
        print(plan)
        provisioned = client.provision_plan(plan, setup_env, on_event=print)
    print(setup_env, provisioned.file.kind)
    if provisioned.file.is_change:
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
