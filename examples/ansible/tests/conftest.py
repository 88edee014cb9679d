"""Real runs of ansible-playbook, on simulators, with the collection as it is installed."""

import json
import os
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
import yaml
from authentik_netbird.testing import AuthentikSimulator
from netbird_host import Host

COLLECTION = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
CANARY = "canary-token-4711-of-an-administrator"
PASSWORD = "NETBIRD_IDP_MGMT_EXTRA_PASSWORD"

assert "ANSIBLE_COLLECTIONS_PATH" in os.environ, "see tests/run"


@pytest.fixture
def authentik():
    with AuthentikSimulator(token=CANARY) as simulator:
        yield simulator


class Run:
    """What became of a run."""

    def __init__(self, process, collected):
        self.returncode = process.returncode
        self.output = process.stdout + process.stderr
        self.tasks = [json.loads(line) for line in collected.splitlines()]

    def results(self, action):
        """Results of each task with this module, in order."""
        return [task["result"] for task in self.tasks if task["action"] == action]

    def result(self, action):
        [result] = self.results(action)
        return result

    def named(self, name):
        [task] = [task for task in self.tasks if task["name"] == name]
        return task

    def changed(self):
        """Names of the tasks that changed something."""
        return [task["name"] for task in self.tasks if task["result"].get("changed")]


@pytest.fixture
def play(authentik, tmp_path):
    """Runs a playbook: a path, a name, its text, or a list of tasks on localhost."""

    def play(playbook, *arguments, hosts="localhost", inventory=None, ok=True, **variables):
        if isinstance(playbook, list):
            playbook = yaml.safe_dump([{"hosts": hosts, "tasks": playbook}])
        if "\n" in str(playbook):
            (tmp_path / "playbook.yml").write_text(playbook)
            playbook = tmp_path / "playbook.yml"
        if inventory is not None:
            (tmp_path / "inventory.yml").write_text(yaml.safe_dump(inventory))
            arguments = ("-i", tmp_path / "inventory.yml", *arguments)
        collected = tmp_path / "collected.jsonl"
        collected.write_text("")
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path),
            "LANG": "C.UTF-8",
            "ANSIBLE_COLLECTIONS_PATH": os.environ["ANSIBLE_COLLECTIONS_PATH"],
            "ANSIBLE_CALLBACK_PLUGINS": str(COLLECTION / "tests" / "callback"),
            "ANSIBLE_GATHERING": "explicit",
            "ANSIBLE_NOCOLOR": "1",
            "ANSIBLE_PIPELINING": "1",  # half the time of a task
            "COLLECTED": str(collected),
            "AUTHENTIK_URL": authentik.url,
            "AUTHENTIK_TOKEN": CANARY,
            **variables,
        }
        process = subprocess.run(
            [BIN / "ansible-playbook", *arguments, playbook],
            cwd=tmp_path,
            env={name: value for name, value in environment.items() if value is not None},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        run = Run(process, collected.read_text())
        if ok:
            assert run.returncode == 0, run.output
        return run

    return play


@pytest.fixture
def api(authentik):
    """Asks the simulator, as a person who changes something by hand."""

    def api(method, path, body=None):
        request = urllib.request.Request(
            f"{authentik.url}/api/v3{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {CANARY}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    return api


@pytest.fixture
def writes(authentik):
    """How many writes the simulator has seen since it was asked last."""

    def writes():
        count = sum(request.is_write for request in authentik.requests)
        authentik.clear_requests()
        return count

    return writes


@pytest.fixture
def host(tmp_path):
    return Host(tmp_path / "infrastructure_files")


@pytest.fixture
def inventory(host):
    return {
        "netbird": {
            "hosts": {"site": {}},
            "vars": {
                "ansible_connection": "local",
                "ansible_python_interpreter": "{{ ansible_playbook_python }}",
                "ansible_become": False,
                "netbird_authentik_domain": "netbird.company",
                "netbird_authentik_directory": str(host.folder),
                "netbird_authentik_restart_command": host.restart,
            },
        }
    }


def task(module, **options):
    """A task with a module of the collection, and keywords after an underscore."""
    keywords = {name[1:]: options.pop(name) for name in list(options) if name.startswith("_")}
    return {f"authentik_netbird.netbird.{module}": options, **keywords}
