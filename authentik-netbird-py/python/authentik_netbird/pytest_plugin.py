"""pytest's fixture `authentik_simulator`. Installed with the package; nothing to import."""

from collections.abc import Iterator

import pytest

from .testing import AuthentikSimulator


@pytest.fixture
def authentik_simulator() -> Iterator[AuthentikSimulator]:
    """A factory-fresh simulated authentik of the newest known release, for one test."""
    with AuthentikSimulator() as authentik:
        yield authentik
