"""How to reach authentik: the options, the environment and the file that say so, and the client."""

import contextlib
import os
import sys
from collections.abc import Iterator, Mapping
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
    """A server that is configured, and how its variables and settings begin."""

    name: str
    variable: str
    prefix: str

    def setting(self, name: str) -> str:
        """The name of a setting in the configuration file."""
        return f"{self.prefix}{name}"

    def of(self, setting: str) -> str:
        """The environment variable of a setting."""
        return f"{self.variable}_{setting.upper()}"


AUTHENTIK = Server("authentik", "AUTHENTIK", "")
NETBIRD = Server("NetBird", "NETBIRD", "netbird_")
_TOKEN = ("token", "token_file", "token_command")
#: Settings that say where the token of a server is, by name, with their environment variables.
TOKEN_SETTINGS, NETBIRD_TOKEN_SETTINGS = (
    {server.setting(name): server.of(name) for name in _TOKEN} for server in (AUTHENTIK, NETBIRD)
)
#: Further settings of a connection.
SETTINGS: dict[str, str] = {"netbird_url": NETBIRD.of("url")} | {
    name: f"AUTHENTIK_NETBIRD_{name.upper()}"
    for name in ("ca_file", "timeout", "connect_timeout", "retry_timeout", "insecure", "allow_http")
}
SECONDS = {"timeout": 30.0, "connect_timeout": 10.0, "retry_timeout": 15.0}


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
            help="file with an administrator's API token, or - for standard input. "
            "Default: AUTHENTIK_TOKEN",
        ),
        Option(
            "--token-command",
            metavar="COMMAND",
            section=_SECTION,
            common=False,
            help="command that prints the API token, such as a password manager's. Default: "
            "AUTHENTIK_TOKEN_COMMAND",
        ),
        Option(
            "--netbird-url",
            metavar="URL",
            section=_SECTION,
            common=False,
            help="base URL of NetBird, to detect its mode and to configure it in the mode "
            "connector. Default: NETBIRD_URL; without it only authentik is changed",
        ),
        Option(
            "--netbird-token-file",
            metavar="FILE",
            section=_SECTION,
            common=False,
            help="file with a NetBird administrator's access token. Default: NETBIRD_TOKEN",
        ),
        Option(
            "--netbird-token-command",
            metavar="COMMAND",
            section=_SECTION,
            common=False,
            help="command that prints NetBird's access token. Default: NETBIRD_TOKEN_COMMAND",
        ),
        Option(
            "--ca-file",
            metavar="FILE",
            section=_SECTION,
            common=False,
            help="PEM file of a private certificate authority. Default: AUTHENTIK_NETBIRD_CA_FILE",
        ),
        flag(
            "--insecure",
            section=_SECTION,
            common=False,
            default=None,
            help="do not verify TLS certificates; anyone in between can read the token. For "
            "testing only. Default: AUTHENTIK_NETBIRD_INSECURE",
        ),
        _seconds("--timeout", "timeout for a response"),
        _seconds("--connect-timeout", "timeout for a connection"),
        _seconds("--retry-timeout", "how long failed reads are retried; 0 disables retries"),
    ]


def _seconds(name: str, text: str) -> Option:
    key = name.removeprefix("--").replace("-", "_")
    return Option(
        name,
        type=seconds_or_zero if key == "retry_timeout" else seconds,
        metavar="SECONDS",
        section=_SECTION,
        common=False,
        help=f"{text}. Default: {SETTINGS[key]}, else {SECONDS[key]:g}",
    )


NETBIRD_URL_MISSING = "NetBird's URL is missing. Set NETBIRD_URL, or use --netbird-url URL."


