# Copyright (c) 2026 the authentik-netbird authors
# MIT License (see LICENSE or https://spdx.org/licenses/MIT)

"""The options of all modules, in one place; their documentation is in the doc fragments."""

from __future__ import annotations

from ansible.module_utils.basic import env_fallback

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
    "validate_certs": {"type": "bool", "default": True},
    "ca_path": {"type": "path"},
    "timeout": {"type": "float", "default": 30.0},
    "connect_timeout": {"type": "float", "default": 10.0},
    "retry_for": {"type": "float", "default": 15.0},
}

# As the keyword arguments of `authentik_netbird.NetbirdIntegration`; a test compares the two.
INTEGRATION = {
    "domain": {"type": "str", "required": True},
    "mode": {"type": "str", "choices": ["standalone"], "default": "standalone"},
    "application_name": {"type": "str", "default": "NetBird"},
    "application_slug": {"type": "str", "default": "netbird"},
    "application_group": {"type": "str"},
    "launch_url": {"type": "str"},
    "provider_name": {"type": "str", "default": "NetBird"},
    "client_id": {"type": "str"},
    "authorization_flow": {
        "type": "str",
        "default": "default-provider-authorization-implicit-consent",
    },
    "invalidation_flow": {"type": "str", "default": "default-provider-invalidation-flow"},
    "redirect_uris": {
        "type": "str",
        "choices": ["recommended", "as_in_guide"],
        "default": "recommended",
    },
    "extra_redirect_uris": {
        "type": "list",
        "elements": "dict",
        "default": [],
        "options": {
            "url": {"type": "str", "required": True},
            "matching_mode": {
                "type": "str",
                "choices": ["strict", "regex"],
                "default": "strict",
            },
        },
    },
    "signing_key": {"type": "str", "no_log": False},
    "access_code_validity": {"type": "str", "default": "minutes=10"},
    "service_account": {
        "type": "str",
        "choices": ["administrator", "user_reader", "user_deleter", "none"],
        "default": "administrator",
    },
    "service_account_name": {"type": "str", "default": "NetBird"},
    "access_groups": {"type": "list", "elements": "str", "default": []},
    "create_access_groups": {"type": "bool", "default": False},
    "app_password_expires": {"type": "str", "no_log": False},
    "device_flow": {"type": "str", "default": "default-device-code-flow"},
    "device_flow_name": {"type": "str"},
    "device_flow_title": {"type": "str", "default": "Device code flow"},
    "brand": {"type": "str"},
    "replace_device_code_flow": {"type": "bool", "default": False},
    "adopt": {"type": "bool", "default": False},
    "reverse_proxy": {"type": "bool", "default": False},
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
        # YAML has times of its own, and Ansible writes them out with a space and an offset.
        utc = expires.strip().replace(" ", "T")
        found["app_password_expires"] = utc[:-6] + "Z" if utc.endswith("+00:00") else utc
    return found
