# Copyright (c) 2026 the authentik-netbird authors
# MIT License (see LICENSE or https://spdx.org/licenses/MIT)

"""Writing NetBird's setup.env."""

from __future__ import annotations


class ModuleDocFragment:
    """The option that names the file."""

    DOCUMENTATION = r"""
options:
  setup_env_path:
    description:
      - NetBird's C(setup.env), if it is where the module runs. NetBird's variables are written into it, mode
        0600, and its other lines are kept. The app password is read from authentik only if it is not new
        and the file has none.
      - Where NetBird is on another host, the role P(authentik_netbird.netbird.netbird_authentik#role) writes the
        file there.
    type: path
"""
