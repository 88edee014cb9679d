# Copyright (c) 2026 the authentik-netbird authors
# MIT License (see LICENSE or https://spdx.org/licenses/MIT)
# SPDX-License-Identifier: MIT

"""Plans, outcomes and outputs as a task returns them: plain values, secrets only when asked for."""

from __future__ import annotations

import unicodedata

from ansible_collections.authentik_netbird.netbird.plugins.module_utils._library import (
    authentik_netbird,
)

SECRET, NEW_SECRET = "(secret)", "(new secret)"


def operations(plan, report=None) -> list:
    """Each operation of a plan, and its result; without a report, that it is planned."""
    states = {} if report is None else {entry.operation: entry.state for entry in report.entries}
    return [
        {
            "id": operation.id,
            "verb": str(operation.verb),
            "resource": operation.resource.to_dict(),
            "reason": operation.reason,
            "guide": str(operation.guide),
            "state": str(
                states.get(operation.id, "planned" if operation.is_change else "unchanged")
            ),
            "changes": [
                {
                    "path": change.path,
                    "before": shown(change.before, SECRET),
                    "after": shown(change.after, NEW_SECRET),
                }
                for change in operation.changes
            ],
            "changed_by": _dict(operation.changed_by),
        }
        for operation in plan.operations
    ]


def diff(plan) -> list:
    """Before and after of each operation that changes something, for `--diff`."""
    # People know an operation by what it is about, not by its id.
    names = plan.names | {one.id: str(one.resource) for one in plan.operations}
    return [_diff(operation, names) for operation in plan.changes]


def _diff(operation, names: dict) -> dict:
    title = str(operation.resource)
    before = {
        change.path: _named(change.path, shown(change.before, SECRET), names)
        for change in operation.changes
        if change.before.kind != "absent"
    }
    after = {
        change.path: _named(change.path, shown(change.after, NEW_SECRET), names)
        for change in operation.changes
        if change.after.kind != "absent"
    }
    return {
        "before_header": title,
        "after_header": _printable(f"{title} ({operation.verb}: {operation.reason})"),
        # Nothing at all is better shown than an empty object.
        "before": before or "",
        "after": after or "",
    }


def _named(path: str, value, names: dict):
    """A value with names in place of primary keys, for people."""
    if isinstance(value, list):
        return [_named(path, one, names) for one in value]
    if isinstance(value, dict) and set(value) == {"pending"}:
        return f"(from the new {_printable(names[value['pending']])})"
    if isinstance(value, dict):
        return {key: _named(path, one, names) for key, one in value.items()}
    if isinstance(value, (str, int)):
        value = names.get(str(value), names.get(f"{path} {value}", value))
    return _printable(value) if isinstance(value, str) else value


def _printable(text: str) -> str:
    """A text that came from a server, without what could draw on a terminal or hide."""
    hidden = ("Cc", "Cf", "Zl", "Zp")
    return "".join("\ufffd" if unicodedata.category(one) in hidden else one for one in text)


def shown(value, secret):
    """A field's value: a placeholder for a secret, `None` where the field is missing."""
    return secret if value.kind == "secret" else value.value


def _dict(value):
    return None if value is None else value.to_dict()


def outputs_of(plan):
    """The outputs for NetBird, as far as a plan knows them: without the password."""
    return authentik_netbird.Outputs.of(
        plan.integration,
        plan.existing.client_id or plan.integration.client_id or "",
        api_client_id=plan.existing.api_client_id,
        app_password_identifier=plan.existing.app_password,
    )


def outputs(found, return_secrets: bool) -> dict:
    """The outputs for NetBird, in a result."""
    result = found.to_dict()
    result["client_id"] = found.client_id or None
    if return_secrets:
        password = None if found.account is None else found.account.app_password
        result["app_password"] = _exposed(password)
        if found.connector is not None:
            result["client_secret"] = _exposed(found.connector.client_secret)
            result["migration_seed"] = _exposed(found.migration_seed())
    return result


def dashboard(found, return_secrets: bool) -> dict:
    """The values to enter in NetBird by hand: label and value of each field."""
    return {
        label: (_exposed(value) if return_secrets else SECRET)
        if label == "Client Secret"
        else value or None
        for label, value in found.dashboard_form().items()
    }


def _exposed(secret):
    return None if secret is None else secret.expose()


def has(plan, kind: str) -> bool:
    """Whether a plan has a warning of this kind."""
    return any(warning.kind == kind for warning in plan.warnings)


def warn(module, plan) -> None:
    """A plan's warnings become Ansible's; and what would keep it from being carried out."""
    for warning in plan.warnings:
        module.warn(str(warning))
    if plan.missing_permissions:
        module.warn(
            f"this cannot be applied: the token is missing the permissions {', '.join(plan.missing_permissions)}"
        )
