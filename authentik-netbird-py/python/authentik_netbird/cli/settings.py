"""From arguments, file and environment to an integration, a client and a saved plan.

The command line counts more than the file. The file and the environment must not name two servers:
the token goes to one of them.
"""

import argparse
import os
from typing import Any, NamedTuple

from .._native import Client, Issue, NetbirdIntegration, Plan
from ..errors import InvalidIntegrationError, InvalidPlanError
from . import connection, files, options, targets
from .problems import Problems, SettingsError

# These stand for what is missing, so that the rest can be checked.
_ANY_URL, _ANY_DOMAIN = "https://authentik.company", "netbird.company"


class Given(NamedTuple):
    """What a command works with."""

    integration: NetbirdIntegration
    client: Client
    plan: Plan | None


def given(arguments: argparse.Namespace) -> Given:
    """Everything that was given, or `SettingsError` with every problem. No server is asked."""
    problems = Problems()
    wanted = saved = made = None
    with problems:
        saved = _saved_plan(arguments)
        wanted = saved.integration if saved else integration(arguments)
    with problems:
        made = connection.client(arguments, wanted.authentik_url if wanted else _ANY_URL)
    if arguments.target is not None:
        with problems:
            targets.check(arguments.target, wanted, arguments.writes)
    problems.raise_all()
    if wanted is None or made is None:
        raise SettingsError("nothing was given")
    return Given(wanted, made, saved)


def integration(arguments: argparse.Namespace, url: str = "") -> NetbirdIntegration:
    """The integration; `url` is authentik's where nothing says which, for what asks no server."""
    fields: dict[str, Any] = {}
    origins: dict[str, str] = {}
    if os.environ.get("AUTHENTIK_URL"):
        fields["authentik_url"] = os.environ["AUTHENTIK_URL"]
        origins["authentik_url"] = "AUTHENTIK_URL"
    if arguments.config is not None:
        found = files.options(arguments.config)
        fields.update(found)
        origins.update(dict.fromkeys(found, arguments.config))
    typed = _typed(arguments)
    fields.update(typed)
    origins = {name: origin for name, origin in origins.items() if name not in typed}
    problems = Problems()
    if not url and "authentik_url" not in fields:
        problems.found.append("--authentik-url: missing. Use it, or set AUTHENTIK_URL.")
    if "domain" not in fields:
        problems.found.append("DOMAIN: missing. Use NetBird's host name.")
    with problems:
        fields = {"authentik_url": url or _ANY_URL, "domain": _ANY_DOMAIN} | fields
        wanted = _built(fields, origins)
        # Without a server there is no token either.
        if arguments.config and not url and origins.get("authentik_url") == arguments.config:
            _check_environment(wanted.authentik_url, arguments.config)
    problems.raise_all()
    return wanted


def is_asked_for(arguments: argparse.Namespace) -> bool:
    """Whether an option of an integration was given, or a file of them. The server is none."""
    return arguments.config is not None or bool(_typed(arguments).keys() - {"authentik_url"})


def server(arguments: argparse.Namespace) -> str | None:
    """Where authentik is, as the caller gave it; `None` if nowhere."""
    if arguments.authentik_url is not None:
        return str(arguments.authentik_url)
    found = files.options(arguments.config) if arguments.config is not None else {}
    return found.get("authentik_url") or os.environ.get("AUTHENTIK_URL") or None


def _typed(arguments: argparse.Namespace) -> dict[str, Any]:
    """Fields of the integration that the command line has."""
    typed = {
        name.removeprefix(options.PREFIX): value
        for name, value in vars(arguments).items()
        if name.startswith(options.PREFIX)
    }
    for name in ("authentik_url", "domain"):
        if getattr(arguments, name) is not None:
            typed[name] = getattr(arguments, name)
    return typed


def _check_environment(url: str, config: str) -> None:
    """Raises if file and environment name two servers: either could be meant to get the token."""
    if os.environ.get("AUTHENTIK_URL") and url != _environment_url():
        raise SettingsError(
            f"{config}: authentik_url is {url}, but AUTHENTIK_URL is {_environment_url()}. "
            "Remove one of them, or use --authentik-url."
        )


def _environment_url() -> str:
    return _url(os.environ["AUTHENTIK_URL"], {"authentik_url": "AUTHENTIK_URL"})


def _url(url: str, origins: dict[str, str]) -> str:
    """A URL of authentik as an integration has it."""
    return _built({"authentik_url": url, "domain": _ANY_DOMAIN}, origins).authentik_url


def _built(fields: dict[str, Any], origins: dict[str, str]) -> NetbirdIntegration:
    try:
        return NetbirdIntegration.from_dict(fields)
    except InvalidIntegrationError as error:
        raise SettingsError(*(_problem(issue, origins) for issue in error.issues)) from None
    except (TypeError, ValueError) as error:
        # A value that has no form in JSON: a date of TOML's, an argument that is no UTF-8.
        raise SettingsError(str(error)) from None


def _problem(issue: Issue, origins: dict[str, str]) -> str:
    """An issue, in the words of what the value came from: a file, the environment, or an option."""
    origin = origins.get(issue.field.partition("[")[0])
    if origin is None or origin == "AUTHENTIK_URL":
        return options.problem(issue, origin)
    return f"{origin}: {issue}"


def _saved_plan(arguments: argparse.Namespace) -> Plan | None:
    path = getattr(arguments, "plan", None)
    if path is None:
        return None
    names = [options.option(name) for name in _typed(arguments) if name != "authentik_url"]
    if arguments.config is not None:
        names.append("--config")
    if names:
        raise SettingsError(
            f"--plan already contains the settings: do not give {', '.join(names)} as well"
        )
    if path == arguments.token_file == "-":
        raise SettingsError("standard input cannot be both the plan and the token. Use two files.")
    try:
        plan = Plan.from_json(files.read(path))
    except InvalidPlanError as error:
        raise SettingsError(f"{path}: {error}") from None
    _check_server(path, plan, arguments.authentik_url)
    return plan


def _check_server(path: str, plan: Plan, typed: str | None) -> None:
    """Raises unless the plan is for the authentik that was given: a file does not decide where the
    token goes.
    """
    if typed is None and not os.environ.get("AUTHENTIK_URL"):
        raise SettingsError(
            "--authentik-url: missing. Use it, or set AUTHENTIK_URL: a plan's file does not decide "
            "which server gets the token."
        )
    said = _environment_url() if typed is None else _url(typed, {})
    if said != plan.integration.authentik_url:
        raise SettingsError(
            f"{path}: this plan is for {plan.integration.authentik_url}, not for {said}. "
            "Create a new plan."
        )
