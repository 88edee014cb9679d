"""A process killed at every request: the next run ends as an undisturbed one, nothing double."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest
from authentik_netbird import Client, NetbirdIntegration
from authentik_netbird.testing import AuthentikSimulator, Effect, Fault

pytestmark = pytest.mark.skipif(os.name != "posix", reason="SIGKILL")

OLD = '# mine\nNETBIRD_DOMAIN="old.company"\n'
SOAK = bool(os.environ.get("AUTHENTIK_NETBIRD_SOAK"))
# Far more than a busy machine takes.
PATIENCE = 120

CHILD = """
import sys
from authentik_netbird import Client, NetbirdIntegration

url, token, job, path = sys.argv[1:]
integration = NetbirdIntegration(url, "netbird.company")
with Client(url, token=token) as client:
    if job == "rotate":
        client.provision_plan(client.plan_rotate(integration), path)
    elif job == "teardown":
        client.apply(client.plan_teardown(integration))
    else:
        client.provision(integration, path)
"""

# Keys, secrets and times: each run has its own.
OWN = {
    "client_id", "client_secret", "counters", "date_joined", "expires", "expiry", "issued", "key",
    "last_login", "last_updated", "num_pk", "password_change_date", "policybindingmodel_ptr_id",
    "uuid",
}  # fmt: skip


def comparable(authentik):
    """The whole state with names in place of primary keys, and lists in a stable order."""
    state = authentik.dump()
    names = {}
    for kind, entries in state.items():
        for entry in entries if isinstance(entries, list) else ():
            fields = ("slug", "username", "identifier", "name", "domain")
            name = next((entry[field] for field in fields if field in entry), "")
            key = entry.get("pk", entry.get("brand_uuid"))
            names[kind if isinstance(key, int) else "", key] = f"{kind} {name}"

    def renamed(value, kind):
        if isinstance(value, dict):
            fields = value.items()
            return {
                name: renamed(one, kind if name == "pk" else f"{name.rstrip('s')}s")
                for name, one in fields
                if name not in OWN
            }
        if isinstance(value, list):
            return sorted((renamed(one, kind) for one in value), key=json.dumps)
        number = isinstance(value, int) and not isinstance(value, bool)
        return names.get((kind if number else "", value), value)

    return {kind: renamed(entries, kind) for kind, entries in state.items() if kind not in OWN}


def drift(authentik):
    """Changes what was made, by hand."""
    path, body = "core/applications/netbird/", {"name": "Drifted", "meta_launch_url": ""}
    request = urllib.request.Request(
        f"{authentik.url}/api/v3/{path}",
        data=json.dumps(body).encode(),
        method="PATCH",
        headers={
            "Authorization": f"Bearer {authentik.token.expose()}",
            "Content-Type": "application/json",
        },
    )
    with urllib.request.urlopen(request) as answer:
        assert answer.status == 200


class Scene:
    """A server with what a job starts from, and the job."""

    def __init__(self, job):
        self.job = job
        self.authentik = AuthentikSimulator()
        self.client = Client(self.authentik.url, token=self.authentik.token)
        self.integration = NetbirdIntegration(self.authentik.url, "netbird.company")
        if job != "apply":
            self.client.apply(self.client.plan(self.integration))
        if job == "update":
            drift(self.authentik)
        self.authentik.clear_requests()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.client.close()
        self.authentik.close()

    def plan(self):
        if self.job == "teardown":
            return self.client.plan_teardown(self.integration)
        return self.client.plan(self.integration)

    def run(self):
        rotate = self.job == "rotate"
        self.client.apply(self.client.plan_rotate(self.integration) if rotate else self.plan())

    def start(self, path):
        path.write_text(OLD)
        token = self.authentik.token.expose()
        return subprocess.Popen(
            [sys.executable, "-c", CHILD, self.authentik.url, token, self.job, str(path)]
        )


def wait_until(child, is_so):
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        assert child.poll() is None or is_so(), "it ended before that"
        assert time.monotonic() < deadline
        time.sleep(0.001)


def killed(job, at, after, undisturbed, path):
    with Scene(job) as scene:
        authentik = scene.authentik
        authentik.add_fault(Fault(Effect.hang(), skip=at, times=1, after_commit=after))

        def is_there():
            requests = authentik.requests
            return len(requests) > at and (not after or requests[at].committed is not None)

        child = scene.start(path)
        try:
            wait_until(child, is_there)
        finally:
            child.kill()
        assert child.wait() == -signal.SIGKILL
        authentik.clear_faults()
        assert path.read_text() == OLD
        scene.run()
        assert comparable(authentik) == undisturbed
        assert not scene.plan().has_changes
        if job != "teardown":
            env = scene.client.outputs(scene.integration).netbird_env()
            env.write(path)
            key = next(
                token["key"]
                for token in authentik.dump()["tokens"]
                if token["identifier"] == "service-account-netbird-password"
            )
            assert key in path.read_text() and path.read_text().startswith("# mine\n")


@pytest.mark.parametrize("job", ["apply", "update", "rotate", "teardown"])
def test_killed_at_every_request(job, tmp_path):
    with Scene(job) as scene:
        scene.run()
        count = len(scene.authentik.requests)
        undisturbed = comparable(scene.authentik)
    # All of them where there is time. Otherwise a third, and another one on the next Python.
    places = range(0 if SOAK else sys.version_info.minor % 3, count, 1 if SOAK else 3)
    cases = [(at, after) for at in places for after in (False, True)]
    with ThreadPoolExecutor(4) as pool:
        futures = [
            pool.submit(killed, job, at, after, undisturbed, tmp_path / f"{at}-{after}.env")
            for at, after in cases
        ]
    for future in futures:
        future.result()
    sys.stdout.write(f"{job}: kill_cases: {len(cases)}\n")


def test_setup_env_is_the_old_one_or_the_new_one(tmp_path):
    rounds = 100 if SOAK else 10
    with Scene("apply") as scene:
        scene.run()
        count = len(scene.authentik.requests)
    new = 0
    for round_ in range(rounds):
        path = tmp_path / f"{round_}.env"
        with Scene("apply") as scene:
            child = scene.start(path)

            def answered(authentik=scene.authentik):
                return sum(one.finished is not None for one in authentik.requests) >= count

            wait_until(child, answered)
            time.sleep(round_ % 20 / 1000)
            child.kill()
            child.wait()
            whole = tmp_path / "whole.env"
            whole.write_text(OLD)
            scene.client.outputs(scene.integration).netbird_env().write(whole)
            there = path.read_text()
            assert there in (OLD, whole.read_text())
            new += there != OLD
    sys.stdout.write(f"setup.env: kill_cases: {rounds}, of which {new} had the new one\n")
