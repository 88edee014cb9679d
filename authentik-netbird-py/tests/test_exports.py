"""Exports, in the forms of other systems: what they say is what the plan would do."""

import json
import urllib.error
import urllib.parse
import urllib.request

import pytest
import yaml
from authentik_netbird import Client, NetbirdIntegration
from authentik_netbird.testing import AuthentikSimulator

PASSWORD = "a" * 60
#: Where authentik's API has a model, and its primary key.
PATHS = {
    "authentik_flows.flow": "flows/instances/",
    "authentik_providers_oauth2.scopemapping": "propertymappings/provider/scope/",
    "authentik_crypto.certificatekeypair": "crypto/certificatekeypairs/",
    "authentik_providers_oauth2.oauth2provider": "providers/oauth2/",
    "authentik_core.application": "core/applications/",
    "authentik_core.group": "core/groups/",
    "authentik_core.user": "core/users/",
    "authentik_core.token": "core/tokens/",
    "authentik_rbac.role": "rbac/roles/",
    "authentik_policies.policybinding": "policies/bindings/",
    "authentik_brands.brand": "core/brands/",
}


class Importer:
    """As much of authentik's importer as these blueprints need, by way of the API."""

    def __init__(self, authentik):
        self.authentik, self.keys = authentik, {}

    def call(self, method, path, body=None):
        request = urllib.request.Request(
            f"{self.authentik.url}/api/v3/{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={
                "Authorization": f"Bearer {self.authentik.token.expose()}",
                "Content-Type": "application/json",
            },
        )
        try:
            with urllib.request.urlopen(request) as response:
                text = response.read()
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{method} {path} {body}: {error.read().decode()}") from None
        return json.loads(text) if text else None

    def find(self, model, fields):
        query = urllib.parse.urlencode({"page_size": 1000, "superuser_full_list": "true"})
        for one in self.call("GET", f"{PATHS[model]}?{query}")["results"]:
            if all(one.get(name) == value for name, value in fields.items()):
                return one
        return None

    def key(self, model, found):
        return found["brand_uuid" if model == "authentik_brands.brand" else "pk"]

    def load(self, text):
        importer = self

        class Loader(yaml.SafeLoader):
            pass

        def found(loader, node):
            model, (name, value) = loader.construct_sequence(node, deep=True)
            return lambda: importer.key(model, importer.find(model, {name: value}))

        def key_of(loader, node):
            name = loader.construct_scalar(node)
            return lambda: importer.keys[name]

        Loader.add_constructor("!Find", found)
        Loader.add_constructor("!KeyOf", key_of)
        Loader.add_constructor("!Env", lambda loader, node: PASSWORD)
        Loader.add_constructor("!File", lambda loader, node: PASSWORD)
        return yaml.load(text, Loader)  # a safe loader with four more tags

    def apply(self, text):
        blueprint = self.load(text)
        assert blueprint["version"] == 1 and blueprint["metadata"]["name"]
        for entry in blueprint["entries"]:
            assert entry["model"] in PATHS
            self.entry(entry["model"], entry["state"], resolved(entry))
        return blueprint

    def entry(self, model, state, entry):
        path, fields = PATHS[model], entry["attrs"] | entry["identifiers"]
        found = self.find(model, entry["identifiers"])
        permissions, key = fields.pop("permissions", None), fields.pop("key", None)
        if found is None:
            found = self.call("POST", path, fields)
            if permissions:
                role = f"rbac/permissions/assigned_by_roles/{found['pk']}/assign/"
                self.call("POST", role, {"permissions": permissions})
            if key:
                self.call("POST", f"{path}{found['identifier']}/set_key/", {"key": key})
        elif state == "present":
            where = fields.get("slug") if model != "authentik_core.application" else found["slug"]
            self.call("PATCH", f"{path}{where or self.key(model, found)}/", fields)
        self.keys[entry["id"]] = found.get("pk") or self.key(model, found)


def resolved(value):
    if callable(value):
        return value()
    if isinstance(value, dict):
        return {name: resolved(one) for name, one in value.items()}
    return [resolved(one) for one in value] if isinstance(value, list) else value


