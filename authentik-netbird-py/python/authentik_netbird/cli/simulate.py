"""The command `simulate`: run a simulated authentik until it is stopped."""

import time

from .._native import AuthentikSimulator
from . import common, screen
from .command import Arguments, Command, Option, seconds_or_zero, whole
from .demo import release
from .problems import CommandError
from .report import Section, finish
from .signals import Interrupted


def command(name: str, summary: str) -> Command:
    """The command."""
    own = [
        release(),
        Option(
            "--port",
            type=whole(0, 65535),
            default=0,
            metavar="PORT",
            help="port on 127.0.0.1. Default: any free port",
        ),
        Option(
            "--latency",
            type=seconds_or_zero,
            default=0.0,
            metavar="SECONDS",
            help="minimum time for each response. Default: 0",
        ),
        *common.output(("text", "json")),
    ]
    details = "Runs until Ctrl-C, listens on 127.0.0.1 only, and keeps nothing."
    return Command(name, simulate, own, summary=summary, details=details)


def simulate(arguments: Arguments) -> int:
    """Runs a simulated authentik."""
    try:
        running = AuthentikSimulator(
            release=arguments.release, port=arguments.port, latency=arguments.latency
        )
    except OSError as error:
        raise CommandError(str(error)) from None
    with running as authentik:
        # It is made for tests and opens nothing else, so everyone may know it.
        token = authentik.token.expose()
        result = {"url": authentik.url, "token": token, "release": str(authentik.release)}
        if screen.is_text():
            screen.line(f"export AUTHENTIK_URL={authentik.url}")
            screen.line(f"export AUTHENTIK_TOKEN={token}")
            screen.note(f"authentik {authentik.release} is simulated until Ctrl-C")
        code = finish("simulate", [Section(result=result)])
        try:
            while True:
                time.sleep(3600)
        except (KeyboardInterrupt, Interrupted):
            return code
