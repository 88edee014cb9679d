# Copyright (c) 2026 the authentik-netbird authors
# MIT License (see LICENSE or https://spdx.org/licenses/MIT)
# SPDX-License-Identifier: MIT

"""An error of the package, in the words of a task: its options, and values for `failed_when`."""

from __future__ import annotations

# The package's names for what are options of a task.
OPTIONS = {"token": "authentik_token", "root_certificates": "ca_path", "owner": "email"}


def spelled(text: str) -> str:
    """A text with the options that it names, in backticks, as those of a task."""
    for name, option in OPTIONS.items():
        text = text.replace(f"`{name}`", f"`{option}`")
    return text


def message(error) -> str:
    """The error's whole chain, with what was done before it and the hint."""
    text = spelled(str(error))
    for issue in error.issues:
        if issue.field in OPTIONS:
            renamed = f"{OPTIONS[issue.field]}: {issue.message}. {issue.hint}"
            text = text.replace(str(issue), renamed)
    return text


def rejected(kind: str, message: str, hint: str | None = None, option: str | None = None) -> dict:
    """The same values for what the task itself refuses, before anything is sent."""
    issues = [{"field": option, "message": message, "hint": hint}] if option else []
    return {
        "kind": kind,
        "server": None,
        "action": None,
        "resource": None,
        "status": None,
        "hint": hint,
        "issues": issues,
        "blockers": [],
        "missing_permissions": [],
        "report": [],
        "is_permission_denied": False,
        "is_retryable": False,
    }


def reject(module, option: str, message: str, hint: str):
    """Fails the task because of one of its options."""
    module.fail_json(
        msg=f"{option}: {message}. {hint}",
        error=rejected("invalid_option", message, hint, option),
        changed=False,
    )


def description(error) -> dict:
    """The facts to decide on: action, resource, hint, and every problem."""
    resource = error.resource
    report = error.report
    return {
        "kind": None if error.kind is None else str(error.kind),
        "server": error.server,
        "action": error.action,
        "resource": None if resource is None else resource.to_dict(),
        "status": error.status,
        "hint": error.hint and spelled(error.hint),
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
