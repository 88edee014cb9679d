"""No secret in any repr, str, dict, JSON, pickle, traceback or log record; whatever goes wrong."""

import asyncio
import base64
import contextlib
import faulthandler
import io
import json
import logging
import os
import pickle
import subprocess
import sys
import traceback
from urllib.parse import quote

import pytest
from authentik_netbird import (
    AsyncClient,
    AuthentikNetbirdError,
    Client,
    ConnectionOptions,
    NetbirdIntegration,
    Secret,
)
from authentik_netbird.testing import AuthentikSimulator, Effect, Fault, FaultAnswer

TOKEN = "canary-token-8c41f07be2"
SHOWN_ON_PURPOSE = {"expose", "to_setup_env", "to_compose_env", "merge_into", "dump"}


def texts(thing, seen):
    """Every text that a thing, and what can be reached from it, shows."""
    if id(thing) in seen or isinstance(thing, (int, float, bytes, type(None))):
        return
    seen[id(thing)] = thing
    yield f"{thing!r} {thing!s} {thing:}"
    if isinstance(thing, BaseException):
        frames = traceback.TracebackException.from_exception(thing, capture_locals=True)
        yield "".join(frames.format())
        yield from texts(thing.__cause__, seen)
    with contextlib.suppress(TypeError):
        yield pickle.dumps(thing, 0).decode("latin-1")
    if isinstance(thing, (list, tuple)):
        for one in thing:
            yield from texts(one, seen)
        return
    if not type(thing).__module__.startswith("authentik_netbird"):
        return
    for name in dir(thing):
        if name.startswith("_") or name in SHOWN_ON_PURPOSE:
            continue
        value = getattr(thing, name, None)
        if callable(value) and name in (
            "to_dict",
            "to_json",
            "preview",
            "all_redirect_uris",
            "netbird_env",
        ):
            with contextlib.suppress(AuthentikNetbirdError):
                made = value()
                yield json.dumps(made) if isinstance(made, dict) else f"{made!r} {made}"
                # A preview's integration has a preview, and so on.
                yield from texts(made.operations if name == "preview" else made, seen)
        elif not callable(value):
            yield from texts(value, seen)


def shown(*things):
    seen = {}
    return "\n".join(text for thing in things for text in texts(thing, seen))


@pytest.fixture
def secretive(caplog, capfd):
    """A simulator with the canary for a token; afterwards logs and output are looked through."""
    caplog.set_level(1)
    with AuthentikSimulator(token=TOKEN) as simulator:
        yield simulator
        passwords = [token["key"] for token in simulator.dump()["tokens"]]
    out, err = capfd.readouterr()
    everything = out + err + "".join(str(vars(record)) for record in caplog.records)
    assert not [secret for secret in [TOKEN, *passwords] if secret in everything]


def test_the_whole_story(secretive):
    token = Secret(TOKEN)
    integration = NetbirdIntegration(secretive.url, "netbird.company")
    with Client(secretive.url, token=token) as client:
        plan = client.with_authors(client.plan(integration))
        events = []
        outcome = client.apply(plan, on_event=events.append)
        read = client.outputs(integration)
        password = read.account.app_password.expose()
        things = [secretive, token, plan, events, outcome, read, client]
        things.append(client.plan(integration))
        text = shown(*things, secretive.requests)
    assert len(text) > 20_000
    assert TOKEN not in text and password not in text


ECHOES = [
    Effect.answer(FaultAnswer.html(403, f"<p>Bearer {TOKEN}</p>")),
    Effect.answer(FaultAnswer.with_body(400, "application/json", f'{{"name": ["{TOKEN}"]}}')),
    Effect.answer(
        FaultAnswer.with_body(200, "application/json", f'{{"version_current": "{TOKEN}"}}')
    ),
    Effect.answer(FaultAnswer.with_body(500, "text/plain", f"Traceback: token={TOKEN}")),
    Effect.answer(FaultAnswer.empty(302).header("Location", f"https://login/?next={TOKEN}")),
    Effect.truncate(),
    Effect.cut(),
]


