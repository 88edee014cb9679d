"""Figures of the Ansible collection, merged into target/bench.json beside the others.

python ansible_tasks.py BENCH_JSON

Runs in an environment with Ansible, the package and the collection. What a task with nothing to do
costs is measured beside `ansible.builtin.ping` in the same run, in turn: the difference of the
medians is what the module adds.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from authentik_netbird.testing import AuthentikSimulator

PAIRS = 20
SITES = 50
CALLBACK = """
import json, os, time
from ansible.plugins.callback import CallbackBase

class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "timed"
    CALLBACK_NEEDS_ENABLED = False

    def v2_playbook_on_task_start(self, task, is_conditional):
        self.start = time.perf_counter()

    def v2_runner_on_ok(self, result):
        line = [result._task.action, (time.perf_counter() - self.start) * 1000]
        with open(os.environ["TIMED"], "a") as file:
            print(json.dumps(line), file=file)
"""
NO_OP = {"authentik_netbird.netbird.netbird_integration": {"domain": "netbird.company"}}
SITE = {
    "authentik_netbird.netbird.netbird_integration": {
        "domain": "{{ inventory_hostname }}.netbird.company",
        "application_slug": "netbird-{{ inventory_hostname }}",
        "provider_name": "NetBird {{ inventory_hostname }}",
        "service_account_name": "NetBird-{{ inventory_hostname }}",
    },
    "delegate_to": "localhost",
}


def play(folder: Path, hosts: str, tasks: list[dict], *arguments: str) -> float:
    """Runs a play against a simulator without latency; returns the seconds that it took."""
    playbook = folder / "playbook.json"  # JSON is YAML
    playbook.write_text(json.dumps([{"hosts": hosts, "gather_facts": False, "tasks": tasks}]))
    (folder / "timed.py").write_text(CALLBACK)
    with AuthentikSimulator() as authentik:
        environment = os.environ | {
            "ANSIBLE_CALLBACK_PLUGINS": str(folder),
            "TIMED": str(folder / "timed"),
            "AUTHENTIK_URL": authentik.url,
            "AUTHENTIK_TOKEN": authentik.token.expose(),
        }
        program = Path(sys.executable).with_name("ansible-playbook")
        start = time.perf_counter()
        subprocess.run(
            [program, *arguments, playbook], env=environment, check=True, capture_output=True
        )
        return time.perf_counter() - start


def overhead(folder: Path) -> dict[str, float]:
    ping = {"ansible.builtin.ping": {}}
    play(folder, "localhost", [NO_OP, ping, *[NO_OP, ping] * PAIRS])
    lines = (folder / "timed").read_text().splitlines()
    # The first of each kind warms up, and ours then writes.
    times: dict[str, list[float]] = {}
    for action, milliseconds in map(json.loads, lines):
        times.setdefault(action, []).append(milliseconds)
    ours, pings = (statistics.median(found[1:]) for found in times.values())
    return {"ansible_task_ms": ours - pings, "ansible_ping_ms": pings}


def sites(folder: Path) -> dict[str, float]:
    inventory = "".join(f"site{number:02}," for number in range(SITES))
    seconds = play(folder, "all", [SITE], "-i", inventory, "--forks", "10")
    return {"ansible_50_sites_seconds": seconds}


def main() -> None:
    path = Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        added = overhead(Path(folder)) | sites(Path(folder))
    figures = json.loads(path.read_text()) if path.exists() else {}
    figures.update({name: round(value, 2) for name, value in added.items()})
    path.write_text(json.dumps(figures, indent=2) + "\n")
    print(json.dumps({name: figures[name] for name in added}, indent=2))


if __name__ == "__main__":
    main()
