"""Bad input: said in one go, without a traceback, a secret, or a word to the server."""

import json
import os
import subprocess
import sys

import pytest

CANARY = "canary-5f0d2c"
PLAN = ["plan", "netbird.company"]
HAS_CHANGES = [*PLAN, "--detailed-exitcode"]
APPLY = ["apply", "netbird.company", "--yes"]
NOTHING = {"AUTHENTIK_URL": "", "AUTHENTIK_TOKEN": ""}

ARGUMENTS = {
    "no command": ([], {}, ["COMMAND", "examples:"]),
    "no such command": (["plam"], {}, ['"plam" is not a command; did you mean plan?', "--help"]),
    "option before the command": (["--yes", *PLAN], {}, ["COMMAND must come before --yes"]),
    "argument as an option": (
        ["plan", "--domain", "netbird.company"],
        {},
        ["unknown option --domain; the domain is given without it"],
    ),
    "unknown option": ([*PLAN, "--jsn"], {}, ["unknown option --jsn", "did you mean --json?"]),
    "option of other commands": (
        [*PLAN, "--yes", "--as", "json"],
        {},
        ["unknown option --yes; it is an option of apply, ", "--as; it is an option of env"],
    ),
    "option that was mistyped, without a command": (
        ["--versoin"],
        {},
        ["unknown option --versoin; did you mean --version?"],
    ),
    "port out of range": (
        ["simulate", "--port", "70000"],
        {},
        ["--port: expected a whole number from 0 to 65535\n"],
    ),
    "abbreviated option": ([*PLAN, "--application", "x"], {}, ["unknown option --application"]),
    "two unknown ones": ([*PLAN, "--a", "--b"], {}, ["2 problems", "--a", "--b"]),
    "unknown with a token": ([*PLAN, f"--api-token={CANARY}"], {}, ["--api-token"]),
    "unknown with a token behind": ([*PLAN, "--api-token", CANARY], {}, ["--api-token"]),
    "too many arguments": ([*PLAN, CANARY], {}, ["too many arguments"]),
    "token": ([*PLAN, "--token", CANARY], {}, ["--token does not exist", "AUTHENTIK_TOKEN"]),
    "token, joined": ([*PLAN, f"--token={CANARY}"], {}, ["--token does not exist"]),
    "token, first": (["--token", CANARY, *PLAN], {}, ["--token does not exist"]),
    "another option with a token, first": (
        ["--key", CANARY, *PLAN],
        {},
        ["COMMAND must come before --key"],
    ),
    "choice": ([*PLAN, "--redirect-uris", "all"], {}, ["--redirect-uris", "recommended"]),
    "close to a choice": (
        [*PLAN, "--redirect-uris", "recomended"],
        {},
        ['"recomended" is not one of', "did you mean recommended?"],
    ),
    "close to one of many": (
        [*PLAN, "--accept-warning", "loopback"],
        {},
        ['"loopback" is not one of the known names; did you mean loopback_address?'],
    ),
    "without a value": ([*PLAN, "--site"], {}, ["--site: expected a value"]),
    "redirect URI": ([*PLAN, "--extra-redirect-uri", "https://x"], {}, ["strict:URL"]),
    "timeout, no number": ([*PLAN, "--timeout", "x"], {}, ["--timeout", "seconds"]),
    "timeout, nan": ([*PLAN, "--timeout", "nan"], {}, ["--timeout", "seconds"]),
    "timeout, negative": ([*PLAN, "--timeout=-1"], {}, ["--timeout", "seconds"]),
    "timeout, zero": ([*PLAN, "--timeout", "0"], {}, ["--timeout", "seconds"]),
    "nothing given": (
        ["plan"],
        NOTHING,
        ["3 problems", "- authentik's URL is missing", "- DOMAIN is missing", "- the API token"],
    ),
    "domain missing": (["preview"], {}, ["DOMAIN is missing"]),
    "domain with a space": (["plan", "net bird"], {}, ["DOMAIN: ", "host name"]),
    "domain empty": (["plan", ""], {}, ["DOMAIN: "]),
    "domain that is a URL": (["plan", "https://netbird.company"], {}, ["DOMAIN: ", "is a URL"]),
    "domain of bytes": (["plan", os.fsdecode(b"\xff")], {}, ["DOMAIN: ", "locale"]),
    "name of bytes": (
        [*PLAN, "--access-group", os.fsdecode(b"\xff")],
        {},
        ["--access-group: not valid in this locale. Use UTF-8"],
    ),
    "http": (
        [*PLAN, "--authentik-url", "http://authentik.company"],
        {},
        ["--authentik-url: ", "https"],
    ),
    "url with a password": (
        [*PLAN, "--authentik-url", f"https://jane:{CANARY}@authentik.company"],
        {},
        ["--authentik-url: ", "password"],
    ),
    "url of the environment": (PLAN, {"AUTHENTIK_URL": "x"}, ['AUTHENTIK_URL: "x" is not a URL']),
    "token of two lines": (PLAN, {"AUTHENTIK_TOKEN": f"{CANARY} a"}, ["AUTHENTIK_TOKEN: "]),
    "token of bytes": (PLAN, {"AUTHENTIK_TOKEN": os.fsdecode(b"canary-5f0d2c\xff")}, ["token"]),
    "fields, file and token": (
        ["plan", "a b", "--application-slug", "a/b", "--output", "no/plan.json"],
        {"AUTHENTIK_TOKEN": ""},
        ["4 problems", "- DOMAIN: ", "- --application-slug: ", "- the API token", "no/plan.json"],
    ),
    "plan with a domain": (
        [*APPLY, "--plan", "p", "--application-slug", "x", "--config", "c"],
        {},
        ["--plan already contains", "DOMAIN", "--application-slug", "--config"],
    ),
    "plan that is nothing": (["apply", "--yes", "--plan", ""], {}, ["cannot read"]),
    "plan and token from stdin": (
        ["apply", "--yes", "--plan", "-", "--token-file", "-"],
        {},
        ["standard input"],
    ),
    "config that is nothing": ([*PLAN, "--config", ""], {}, ["cannot read"]),
    "config that is not there": ([*PLAN, "--config", "no.toml"], {}, ["no.toml", "No such file"]),
    "token file that is not there": (
        [*PLAN, "--token-file", "no"],
        {},
        ["--token-file: cannot read no: "],
    ),
    "token file that is a directory": ([*PLAN, "--token-file", "."], {}, ["cannot read .", "dir"]),
    "token from an empty stdin": ([*PLAN, "--token-file", "-"], {}, ["standard input is empty"]),
    "authorities that are not there": (
        PLAN,
        {"AUTHENTIK_NETBIRD_CA_FILE": "no"},
        ["CA_FILE: cannot"],
    ),
    "out without a folder": (
        [*PLAN, "--output", "no/plan"],
        {},
        ["cannot write no/plan", "does not exist"],
    ),
    "out that is a directory": ([*PLAN, "--output", "."], {}, ["cannot write .", "directory"]),
    "out that is stdout": ([*PLAN, "--output", "-"], {}, ["cannot write -", "name of a file"]),
    "env without a folder": (
        [*APPLY, "--setup-env", "no/env"],
        {},
        ["cannot write no/env", "does not exist"],
    ),
    "env that is a directory": ([*APPLY, "--setup-env", "."], {}, ["cannot write .", "directory"]),
    "env that is nothing": ([*APPLY, "--setup-env", ""], {}, ["cannot write"]),
    "env that is a device": ([*APPLY, "--setup-env", "/dev/null"], {}, ["regular file"]),
    "output in a file": (
        ["env", "netbird.company", "--output", "/dev/null/x", "--as", "json"],
        {},
        ["cannot write /dev/null/x", "does not exist"],
    ),
}

