"""The command `export`: print what a plan would do, in the form of another system."""

from collections.abc import Awaitable, Callable

from .. import AsyncClient, NetbirdIntegration
from ..errors import AuthentikNetbirdError
from . import common, config, connection, options, screen, settings
from .command import Arguments, Command, Option, flag
from .problems import SettingsError, suggestion
from .report import Section, finish
from .site import Site

_FORMS = ("blueprint", "terraform", "curl", "ansible")


def command(name: str, summary: str) -> Command:
    """The command."""
    own = [
        flag(
            "--from-server",
            help="read the server: print import blocks, and only the remaining changes",
        ),
        Option("--release", metavar="VERSION", help="release of authentik. Default: the newest"),
        Option(
            "--secret-files",
            metavar="FOLDER",
            help="folder of a blueprint's secrets on authentik's worker. Default: its environment",
        ),
    ]
    return Command(
        name,
        export,
        [
            *own,
            *common.configuration(every=False),
            *connection.options(),
            *common.output(("text", "json")),
            *options.of_integration(),
        ],
        summary=summary,
        details="Without --from-server it is for a fresh authentik, offline. No form contains a "
        "secret.",
        before=("FORM", ", ".join(_FORMS)),
        argument=common.DOMAIN,
        words=_FORMS,
    )


def export(arguments: Arguments) -> int:
    """Prints it."""
    form = arguments.form or ""
    if form not in _FORMS:
        known = suggestion(form, _FORMS) or "; expected " + ", ".join(_FORMS)
        raise SettingsError(
            f'FORM: "{form}" is not supported{known}' if form else f"FORM: missing{known}"
        )
    text = _of_server(arguments, form) if arguments.from_server else _offline(arguments, form)
    if screen.is_text():
        screen.document(text.removesuffix("\n"))
    return finish("export", [Section(result={"form": form, "text": text})])


def _offline(arguments: Arguments, form: str) -> str:
    [found] = config.load(arguments)
    wanted = settings.offline(arguments, found)
    try:
        if form == "blueprint":
            return wanted.export_blueprint(arguments.release, secret_files=arguments.secret_files)
        if form == "terraform":
            return wanted.export_terraform(arguments.release)
    except ValueError as error:
        if isinstance(error, AuthentikNetbirdError):
            raise
        raise SettingsError(f"--release: {error}") from None
    if arguments.release is not None:
        raise SettingsError(f"--release: {form} has none. Use --from-server for that of a server.")
    made = wanted.preview()
    return made.export_curl() if form == "curl" else made.export_ansible()


def _of_server(arguments: Arguments, form: str) -> str:
    from .run import Runner, closed, reading

    if form == "blueprint":
        raise SettingsError(
            "--from-server: not for a blueprint, which is the same for every server. Remove it."
        )
    if arguments.release is not None:
        raise SettingsError(
            "--release and --from-server cannot be used together: the server has its release. "
            "Remove one."
        )
    sites = settings.sites(arguments)
    reads: dict[str, Callable[[AsyncClient, NetbirdIntegration], Awaitable[str]]] = {
        "terraform": lambda client, wanted: client.export_terraform(wanted),
        "curl": _curl,
        "ansible": _ansible,
    }

    async def read(site: Site) -> str:
        return await reads[form](site.client, site.integration)

    with Runner() as runner:
        reading(sites)
        [(_, text)] = runner.each(sites, read)
        runner.run(closed(sites))
    # Of a single site a failure was raised.
    return str(text)


async def _curl(client: AsyncClient, wanted: NetbirdIntegration) -> str:
    return (await client.plan(wanted)).export_curl()


async def _ansible(client: AsyncClient, wanted: NetbirdIntegration) -> str:
    return (await client.plan(wanted)).export_ansible()
