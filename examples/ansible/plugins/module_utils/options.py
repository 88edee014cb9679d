# Copyright (c) 2026 the authentik-netbird authors
# MIT License (see LICENSE or https://spdx.org/licenses/MIT)

"""The options of an integration, as keyword arguments of `authentik_netbird.NetbirdIntegration`."""

from __future__ import annotations

REDIRECT_URI = {
    "url": {"type": "str", "required": True},
    "matching_mode": {"type": "str", "choices": ["strict", "regex"], "default": "strict"},
}

INTEGRATION = {
    # Generated from the table of options (tests/it/generated.rs). Do not edit.
    "domain": {"type": "str", "required": True},
    "mode": {"type": "str", "choices": ["standalone"], "default": "standalone"},
    "application_name": {"type": "str", "default": "NetBird"},
    "application_slug": {"type": "str", "default": "netbird"},
    "application_group": {"type": "str"},
    "launch_url": {"type": "str"},
    "access_groups": {"type": "list", "elements": "str", "default": []},
    "create_access_groups": {"type": "bool", "default": False},
    "provider_name": {"type": "str", "default": "NetBird"},
    "client_id": {"type": "str"},
    "authorization_flow": {
        "type": "str",
        "default": "default-provider-authorization-implicit-consent",
    },
    "invalidation_flow": {"type": "str", "default": "default-provider-invalidation-flow"},
    "extra_redirect_uris": {
        "type": "list",
        "elements": "dict",
        "options": REDIRECT_URI,
        "default": [],
    },
    "signing_key": {"type": "str", "no_log": False},
    "access_code_validity": {"type": "str", "default": "minutes=10"},
    "adopt": {"type": "bool", "default": False},
    "redirect_uris": {
        "type": "str",
        "choices": ["recommended", "as_in_guide"],
        "default": "recommended",
    },
    "service_account": {
        "type": "str",
        "choices": ["administrator", "user_reader", "user_deleter", "none"],
        "default": "administrator",
    },
    "service_account_name": {"type": "str", "default": "NetBird"},
    "app_password_expires": {"type": "str", "no_log": False},
    "device_flow": {"type": "str", "default": "default-device-code-flow"},
    "device_flow_name": {"type": "str"},
    "device_flow_title": {"type": "str", "default": "Device code flow"},
    "brand": {"type": "str"},
    "replace_device_code_flow": {"type": "bool", "default": False},
    "reverse_proxy": {"type": "bool", "default": False},
    # End of what is generated.
}
