#!/usr/bin/python
# Copyright (c) 2026 the authentik-netbird authors
# MIT License (see LICENSE or https://spdx.org/licenses/MIT)
# SPDX-License-Identifier: MIT

from __future__ import annotations

DOCUMENTATION = r"""
module: netbird_integration
short_description: Set up authentik as NetBird's identity provider
version_added: 0.1.0
author:
  - The authentik-netbird authors (!UNKNOWN)
description:
  - Creates, updates or removes what NetBird needs on authentik, which is an OAuth2 provider, an
    application, a service account with an app password and its rights, the device-code flow, and one
    field of a brand.
  - With O(mode=connector) it makes authentik an identity provider of NetBird's embedded one, which is an OAuth2
    provider and an application on authentik, and an identity provider in NetBird by its API. Without
    O(netbird_token) authentik alone is changed, and RV(dashboard) is what to enter in NetBird by hand.
  - Reports in check mode what it would change, field by field with C(--diff). Objects of others are not
    changed. An object that belongs to something else is an error before anything is written.
  - The task is changed exactly when something was written, or would be in check mode.
options:
  state:
    description:
      - V(present) creates what is missing and corrects what has drifted.
      - V(absent) removes what was created, and nothing else. Objects that something else uses are kept,
        and listed in RV(operations) with the reason. After that nobody can log in to NetBird through
        this authentik.
    type: str
    choices: [present, absent]
    default: present
extends_documentation_fragment:
  - authentik_netbird.netbird.authentik
  - authentik_netbird.netbird.integration
  - authentik_netbird.netbird.integration.domain
  - authentik_netbird.netbird.secrets
  - authentik_netbird.netbird.setup_env
  - authentik_netbird.netbird.attributes
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: full
notes:
  - An existing app password is not read, because authentik notes each reading in its event log; with
    O(return_secrets=true) it is read on purpose, and for O(setup_env_path) if the file has none.
seealso:
  - module: authentik_netbird.netbird.netbird_integration_info
  - module: authentik_netbird.netbird.netbird_verify
  - module: authentik_netbird.netbird.netbird_app_password
  - name: Integrate with NetBird
    description: The guide of authentik that this module implements.
    link: https://integrations.goauthentik.io/networking/netbird/
"""

EXAMPLES = r"""
- name: Set up authentik for NetBird
  authentik_netbird.netbird.netbird_integration:
    authentik_url: https://authentik.company
    authentik_token: "{{ vault_authentik_token }}"
    domain: netbird.company
  delegate_to: localhost

- name: The same, and NetBird's setup.env, where NetBird is on the control node
  authentik_netbird.netbird.netbird_integration:
    authentik_url: https://authentik.company
    authentik_token: "{{ vault_authentik_token }}"
    domain: netbird.company
    setup_env_path: /opt/netbird/infrastructure_files/setup.env
  delegate_to: localhost

- name: Make authentik an identity provider of NetBird's embedded one
  authentik_netbird.netbird.netbird_integration:
    authentik_url: https://authentik.company
    authentik_token: "{{ vault_authentik_token }}"
    netbird_url: https://connector.company
    netbird_token: "{{ vault_netbird_token }}"
    domain: connector.company
    mode: connector
    application_slug: connector
    provider_name: Connector
  delegate_to: localhost
  register: connector

- name: Restart a NetBird that has to be
  ansible.builtin.command:
    cmd: docker compose restart
    chdir: /opt/netbird
  changed_when: true
  when: connector.restart_netbird

- name: A second NetBird on the same authentik, with separate names and least privilege
  authentik_netbird.netbird.netbird_integration:
    authentik_url: https://authentik.company
    authentik_token: "{{ vault_authentik_token }}"
    domain: vpn.company
    application_name: VPN
    application_slug: vpn
    provider_name: VPN
    service_account: user_reader
    service_account_name: VPN
    access_groups: [VPN users]
    create_access_groups: true
  delegate_to: localhost

- name: Remove it again
  authentik_netbird.netbird.netbird_integration:
    authentik_url: https://authentik.company
    authentik_token: "{{ vault_authentik_token }}"
    domain: vpn.company
    application_name: VPN
    application_slug: vpn
    provider_name: VPN
    service_account: user_reader
    service_account_name: VPN
    access_groups: [VPN users]
    state: absent
  delegate_to: localhost
"""

