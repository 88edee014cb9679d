#!/usr/bin/python
# Copyright (c) 2026 the authentik-netbird authors
# MIT License (see LICENSE or https://spdx.org/licenses/MIT)
# SPDX-License-Identifier: MIT

from __future__ import annotations

DOCUMENTATION = r"""
module: netbird_integration_info
short_description: Read what is set up on authentik for NetBird, and what NetBird needs
version_added: 0.1.0
author:
  - The authentik-netbird authors (!UNKNOWN)
description:
  - Says what M(authentik_netbird.netbird.netbird_integration) would do, and gives NetBird's settings.
  - With O(return_secrets=true) it makes the text of NetBird's C(setup.env), into the one that NetBird has,
    and reads the app password where the file has none.
  - The mode V(connector) has no C(setup.env). RV(dashboard) is what NetBird's dashboard needs there.
options:
  setup_env:
    description:
      - Content of the C(setup.env) that NetBird has, in base64, as M(ansible.builtin.slurp) returns it.
        Its other lines are kept, and so is the password in it.
    type: str
  refresh_password:
    description:
      - Whether the app password is read from authentik even if O(setup_env) has one, with
        O(return_secrets=true). Otherwise it is read where O(setup_env) has none. Each reading is an event in
        authentik's log.
      - It is never read in check mode.
    type: bool
    default: false
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
    support: N/A
    details: It changes nothing.
  idempotent:
    support: full
seealso:
  - module: authentik_netbird.netbird.netbird_integration
  - module: authentik_netbird.netbird.netbird_verify
"""

EXAMPLES = r"""
- name: See whether anything has drifted
  authentik_netbird.netbird.netbird_integration_info:
    authentik_url: https://authentik.company
    authentik_token: "{{ vault_authentik_token }}"
    domain: netbird.company
  delegate_to: localhost
  register: netbird

- name: Say so
  ansible.builtin.debug:
    msg: "{{ netbird.plan.splitlines() }}"
  when: not netbird.converged

- name: Make the text of a setup.env
  authentik_netbird.netbird.netbird_integration_info:
    authentik_url: https://authentik.company
    authentik_token: "{{ vault_authentik_token }}"
    domain: netbird.company
    return_secrets: true
  delegate_to: localhost
  no_log: true
  register: netbird
"""

