"""What `plan`, `env` and `preview` do. Each command returns the exit code."""

import argparse
from collections.abc import Callable

from .._native import Client, NetbirdEnv, NetbirdIntegration, Outputs
from . import screen, settings, targets
from .apply import apply, rotate, teardown
from .demo import demo
from .problems import SettingsError
from .targets import Writes
from .verify import verify


def plan(arguments: argparse.Namespace) -> int:
    """Shows what would be done."""
    given = settings.given(arguments)
    with given.client as client:
        screen.reading(client.url)
        made = client.with_authors(client.plan(given.integration))
    if arguments.json:
        screen.json(made.to_dict())
    else:
        screen.plan(str(made))
    if arguments.target is not None:
        try:
            with targets.opened(arguments.target) as file:
                file.write(made.to_json())
        except OSError as error:
            raise SettingsError(f"cannot write {arguments.target}: {error.strerror}") from None
        screen.note(f"to carry it out: authentik-netbird apply --plan {arguments.target}")
    return 2 if made.has_changes else 0


def env(arguments: argparse.Namespace) -> int:
    """Shows or writes NetBird's configuration."""
    if arguments.format != "setup-env":
        arguments.writes = Writes.REPLACED
    given = settings.given(arguments)
    with_password = arguments.target is not None or arguments.show_secrets
    with given.client as client:
        screen.reading(client.url)
        variables = (_whole if with_password else _starred)(client, given.integration)
    if arguments.target is not None:
        write = {
            "setup-env": variables.write,
            "compose": variables.write_compose_env,
            "json": variables.write_json,
        }[arguments.format]
        configure = arguments.format == "setup-env"
        screen.written(arguments.target, write(arguments.target), configure)
        return 0
    text = {
        "setup-env": variables.to_setup_env,
        "compose": variables.to_compose_env,
        "json": variables.to_json,
    }[arguments.format]
    screen.document(text().expose())
    if not with_password:
        screen.note("the password is not shown: --out FILE writes it, --show-secrets shows it")
    return 0


def preview(arguments: argparse.Namespace) -> int:
    """Shows what a fresh authentik would need."""
    made = settings.integration(arguments, url="https://authentik.company").preview()
    if arguments.json:
        screen.json(made.to_dict())
    else:
        screen.plan(str(made))
    return 0


def _whole(client: Client, integration: NetbirdIntegration) -> NetbirdEnv:
    outputs = client.outputs(integration)
    screen.mask_password(outputs)
    return outputs.netbird_env()


def _starred(client: Client, integration: NetbirdIntegration) -> NetbirdEnv:
    """With stars for the password, which is not read: authentik would note that."""
    client_id = client.plan(integration).existing.client_id
    if client_id is None:
        # Says what is missing.
        return _whole(client, integration)
    return Outputs.of(integration, client_id, app_password="***").netbird_env()


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "plan": plan,
    "apply": apply,
    "env": env,
    "verify": verify,
    "rotate": rotate,
    "teardown": teardown,
    "preview": preview,
    "demo": demo,
}
