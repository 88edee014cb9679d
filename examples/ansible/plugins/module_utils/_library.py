# Copyright (c) 2026 the authentik-netbird authors
# MIT License (see LICENSE or https://spdx.org/licenses/MIT)
# SPDX-License-Identifier: MIT

"""The Python package that does the work, or why it is not there."""

from __future__ import annotations

import traceback

from ansible.module_utils.basic import AnsibleModule, missing_required_lib
from ansible.module_utils.compat.version import LooseVersion
from ansible_collections.authentik_netbird.netbird.plugins.module_utils._failure import rejected

try:
    import authentik_netbird

    IMPORT_ERROR = None
except ImportError:
    authentik_netbird = None
    IMPORT_ERROR = traceback.format_exc()

#: As in requirements.txt.
MIN_VERSION = "0.1.0"


def require(module: AnsibleModule) -> None:
    """Fails the task if the package is missing or too old."""
    if authentik_netbird is None:
        message = missing_required_lib(
            "authentik-netbird",
            reason="where the module runs, which is the control node with delegate_to: localhost",
        )
        module.fail_json(
            msg=message,
            error=rejected("missing_package", message, "Run pip install authentik-netbird there."),
            changed=False,
            exception=IMPORT_ERROR,
        )
    found = authentik_netbird.__version__
    if LooseVersion(found) < LooseVersion(MIN_VERSION):
        message = f"the Python package authentik-netbird is too old: expected {MIN_VERSION} or later, got {found}"
        hint = "Run pip install --upgrade authentik-netbird where the module runs."
        module.fail_json(
            msg=f"{message}. {hint}",
            error=rejected("missing_package", message, hint),
            changed=False,
        )
