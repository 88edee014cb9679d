# Copyright (c) 2026 the authentik-netbird authors
# MIT License (see LICENSE or https://spdx.org/licenses/MIT)

"""Whether secrets are returned."""

from __future__ import annotations


class ModuleDocFragment:
    """The option that asks for secrets."""

    DOCUMENTATION = r"""
options:
  return_secrets:
    description:
      - Whether the result contains the app password. The task must then have C(no_log=true), or it fails
        before anything is done.
    type: bool
    default: false
"""
