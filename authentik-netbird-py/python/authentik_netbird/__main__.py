"""`python -m authentik_netbird`: the command `authentik-netbird`."""

import sys

from .cli import main

sys.exit(main())
