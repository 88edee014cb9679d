#!/usr/bin/python
# Copyright (c) 2026 the authentik-netbird authors
# MIT License (see LICENSE or https://spdx.org/licenses/MIT)
# SPDX-License-Identifier: MIT

from __future__ import annotations

DOCUMENTATION = r"""
module: netbird_first_start
short_description: Create a new NetBird's owner, and an access token
version_added: 0.1.0
author:
  - The authentik-netbird authors (!UNKNOWN)
description:
  - For a NetBird with the embedded identity provider. Creates its owner, who logs in with a password of NetBird's own,
    and an access token of the owner, which M(authentik_netbird.netbird.netbird_integration) needs.
  - Does nothing as long as NetBird accepts the token in O(token_path), or O(netbird_token). Otherwise the owner gets
    another token, also on a NetBird that is set up.
options:
  authentik_url:
    description: Not used. It is here so that the defaults of the action group fit.
    required: false
  authentik_token:
    description: Not used, like O(authentik_url).
    required: false
  domain:
    description: Not used, like O(authentik_url).
    type: str
  netbird_token:
    description: An access token that you have already, to be tried if NetBird does not accept that in O(token_path).
  email:
    description: The owner's e-mail address, the name at the login.
    type: str
    required: true
  name:
    description: The owner's name.
    type: str
    default: Owner
  password:
    description:
      - The owner's password, 8 to 72 characters. Needed unless NetBird accepts a token.
      - If it is not set, the environment variable E(NETBIRD_OWNER_PASSWORD) where the module runs is used.
    type: str
  days:
    description: How long the access token is valid, 1 to 365 days.
    type: int
    default: 30
  token_path:
    description:
      - File for the access token, where the module runs. It gets mode 0600. A file with something else in it is not
        replaced, and its folder must exist. Needed without O(return_secrets).
    type: path
extends_documentation_fragment:
  - authentik_netbird.netbird.authentik
  - authentik_netbird.netbird.secrets
  - authentik_netbird.netbird.attributes
attributes:
  check_mode:
    support: full
  diff_mode:
    support: none
  idempotent:
    support: full
seealso:
  - module: authentik_netbird.netbird.netbird_integration
"""

EXAMPLES = r"""
- name: Set a new NetBird up
  authentik_netbird.netbird.netbird_first_start:
    netbird_url: https://connector.company
    email: owner@connector.company
    password: "{{ vault_netbird_owner_password }}"
    token_path: ~/.netbird-token
  delegate_to: localhost
"""

