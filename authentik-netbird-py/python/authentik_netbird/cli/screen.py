"""Writing to a screen: results to standard output, everything else to standard error."""

import io
import os
import re
import shlex
import stat
import sys
from collections.abc import Sequence
from typing import Any, TextIO

from .._native import CONFIGURE_COMMANDS, FileChange, Outputs, Plan, Secret
from ..enums import FileChangeKind, Purpose
from . import colour
from .colour import BAD, FAINT, GOOD, PLAIN, WARNING, Style, is_terminal, painted

_MARKS: dict[str, Style] = {
    "+": {"fg": "green", "bold": True},
    "~": {"fg": "yellow", "bold": True},
    "-": BAD,
    "!": {"fg": "yellow"},
    "=": FAINT,
}


class Mode:
    """How this run of the command writes."""

    format = "text"
    is_quiet = False
    verbosity = 0
    #: What was warned of, for JSON.
    warnings: list[dict[str, Any]] = []  # noqa: RUF012 (replaced by each run)


def prepare() -> None:
    """Makes every text printable: what an encoding cannot carry is escaped."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    Mode.format, Mode.is_quiet, Mode.verbosity = "text", False, 0
    Mode.warnings = []
    colour.turn_off(False)


def configure(arguments: Any) -> None:
    """Writes from now on as a command was asked to."""
    given = vars(arguments)
    Mode.format = "json" if given.get("as_json") else given.get("format") or "text"
    Mode.is_quiet, Mode.verbosity = given.get("quiet", False), given.get("verbose", 0)
    colour.turn_off(given.get("no_color", False))
    if Mode.verbosity > 1:
        _log()


def _log() -> None:
    """Shows each request, as the package logs it."""
    import logging

    logger = logging.getLogger("authentik_netbird")
    logger.setLevel(logging.DEBUG)
    if not logger.handlers:
        logger.addHandler(logging.StreamHandler())


def is_text() -> bool:
    """Whether the result is for people on a screen."""
    return Mode.format == "text"


def line(text: str = "", style: Style = PLAIN, to: TextIO | None = None) -> None:
    """A line of a result, on standard output if nothing else is said."""
    if to is None or to is sys.stdout:
        print(painted(text, style, sys.stdout))
    else:
        note(text, style)


def document(text: str) -> None:
    """A whole document on standard output, with one line end at its end."""
    print(text.rstrip("\n"))


def written(
    path: str, change: FileChange, configure: bool = True, *, kept_password: bool = False
) -> None:
    """Shows how NetBird's file changed, and if it did, how to `configure` NetBird with it."""
    for variable in change.variables if change.kind is FileChangeKind.CHANGED else ():
        note(str(variable), _MARKS.get(str(variable)[:1], PLAIN))
    if not change.is_change:
        line(f"{path} is unchanged.", GOOD)
    else:
        line(f"{path} is ready.", GOOD)
    if kept_password:
        test = shlex.join(["authentik-netbird", "verify", "--setup-env", path])
        line(f"Its app password was kept and not tested. To test it: {test}")
    if not change.is_change:
        return
    if configure:
        line("In NetBird's infrastructure_files, with this file as setup.env, run:\n")
        line(CONFIGURE_COMMANDS)
        line("The first command keeps NetBird's data store key: with another key all logins fail.")


def flush() -> None:
    """Sends out what was written to standard output so far."""
    if sys.stdout is not None:
        sys.stdout.flush()


def note(text: str, style: Style = PLAIN) -> None:
    """A line on standard error, unless nobody wants to know."""
    if not Mode.is_quiet:
        _say(painted(text, style, sys.stderr))


def warn(kind: str, message: str, hint: str) -> None:
    """A warning about how the command is used. `--quiet` does not silence it."""
    found = {"kind": kind, "message": message, "hint": hint, "accepted": False}
    if found in Mode.warnings:  # of another site
        return
    Mode.warnings.append(found)
    text = painted(f"{message}. {hint}", PLAIN, sys.stderr)
    _say(f"{painted('warning:', WARNING, sys.stderr)} {text}")


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
    """The same for the app password or the client secret, where it is known."""
    if outputs is not None and outputs.account is not None:
        mask(outputs.account.app_password)
    if outputs is not None and outputs.connector is not None:
        mask(outputs.connector.client_secret)


def failure(text: str) -> None:
    """Shows an error."""
    _say(painted("error:", BAD, sys.stderr) + " " + painted(text, PLAIN, sys.stderr))


def interrupted(text: str) -> None:
    """Shows what remains after a signal."""
    # The terminal has shown `^C` and left the cursor behind it.
    start = "\n" if is_terminal(sys.stderr) else ""
    _say(start + painted(f"interrupted: {text}", PLAIN, sys.stderr))


def heading(text: str, to: TextIO | None = None) -> None:
    """The name of a site, above what is about it."""
    line(f"# {text}", colour.HEADLINE, to)


def reading(url: str) -> None:
    """Shows what it waits for, on a terminal."""
    if is_terminal(sys.stderr):
        note(f"reading {url}", FAINT)


def plan(made: Plan, to: TextIO | None = None, accepted: Sequence[str] = ()) -> None:
    """A plan, each operation headed in the colour of what it does."""
    style = PLAIN
    for one in _shown(made, accepted).splitlines():
        if not one or not one.startswith(" "):
            style = _MARKS.get(one[:1], PLAIN)
        elif style != FAINT:
            style = PLAIN
        if re.search(r"[1-9]\d* to delete", one) and not one.startswith(" "):
            style = {"fg": "red"}
        line(one, style, to)


def _shown(made: Plan, accepted: Sequence[str]) -> str:
    """The text without what was accepted, and without what stays as it is unless it was asked for.
    What a teardown keeps is always shown: it says why.
    """
    hidden = {f"! {one}" for one in made.warnings if str(one.kind) in accepted}
    kept = [one for one in str(made).split("\n") if one not in hidden]
    blocks = re.sub("\n{3,}", "\n\n", "\n".join(kept)).split("\n\n")
    if Mode.is_quiet:
        return blocks[-1]
    if Mode.verbosity == 0 and made.purpose is not Purpose.TEAR_DOWN:
        blocks = [block for block in blocks if not block.startswith("= ")]
    return "\n\n".join(blocks)


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
    # An output that nobody reads does not stop the work.
    try:
        if sys.stderr is not None:
            # In one piece: sites are asked in threads.
            print(f"{painted_text}\n", end="", file=sys.stderr, flush=True)
    except OSError:
        drop(sys.stderr)