@pytest.mark.parametrize("release", ["2025.10", "2026.5"])
@pytest.mark.parametrize(
    "options",
    [{}, {"as_in_guide": True}, {"service_account": "none", "access_groups": ["vpn: 'all'"]}],
)
def test_a_blueprint_leaves_nothing_to_plan(release, options):
    with AuthentikSimulator(release=release) as authentik:
        importer = Importer(authentik)
        for group in options.get("access_groups", ()):
            importer.call("POST", "core/groups/", {"name": group})
        brand = importer.find("authentik_brands.brand", {"default": True})
        importer.call("PATCH", f"core/brands/{brand['brand_uuid']}/", {"branding_title": "Ours"})
        integration = NetbirdIntegration(authentik.url, "netbird.company", **options)
        text = integration.export_blueprint(release)
        importer.apply(text)
        with Client(authentik.url, token=authentik.token) as client:
            plan = client.plan(integration)
            assert not plan.has_changes, f"{plan}\n{text}"
            outputs = client.outputs(integration)
            if options.get("service_account") != "none":
                assert outputs.account.app_password.expose() == PASSWORD
        brand = importer.find("authentik_brands.brand", {"default": True})
        assert brand["branding_title"] == "Ours" and brand["flow_device_code"]
        # Once more, as authentik applies it every hour: a rotated password stays.
        importer.apply(text.replace("!Env NETBIRD_APP_PASSWORD", "another"))
        with Client(authentik.url, token=authentik.token) as client:
            assert client.outputs(integration) == outputs
            assert not client.plan(integration).has_changes


def test_somebody_elses_account_gets_no_rights_by_a_blueprint():
    with AuthentikSimulator() as authentik:
        importer = Importer(authentik)
        made = importer.call("POST", "core/users/service_account/", {"name": "NetBird"})
        integration = NetbirdIntegration(authentik.url, "netbird.company")
        importer.apply(integration.export_blueprint())
        user = importer.call("GET", f"core/users/{made['user_pk']}/")
        assert not user["groups"] and not user["is_superuser"]


def test_ansible_tasks_have_the_operations_in_order():
    plan = NetbirdIntegration("https://authentik.company", "netbird.company").preview()
    tasks = yaml.safe_load(plan.export_ansible())
    writes = [one for one in tasks if one.get("ansible.builtin.uri", {}).get("method") != "GET"]
    sent = [one for one in writes if "ansible.builtin.uri" in one]
    assert len(sent) == len(plan.changes)
    assert all(
        "authentik_token" in one["ansible.builtin.uri"]["headers"]["Authorization"] for one in sent
    )
    assert any(one.get("no_log") for one in sent)
    # Ansible reads a backslash in a text of a template in its own way.
    uris = next(
        one for one in sent if "redirect_uris" in one["ansible.builtin.uri"].get("body", "")
    )
    assert uris["vars"] == {"netbird_backslash": "\\"}
    bodies = [one["ansible.builtin.uri"].get("body", "") for one in sent]
    assert not any("\\" in body for body in bodies), bodies
    # A new account has a name that nobody can guess until it gets its rights.
    [account] = [body for body in bodies if "create_group" in body]
    assert "| shuffle)[:22] | join)" in account and account.count(chr(0x2840)) == 1


def test_a_wrong_release_is_a_value_error():
    integration = NetbirdIntegration("https://authentik.company", "netbird.company")
    with pytest.raises(ValueError, match="is not a version of authentik"):
        integration.export_blueprint("newest")
    assert "~> 2025.12.0" in integration.export_terraform("2025.12")
    files = integration.export_blueprint(secret_files="/run/secrets")
    assert '!File "/run/secrets/netbird_app_password"' in files


def test_terraform_of_a_server(authentik):
    integration = NetbirdIntegration(authentik.url, "netbird.company")
    with Client(authentik.url, token=authentik.token) as client:
        assert "import {" not in client.export_terraform(integration)
        client.apply(client.plan(integration))
        assert "import {" in client.export_terraform(integration)
