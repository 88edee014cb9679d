"""From arguments, file and environment to an integration and a client.

The command line counts more than the file, and the file more than the environment.
"""

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any

from .._native import Client, NetbirdIntegration, Secret


class SettingsError(Exception):
    """What was given can't be used."""


def read(path: str) -> str:
    """Text of a file; `-` is standard input."""
    try:
        return sys.stdin.read() if path == "-" else Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no UTF-8 text"
        raise SettingsError(f"can't read {path}: {reason}") from None


def integration(arguments: argparse.Namespace, url: str = "") -> NetbirdIntegration:
    """The integration; `url` is authentik's where nothing says which."""
    fields: dict[str, Any] = {"authentik_url": os.environ.get("AUTHENTIK_URL") or url}
    if arguments.config:
        fields.update(_file(arguments.config))
    for name, value in vars(arguments).items():
        if name.startswith("field_"):
            fields[name.removeprefix("field_")] = value
    if "field_extra_redirect_uris" in arguments:
        uris = arguments.field_extra_redirect_uris
        fields["extra_redirect_uris"] = [_redirect_uri(uri) for uri in uris]
    if arguments.authentik_url:
        fields["authentik_url"] = arguments.authentik_url
    if arguments.domain:
        fields["domain"] = arguments.domain
    if not fields["authentik_url"]:
        raise SettingsError("which authentik? give --authentik-url, or set AUTHENTIK_URL")
    if "domain" not in fields:
        raise SettingsError("which NetBird? give its host name, DOMAIN")
    return NetbirdIntegration.from_dict(fields)


def client(arguments: argparse.Namespace, integration: NetbirdIntegration) -> Client:
    """A client of the integration's authentik."""
    if arguments.token_file:
        token = Secret(read(arguments.token_file))
    else:
        token = Secret(os.environ.get("AUTHENTIK_TOKEN", ""))
    if not token.expose().strip():
        raise SettingsError(
            "the API token is missing: set AUTHENTIK_TOKEN, or give --token-file FILE "
            "(- is standard input)"
        )
    authority = read(arguments.ca_file) if arguments.ca_file else None
    return Client(
        integration.authentik_url,
        token=token,
        ca_certificates=authority,
        timeout=arguments.timeout,
    )


def _file(path: str) -> dict[str, Any]:
    text = read(path)
    try:
        if path.endswith(".toml"):
            if sys.version_info >= (3, 11):
                import tomllib
            else:
                import tomli as tomllib
            return tomllib.loads(text)
        if path.endswith(".json"):
            fields = json.loads(text)
            if isinstance(fields, dict):
                return fields
            raise SettingsError(f"{path}: a JSON object of options was due")
    except ValueError as error:
        raise SettingsError(f"{path}: {error}") from None
    raise SettingsError(f"{path}: its name must end in .toml or .json")


def _redirect_uri(text: str) -> dict[str, str]:
    mode, _, url = text.partition(":")
    if mode not in ("strict", "regex") or not url:
        raise SettingsError("--extra-redirect-uri: write strict:URL or regex:PATTERN")
    return {"matching_mode": mode, "url": url}
