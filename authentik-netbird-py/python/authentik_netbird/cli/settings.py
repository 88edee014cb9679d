"""From arguments, file and environment to integrations, clients and a saved plan.

The command line counts more than the file, and the file more than the environment. The file and
the environment must not name two servers: the token goes to one of them.
"""

import os
from functools import partial
from typing import Any

from .._native import Issue, NetbirdIntegration, Plan
from ..enums import Mode
from ..errors import InvalidIntegrationError, InvalidPlanError
from . import connection, documents, modes, options, screen, targets
from .command import Arguments, seconds, seconds_or_zero
from .config import Config, load
from .connection import Connection
from .problems import CommandError, Problems, SettingsError
from .site import FailedSite, Site

# These stand for what is missing, so that the rest can be checked.
_ANY_URL, _ANY_DOMAIN = "https://authentik.company", "netbird.company"


def sites(arguments: Arguments, writes: targets.Writes | None = None) -> list[Site | FailedSite]:
    """Everything that was given, or `SettingsError` with every problem. No server is asked but a
    NetBird whose mode nothing says: one that does not answer fails its site alone.
    """
    _check_plan(arguments)
    configs = load(arguments)
    if len(configs) > 1:
        check_all(arguments)
    found: list[Site | FailedSite] = []
    # By their texts: what is missing for every site is said once.
    problems: dict[str, list[str]] = {}
    asked = modes.of_all([partial(mode, arguments, config) for config in configs])
    for config, one in zip(configs, asked, strict=True):
        try:
            if not isinstance(one, CommandError):
                found.append(site(arguments, config, one, writes))
            elif isinstance(one, SettingsError) or len(configs) == 1:
                raise one
            else:
                found.append(FailedSite(config.site, one))
        except SettingsError as error:
            for text in error.problems:
                problems.setdefault(text, []).append(str(config.site))
    if problems:
        raise SettingsError(
            *(
                text if len(names) == len(configs) else f"{', '.join(names)}: {text}"
                for text, names in problems.items()
            )
        )
    return found


def mode(arguments: Arguments, config: Config) -> Mode | None:
    """The mode that a NetBird is asked for; `None` where something says it.

    Raises:
        ModeUnknownError: NetBird does not say.
    """
    if _says_mode(arguments, config) or getattr(arguments, "plan", None) is not None:
        return None
    how = connection_of(arguments, config)
    check_netbird_url(arguments, config)
    return modes.found(how, config.site)


def _check_plan(arguments: Arguments) -> None:
    """Raises for what a saved plan has already."""
    path = getattr(arguments, "plan", None)
    if path is None:
        return
    # What decides where the token goes is not taken from a file.
    names = [name for name in _typed(arguments) if name not in ("authentik_url", "allow_http")]
    names = [options.option(name) for name in names]
    if arguments.config is not None:
        names.append("--config")
    if names:
        raise SettingsError(
            f"--plan already contains the settings: do not give {', '.join(names)} as well"
        )
    if path == "-" and "-" in (arguments.token_file, arguments.netbird_token_file):
        raise SettingsError(
            "standard input cannot supply both the plan and the token. Use a file for one of them."
        )


def check_all(arguments: Arguments, with_file: bool = False) -> None:
    """Raises for what cannot be meant for every site."""
    typed = _typed(arguments)
    given = ["DOMAIN"] if "domain" in typed else []
    given += ["--authentik-url"] if "authentik_url" in typed else []
    given += ["--plan"] if getattr(arguments, "plan", None) else []
    if not with_file and getattr(arguments, "target", None):
        given += ["--output" if arguments.command in ("plan", "env") else "--setup-env"]
    if given and arguments.all_sites:
        raise SettingsError(f"--all: do not use {', '.join(given)}, which is for one site")
    if given:
        # `status` takes every site by itself.
        raise SettingsError(
            f"{', '.join(given)}: for one site, but {arguments.command} covers every site of the "
            "configuration. Use --site NAME as well."
        )


def _says_mode(arguments: Arguments, config: Config) -> bool:
    return "mode" in config.values or "mode" in _typed(arguments)


def offline(arguments: Arguments, config: Config) -> NetbirdIntegration:
    """The integration for what asks no server, so no NetBird for its mode."""
    has_netbird = config.values.get("netbird_url") or os.environ.get("NETBIRD_URL")
    if has_netbird and not _says_mode(arguments, config):
        screen.note(
            f"mode standalone, the default: {arguments.command} asks no server. Use --mode "
            "connector for a NetBird with the embedded identity provider."
        )
    return integration(arguments, config, url="https://authentik.company")


