"""The role, end to end, with a configure.sh in NetBird's place."""

import os
import stat

from conftest import CANARY
from netbird_host import ROLE, ROTATE


def test_the_whole_way(play, authentik, host, inventory, writes, api):
    run = play(ROLE, "--check", "--diff", inventory=inventory)
    assert writes() == 0 and sorted(os.listdir(host.folder)) == ["configure.sh", "setup.env"]
    assert "Set up authentik for NetBird" in run.changed()
    changes = {
        one["name"]: one["after"] for one in run.named("Show changes to setup.env")["result"]["msg"]
    }
    assert changes["NETBIRD_DOMAIN"] == '"netbird.company"'
    assert changes["NETBIRD_IDP_MGMT_EXTRA_PASSWORD"] == "set"

    run = play(ROLE, "--diff", "-vvvv", inventory=inventory, ANSIBLE_PIPELINING=None)
    assert (host.configured, host.restarted) == (1, 1)
    text = host.setup_env.read_text()
    assert text.startswith("# ours\nNETBIRD_LETSENCRYPT_EMAIL='admin@netbird.company'\n")
    assert "NETBIRD_DOMAIN='netbird.company'" in text and len(host.password()) == 60
    assert stat.S_IMODE(host.setup_env.stat().st_mode) == 0o600
    assert run.named("Verify NetBird's login")["status"] == "ok"
    shown = run.output
    assert CANARY not in shown and host.password() not in shown

    writes()
    again = play(ROLE, "--diff", inventory=inventory)
    assert not any("view_key" in one.path for one in authentik.requests), "the password was read"
    assert again.changed() == [] and (host.configured, host.restarted) == (1, 1)

    [provider] = api("GET", "/providers/oauth2/?name=NetBird")["results"]
    api("PATCH", f"/providers/oauth2/{provider['pk']}/", {"sub_mode": "hashed_user_id"})
    authentik.clear_requests()
    repaired = play(ROLE, inventory=inventory)
    assert repaired.changed() == ["Set up authentik for NetBird"]
    assert not any("view_key" in one.path for one in authentik.requests), "it was not a new one"

    old = host.password()
    rotated = play(ROTATE, "-vvvv", inventory=inventory)
    assert host.password() != old and (host.configured, host.restarted) == (2, 2)
    assert not [one for one in (old, host.password(), CANARY) if one in rotated.output]


def test_a_run_that_was_cut_off_is_completed(play, host, inventory):
    variables = inventory["netbird"]["vars"]
    restart = variables["netbird_authentik_restart_command"]
    variables["netbird_authentik_restart_command"] = "false"
    failed = play(ROLE, inventory=inventory, ok=False)
    assert failed.returncode == 2 and (host.configured, host.restarted) == (1, 0)
    variables["netbird_authentik_restart_command"] = restart
    play(ROLE, inventory=inventory)
    assert (host.configured, host.restarted) == (2, 1)

    # Someone brought an old file back.
    lost = host.setup_env.read_text().replace(host.password(), "a" * 60)
    host.setup_env.write_text(lost)
    run = play(ROLE, inventory=inventory)
    assert host.password() != "a" * 60 and (host.configured, host.restarted) == (3, 2)
    assert run.named("Verify again")["status"] == "ok"


def test_the_host_name_is_found_in_setup_env(play, host, inventory, api, writes):
    del inventory["netbird"]["vars"]["netbird_authentik_domain"]
    run = play(ROLE, inventory=inventory, ok=False)
    assert "has no NETBIRD_DOMAIN" in run.output and writes() == 0
    with host.setup_env.open("a") as file:
        file.write('NETBIRD_DOMAIN="vpn.company" # ours\n')
    play(ROLE, "--check", inventory=inventory)
    assert writes() == 0
    play(ROLE, inventory=inventory)
    assert "NETBIRD_DOMAIN='vpn.company'" in host.setup_env.read_text()
    [provider] = api("GET", "/providers/oauth2/?name=NetBird")["results"]
    assert "https://vpn.company" in [uri["url"] for uri in provider["redirect_uris"]]


def test_hosts_that_are_no_netbird_or_not_there(play, inventory, writes):
    inventory["netbird"]["vars"]["netbird_authentik_directory"] = "/nowhere"
    silent = {"ansible_connection": "ssh", "ansible_host": "127.0.0.1", "ansible_port": 1}
    inventory["netbird"]["hosts"]["silent"] = silent
    run = play(ROLE, inventory=inventory, ok=False)
    assert "there is no folder /nowhere" in run.output
    # Nothing was done on authentik for either.
    assert writes() == 0 and not run.results("netbird_integration")
