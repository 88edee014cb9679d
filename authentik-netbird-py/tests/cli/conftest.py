"""The command as a process of its own, with pipes or on a terminal."""

import os
import pty
import select
import subprocess
import sys
import time

import pytest

#: Makes the terminal the process's own, so that its Ctrl-C is a signal.
ON_TERMINAL = """
import fcntl, os, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execv(sys.executable, [sys.executable, "-m", "authentik_netbird", *sys.argv[1:]])
"""
PATIENCE = 30


@pytest.fixture
def environment(authentik, tmp_path):
    """Variables of the process: a simulated authentik, and nothing that the shell says."""
    ours = (
        "NO_COLOR",
        "CLICOLOR",
        "CLICOLOR_FORCE",
        "FORCE_COLOR",
        "GITHUB_ACTIONS",
        "COLUMNS",
        "PYTHONIOENCODING",
        "PYTHONUNBUFFERED",
        "HTTPS_PROXY",
        "https_proxy",
    )
    known = {
        name: value
        for name, value in os.environ.items()
        if name not in ours and not name.startswith(("AUTHENTIK_", "NETBIRD_"))
    }
    return known | {
        "AUTHENTIK_URL": authentik.url,
        "AUTHENTIK_TOKEN": authentik.token.expose(),
        "TERM": "xterm",
        # No configuration of whoever runs the tests.
        "XDG_CONFIG_HOME": str(tmp_path / "nothing"),
    }


@pytest.fixture
def run(environment, tmp_path):
    """Runs it with pipes, in a folder of the test's own, and gives what came of it."""

    def run(*arguments, stdin="", **more):
        return subprocess.run(
            [sys.executable, "-m", "authentik_netbird", *arguments],
            env=environment | more,
            cwd=tmp_path,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )

    return run


@pytest.fixture
def terminal(environment, tmp_path):
    """Starts it on a terminal, in a folder of the test's own."""
    started = []

    def start(*arguments, stdout=None, **more):
        started.append(Terminal(arguments, environment | more, tmp_path, stdout))
        return started[-1]

    yield start
    for one in started:
        one.close()


class Terminal:
    """A process on a terminal; `stdout` may lead elsewhere."""

    def __init__(self, arguments, environment, folder, stdout):
        self.screen, slave = pty.openpty()
        self.text = ""
        self.process = subprocess.Popen(
            [sys.executable, "-c", ON_TERMINAL, *arguments],
            env=environment,
            cwd=folder,
            stdin=slave,
            stdout=slave if stdout is None else stdout,
            stderr=slave,
            start_new_session=True,
        )
        os.close(slave)

    def read_until(self, wanted):
        """Waits until this is on the screen."""
        while wanted not in self.text:
            assert self._read(), f"{wanted!r} never came:\n{self.text}"
        return self.text

    def type(self, text):
        os.write(self.screen, text if isinstance(text, bytes) else text.encode())

    def end(self):
        """Waits for the end; gives the exit code and all that was on the screen."""
        while self._read():
            pass
        return self.process.wait(PATIENCE), self.text

    def close(self):
        self.process.kill()
        self.process.wait()
        os.close(self.screen)

    def _read(self):
        if not select.select([self.screen], [], [], PATIENCE)[0]:
            raise AssertionError(f"it stands still:\n{self.text}")
        try:
            found = os.read(self.screen, 65536).decode(errors="replace")
        except OSError:  # Linux's way to say that the other end is closed
            found = ""
        self.text += found
        return found


@pytest.fixture
def until():
    """Waits until something is so."""

    def until(condition):
        end = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < end, "it never was so"
            time.sleep(0.005)

    return until