def site(
    arguments: Arguments,
    config: Config,
    mode: Mode | None = None,
    writes: targets.Writes | None = None,
    limit: float | None = None,
) -> Site:
    """One of them, with the mode that was found out; `limit` is the longest wait for a token
    command, in seconds.
    """
    problems = Problems()
    target = getattr(arguments, "target", None)
    if target is None and arguments.command in ("apply", "rotate"):
        target = config.values.get("setup_env")
    wanted = saved = made = how = None
    with problems:
        how = connection_of(arguments, config)
    with problems:
        saved = _saved_plan(arguments, config)
        wanted = saved.integration if saved else integration(arguments, config, mode=mode)
    with problems:
        url = wanted.authentik_url if wanted else _ANY_URL
        with_netbird = wanted is not None and modes.is_connector(wanted)
        if with_netbird:
            check_netbird_url(arguments, config)
        elif wanted is not None:
            has_url = how is not None and how.values.get("netbird_url") is not None
            modes.check_no_netbird(arguments, is_asked=mode is not None, has_url=has_url)
        made = None if how is None else how.client(url, with_netbird, limit)
    if target is not None and wanted and arguments.command in ("apply", "rotate"):
        with problems:
            modes.check_has_file(arguments, config, wanted)
    if target is not None and writes is not None:
        with problems:
            targets.check(target, wanted, writes)
    problems.raise_all()
    if wanted is None or made is None:
        raise SettingsError("nothing was given")
    return Site(config.site, wanted, made, saved, target, accepted(arguments, config))


def read_tokens(arguments: Arguments, configs: list[Config]) -> None:
    """Reads the tokens that can be read once, before other threads need them."""
    typed = _typed(arguments)
    for config in configs:
        try:
            how = connection_of(arguments, config)
        except SettingsError:
            continue  # the site's own result says so
        mode = typed.get("mode", config.values.get("mode"))
        is_asked = mode is None and how.values.get("netbird_url") is not None
        how.read_tokens(with_netbird=is_asked or mode == "connector")


def check_netbird_url(arguments: Arguments, config: Config) -> None:
    """Raises for two URLs of NetBird: either could be meant to get the token."""
    named, variable = config.values.get("netbird_url"), os.environ.get("NETBIRD_URL")
    is_in_doubt = named and variable and getattr(arguments, "netbird_url", None) is None
    if is_in_doubt and str(named).rstrip("/") != str(variable).rstrip("/"):
        raise SettingsError(
            f"{config.origin}: netbird_url is {named}, but NETBIRD_URL is {variable}. "
            "Remove one of them, or use --netbird-url."
        )


def accepted(arguments: Arguments, config: Config) -> tuple[str, ...]:
    """The kinds of warnings that the caller knows."""
    return (*getattr(arguments, "accept_warning", ()), *config.values.get("accept_warnings", ()))


def connection_of(arguments: Arguments, config: Config) -> Connection:
    """The settings of the connection, each with where it comes from."""
    values, origins = connection.environment()
    tokens = (connection.TOKEN_SETTINGS, connection.NETBIRD_TOKEN_SETTINGS)
    names = (*tokens[0], *tokens[1], *connection.SETTINGS)
    in_file = {name: config.values[name] for name in names if name in config.values}
    given = vars(arguments)
    both = {name: given.get(name, given.get(options.PREFIX + name)) for name in names}
    typed = {name: value for name, value in both.items() if value is not None}
    for layer, origin in ((in_file, config.origin), (typed, None)):
        for known in tokens:
            if layer.keys() & known.keys():
                # A token of the same layer or none: not a file's in place of a typed one.
                for name in known:
                    values.pop(name, None)
        values.update(layer)
        origins.update(
            {name: f"{origin}: {name}" if origin else options.option(name) for name in layer}
        )
    if any(in_file.get(name) == values.get(name) for name in in_file if name.endswith("token")):
        screen.warn(
            "token_in_config",
            f"{config.origin} contains the API token: everyone who can read the file can use it",
            "Use token_command or token_file, or set AUTHENTIK_TOKEN.",
        )
    problems = Problems()
    for name, value in values.items():
        with problems:
            values[name] = _checked(name, value, origins[name])
    problems.raise_all()
    return Connection(values, origins)


def _checked(name: str, value: Any, origin: str) -> Any:
    """A value as the connection needs it."""
    if name in ("insecure", "allow_http"):
        words = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
        if isinstance(value, bool):
            return value
        if str(value).lower() not in words:
            raise SettingsError(f"{origin}: expected true or false")
        return words[str(value).lower()]
    if name.endswith("timeout"):
        import click

        try:
            return (seconds_or_zero if name == "retry_timeout" else seconds)(value)
        except click.BadParameter as error:
            raise SettingsError(f"{origin}: {error.message}") from None
    if not name.endswith("token_command") and not isinstance(value, str):
        raise SettingsError(f"{origin}: expected a text")
    return value


