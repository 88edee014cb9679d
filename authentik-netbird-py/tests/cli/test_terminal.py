"""On a terminal: asking, colour, Ctrl-C."""

import json
import signal
import socket
import subprocess
import sys
import termios
from types import SimpleNamespace

import pytest
from authentik_netbird import Purpose, cli
from authentik_netbird.cli import apply, signals
from authentik_netbird.cli.run import Runner
from authentik_netbird.testing import Effect, Fault

COLOUR = "\x1b["
#: A response is waited for longer than a test waits.
LONG = ("--timeout", "300")
QUESTION = "Apply these changes? [y/N] "


def writes(authentik):
    return [request for request in authentik.requests if request.is_write]


def test_yes_writes(terminal, authentik, tmp_path):
    one = terminal("apply", "netbird.company", "--setup-env", "setup.env")
    assert "+ create provider" in one.read_until(QUESTION) and writes(authentik) == []
    one.type("y\n")
    code, text = one.end()
    assert code == 0 and text.count("applied: ") == len(writes(authentik)) > 0
    assert "setup.env is ready" in text
    assert "NETBIRD_IDP_MGMT_EXTRA_PASSWORD" in (tmp_path / "setup.env").read_text()
    assert authentik.token.expose() not in text


@pytest.mark.parametrize("answer", ["n\n", "\n", "yeah\n", "\x04", b"\xff\n"])
def test_everything_else_does_not(terminal, authentik, answer, tmp_path):
    strict = {"PYTHONIOENCODING": "utf-8:strict"}
    one = terminal("apply", "netbird.company", "--setup-env", "setup.env", **strict)
    one.read_until(QUESTION)
    one.type(answer)
    code, text = one.end()
    assert code == 1 and text.endswith("canceled: nothing was written\r\n"), text
    assert writes(authentik) == [] and not (tmp_path / "setup.env").exists()


def test_who_changed_it_is_shown_before_the_question(terminal, run, change_by_hand):
    assert run("apply", "netbird.company", "--yes").returncode == 0
    change_by_hand()
    one = terminal("apply", "netbird.company")
    assert "last changed by akadmin at" in one.read_until(QUESTION)
    one.type("n\n")
    assert one.end()[0] == 1


def test_rotate_shows_the_plan_and_asks(terminal, run, authentik, tmp_path):
    assert run("apply", "netbird.company", "--yes", "--setup-env", "setup.env").returncode == 0
    text = (tmp_path / "setup.env").read_text()
    for answer, code in (("n\n", 1), ("y\n", 0)):
        authentik.clear_requests()
        one = terminal("rotate", "netbird.company", "--setup-env", "setup.env")
        shown = one.read_until("Continue? [y/N] ")
        assert "~ update app password" in shown and writes(authentik) == []
        one.type(answer)
        assert one.end()[0] == code and len(writes(authentik)) == 1 - code
        assert ((tmp_path / "setup.env").read_text() == text) is (code == 1)


def test_nothing_to_do_is_not_asked(terminal, run):
    assert run("apply", "netbird.company", "--yes").returncode == 0
    code, text = terminal("apply", "netbird.company").end()
    assert code == 0 and "Nothing to do" in text and QUESTION not in text


def test_json_leaves_the_plan_to_the_terminal(terminal, tmp_path):
    with open(tmp_path / "out", "w") as out:
        one = terminal("apply", "netbird.company", "--json", stdout=out)
    assert "+ create provider" in one.read_until(QUESTION)
    one.type("n\n")
    assert one.end()[0] == 1
    error = json.loads((tmp_path / "out").read_text())["error"]
    assert (error["kind"], error["message"]) == ("not_confirmed", "canceled: nothing was written")


def test_a_file_gets_no_question(terminal, tmp_path):
    with open(tmp_path / "out", "w") as out:
        one = terminal("apply", "netbird.company", stdout=out)
    one.read_until(QUESTION)
    one.type("y\n")
    code, _ = one.end()
    assert code == 0 and QUESTION not in (tmp_path / "out").read_text()


@pytest.mark.parametrize(
    "variables, coloured",
    [
        ({}, True),
        ({"NO_COLOR": "1"}, False),
        ({"NO_COLOR": ""}, True),
        ({"TERM": "dumb"}, False),
        ({"TERM": "dumb", "FORCE_COLOR": "1"}, True),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
    ],
)
def test_colour_on_a_terminal(terminal, variables, coloured):
    for arguments in (["plan", "netbird.company"], ["plan"]):
        _, text = terminal(*arguments, AUTHENTIK_URL="", **variables).end()
        assert "error:" in text and (COLOUR in text) is coloured, text
    _, text = terminal("preview", "netbird.company", **variables).end()
    assert (COLOUR in text) is coloured


