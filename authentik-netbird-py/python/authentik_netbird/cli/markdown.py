"""Plans and reports as Markdown, for pull requests and tickets."""

from collections.abc import Sequence

from .._native import ApplyReport, FileChange, Plan, Verification
from ..enums import CheckStatus, Purpose, Verb
from . import documents, row
from .colour import printable
from .options import spelled
from .row import Row

_TITLES = {
    Purpose.SET_UP: "Plan for NetBird",
    Purpose.ROTATE: "Rotation of the app password of NetBird",
    Purpose.TEAR_DOWN: "Removal of NetBird",
}
_CHECKS = {
    CheckStatus.PASS: "passed",
    CheckStatus.WARN: "**warning**",
    CheckStatus.FAIL: "**failed**",
    CheckStatus.SKIPPED: "skipped",
    CheckStatus.UNKNOWN: "unknown",
}


def plan(made: Plan, accepted: Sequence[str] = ()) -> str:
    """A plan: counts, warnings, and a block in the colours of a diff for the details."""
    integration = made.integration
    title = _TITLES[made.purpose]
    if integration.mode == "connector":
        title = title.replace("app password", "client secret")
    parts = [f"### {title} {_code(integration.domain)}"]
    counts = documents.summary(made)
    if made.has_changes:
        parts.append(", ".join(f"**{count}** {_WORDS[name]}" for name, count in counts.items()))
    else:
        parts.append("No changes.")
    warnings = [one for one in made.warnings if str(one.kind) not in accepted]
    parts += ["\n".join(f"> ⚠ {_text(str(one))}" for one in warnings)] if warnings else []
    if made.changes:
        rows = [
            (one.verb.value, _text(one.resource.kind.replace("_", " ")), _code(one.resource.name))
            for one in made.changes
        ]
        parts.append(_table(("change", "kind", "name"), rows))
        parts.append(f"<details><summary>Details</summary>\n\n{_diff(made)}\n\n</details>")
    parts.append(f"authentik: {_code(integration.authentik_url)}")
    return "\n\n".join(parts)


_WORDS = {
    "create": "to create",
    "update": "to change",
    "delete": "to delete",
    "unchanged": "unchanged",
}


def _diff(made: Plan) -> str:
    """The plan's text. A diff colours lines that begin with + and -, so `~` is `!` in it."""
    marks = {Verb.CREATE: "+", Verb.UPDATE: "!", Verb.DELETE: "-"}
    lines = []
    for block in spelled(str(made)).split("\n\n"):
        if block[:2] in ("+ ", "~ ", "- "):
            lines.append(printable(block.replace("~ ", f"{marks[Verb.UPDATE]} ", 1)))
    text = "\n\n".join(lines)
    fence = "`" * max(
        3, 1 + max((len(run) for run in text.split() if set(run) == {"`"}), default=0)
    )
    return f"{fence}diff\n{text}\n{fence}"


def report(found: ApplyReport, file: FileChange | None, path: str | None) -> str:
    """The result of a plan."""
    parts = [f"**{found.changed}** applied"]
    rows = [
        (
            _text(entry.state.value.replace("_", " ")),
            entry.verb.value,
            _text(entry.resource.kind.replace("_", " ")),
            _code(entry.resource.name),
        )
        for entry in found.entries
        if entry.verb is not Verb.NO_CHANGE
    ]
    parts += [_table(("state", "change", "kind", "name"), rows)] if rows else []
    if file is not None and path is not None:
        parts.append(f"{_code(path)}: {'written' if file.is_change else 'up to date'}")
    return "\n\n".join(parts)


def verification(found: Verification) -> str:
    """A report of checks."""
    counts = {
        word: len(found.with_status(status))
        for status, word in (
            (CheckStatus.FAIL, "failed"),
            (CheckStatus.WARN, "with a warning"),
            (CheckStatus.UNKNOWN, "unknown"),
            (CheckStatus.SKIPPED, "skipped"),
            (CheckStatus.PASS, "passed"),
        )
    }
    counted = ", ".join(f"**{count}** {word}" for word, count in counts.items() if count)
    rows = [
        (
            _CHECKS[check.status],
            _code(str(check.name)),
            _text(f"{check.message}. {check.hint}" if check.hint else check.message),
        )
        for check in found.checks
    ]
    title = f"### Verification of NetBird {_code(found.domain)}"
    return "\n\n".join([title, counted, _table(("result", "check", "message"), rows)])


def status(found: Sequence[Row]) -> str:
    """A table of sites."""
    table = [tuple(_text(cell) for cell in row.cells(one)) for one in found]
    return _table(row.HEADS, table)


def error(text: str) -> str:
    """An error."""
    return f"**Error:** {_text(text)}"


def _table(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [heads, tuple("---" for _ in heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _code(text: str) -> str:
    text = printable(text).replace("|", "\\|").replace("`", "'").replace("\n", " ")
    return f"`{text}`"


def _text(text: str) -> str:
    """A text of a server or of ours, in which nothing is markup."""
    shown = printable(spelled(text)).replace("\n", " ")
    return "".join(f"\\{c}" if c in "\\`*_[]<>|#&~" else c for c in shown)