def integration(
    arguments: Arguments, config: Config, url: str = "", mode: Mode | None = None
) -> NetbirdIntegration:
    """The integration. Where nothing says which, `url` is authentik's, for what asks no server, and
    `mode` the mode that was found out.
    """
    fields: dict[str, Any] = {} if mode is None else {"mode": str(mode)}
    origins: dict[str, str] = {}
    if os.environ.get("AUTHENTIK_URL"):
        fields["authentik_url"] = os.environ["AUTHENTIK_URL"]
        origins["authentik_url"] = "AUTHENTIK_URL"
    values, variables = connection.environment()
    if "allow_http" in values:
        fields["allow_http"] = _checked("allow_http", values["allow_http"], variables["allow_http"])
    in_file = {name: config.values[name] for name in options.NAMES if name in config.values}
    if config.origin is not None:
        fields.update(in_file)
        origins.update(dict.fromkeys(in_file, config.origin))
    typed = _typed(arguments)
    fields.update(typed)
    origins = {name: origin for name, origin in origins.items() if name not in typed}
    problems = Problems()
    if not url and "authentik_url" not in fields:
        problems.found.append(
            "authentik's URL is missing. Set AUTHENTIK_URL, or use --authentik-url URL."
        )
    if "domain" not in fields:
        problems.found.append(
            "DOMAIN is missing. Use NetBird's host name, such as netbird.company, or set domain in "
            "authentik-netbird.toml."
        )
    with problems:
        fields = {"authentik_url": url or _ANY_URL, "domain": _ANY_DOMAIN} | fields
        wanted = _built(fields, origins)
        # Without a server there is no token either.
        if config.origin and not url and origins.get("authentik_url") == config.origin:
            _check_environment(wanted.authentik_url, config.origin)
    problems.raise_all()
    return wanted


def is_asked_for(arguments: Arguments, config: Config) -> bool:
    """Whether an option of an integration was given, or a file of them. The server is none."""
    given = _typed(arguments).keys() | config.values.keys() & set(options.NAMES)
    return bool(given - {"authentik_url"})


def server(arguments: Arguments, config: Config) -> str | None:
    """Where authentik is, as the caller gave it; `None` if nowhere."""
    if arguments.authentik_url is not None:
        return str(arguments.authentik_url)
    return config.values.get("authentik_url") or os.environ.get("AUTHENTIK_URL") or None


def _typed(arguments: Arguments) -> dict[str, Any]:
    """Fields of the integration that the command line has."""
    typed = {
        name.removeprefix(options.PREFIX): [*value] if isinstance(value, tuple) else value
        for name, value in vars(arguments).items()
        if name.startswith(options.PREFIX) and value not in (None, ())
    }
    for name in ("authentik_url", "domain"):
        if getattr(arguments, name, None) is not None:
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
    for name, value in fields.items():
        if not all(map(_is_valid_text, value if isinstance(value, list) else [value])):
            raise SettingsError(
                f"{origins.get(name) or options.option(name)}: not valid in this locale. Use "
                "UTF-8, and a locale for it, such as LC_ALL=C.UTF-8."
            )
    try:
        return NetbirdIntegration.from_dict(fields)
    except InvalidIntegrationError as error:
        raise SettingsError(*(_problem(issue, origins) for issue in error.issues)) from None
    except (TypeError, ValueError) as error:
        # A value that has no form in JSON, such as a date of TOML's.
        raise SettingsError(str(error)) from None


def _is_valid_text(value: Any) -> bool:
    """Whether a value has none of the characters that stand for bytes that could not be decoded."""
    return not isinstance(value, str) or value.encode(errors="ignore").decode() == value


def _problem(issue: Issue, origins: dict[str, str]) -> str:
    """An issue, in the words of what the value came from: a file, the environment, or an option."""
    origin = origins.get(issue.field.partition("[")[0])
    if origin is None or origin == "AUTHENTIK_URL":
        return options.problem(issue, origin)
    return f"{origin}: {issue}"


def _saved_plan(arguments: Arguments, config: Config) -> Plan | None:
    path = getattr(arguments, "plan", None)
    if path is None:
        return None
    try:
        plan = documents.plan_from(path)
    except InvalidPlanError as error:
        raise SettingsError(f"{path}: {error}") from None
    _check_server(path, plan, server(arguments, config), arguments.authentik_url is not None)
    return plan


def _check_server(path: str, plan: Plan, given: str | None, is_typed: bool) -> None:
    """Raises unless the plan is for the authentik that was given: a file does not decide where the
    token goes.
    """
    if given is None:
        raise SettingsError(
            "authentik's URL is missing. Set AUTHENTIK_URL, or use --authentik-url URL: a plan's "
            "file does not decide which server gets the token."
        )
    said = _url(given, {} if is_typed else {"authentik_url": "AUTHENTIK_URL"})
    if said != plan.integration.authentik_url:
        raise SettingsError(
            f"{path}: this plan is for {plan.integration.authentik_url}, not for {said}. "
            "Create a new plan."
        )
