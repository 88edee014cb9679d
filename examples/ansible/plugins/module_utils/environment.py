# Copyright (c) 2026 the authentik-netbird authors
# MIT License (see LICENSE or https://spdx.org/licenses/MIT)

"""The text of NetBird's `setup.env`, made from the one that is there."""

from __future__ import annotations

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.authentik_netbird.netbird.plugins.module_utils import session
from ansible_collections.authentik_netbird.netbird.plugins.module_utils.library import (
    authentik_netbird,
)


def setup_env(module: AnsibleModule, client, wanted, outputs) -> tuple:
    """The outputs, with the password if it was read, and what the task returns of the file."""
    given = module.params["setup_env"]
    existing = session.setup_env(module) if given else authentik_netbird.Secret("")
    text = None
    if module.params["read_password"] == "if_missing" or module.check_mode:
        text = _kept(outputs, existing)
    if text is None and module.check_mode:
        # What else is wrong with the file is an error in check mode, too.
        return outputs, _result(_completed(outputs), existing, text=None)
    if text is None:
        outputs = client.outputs(wanted)
        text = _merged(outputs, existing)
    return outputs, _result(outputs, existing, text)


def _result(outputs, existing, text) -> dict:
    changes = outputs.netbird_env().diff(existing)
    return {
        "setup_env": None if text is None else text.expose(),
        "setup_env_changed": text != existing,
        "setup_env_changes": [change.to_dict() for change in changes],
    }


def _kept(outputs, existing):
    """The text with the password that is there; none where there is none, or nothing is set up."""
    try:
        return _merged(outputs, existing)
    except authentik_netbird.InvalidOutputsError:
        return None


def _merged(outputs, existing):
    return outputs.netbird_env().merge_into(existing)


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
        account=account,
        reverse_proxy=outputs.reverse_proxy,
    )
