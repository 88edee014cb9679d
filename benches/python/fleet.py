"""A thousand integrations, planned and applied from one asyncio program, against simulators in
other processes with 20 ms of latency; twice, so that the command `status` has two thousand sites.
Prints figures as JSON.
"""

import asyncio
import contextlib
import json
import os
import subprocess
import sys
import tempfile
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


def status(field: str, process: int | str = "self") -> int:
    """A number from what Linux says of a process."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
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


def status_of_all(servers: list[tuple[str, str]]) -> dict[str, float]:
    """The command `status` of everything that was applied, as a process of its own."""
    sites = 2 * INTEGRATIONS
    with tempfile.TemporaryDirectory() as folder:
        lines = []
        for number in range(sites):
            url, token = servers[number % len(servers)]
            token_file = Path(folder, f"token{number % len(servers)}")
            token_file.touch(mode=0o600)
            token_file.write_text(token)
            fields = integration(url, number).to_dict() | {"token_file": token_file.name}
            # Each server issues 20 device codes in an hour, and has 100 sites.
            fields["without_device_flow"] = True
            lines.append(f"[sites.s{number}]")
            lines += [f"{name} = {json.dumps(value)}" for name, value in fields.items()]
        Path(folder, "sites.toml").write_text("\n".join(lines))
        output = Path(folder, "sites.prom")
        command = [sys.executable, "-m", "authentik_netbird", "status", "--quiet"]
        command += ["--config", f"{folder}/sites.toml", "--format", "prometheus"]
        start = time.perf_counter()
        process = subprocess.Popen([*command, "--output", output])
        # What the system says at the end would be at least what this program had when it forked.
        peak = 0
        while process.poll() is None:
            with contextlib.suppress(StopIteration, OSError):  # about to end: it has no memory left
                peak = status("VmHWM", process.pid)
            time.sleep(0.02)
        seconds = time.perf_counter() - start
        metrics = output.read_text()
    # What each site shares with those of its server may be judged as incomplete.
    assert process.returncode in (0, 3), process.returncode
    up = [line for line in metrics.splitlines() if line.startswith("authentik_netbird_up{")]
    assert len(up) == sites and all(line.endswith(" 1") for line in up)
    return {"seconds": seconds, "rss_mb": peak / 1024}


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
        status_2000 = status_of_all(servers)
    finally:
        for process in processes:
            process.kill()
    figures = {f"fleet_1000_{name}": value for name, value in shared.items()}
    figures |= {f"fleet_1000_clients_{name}": value for name, value in own.items()}
    figures |= {f"status_2000_{name}": value for name, value in status_2000.items()}
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
