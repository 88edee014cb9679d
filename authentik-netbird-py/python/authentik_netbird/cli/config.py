"""The configuration file: `--config FILE`, or an `authentik-netbird.toml` that is found."""

import os
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from ..enums import WarningKind
from . import files
from .command import Arguments
from .connection import NETBIRD_TOKEN_SETTINGS, SETTINGS, TOKEN_SETTINGS
from .options import NAMES
from .problems import SettingsError, suggestion

NAME = "authentik-netbird.toml"
#: Files that a configuration names; a relative path is relative to the folder of the configuration.
_PATHS = ("token_file", "netbird_token_file", "ca_file", "setup_env")
_OWN = ("setup_env", "accept_warnings")
_KEYS = (*NAMES, *TOKEN_SETTINGS, *NETBIRD_TOKEN_SETTINGS, *SETTINGS, *_OWN)


class Config(NamedTuple):
    """The settings of one site in a configuration file."""

    origin: str | None = None
    """The file; `None`: there is none."""
    site: str | None = None
    """The name of the site, if the file has sites."""
    values: Mapping[str, Any] = MappingProxyType({})


def load(arguments: Arguments, every_by_default: bool = False) -> list[Config]:
    """The settings of each site that was asked for; at least one."""
    site, every = getattr(arguments, "site", None), getattr(arguments, "all_sites", False)
    path = _found() if arguments.config is None else arguments.config
    if site is not None and every:
        raise SettingsError("--all and --site cannot be used together. Remove one.")
    if path is None:
        if site is not None or every:
            raise SettingsError(
                f"{NAME} not found here or in {_user_folder()}. Create it, or use --config FILE."
            )
        return [Config()]
    values = files.options(path)
    sites = values.pop("sites", {})
    if not isinstance(sites, dict) or not all(isinstance(one, dict) for one in sites.values()):
        raise SettingsError(f"{path}: sites: expected tables, such as [sites.berlin]")
    problems = [*_unknown(path, "", values)]
    for name, own in sites.items():
        problems += _unknown(path, f"sites.{name}.", own)
    for own in (values, *sites.values()):
        problems += _unknown_warnings(path, own.get("accept_warnings", []))
    if problems:
        raise SettingsError(*problems)
    every = every or (every_by_default and site is None and bool(sites))
    chosen = _chosen(path, [*sites], site, every)
    merged = [(name, values | (sites[name] if name is not None else {})) for name in chosen]
    return [Config(path, name, _resolved(path, own)) for name, own in merged]


def site_names(path: str | None) -> list[str]:
    """The sites of this file, or of the one that is found."""
    path = path or _found()
    sites = {} if path in (None, "-") else files.options(path).get("sites", {})
    return [*sites] if isinstance(sites, dict) else []


def _chosen(path: str, sites: list[str], site: str | None, every: bool) -> list[str | None]:
    listed = ", ".join(sites)
    if site is not None:
        if site not in sites:
            known = f"; the sites are {listed}" if sites else ", which has no sites"
            raise SettingsError(
                f'--site: "{site}" is not in {path}{suggestion(site, sites) or known}'
            )
        return [site]
    if every:
        if not sites:
            raise SettingsError(f"--all: {path} has no sites, such as [sites.berlin]")
        return [*sites]
    if len(sites) > 1:
        raise SettingsError(f"{path} has several sites: use --site NAME or --all ({listed})")
    return [sites[0] if sites else None]


def _found() -> str | None:
    """A file in the working directory, or in the user's folder of configurations."""
    if os.environ.get("AUTHENTIK_NETBIRD_CONFIG"):
        return os.environ["AUTHENTIK_NETBIRD_CONFIG"]
    for path in (os.path.join(folder, NAME) for folder in ("", _user_folder())):
        if os.path.isfile(path):
            _check_owner(path)
            return path
    return None


def _user_folder() -> str:
    import click

    return click.get_app_dir("authentik-netbird")


def _check_owner(path: str) -> None:
    """Raises for a file that somebody else put here: it says where the token goes, and may have a
    command.
    """
    if not hasattr(os, "geteuid"):
        return
    found = os.stat(path)
    if found.st_uid not in (0, os.geteuid()) or found.st_mode & 0o002:
        raise SettingsError(
            f"{path} belongs to another user, or everyone can write to it. "
            f"Correct its owner or mode, or use --config {path} to use it anyway."
        )


def _unknown(path: str, prefix: str, values: dict[str, Any]) -> list[str]:
    return [
        f"{path}: {prefix}{name}: unknown option{suggestion(name, _KEYS)}"
        for name in values
        if name not in _KEYS
    ]


def _unknown_warnings(path: str, names: Any) -> list[str]:
    known = [str(kind) for kind in WarningKind]
    if not isinstance(names, list):
        return [f"{path}: accept_warnings: expected a list of names"]
    return [
        f'{path}: accept_warnings: "{name}" is not a warning{suggestion(str(name), known)}'
        for name in names
        if name not in known
    ]


def _resolved(path: str, values: dict[str, Any]) -> dict[str, Any]:
    folder = os.path.dirname(path) if path != "-" else ""
    return {
        name: os.path.join(folder, value)
        if name in _PATHS and isinstance(value, str) and value != "-"
        else value
        for name, value in values.items()
    }
