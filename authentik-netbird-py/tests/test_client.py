"""Plan and apply, blocking and with asyncio; stopping half-way; fork; threads."""

import asyncio
import inspect
import os
import signal
import sys
import sysconfig
import threading
import time

import pytest
from authentik_netbird import (
    ApplyEventKind,
    AsyncClient,
    Client,
    ClientClosedError,
    ConnectionOptions,
    EventLoopError,
    FileChangeKind,
    InvalidPlanError,
    NetbirdIntegration,
    PartialApplyError,
    PermissionDeniedError,
    StalePlanError,
    TransportError,
)
from authentik_netbird.testing import AuthentikSimulator, Effect, Fault, FaultAnswer


@pytest.fixture
def integration(authentik):
    """The guide's setup, whose six writes in two waves are counted here."""
    return NetbirdIntegration(authentik.url, "netbird.company", as_in_guide=True)


def test_the_whole_story(client, integration, tmp_path):
    plan = client.plan(integration)
    assert plan.has_changes and len(plan.changes) == 6
    events = []
    outcome = client.apply(plan, on_event=events.append)
    assert outcome.report.changed == 6
    assert [event.kind for event in events].count(ApplyEventKind.APPLIED) == 6
    path = tmp_path / "setup.env"
    env = outcome.outputs.netbird_env()
    created = env.write(path)
    assert created.kind is FileChangeKind.CREATED and created.is_change
    assert len(created.variables) == len(env.variables)
    assert "+ NETBIRD_IDP_MGMT_EXTRA_PASSWORD: set" in str(created).splitlines()
    assert path.stat().st_mode & 0o777 == 0o600
    again = env.write(path)
    assert again.kind is FileChangeKind.UNCHANGED and not again.is_change
    [changed] = env.diff(path.read_text().replace("='netbird.company'", "=old"))
    assert (changed.name, changed.before, changed.after) == (
        "NETBIRD_DOMAIN",
        '"old"',
        '"netbird.company"',
    )
    password = outcome.outputs.account.app_password
    assert password.expose() in path.read_text()
    assert client.outputs(integration).account.app_password == password
    assert not client.plan(integration).has_changes


def test_asyncio(authentik, integration):
    async def main():
        async with AsyncClient(authentik.url, token=authentik.token) as client:
            events = []
            outcome = await client.apply(await client.plan(integration), on_event=events.append)
            assert outcome.report.changed == 6 and len(events) == 12
            assert not (await client.plan(integration)).has_changes
        with pytest.raises(ClientClosedError):
            await client.plan(integration)

    asyncio.run(main())


def test_many_tasks_share_one_client(authentik):
    authentik.set_latency(0.02)
    before = threading.active_count()

    async def one(client, number):
        integration = NetbirdIntegration(
            authentik.url,
            f"netbird{number}.company",
            application_slug=f"netbird{number}",
            provider_name=f"NetBird {number}",
            service_account_name=f"NetBird {number}",
        )
        await client.apply(await client.plan(integration))
        return (await client.plan(integration)).has_changes

    async def main():
        async with AsyncClient(authentik.url, token=authentik.token) as client:
            await client.plan(NetbirdIntegration(authentik.url, "first.company"))
            return await asyncio.gather(*(one(client, number) for number in range(50)))

    assert asyncio.run(main()) == [False] * 50
    assert threading.active_count() <= before + 10


def test_a_cancelled_task_leaves_what_the_next_run_completes(authentik, integration):
    authentik.set_latency(0.3)

    def writes():
        return [request for request in authentik.requests if request.is_write]

    async def until(condition):
        for _ in range(1000):
            if condition():
                return
            await asyncio.sleep(0.005)
        raise AssertionError("it never came to that")

    async def main():
        async with AsyncClient(authentik.url, token=authentik.token) as client:
            plan = await client.plan(integration)
            task = asyncio.create_task(client.apply(plan))
            await until(lambda: len(writes()) == 3)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await until(lambda: all(request.status for request in writes()))
            await asyncio.sleep(0.2)
            # The first wave was on its way; the second was never begun.
            assert len(writes()) == 3
            again = await client.plan(integration)
            assert 0 < len(again.changes) < 6
            await client.apply(again)
            assert not (await client.plan(integration)).has_changes

    asyncio.run(main())


