# Copyright (c) 2026 the authentik-netbird authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether secrets are returned."""

from __future__ import annotations


class ModuleDocFragment:
    """The option that asks for secrets."""

    DOCUMENTATION = r"""
options:
  return_secrets:
    description:
      - Whether the result contains the secret, which is the app password, in the mode V(connector) the client secret, or of a
        first start the access token. The task must have C(no_log=true) for that, or it fails before anything is done.
    type: bool
    default: false
"""
