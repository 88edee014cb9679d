"""An authentik and a NetBird in memory, on real sockets: for testing your own scripts.

With pytest, the fixtures `authentik_simulator` and `netbird_simulator` give fresh ones to each
test; they come with the package.

>>> from authentik_netbird import Client, NetbirdIntegration
>>> from authentik_netbird.testing import AuthentikSimulator, round_trips
>>> with AuthentikSimulator(release="2025.10") as authentik:
...     integration = NetbirdIntegration(authentik.url, "netbird.company")
...     with Client(authentik.url, token=authentik.token) as client:
...         plan = client.plan(integration)
...     writes = [request for request in authentik.requests if request.is_write]
>>> len(plan.changes), len(writes)
(13, 0)
"""

from ._native import (
    AuthentikSimulator,
    Effect,
    Fault,
    FaultAnswer,
    LoggedRequest,
    NetbirdSimulator,
    Simulator,
    round_trips,
)
from .enums import Release

__all__ = [
    "AuthentikSimulator",
    "Effect",
    "Fault",
    "FaultAnswer",
    "LoggedRequest",
    "NetbirdSimulator",
    "Release",
    "Simulator",
    "round_trips",
]
