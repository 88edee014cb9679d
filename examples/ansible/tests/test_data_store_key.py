"""NetBird's data store key survives configure.sh, or the role refuses and changes nothing."""

import subprocess

import pytest
from conftest import COLLECTION
from netbird_host import ROLE, ROTATE

CHECK = COLLECTION / "roles" / "netbird_authentik" / "files" / "check_data_store_key.sh"


@pytest.fixture
def role(play, host, inventory):
    """Runs a playbook of the role on the host."""

    def role(playbook=ROLE, *arguments, ok=True):
        path = f"{host.programs}:/usr/bin:/bin"
        return play(playbook, *arguments, inventory=inventory, ok=ok, PATH=path)

    return role


def test_a_first_run_and_the_next_ones_have_the_same_key(role, host):
    role()
    key = host.key()
    assert key.startswith("generated-") and not (host.folder / "management.json").exists()
    for run in (2, 3):
        role(ROTATE)
        assert (host.configured, host.restarted) == (run, run)
        assert host.key() == key == host.key("management.json")
    assert len(list(host.artifacts.glob("management.json.bkp.*"))) == 2


def test_an_empty_key_does_not_overwrite_a_good_one(role, host):
    host.put_key("management.json", "good")
    # Left by a configure.sh whose jq failed, or that was run without the file above.
    host.artifacts.mkdir()
    for text in ('{"DataStoreEncryptionKey": ""}', ""):
        (host.artifacts / "management.json").write_text(text)
        role(ROTATE if host.configured else ROLE)
        assert host.key() == "good" == host.key("management.json")


def test_a_key_in_setup_env_is_enough(role, host):
    with host.setup_env.open("a") as file:
        file.write("export NETBIRD_DATASTORE_ENC_KEY='given'\n")
    (host.folder / "store.db").touch()
    role()
    assert host.key() == "given"


def lost_with_database(host):
    host.put_key("artifacts/management.json", "")
    (host.artifacts / "store.db").touch()


def lost_with_artifacts_gone(host):
    (host.volumes / "artifacts_netbird-mgmt").mkdir(parents=True)
    (host.volumes / "artifacts_netbird-mgmt" / "store.db").touch()


def lost_with_backup(host):
    host.put_key("artifacts/management.json", "")
    host.put_key("artifacts/management.json.bkp.1700000000", "")
    host.put_key("artifacts/management.json.bkp.1700000001", "right")
    host.put_key("artifacts/management.json.bkp.1700000002", "wrong")


def lost_with_empty_backup(host):
    host.put_key("artifacts/management.json.bkp.1700000000", "")


def lost_with_database_on_the_host(host):
    data = host.folder.parent / "data"
    data.mkdir()
    (data / "store.db").touch()
    host.artifacts.mkdir()
    mount = f"    volumes:\n      - {data}:/var/lib/netbird\n"
    (host.artifacts / "docker-compose.yml").write_text(mount)


def hidden_by_an_empty_one(host):
    lost_with_database(host)
    host.put_key("management.json", "")
    with host.setup_env.open("a") as file:
        file.write("export NETBIRD_DATASTORE_ENC_KEY='given'\n")


def not_exported(host):
    lost_with_database(host)
    with host.setup_env.open("a") as file:
        file.write("NETBIRD_DATASTORE_ENC_KEY='given'\n")


def two_keys(host):
    host.put_key("artifacts/management.json", "one")
    host.put_key("management.json", "another")


REFUSED = {
    lost_with_database: "has run here: ./artifacts/store.db.",
    lost_with_artifacts_gone: "has run here: docker volume artifacts_netbird-mgmt.",
    lost_with_backup: "cp -p artifacts/management.json.bkp.1700000001 management.json",
    lost_with_empty_backup: "has run here: artifacts/management.json.bkp.1700000000.",
    lost_with_database_on_the_host: "/data/store.db.",
    hidden_by_an_empty_one: "remove a management.json that has an empty one",
    not_exported: "export NETBIRD_DATASTORE_ENC_KEY=",
    two_keys: "have different values of DataStoreEncryptionKey",
}


def check(host, path="/usr/bin:/bin"):
    """Runs the role's check alone."""
    return subprocess.run(
        ["/bin/bash", CHECK],
        cwd=host.folder,
        env={"PATH": f"{host.programs}:{path}"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("state", REFUSED, ids=lambda state: state.__name__)
def test_a_lost_key_is_found(host, state):
    state(host)
    before = host.content()
    found = check(host)
    assert (found.returncode, found.stderr) == (1, "") and REFUSED[state] in found.stdout
    for key in ("wrong", "one", "given"):
        assert f"{key}'" not in found.stdout and f'{key}"' not in found.stdout
    assert host.content() == before


def test_what_an_unstarted_netbird_left_is_no_reason_to_refuse(host):
    (host.volumes / "artifacts_netbird-mgmt").mkdir(parents=True)
    (host.volumes / "netbird-signal").mkdir()
    (host.volumes / "netbird-signal" / "store.db").touch()
    host.put_key("artifacts/management.json", "")
    assert check(host).stdout == ""


def test_without_jq_the_key_cannot_be_read(host):
    host.put_key("artifacts/management.json", "key")
    found = check(host, path="/nowhere")
    assert found.returncode == 1 and found.stdout.startswith("jq is not installed")


def test_a_lost_key_is_refused_before_anything_is_changed(role, host, writes):
    lost_with_database(host)
    before = host.content()
    for playbook, *arguments in ([ROLE], [ROLE, "--check"], [ROTATE]):
        run = role(playbook, *arguments, ok=False)
        assert run.returncode == 2
        message = run.named("Stop if the data store key would be lost")["result"]["msg"]
        assert REFUSED[lost_with_database] in message and message.endswith("Nothing was changed.")
    assert host.content() == before and writes() == 0
