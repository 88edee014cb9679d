"""The JSON of the command. Its schemas are in the folder schemas."""

import json
import sys
from collections.abc import Sequence
from typing import Any

from .._native import ApplyReport, Operation, Plan, PlanWarning
from ..enums import FieldValueKind, Verb
from ..errors import AuthentikNetbirdError
from . import files
from .options import option
from .problems import CommandError, SettingsError

FORMAT_VERSION = 1
Document = dict[str, Any]


def envelope(
    command: str | None,
    status: str,
    *,
    result: Document | None = None,
    error: Document | None = None,
    warnings: list[Document],
) -> Document:
    """The document that every command writes, whatever happened."""
    return {
        "format_version": FORMAT_VERSION,
        "command": command,
        "status": status,
        "result": result,
        "error": error,
        "warnings": warnings,
    }


def plan(made: Plan) -> Document:
    """A plan for programs: names beside ids. The member `plan` is what `apply --plan` reads."""
    return {
        "purpose": str(made.purpose),
        "authentik_url": made.integration.authentik_url,
        "domain": made.integration.domain,
        "mode": str(made.integration.mode),
        "server_version": made.server_version,
        "has_changes": made.has_changes,
        "summary": summary(made),
        "operations": [_operation(one, made.names) for one in made.operations],
        "missing_permissions": [*made.missing_permissions],
        "plan": made.to_dict(),
    }


def summary(made: Plan) -> dict[str, int]:
    """How many operations do what."""
    words = {
        "create": Verb.CREATE,
        "update": Verb.UPDATE,
        "delete": Verb.DELETE,
        "unchanged": Verb.NO_CHANGE,
    }
    verbs = [one.verb for one in made.operations]
    return {word: verbs.count(verb) for word, verb in words.items()}


def plan_from(path: str) -> Plan:
    """A plan from a file: of `plan --output`, or of `plan --json`."""
    text = files.read(path)
    try:
        found = json.loads(text)
        inner = found["result"]["plan"] if found.get("command") in ("plan", "preview") else None
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        inner = None
    return Plan.from_json(text if inner is None else json.dumps(inner))


def _operation(one: Operation, names: dict[str, str]) -> Document:
    by = one.changed_by
    return {
        "id": one.id,
        "server": str(one.server),
        "verb": str(one.verb),
        "resource": {"kind": one.resource.kind, "name": one.resource.name},
        "reason": one.reason,
        "depends_on": [*one.depends_on],
        "changes": [
            {
                "path": change.path,
                "before": _value(change.before, change.path, names),
                "after": _value(change.after, change.path, names),
            }
            for change in one.changes
        ],
        "changed_by": None if by is None else {**by.to_dict()},
    }


def _value(value: Any, path: str, names: dict[str, str]) -> Document:
    if value.kind is FieldValueKind.VALUE:
        return {"kind": "value", "value": _named(value.value, path, names)}
    return {"kind": str(value.kind), "value": None}


def _named(value: Any, path: str, names: dict[str, str]) -> Any:
    """A value with its name, if it is an id."""
    if isinstance(value, list):
        return [_named(one, path, names) for one in value]
    is_number = isinstance(value, int) and not isinstance(value, bool)
    key = f"{path} {value}" if is_number else value
    if isinstance(key, str) and key in names:
        return {"id": value, "name": names[key]}
    return value


def report(found: ApplyReport) -> Document:
    """The result of each operation."""
    return {
        "changed": found.changed,
        "operations": [
            {
                "id": entry.operation,
                "verb": str(entry.verb),
                "resource": {"kind": entry.resource.kind, "name": entry.resource.name},
                "state": str(entry.state),
                "message": entry.message,
            }
            for entry in found.entries
        ],
    }


def warnings(made: Plan, accepted: Sequence[str]) -> list[Document]:
    """The warnings of a plan."""
    return [_warning(one, str(one.kind) in accepted) for one in made.warnings]


def _warning(one: PlanWarning, accepted: bool) -> Document:
    return {
        "kind": str(one.kind),
        "message": one.message,
        "hint": one.hint,
        "accepted": accepted,
    }


def error(found: BaseException, text: str) -> Document:
    """An error. Each one has all members."""
    # The library's error may be the cause of one of the command.
    causes = (found, found.__cause__, AuthentikNetbirdError())
    known = next(one for one in causes if isinstance(one, AuthentikNetbirdError))
    kind = getattr(found, "kind", None)
    problems = found.problems if isinstance(found, SettingsError) else ()
    resource = known.resource
    applied = getattr(found, "report", None)
    return {
        "kind": "interrupted"
        if kind is None and not isinstance(found, Exception)
        else str(kind or "internal"),
        "message": text,
        "hint": known.hint,
        "problems": [*problems] or [f"{option(one.field)}: {one}" for one in known.issues],
        "server": known.server,
        "action": known.action,
        "resource": None if resource is None else {"kind": resource.kind, "name": resource.name},
        "http_status": known.status,
        "blockers": [
            {
                "kind": str(one.kind),
                "resource": {"kind": one.resource.kind, "name": one.resource.name},
                "message": one.message,
                "hint": one.hint,
            }
            for one in known.blockers
        ],
        "missing_permissions": [*known.missing_permissions],
        "differences": [*known.differences],
        "report": None if applied is None else report(applied),
        "is_retryable": known.is_retryable,
    }


def write(document: Document) -> None:
    """Writes it to standard output, in ASCII so that it survives every encoding."""
    print(json.dumps(document, indent=2), file=sys.stdout)


def is_command_error(found: BaseException) -> bool:
    """Whether a person can act on the text alone."""
    return isinstance(found, (AuthentikNetbirdError, CommandError))