def failures(url):
    """What planning and applying ends in, blocking and with asyncio."""
    integration = NetbirdIntegration(url, "netbird.company")

    def main(token):
        with Client(url, token=token, options=ConnectionOptions(retry_timeout=0)) as client:
            client.apply(client.plan(integration))

    async def main_async(token):
        async with AsyncClient(
            url, token=token, options=ConnectionOptions(retry_timeout=0)
        ) as client:
            await client.apply(await client.plan(integration))

    for run in (main, lambda token: asyncio.run(main_async(token))):
        try:
            run(Secret(TOKEN))
        except AuthentikNetbirdError as error:
            yield error


@pytest.mark.parametrize("method", ["GET", "POST", "PATCH"])
@pytest.mark.parametrize("number", range(len(ECHOES)))
def test_under_faults(secretive, number, method):
    secretive.add_fault(Fault(ECHOES[number], on_method=method))
    found = list(failures(secretive.url))
    assert found or method != "GET", "nothing went wrong"  # a look-up heals some writes
    handler = logging.StreamHandler(io.StringIO())
    logger = logging.Logger("canary")
    logger.addHandler(handler)
    for error in found:
        logger.error("failed", exc_info=error)
    assert TOKEN not in shown(found) + handler.stream.getvalue()


def forms(secret):
    """What a secret may look like in a text: pieces that give it away."""
    raw = secret.encode()
    whole = [
        secret,
        repr(secret)[1:-1],
        json.dumps(secret)[1:-1],
        quote(secret, safe=""),
        raw.hex(),
    ]
    whole += [str(list(raw))[1:-1]]
    for start in range(3):
        part = raw[start:]
        whole += [
            encode(part).decode()[: len(part) * 8 // 6]
            for encode in (base64.b64encode, base64.urlsafe_b64encode)
        ]
    pieces = set()
    for form in whole:
        middle = len(form) // 2
        pieces |= {form[:12], form[middle - 6 : middle + 6], form[-12:]}
    return pieces


def told(text, *secrets):
    """The pieces of secrets that a text has."""
    return [piece for secret in secrets for piece in forms(secret) if piece in text]


def test_every_form_is_known():
    secret = 'p"ä/word-0123456789'
    for text in (
        repr(secret),
        base64.b64encode(b"jane:" + secret.encode()).decode(),
        quote(secret, safe=""),
        secret[:14],
        secret[5:],
        str(list(secret.encode())),
    ):
        assert told(f"before {text} after", secret)
    assert not told("nothing of the sort is said here", secret)


#: Answers and cuts of every kind; the secret may be echoed in any form.
ENCODED = [
    FaultAnswer.with_body(400, "application/json", json.dumps({"detail": text}))
    for text in (
        base64.b64encode(f"Bearer {TOKEN}".encode()).decode(),
        base64.b64encode(TOKEN.encode()).decode(),
        quote(TOKEN, safe=""),
        "x" * 285 + TOKEN,
        repr(f"Authorization: Bearer {TOKEN}"),
    )
]
FAULTS = {
    **{f"echo {number}": Effect.answer(answer) for number, answer in enumerate(ENCODED)},
    "cut": Effect.cut(),
    "truncated": Effect.truncate(),
    "empty 405": Effect.answer(FaultAnswer.empty(405)),
    "429": Effect.answer(FaultAnswer.empty(429)),
    "500": Effect.answer(FaultAnswer.with_body(500, "application/json", '{"detail": "oops"}')),
    "502": Effect.answer(FaultAnswer.html(502, "<title>502 Bad Gateway</title>")),
    "login": Effect.answer(FaultAnswer.empty(302).header("location", "https://login/?next=/")),
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("skip", [0, 13, 20])
def test_a_rotation_and_what_follows(secretive, fault, skip):
    """The rotated password, and everything else, in every form."""
    integration = NetbirdIntegration(secretive.url, "netbird.company")
    secrets = [TOKEN]
    with Client(
        secretive.url, token=Secret(TOKEN), options=ConnectionOptions(retry_timeout=0)
    ) as client:
        secretive.add_fault(Fault(FAULTS[fault], skip=skip, times=3))
        things = [client]
        for call in (whole_apply, whole_rotation, whole_teardown):
            things += attempt(call, client, integration)
            secrets += [token["key"] for token in secretive.dump()["tokens"]]
    assert not told(shown(*things), *secrets)


def attempt(call, *arguments):
    """What it made, or its error. Nothing secret is in this frame, which tracebacks show."""
    try:
        return call(*arguments)
    except AuthentikNetbirdError as error:
        return [error]


def whole_apply(client, integration):
    plan = client.plan(integration)
    return [plan, client.apply(plan), client.outputs(integration)]


def whole_rotation(client, integration):
    plan = client.plan_rotate(integration)
    rotated = client.apply(plan)
    return [plan, rotated, client.verify(integration, rotated.outputs)]


def whole_teardown(client, integration):
    plan = client.plan_teardown(integration)
    return [plan, client.apply(plan)]


def test_a_secret_alone():
    secret = Secret(TOKEN)
    said = f"{secret} {secret!r} {[secret]} { {'token': secret} } {vars(type(secret))}"
    for attempt in (
        lambda: pickle.dumps(secret),
        lambda: json.dumps(secret),
        lambda: secret + "x",
        lambda: Secret(secret.expose().encode()),
        lambda: int(secret),
        lambda: f"{secret:>40}",
        lambda: Client("https://authentik.company", token=TOKEN + "\n" + TOKEN),
        lambda: Client("https://jane:" + TOKEN + "@authentik.company", token=TOKEN),
        lambda: NetbirdIntegration("https://jane:" + TOKEN + "@authentik.company", "a.b"),
    ):
        try:
            said += repr(attempt())
        except Exception as error:
            said += f"{error} {error!r}" + "".join(traceback.format_exception_only(error))
    assert not told(said, TOKEN)


@pytest.mark.parametrize("command", ["plan", "apply", "verify", "rotate", "teardown"])
@pytest.mark.parametrize("fault", [None, "echo 0", "echo 3", "cut", "500"])
def test_the_command(secretive, tmp_path, command, fault):
    """Neither on stdout nor on stderr, with Python's own development mode saying what it can."""
    integration = NetbirdIntegration(secretive.url, "netbird.company")
    if command != "plan":
        with Client(secretive.url, token=Secret(TOKEN)) as client:
            outputs = client.apply(client.plan(integration)).outputs
            outputs.netbird_env().write(tmp_path / "setup.env")
    if fault:
        secretive.add_fault(Fault(FAULTS[fault], skip=9, times=4))
    yes = ["--yes"] if command in ("apply", "rotate", "teardown") else []
    ran = subprocess.run(
        [sys.executable, "-X", "dev", "-m", "authentik_netbird", command, "netbird.company", *yes],
        env=os.environ | {"AUTHENTIK_URL": secretive.url, "AUTHENTIK_TOKEN": TOKEN},
        cwd=tmp_path,
        input="",
        capture_output=True,
        text=True,
        timeout=60,
    )
    said = ran.stdout + ran.stderr
    assert said
    secrets = [TOKEN, *(token["key"] for token in secretive.dump()["tokens"])]
    assert not told(said, *secrets)


def test_a_crash_tells_none(secretive):
    """What faulthandler writes of a process that crashes has no values in it."""
    with Client(secretive.url, token=Secret(TOKEN)), open(os.devnull, "w+") as nowhere:
        faulthandler.dump_traceback(nowhere)
    program = f"""
import faulthandler, os, sys
from authentik_netbird import Client, ConnectionOptions, Secret
client = Client({secretive.url!r}, token=Secret(sys.stdin.read()))
faulthandler.enable()
os.abort()
"""
    ran = subprocess.run(
        [sys.executable, "-c", program], input=TOKEN, capture_output=True, text=True, timeout=60
    )
    assert "Aborted" in ran.stderr
    assert not told(ran.stdout + ran.stderr, TOKEN)
