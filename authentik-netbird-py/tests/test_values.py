"""Value objects, bad input, secrets."""

import copy
import inspect
import pickle

import pytest
from authentik_netbird import (
    AccountOutputs,
    AuthentikNetbirdError,
    Client,
    ErrorKind,
    InvalidIntegrationError,
    InvalidPlanError,
    NetbirdIntegration,
    Outputs,
    Plan,
    RedirectUri,
    RedirectUris,
    Secret,
    errors,
    parse_setup_env,
)

URL = "https://authentik.company"
CANARY = "canary-5f0d2c"


def make(**options):
    return NetbirdIntegration(URL, "netbird.company", **options)


def test_defaults_are_the_cores():
    core = NetbirdIntegration.from_dict({"authentik_url": URL, "domain": "netbird.company"})
    assert core == make()
    fields = core.to_dict()
    options = {
        name: parameter.default
        for name, parameter in inspect.signature(NetbirdIntegration).parameters.items()
        if parameter.kind is parameter.KEYWORD_ONLY
    }
    assert set(options) == set(fields) - {"authentik_url", "domain"}
    for name, default in options.items():
        assert default is None or default == fields[name], name


def test_every_kind_of_error_has_a_class():
    classes = [value for value in vars(errors).values() if inspect.isclass(value)]
    kinds = [one.kind for one in classes if issubclass(one, AuthentikNetbirdError) and one.kind]
    assert sorted(kinds) == sorted(ErrorKind)


def test_integrations_are_values(tmp_path):
    one = make(extra_redirect_uris=[RedirectUri.strict("https://netbird.company/x")])
    assert one != make() and hash(one) == hash(pickle.loads(pickle.dumps(one)))
    assert one.replace() == one == NetbirdIntegration.from_json(one.to_json())
    assert one.replace(redirect_uris=RedirectUris.AS_IN_GUIDE).redirect_uris == "as_in_guide"
    path = tmp_path / "integration.json"
    path.write_text(one.to_json())
    assert NetbirdIntegration.from_file(path) == one
    if hasattr(copy, "replace"):
        assert copy.replace(one, domain="vpn.company").domain == "vpn.company"
    with pytest.raises(AttributeError):
        one.domain = "x"


def test_all_problems_at_once():
    with pytest.raises(ValueError) as caught:
        NetbirdIntegration("htp://x", "a b", rights="king", application_slug="a/b")
    assert isinstance(caught.value, InvalidIntegrationError)
    fields = {issue.field for issue in caught.value.issues}
    assert fields == {"authentik_url", "domain", "rights", "application_slug"}
    again = pickle.loads(pickle.dumps(caught.value))
    assert again.issues == caught.value.issues and str(again) == str(caught.value)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: NetbirdIntegration(URL, None),
        lambda: NetbirdIntegration(b"https://x", "netbird.company"),
        lambda: make(take_over="yes"),
        lambda: make(nope=1),
        lambda: make(application_name=7),
        lambda: NetbirdIntegration.from_dict({"authentik_url": b"x"}),
        lambda: NetbirdIntegration.from_dict(7),
        lambda: Client(URL, token=b"token"),
        lambda: Client(URL),
        lambda: Client(URL, token="t").plan(None),
        lambda: Plan.from_json(None),
        lambda: Secret(None),
    ],
)
def test_wrong_types(wrong):
    with pytest.raises(TypeError):
        wrong()


@pytest.mark.parametrize("timeout", [float("nan"), -1.0])
def test_times_that_are_none(timeout):
    with pytest.raises(ValueError, match="timeout"):
        Client(URL, token="t", timeout=timeout)


def test_endless_times_are_long_ones():
    Client(URL, token="t", timeout=float("inf"), retry_for=1e300).close()


def test_plans_of_others_and_broken_ones(client, integration):
    plan = client.plan(integration)
    assert pickle.loads(pickle.dumps(plan)) == plan == Plan.from_dict(plan.to_dict())
    for text in (plan.to_json()[:-9], plan.to_json().replace('"format_version": 1', '"format_version": 9'), "[]"):
        with pytest.raises(InvalidPlanError):
            Plan.from_json(text)
    with Client(URL, token="t") as other, pytest.raises(InvalidPlanError):
        other.apply(plan)


def test_secrets_are_not_shown_and_not_pickled():
    secret = Secret(CANARY)
    account = AccountOutputs("NetBird", app_password=secret)
    outputs = Outputs(URL, "netbird.company", "netbird", "id", account=account)
    env = outputs.netbird_env()
    client = Client(URL, token=CANARY)
    [line] = parse_setup_env(f"A={CANARY}")
    for thing in (secret, account, outputs, env, env.variables, client, line, env.to_json()):
        assert CANARY not in f"{thing} {thing!r}"
    for thing in (secret, account, outputs, env, client, line):
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
            with pytest.raises(TypeError):
                pickle.dumps(thing, protocol)
    assert copy.deepcopy({"token": secret}) == {"token": Secret(CANARY)}
    assert CANARY in env.to_setup_env().expose()
