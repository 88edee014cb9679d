# Copyright (c) 2026 the authentik-netbird authors
# MIT License (see LICENSE or https://spdx.org/licenses/MIT)
# SPDX-License-Identifier: MIT

"""A simulated authentik, whose URL and token are in a file. It ends when it is idle."""

import json
import os
import sys
import time

from authentik_netbird.testing import AuthentikSimulator

IDLE = 60  # seconds

with AuthentikSimulator() as authentik:
    found = {"authentik_url": authentik.url, "authentik_token": authentik.token.expose()}
    with open(f"{sys.argv[1]}.new", "w", encoding="utf-8") as file:
        json.dump(found, file)
    os.replace(file.name, sys.argv[1])
    seen, last = 0, time.monotonic()
    while time.monotonic() - last < IDLE:
        time.sleep(1)
        if len(authentik.requests) != seen:
            seen, last = len(authentik.requests), time.monotonic()