FILES = {
    "syntax of TOML": ("n.toml", 'domain = "a"\nbrand = \n', ["n.toml: ", "line 2"]),
    "twice in TOML": ("n.toml", 'domain = "a"\ndomain = "b"\n', ["n.toml: "]),
    "syntax of JSON": ("n.json", '{"domain": "a",\n', ["n.json: ", "line 2"]),
    "a list": ("n.json", "[1, 2]", ["n.json: ", "options by name"]),
    "NaN": ("n.json", '{"domain": NaN}', ["n.json: ", "NaN"]),
    "deep": ("n.json", "[" * 100_000, ["n.json: ", "deep"]),
    "binary": ("n.json", b"\xff\xfe", ["cannot read n.json", "UTF-8"]),
    "another form": ("n.yaml", "", ["n.yaml", ".toml or .json"]),
    "unknown and wrong": (
        "n.toml",
        f'token = "{CANARY}"\ndomain = 7\nadopt = "yes"\nservice_account = "king"\n',
        [
            "3 problems",
            "n.toml: domain",
            "n.toml: adopt",
            "n.toml: service_account",
        ],
    ),
    "an unknown key": (
        "n.toml",
        'aplication_slug = "x"\n[sites.a]\nbrnad = "x"\n',
        [
            "n.toml: aplication_slug: unknown option; did you mean application_slug?",
            "n.toml: sites.a.brnad: unknown option; did you mean brand?",
        ],
    ),
    "a day": ("n.toml", "app_password_expires = 2030-01-31", ["n.toml: app_password", "in UTC"]),
    "endless": ("n.toml", "application_slug = inf", ["application_slug"]),
    "a list of days": ("n.toml", "extra_redirect_uris = [2030-01-31]", ["extra_redirect_uris"]),
    "a list of texts": ("n.toml", 'extra_redirect_uris = ["x"]', ["n.toml: extra_redirect_uris"]),
}


