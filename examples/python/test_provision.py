"""How to test your script: pytest, with the fixture that comes with the package.

pytest test_provision.py
"""

import pytest
from authentik_netbird import ConflictError, PartialApplyError, parse_setup_env
from authentik_netbird.testing import AuthentikSimulator, Effect, Fault, FaultAnswer
from provision import provision


def test_provision(authentik_simulator: AuthentikSimulator, tmp_path):
    path = tmp_path / "setup.env"
    provision(authentik_simulator.url, authentik_simulator.token, "netbird.company", str(path))
    values = {name: one.expose() for name, one in parse_setup_env(path.read_text()).items()}
    assert values["NETBIRD_DOMAIN"] == "netbird.company"
    assert values["NETBIRD_MGMT_IDP"] == "authentik"

    authentik_simulator.clear_requests()
    provision(authentik_simulator.url, authentik_simulator.token, "netbird.company", str(path))
    assert not [request for request in authentik_simulator.requests if request.is_write]


def test_another_netbird_is_left_alone(authentik_simulator: AuthentikSimulator, tmp_path):
    url, token = authentik_simulator.url, authentik_simulator.token
    provision(url, token, "netbird.company", str(tmp_path / "first.env"))
    with pytest.raises(ConflictError):
        provision(url, token, "other.company", str(tmp_path / "other.env"))


def test_half_way(authentik_simulator: AuthentikSimulator, tmp_path):
    refused = Fault(
        Effect.answer(FaultAnswer.empty(403)), on_method="POST", on_path="/core/applications/"
    )
    authentik_simulator.add_fault(refused)
    arguments = authentik_simulator.url, authentik_simulator.token, "netbird.company"
    with pytest.raises(PartialApplyError) as caught:
        provision(*arguments, str(tmp_path / "setup.env"))
    assert caught.value.report.changed > 0
    authentik_simulator.clear_faults()
    provision(*arguments, str(tmp_path / "setup.env"))
