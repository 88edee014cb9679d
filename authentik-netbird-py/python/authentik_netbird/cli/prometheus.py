"""The status of sites in the text format of Prometheus."""

from collections.abc import Iterable, Iterator

from ..enums import ExpiryKind
from .colour import printable
from .row import Row

_PREFIX = "authentik_netbird"


#: Metrics by name, with what they are. All are gauges.
METRICS = {
    "up": "Whether authentik was reached and the token works.",
    "info": "What a site is; the value is always 1.",
    "check_duration_seconds": "How long the check of a site took.",
    "drift_operations": "Operations of a plan that would change something.",
    "plan_blocked": "Whether something is in the way of a plan, so that drift is unknown.",
    "failing_requirements": "Requirements of NetBird that are not met.",
    "unknown_requirements": "Requirements of NetBird that could not be judged.",
    "app_password_expiry_timestamp_seconds": (
        "When an app password of the service account expires, in seconds since the epoch; "
        "+Inf: never."
    ),
    "signing_key_expiry_timestamp_seconds": (
        "When the certificate of the signing key expires, in seconds since the epoch."
    ),
}
_EXPIRIES = {
    ExpiryKind.APP_PASSWORD: ("app_password_expiry_timestamp_seconds", "identifier"),
    ExpiryKind.SIGNING_KEY: ("signing_key_expiry_timestamp_seconds", "certificate"),
}


def text(rows: Iterable[Row]) -> str:
    """All metrics of these sites, each with its help and its type."""
    families: dict[str, dict[str, float]] = {name: {} for name in METRICS}
    for row in rows:
        for name, labels, value in _samples(row):
            # One for each set of labels: Prometheus refuses the whole text otherwise.
            families[name].setdefault(_labels({"site": row.site, **labels}), value)
    lines = []
    for name, samples in families.items():
        if samples:
            full = f"{_PREFIX}_{name}"
            lines += [f"# HELP {full} {METRICS[name]}", f"# TYPE {full} gauge"]
            lines += [f"{full}{labels} {_number(value)}" for labels, value in samples.items()]
    return "".join(f"{line}\n" for line in lines)


def _samples(row: Row) -> Iterator[tuple[str, dict[str, str], float]]:
    """The samples of a site; of one that is down nothing is guessed."""
    yield "up", {}, row.is_up
    yield "check_duration_seconds", {}, round(row.seconds, 3)
    if row.mode is not None:
        info = {
            "domain": row.domain,
            "authentik_url": row.authentik_url,
            "mode": row.mode,
            "authentik_version": row.server_version,
        }
        yield "info", {name: value or "" for name, value in info.items()}, 1
    if not row.is_up:
        return
    yield "plan_blocked", {}, row.drift is None
    if row.drift is not None:
        yield "drift_operations", {}, row.drift
    yield "failing_requirements", {}, len(row.failing)
    yield "unknown_requirements", {}, len(row.unknown)
    for expiry in row.expiries:
        name, label = _EXPIRIES[expiry.kind]
        value = float("inf") if expiry.expires is None else int(expiry.expires.timestamp())
        yield name, {label: expiry.name}, value


def _labels(labels: dict[str, str]) -> str:
    return "{" + ",".join(f'{name}="{_escaped(value)}"' for name, value in labels.items()) + "}"


def _escaped(value: str) -> str:
    """A label's value."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return printable(escaped)


def _number(value: float) -> str:
    """A value as Prometheus reads it."""
    return "+Inf" if value == float("inf") else f"{value:g}" if value % 1 else str(int(value))
