#!/usr/bin/python
# Copyright (c) 2026 the authentik-netbird authors
# MIT License (see LICENSE or https://spdx.org/licenses/MIT)
# SPDX-License-Identifier: MIT

from __future__ import annotations

DOCUMENTATION = r"""
module: netbird_verify
short_description: Check that NetBird can log in, and report what is wrong
version_added: 0.1.0
author:
  - The authentik-netbird authors (!UNKNOWN)
description:
  - Sends authentik exactly the requests that NetBird will send, for the discovery document, the keys, a device
    code, the token for reading users and the users. The task fails if a check fails, with a hint for each.
  - With O(setup_env) it checks what NetBird uses, also of a file that was written by hand, and tries its password.
    With O(domain) it checks what NetBird should use, whatever state authentik is in. With both it also checks that
    the file is one for these options.
  - With O(authentik_url) and an administrator's token it also checks what only an administrator can read. What
    cannot be checked is in RV(unknown_checks), and no failure.
  - With O(mode=connector) it checks both servers, as far as O(netbird_token) allows.
  - It writes nothing, but like NetBird's own requests it leaves a login of the service account in
    authentik's log, a token for an hour, and a device code. authentik hands out 20 an hour to an address.
options:
  authentik_url:
    description: Required with O(domain) and with O(authentik_token), which goes to no other server.
    required: false
  authentik_token:
    description: Required with O(domain).
    required: false
  domain:
    description: NetBird's host name. Without O(setup_env) the app password is read, which is an event in
      authentik's log.
    type: str
  setup_env:
    description:
      - Content of NetBird's C(setup.env) or C(management.json) in base64, as M(ansible.builtin.slurp) returns it.
        Without O(domain) other options of the integration are ignored.
      - Such a file is of the mode V(standalone), which then is the default of O(mode). NetBird is not asked.
    type: str
extends_documentation_fragment:
  - authentik_netbird.netbird.authentik
  - authentik_netbird.netbird.integration
  - authentik_netbird.netbird.attributes
attributes:
  check_mode:
    support: full
    details: It does the same there.
  diff_mode:
    support: N/A
    details: It changes nothing.
  idempotent:
    support: full
seealso:
  - module: authentik_netbird.netbird.netbird_integration
  - module: ansible.builtin.slurp
"""

EXAMPLES = r"""
- name: Check that NetBird can log in
  authentik_netbird.netbird.netbird_verify:
    authentik_url: https://authentik.company
    authentik_token: "{{ vault_authentik_token }}"
    domain: netbird.company
  delegate_to: localhost

- name: Read the setup.env that NetBird has
  ansible.builtin.slurp:
    src: /opt/netbird/infrastructure_files/setup.env
  no_log: true
  register: present

- name: See what NetBird sees, without a token
  authentik_netbird.netbird.netbird_verify:
    setup_env: "{{ present.content }}"
  delegate_to: localhost

- name: Check that file with all that an administrator sees
  authentik_netbird.netbird.netbird_verify:
    authentik_url: https://authentik.company
    authentik_token: "{{ vault_authentik_token }}"
    domain: netbird.company
    setup_env: "{{ present.content }}"
  delegate_to: localhost
"""

RETURN = r"""
mode:
  description: The mode, as it was set or found out.
  returned: when O(domain) is set
  type: str
  sample: connector
checks:
  description: Each check, causes before their effects.
  returned: always
  type: list
  elements: dict
  contains:
    name:
      description: Name of the check.
      type: str
      returned: always
      sample: signing_key
    status:
      description: V(pass), V(warn), V(fail), V(skipped) or V(unknown).
      type: str
      returned: always
      sample: fail
    message:
      description: What was found.
      type: str
      returned: always
      sample: the provider has no signing key, so its key set is empty and NetBird cannot check tokens
    hint:
      description: What to do.
      type: str
      returned: always
      sample: choose an RSA certificate as the provider's Signing Key
failed_checks:
  description: Names of the checks that failed.
  returned: always
  type: list
  elements: str
  sample: [signing_key]
unknown_checks:
  description: Names of the checks that could not be judged; their messages say what is missing for that.
  returned: always
  type: list
  elements: str
  sample: [redirect_uris]
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
from ansible_collections.authentik_netbird.netbird.plugins.module_utils import _session as session
from ansible_collections.authentik_netbird.netbird.plugins.module_utils._arguments import (
    CONNECTION,
    INTEGRATION,
    optional,
)
from ansible_collections.authentik_netbird.netbird.plugins.module_utils._failure import reject
from ansible_collections.authentik_netbird.netbird.plugins.module_utils._library import (
    authentik_netbird,
)


def run(module: AnsibleModule) -> dict:
    """Verifies, and fails the task if a check does."""
    found = verify(module)
    for check in found.with_status("warn"):
        module.warn(f"{check.name}: {check.message}. {check.hint}")
    result = {
        "checks": [check.to_dict() for check in found.checks],
        "failed_checks": [str(check.name) for check in found.with_status("fail")],
        "unknown_checks": [str(check.name) for check in found.with_status("unknown")],
    }
    with session.failing(module, **result):
        found.raise_for_failures()
    return {"changed": False, **result}


def verify(module: AnsibleModule):
    """Verifies a setup, what a file says, or both."""
    params = module.params
    found = wanted = None
    if params["setup_env"] is not None:
        if params["mode"] is None:
            params["mode"] = "standalone"
        if session.is_connector(module):
            hint = "Leave it out, or set mode to standalone."
            reject(module, "setup_env", "the mode connector has no setup.env", hint)
        found = authentik_netbird.NetbirdSettings.parse(session.setup_env(module))
    if params["domain"] is not None:
        wanted = session.integration(module)
    if params["authentik_token"] is None:
        return session.verify(module, found)
    with session.client(module) as client:
        return client.verify_settings(found or client.netbird_settings(wanted), wanted)


def main() -> None:
    """Runs the task."""
    module = AnsibleModule(
        argument_spec={
            "setup_env": {"type": "str", "no_log": True},
            **optional(CONNECTION, "authentik_url", "authentik_token"),
            **optional(INTEGRATION, "domain"),
        },
        required_one_of=[("domain", "setup_env")],
        required_by={
            "domain": ("authentik_url", "authentik_token"),
            "authentik_token": ("authentik_url",),
        },
        supports_check_mode=True,
    )
    session.carry_out(module, run)


if __name__ == "__main__":
    main()
