#!/usr/bin/python
# Copyright (c) 2026 the authentik-netbird authors
# MIT License (see LICENSE or https://spdx.org/licenses/MIT)
# SPDX-License-Identifier: MIT

from __future__ import annotations

DOCUMENTATION = r"""
module: netbird_app_password
short_description: Replace NetBird's app password
version_added: 0.1.0
author:
  - The authentik-netbird authors (!UNKNOWN)
description:
  - Gives the app password that NetBird uses to read users a new value. The old one stops working at once,
    and every login to NetBird fails until its C(setup.env) has the new one, C(configure.sh) was run and
    NetBird was restarted. The tasks C(rotate) of the role P(authentik_netbird.netbird.netbird_authentik#role)
    do all of it, and keep NetBird's data store key. Without the role, copy C(artifacts/management.json), if it
    has a C(DataStoreEncryptionKey), to NetBird's C(infrastructure_files) before C(configure.sh).
  - With O(mode=connector) it replaces the client secret, in authentik and then in NetBird, which must be restarted
    after that.
  - The task is changed whenever it runs. In check mode it returns the plan, and fails if there is no password to
    rotate.
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
  - authentik_netbird.netbird.setup_env
  - authentik_netbird.netbird.attributes
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: none
    details: Each run generates a new password.
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
mode:
  description: The mode, as it was set or found out.
  returned: success
  type: str
  sample: connector
plan:
  description: The plan as a text for people, which says what, why, and field by field.
  returned: success
  type: str
  sample: "Rotate the app password of NetBird netbird.company on authentik ..."
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
      sample: app-password
    verb:
      description: The action, C(create), C(update), C(delete) or C(no_change).
      type: str
      returned: success
      sample: update
    resource:
      description: The resource, with C(kind) and C(name).
      type: dict
      returned: success
      sample: {kind: app_password, name: service-account-netbird-password}
    reason:
      description: Why it is made, or why something is kept.
      type: str
      returned: success
      sample: it gets a new value, generated when this is applied
    guide:
      description: The step of authentik's guide that it belongs to.
      type: str
      returned: success
      sample: service_account
    state:
      description:
        - The result. C(planned) in check mode, C(unchanged) where nothing was to do, C(applied), or
          C(already_applied) where the response to a write was lost and reading it back shows that it holds.
      type: str
      returned: success
      sample: applied
    changes:
      description: Fields that differ, each with C(path), C(before) and C(after). Secrets are not shown.
      type: list
      elements: dict
      returned: success
      sample: [{path: key, before: "(secret)", after: "(new secret)"}]
    changed_by:
      description:
        - The last change of it, with C(user) and C(at), as far as authentik's log has it. With C(--diff) only.
      type: dict
      returned: success
      sample: {user: akadmin, at: "2026-11-20T09:12:44Z"}
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
      description: Client id of the provider; the same as before.
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
      returned: when O(return_secrets=true); none in check mode
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
    """Plans, and rotates unless in check mode."""
    wanted = session.integration(module)
    with session.client(module) as client:
        plan = client.plan_rotate(wanted, expiry=module.params["expiry"])
        return planned.apply(module, client, plan)


def main() -> None:
    """Runs the task."""
    module = AnsibleModule(
        argument_spec={
            "expiry": {"type": "str", "choices": ["keep", "never"], "default": "keep"},
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