def check(ended, said, authentik):
    assert ended.returncode == 2 and ended.stdout == "", ended.stdout
    for text in said:
        assert text in ended.stderr, ended.stderr
    assert "Traceback" not in ended.stderr and CANARY not in ended.stderr
    assert authentik.requests == ()


@pytest.mark.parametrize("name", ARGUMENTS)
def test_arguments(run, authentik, name):
    arguments, variables, said = ARGUMENTS[name]
    ended = run(*arguments, **variables)
    check(ended, said, authentik)
    assert ended.stderr.startswith("error: ") or not arguments


@pytest.mark.parametrize("name", FILES)
def test_files_of_options(run, authentik, tmp_path, name):
    file, text, said = FILES[name]
    (tmp_path / file).write_bytes(text if isinstance(text, bytes) else text.encode())
    domain = [] if "domain" in str(text) else ["netbird.company"]
    check(run("plan", *domain, "--config", file), said, authentik)


@pytest.mark.parametrize(
    "text, said",
    [
        (b"", "token file is empty"),
        (b" \n", "token file is empty"),
        (b"\xff", "UTF-8"),
        (b"canary-5f0d2c a\nb", "token"),
    ],
)
def test_token_files(run, authentik, tmp_path, text, said):
    (tmp_path / "token file").write_bytes(text)
    check(run(*PLAN, "--token-file", "token file"), [said], authentik)


def test_authorities(run, authentik, tmp_path):
    (tmp_path / "ca.pem").write_text("no certificate")
    check(run(*PLAN, "--ca-file", "ca.pem"), ["ca.pem: ", "BEGIN"], authentik)


@pytest.mark.parametrize(
    "text, said",
    [
        ("A=1\nOTHER = a\n", ["setup.env: line 2", "spaces around the = of OTHER"]),
        ("A='\n", ["setup.env: line 1"]),
        (b"\xff", ["cannot read setup.env", "UTF-8"]),
        ("exit\nreadonly NETBIRD_DOMAIN=x\n", ["2 problems", "line 1", "line 2"]),
    ],
)
def test_a_setup_env_that_cant_be_merged_stops_it_before_it_writes(
    run, authentik, tmp_path, text, said
):
    (tmp_path / "setup.env").write_bytes(text if isinstance(text, bytes) else text.encode())
    for arguments in (APPLY, ["env", "netbird.company"]):
        option = "--setup-env" if arguments is APPLY else "--output"
        check(run(*arguments, option, "setup.env"), said, authentik)


def test_a_protected_setup_env(run, authentik, tmp_path):
    (tmp_path / "setup.env").touch(0o400)
    check(run(*APPLY, "--setup-env", "setup.env"), ["setup.env", "write-protected"], authentik)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_protected_folder(run, authentik, tmp_path):
    (tmp_path / "folder").mkdir(0o500)
    check(run(*APPLY, "--setup-env", "folder/setup.env"), ["permission denied"], authentik)
    check(run(*PLAN, "--output", "folder/plan"), ["permission denied"], authentik)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
