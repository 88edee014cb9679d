"""A user's script that touches every part of the API, written as one with strict types would be."""

import asyncio
import logging
import os
import sys
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from pathlib import Path

from authentik_netbird import (
    ApplyEvent,
    ApplyEventKind,
    AsyncClient,
    AuthentikNetbirdError,
    Check,
    CheckStatus,
    Client,
    ConnectionOptions,
    InvalidIntegrationError,
    NetbirdEnv,
    NetbirdIntegration,
    NetbirdSettings,
    Outputs,
    PartialApplyError,
    Plan,
    RedirectUri,
    Secret,
    ServiceAccount,
    Verification,
    options,
    parse_setup_env,
    verify,
)
from authentik_netbird.dicts import NetbirdIntegrationDict, PlanDict
from authentik_netbird.testing import AuthentikSimulator, Effect, Fault, round_trips

if sys.version_info >= (3, 11):
    from typing import assert_type
else:
    from typing_extensions import assert_type

logging.basicConfig(level=logging.WARNING)
logging.getLogger("authentik_netbird").setLevel(logging.INFO)


def wanted(url: str) -> NetbirdIntegration:
    fields: NetbirdIntegrationDict = {"authentik_url": url, "domain": "netbird.company"}
    integration = NetbirdIntegration.from_dict(fields).replace(
        service_account=ServiceAccount.USER_READER,
        redirect_uris="recommended",
        extra_redirect_uris=[RedirectUri.strict("https://vpn.company/auth")],
        app_password_expires=datetime.now(timezone.utc) + timedelta(days=365),
    )
    assert_type(integration.app_password_expires, datetime | None)
    assert_type(integration.extra_redirect_uris, tuple[RedirectUri, ...])
    return integration


def on_event(event: ApplyEvent) -> None:
    if event.kind == ApplyEventKind.APPLIED and event.entry is not None:
        print(event.entry.verb, event.entry.resource.name)


def saved(plan: Plan, path: Path) -> Plan:
    path.write_text(plan.to_json())
    content: PlanDict = plan.to_dict()
    for operation in content["operations"]:
        print(operation["id"], operation["resource"]["name"], len(operation["changes"]))
    return Plan.from_json(path.read_text())


def variables(env: NetbirdEnv) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in env.items():
        assert_type(value, str | bool | int | Secret | None)
        found[name] = "***" if isinstance(value, Secret) else str(value)
    mapping: Mapping[str, object] = env
    return found if len(mapping) == len(env) else {}


def failed(verification: Verification) -> list[Check]:
    return list(verification.with_status(CheckStatus.FAIL))


def provision(client: Client, integration: NetbirdIntegration, folder: Path) -> Outputs:
    plan = saved(client.with_authors(client.plan(integration)), folder / "plan.json")
    provisioned = client.provision_plan(plan, folder / "setup.env", on_event=on_event)
    for change in provisioned.file.variables:
        print(change.name, change.before, change.after)
    outputs = client.outputs(integration)
    verification = client.verify(integration, outputs)
    verification.raise_for_failures()
    assert not failed(verification)
    return outputs


async def provision_many(url: str, token: Secret) -> int:
    async with AsyncClient(url, token=token) as client:
        plans = await asyncio.gather(*(client.plan(wanted(url)) for _ in range(3)))
    assert_type(plans, list[Plan])
    return sum(len(plan.changes) for plan in plans)


def main(folder: Path) -> int:
    with AuthentikSimulator(release="2026.5") as authentik:
        authentik.add_fault(Fault(Effect.delay(0.01), on_method="GET", times=1))
        os.environ.update(AUTHENTIK_URL=authentik.url, AUTHENTIK_TOKEN=authentik.token.expose())
        connection = ConnectionOptions(timeout=5, connect_timeout=2.5)
        try:
            with Client.from_env(options=connection) as client:
                outputs = provision(client, wanted(client.url), folder)
        except InvalidIntegrationError as error:
            print([issue.field for issue in error.issues], error.hint, file=sys.stderr)
            return 1
        except PartialApplyError as error:
            print(error.report, file=sys.stderr)
            return 1
        except AuthentikNetbirdError as error:
            print(error, error.status, error.is_retryable, file=sys.stderr)
            return 1
        print(variables(outputs.netbird_env()), round_trips(authentik.requests))
        setup_env = (folder / "setup.env").read_text()
        assert_type(parse_setup_env(setup_env), dict[str, Secret | None])
        print(verify(NetbirdSettings.parse(setup_env), options=connection).is_success)
        print(asyncio.run(provision_many(authentik.url, authentik.token)))
    print([option["name"] for option in options() if not option["required"]])
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
