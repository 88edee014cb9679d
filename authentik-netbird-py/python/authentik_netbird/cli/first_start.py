"""The command `first-start`: create the owner of a new NetBird, and the owner's access token."""

import os
import re
import secrets
import shlex
import signal
import sys

from .._native import NetbirdInstance, Secret, netbird_instance
from .._native import first_start as start
from ..enums import Mode
from . import colour, common, config, connection, files, screen, settings, targets
from .command import Arguments, Command, Option, flag, whole
from .connection import Connection
from .problems import CommandError, FileNotWrittenError, Problems, SettingsError
from .report import Section, finish
from .signals import Interrupted, saying

PASSWORD = "NETBIRD_OWNER_PASSWORD"
_CONNECTION = ("netbird_url", "ca_file", "insecure", *connection.SECONDS)


def command(name: str, summary: str) -> Command:
    """The command."""
    reached = [option for option in connection.options() if option.name in _CONNECTION]
    reached[0].common = True
    own = [
        Option("--email", metavar="EMAIL", help="the owner's email address, used to log in"),
        Option("--name", default="Owner", metavar="NAME", help="the owner's name. Default: Owner"),
        Option(
            "--password-file",
            metavar="FILE",
            help="file with the owner's password, 8 to 72 characters, or - for standard input. "
            f"Default: {PASSWORD}; else a terminal is prompted for it",
        ),
        flag(
            "--generate-password",
            help="for a new owner: if --password-file does not exist, generate a password and "
            "write it to that file, mode 0600",
        ),
        Option(
            "-o",
            "--output",
            "target",
            metavar="FILE",
            help="write the access token to this file, mode 0600. Default: netbird_token_file of "
            "the configuration",
        ),
        flag("--show-secrets", help="show the access token"),
        Option(
            "--days",
            type=whole(1, 365),
            default=30,
            metavar="DAYS",
            help="how long the access token is valid, 1 to 365. Default: 30",
        ),
        *common.configuration(every=False),
        *reached,
        *common.output(("text", "json")),
    ]
    details = (
        "For a NetBird with the embedded identity provider. Safe to run again: if NetBird accepts "
        "the token in the file, nothing is done; otherwise a new token is created."
    )
    return Command(name, first_start, own, summary=summary, details=details)


def first_start(arguments: Arguments) -> int:
    """Creates the owner, unless there is one, and an access token, unless the file has one."""
    [given] = config.load(arguments)
    how = settings.connection_of(arguments, given)
    target = arguments.target or given.values.get("netbird_token_file")
    url, known = _checked(arguments, given, how, target)
    with how.naming():
        found = netbird_instance(url, token=known, options=how.options())
    if found.mode is Mode.STANDALONE:
        raise CommandError(
            f"{url} has no embedded identity provider, so it has no first start: its users are "
            "authentik's. Use authentik-netbird apply."
        )
    token = None if found.accepts_token else _started(arguments, url, found, how, target)
    shown = (token or known) if arguments.show_secrets else None
    result = {
        "netbird_url": url,
        "created_owner": found.setup_required,
        "created_token": token is not None,
        "path": target,
        "token": None if shown is None else shown.expose(),
    }
    with saying("NetBird is set up" if target is None else f"the access token is in {target}"):
        if screen.is_text():
            _say(arguments, found, target, token, shown)
            if target is not None:
                screen.note(f"next: {_next(arguments, given, target)}")
        return finish("first-start", [Section(result=result)])


def _started(
    arguments: Arguments, url: str, found: NetbirdInstance, how: Connection, target: str | None
) -> Secret:
    """Creates a token and saves it in the file."""
    password, token = _password(arguments, found), None
    try:
        with how.naming():
            token = start(
                url,
                email=arguments.email,
                name=arguments.name,
                password=password,
                days=arguments.days,
                options=how.options(),
            )
        screen.mask(token)
        if target is not None:
            targets.write(target, f"{token.expose()}\n")
    except (KeyboardInterrupt, Interrupted) as interrupt:
        number = getattr(interrupt, "number", signal.SIGINT)
        text = f"{_left(is_certain=token is not None)} Run first-start again to finish."
        raise Interrupted(number, text) from None
    except FileNotWrittenError as error:
        text = f"{error}. {_left(is_certain=True)} Run first-start again with another file."
        raise FileNotWrittenError(text) from None
    return token


def _left(is_certain: bool) -> str:
    """The note about NetBird's state if this run ends early."""
    return (
        f"NetBird {'has' if is_certain else 'may have'} an owner now, and an access token named "
        "authentik-netbird that was not saved: delete it in NetBird, or let it expire."
    )


