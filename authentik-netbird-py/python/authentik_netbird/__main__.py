"""`python -m authentik_netbird`: the command `authentik-netbird`."""

import sys

from .cli import main

if __name__ == "__main__":
    sys.exit(main())