RETURN = r"""
mode:
  description: The mode, as it was set or found out.
  returned: success
  type: str
  sample: connector
converged:
  description: Whether there is nothing to do.
  returned: success
  type: bool
  sample: true
plan:
  description: The plan as a text for people, which says what, why, and field by field.
  returned: success
  type: str
  sample: "NetBird netbird.company on authentik https://authentik.company ..."
operations:
  description: Each operation of the plan, in order, those with nothing to do included.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: Name of the operation within the plan.
      type: str
      returned: success
      sample: provider
    verb:
      description: The action, C(create), C(update), C(delete) or C(no_change).
      type: str
      returned: success
      sample: update
    resource:
      description: The resource, with C(kind) and C(name).
      type: dict
      returned: success
      sample: {kind: provider, name: NetBird}
    reason:
      description: Why it is made, or why something is kept.
      type: str
      returned: success
      sample: it has drifted
    guide:
      description: The step of authentik's guide that it belongs to.
      type: str
      returned: success
      sample: provider
    state:
      description:
        - C(planned) where something would be done, C(unchanged) where nothing is to do.
      type: str
      returned: success
      sample: planned
    changes:
      description: Fields that differ, each with C(path), C(before) and C(after). Secrets are not shown.
      type: list
      elements: dict
      returned: success
      sample: [{path: sub_mode, before: hashed_user_id, after: user_id}]
    changed_by:
      description: Who changed it last, C(user), and when, C(at), as far as authentik's log says so.
      type: dict
      returned: success
      sample: {user: akadmin, at: "2026-11-20T09:12:44Z"}
server_version:
  description: The release of authentik.
  returned: success
  type: str
  sample: 2026.5.0
outputs:
  description: The values that NetBird needs.
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
      description: Issuer of the tokens, exactly.
      type: str
      returned: success
      sample: https://authentik.company/application/o/netbird/
    openid_configuration_endpoint:
      description: URL of the discovery document.
      type: str
      returned: success
      sample: https://authentik.company/application/o/netbird/.well-known/openid-configuration
    client_id:
      description: Client id of the provider; none while there is no provider.
      type: str
      returned: success
      sample: 8vGh2Jc9QKxoWq
    api_client_id:
      description: Client id that NetBird's management reads users with; none where that is the same.
      type: str
      returned: success
      sample: Qv0sYc8a1ZpT
    service_account:
      description: User name of the service account; none with O(service_account=none).
      type: str
      returned: success
      sample: NetBird
    app_password_identifier:
      description: Identifier of the app password in authentik.
      type: str
      returned: success
      sample: service-account-netbird-password
    identity_provider:
      description: Name of the identity provider in NetBird; none in the mode V(standalone).
      type: str
      returned: success
      sample: authentik
    device_flow:
      description: Whether NetBird's device flow is on.
      type: bool
      returned: success
      sample: true
    reverse_proxy:
      description: Whether NetBird is behind a reverse proxy on port 443.
      type: bool
      returned: success
      sample: false
    app_password:
      description: The app password itself.
      type: str
      returned: when O(return_secrets=true); none where it was not read
      sample: VALUE_OF_60_LETTERS_AND_DIGITS
    client_secret:
      description: The client secret. In the mode V(connector) only.
      type: str
      returned: when O(return_secrets=true); none in check mode
      sample: VALUE_OF_128_LETTERS_AND_DIGITS
    migration_seed:
      description:
        - The seed of NetBird's C(netbird-idp-migrate), which moves a standalone NetBird to the embedded identity
          provider. It has the client secret. In the mode V(connector) only.
      type: str
      returned: when O(return_secrets=true); none in check mode
      sample: BASE64
dashboard:
  description:
    - The values to enter in NetBird by hand under Settings > Identity Providers, label and value of each field.
      The client secret is in it with O(return_secrets=true) only.
  returned: in the mode V(connector)
  type: dict
  sample: {Type: Authentik, Name: authentik, Client ID: 8vGh2Jc9QKxoWq, Client Secret: (secret)}
setup_env:
  description:
    - Text of NetBird's C(setup.env), with the password in it. None in check mode, where it cannot be made
      without the password.
  returned: when O(return_secrets=true)
  type: str
  sample: "NETBIRD_DOMAIN='netbird.company'"
setup_env_changes:
  description:
    - Variables that bash reads with another value from RV(setup_env) afterwards, without secrets. A
      value that may be a secret is V(set) or V(changed), one that bash works out V(computed).
  returned: O(return_secrets=true)
  type: list
  elements: dict
  contains:
    name:
      description: The variable's name.
      type: str
      returned: success
      sample: NETBIRD_DOMAIN
    before:
      description: Its value before; none if it was not set.
      type: str
      returned: success
      sample: '"old.company"'
    after:
      description: Its value afterwards; none if it is no longer set.
      type: str
      returned: success
      sample: '"netbird.company"'
setup_env_changed:
  description: Whether the text differs from O(setup_env).
  returned: when O(return_secrets=true)
  type: bool
  sample: false
error:
  description: The error, for C(failed_when) and C(rescue).
  returned: failure
  type: dict
  contains:
    kind:
      description:
        - Kind of the error. C(invalid_option) and C(missing_package) are the task's own; the others are those of the
          Python package, such as C(invalid_integration), C(conflict), C(permission_denied) and C(partial_apply).
      type: str
      returned: failure
      sample: permission_denied
    server:
      description: The server concerned.
      type: str
      returned: failure
      sample: https://authentik.company
    action:
      description: The action that failed.
      type: str
      returned: failure
      sample: read
    resource:
      description: The resource concerned, with C(kind) and C(name).
      type: dict
      returned: failure
      sample: {kind: server, name: version}
    status:
      description: HTTP status of the response, if there was one.
      type: int
      returned: failure
      sample: 403
    hint:
      description: The remedy, if one is known.
      type: str
      returned: failure
      sample: The token is invalid, has expired, or is not an API token. Create one in authentik.
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
      description: The operations that were applied, failed or were skipped, if only a part was applied.
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
from ansible_collections.authentik_netbird.netbird.plugins.module_utils import (
    _results as results,
)
from ansible_collections.authentik_netbird.netbird.plugins.module_utils import (
    _session as session,
)
from ansible_collections.authentik_netbird.netbird.plugins.module_utils._arguments import (
    CONNECTION,
    INTEGRATION,
    RETURN_SECRETS,
)
from ansible_collections.authentik_netbird.netbird.plugins.module_utils._environment import (
    setup_env,
)


def run(module: AnsibleModule) -> dict:
    """Plans; and makes the `setup.env` if it was asked for."""
    wanted = session.integration(module)
    rendered = {}
    with session.client(module) as client:
        plan = client.with_authors(client.plan(wanted))
        results.warn(module, plan)
        outputs = results.outputs_of(plan)
        if module.params["return_secrets"] and session.is_connector(module):
            if plan.existing.client_id is not None and not module.check_mode:
                outputs = client.outputs(wanted)
        elif module.params["return_secrets"]:
            outputs, rendered = setup_env(module, client, wanted, outputs)
    if session.is_connector(module):
        rendered = {"dashboard": results.dashboard(outputs, module.params["return_secrets"])}
    return {
        "changed": False,
        "converged": not plan.has_changes,
        "plan": str(plan),
        "operations": results.operations(plan),
        "server_version": plan.server_version,
        "outputs": results.outputs(outputs, module.params["return_secrets"]),
        **rendered,
    }


def main() -> None:
    """Runs the task."""
    module = AnsibleModule(
        argument_spec={
            "setup_env": {"type": "str", "no_log": True},
            "refresh_password": {"type": "bool", "default": False, "no_log": False},
            **CONNECTION,
            **INTEGRATION,
            **RETURN_SECRETS,
        },
        supports_check_mode=True,
    )
    session.carry_out(module, run)


if __name__ == "__main__":
    main()
