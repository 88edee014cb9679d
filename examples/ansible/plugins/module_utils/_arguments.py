# Copyright (c) 2026 the authentik-netbird authors
# MIT License (see LICENSE or https://spdx.org/licenses/MIT)
# SPDX-License-Identifier: MIT

"""The options of all modules, in one place; their documentation is in the doc fragments."""

from __future__ import annotations

from ansible.module_utils.basic import env_fallback
from ansible_collections.authentik_netbird.netbird.plugins.module_utils._options import INTEGRATION

CONNECTION = {
    "authentik_url": {
        "type": "str",
        "required": True,
        "fallback": (env_fallback, ["AUTHENTIK_URL"]),
    },
    "authentik_token": {
        "type": "str",
        "required": True,
        "no_log": True,
        "fallback": (env_fallback, ["AUTHENTIK_TOKEN"]),
    },
    "netbird_url": {"type": "str", "fallback": (env_fallback, ["NETBIRD_URL"])},
    "netbird_token": {
        "type": "str",
        "no_log": True,
        "fallback": (env_fallback, ["NETBIRD_TOKEN"]),
    },
    "validate_certs": {"type": "bool", "default": True},
    "ca_path": {"type": "path"},
    "timeout": {"type": "float", "default": 30.0},
    "connect_timeout": {"type": "float", "default": 10.0},
    "retry_timeout": {"type": "float", "default": 15.0},
}

RETURN_SECRETS = {"return_secrets": {"type": "bool", "default": False, "no_log": False}}


def optional(spec: dict, *names: str) -> dict:
    """The same options, but these need not be given."""
    return {
        name: {key: value for key, value in option.items() if key != "required"}
        if name in names
        else option
        for name, option in spec.items()
    }


def fields(params: dict) -> dict:
    """An integration's fields, as `NetbirdIntegration.from_dict` takes them."""
    found = {name: params[name] for name in INTEGRATION if params[name] is not None}
    found["authentik_url"] = params["authentik_url"]
    expires = found.get("app_password_expires")
    if expires is not None:
        # YAML has a type for times, and Ansible writes them out with a space and an offset.
        utc = expires.strip().replace(" ", "T")
        found["app_password_expires"] = utc[:-6] + "Z" if utc.endswith("+00:00") else utc
    return found
