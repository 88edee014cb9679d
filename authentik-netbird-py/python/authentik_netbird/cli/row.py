"""A site's row of `status`, as a document and as cells of a table."""

from collections import Counter
from datetime import datetime, timezone
from typing import NamedTuple

from .._native import Check, Expiry, Status
from ..enums import CheckStatus, ExpiryKind
from .documents import Document
from .site import Site

HEADS = (
    "site",
    "status",
    "mode",
    "authentik",
    "drift",
    "app password",
    "signing key",
    "failing requirements",
)
_NOTHING = "-"


class Row(NamedTuple):
    """A site: some hundred bytes, however large its plan and its report are."""

    site: str
    seconds: float
    """How long it took."""
    error: Document | None = None
    """Why nothing is known of it."""
    mode: str | None = None
    domain: str | None = None
    authentik_url: str | None = None
    server_version: str | None = None
    drift: int | None = None
    """Operations of the plan; `None`: there is no plan."""
    blocked: str | None = None
    """The reason why there is no plan."""
    checks: tuple[tuple[str, int], ...] = ()
    """The number of checks by status."""
    failing: tuple[Check, ...] = ()
    unknown: tuple[Check, ...] = ()
    expiries: tuple[Expiry, ...] = ()

    @property
    def is_up(self) -> bool:
        """Whether authentik was reached, and the token works."""
        return self.server_version is not None

    @property
    def status(self) -> str:
        """As in the envelope of JSON."""
        if self.error is not None:
            return "error"
        if self.failing or self.blocked:
            return "failed"
        return "incomplete" if self.unknown or self.drift is None else "ok"

    @property
    def word(self) -> str:
        """The status for people."""
        if self.error is None and not self.is_up:
            return "down"
        return "drift" if self.status == "ok" and self.drift else self.status

    @property
    def details(self) -> str:
        """The problem, in a few words."""
        if self.error is not None:
            return str(self.error["message"]).partition("\n")[0]
        if not self.is_up and self.failing:
            return self.failing[0].message
        parts = [", ".join(str(check.name) for check in self.failing)] if self.failing else []
        if self.unknown:
            parts.append(f"unknown: {', '.join(str(check.name) for check in self.unknown)}")
        if self.blocked:
            parts.append(self.blocked)
        return "; ".join(parts) or _NOTHING


def of(site: Site, name: str, found: Status, seconds: float) -> Row:
    """The row of a status."""
    wanted, verification = site.integration, found.verification
    counts = Counter(str(check.status) for check in verification.checks)
    return Row(
        name,
        seconds,
        mode=str(wanted.mode),
        domain=wanted.domain,
        authentik_url=wanted.authentik_url,
        server_version=found.server_version,
        drift=None if found.plan is None else len(found.plan.changes),
        blocked=verification.blocked,
        checks=tuple((str(status), counts[str(status)]) for status in CheckStatus),
        failing=verification.with_status(CheckStatus.FAIL),
        unknown=verification.with_status(CheckStatus.UNKNOWN),
        expiries=verification.expiries,
    )


def document(row: Row) -> Document | None:
    """A row for programs; `None` for a site with an error."""
    if row.error is not None:
        return None
    return {
        "up": row.is_up,
        "mode": row.mode,
        "domain": row.domain,
        "authentik_url": row.authentik_url,
        "server_version": row.server_version,
        "seconds": round(row.seconds, 3),
        "drift": row.drift,
        "blocked": row.blocked,
        "checks": dict(row.checks),
        "failing": [{**check.to_dict()} for check in row.failing],
        "unknown": [{**check.to_dict()} for check in row.unknown],
        "expiries": [{**expiry.to_dict()} for expiry in row.expiries],
    }


def cells(row: Row, now: datetime | None = None) -> tuple[str, ...]:
    """A row of a table, in the order of `HEADS`."""
    now = now or datetime.now(timezone.utc)
    return (
        row.site,
        row.word,
        row.mode or _NOTHING,
        row.server_version or _NOTHING,
        _NOTHING if row.drift is None else str(row.drift),
        _days(row, ExpiryKind.APP_PASSWORD, now),
        _days(row, ExpiryKind.SIGNING_KEY, now),
        row.details,
    )


def _days(row: Row, kind: ExpiryKind, now: datetime) -> str:
    """When the first of these expires."""
    times = [one.expires for one in row.expiries if one.kind is kind]
    dated = [time for time in times if time is not None]
    if not dated:
        return "never" if times else _NOTHING
    days = (min(dated) - now).days
    return "expired" if days < 0 else f"{days} day{'' if days == 1 else 's'}"
