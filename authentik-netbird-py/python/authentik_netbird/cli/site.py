"""The sites that a command works on."""

import shlex
from typing import NamedTuple

from .. import AsyncClient
from .._native import NetbirdIntegration, Plan
from .problems import Failure


class Site(NamedTuple):
    """A site that a command works with: one NetBird and its authentik."""

    name: str | None
    integration: NetbirdIntegration
    client: AsyncClient
    plan: Plan | None
    target: str | None
    """The file to write."""
    accepted: tuple[str, ...]
    """Kinds of warnings that are not shown."""

    def env(self, path: str) -> str:
        """The command that writes what its NetBird needs, for a message."""
        words = ["authentik-netbird", "env", self.integration.domain]
        words += [] if self.name is None else ["--site", self.name]
        words += ["--mode", "connector"] if self.integration.mode == "connector" else []
        return shlex.join([*words, "--output", path])


class FailedSite(NamedTuple):
    """One of several sites of which nothing can be done; the others go on."""

    name: str | None
    error: Failure