def test_colour_elsewhere(run, terminal, tmp_path):
    assert COLOUR not in run("preview", "netbird.company").stdout
    assert COLOUR in run("preview", "netbird.company", FORCE_COLOR="1").stdout
    assert COLOUR not in run("plan").stderr
    # Each of the two is judged for itself.
    with open(tmp_path / "out", "w") as out:
        code, text = terminal("apply", "netbird.company", "--yes", stdout=out).end()
    assert code == 0 and f"{COLOUR}32mapplied" in text
    assert COLOUR not in (tmp_path / "out").read_text()


def test_it_says_what_it_waits_for(terminal, run, authentik):
    assert f"reading {authentik.url}" in terminal("plan", "netbird.company").end()[1]
    assert run("plan", "netbird.company").stderr == ""


def test_ctrl_c_while_it_reads(terminal, authentik, until):
    authentik.add_fault(Fault(Effect.hang()))
    one = terminal("plan", "netbird.company", *LONG)
    until(lambda: authentik.requests)
    assert_interrupted(one)


def test_ctrl_c_at_the_question(terminal, authentik):
    one = terminal("apply", "netbird.company")
    one.read_until(QUESTION)
    assert "no server was changed" in assert_interrupted(one)
    assert writes(authentik) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_lets_writes_in_flight_end(terminal, authentik, run, until, number):
    slow = Fault(Effect.delay(1), on_method="POST", on_path="/core/applications/")
    authentik.add_fault(slow)
    one = terminal("apply", "netbird.company", "--yes", "--json", "--setup-env", "setup.env")
    until(lambda: any("/core/applications/" in request.path for request in writes(authentik)))
    one.process.send_signal(number)
    one.read_until("stopping after the writes in flight")
    code, text = one.end()
    assert code == 128 + number and "applied: create application" in text, text
    assert "run apply again to finish" in text and "Traceback" not in text
    assert '"kind": "interrupted"' in text and '"state": "skipped"' in text
    sent = len(writes(authentik))
    assert text.count('"state": "applied"') == sent > 0
    authentik.clear_faults()
    assert run("plan", "netbird.company", "--detailed-exitcode").returncode == 2
    assert run("apply", "netbird.company", "--yes").returncode == 0
    assert run("plan", "netbird.company", "--detailed-exitcode").returncode == 0


def test_a_signal_during_the_last_write_leaves_nothing_to_finish(terminal, authentik, run, until):
    assert run("apply", "netbird.company", "--yes").returncode == 0
    authentik.add_fault(Fault(Effect.delay(1), on_method="POST", on_path="/set_key/"))
    one = terminal("rotate", "netbird.company", "--yes")
    until(lambda: any("/set_key/" in request.path for request in writes(authentik)))
    one.process.send_signal(signal.SIGTERM)
    code, text = one.end()
    assert code == 143 and "interrupted: everything is complete" in text, text


def test_a_second_ctrl_c_stops_at_once(terminal, authentik, until):
    authentik.add_fault(Fault(Effect.hang(), on_method="POST", on_path="/core/applications/"))
    one = terminal("apply", "netbird.company", "--yes", *LONG)
    until(lambda: any("/core/applications/" in request.path for request in writes(authentik)))
    one.type("\x03")
    one.read_until("press Ctrl-C again")
    assert "apply again" in assert_interrupted(one)


#: The loop waits and will be woken in half a minute; another thread gets the signal meanwhile.
SIGNAL_TO_ANOTHER_THREAD = """
import asyncio, signal, sys, threading
from authentik_netbird.cli.run import Runner
from authentik_netbird.cli.signals import Interrupted

def press():
    while sys._current_frames()[threading.main_thread().ident].f_code.co_name != "select":
        pass
    signal.pthread_kill(threading.get_ident(), signal.SIGINT)

async def work():
    asyncio.get_running_loop().call_later(30, print, "late")
    threading.Thread(target=press).start()
    await asyncio.Event().wait()

with Runner() as runner:
    try:
        runner.run(work())
    except Interrupted:
        print("interrupted")
"""


