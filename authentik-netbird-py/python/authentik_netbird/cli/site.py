"""The sites that a command works on."""

from typing import NamedTuple

from .. import AsyncClient
from .._native import NetbirdIntegration, Plan
from .problems import Failure


class Site(NamedTuple):
    """What a command works with: one NetBird and its authentik."""

    name: str | None
    integration: NetbirdIntegration
    client: AsyncClient
    plan: Plan | None
    target: str | None
    """The file to write."""
    accepted: tuple[str, ...]
    """Kinds of warnings that are not shown."""


class FailedSite(NamedTuple):
    """One of several sites of which nothing can be done; the others go on."""

    name: str | None
    error: Failure
