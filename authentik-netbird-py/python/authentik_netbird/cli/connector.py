"""The values that NetBird needs in the mode `connector`, where it has no `setup.env`."""

from .._native import Outputs, Plan
from ..enums import WarningKind
from . import screen, targets
from .site import Site

#: Forms of `env` in this mode.
FORMS = ("dashboard", "migration-seed")
_WHERE = "In NetBird's dashboard, under Settings > Identity Providers, enter:"


def is_left_to_people(plan: Plan) -> bool:
    """Whether NetBird's side of a plan has to be entered by hand."""
    return has(plan, WarningKind.NETBIRD_UNREAD)


def has(plan: Plan, kind: WarningKind) -> bool:
    """Whether a plan warns of this."""
    return any(one.kind is kind for one in plan.warnings)


def form(outputs: Outputs, show_secrets: bool) -> dict[str, str | None]:
    """The fields of NetBird's dashboard, with stars for the client secret."""
    fields = outputs.dashboard_form() or {}
    return {label: _plain(value, show_secrets) for label, value in fields.items()}


def _plain(value: object, show_secrets: bool) -> str | None:
    if value is None:
        return "***"
    if hasattr(value, "expose"):
        return str(value.expose()) if show_secrets else "***"
    return str(value)


def text(outputs: Outputs, kind: str, show_secrets: bool) -> str:
    """The text that `env` shows or writes."""
    if kind == "migration-seed":
        seed = outputs.migration_seed()
        return seed.expose() if show_secrets and seed is not None else "***"
    lines = [f"  {label:13}  {value}" for label, value in form(outputs, show_secrets).items()]
    return "\n".join([_WHERE, *lines])


def write(path: str, content: str) -> None:
    """Writes it where nobody else can read it, also if a file there could be read by others."""
    targets.write(path, content.rstrip("\n") + "\n")


def say(site: Site, plan: Plan, outputs: Outputs | None) -> None:
    """Shows what is left to do after an apply."""
    if has(plan, WarningKind.RESTART_NETBIRD):
        screen.line("Restart NetBird now: until then it may keep using the old values.")
    if outputs is not None and is_left_to_people(plan):
        screen.line(text(outputs, "dashboard", False))
        screen.note(
            f"the client secret is not shown: {site.env('FILE')} writes it, --show-secrets shows it"
        )