def test_what_a_listener_raises_stops_the_work(authentik, client, integration):
    def listener(event):
        raise KeyError(event.kind)

    with pytest.raises(KeyError):
        client.apply(client.plan(integration), on_event=listener)

    async def main():
        async with AsyncClient(authentik.url, token=authentik.token) as other:
            with pytest.raises(KeyError):
                await other.apply(await other.plan(integration), on_event=listener)

    asyncio.run(main())
    client.apply(client.plan(integration))
    assert not client.plan(integration).has_changes


def test_ctrl_c_stops_a_blocking_call(authentik, client, integration):
    authentik.add_fault(Fault(Effect.hang()))
    pressed = []

    def press():
        pressed.append(time.monotonic())
        os.kill(os.getpid(), signal.SIGINT)

    threading.Timer(0.2, press).start()
    with pytest.raises(KeyboardInterrupt):
        client.plan(integration)
    assert time.monotonic() - pressed[0] < 20, "it waited for the time-out"


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_forked_process_works(client, integration):
    assert client.plan(integration).has_changes
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(writer, str(client.plan(integration).has_changes).encode())
        finally:
            os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    assert os.read(reader, 100) == b"True"
    assert client.plan(integration).has_changes


def test_threads_share_a_client(client, integration):
    results = []
    threads = [
        threading.Thread(target=lambda: results.append(client.plan(integration).has_changes))
        for _ in range(100)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [True] * 100


def test_closed_client_and_other_loop(authentik, client, integration):
    client.close()
    assert client.closed
    with pytest.raises(ClientClosedError):
        client.plan(integration)
    other = AsyncClient(authentik.url, token=authentik.token)
    asyncio.run(other.plan(integration))
    with pytest.raises(EventLoopError):
        asyncio.run(other.plan(integration))


def test_errors_say_what_happened(authentik, client, integration):
    with Client(authentik.url, token="wrong") as stranger, pytest.raises(PermissionError) as caught:
        stranger.plan(integration)
    assert isinstance(caught.value, PermissionDeniedError)
    assert caught.value.status == 403 and caught.value.action == "read"
    assert caught.value.resource.kind == "server" and caught.value.hint in str(caught.value)

    plan = client.plan(integration)
    authentik.add_fault(
        Fault(
            Effect.answer(FaultAnswer.empty(403)), on_method="POST", on_path="/core/applications/"
        )
    )
    with pytest.raises(PartialApplyError) as caught:
        client.apply(plan)
    assert caught.value.report.changed == 5
    assert [entry.operation for entry in caught.value.report.entries if entry.message] == [
        "application"
    ]
    assert caught.value.__cause__ is not None
    authentik.clear_faults()
    old = type(plan).from_json(plan.to_json())
    with pytest.raises(StalePlanError) as caught:
        client.apply(old)
    assert caught.value.differences

    url = authentik.url
    authentik.close()
    with (
        Client(url, token="t", options=ConnectionOptions(retry_timeout=0)) as late,
        pytest.raises(ConnectionError) as caught,
    ):
        late.plan(integration)
    assert isinstance(caught.value, TransportError) and caught.value.is_retryable


def test_the_fixture_of_the_package(authentik_simulator):
    assert isinstance(authentik_simulator, AuthentikSimulator)
    assert authentik_simulator.release == "2026.5"


@pytest.mark.skipif(not sysconfig.get_config_var("Py_GIL_DISABLED"), reason="not free-threaded")
def test_importing_it_does_not_bring_the_gil_back():
    assert not sys._is_gil_enabled()


def password_of(outputs):
    return outputs.account.app_password.expose()


def test_rotate_and_teardown(authentik, client, integration):
    before = authentik.dump()
    outcome = client.apply(client.plan(integration))
    plan = client.plan_rotate(integration)
    assert plan.purpose == "rotate" and plan.server_version is None
    assert [operation.id for operation in plan.changes] == ["app-password"]
    assert "fail until it has the new app password" in str(plan)
    assert client.outputs(integration) == outcome.outputs, "planning writes nothing"
    rotated = client.apply(plan).outputs
    assert rotated != outcome.outputs and rotated == client.outputs(integration)
    never = client.plan_rotate(integration, expiry="never")
    assert {operation.id for operation in never.operations} > {"app-password"}
    assert type(never).from_json(never.to_json()) == never
    with pytest.raises(ValueError, match="expiry"):
        client.plan_rotate(integration, expiry="2030-01-01T00:00:00Z")

    async def main():
        async with AsyncClient(authentik.url, token=authentik.token) as other:
            last = await other.apply(await other.plan_rotate(integration))
            plan = await other.plan_teardown(integration)
            assert plan.purpose == "tear_down" and len(plan.changes) == 4
            return last.outputs, await other.apply(plan)

    last, removed = asyncio.run(main())
    assert password_of(last) != password_of(rotated)
    assert removed.outputs is None and removed.report.changed == 4
    assert not client.plan_teardown(integration).has_changes
    assert authentik.dump()["users"] == before["users"]


def test_provision(authentik, client, integration, tmp_path):
    def readings():
        return sum("view_key" in request.path for request in authentik.requests)

    path = tmp_path / "setup.env"
    first = client.provision(integration, path)
    assert first.outcome.report.changed == 6 and first.file.kind is FileChangeKind.CREATED
    text = path.read_text()
    assert password_of(first.outcome.outputs) in text
    again = client.provision(integration, str(path))
    assert (
        not again.plan.has_changes
        and again.file.kind is FileChangeKind.UNCHANGED
        and readings() == 0
    )
    path.unlink()
    events = []

    async def main():
        async with AsyncClient(authentik.url, token=authentik.token) as other:
            lost = await other.provision(integration, path)
            assert (
                lost.file.kind is FileChangeKind.CREATED
                and readings() == 1
                and path.read_text() == text
            )
            plan = await other.plan_rotate(integration)
            return await other.provision_plan(plan, path, on_event=events.append)

    rotated = asyncio.run(main())
    # A rotation compares what it wrote with authentik's password: another one may have been later.
    assert rotated.file.kind is FileChangeKind.CHANGED and readings() == 2
    assert password_of(rotated.outcome.outputs) in path.read_text() != text
    assert [event.kind for event in events] == ["started", "applied"]
    with pytest.raises(InvalidPlanError, match="teardown"):
        client.provision_plan(client.plan_teardown(integration), path)
    assert not client.plan(integration).has_changes


def test_who_changed_it(authentik, client, integration, change_by_hand):
    client.apply(client.plan(integration))
    change_by_hand()
    plan = client.plan(integration)
    assert not any("/events/" in request.path for request in authentik.requests)
    named = client.with_authors(plan)
    [before], [after] = plan.changes, named.changes
    assert before.changed_by is None and after.changed_by.user == "akadmin"
    assert after.changed_by.to_dict()["at"] in str(named)
    client.apply(named)

    async def main():
        async with AsyncClient(authentik.url, token=authentik.token) as other:
            return await other.with_authors(await other.plan(integration))

    assert not asyncio.run(main()).has_changes


def test_an_async_client_is_documented_as_the_other():
    for name in ("plan", "apply", "provision_plan", "verify"):
        method, other = getattr(AsyncClient, name), getattr(Client, name)
        assert inspect.iscoroutinefunction(method)
        assert method.__doc__ == other.__doc__ and method.__qualname__ == f"AsyncClient.{name}"
        assert inspect.signature(method) == inspect.signature(other)
