"""What `first-start` does: create the owner of a new NetBird, and an access token of the owner."""

import os
import re
import secrets
import signal
import sys

from .._native import NetbirdInstance, Secret, netbird_instance
from .._native import first_start as start
from ..enums import Mode
from . import colour, common, config, connection, files, screen, settings, targets
from .command import Arguments, Command, Option, flag
from .connection import Connection
from .problems import CommandError, FileNotWrittenError, Problems, SettingsError
from .report import Section, finish
from .signals import Interrupted

PASSWORD = "NETBIRD_OWNER_PASSWORD"
_CONNECTION = ("netbird_url", "ca_file", "insecure", *connection.SECONDS)


def command(name: str, summary: str) -> Command:
    """The command."""
    import click

    reached = [option for option in connection.options() if option.name in _CONNECTION]
    reached[0].common = True
    own = [
        Option(
            "--email", metavar="EMAIL", help="the owner's e-mail address, the name at the login"
        ),
        Option("--name", default="Owner", metavar="NAME", help="the owner's name. Default: Owner"),
        Option(
            "--password-file",
            metavar="FILE",
            help="file with the owner's password, 8 to 72 characters; - is standard input. "
            f"Default: {PASSWORD}, or it is asked for on a terminal",
        ),
        flag(
            "--generate-password",
            help="if --password-file does not exist, generate a password and write it to that "
            "file, mode 0600",
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
            type=click.IntRange(1, 365),
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
        "the token in the file, nothing is done; else the owner gets another one."
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
    token = None
    if not found.accepts_token:
        password = _password(arguments, found)
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
        except (KeyboardInterrupt, Interrupted) as interrupt:
            number = getattr(interrupt, "number", signal.SIGINT)
            raise Interrupted(number, "run first-start again to finish") from None
        screen.mask(token)
        _write(target, token)
    shown = (token or known) if arguments.show_secrets else None
    if screen.is_text():
        _say(arguments, found, target, token, shown)
    result = {
        "netbird_url": url,
        "created_owner": found.setup_required,
        "created_token": token is not None,
        "path": target,
        "token": None if shown is None else shown.expose(),
    }
    return finish("first-start", [Section(result=result)])


def _checked(
    arguments: Arguments, given: config.Config, how: Connection, target: str | None
) -> tuple[str, Secret | None]:
    """NetBird's URL and the token that the file has, or `SettingsError` with every problem."""
    problems, url, known = Problems(), how.values.get("netbird_url"), None
    if url is None:
        problems.found.append("--netbird-url: missing. Use it, or set NETBIRD_URL.")
    with problems:
        settings.check_netbird_url(arguments, given)
    if arguments.email is None:
        problems.found.append("--email: missing. Use the owner's e-mail address.")
    if target is None and not arguments.show_secrets:
        problems.found.append(
            "--output: missing. Use it, or --show-secrets: NetBird shows the token only once."
        )
    if target is not None:
        with problems:
            targets.check(target, None, targets.Writes.REPLACED)
            known = _known(target)
    if arguments.generate_password:
        with problems:
            if arguments.password_file in (None, "-"):
                raise SettingsError("--generate-password: use --password-file FILE, too")
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
            f"cannot write {path}: it has something else than an access token of NetBird. "
            "Use another --output."
        )
    token = Secret(text)
    screen.mask(token)
    return token


def _password(arguments: Arguments, found: NetbirdInstance) -> Secret:
    path = arguments.password_file
    if arguments.generate_password and not os.path.exists(path):
        password = Secret(secrets.token_urlsafe(24))
        _write(path, password)
        screen.note(f"the owner's password is in {path}")
    elif path is not None:
        if path != "-" and files.is_world_readable(path):
            screen.warn(
                "password_file",
                f"everyone on this machine can read the owner's password in {path}",
                f"Run chmod 600 {path}, and change the password if others may have read it.",
            )
        # A line end is the editor's.
        password = Secret(files.read(path).rstrip("\r\n"))
    else:
        password = Secret(os.environ.get(PASSWORD) or _asked(found.setup_required))
    if not password.expose():
        raise SettingsError(
            f"the password of NetBird's owner is missing. Set {PASSWORD}, or use --password-file "
            "FILE (- is standard input)."
        )
    screen.mask(password)
    return password


def _asked(is_new: bool) -> str:
    """What is typed on the terminal; a new password twice."""
    if not colour.is_terminal(sys.stdin):
        return ""
    password = connection.asked("password of NetBird's owner")
    if is_new and password and connection.asked("the same again") != password:
        raise SettingsError("the two passwords differ. Run it again.")
    return password


def _write(path: str | None, secret: Secret) -> None:
    if path is None:
        return
    try:
        targets.replace(path, f"{secret.expose()}\n")
    except OSError as error:
        raise FileNotWrittenError(
            f"cannot write {path}: {error.strerror}. Run first-start again with another file."
        ) from None


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
    if target is not None:
        screen.note(f"to go on: authentik-netbird plan DOMAIN --netbird-token-file {target}")
