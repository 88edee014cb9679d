"""Writing to a screen: results to standard output, everything else to standard error."""

import io
import os
import stat
import sys
from typing import TextIO

from .._native import CONFIGURE_COMMANDS, ApplyEvent, FileChange, Outputs, Secret
from ..enums import ApplyEventKind, FileChangeKind
from .colour import BAD, FAINT, GOOD, PLAIN, Style, is_terminal, painted

_MARKS: dict[str, Style] = {
    "+": ("green", ("bold",)),
    "~": ("yellow", ("bold",)),
    "-": ("red", ("bold",)),
    "!": ("yellow", ()),
    "=": FAINT,
}
_EVENTS = {
    ApplyEventKind.REFRESHING: FAINT,
    ApplyEventKind.APPLIED: GOOD,
    ApplyEventKind.FAILED: BAD,
}


def prepare() -> None:
    """Makes every text printable: what an encoding cannot carry is escaped."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def line(text: str = "", style: Style = PLAIN, to: TextIO | None = None) -> None:
    """A line of a result, on standard output if nothing else is said."""
    if to is None or to is sys.stdout:
        print(painted(text, style, sys.stdout))
    else:
        note(text, style)


def document(text: str) -> None:
    """A whole document on standard output, with one line end at its end."""
    print(text.rstrip("\n"))


def json(value: object) -> None:
    """A document of JSON, in ASCII so that it survives every encoding."""
    import json

    document(json.dumps(value, indent=2))


def written(path: str, change: FileChange, configure: bool = True) -> None:
    """What became of NetBird's file, and how to `configure` NetBird with it if it has changed."""
    for variable in change.variables if change.kind is FileChangeKind.CHANGED else ():
        note(str(variable), _MARKS.get(str(variable)[:1], PLAIN))
    if not change.is_change:
        line(f"{path} is up to date.", GOOD)
        return
    line(f"{path} is ready.", GOOD)
    if configure:
        line("In NetBird's infrastructure_files, with this file as setup.env, run:\n")
        line(CONFIGURE_COMMANDS)
        line("The first command keeps NetBird's data store key: with another key all logins fail.")


def flush() -> None:
    """Sends out what was written to standard output so far."""
    if sys.stdout is not None:
        sys.stdout.flush()


def note(text: str, style: Style = PLAIN) -> None:
    """A line on standard error."""
    _say(painted(text, style, sys.stderr))


def mask(secret: Secret | None) -> None:
    """Has GitHub Actions replace a secret by stars in its log, also where a later step shows it.

    The runner reads this from the log and does not show it; a file would keep it.
    """
    if secret is None or os.environ.get("GITHUB_ACTIONS") != "true" or sys.stderr is None:
        return
    try:
        if stat.S_ISREG(os.fstat(sys.stderr.fileno()).st_mode):
            return
    except (OSError, ValueError):
        return
    value = secret.expose().strip().replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    if value:
        _say(f"::add-mask::{value}")


def mask_password(outputs: Outputs | None) -> None:
    """The same for the app password, where it is known."""
    if outputs is not None and outputs.account is not None:
        mask(outputs.account.app_password)


def failure(text: str) -> None:
    """The last thing that the command says."""
    _say(painted("error:", BAD, sys.stderr) + " " + painted(text, PLAIN, sys.stderr))


def interrupted(text: str) -> None:
    """What the command says after Ctrl-C."""
    # The terminal has shown `^C` and left the cursor behind it.
    start = "\n" if is_terminal(sys.stderr) else ""
    _say(start + painted(f"interrupted: {text}", PLAIN, sys.stderr))


def reading(url: str) -> None:
    """Shows what it waits for, on a terminal."""
    if is_terminal(sys.stderr):
        note(f"reading {url}", FAINT)


def plan(text: str, to: TextIO | None = None) -> None:
    """A plan or its operations, each headed in the colour of what it does."""
    style = PLAIN
    for one in text.splitlines():
        if not one or not one.startswith(" "):
            style = _MARKS.get(one[:1], PLAIN)
        elif style != FAINT:
            style = PLAIN
        line(one, style, to)


def event(event: ApplyEvent, to: TextIO | None = None) -> None:
    """What happens while a plan is applied, a line for each, by default on standard error."""
    style = _EVENTS.get(event.kind)
    if style is None:
        return
    if to is None:
        note(str(event), style)
    else:
        line(str(event), style, to)


def ask(question: str, to: TextIO) -> bool:
    """Asks on a terminal. Everything but y and yes is no, and so is the end of the input."""
    print(f"\n{question} [y/N] ", end="", file=to, flush=True)
    try:
        answer = sys.stdin.readline()
    except UnicodeDecodeError:
        answer = ""
    if not answer:
        print(file=to, flush=True)
    return answer.strip().lower() in ("y", "yes")


def drop(stream: TextIO) -> None:
    """Sends what is still to come nowhere, after a failure; Python would try again at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _say(painted_text: str) -> None:
    # That nobody reads it is no reason to stop in the middle of the work.
    try:
        if sys.stderr is not None:
            print(painted_text, file=sys.stderr, flush=True)
    except OSError:
        drop(sys.stderr)
