"""From arguments and environment to a client."""

import argparse
import os
import sys

from .._native import Client, Secret
from ..errors import InvalidClientError
from . import colour, files
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
        "ca_certificates": arguments.ca_file,
    }
    with problems:
        try:
            made = Client(url, token=token, ca_certificates=authority, timeout=arguments.timeout)
        except InvalidClientError as error:
            raise SettingsError(
                *(f"{origins.get(issue.field, url)}: {issue}" for issue in error.issues)
            ) from None
    problems.raise_all()
    return made


def _token(path: str | None) -> Secret:
    if path is None:
        text, problem = os.environ.get("AUTHENTIK_TOKEN", ""), "it is missing"
    elif path == "-" and colour.is_terminal(sys.stdin):
        text, problem = _asked(), "nothing was entered"
    else:
        text, problem = files.read(path), f"{'standard input' if path == '-' else path} is empty"
    if not text.strip():
        hint = "set AUTHENTIK_TOKEN, or give --token-file FILE (- is standard input)"
        raise SettingsError(f"token: {problem}; {hint}")
    try:
        return Secret(text)
    except TypeError:
        raise SettingsError("token: it is no UTF-8 text; copy it again") from None


def _asked() -> str:
    """What is typed on the terminal, which does not show it."""
    import getpass

    try:
        return getpass.getpass("API token of authentik: ")
    except (EOFError, OSError):
        return ""
