"""The command `authentik-netbird`.

Exit codes: 0 nothing to do or done, 1 error, 2 `plan` found changes, 130 interrupted.
"""

import os
import sys
from typing import Optional

from ..errors import AuthentikNetbirdError
from . import commands, screen
from .arguments import parser
from .settings import SettingsError


def main(argv: Optional[list[str]] = None) -> int:
    """Runs the command with these arguments, by default the process's. Returns the exit code."""
    arguments = parser().parse_args(argv)
    try:
        code = commands.COMMANDS[arguments.command](arguments)
        sys.stdout.flush()
        return code
    except (AuthentikNetbirdError, SettingsError) as error:
        screen.failure(str(error))
        return 1
    except KeyboardInterrupt:
        screen.progress("interrupted; running again finishes the job")
        return 130
    except BrokenPipeError:
        # Whoever read the output has enough; Python must not try to write the rest at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
