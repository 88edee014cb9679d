"""Many sites in one play: what two of them share is made once, and each gets its own."""

from conftest import task

SITES = 50


def test_fifty_sites_in_one_play(play, api, writes):
    site = "{{ inventory_hostname }}"
    set_up = task(
        "netbird_integration",
        domain=f"{site}.netbird.company",
        application_name=f"NetBird {site}",
        application_slug=f"netbird-{site}",
        provider_name=f"NetBird {site}",
        service_account_name=f"NetBird-{site}",
        _delegate_to="localhost",
    )
    run = play(
        [{**set_up, "name": name} for name in ("first", "second")],
        "--forks",
        "10",
        inventory={"sites": {"hosts": {f"site{number:02}": {} for number in range(SITES)}}},
        hosts="sites",
    )
    for name, changed in (("first", True), ("second", False)):
        tasks = [one for one in run.tasks if one["name"] == name]
        assert len(tasks) == SITES
        assert {one["result"]["changed"] for one in tasks} == {changed}
    assert api("GET", "/providers/oauth2/")["pagination"]["count"] == 2 * SITES
    clients = {one["result"]["outputs"]["client_id"] for one in run.tasks}
    assert len(clients) == SITES
