# Copyright (c) 2026 the authentik-netbird authors
# MIT License (see LICENSE or https://spdx.org/licenses/MIT)

"""An error of the package, in the words of a task: its options, and values for `failed_when`."""

from __future__ import annotations

# The package's names for what are options of a task.
OPTIONS = {"token": "authentik_token", "root_certificates": "ca_path"}
# A hint for programs, and what it is for a task.
FOR_PROGRAMS = "give that authority's certificate to the client"
FOR_TASKS = "give the file of its certificates as ca_path"


def message(error) -> str:
    """The error's whole chain, with what was done before it and the hint."""
    text = str(error).replace(FOR_PROGRAMS, FOR_TASKS)
    for issue in error.issues:
        if issue.field in OPTIONS:
            renamed = f"{OPTIONS[issue.field]}: {issue.message}. {issue.hint}"
            text = text.replace(str(issue), renamed)
    return text


def description(error) -> dict:
    """What to decide on: action, resource, hint, and every problem."""
    resource = error.resource
    report = error.report
    return {
        "kind": None if error.kind is None else str(error.kind),
        "server": error.server,
        "action": error.action,
        "resource": None if resource is None else resource.to_dict(),
        "status": error.status,
        "hint": error.hint and error.hint.replace(FOR_PROGRAMS, FOR_TASKS),
        "issues": [
            {**issue.to_dict(), "field": OPTIONS.get(issue.field, issue.field)}
            for issue in error.issues
        ],
        "blockers": [blocker.to_dict() for blocker in error.blockers],
        "missing_permissions": list(error.missing_permissions),
        "report": [] if report is None else [entry.to_dict() for entry in report.entries],
        "is_permission_denied": error.is_permission_denied,
        "is_retryable": error.is_retryable,
    }
