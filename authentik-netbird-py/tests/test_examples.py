"""The examples, as a user runs them; the README's and the package's code blocks too."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples" / "python"


@pytest.fixture
def run(authentik, tmp_path):
    def run(*arguments):
        known = {"AUTHENTIK_URL": authentik.url, "AUTHENTIK_TOKEN": authentik.token.expose()}
        return subprocess.run(
            [sys.executable, *arguments],
            env=os.environ | known,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run


def test_script(run, tmp_path):
    script = EXAMPLES / "provision.py"
    first = run(script, "netbird.company")
    assert first.returncode == 0 and "setup.env created" in first.stdout, first.stderr
    again = run(script, "netbird.company")
    assert again.returncode == 0 and "setup.env unchanged" in again.stdout
    (tmp_path / "setup.env").unlink()
    assert "setup.env created" in run(script, "netbird.company").stdout
    wrong = run(script, "net bird")
    assert wrong.returncode == 1 and wrong.stderr.startswith("domain: ")
    other = run(script, "other.company")
    assert other.returncode == 1 and "Traceback" not in other.stderr


def test_connector_script(run, monkeypatch, netbird_simulator):
    for name in ("NETBIRD_URL", "NETBIRD_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    script = EXAMPLES / "connector.py"
    by_hand = run(script, "netbird.company")
    assert by_hand.returncode == 0 and "Client Secret: Secret(***)" in by_hand.stdout, (
        by_hand.stderr
    )
    monkeypatch.setenv("NETBIRD_URL", netbird_simulator.url)
    monkeypatch.setenv("NETBIRD_TOKEN", netbird_simulator.token.expose())
    for _ in range(2):
        both = run(script, "netbird.company")
        assert both.returncode == 0 and "Client Secret: " not in both.stdout, both.stderr
    assert len(netbird_simulator.dump()["connectors"]) == 1
    wrong = run(script, "net bird")
    assert wrong.returncode == 1 and "Traceback" not in wrong.stderr


def test_asyncio_script(run, tmp_path):
    sites = ["north.netbird.company", "south.netbird.company", "west.netbird.company"]
    first = run(EXAMPLES / "many_sites.py", *sites)
    assert first.returncode == 0, first.stderr
    assert (tmp_path / "west.netbird.company.env").exists()
    again = run(EXAMPLES / "many_sites.py", *sites)
    expected = [f"{site}: 0 applied, {site}.env unchanged" for site in sites]
    assert again.stdout.split("\n")[:-1] == expected


def test_a_typed_script(run, tmp_path):
    script = Path(__file__).parent / "typed_project" / "provisioner.py"
    done = run(script, tmp_path)
    assert done.returncode == 0, done.stderr
    assert 'INFO:authentik_netbird:applied: create provider "NetBird"' in done.stderr


def test_a_users_own_tests(run):
    arguments = ["-m", "pytest", "-q", "-p", "no:cacheprovider", EXAMPLES / "test_provision.py"]
    done = run(*arguments)
    assert done.returncode == 0 and "3 passed" in done.stdout, done.stdout


def blocks():
    for path in (ROOT / "README.md", ROOT / "authentik-netbird-py" / "README.md"):
        for number, code in enumerate(re.findall(r"```python\n(.*?)```", path.read_text(), re.S)):
            yield pytest.param(code, id=f"{path.parent.name}-{number}")


@pytest.mark.parametrize("code", list(blocks()))
def test_code_in_the_readmes(code, run, tmp_path, authentik):
    """Each block is a program of its own; the reader's authentik is the simulator."""
    if "def test_" in code:
        (tmp_path / "test_readme.py").write_text(code)
        done = run("-m", "pytest", "-q", "-p", "no:cacheprovider", "test_readme.py")
    else:
        code = code.replace("https://authentik.company", authentik.url)
        code = code.replace('"…"', repr(authentik.token.expose()))
        (tmp_path / "readme.py").write_text(code)
        done = run("readme.py")
        if done.returncode == 0 and not done.stderr:
            done = run("readme.py")  # safe to run twice
    assert not done.stderr, done.stderr
    assert done.returncode == 0, done.stdout + done.stderr
