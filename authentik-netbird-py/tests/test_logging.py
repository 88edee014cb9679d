"""What is logged: every request and every operation, and no secret."""

import asyncio
import logging
import subprocess
import sys
import threading

import pytest
from authentik_netbird import AsyncClient, Client, ConnectionOptions, NetbirdIntegration
from authentik_netbird.testing import Effect, Fault, FaultAnswer


@pytest.fixture
def records(caplog):
    class Collector(logging.Handler):
        def emit(self, record):
            found.append(record)

    found, collector, logger = [], Collector(), logging.getLogger("authentik_netbird")
    logger.addHandler(collector)
    caplog.set_level(logging.DEBUG, logger="authentik_netbird")
    yield found
    logger.removeHandler(collector)


def of_requests(records):
    return [record for record in records if hasattr(record, "attempt")]


def test_every_request_and_operation_is_logged(authentik, client, integration, records):
    outcome = client.apply(client.plan(integration))
    requests = of_requests(records)

    def summary(requests):
        return sorted((one.method, one.path.partition("?")[0], one.status) for one in requests)

    assert summary(requests) == summary(authentik.requests)
    operations = [record for record in records if hasattr(record, "operation")]
    assert len(operations) == outcome.report.changed == 12
    for record in requests:
        assert (record.name, record.levelno) == ("authentik_netbird", logging.DEBUG)
        assert 0 < record.elapsed < 60
        assert record.server == authentik.url.rstrip("/")
        assert record.attempt == 1
        assert f"{record.method} {record.path}: {record.status} (attempt 1, " in record.getMessage()
    for record in operations:
        assert record.levelno == logging.INFO
        assert record.state == "applied"
        assert record.getMessage().startswith(f"applied: {record.action} {record.resource} (")
    # On the caller's thread, and at the caller's line.
    assert {record.threadName for record in records} == {threading.current_thread().name}
    assert {record.filename for record in records} == {"test_logging.py"}


def test_attempts_and_lost_connections_are_logged(authentik, client, integration, records):
    authentik.add_fault(Fault(Effect.answer(FaultAnswer.empty(503)), on_path="brands", times=1))
    authentik.add_fault(Fault(Effect.reset(), on_path="flows", times=1))
    client.plan(integration)
    brands = [one for one in of_requests(records) if "brands" in one.path]
    assert [(one.attempt, one.status) for one in brands] == [(1, 503), (2, 200)]
    flows = [one for one in of_requests(records) if "flows" in one.path]
    assert [one.attempt for one in flows] == [1, 2]
    assert not hasattr(flows[0], "status")
    assert "lost the connection" in flows[0].getMessage()


def test_no_secret_is_logged(authentik, client, integration, records, tmp_path):
    client.provision(integration, tmp_path / "setup.env")
    outputs = client.outputs(integration)
    client.verify(integration, outputs)
    secrets = [authentik.token.expose(), outputs.account.app_password.expose()]
    text = "\n".join(f"{record.getMessage()} {vars(record)}" for record in records)
    assert len(records) > 30
    assert not [secret for secret in secrets if secret in text]


def test_asyncio_logs_in_the_event_loop(authentik, integration, records):
    async def plan():
        async with AsyncClient(authentik.url, token=authentik.token) as client:
            await client.plan(integration)

    asyncio.run(plan())
    assert len(of_requests(records)) == len(authentik.requests)
    assert {record.threadName for record in records} == {threading.current_thread().name}


def test_a_level_is_respected(authentik, client, integration, caplog):
    caplog.set_level(logging.INFO, logger="authentik_netbird")
    client.apply(client.plan(integration))
    assert {record.levelno for record in caplog.records} == {logging.INFO}
    caplog.clear()
    caplog.set_level(logging.WARNING, logger="authentik_netbird")
    client.plan(integration)
    assert caplog.records == []


def test_unchecked_certificates_are_a_warning(records):
    options = ConnectionOptions(danger_accept_invalid_certs=True)
    Client("https://authentik.company", token="ak-token", options=options)
    [warning] = records
    assert warning.levelno == logging.WARNING
    assert "certificates are not checked" in warning.getMessage()


def test_a_handler_that_raises_does_not_stop_a_call(client, integration, records, monkeypatch):
    class Broken(logging.Handler):
        def emit(self, record):
            try:
                raise OSError("no space")
            except OSError:
                self.handleError(record)

    monkeypatch.setattr(logging, "raiseExceptions", False)
    handler = Broken()
    logger = logging.getLogger("authentik_netbird")
    logger.addHandler(handler)
    try:
        assert client.plan(integration).has_changes
    finally:
        logger.removeHandler(handler)


def test_logging_is_not_imported_for_it():
    code = (
        "import sys; import authentik_netbird as a\n"
        "from authentik_netbird.testing import AuthentikSimulator\n"
        "s = AuthentikSimulator(); c = a.Client(s.url, token=s.token)\n"
        "c.plan(a.NetbirdIntegration(s.url, 'netbird.company'))\n"
        "assert 'logging' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_nothing_is_printed_by_a_program_without_handlers():
    code = (
        "import logging; import authentik_netbird as a\n"
        "options = a.ConnectionOptions(danger_accept_invalid_certs=True)\n"
        "a.Client('https://authentik.company', token='t', options=options)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, timeout=60, capture_output=True, text=True
    )
    assert done.stderr == ""


@pytest.mark.parametrize("kind", [Client, AsyncClient])
def test_a_client_from_the_environment(authentik, monkeypatch, kind):
    monkeypatch.setenv("AUTHENTIK_URL", authentik.url)
    monkeypatch.setenv("AUTHENTIK_TOKEN", authentik.token.expose())
    client = kind.from_env()
    assert isinstance(client, kind)
    assert client.url.rstrip("/") == authentik.url.rstrip("/")
    integration = NetbirdIntegration(client.url, "netbird.company")
    if kind is Client:
        assert client.plan(integration).has_changes
    else:
        assert asyncio.run(client.plan(integration)).has_changes


@pytest.mark.parametrize("value", [None, ""])
def test_variables_that_are_not_set_are_named(monkeypatch, value):
    for name in ("AUTHENTIK_URL", "AUTHENTIK_TOKEN"):
        if value is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, value)
    with pytest.raises(ValueError, match="AUTHENTIK_URL is not set") as caught:
        Client.from_env()
    assert [issue.field for issue in caught.value.issues] == ["authentik_url", "token"]
    assert "AUTHENTIK_TOKEN is not set" in str(caught.value)
