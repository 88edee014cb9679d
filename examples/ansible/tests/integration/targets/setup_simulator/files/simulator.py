# Copyright (c) 2026 the authentik-netbird authors
# MIT License (see LICENSE or https://spdx.org/licenses/MIT)
# SPDX-License-Identifier: MIT

"""A simulated authentik and a new NetBird, described by a file. They end when they are idle."""

import json
import os
import sys
import time

from authentik_netbird.testing import AuthentikSimulator, NetbirdSimulator

IDLE = 60  # seconds

with AuthentikSimulator() as authentik, NetbirdSimulator(set_up=False) as netbird:
    found = {
        "authentik": {"authentik_url": authentik.url, "authentik_token": authentik.token.expose()},
        "netbird_url": netbird.url,
    }
    with open(f"{sys.argv[1]}.new", "w", encoding="utf-8") as file:
        json.dump(found, file)
    os.replace(file.name, sys.argv[1])
    seen, last = 0, time.monotonic()
    while time.monotonic() - last < IDLE:
        time.sleep(1)
        count = len(authentik.requests) + len(netbird.requests)
        if count != seen:
            seen, last = count, time.monotonic()
