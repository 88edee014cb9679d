# Copyright (c) 2026 the authentik-netbird authors
# MIT License (see LICENSE or https://spdx.org/licenses/MIT)
# SPDX-License-Identifier: MIT

"""Carrying a plan out, or saying in check mode what it would do."""

from __future__ import annotations

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.authentik_netbird.netbird.plugins.module_utils import (
    _environment as environment,
)
from ansible_collections.authentik_netbird.netbird.plugins.module_utils import (
    _results as results,
)
from ansible_collections.authentik_netbird.netbird.plugins.module_utils import _session as session
from ansible_collections.authentik_netbird.netbird.plugins.module_utils._failure import reject

SETUP_ENV_PATH = {"setup_env_path": {"type": "path"}}


def apply(module: AnsibleModule, client, plan) -> dict:
    """The result of a task with a plan that is applied now, unless in check mode."""
    path = module.params["setup_env_path"]
    if path is not None and plan.purpose == "tear_down":
        reject(module, "setup_env_path", "a teardown has no outputs to write", "Leave it out.")
    if path is not None and session.is_connector(module):
        hint = "Leave it out: NetBird gets what it needs over its API, or by hand."
        reject(module, "setup_env_path", "the mode connector has no setup.env", hint)
    results.warn(module, plan)
    # Who changed it last is for people, and one request more.
    shown = client.with_authors(plan) if module._diff else plan
    report = file = None
    outputs = None if plan.purpose == "tear_down" else results.outputs_of(plan)
    changed = plan.has_changes
    if module.check_mode:
        if path is not None:
            file = environment.would_become(path, plan, outputs)
    else:
        if path is None:
            outcome = client.apply(plan)
        else:
            provisioned = client.provision_plan(plan, path)
            outcome, file = provisioned.outcome, provisioned.file.to_dict()
        report, outputs = outcome.report, outcome.outputs
        changed = report.changed > 0
        if module.params["return_secrets"] and _is_unread(outputs):
            outputs = client.outputs(plan.integration)
    result = {
        "changed": changed or (file is not None and file["kind"] != "unchanged"),
        "diff": results.diff(shown),
        "plan": str(shown),
        "operations": results.operations(shown, report),
    }
    if plan.server_version is not None:
        result["server_version"] = plan.server_version
    if outputs is not None:
        result["outputs"] = results.outputs(outputs, module.params["return_secrets"])
        if results.has(plan, "netbird_unread"):
            result["dashboard"] = results.dashboard(outputs, module.params["return_secrets"])
    if file is not None:
        result["setup_env_file"] = file
    if session.is_connector(module):
        result["restart_netbird"] = result["changed"] and results.has(plan, "restart_netbird")
    return result


def _is_unread(outputs) -> bool:
    if outputs is None:
        return False
    if outputs.connector is not None:
        return outputs.connector.client_secret is None
    return outputs.account is not None and outputs.account.app_password is None
