# Copyright (c) 2026 the authentik-netbird authors
# MIT License (see LICENSE or https://spdx.org/licenses/MIT)
# SPDX-License-Identifier: MIT

"""The options of an integration, as keyword arguments of `authentik_netbird.NetbirdIntegration`."""

from __future__ import annotations

REDIRECT_URI = {
    "url": {"type": "str", "required": True},
    "matching_mode": {"type": "str", "choices": ["strict", "regex"], "default": "strict"},
}

INTEGRATION = {
    # Generated from the table of options (tests/it/generated.rs). Do not edit.
    "domain": {"type": "str", "required": True},
    "mode": {"type": "str", "choices": ["standalone", "connector"]},
    "public_url": {"type": "str"},
    "allow_http": {"type": "bool"},
    "application_name": {"type": "str"},
    "application_slug": {"type": "str"},
    "application_group": {"type": "str"},
    "launch_url": {"type": "str"},
    "access_groups": {"type": "list", "elements": "str"},
    "create_access_groups": {"type": "bool"},
    "provider_name": {"type": "str"},
    "client_id": {"type": "str"},
    "authorization_flow": {"type": "str"},
    "invalidation_flow": {"type": "str"},
    "extra_redirect_uris": {"type": "list", "elements": "dict", "options": REDIRECT_URI},
    "signing_key": {"type": "str", "no_log": False},
    "access_code_validity": {"type": "str"},
    "adopt": {"type": "bool"},
    "exact": {"type": "bool"},
    "as_in_guide": {"type": "bool"},
    "redirect_uris": {"type": "str", "choices": ["recommended", "as_in_guide"]},
    "service_account": {
        "type": "str",
        "choices": ["administrator", "user_reader", "user_deleter", "none"],
    },
    "migrate_api_client": {"type": "str", "choices": ["none", "add_client", "remove_scope"]},
    "service_account_name": {"type": "str"},
    "app_password_expires": {"type": "str", "no_log": False},
    "revoke_other_tokens": {"type": "bool"},
    "rotate_shared_account": {"type": "bool"},
    "without_device_flow": {"type": "bool"},
    "device_flow": {"type": "str"},
    "device_flow_name": {"type": "str"},
    "device_flow_title": {"type": "str"},
    "brand": {"type": "str"},
    "replace_device_code_flow": {"type": "bool"},
    "reverse_proxy": {"type": "bool"},
    "identity_provider_name": {"type": "str"},
    "send_secret": {"type": "bool"},
    "claim_groups": {"type": "list", "elements": "str"},
    "claim_groups_prefix": {"type": "str"},
    "claim_entitlements": {"type": "bool"},
    "sync_groups": {"type": "bool"},
    "allowed_groups": {"type": "list", "elements": "str"},
    "user_approval": {"type": "str", "choices": ["keep", "required", "not_required"]},
    # End of what is generated.
}
