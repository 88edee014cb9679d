"""A thousand integrations, planned and applied from one asyncio program, against simulators in
other processes with 20 ms of latency. Prints figures as JSON.
"""

import asyncio
import json
import os
import subprocess
import sys
import time
from pathlib import Path

from authentik_netbird import AsyncClient, NetbirdIntegration

INTEGRATIONS = 1000
SERVERS = 20
SERVER = """
import sys
from authentik_netbird.testing import AuthentikSimulator
with AuthentikSimulator(latency=0.02) as authentik:
    print(authentik.url, authentik.token.expose(), flush=True)
    sys.stdin.read()
"""


def integration(url: str, number: int) -> NetbirdIntegration:
    return NetbirdIntegration(
        url,
        f"netbird-{number}.company",
        application_slug=f"netbird-{number}",
        provider_name=f"NetBird {number}",
        service_account_name=f"NetBird {number}",
    )


def status(field: str) -> int:
    """A number from what Linux says of this process."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(field + ":"))


async def watch(peaks: dict[str, int]) -> None:
    while True:
        peaks["threads"] = max(peaks["threads"], status("Threads"))
        peaks["files"] = max(peaks["files"], len(os.listdir("/proc/self/fd")))
        await asyncio.sleep(0.05)


async def apply(client: AsyncClient, wanted: NetbirdIntegration) -> None:
    outcome = await client.apply(await client.plan(wanted))
    assert outcome.report.changed >= 4, outcome.report


async def with_own_client(url: str, token: str, wanted: NetbirdIntegration) -> None:
    async with AsyncClient(url, token=token) as client:
        await apply(client, wanted)


async def run(servers: list[tuple[str, str]], first: int, own_clients: bool) -> dict[str, float]:
    peaks = {"threads": 0, "files": 0}
    watching = asyncio.create_task(watch(peaks))
    # One for each server first: what they share is made once, and is not raced for.
    for number, (url, token) in enumerate(servers):
        await with_own_client(url, token, integration(url, first + number))
    before, start = status("VmRSS"), time.perf_counter()
    clients = [AsyncClient(url, token=token) for url, token in servers]
    work = []
    for number in range(len(servers), INTEGRATIONS):
        url, token = servers[number % len(servers)]
        wanted = integration(url, first + number)
        if own_clients:
            work.append(with_own_client(url, token, wanted))
        else:
            work.append(apply(clients[number % len(servers)], wanted))
    await asyncio.gather(*work)
    seconds = time.perf_counter() - start
    for client in clients:
        await client.close()
    watching.cancel()
    return {
        "seconds": seconds,
        "rss_growth_mb": (status("VmHWM") - before) / 1024,
        "threads": peaks["threads"],
        "open_files": peaks["files"],
    }


def main() -> None:
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", SERVER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(SERVERS)
    ]
    try:
        servers = [tuple(process.stdout.readline().split()) for process in processes]
        shared = asyncio.run(run(servers, 0, own_clients=False))
        own = asyncio.run(run(servers, INTEGRATIONS, own_clients=True))
    finally:
        for process in processes:
            process.kill()
    figures = {f"fleet_1000_{name}": value for name, value in shared.items()}
    figures |= {f"fleet_1000_clients_{name}": value for name, value in own.items()}
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
