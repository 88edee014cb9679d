# Copyright (c) 2026 the authentik-netbird authors
# MIT License (see LICENSE or https://spdx.org/licenses/MIT)
# SPDX-License-Identifier: MIT

"""The text of NetBird's `setup.env`, made from the existing one."""

from __future__ import annotations

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.authentik_netbird.netbird.plugins.module_utils import _session as session
from ansible_collections.authentik_netbird.netbird.plugins.module_utils._library import (
    authentik_netbird,
)


def setup_env(module: AnsibleModule, client, wanted, outputs) -> tuple:
    """The outputs, with the password if it was read, and what the task returns of the file."""
    given = module.params["setup_env"]
    existing = session.setup_env(module) if given else authentik_netbird.Secret("")
    text = None
    if module.check_mode or not module.params["refresh_password"]:
        text = _kept(outputs, existing)
    if text is None and not module.check_mode:
        outputs = client.outputs(wanted)
        text = outputs.netbird_env().merge_into(existing)
    return outputs, {
        "setup_env": None if text is None else text.expose(),
        "setup_env_changed": text != existing,
        "setup_env_changes": _changes(outputs if text else _completed(outputs), existing),
    }


def would_become(path: str, plan, outputs) -> dict:
    """How the `setup.env` at this path would change if the plan was applied."""
    try:
        with open(path, encoding="utf-8") as file:
            existing, kind = authentik_netbird.Secret(file.read()), "changed"
    except FileNotFoundError:
        existing, kind = authentik_netbird.Secret(""), "created"
    changes = (change for operation in plan.changes for change in operation.changes)
    has_new_password = any(change.after.kind == "secret" for change in changes)
    text = None if has_new_password else _kept(outputs, existing)
    if text == existing:
        kind = "unchanged"
    return {
        "kind": kind,
        "variables": _changes(outputs if text else _completed(outputs), existing),
    }


def _kept(outputs, existing):
    """The text with the existing password; none where there is none, or nothing is set up."""
    try:
        return outputs.netbird_env().merge_into(existing)
    except authentik_netbird.InvalidOutputsError:
        return None


def _changes(outputs, existing) -> list:
    """Variables that change. A file that cannot be read is an error, in check mode, too."""
    return [change.to_dict() for change in outputs.netbird_env().diff(existing)]


def _completed(outputs):
    """The same, with values of no meaning for what is not known yet."""
    account = outputs.account
    if account is not None:
        account = authentik_netbird.AccountOutputs(account.username, app_password="any")
    return authentik_netbird.Outputs(
        outputs.authentik_url,
        outputs.domain,
        outputs.application_slug,
        outputs.client_id or "any",
        api_client_id=outputs.api_client_id,
        account=account,
        device_flow=outputs.device_flow,
        reverse_proxy=outputs.reverse_proxy,
    )