class Connection(NamedTuple):
    """The settings of a connection, and where each comes from."""

    values: Mapping[str, Any]
    origins: Mapping[str, str]

    def has_token(self) -> bool:
        """Whether something says where the token is."""
        return any(self.values.get(name) is not None for name in TOKEN_SETTINGS)

    def client(
        self, url: str, with_netbird: bool = False, limit: float | None = None
    ) -> AsyncClient:
        """A client of this authentik, or `SettingsError` with every problem. With NetBird's API,
        too, if that is wanted and given. A token command may take `limit` seconds.
        """
        if self.values.get("token_file") == self.values.get("netbird_token_file") == "-":
            raise SettingsError(
                "standard input cannot supply both tokens. Use a file for one of them."
            )
        problems = Problems()
        token, how, netbird = Secret("any"), ConnectionOptions(), None
        with problems:
            token = self._token(AUTHENTIK, limit)
        if with_netbird and self._has(NETBIRD):
            if self.values.get("netbird_url") is None:
                problems.found.append(NETBIRD_URL_MISSING)
            with problems:
                netbird = self._token(NETBIRD, limit)
        with problems:
            how = self.options()
        netbird_url = None if netbird is None else self.values.get("netbird_url")
        with problems, self.naming():
            made = AsyncClient(
                url,
                token=token,
                netbird_url=netbird_url,
                netbird_token=netbird if netbird_url else None,
                options=how,
            )
        problems.raise_all()
        return made

    def read_tokens(self, with_netbird: bool) -> None:
        """Reads a token of standard input or of a pipe. Of two on standard input nothing is read:
        both have an error.

        In the main thread: in another one the terminal would stay without its echo after Ctrl-C.
        """
        found = {one: self.values.get(one.setting("token_file")) for one in (AUTHENTIK, NETBIRD)}
        if found[AUTHENTIK] == found[NETBIRD]:
            return
        for server, path in found.items():
            is_once = path == "-" or (path and os.path.exists(path) and not os.path.isfile(path))
            if is_once and (server is AUTHENTIK or with_netbird):
                _of_file(str(path), _called(server))

    @contextlib.contextmanager
    def naming(self) -> Iterator[None]:
        """Says of what is invalid where it comes from."""
        origins = {
            "token": self._token_origin(AUTHENTIK),
            "netbird_url": self.origins.get("netbird_url"),
            "netbird_token": self._token_origin(NETBIRD),
            "root_certificates": self.values.get("ca_file"),
        }
        try:
            yield
        except InvalidClientError as error:
            raise SettingsError(
                *(problem(issue, origins.get(issue.field)) for issue in error.issues)
            ) from None

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
                "the token may be sent over plain http: anyone between here and the server can "
                "read it",
                f"Use https, and remove {self.origins.get('allow_http', '--allow-http')}.",
            )
        with self._named("ca_file"):
            certificates = None if authority is None else files.once(authority)
        return ConnectionOptions(
            root_certificates=certificates,
            danger_accept_invalid_certs=bool(self.values.get("insecure")),
            allow_http=bool(self.values.get("allow_http")),
            **{name: self.values.get(name, default) for name, default in SECONDS.items()},
        )

    @contextlib.contextmanager
    def _named(self, setting: str) -> Iterator[None]:
        """Names the option or variable whose file cannot be read."""
        try:
            yield
        except SettingsError as error:
            raise SettingsError(f"{self.origins.get(setting, setting)}: {error}") from None

    def _has(self, server: Server) -> bool:
        names = [server.setting(name) for name in (*_TOKEN, "url")]
        return any(self.values.get(name) is not None for name in names)

    def _token_origin(self, server: Server) -> str:
        file, command = server.setting("token_file"), server.setting("token_command")
        if self.values.get(file) is not None:
            return str(self.values[file])
        if self.values.get(command) is not None:
            return "the token command"
        return self.origins.get(server.setting("token"), server.of("token"))

    def _token(self, server: Server, limit: float | None) -> Secret:
        file, command = server.setting("token_file"), server.setting("token_command")
        called = _called(server)
        if self.values.get(file) is not None:
            with self._named(file):
                text, missing = _of_file(str(self.values[file]), called)
        elif self.values.get(command) is not None:
            with self._named(command):
                text, missing = _of_command(self.values[command], limit)
        else:
            text = self.values.get(server.setting("token")) or ""
            missing = f"the {called} is missing"
        if not text.strip():
            option = f"--{file.replace('_', '-')}"
            hint = f"Set {server.of('token')}, or use {option} FILE (- is standard input)."
            raise SettingsError(f"{missing}. {hint}")
        try:
            token = Secret(text)
        except TypeError:
            raise SettingsError(f"the {called} is not valid UTF-8. Copy it again.") from None
        screen.mask(token)
        return token


def _called(server: Server) -> str:
    return f"{'API' if server is AUTHENTIK else 'access'} token of {server.name}"


def _of_file(path: str, called: str) -> tuple[str, str]:
    if path == "-" and colour.is_terminal(sys.stdin):
        return files.once("-", lambda _: asked(called)), f"no {called} was entered"
    if path == "-":
        return files.once("-"), "standard input is empty"
    if files.is_world_readable(path):
        screen.warn(
            "token_file",
            f"everyone on this machine can read the API token in {path}",
            f"Run chmod 600 {path}, and replace the token if others may have read it.",
        )
    return files.once(path), f"{path} is empty"


def _of_command(command: Any, limit: float | None) -> tuple[str, str]:
    """The output of a command. It may ask for a password on the terminal; no shell is involved."""
    import shlex
    import subprocess

    try:
        words = shlex.split(command) if isinstance(command, str) else [str(one) for one in command]
        ended = subprocess.run(  # noqa: S603
            words, stdout=subprocess.PIPE, check=False, timeout=limit
        )
        text = ended.stdout.decode()
    except subprocess.TimeoutExpired:
        raise SettingsError(f"the command did not end within {limit:g} s") from None
    except UnicodeDecodeError:
        raise SettingsError("the output of the command is not valid UTF-8") from None
    except OSError as error:
        raise SettingsError(f"cannot run the command: {error.strerror}") from None
    except (ValueError, IndexError, TypeError):
        raise SettingsError(
            "invalid command: expected a program and its arguments, with quotes in pairs"
        ) from None
    if ended.returncode:
        raise SettingsError(
            f"the command failed with exit code {ended.returncode}. Run it by itself to see why."
        )
    return text, "the token command printed nothing"


def asked(called: str) -> str:
    """Asks for a text on the terminal, which does not show it."""
    import getpass

    try:
        return getpass.getpass(f"{called}: ")
    except (EOFError, OSError):
        return ""


def environment() -> tuple[dict[str, Any], dict[str, str]]:
    """The settings of a connection that the environment has, and the variables that have them."""
    found = {
        name: (os.environ[variable], variable)
        for name, variable in {**TOKEN_SETTINGS, **NETBIRD_TOKEN_SETTINGS, **SETTINGS}.items()
        if os.environ.get(variable)
    }
    return {name: text for name, (text, _) in found.items()}, {
        name: variable for name, (_, variable) in found.items()
    }
