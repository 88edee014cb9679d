"""What is tested is what was installed, not the source folder."""

import signal
from pathlib import Path

import authentik_netbird
import pytest
from authentik_netbird import Client, NetbirdIntegration
from authentik_netbird.testing import AuthentikSimulator

assert "site-packages" in Path(authentik_netbird.__file__).parts

# Whoever starts the tests in the background has Ctrl-C ignored, and all that they start has, too.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def authentik():
    with AuthentikSimulator() as simulator:
        yield simulator


@pytest.fixture
def integration(authentik):
    return NetbirdIntegration(authentik.url, "netbird.company")


@pytest.fixture
def client(authentik):
    with Client(authentik.url, token=authentik.token) as client:
        yield client
