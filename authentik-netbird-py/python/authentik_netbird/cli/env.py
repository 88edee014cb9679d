"""What `env` does: show or write NetBird's configuration."""

from .._native import FileChange, NetbirdEnv, Outputs
from . import common, screen, settings
from .command import Arguments, Choice, Command, Option
from .report import Section, failed, finish
from .run import Runner, closed, reading
from .settings import Site
from .targets import Writes

_FORMS = ("setup-env", "compose", "json")


def command(name: str, summary: str) -> Command:
    """The command."""
    own = [
        Option(
            "-o",
            "--output",
            "target",
            metavar="FILE",
            help="write it there, mode 0600; an existing setup.env keeps its other lines, other "
            "forms replace the file",
        ),
        Option(
            "--as",
            "form",
            type=Choice(_FORMS),
            metavar="FORM",
            default="setup-env",
            help="setup-env for NetBird's configure.sh (the default), compose for docker compose's "
            "env_file, or json",
        ),
        common.SHOW_SECRETS,
    ]
    return Command(
        name,
        env,
        common.all_of(own),
        summary=summary,
        details="Reading the password for it leaves an event in authentik's log.",
        argument=common.DOMAIN,
    )


def env(arguments: Arguments) -> int:
    """Shows or writes NetBird's configuration."""
    writes = Writes.MERGED if arguments.form == "setup-env" else Writes.REPLACED
    sites = settings.sites(arguments, writes)
    with_password = arguments.target is not None or arguments.show_secrets
    with Runner() as runner:
        reading(sites)
        found = runner.each(sites, _whole if with_password else _starred)
        runner.run(closed(sites))
    sections = []
    for site, variables in zip(sites, found, strict=True):
        if isinstance(variables, NetbirdEnv):
            sections.append(_section(arguments, site, variables))
        else:
            sections.append(failed(site, variables))
    if arguments.target is None and not with_password and screen.is_text():
        screen.note("the password is not shown: --output FILE writes it, --show-secrets shows it")
    return finish("env", sections, arguments.all_sites)


def _section(arguments: Arguments, site: Site, variables: NetbirdEnv) -> Section:
    file: FileChange | None = None
    text = _text(variables, arguments.form)
    if site.target is not None:
        file = _write(variables, arguments.form, site.target)
        if screen.is_text():
            screen.written(site.target, file, arguments.form == "setup-env")
    elif screen.is_text():
        if site.name is not None:
            screen.line(f"# {site.name}")
        screen.document(text)
    result = {
        "path": site.target,
        "file": None if file is None else file.to_dict(),
        "variables": {
            one.name: _plain(one.value, arguments.show_secrets) for one in variables.variables
        },
    }
    is_shown = arguments.show_secrets or arguments.target is None
    shown = f"```sh\n{text}\n```" if is_shown else f"`{site.target}` is written."
    return Section(site.name, result, text=shown)


def _plain(value: object, shown: bool) -> object:
    if hasattr(value, "expose"):
        return value.expose() if shown else "***"
    return value


def _text(variables: NetbirdEnv, form: str) -> str:
    made = {
        "setup-env": variables.to_setup_env,
        "compose": variables.to_compose_env,
        "json": variables.to_json,
    }[form]
    return made().expose()


def _write(variables: NetbirdEnv, form: str, path: str) -> FileChange:
    write = {
        "setup-env": variables.write,
        "compose": variables.write_compose_env,
        "json": variables.write_json,
    }[form]
    return write(path)


async def _whole(site: Site) -> NetbirdEnv:
    outputs = await site.client.outputs(site.integration)
    screen.mask_password(outputs)
    return outputs.netbird_env()


async def _starred(site: Site) -> NetbirdEnv:
    """With stars for the password, which is not read: authentik would note that."""
    existing = (await site.client.plan(site.integration)).existing
    if existing.client_id is None:
        # Says what is missing.
        return await _whole(site)
    outputs = Outputs.of(
        site.integration,
        existing.client_id,
        api_client_id=existing.api_client_id,
        app_password="***",
    )
    return outputs.netbird_env()
