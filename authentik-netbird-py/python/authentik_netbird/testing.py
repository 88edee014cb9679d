"""An authentik in memory, on a real socket: for testing your own scripts.

With pytest, the fixture `authentik_simulator` gives a fresh one to each test; it comes with the
package.

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
    round_trips,
)
from .enums import Release

__all__ = [
    "AuthentikSimulator",
    "Effect",
    "Fault",
    "FaultAnswer",
    "LoggedRequest",
    "Release",
    "round_trips",
]