RETURN = r"""
setup_required:
  description: Whether NetBird had no owner before.
  returned: success
  type: bool
  sample: true
token:
  description: The access token; none if it is O(netbird_token), which Ansible hides from every result.
  returned: when O(return_secrets=true); none in check mode, if there is no token yet
  type: str
  sample: nbp_VALUE_OF_36_LETTERS_AND_DIGITS
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

import os
import re
import tempfile

from ansible.module_utils.basic import AnsibleModule, env_fallback
from ansible_collections.authentik_netbird.netbird.plugins.module_utils import _session as session
from ansible_collections.authentik_netbird.netbird.plugins.module_utils._arguments import (
    CONNECTION,
    RETURN_SECRETS,
    optional,
)
from ansible_collections.authentik_netbird.netbird.plugins.module_utils._failure import (
    reject,
    rejected,
)
from ansible_collections.authentik_netbird.netbird.plugins.module_utils._library import (
    authentik_netbird,
)


def run(module: AnsibleModule) -> dict:
    """Creates what is missing, unless in check mode."""
    params, how = module.params, session.options(module)
    _check(module)
    token, found = _found(module, how)
    if found.mode == "standalone":
        message = "this NetBird has no embedded identity provider, so it has no first start"
        reject(module, "netbird_url", message, "Leave this task out: its users are authentik's.")
    changed = not found.accepts_token
    if changed:
        token = None if module.check_mode else _started(module, how)
    result = {"changed": changed, "setup_required": found.setup_required}
    if params["return_secrets"]:
        shown = None if token is None else token.expose()
        # Ansible replaces what is equal to a secret parameter in every result.
        result["token"] = None if shown == (params["netbird_token"] or "").strip() else shown
    return result


def _check(module: AnsibleModule) -> None:
    if module.params["netbird_url"] is None:
        reject(module, "netbird_url", "missing", "Set it to NetBird's base URL.")
    if module.params["token_path"] is None and not module.params["return_secrets"]:
        hint = "Set it, or return_secrets and no_log."
        reject(module, "token_path", "missing, but NetBird shows the token only once", hint)
    if module.params["token_path"] is not None:
        folder = os.path.dirname(module.params["token_path"]) or "."
        if not os.path.isdir(folder):
            reject(module, "token_path", f"the folder {folder} does not exist", "Create it first.")
        if not os.access(folder, os.W_OK | os.X_OK):
            hint = "Give a file in another folder."
            reject(module, "token_path", f"cannot create files in {folder}", hint)


def _found(module: AnsibleModule, how):
    """The kind of NetBird, and the first of the known tokens that it accepts."""
    for token in _known(module) or [None]:
        found = authentik_netbird.netbird_instance(
            module.params["netbird_url"], token=token, options=how
        )
        if found.accepts_token:
            break
    return token, found


def _known(module: AnsibleModule) -> list:
    """The token in the file, and the one that was given."""
    path, given = module.params["token_path"], module.params["netbird_token"]
    try:
        with open(path or os.devnull, encoding="utf-8") as file:
            text = file.read().strip()
    except FileNotFoundError:
        text = ""
    except (OSError, ValueError) as error:
        reject(module, "token_path", f"cannot read {path}: {error}", "Give another file.")
    if text and not re.fullmatch("nbp_[0-9A-Za-z]+", text):
        message = f"{path} contains something other than an access token of NetBird"
        reject(module, "token_path", message, "Give another file.")
    return [authentik_netbird.Secret(one) for one in (text, given) if one]


def _started(module: AnsibleModule, how):
    params = module.params
    if not params["password"]:
        hint = "Set it to the password that the owner has, or is to have."
        reject(module, "password", "missing, and NetBird accepts no token that is known here", hint)
    token = authentik_netbird.first_start(
        params["netbird_url"],
        email=params["email"],
        name=params["name"],
        password=params["password"],
        days=params["days"],
        options=how,
    )
    if params["token_path"] is not None:
        _write(module, params["token_path"], token.expose())
    return token


def _write(module: AnsibleModule, path: str, text: str) -> None:
    """A new file, which nobody else can read, takes the place of the old one."""
    try:
        descriptor, name = tempfile.mkstemp(prefix=".", dir=os.path.dirname(path) or ".")
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(f"{text}\n")
            os.replace(name, path)
        except BaseException:
            os.unlink(name)
            raise
    except OSError as error:
        message = f"cannot write {path}: {error.strerror}"
        hint = (
            "NetBird has an owner now, and an access token named authentik-netbird that was not saved: delete it "
            "in NetBird, or let it expire. Run the task again with another file."
        )
        module.fail_json(
            msg=f"token_path: {message}. {hint}",
            error=rejected("file", message, hint, "token_path"),
            changed=True,
        )


def main() -> None:
    """Runs the task."""
    module = AnsibleModule(
        argument_spec={
            "email": {"type": "str", "required": True},
            "name": {"type": "str", "default": "Owner"},
            "password": {
                "type": "str",
                "no_log": True,
                "fallback": (env_fallback, ["NETBIRD_OWNER_PASSWORD"]),
            },
            "days": {"type": "int", "default": 30},
            "token_path": {"type": "path", "no_log": False},
            "domain": {"type": "str"},
            **optional(CONNECTION, "authentik_url", "authentik_token"),
            **RETURN_SECRETS,
        },
        supports_check_mode=True,
    )
    session.carry_out(module, run)


if __name__ == "__main__":
    main()
