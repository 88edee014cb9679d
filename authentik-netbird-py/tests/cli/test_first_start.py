"""The first start of a NetBird: its owner, and an access token of the owner."""

import json
import os
import stat

import pytest
from authentik_netbird import cli
from authentik_netbird.cli import signals
from authentik_netbird.testing import NetbirdSimulator

from .test_json import checked

OWNER = ("first-start", "--email", "owner@netbird.company")
VARIABLE = "NETBIRD_OWNER_PASSWORD"


@pytest.fixture
def new(environment):
    """A NetBird without an owner."""
    with NetbirdSimulator(set_up=False) as netbird:
        environment["NETBIRD_URL"] = netbird.url
        yield netbird


def test_the_way_through(run, new, tmp_path):
    given = (*OWNER, "-o", "token", "--password-file", "password")
    first = run(*given, "--generate-password")
    assert first.returncode == 0, first.stderr
    assert "NetBird is set up. Its owner is owner@netbird.company." in first.stdout
    token, password = (tmp_path / name for name in ("token", "password"))
    for file in (token, password):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert file.read_text().strip() not in first.stdout + first.stderr
    assert new.log_in_locally("owner@netbird.company", password.read_text().strip())
    # The token is good for the connector.
    found = ("plan", "netbird.company", "--netbird-token-file", "token", "--json")
    assert checked(run(*found))["result"]["mode"] == "connector"

    writes = sum(one.is_write for one in new.requests)
    known = token.read_text()
    again = checked(run(*OWNER, "-o", "token", "--json"))["result"]
    assert (again["created_owner"], again["created_token"], again["token"]) == (False, False, None)
    assert token.read_text() == known and sum(one.is_write for one in new.requests) == writes
    # One that expired is replaced; the owner stays.
    token.write_text("nbp_expired")
    renewed = run(*given, GITHUB_ACTIONS="true")
    assert "NetBird was already set up." in renewed.stdout and token.read_text() != known
    assert f"::add-mask::{token.read_text().strip()}" in renewed.stderr
    shown = run(*OWNER, "-o", "token", "--show-secrets", "--json")
    assert checked(shown)["result"]["token"] == token.read_text().strip()


@pytest.mark.parametrize("more", [[], ["--generate-password"]])
@pytest.mark.parametrize("target", [["-o", "./owner"], ["-o", "link"], ["--config", "c.toml"]])
def test_the_token_does_not_replace_the_password(run, new, tmp_path, more, target):
    (tmp_path / "link").symlink_to("owner")
    (tmp_path / "c.toml").write_text('netbird_token_file = "owner"\n')
    ended = run(*OWNER, "--password-file", "owner", *target, *more)
    assert ended.returncode == 2 and "the same file as --password-file" in ended.stderr
    assert not new.requests and not (tmp_path / "owner").exists()


def test_no_password_is_generated_for_an_owner_that_exists(run, new, tmp_path):
    assert run(*OWNER, "-o", "token", **{VARIABLE: "correct horse"}).returncode == 0
    given = ("-o", "other", "--password-file", "owner", "--generate-password")
    ended = run(*OWNER, *given)
    assert ended.returncode == 2
    assert "owner does not exist, but NetBird has an owner" in ended.stderr
    assert not (tmp_path / "owner").exists() and not (tmp_path / "other").exists()


@pytest.mark.parametrize(
    "arguments, variables, code, expected",
    [
        (["first-start"], {"NETBIRD_URL": ""}, 2, "3 problems, nothing was done"),
        ([*OWNER, "-o", "token"], {}, 2, f"Set {VARIABLE}"),
        ([*OWNER, "-o", "token"], {VARIABLE: "short1"}, 1, "at least 8 characters"),
        ([*OWNER, "-o", "notes"], {}, 2, "something other than an access token"),
        ([*OWNER, "-o", "t", "--generate-password"], {}, 2, "missing --password-file FILE"),
        ([*OWNER, "-o", "t", "--days", "366"], {}, 2, "--days: "),
        ([*OWNER, "-o", "t", "--password", "correct horse"], {}, 2, "--password does not exist"),
    ],
)
def test_usage(run, new, tmp_path, arguments, variables, code, expected):
    (tmp_path / "notes").write_text("mine")
    ended = run(*arguments, **variables)
    assert ended.returncode == code and expected in ended.stderr, ended.stderr
    for secret in ("correct horse", "short1"):
        assert secret not in ended.stdout + ended.stderr
    assert (tmp_path / "notes").read_text() == "mine" and not (tmp_path / "token").exists()


