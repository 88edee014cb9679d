# Copyright (c) 2026 the authentik-netbird authors
# MIT License (see LICENSE or https://spdx.org/licenses/MIT)
# SPDX-License-Identifier: MIT

"""From a task's parameters to the package's objects, and from its errors to a failed task."""

from __future__ import annotations

import base64
import binascii
import traceback
from contextlib import contextmanager

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.authentik_netbird.netbird.plugins.module_utils._arguments import fields
from ansible_collections.authentik_netbird.netbird.plugins.module_utils._failure import (
    description,
    message,
    reject,
    rejected,
)
from ansible_collections.authentik_netbird.netbird.plugins.module_utils._library import (
    authentik_netbird,
    require,
)


def carry_out(module: AnsibleModule, run) -> None:
    """Ends the task with what `run` returns, or as a failure."""
    _prepare(module)
    with failing(module):
        result = run(module)
        if module.params.get("mode") is not None:
            result["mode"] = module.params["mode"]
        module.exit_json(**result)


def _prepare(module: AnsibleModule) -> None:
    """Fails the task at once if it cannot be carried out, or would show a secret."""
    require(module)
    if module.params.get("return_secrets") and not module.no_log:
        reject(
            module,
            "return_secrets",
            "the result would show a secret",
            "Set no_log: true on this task.",
        )
    if not module.params["validate_certs"]:
        module.warn(
            "validate_certs is false: anyone between this machine and the server can read tokens and passwords. "
            "Set ca_path to the authority's certificate instead."
        )


@contextmanager
def failing(module: AnsibleModule, **result):
    """Errors of the package fail the task, with `result` beside what they say."""
    try:
        yield
    except authentik_netbird.AuthentikNetbirdError as error:
        report = error.report
        module.fail_json(
            msg=message(error),
            error=description(error),
            changed=report is not None and report.changed > 0,
            **result,
        )
    except (TypeError, ValueError) as error:
        # A value that the bindings refuse, such as a negative time, or a package of another version.
        module.fail_json(
            msg=str(error),
            error=rejected("invalid_option", str(error)),
            changed=False,
            exception=traceback.format_exc(),
            **result,
        )


def integration(module: AnsibleModule):
    """The integration that the task asks for. A mode that it does not say is found out and put into its parameters."""
    if module.params["mode"] is None:
        module.params["mode"] = _mode(module)
    return authentik_netbird.NetbirdIntegration.from_dict(fields(module.params))


def _mode(module: AnsibleModule) -> str:
    """The mode that NetBird is for, where its URL is known; else the default."""
    url = module.params["netbird_url"]
    if url is None:
        return "standalone"
    try:
        return str(authentik_netbird.netbird_instance(url, options=options(module)).mode)
    except authentik_netbird.InvalidClientError:
        raise
    except authentik_netbird.AuthentikNetbirdError as error:
        text = f"missing, and NetBird at {url} could not be asked for it: {message(error)}"
        hint = "Set it to connector for NetBird's embedded identity provider, else to standalone."
        module.fail_json(
            msg=f"mode: {text}\n  hint: {hint}", error=description(error), changed=False
        )


def client(module: AnsibleModule):
    """A client of authentik, with the task's token; in the mode connector of NetBird, too."""
    params = module.params
    netbird = {}
    # The mode standalone has no use for NetBird's API, whatever the environment has.
    if is_connector(module) and params["netbird_token"]:
        if not params["netbird_url"]:
            hint = "Set it to NetBird's base URL: the token goes to no other server."
            reject(module, "netbird_url", "missing, but there is a netbird_token", hint)
        netbird = {name: params[name] for name in ("netbird_url", "netbird_token")}
    return authentik_netbird.Client(
        params["authentik_url"],
        token=params["authentik_token"],
        options=options(module),
        **netbird,
    )


def is_connector(module: AnsibleModule) -> bool:
    """Whether authentik is to be an identity provider of NetBird's embedded one."""
    return module.params["mode"] == "connector"


def verify(module: AnsibleModule, settings):
    """Verifies without a token."""
    return authentik_netbird.verify(settings, options=options(module))


def setup_env(module: AnsibleModule):
    """The text of the `setup.env` that was given, as `ansible.builtin.slurp` returns it."""
    given = module.params["setup_env"]
    try:
        return authentik_netbird.Secret(base64.b64decode(given, validate=True).decode("utf-8"))
    except (binascii.Error, ValueError):
        # No cause: it would hold the text.
        reject(
            module,
            "setup_env",
            "not UTF-8 text in base64",
            "Use the content that ansible.builtin.slurp returns.",
        )


def options(module: AnsibleModule):
    params = module.params
    authority = None
    if params["ca_path"] is not None:
        try:
            with open(params["ca_path"], "rb") as file:
                authority = file.read()
        except OSError as error:
            reject(
                module,
                "ca_path",
                f"cannot read {params['ca_path']}: {error.strerror}",
                "Give a file with certificates in PEM, where the module runs.",
            )
    return authentik_netbird.ConnectionOptions(
        root_certificates=authority,
        danger_accept_invalid_certs=not params["validate_certs"],
        allow_http=bool(params.get("allow_http")),
        timeout=params["timeout"],
        connect_timeout=params["connect_timeout"],
        retry_timeout=params["retry_timeout"],
    )
