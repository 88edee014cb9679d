# Copyright (c) 2026 the authentik-netbird authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The attributes of modules: what they support."""

from __future__ import annotations


class ModuleDocFragment:
    """The attributes that all modules share."""

    DOCUMENTATION = r"""
options: {}
attributes:
  action_group:
    description: Use C(group/authentik_netbird.netbird.authentik) in C(module_defaults) for all modules.
    support: full
    membership:
      - authentik_netbird.netbird.authentik
  check_mode:
    description: Can run in C(check_mode) and report what would be done, without writing anything.
  diff_mode:
    description: Returns the changes, or those that check mode would make, with before and after, for C(--diff).
  idempotent:
    description:
      - When run twice in a row with the same options, the second run changes nothing.
  platform:
    description: Where the module can run.
    support: full
    platforms: posix
"""
