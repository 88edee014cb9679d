"""What NetBird needs in the mode `connector`, where it has no `setup.env`."""

from .._native import Outputs
from . import screen, targets
from .problems import FileNotWrittenError, SettingsError

#: Forms of `env` in this mode.
FORMS = ("dashboard", "migration-seed")
_WHERE = "In NetBird's dashboard, under Settings > Identity Providers, enter:"


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
    """What `env` shows or writes."""
    if kind == "migration-seed":
        seed = outputs.migration_seed()
        if seed is None:
            raise SettingsError("the client secret is not known, so there is no migration seed")
        return seed.expose() if show_secrets else "***"
    lines = [f"  {label:13}  {value}" for label, value in form(outputs, show_secrets).items()]
    return "\n".join([_WHERE, *lines])


def write(path: str, content: str) -> None:
    """Writes it where nobody else can read it."""
    try:
        with targets.opened(path) as file:
            file.write(content.rstrip("\n") + "\n")
    except OSError as error:
        raise FileNotWrittenError(f"cannot write {path}: {error.strerror}") from None


def say(outputs: Outputs, domain: str, is_complete: bool) -> None:
    """What is left to do after an apply."""
    if is_complete:
        return
    screen.line(f"{text(outputs, 'dashboard', False)}\n")
    screen.note(f"to see the client secret: authentik-netbird env {domain} --show-secrets")