def _checked(
    arguments: Arguments, given: config.Config, how: Connection, target: str | None
) -> tuple[str, Secret | None]:
    """NetBird's URL and the token that the file has, or `SettingsError` with every problem."""
    problems, url, known = Problems(), how.values.get("netbird_url"), None
    if url is None:
        problems.found.append(connection.NETBIRD_URL_MISSING)
    with problems:
        settings.check_netbird_url(arguments, given)
    if arguments.email is None:
        problems.found.append("the owner's email address is missing. Use --email EMAIL.")
    if target is None and not arguments.show_secrets:
        problems.found.append(
            "the file for the token is missing. Use --output FILE, or --show-secrets: NetBird "
            "shows the token only once."
        )
    if target is not None:
        with problems:
            targets.check(target, None, targets.Writes.REPLACED)
            known = _known(target)
        password = arguments.password_file
        if password not in (None, "-") and os.path.realpath(password) == os.path.realpath(target):
            problems.found.append(
                f"--output: {target} is the same file as --password-file: the access token would "
                "replace the owner's password. Use two files."
            )
    if arguments.generate_password:
        with problems:
            if arguments.password_file in (None, "-"):
                raise SettingsError(
                    "--generate-password: missing --password-file FILE, which it is written to"
                )
            targets.check(arguments.password_file, None, targets.Writes.REPLACED)
    problems.raise_all()
    return str(url), known


def _known(path: str) -> Secret | None:
    """The access token in a file that is to be written; nothing else is replaced."""
    text = files.read(path).strip() if os.path.exists(path) else ""
    if not text:
        return None
    if not re.fullmatch("nbp_[0-9A-Za-z]+", text):
        raise SettingsError(
            f"cannot write {path}: it contains something other than an access token of NetBird. "
            "Use another --output."
        )
    token = Secret(text)
    screen.mask(token)
    return token


def _password(arguments: Arguments, found: NetbirdInstance) -> Secret:
    path = arguments.password_file
    if arguments.generate_password and not os.path.exists(path):
        if not found.setup_required:
            raise SettingsError(
                f"--password-file: {path} does not exist, but NetBird has an owner, so a generated "
                "password would be nobody's. Use a file with the owner's password."
            )
        password = Secret(secrets.token_urlsafe(24))
        targets.write(path, f"{password.expose()}\n")
        screen.note(f"the owner's password is in {path}")
    elif path is not None and not (path == "-" and colour.is_terminal(sys.stdin)):
        if path != "-" and files.is_world_readable(path):
            screen.warn(
                "password_file",
                f"everyone on this machine can read the owner's password in {path}",
                f"Run chmod 600 {path}, and change the password if others may have read it.",
            )
        # A line end is the editor's.
        password = Secret(files.read(path).rstrip("\r\n"))
    else:
        known = os.environ.get(PASSWORD) if path is None else None
        password = Secret(known or _asked(found.setup_required))
    if not password.expose():
        raise SettingsError(
            f"the password of NetBird's owner is missing. Set {PASSWORD}, or use --password-file "
            "FILE (- is standard input)."
        )
    screen.mask(password)
    return password


def _asked(is_new: bool) -> str:
    """Asks for a password on the terminal; for a new one twice."""
    if not colour.is_terminal(sys.stdin):
        return ""
    password = connection.asked("password of NetBird's owner")
    if is_new and password and connection.asked("the same again") != password:
        raise SettingsError("the two passwords differ. Run it again.")
    return password


def _say(
    arguments: Arguments,
    found: NetbirdInstance,
    target: str | None,
    token: Secret | None,
    shown: Secret | None,
) -> None:
    if found.setup_required:
        screen.line(f"NetBird is set up. Its owner is {arguments.email}.", colour.GOOD)
    else:
        screen.line("NetBird was already set up.", colour.GOOD)
    if token is None:
        screen.line(f"It accepts the access token in {target}: nothing to do.")
    elif target is not None:
        screen.line(f"A new access token of its owner is in {target}, for {arguments.days} days.")
    if shown is not None:
        screen.line(shown.expose())


def _next(arguments: Arguments, given: config.Config, target: str) -> str:
    """The command for the next step, with what was typed for this one."""
    words = ["authentik-netbird", "plan"]
    words += [] if "domain" in given.values else ["DOMAIN"]
    for name, value in (("--config", arguments.config), ("--site", arguments.site)):
        words += [] if value is None else [name, value]
    words += ["--netbird-url", arguments.netbird_url] if arguments.netbird_url else []
    if target != given.values.get("netbird_token_file"):
        words += ["--netbird-token-file", target]
    return shlex.join(words)
