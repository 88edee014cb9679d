"""pytest's fixtures `authentik_simulator` and `netbird_simulator`. Installed with the package;
nothing to import.
"""

from collections.abc import Iterator

import pytest

from .testing import AuthentikSimulator, NetbirdSimulator


@pytest.fixture
def authentik_simulator() -> Iterator[AuthentikSimulator]:
    """A factory-fresh simulated authentik of the newest known release, for one test."""
    with AuthentikSimulator() as authentik:
        yield authentik


@pytest.fixture
def netbird_simulator() -> Iterator[NetbirdSimulator]:
    """A simulated NetBird that its owner has set up, for one test."""
    with NetbirdSimulator() as netbird:
        yield netbird
