"""How the command connects: what is allowed on request, and what fails at once."""

import json
import os
import socket

import pytest
from authentik_netbird.cli import files
from authentik_netbird.cli.connection import Connection

PLAN = ["plan", "netbird.company"]


@pytest.mark.parametrize(
    "url, said",
    [
        ("https://no-such-host.invalid", ["could not resolve no-such-host.invalid", "DNS"]),
        ("https://127.0.0.1:PORT", ["does not speak https", "https on 9443"]),
    ],
)
def test_what_fails_at_once(run, authentik, url, said):
    url = url.replace("PORT", authentik.url.rpartition(":")[2])
    # Retried, it would take longer than a test waits.
    failed = run(*PLAN, "--authentik-url", url, "--retry-timeout", "300")
    assert failed.returncode == 1
    for text in [*said, "hint: "]:
        assert text in failed.stderr, failed.stderr
    error = json.loads(run(*PLAN, "--authentik-url", url, "--json").stdout)["error"]
    assert error["kind"] == "transport" and error["is_retryable"] is False


def test_a_proxy_is_named_as_a_possible_cause(run):
    url = ["--authentik-url", "https://authentik.company", "--retry-timeout", "0"]
    failed = run(*PLAN, *url, HTTPS_PROXY="http://127.0.0.1:1")
    assert failed.returncode == 1 and "could not connect" in failed.stderr
    assert "HTTPS_PROXY or ALL_PROXY is set: check that proxy, too" in failed.stderr
    assert "PROXY" not in run(*PLAN, *url, HTTPS_PROXY="").stderr


def test_plain_http_on_request(run):
    url = "http://no-such-host.invalid:9000"
    refused = run(*PLAN, "--authentik-url", url)
    assert refused.returncode == 2 and "in the clear" in refused.stderr
    assert "--allow-http" in refused.stderr and "warning: " not in refused.stderr
    half = run(*PLAN, "--authentik-url", url, "--allow-http")
    assert half.returncode == 2 and "--public-url: missing" in half.stderr
    public = ["--public-url", "https://authentik.company"]
    allowed = run(*PLAN, "--authentik-url", url, "--allow-http", *public)
    assert allowed.returncode == 1 and "could not resolve" in allowed.stderr
    assert "warning: the token may be sent over plain http" in allowed.stderr
    by_variable = run(*PLAN, "-q", *public, AUTHENTIK_URL=url, AUTHENTIK_NETBIRD_ALLOW_HTTP="1")
    assert by_variable.returncode == 1 and "warning: " in by_variable.stderr


def test_any_certificate_on_request(run, authentik):
    loud = run(*PLAN, "--insecure", "--json")
    assert loud.returncode == 0 and "warning: certificates are not checked" in loud.stderr
    assert json.loads(loud.stdout)["warnings"][0]["kind"] == "insecure"
    assert "certificates" in run(*PLAN, AUTHENTIK_NETBIRD_INSECURE="true").stderr
    assert "certificates" not in run(*PLAN, AUTHENTIK_NETBIRD_INSECURE="no").stderr


def test_timeouts(run):
    with socket.socket() as listening:
        # It accepts, and never answers.
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        given = ["--timeout", "0.3", "--connect-timeout", "1", "--retry-timeout", "0"]
        failed = run(*PLAN, "--authentik-url", url, *given)
        assert failed.returncode == 1 and "did not respond in time" in failed.stderr
        assert "attempts" not in failed.stderr


def test_a_pipe_is_read_before_others_need_it(tmp_path):
    reading, writing = os.pipe()
    os.write(writing, b"ak-of-a-pipe")
    os.close(writing)
    files.forget()
    Connection({"token_file": f"/dev/fd/{reading}"}, {}).read_tokens(with_netbird=False)
    os.close(reading)
    assert files.once(f"/dev/fd/{reading}") == "ak-of-a-pipe"
    files.forget()