@pytest.mark.parametrize("mode", [0o777, 0o1777])
def test_what_another_user_put_there(run, authentik, tmp_path, mode):
    shared, mine = tmp_path / "shared", tmp_path / "mine"
    shared.mkdir()
    shared.chmod(mode)
    mine.write_text("precious\n")
    link, file = shared / "link", shared / "file"
    link.symlink_to(mine)
    file.write_text("OTHER=1\n")
    os.chown(link, 65534, 65534, follow_symlinks=False)
    os.chown(file, 65534, 65534)
    said = ["shared/link", "a symbolic link of another user"]
    check(run(*PLAN, "--output", "shared/link"), said, authentik)
    check(run(*APPLY, "--setup-env", "shared/link"), said, authentik)
    check(run("env", "netbird.company", "--output", "shared/link"), said, authentik)
    said = ["shared/file", "a file of another user"]
    check(run(*APPLY, "--setup-env", "shared/file"), said, authentik)
    check(run("env", "netbird.company", "--output", "shared/file"), said, authentik)
    assert mine.read_text() == "precious\n" and file.read_text() == "OTHER=1\n"
    (shared / "new").touch()
    assert run(*HAS_CHANGES, "--output", "shared/new").returncode == 2
    assert run(*HAS_CHANGES, "--output", "plan").returncode == 2
    assert (tmp_path / "plan").stat().st_mode & 0o777 == 0o600


def test_saved_plans(run, authentik, tmp_path):
    assert run(*PLAN, "--output", "plan").returncode == 0
    plan = (tmp_path / "plan").read_text()
    authentik.clear_requests()
    for text, said in [
        (plan[:-20], "not a complete JSON document"),
        (plan.replace('"minutes=10"', '"minutes=99"'), "edited"),
        (plan.replace('"format_version": 2', '"format_version": 9'), "format_version"),
        ("[]", "format_version"),
        ("", "not a complete JSON document"),
    ]:
        assert text != plan
        (tmp_path / "plan").write_text(text)
        check(run("apply", "--yes", "--plan", "plan"), ["plan: the plan cannot", said], authentik)
    (tmp_path / "plan").write_text(plan)
    # The token must not go to whatever server a file names.
    elsewhere = {"AUTHENTIK_URL": "https://authentik.company"}
    said = [authentik.url, "https://authentik.company", "new plan"]
    check(run("apply", "--yes", "--plan", "plan", **elsewhere), said, authentik)
    said = ['AUTHENTIK_URL: "nonsense" is not a URL']
    check(run("apply", "--yes", "--plan", "plan", AUTHENTIK_URL="nonsense"), said, authentik)
    said = ["authentik's URL is missing", "which server gets the token"]
    check(run("apply", "--yes", "--plan", "plan", AUTHENTIK_URL=""), said, authentik)
    typed = ["apply", "--yes", "--plan", "plan", "--authentik-url"]
    check(run(*typed, ""), ["--authentik-url: ", "is not a URL"], authentik)
    assert run(*typed, f"{authentik.url}/", AUTHENTIK_URL="x").returncode == 0
    again = run("apply", "--yes", "--plan", "plan")
    assert again.returncode == 1 and "stale" in again.stderr


def signed(plan):
    """The plan with the digest that its new content has: anyone can compute it."""
    plan.pop("digest")
    digest = 0xCBF29CE484222325
    for byte in json.dumps(plan, separators=(",", ":"), sort_keys=True).encode():
        digest = (digest ^ byte) * 0x100000001B3 % 2**64
    return json.dumps(plan | {"digest": f"{digest:016x}"})