RETURN = r"""
mode:
  description: The mode, as it was set or found out.
  returned: success
  type: str
  sample: connector
plan:
  description: The plan as a text for people, with reasons and field by field.
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
        - Its result. C(planned) in check mode, C(unchanged) where nothing was to do, C(applied), or
          C(already_applied) where the response to a write was lost and reading it back shows that it holds.
      type: str
      returned: success
      sample: applied
    changes:
      description: Fields that differ, each with C(path), C(before) and C(after). Secrets are not shown.
      type: list
      elements: dict
      returned: success
      sample: [{path: sub_mode, before: hashed_user_id, after: user_id}]
    changed_by:
      description:
        - The last change of it, with C(user) and C(at), as far as authentik's log has it. With C(--diff) only.
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
  returned: when O(state=present)
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
      description: Issuer of the tokens.
      type: str
      returned: success
      sample: https://authentik.company/application/o/netbird/
    openid_configuration_endpoint:
      description: URL of the discovery document.
      type: str
      returned: success
      sample: https://authentik.company/application/o/netbird/.well-known/openid-configuration
    client_id:
      description: Client id of the provider; none in check mode while there is no provider.
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
      returned: when O(return_secrets=true); none in check mode, or without an account
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
    - The values to enter in NetBird by hand under Settings > Identity Providers, label and value of each field, because
      NetBird's API was not used. The client secret is in it with O(return_secrets=true) only.
  returned: in the mode V(connector) without O(netbird_token)
  type: dict
  sample: {Type: Authentik, Name: authentik, Client ID: 8vGh2Jc9QKxoWq, Client Secret: (secret)}
restart_netbird:
  description:
    - Whether NetBird has to be restarted now. Once anyone has logged in, it keeps using the issuer, client id and
      secret that it had at its start.
  returned: in the mode V(connector)
  type: bool
  sample: false
setup_env_file:
  description: The change of the file at O(setup_env_path); in check mode the planned one.
  returned: when O(setup_env_path) is set
  type: dict
  contains:
    kind:
      description: V(created), V(changed) or V(unchanged).
      type: str
      returned: success
      sample: changed
    variables:
      description:
        - Variables that bash reads with another value from it, each with C(name), C(before) and C(after),
          without secrets. A value that may be a secret is V(set) or V(changed), one that bash works out
          V(computed).
      type: list
      elements: dict
      returned: success
      sample: [{name: NETBIRD_IDP_MGMT_EXTRA_PASSWORD, before: set, after: changed}]
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
    _planned as planned,
)
from ansible_collections.authentik_netbird.netbird.plugins.module_utils import (
    _session as session,
)
from ansible_collections.authentik_netbird.netbird.plugins.module_utils._arguments import (
    CONNECTION,
    INTEGRATION,
    RETURN_SECRETS,
)


def run(module: AnsibleModule) -> dict:
    """Plans, and applies unless in check mode."""
    wanted = session.integration(module)
    with session.client(module) as client:
        present = module.params["state"] == "present"
        plan = client.plan(wanted) if present else client.plan_teardown(wanted)
        return planned.apply(module, client, plan)


def main() -> None:
    """Runs the task."""
    module = AnsibleModule(
        argument_spec={
            "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
            **CONNECTION,
            **INTEGRATION,
            **RETURN_SECRETS,
            **planned.SETUP_ENV_PATH,
        },
        supports_check_mode=True,
    )
    session.carry_out(module, run)


if __name__ == "__main__":
    main()
