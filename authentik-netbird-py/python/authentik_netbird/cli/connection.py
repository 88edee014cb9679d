"""From arguments and environment to a client."""

import argparse
import os
import sys

from .._native import Client, ConnectionOptions, Secret
from ..errors import InvalidClientError
from . import colour, files, screen
from .options import problem
from .problems import Problems, SettingsError


def client(arguments: argparse.Namespace, url: str) -> Client:
    """A client of this authentik, or `SettingsError` with every problem."""
    problems = Problems()
    token, authority = Secret("any"), None
    with problems:
        token = _token(arguments.token_file)
    with problems:
        authority = files.read(arguments.ca_file) if arguments.ca_file is not None else None
    origins = {
        "token": "AUTHENTIK_TOKEN" if arguments.token_file is None else arguments.token_file,
        "root_certificates": arguments.ca_file,
    }
    with problems:
        try:
            options = ConnectionOptions(root_certificates=authority, timeout=arguments.timeout)
            made = Client(url, token=token, options=options)
        except InvalidClientError as error:
            raise SettingsError(
                *(problem(issue, origins.get(issue.field)) for issue in error.issues)
            ) from None
    problems.raise_all()
    return made


def _token(path: str | None) -> Secret:
    if path is None:
        text, lack = os.environ.get("AUTHENTIK_TOKEN", ""), "the API token is missing"
    elif path == "-" and colour.is_terminal(sys.stdin):
        text, lack = _asked(), "no API token was entered"
    else:
        text, lack = files.read(path), f"{'standard input' if path == '-' else path} is empty"
    if not text.strip():
        hint = "Set AUTHENTIK_TOKEN, or use --token-file FILE (- is standard input)."
        raise SettingsError(f"{lack}. {hint}")
    try:
        token = Secret(text)
    except TypeError:
        raise SettingsError("the API token is not valid UTF-8. Copy it again.") from None
    screen.mask(token)
    return token


def _asked() -> str:
    """What is typed on the terminal, which does not show it."""
    import getpass

    try:
        return getpass.getpass("API token of authentik: ")
    except (EOFError, OSError):
        return ""
