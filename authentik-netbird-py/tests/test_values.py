"""Value objects, bad input, secrets."""

import copy
import inspect
import pickle
import traceback
from datetime import datetime

import pytest
from authentik_netbird import (
    AccountOutputs,
    AsyncClient,
    AuthentikNetbirdError,
    Client,
    ConnectionOptions,
    ErrorKind,
    InternalError,
    InvalidIntegrationError,
    InvalidPlanError,
    NetbirdIntegration,
    Outputs,
    Plan,
    RedirectUri,
    RedirectUris,
    Resource,
    Secret,
    _native,
    errors,
    options,
    parse_setup_env,
)
from authentik_netbird.testing import AuthentikSimulator

URL = "https://authentik.company"
CANARY = "canary-5f0d2c"


def make(**options):
    return NetbirdIntegration(URL, "netbird.company", **options)


def test_defaults_are_the_cores():
    core = NetbirdIntegration.from_dict({"authentik_url": URL, "domain": "netbird.company"})
    assert core == make()
    defaults = {
        name: parameter.default
        for name, parameter in inspect.signature(NetbirdIntegration).parameters.items()
        if parameter.kind is parameter.KEYWORD_ONLY
    }
    assert set(defaults) == {one["name"] for one in options()} - {"authentik_url", "domain"}
    for name, default in defaults.items():
        assert default in (None, ()) or default == getattr(core, name), name


def test_files_have_the_options_that_were_set():
    one = make(service_account_name="NetBird", client_id=None)
    fields = {"authentik_url": URL + "/", "domain": "netbird.company", "mode": "standalone"}
    assert one.to_dict() == fields | {"service_account_name": "NetBird"}
    assert one != make() and repr(one).endswith("service_account_name='NetBird')")


def test_every_kind_of_error_has_a_class():
    classes = [value for value in vars(errors).values() if inspect.isclass(value)]
    kinds = [one.kind for one in classes if issubclass(one, AuthentikNetbirdError) and one.kind]
    assert sorted(kinds) == sorted(ErrorKind)
    # The bindings find a class by its name.
    for one in classes:
        if issubclass(one, AuthentikNetbirdError) and one.kind not in (None, ErrorKind.TIMEOUT):
            assert one.__name__ == f"{one.kind.title().replace('_', '')}Error"


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
    with pytest.raises(ValueError, match="domain") as caught:
        NetbirdIntegration("htp://x", "a b", service_account="king", application_slug="a/b")
    assert isinstance(caught.value, InvalidIntegrationError)
    fields = {issue.field for issue in caught.value.issues}
    assert fields == {"authentik_url", "domain", "service_account", "application_slug"}
    again = pickle.loads(pickle.dumps(caught.value))
    assert again.issues == caught.value.issues and str(again) == str(caught.value)


@pytest.mark.parametrize(
    "argument, wrong",
    [
        ("domain", lambda: NetbirdIntegration(URL, None)),
        ("authentik_url", lambda: NetbirdIntegration(b"https://x", "netbird.company")),
        ("adopt", lambda: make(adopt="yes")),
        ("application_name", lambda: make(application_name=7)),
        ("application_name", lambda: make(application_name=None)),
        ("client_id", lambda: make(client_id=b"id")),
        ("domain", lambda: NetbirdIntegration(URL, "\ud800")),
        ("extra_redirect_uris", lambda: make(extra_redirect_uris="https://netbird.company")),
        ("path", lambda: NetbirdIntegration.from_file(7)),
        ("text", lambda: NetbirdIntegration.from_json(b"{}")),
        ("token", lambda: Client(URL, token=CANARY.encode())),
        ("token", lambda: AsyncClient(URL, token=None)),
        ("timeout", lambda: ConnectionOptions(timeout=CANARY)),
        ("root_certificates", lambda: ConnectionOptions(root_certificates=[1])),
        ("integration", lambda: Client(URL, token="t").plan(None)),
        ("plan", lambda: Client(URL, token="t").apply("plan")),
        ("text", lambda: Plan.from_json(None)),
        ("text", lambda: Secret(None)),
        ("app_password", lambda: AccountOutputs("NetBird", app_password=7)),
        ("matching_mode", lambda: RedirectUri(URL, matching_mode=None)),
        ("integration", lambda: Client(URL, token="t").provision(7, "setup.env")),
        ("path", lambda: Client(URL, token="t").provision(make(), None)),
        ("port", lambda: AuthentikSimulator(port=70000)),
        ("name", lambda: Resource("provider", 7)),
        ("app_password_expires", lambda: make(app_password_expires=datetime(2030, 1, 31))),
    ],
)
def test_wrong_types(argument, wrong):
    with pytest.raises(TypeError, match=f"^argument '{argument}' must be .*, not ") as caught:
        wrong()
    assert type(caught.value) is TypeError
    report = "".join(traceback.format_exception(None, caught.value, None))
    assert CANARY not in report
    again = pickle.loads(pickle.dumps(caught.value))
    assert str(again) == str(caught.value)


