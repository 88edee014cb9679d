# Copyright (c) 2026 the authentik-netbird authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

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
