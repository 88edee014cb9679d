#!/usr/bin/python
# Copyright (c) 2026 the authentik-netbird authors
# MIT License (see LICENSE or https://spdx.org/licenses/MIT)

from __future__ import annotations

DOCUMENTATION = r"""
module: netbird_app_password
short_description: Give NetBird's app password a new value
version_added: 0.1.0
author:
  - The authentik-netbird authors (!UNKNOWN)
description:
  - Gives the app password that NetBird uses to read users a new value. The old one stops working at once,
    and every login to NetBird fails until its C(setup.env) has the new one, C(configure.sh) was run and
    NetBird was restarted. The tasks C(rotate) of the role P(authentik_netbird.netbird.netbird_authentik#role)
    do all of it.
  - The task is changed whenever it runs. In check mode it checks whether there is a password to rotate.
options:
  expiry:
    description:
      - The password's expiry. V(keep) does not change it, V(never) removes it. authentik cannot change the
        expiry of an existing password otherwise.
    type: str
    choices: [keep, never]
    default: keep
extends_documentation_fragment:
  - authentik_netbird.netbird.authentik
  - authentik_netbird.netbird.integration
  - authentik_netbird.netbird.integration.domain
  - authentik_netbird.netbird.secrets
  - authentik_netbird.netbird.attributes
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: none
    details: Each run makes a new password.
seealso:
  - module: authentik_netbird.netbird.netbird_integration
  - module: authentik_netbird.netbird.netbird_integration_info
"""

EXAMPLES = r"""
- name: Give NetBird's app password a new value
  authentik_netbird.netbird.netbird_app_password:
    authentik_url: https://authentik.company
    authentik_token: "{{ vault_authentik_token }}"
    domain: netbird.company
    return_secrets: true
  delegate_to: localhost
  no_log: true
  register: rotated
"""

RETURN = r"""
outputs:
  description: What NetBird needs.
  returned: success
  type: dict
  contains:
    authentik_url:
      description: authentik's base URL.
      type: str
      returned: success
      sample: https://authentik.company/
    domain:
      description: NetBird's host name.
      type: str
      returned: success
      sample: netbird.company
    application_slug:
      description: Slug of the application.
      type: str
      returned: success
      sample: netbird
    issuer:
      description: Issuer of the tokens, to the letter.
      type: str
      returned: success
      sample: https://authentik.company/application/o/netbird/
    openid_configuration_endpoint:
      description: URL of the discovery document.
      type: str
      returned: success
      sample: https://authentik.company/application/o/netbird/.well-known/openid-configuration
    client_id:
      description: Client id of the provider; the same as before.
      type: str
      returned: success
      sample: 8vGh2Jc9QKxoWq
    service_account:
      description: User name of the service account; none with O(service_account=none).
      type: str
      returned: success
      sample: NetBird
    app_password_identifier:
      description: What authentik calls the app password.
      type: str
      returned: success
      sample: service-account-netbird-password
    app_password:
      description: The app password itself.
      type: str
      returned: when O(return_secrets=true); none in check mode
      sample: VALUE_OF_60_LETTERS_AND_DIGITS
error:
  description: What went wrong, for C(failed_when) and C(rescue).
  returned: failure
  type: dict
  contains:
    kind:
      description: Kind of the error.
      type: str
      returned: failure
      sample: permission_denied
    server:
      description: The server that it is about.
      type: str
      returned: failure
      sample: https://authentik.company
    action:
      description: What was being done.
      type: str
      returned: failure
      sample: read
    resource:
      description: To what, with C(kind) and C(name).
      type: dict
      returned: failure
      sample: {kind: server, name: version}
    status:
      description: HTTP status of the response, if there was one.
      type: int
      returned: failure
      sample: 403
    hint:
      description: What to do, where that is known.
      type: str
      returned: failure
      sample: the token is wrong, expired, or not an API token
    issues:
      description: Every problem with the options, each with C(field), C(message) and C(hint).
      type: list
      elements: dict
      returned: failure
      sample: [{field: domain, message: missing, hint: Set it.}]
    blockers:
      description: Every reason why there is no plan.
      type: list
      elements: dict
      returned: failure
      sample: []
    missing_permissions:
      description: Permissions that the token's user is missing.
      type: list
      elements: str
      returned: failure
      sample: [authentik_core.add_user]
    report:
      description: What was applied, what failed and what was skipped, if only a part was applied.
      type: list
      elements: dict
      returned: failure
      sample: []
    is_permission_denied:
      description: Whether the token is wrong, or may not do this.
      type: bool
      returned: failure
      sample: true
    is_retryable:
      description: Whether the same task may succeed later without anyone changing anything.
      type: bool
      returned: failure
      sample: false
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.authentik_netbird.netbird.plugins.module_utils import results, session
from ansible_collections.authentik_netbird.netbird.plugins.module_utils.arguments import (
    CONNECTION,
    INTEGRATION,
    RETURN_SECRETS,
)


def run(module: AnsibleModule) -> dict:
    """Rotates, or in check mode looks whether it could."""
    wanted = session.integration(module)
    expiry = module.params["expiry"]
    with session.client(module) as client:
        if module.check_mode:
            plan = client.plan(wanted)
            results.warn(module, plan)
            session.require_password(module, plan)
            outputs = results.outputs_of(plan)
        else:
            outputs = client.rotate(wanted, expiry=expiry)
    name = outputs.account.app_password_identifier
    before, after = {"key": results.SECRET}, {"key": results.NEW_SECRET}
    if expiry == "never":
        after["expiring"] = False
    return {
        "changed": True,
        "diff": [
            {
                "before_header": f"app password {name}",
                "after_header": f"app password {name} (update: rotated)",
                "before": before,
                "after": after,
            }
        ],
        "outputs": results.outputs(outputs, module.params["return_secrets"]),
    }


def main() -> None:
    """Runs the task."""
    module = AnsibleModule(
        argument_spec={
            "expiry": {"type": "str", "choices": ["keep", "never"], "default": "keep"},
            **CONNECTION,
            **INTEGRATION,
            **RETURN_SECRETS,
        },
        supports_check_mode=True,
    )
    session.carry_out(module, run)


if __name__ == "__main__":
    main()