def test_the_item_of_a_wrong_type_is_named():
    with pytest.raises(TypeError, match=r"a sequence of str, not list that contains int$"):
        make(access_groups=["VPN users", 7])


@pytest.mark.parametrize(
    "named, wrong",
    [
        (r"Integration\(\) got an unexpected .* 'nope'", lambda: make(nope=1)),
        (r"replace\(\) got an unexpected .* 'nope'", lambda: make().replace(nope=1)),
        ("token", lambda: Client(URL)),
        ("authentik_url", lambda: NetbirdIntegration.from_dict({"authentik_url": b"x"})),
        ("mapping", lambda: NetbirdIntegration.from_dict(7)),
    ],
)
def test_calls_that_can_not_be(named, wrong):
    with pytest.raises(TypeError, match=named):
        wrong()


def test_a_listener_that_can_not_be_called(client, integration, authentik):
    plan = client.plan(integration)
    authentik.clear_requests()
    with pytest.raises(TypeError, match="on_event"):
        client.apply(plan, on_event=7)
    assert authentik.requests == ()


@pytest.mark.skipif(not hasattr(TypeError, "add_note"), reason="Python 3.11 and later")
def test_a_note_of_ones_own_stays_a_note():
    with pytest.raises(TypeError) as caught:
        make(adopt="yes")
    text = str(caught.value)
    caught.value.add_note("from line 7")
    assert caught.value.__notes__ == ["from line 7"] and str(caught.value) == text


def test_a_panic_ends_no_interpreter():
    with pytest.raises(InternalError):
        _native._panic(True)
    with pytest.raises(BaseException, match="asked for") as caught:
        _native._panic(False)
    assert type(caught.value).__name__ == "PanicException"


@pytest.mark.parametrize("timeout", [float("nan"), -1.0])
def test_times_that_are_none(timeout):
    with pytest.raises(ValueError, match="timeout"):
        ConnectionOptions(timeout=timeout)


def test_endless_times_are_long_ones():
    ConnectionOptions(timeout=float("inf"), retry_timeout=1e300)


def test_plans_of_others_and_broken_ones(client, integration):
    plan = client.plan(integration)
    assert pickle.loads(pickle.dumps(plan)) == plan == Plan.from_dict(plan.to_dict())
    for text in (
        plan.to_json()[:-9],
        plan.to_json().replace('"format_version": 2', '"format_version": 9'),
        "[]",
    ):
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
    [value] = parse_setup_env(f"A={CANARY}").values()
    for thing in (secret, account, outputs, env, env.variables, client, value, env.to_json()):
        assert CANARY not in f"{thing} {thing!r}"
    for thing in (secret, account, outputs, env, client, value):
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
            with pytest.raises(TypeError):
                pickle.dumps(thing, protocol)
    assert copy.deepcopy({"token": secret}) == {"token": Secret(CANARY)}
    assert CANARY in env.to_setup_env().expose()
