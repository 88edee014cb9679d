"""The command `authentik-netbird`.

Exit codes: 0 nothing to do or done, 1 error or not confirmed, 2 `plan` found changes, 130
interrupted.
"""

import signal
import sys

from ..errors import AuthentikNetbirdError
from . import screen
from .arguments import parse
from .commands import COMMANDS
from .problems import SettingsError


def main(argv: list[str] | None = None) -> int:
    """Runs the command with these arguments, by default the process's. Returns the exit code."""
    screen.prepare()
    try:
        try:
            return _run(argv)
        finally:
            screen.flush()
    except BrokenPipeError:
        # Whoever read the output has enough.
        screen.drop(sys.stdout)
    except OSError as error:
        screen.drop(sys.stdout)
        screen.failure(f"cannot write to standard output: {error.strerror}")
    return 1


def _run(argv: list[str] | None) -> int:
    try:
        arguments = parse(argv)
        code = COMMANDS[arguments.command](arguments)
        screen.flush()
        return code
    except SystemExit as end:
        # Help or the version was shown.
        return int(end.code or 0)
    except (AuthentikNetbirdError, SettingsError) as error:
        screen.failure(str(error))
        return 1
    except KeyboardInterrupt as interrupt:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second one would be a traceback
        screen.interrupted(str(interrupt) or "authentik was not changed")
        return 130
