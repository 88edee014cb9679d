"""Sets up many NetBirds on one authentik at once, with asyncio. Safe to run again.

python many_sites.py north.netbird.company south.netbird.company

AUTHENTIK_URL and AUTHENTIK_TOKEN say which authentik. Names that two NetBirds on one authentik must
not share contain the site's name.
"""

import asyncio
import os
import sys

from authentik_netbird import AsyncClient, AuthentikNetbirdError, NetbirdIntegration, Secret


def integration_of(url: str, domain: str) -> NetbirdIntegration:
    site = domain.partition(".")[0]
    return NetbirdIntegration(
        url,
        domain,
        application_name=f"NetBird {site}",
        application_slug=f"netbird-{site}",
        provider_name=f"NetBird {site}",
        service_account_name=f"NetBird-{site}",
    )


async def provision(client: AsyncClient, url: str, domain: str) -> str:
    integration = integration_of(url, domain)
    try:
        provisioned = await client.provision(integration, f"{domain}.env")
    except AuthentikNetbirdError as error:
        return f"{domain}: {error}"
    changed = provisioned.outcome.report.changed
    return f"{domain}: {changed} applied, {domain}.env {provisioned.file.kind}"


async def main(url: str, token: Secret, domains: list[str]) -> list[str]:
    async with AsyncClient(url, token=token) as client:
        return await asyncio.gather(*(provision(client, url, domain) for domain in domains))


if __name__ == "__main__":
    token = Secret(os.environ.pop("AUTHENTIK_TOKEN", ""))
    print(*asyncio.run(main(os.environ.get("AUTHENTIK_URL", ""), token, sys.argv[1:])), sep="\n")
