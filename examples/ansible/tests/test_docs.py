"""What is documented is so, and every example runs."""

import inspect
import json
import re
import subprocess
from pathlib import Path

import authentik_netbird
import pytest
import yaml
from conftest import BIN, CANARY, COLLECTION
from netbird_host import Host

MODULES = [path.stem for path in sorted((COLLECTION / "plugins" / "modules").glob("*.py"))]
README = (COLLECTION / "README.md").read_text()
BLOCKS = re.findall(r"```yaml\n(.*?)```", README, re.DOTALL)


@pytest.fixture(scope="module")
def documented():
    names = [f"authentik_netbird.netbird.{name}" for name in MODULES]
    done = subprocess.run(
        [BIN / "ansible-doc", "--json", *names], capture_output=True, text=True, check=True
    )
    return {
        name.rpartition(".")[2]: {**page, "examples": yaml.safe_load(page["examples"])}
        for name, page in json.loads(done.stdout).items()
    }


def test_options_are_those_of_the_package(documented):
    options = documented["netbird_integration"]["doc"]["options"]
    known = {option["name"]: option for option in authentik_netbird.options()}
    assert {*known} == {*options} - {
        "authentik_token",
        "netbird_token",
        "netbird_url",
        "ca_path",
        "connect_timeout",
        "retry_timeout",
        "return_secrets",
        "setup_env_path",
        "state",
        "timeout",
        "validate_certs",
    }
    # A default in the argument spec would be an option that was set: the text says it.
    for name, option in known.items():
        assert "default" not in options[name], name
        if option["default"]:
            assert f"The default is V({option['default']})." in str(options[name]["description"])
    for name in ("timeout", "connect_timeout", "retry_timeout"):
        parameter = inspect.signature(authentik_netbird.ConnectionOptions).parameters[name]
        assert options[name]["default"] == parameter.default, name


def test_versions_and_groups_are_in_step():
    galaxy = yaml.safe_load((COLLECTION / "galaxy.yml").read_text())
    assert galaxy["version"] == authentik_netbird.__version__
    assert f"netbird-{galaxy['version']}.tar.gz" in README
    runtime = yaml.safe_load((COLLECTION / "meta" / "runtime.yml").read_text())
    assert runtime["action_groups"]["authentik"] == MODULES


def test_every_module_documents_its_failures_alike(documented):
    assert len({json.dumps(page["return"]["error"]) for page in documented.values()}) == 1


# Galaxy refuses a collection with a role that has none.
@pytest.mark.parametrize("role", ["netbird_authentik", "netbird_connector"])
def test_each_role_has_a_page(role):
    folder = COLLECTION / "roles" / role
    [example] = re.findall(r"```yaml\n(.*?)```", (folder / "README.md").read_text(), re.DOTALL)
    [shown] = yaml.safe_load(example)
    specs = yaml.safe_load((folder / "meta" / "argument_specs.yml").read_text())["argument_specs"]
    assert {*shown["vars"]} <= {*specs["main"]["options"]}
    assert shown["roles"] == [{"role": f"authentik_netbird.netbird.{role}"}]
    assert {path.name for path in folder.parent.iterdir()} == {
        "netbird_authentik",
        "netbird_connector",
    }


def test_examples_of_modules(play, authentik, documented, netbird_simulator, tmp_path):
    netbird = netbird_simulator
    host = Host(tmp_path / "infrastructure_files")
    order = ["first_start", "integration", "integration_info", "app_password", "verify"]
    tasks = [task for name in order for task in documented[f"netbird_{name}"]["examples"]]
    text = yaml.safe_dump(tasks).replace("https://authentik.company", authentik.url)
    text = text.replace("https://connector.company", netbird.url)
    text = text.replace("/opt/netbird/infrastructure_files", str(host.folder))
    # The file of the last example, as the example before could have written it.
    write = """
- ansible.builtin.copy: {content: "{{ netbird.setup_env }}", dest: PATH, mode: "0600"}
  no_log: true
""".replace("PATH", str(host.setup_env))
    text = yaml.safe_load(text)
    at = next(i for i, task in enumerate(text) if "ansible.builtin.slurp" in task)
    rotated = next(i for i, task in enumerate(text) if task.get("register") == "rotated")
    text[at:at] = [{**text[rotated - 1]}, *yaml.safe_load(write)]
    (tmp_path / ".netbird-token").write_text(netbird.token.expose())
    tokens = {"vault_authentik_token": CANARY, "vault_netbird_token": netbird.token.expose()}
    tokens["vault_netbird_owner_password"] = "correct horse"
    play(text, "-e", json.dumps(tokens), AUTHENTIK_URL=None, AUTHENTIK_TOKEN=None)


def test_the_readmes_playbooks(play, authentik, tmp_path):
    hurried, role, inventory, connector, new, removal = BLOCKS
    first = play(hurried, "--check", "--diff")
    assert first.result("netbird_integration")["changed"]
    assert play(hurried).result("netbird_integration")["changed"]
    assert not play(hurried, "-vvvv").result("netbird_integration")["changed"]
    assert play(removal).result("netbird_integration")["changed"]

    assert yaml.safe_load(role)[0]["roles"] == [
        {"role": "authentik_netbird.netbird.netbird_authentik"}
    ]
    [embedded] = yaml.safe_load(connector)
    assert embedded["roles"] == [{"role": "authentik_netbird.netbird.netbird_connector"}]
    specs = COLLECTION / "roles" / "netbird_connector" / "meta" / "argument_specs.yml"
    options = yaml.safe_load(specs.read_text())["argument_specs"]["main"]["options"]
    assert {*embedded["vars"], *yaml.safe_load(new)} <= {*options}
    sample = yaml.safe_load((COLLECTION / "playbooks" / "inventory" / "sites.yml").read_text())
    for sites in (yaml.safe_load(inventory), sample):
        variables = sites["netbird"]["vars"]
        variables["netbird_authentik_connection"]["authentik_url"] = authentik.url
        variables["netbird_authentik_restart_command"] = "touch restarted"
        variables["ansible_connection"] = "local"
        variables["ansible_become"] = False
        variables["ansible_python_interpreter"] = "{{ ansible_playbook_python }}"
        variables["netbird_authentik_directory"] = f"{tmp_path}/{{{{ inventory_hostname }}}}"
        for name, site in sites["netbird"]["hosts"].items():
            site.pop("netbird_authentik_directory", None)
            if not Path(tmp_path / name).exists():
                Host(tmp_path / name)
        known = {"AUTHENTIK_URL": None, "AUTHENTIK_TOKEN": None, "ANSIBLE_INJECT_INVOCATION": "1"}
        variables["vault_authentik_token"] = CANARY  # Ansible itself shows what comes by -e
        run = play(role, "-vvvv", inventory=sites, **known)
        assert CANARY not in run.output
        changed = [one["changed"] for one in run.results("netbird_integration")]
        assert changed == [sites is not sample] * 2