def test_only_the_owner_gets_a_token(run, new):
    assert run(*OWNER, "-o", "token", **{VARIABLE: "correct horse"}).returncode == 0
    wrong = run(*OWNER, "-o", "other", **{VARIABLE: "another horse"})
    assert wrong.returncode == 2 and "NetBird refuses the e-mail address or" in wrong.stderr
    with NetbirdSimulator(embedded=False) as standalone:
        none = run(*OWNER, "-o", "other", NETBIRD_URL=standalone.url)
    assert none.returncode == 1 and "has no embedded identity provider" in none.stderr


@pytest.mark.parametrize("given", [[], ["--password-file", "-"]])
def test_the_password_is_asked_for_on_a_terminal(terminal, new, tmp_path, given):
    started = terminal(*OWNER, "-o", "token", *given)
    for words in ("password of NetBird's owner: ", "the same again: "):
        started.read_until(words)
        started.type("correct horse\n")
    code, text = started.end()
    assert code == 0 and "correct horse" not in text
    assert (tmp_path / "token").read_text().startswith("nbp_")


@pytest.mark.parametrize(
    "error, code, kind, words",
    [
        (OSError(28, "No space left on device"), 1, "file_not_written", "with another file"),
        (signals.Interrupted(2), 130, "interrupted", "again to finish"),
    ],
)
def test_what_netbird_has_if_the_token_is_not_saved(
    monkeypatch, capsys, new, tmp_path, error, code, kind, words
):
    def fail(*_):
        raise error

    monkeypatch.setattr(os, "replace", fail)
    monkeypatch.setattr(signals, "prepare", lambda: None)
    monkeypatch.setattr(signals, "ignore", lambda: None)
    monkeypatch.setenv(VARIABLE, "correct horse")
    given = [*OWNER, "--netbird-url", new.url, "-o", str(tmp_path / "token"), "--json"]
    assert cli.main(given) == code
    written = json.loads(capsys.readouterr().out)["error"]
    assert written["kind"] == kind and words in written["message"]
    for said in ("NetBird has an owner now", "token named authentik-netbird that was not saved"):
        assert said in written["message"]
    assert not [*tmp_path.iterdir()]


def test_the_next_step_has_the_url_that_was_typed(run, new):
    typed = ("--netbird-url", new.url)
    first = run(*OWNER, "-o", "token", *typed, **{VARIABLE: "correct horse", "NETBIRD_URL": ""})
    _, _, rest = first.stderr.partition("next: authentik-netbird ")
    step = rest.replace("DOMAIN", "netbird.company").split()
    assert run(*step, NETBIRD_URL="").returncode == 0, rest
    forgotten = run(*(one for one in step if one not in typed), NETBIRD_URL="")
    assert forgotten.returncode == 2 and "its URL is missing" in forgotten.stderr


def test_the_next_step_of_a_site_needs_nothing_else(run, new, tmp_path):
    site = ["[sites.a]", 'domain = "a.company"', 'netbird_token_file = "token"']
    site.append(f'netbird_url = "{new.url}"')
    (tmp_path / "authentik-netbird.toml").write_text("\n".join(site))
    first = run(*OWNER, "--site", "a", **{VARIABLE: "correct horse", "NETBIRD_URL": ""})
    assert "next: authentik-netbird plan --site a\n" in first.stderr, first.stderr
    assert run("plan", "--site", "a", NETBIRD_URL="").returncode == 0