def test_a_forged_plan_is_shown_as_the_server_has_it(run, authentik, tmp_path):
    warned = ["--service-account", "administrator"]
    plan = json.loads(run(*PLAN, *warned, "--json").stdout)["result"]["plan"]
    for warning in plan["warnings"]:
        warning["message"] = "all is well"
    plan["names"] = dict.fromkeys(plan["names"], "harmless")
    plan["operations"][0]["changed_by"] = {"user": "the admin", "at": "today"}
    (tmp_path / "plan").write_text(signed(plan | {"warnings": []}))
    silenced = run("apply", "--yes", "--plan", "plan")
    assert silenced.returncode == 1 and "a warning that the plan does not have" in silenced.stderr
    assert not any(request.is_write for request in authentik.requests)
    (tmp_path / "plan").write_text(signed(plan))
    shown = run("apply", "--yes", "--plan", "plan")
    assert shown.returncode == 0 and "may do everything on authentik" in shown.stdout
    assert not any(text in shown.stdout for text in ("all is well", "harmless", "the admin"))


def test_a_file_that_names_another_server_than_the_environment(run, authentik, tmp_path):
    path = tmp_path / "netbird.json"
    path.write_text('{"domain": "netbird.company", "authentik_url": "https://authentik.example"}')
    said = ["netbird.json: authentik_url is https://authentik.example/", authentik.url]
    check(run("plan", "--config", "netbird.json"), said, authentik)
    said = ['AUTHENTIK_URL: "nonsense" is not a URL']
    check(run("plan", "--config", "netbird.json", AUTHENTIK_URL="nonsense"), said, authentik)
    typed = ["plan", "--config", "netbird.json", "--authentik-url", authentik.url]
    assert run(*typed).returncode == 0
    path.write_text(f'{{"domain": "netbird.company", "authentik_url": "{authentik.url}"}}')
    assert run("plan", "--config", "netbird.json").returncode == 0
    assert run("plan", "--config", "netbird.json", AUTHENTIK_URL="").returncode == 0


def test_servers(run, authentik):
    wrong = run(*PLAN, AUTHENTIK_TOKEN=CANARY)
    assert wrong.returncode == 1 and "403" in wrong.stderr and "hint: " in wrong.stderr
    nobody = run(*PLAN, "--authentik-url", "https://127.0.0.1:1")
    assert nobody.returncode == 1 and "could not connect to" in nobody.stderr
    old = run("demo", "--release", "2023.1")
    assert old.returncode == 2 and "2024.12" in old.stderr
    for one in (wrong, nobody, old):
        assert one.stdout == "" and CANARY not in one.stderr and "Traceback" not in one.stderr


@pytest.mark.parametrize(
    "command, streams, code",
    [
        ("plan", ">/dev/full", 1),
        ("plan", ">&-", 0),
        ("plan", "2>&-", 0),
        ("plan", "2>/dev/full", 0),
        ("plan", "<&-", 0),
        ("apply", "<&-", 1),
        ("apply --yes", ">&-", 0),
        ("apply --yes", ">&- 2>&- <&-", 0),
        # Nobody has seen the plan, so nothing is written.
        ("apply --yes", ">/dev/full", 1),
        # Progress that nobody reads stops nothing.
        ("apply --yes", "2>/dev/full", 0),
        ("apply --yes --json", "2>/dev/full", 0),
    ],
)
@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no full disk here")
def test_streams_that_take_nothing(environment, authentik, run, command, streams, code):
    script = f'"$0" -m authentik_netbird {command} netbird.company {streams}'
    ended = subprocess.run(
        ["bash", "-c", script, sys.executable], env=environment, capture_output=True, text=True
    )
    assert ended.returncode == code and "Traceback" not in ended.stderr, ended.stderr
    if ">/dev/full" in streams.split():
        assert ended.stderr.endswith("cannot write to standard output: No space left on device\n")
    is_applied = command.startswith("apply") and code == 0
    assert run(*HAS_CHANGES).returncode == (0 if is_applied else 2)
    assert any(request.is_write for request in authentik.requests) is is_applied


@pytest.mark.parametrize("command", ["plan a.b", "apply --yes a.b", "demo", "--help"])
def test_output_that_nobody_reads(environment, authentik, command):
    reader, writer = os.pipe()
    os.close(reader)
    given = [sys.executable, "-m", "authentik_netbird", *command.split()]
    ended = subprocess.run(given, env=environment, stdout=writer, stderr=subprocess.PIPE, text=True)
    os.close(writer)
    assert ended.returncode == 1 and ended.stderr == ""
    # Nobody has seen the plan, so nothing is written.
    assert not any(request.is_write for request in authentik.requests)
