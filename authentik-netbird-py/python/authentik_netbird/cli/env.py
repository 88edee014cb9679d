"""The command `env`: show or write NetBird's configuration."""

from .._native import FileChange, NetbirdEnv, Outputs
from . import colour, common, connector, screen, settings
from .command import Arguments, Choice, Command, Option
from .problems import SettingsError
from .report import Section, failed, finish
from .run import Runner, closed, reading
from .site import FailedSite, Site
from .targets import Writes

_FORMS = ("setup-env", "compose", "json")
_Found = tuple[Outputs, NetbirdEnv | None]


def command(name: str, summary: str) -> Command:
    """The command."""
    own = [
        Option(
            "-o",
            "--output",
            "target",
            metavar="FILE",
            help="write it to this file, mode 0600; an existing setup.env keeps its other lines, "
            "other forms replace the file",
        ),
        Option(
            "--as",
            "form",
            type=Choice((*_FORMS, *connector.FORMS)),
            metavar="FORM",
            help="setup-env for NetBird's configure.sh (the default), compose for docker compose's "
            "env_file, or json; in the mode connector dashboard (the default) or migration-seed",
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
    is_merged = arguments.form in (None, "setup-env")
    sites = settings.sites(arguments, Writes.MERGED if is_merged else Writes.REPLACED)
    for site in sites:
        if isinstance(site, FailedSite):
            continue
        forms = connector.FORMS if site.integration.mode == "connector" else _FORMS
        if arguments.form not in (None, *forms):
            raise SettingsError(
                f'--as: "{arguments.form}" is not for the mode {site.integration.mode}; '
                f"expected {' or '.join(forms)}"
            )
    with_password = arguments.target is not None or arguments.show_secrets
    with Runner() as runner:
        reading(sites)
        found = runner.each(sites, _whole if with_password else _starred)
        runner.run(closed(sites))
    sections = [
        failed(one) if isinstance(one, FailedSite) else _section(arguments, *one) for one in found
    ]
    if arguments.target is None and not with_password and screen.is_text():
        screen.note("secrets are not shown: --output FILE writes them, --show-secrets shows them")
    return finish("env", sections, arguments.all_sites)


def _section(arguments: Arguments, site: Site, found: _Found) -> Section:
    outputs, variables = found
    file: FileChange | None = None
    shown = arguments.show_secrets
    if variables is None:
        kind = arguments.form or connector.FORMS[0]
        text = connector.text(outputs, kind, shown or site.target is not None)
    else:
        text = _text(variables, arguments.form)
    if site.target is not None:
        if variables is None:
            connector.write(site.target, text)
        else:
            file = _write(variables, arguments.form, site.target)
        if screen.is_text():
            _say(site.target, file, arguments.form in (None, "setup-env"))
    elif screen.is_text():
        if site.name is not None:
            screen.line(f"# {site.name}")
        screen.document(text)
    result = {
        "path": site.target,
        "file": None if file is None else file.to_dict(),
        "variables": {
            one.name: _plain(one.value, shown)
            for one in ([] if variables is None else variables.variables)
        },
        "dashboard": connector.form(outputs, shown) if variables is None else None,
    }
    is_shown = site.target is None
    document = f"```\n{text}\n```" if is_shown else f"`{site.target}` is written."
    return Section(site.name, result, text=document)


def _say(path: str, file: FileChange | None, configure: bool) -> None:
    if file is None:
        screen.line(f"{path} is ready.", colour.GOOD)
    else:
        screen.written(path, file, configure)


def _plain(value: object, shown: bool) -> object:
    if hasattr(value, "expose"):
        return value.expose() if shown else "***"
    return value


def _text(variables: NetbirdEnv, form: str | None) -> str:
    made = {
        "compose": variables.to_compose_env,
        "json": variables.to_json,
    }.get(form or "", variables.to_setup_env)
    return made().expose()


def _write(variables: NetbirdEnv, form: str | None, path: str) -> FileChange:
    write = {
        "compose": variables.write_compose_env,
        "json": variables.write_json,
    }.get(form or "", variables.write)
    return write(path)


async def _whole(site: Site) -> _Found:
    outputs = await site.client.outputs(site.integration)
    screen.mask_password(outputs)
    return outputs, None if outputs.connector is not None else outputs.netbird_env()


async def _starred(site: Site) -> _Found:
    """`setup.env` with stars for the password, which is not read: authentik would log that."""
    existing = (await site.client.plan(site.integration)).existing
    if existing.client_id is None:
        # Says what is missing.
        return await _whole(site)
    is_connector = site.integration.mode == "connector"
    outputs = Outputs.of(
        site.integration,
        existing.client_id,
        api_client_id=existing.api_client_id,
        app_password=None if is_connector else "***",
    )
    return outputs, None if is_connector else outputs.netbird_env()
