"""How to reach authentik: the options, the environment and the file that say so, and the client."""

import os
import sys
from collections.abc import Mapping
from typing import Any, NamedTuple

from .. import AsyncClient
from .._native import ConnectionOptions, Secret
from ..errors import InvalidClientError
from . import colour, files, screen
from .command import Option, flag, seconds, seconds_or_zero
from .options import problem
from .options import text as option_text
from .problems import Problems, SettingsError

_SECTION = "connection"


class Server(NamedTuple):
    """A server that is configured, and how its options and variables begin."""

    name: str
    variable: str

    def of(self, setting: str) -> str:
        """The environment variable of a setting."""
        return f"{self.variable}_{setting.upper()}"


AUTHENTIK = Server("authentik", "AUTHENTIK")
#: Settings of the connection to each server, by name, with their environment variables.
TOKEN_SETTINGS = {name: AUTHENTIK.of(name) for name in ("token", "token_file", "token_command")}
SETTINGS: dict[str, str] = {
    name: f"AUTHENTIK_NETBIRD_{name.upper()}"
    for name in ("ca_file", "timeout", "connect_timeout", "retry_timeout", "insecure", "allow_http")
}
_SECONDS = {"timeout": 30.0, "connect_timeout": 10.0, "retry_timeout": 15.0}


def options() -> list[Option]:
    """The options of a connection."""
    return [
        Option(
            "--authentik-url",
            metavar="URL",
            section=_SECTION,
            help=f"{option_text('authentik_url')}. Default: AUTHENTIK_URL",
        ),
        Option(
            "--token-file",
            metavar="FILE",
            section=_SECTION,
            help="file with the API token of an administrator; - is standard input. "
            "Default: AUTHENTIK_TOKEN",
        ),
        Option(
            "--token-command",
            metavar="COMMAND",
            section=_SECTION,
            common=False,
            help="command that prints the API token, such as a password manager's",
        ),
        Option(
            "--ca-file",
            metavar="FILE",
            section=_SECTION,
            common=False,
            help="certificates of a private authority, PEM. Default: none",
        ),
        flag(
            "--insecure",
            section=_SECTION,
            common=False,
            default=None,
            help="accept every certificate, so that anyone in between can read the token: only for "
            "experiments",
        ),
        _seconds("--timeout", "longest wait for one response"),
        _seconds("--connect-timeout", "longest wait for a connection"),
        _seconds("--retry-timeout", "how long reads are retried; 0: never"),
    ]


def _seconds(name: str, text: str) -> Option:
    key = name.removeprefix("--").replace("-", "_")
    return Option(
        name,
        type=seconds_or_zero if key == "retry_timeout" else seconds,
        metavar="SECONDS",
        section=_SECTION,
        common=False,
        help=f"{text}. Default: {_SECONDS[key]:g}",
    )


class Connection(NamedTuple):
    """What a connection needs, and where each setting comes from."""

    values: Mapping[str, Any]
    origins: Mapping[str, str]

    def has_token(self) -> bool:
        """Whether something says where the token is."""
        return any(self.values.get(name) is not None for name in TOKEN_SETTINGS)

    def client(self, url: str) -> AsyncClient:
        """A client of this authentik, or `SettingsError` with every problem."""
        problems = Problems()
        token, how = Secret("any"), ConnectionOptions()
        with problems:
            token = self._token()
        with problems:
            how = self.options()
        origins = {"token": self._token_origin(), "root_certificates": self.values.get("ca_file")}
        with problems:
            try:
                made = AsyncClient(url, token=token, options=how)
            except InvalidClientError as error:
                raise SettingsError(
                    *(problem(issue, origins.get(issue.field)) for issue in error.issues)
                ) from None
        problems.raise_all()
        return made

    def options(self) -> ConnectionOptions:
        """How to connect."""
        authority = self.values.get("ca_file")
        if self.values.get("insecure"):
            screen.warn(
                "insecure",
                "certificates are not checked: anyone between here and the server can read the "
                "token and the password",
                f"Remove {self.origins.get('insecure', '--insecure')}; for a private authority "
                "use --ca-file.",
            )
        if self.values.get("allow_http"):
            screen.warn(
                "allow_http",
                "the token may go over plain http: anyone between here and the server can read it",
                f"Use https, and remove {self.origins.get('allow_http', '--allow-http')}.",
            )
        return ConnectionOptions(
            root_certificates=None if authority is None else files.read(authority),
            danger_accept_invalid_certs=bool(self.values.get("insecure")),
            allow_http=bool(self.values.get("allow_http")),
            **{name: self.values.get(name, default) for name, default in _SECONDS.items()},
        )

    def _token_origin(self) -> str:
        for name in ("token_file", "token_command"):
            if self.values.get(name) is not None:
                return str(self.values[name]) if name == "token_file" else "the token command"
        return self.origins.get("token", AUTHENTIK.of("token"))

    def _token(self) -> Secret:
        if self.values.get("token_file") is not None:
            text, missing = _of_file(str(self.values["token_file"]))
        elif self.values.get("token_command") is not None:
            text, missing = _of_command(self.values["token_command"])
        else:
            text, missing = self.values.get("token") or "", "the API token is missing"
        if not text.strip():
            hint = "Set AUTHENTIK_TOKEN, or use --token-file FILE (- is standard input)."
            raise SettingsError(f"{missing}. {hint}")
        try:
            token = Secret(text)
        except TypeError:
            raise SettingsError("the API token is not valid UTF-8. Copy it again.") from None
        screen.mask(token)
        return token


def _of_file(path: str) -> tuple[str, str]:
    if path == "-" and colour.is_terminal(sys.stdin):
        return _asked(), "no API token was entered"
    if path != "-" and files.is_world_readable(path):
        screen.warn(
            "token_file",
            f"everyone on this machine can read the API token in {path}",
            f"Run chmod 600 {path}, and replace the token if others may have read it.",
        )
    return files.read(path), f"{'standard input' if path == '-' else path} is empty"


def _of_command(command: Any) -> tuple[str, str]:
    """What a command prints. It may ask for a password on the terminal; no shell is involved."""
    import shlex
    import subprocess

    try:
        words = shlex.split(command) if isinstance(command, str) else [str(one) for one in command]
        ended = subprocess.run(words, stdout=subprocess.PIPE, check=False)  # noqa: S603
        text = ended.stdout.decode()
    except (OSError, ValueError, IndexError, TypeError) as error:
        reason = getattr(error, "strerror", None) or "invalid command, or its output is not UTF-8"
        raise SettingsError(f"cannot run the token command: {reason}") from None
    if ended.returncode:
        raise SettingsError(f"the token command failed with exit code {ended.returncode}")
    return text, "the token command printed nothing"


def _asked() -> str:
    """What is typed on the terminal, which does not show it."""
    import getpass

    try:
        return getpass.getpass("API token of authentik: ")
    except (EOFError, OSError):
        return ""


def environment() -> tuple[dict[str, Any], dict[str, str]]:
    """The settings of a connection that the environment has, and the variables that have them."""
    found = {
        name: (os.environ[variable], variable)
        for name, variable in {**TOKEN_SETTINGS, **SETTINGS}.items()
        if os.environ.get(variable)
    }
    return {name: text for name, (text, _) in found.items()}, {
        name: variable for name, (_, variable) in found.items()
    }
