# Copyright (c) 2026 the authentik-netbird authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How to connect to authentik."""

from __future__ import annotations


class ModuleDocFragment:
    """Options of the connection, and what is needed where the module runs."""

    DOCUMENTATION = r"""
options:
  authentik_url:
    description:
      - authentik's base URL. It begins with C(https://), or with C(http://) to loopback.
      - If it is not set, the environment variable E(AUTHENTIK_URL) where the module runs is used.
    type: str
    required: true
  authentik_token:
    description:
      - API token of an administrator. It is only sent to O(authentik_url).
      - If it is not set, the environment variable E(AUTHENTIK_TOKEN) where the module runs is used.
    type: str
    required: true
  netbird_url:
    description:
      - NetBird's base URL, for the mode V(connector). It begins with C(https://), or with C(http://) to loopback.
      - Where the mode is not set, NetBird is asked there which mode it is for. Without a URL it is V(standalone).
      - If it is not set, the environment variable E(NETBIRD_URL) where the module runs is used.
    type: str
  netbird_token:
    description:
      - Access token of an owner or administrator of NetBird's account. It is only sent to O(netbird_url), and in the
        mode V(standalone) to nowhere. Without it NetBird is not changed.
      - If it is not set, the environment variable E(NETBIRD_TOKEN) where the module runs is used.
    type: str
  validate_certs:
    description:
      - Whether to check the servers' certificates. With V(false) anyone in between can read tokens and passwords,
        and each task warns about it. For a private authority use O(ca_path) instead.
    type: bool
    default: true
  ca_path:
    description:
      - File with the certificates of a private authority, PEM, where the module runs. They are trusted as
        well as the operating system's.
    type: path
  timeout:
    description: Longest wait for one response, in seconds.
    type: float
    default: 30.0
  connect_timeout:
    description: Longest wait for a connection, in seconds.
    type: float
    default: 10.0
  retry_timeout:
    description:
      - How long a read is retried after a failure that may pass, in seconds. V(0) means never.
    type: float
    default: 15.0
requirements:
  - Python 3.10 or later
  - The Python package C(authentik-netbird) 0.1.0 or later
notes:
  - The modules run where the Python package is, most often on the control node or in its execution
    environment, see C(delegate_to=localhost) in the examples. They need no access to NetBird's host.
  - A proxy is taken from the environment variables E(HTTPS_PROXY) and E(NO_PROXY).
"""