def test_a_signal_that_another_thread_gets_ends_the_wait():
    script = [sys.executable, "-c", SIGNAL_TO_ANOTHER_THREAD]
    assert subprocess.run(script, capture_output=True).stdout == b"interrupted\n"


def test_sigterm_while_it_reads(terminal, authentik, until):
    authentik.add_fault(Fault(Effect.hang()))
    one = terminal("plan", "netbird.company", "--json", *LONG)
    until(lambda: authentik.requests)
    one.process.send_signal(signal.SIGTERM)
    code, text = one.end()
    assert code == 143 and '"kind": "interrupted"' in text


def assert_interrupted(one):
    one.type("\x03")
    code, text = one.end()
    assert code == 130, text
    assert "\ninterrupted" in text and "Traceback" not in text, text
    return text


def test_what_is_said_if_the_end_is_interrupted(monkeypatch, capsys, environment, authentik):
    def finish(*_):
        raise signals.Interrupted(signal.SIGINT)

    monkeypatch.setattr(apply, "finish", finish)
    monkeypatch.setattr(signals, "prepare", lambda: None)
    monkeypatch.setattr(signals, "ignore", lambda: None)
    for name in ("AUTHENTIK_URL", "AUTHENTIK_TOKEN"):
        monkeypatch.setenv(name, environment[name])
    assert cli.main(["apply", "netbird.company", "--mode", "standalone", "--yes"]) == 130
    assert writes(authentik)
    assert capsys.readouterr().err.endswith("interrupted: run apply again to finish\n")


def test_one_question_has_what_each_site_asks(monkeypatch):
    asked = []
    monkeypatch.setattr(apply.colour, "is_terminal", lambda _: True)
    monkeypatch.setattr(apply.screen, "ask", lambda question, _: asked.append(question) or True)
    plans = [
        SimpleNamespace(
            purpose=Purpose.ROTATE, integration=SimpleNamespace(mode=mode), has_changes=True
        )
        for mode in ("standalone", "connector", "standalone")
    ]
    apply._confirm(plans, None)
    assert asked[0].count("app password") == asked[0].count("client secret") == 1


def test_a_token_that_is_typed_is_not_shown(terminal, authentik):
    one = terminal("plan", "netbird.company", "--token-file", "-", AUTHENTIK_TOKEN="")
    one.read_until("API token of authentik: ")
    one.type(authentik.token.expose() + "\n")
    code, text = one.end()
    assert code == 0 and authentik.token.expose() not in text


def test_status_leaves_the_terminal_with_its_echo(terminal):
    one = terminal("status", "netbird.company", "--token-file", "-", AUTHENTIK_TOKEN="")
    one.read_until("API token of authentik: ")
    before = termios.tcgetattr(one.screen)[3] & termios.ECHO
    assert_interrupted(one)
    assert (before, termios.tcgetattr(one.screen)[3] & termios.ECHO) == (0, termios.ECHO)


def test_a_second_call_in_one_process_reads_its_own_token(environment, authentik):
    arguments = ["plan", "netbird.company", "--token-file", "-"]
    code = f"from authentik_netbird.cli import main; print(*(main({arguments}) for _ in 'ab'))"
    token, known = authentik.token.expose(), environment | {"AUTHENTIK_TOKEN": ""}
    ended = subprocess.run(
        [sys.executable, "-c", code], env=known, input=token, capture_output=True, text=True
    )
    assert ended.stdout.splitlines()[-1] == "0 2" and "standard input is empty" in ended.stderr


def test_the_wake_up_of_another_loop_is_kept():
    ours, theirs = socket.socketpair()
    theirs.setblocking(False)
    before = signal.set_wakeup_fd(theirs.fileno())
    try:
        with Runner():
            pass
        assert signal.set_wakeup_fd(before) == theirs.fileno()
    finally:
        signal.set_wakeup_fd(before)
        ours.close()
        theirs.close()


def test_a_folder_that_went_away_while_it_asked(terminal, run, tmp_path):
    folder = tmp_path / "netbird"
    folder.mkdir()
    one = terminal("apply", "netbird.company", "--setup-env", "netbird/setup.env")
    one.read_until(QUESTION)
    folder.rmdir()
    one.type("y\n")
    code, text = one.end()
    assert code == 1 and "authentik is set up, but netbird/setup.env was not written" in text
    assert "authentik-netbird env netbird.company --output FILE" in text
    assert run("plan", "netbird.company").returncode == 0
    assert run("env", "netbird.company", "--output", "setup.env").returncode == 0
