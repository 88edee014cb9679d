"""No secret in any repr, str, dict, JSON, pickle, traceback or log record; whatever goes wrong."""

import asyncio
import contextlib
import io
import json
import logging
import pickle
import traceback

import pytest
from authentik_netbird import (
    AsyncClient,
    AuthentikNetbirdError,
    Client,
    DesiredState,
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
            "operations",
            "all_redirect_uris",
            "netbird_env",
        ):
            with contextlib.suppress(AuthentikNetbirdError):
                made = value()
                yield json.dumps(made) if isinstance(made, dict) else ""
                yield from texts(made, seen)
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
        desired = DesiredState(integration)
        snapshot = client.observe(desired)
        plan = client.plan(integration)
        events = []
        outcome = client.apply(plan, on_event=events.append)
        read = client.outputs(integration)
        password = read.account.app_password.expose()
        things = [secretive, token, desired, snapshot, plan, events, outcome, read, client]
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
        with Client(url, token=token, retry_for=0) as client:
            client.apply(client.plan(integration))

    async def main_async(token):
        async with AsyncClient(url, token=token, retry_for=0) as client:
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
