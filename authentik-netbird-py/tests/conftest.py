"""What is tested is what was installed, not the source folder."""

import json
import signal
import urllib.request
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
def change_by_hand(authentik):
    """Changes a field of what was set up, as a person does it."""

    def change():
        def call(path, method="GET", data=None):
            request = urllib.request.Request(
                f"{authentik.url}/api/v3/{path}",
                data=data,
                method=method,
                headers={
                    "Authorization": f"Bearer {authentik.token.expose()}",
                    "Content-Type": "application/json",
                },
            )
            with urllib.request.urlopen(request) as response:
                return json.load(response)

        [provider] = call("providers/oauth2/?name=NetBird")["results"]
        claims = b'{"include_claims_in_id_token": false}'
        call(f"providers/oauth2/{provider['pk']}/", "PATCH", claims)
        authentik.clear_requests()

    return change


@pytest.fixture
def client(authentik):
    with Client(authentik.url, token=authentik.token) as client:
        yield client
