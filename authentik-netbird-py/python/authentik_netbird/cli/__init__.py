"""The command `authentik-netbird`.

Exit codes: 0 success, 1 failure, 2 invalid usage (or changes, with `plan --detailed-exitcode`), 3 a
verification that could not check everything, 130 after Ctrl-C, 143 after SIGTERM.
"""

import os
import sys

from ..errors import AuthentikNetbirdError
from . import screen, signals
from .problems import CommandError, SettingsError
from .signals import Interrupted

#: The variable with which a shell's completion script calls the command.
COMPLETION = "_AUTHENTIK_NETBIRD_COMPLETE"


def main(argv: list[str] | None = None) -> int:
    """Runs the command with these arguments, by default the process's. Returns the exit code."""
    screen.prepare()
    signals.prepare()
    try:
        return _guarded(sys.argv[1:] if argv is None else argv)
    finally:
        if argv is None:
            # The process ends, and a signal would be a traceback.
            signals.ignore()


def _guarded(given: list[str]) -> int:
    try:
        try:
            return _run(given)
        finally:
            screen.flush()
    except BrokenPipeError:
        # The reader of the output has enough.
        screen.drop(sys.stdout)
    except OSError as error:
        screen.drop(sys.stdout)
        screen.failure(f"cannot write to standard output: {error.strerror}")
    return 1


def _run(given: list[str]) -> int:
    try:
        if not given and COMPLETION not in os.environ:
            from .app import help_text

            print(help_text(), file=sys.stderr)
            return SettingsError.exit_code
        _check(given)
        from .app import COMMAND_LINE

        code = COMMAND_LINE.main(
            given, "authentik-netbird", complete_var=COMPLETION, standalone_mode=False
        )
        screen.flush()
        return int(code or 0)
    except (AuthentikNetbirdError, CommandError) as error:
        code = getattr(error, "exit_code", 1)
        # With this option 2 is an answer of plan, and must not be an error as well.
        code = 1 if "--detailed-exitcode" in given else code
        return _failed(given, error, str(error), code)
    except (KeyboardInterrupt, Interrupted) as interrupt:
        signals.ignore()
        code = getattr(interrupt, "exit_code", 130)
        text = str(interrupt) or "no server was changed"
        screen.interrupted(text)
        return _failed(given, interrupt, text, code)


def _failed(given: list[str], error: BaseException, text: str, code: int) -> int:
    """Shows what went wrong, and writes it as JSON where that was asked for."""
    if isinstance(error, Exception):
        screen.failure(text)
    if "--json" in given or "--format=json" in given or "--format json" in " ".join(given):
        from .app import ALIASES, COMMANDS
        from .report import failure

        name = next((one for one in given if not one.startswith("-")), "")
        name = ALIASES.get(name, name)
        failure(name if name in COMMANDS else None, error, text)
    return code


def _check(given: list[str]) -> None:
    names = [text.partition("=")[0] for text in given]
    known = {
        "--token": "AUTHENTIK_TOKEN",
        "--netbird-token": "NETBIRD_TOKEN",
        "--password": "NETBIRD_OWNER_PASSWORD",
    }
    for name, variable in known.items():
        if name in names:
            raise SettingsError(
                f"{name} does not exist, because everyone on this machine could read it. "
                f"Use {variable}, or {name}-file FILE (- is standard input)."
            )
