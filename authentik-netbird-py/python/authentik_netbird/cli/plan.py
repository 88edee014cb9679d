"""The commands `plan` and `preview`."""

import shlex

from .._native import Plan
from . import common, config, documents, markdown, options, screen, settings, targets
from .command import Arguments, Command, Option, flag
from .problems import FileNotWrittenError
from .report import Section, failed, finish
from .site import FailedSite, Site


def command(name: str, summary: str) -> Command:
    """The command."""
    if name == "preview":
        shared = [
            *common.configuration(every=False),
            *common.output(),
            Option("--authentik-url", hidden=True),
            *options.of_integration(),
        ]
        details = "Offline: needs no token."
        return Command(
            name, preview, shared, summary=summary, details=details, argument=common.DOMAIN
        )
    own = [
        Option(
            "-o",
            "--output",
            "target",
            metavar="FILE",
            help="also save the plan to this file, for apply --plan FILE",
        ),
        flag("--detailed-exitcode", help="exit with 2 if there are changes, with 1 on any error"),
        common.accept_warning(),
    ]
    return Command(
        name,
        plan,
        common.all_of(own),
        summary=summary,
        details="Nothing is written.",
        argument=common.DOMAIN,
    )


def plan(arguments: Arguments) -> int:
    """Shows what would be done."""
    from .run import Runner, closed, reading

    sites = settings.sites(arguments, targets.Writes.OPENED)
    with Runner() as runner:
        reading(sites)

        async def planned(site: Site) -> Plan:
            return await site.client.with_authors(await site.client.plan(site.integration))

        found = runner.each(sites, planned)
        runner.run(closed(sites))
    sections = []
    for one in found:
        if isinstance(one, FailedSite):
            sections.append(failed(one))
            continue
        site, made = one
        has_changes = arguments.detailed_exitcode and made.has_changes
        sections.append(_section(made, site.name, site.accepted, 2 if has_changes else 0))
        if site.target is not None:
            _save(arguments, site, made, site.target)
    return finish("plan", sections, arguments.all_sites)


def preview(arguments: Arguments) -> int:
    """Shows what a fresh authentik would need."""
    [found] = config.load(arguments)
    accepted = settings.accepted(arguments, found)
    wanted = settings.offline(arguments, found)
    return finish("preview", [_section(wanted.preview(), None, accepted)])


def _section(made: Plan, site: str | None, accepted: tuple[str, ...], code: int = 0) -> Section:
    if screen.is_text():
        if site is not None:
            screen.heading(site)
        screen.plan(made, accepted=accepted)
        if site is not None:
            screen.line()
    return Section(
        site,
        documents.plan(made),
        exit_code=code,
        warnings=documents.warnings(made, accepted),
        text=markdown.plan(made, accepted),
    )


def _save(arguments: Arguments, site: Site, made: Plan, path: str) -> None:
    try:
        with targets.opened(path) as file:
            file.write(made.to_json())
    except OSError as error:
        raise FileNotWrittenError(f"cannot write {path}: {error.strerror}") from None
    # The plan says everything but which server gets the token, and where that is.
    words = ["authentik-netbird", "apply", "--plan", path]
    words += [] if site.name is None else ["--site", site.name]
    words += ["--authentik-url", arguments.authentik_url] if arguments.authentik_url else []
    screen.note(f"to apply it: {shlex.join(words)}")
