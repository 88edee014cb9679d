"""`apply`, `rotate` and `teardown`: show the plan, ask, apply it, write `setup.env`."""

import sys
from collections.abc import Awaitable, Callable
from typing import NamedTuple, TextIO

from .. import AsyncClient
from .._native import FileChange, NetbirdIntegration, Outcome, Plan
from ..enums import AppPasswordExpiry, FileChangeKind, Purpose
from ..errors import FileError, InvalidOutputsError, PartialApplyError
from . import colour, common, connector, documents, markdown, modes, progress, screen, settings
from .command import Arguments, Command, Option, flag
from .problems import FileNotWrittenError, NotConfirmedError, SettingsError
from .report import Section, failed, finish
from .run import Runner, closed, reading
from .signals import Interrupted, saying
from .site import FailedSite, Site
from .targets import Writes

_MakePlan = Callable[[AsyncClient, NetbirdIntegration], Awaitable[Plan]]


class _Words(NamedTuple):
    """The texts about a plan: before it is applied, if it is not, and afterwards."""

    question: str
    refused: str
    done: str
    without_file: str | None


_WORDS = {
    Purpose.SET_UP: _Words(
        "Apply these changes?",
        "canceled: nothing was written",
        "authentik is set up",
        "to write NetBird's setup.env",
    ),
    Purpose.ROTATE: _Words(
        "This replaces the app password that NetBird uses to read users. Logins fail until\n"
        "NetBird has the new one and has been restarted. Continue?",
        "canceled: nothing was changed",
        "the app password was replaced",
        "NetBird needs the new one now",
    ),
    Purpose.TEAR_DOWN: _Words(
        "After this nobody can log in to NetBird through this authentik. Remove it?",
        "canceled: nothing was removed",
        "the integration was removed",
        None,
    ),
}
#: The same where authentik is a connector, as far as it is different.
_CONNECTOR_WORDS = {
    Purpose.SET_UP: _Words(
        "Apply these changes?",
        "canceled: nothing was written",
        "authentik and NetBird are set up",
        None,
    ),
    Purpose.ROTATE: _Words(
        "This replaces the client secret that NetBird logs in to authentik with. Logins may fail\n"
        "until NetBird has been restarted. Continue?",
        "canceled: nothing was changed",
        "the client secret was replaced",
        None,
    ),
}
_DETAILS = {
    "apply": "If there is nothing to do, it does not ask.",
    "rotate": "The old one stops working at once, so NetBird needs the new one at once.",
    "teardown": "Objects that something else uses are kept, and named with the reason.",
}


def command(name: str, summary: str) -> Command:
    """The command."""
    own = [common.YES]
    if name != "teardown":
        text = (
            "afterwards write NetBird's setup.env to this file; everything else in the file is kept"
        )
        own.append(common.setup_env(text))
    if name == "apply":
        text = "apply this plan, saved by plan --output; refused if authentik has changed since"
        own.append(Option("--plan", metavar="FILE", help=text))
    if name == "rotate":
        text = "also remove the password's expiry; authentik cannot change it otherwise. Default: "
        own.append(flag("--never-expires", help=f"{text}it is kept"))
    own.append(common.accept_warning())
    return Command(
        name,
        _run,
        common.all_of(own),
        summary=summary,
        details=_DETAILS[name],
        argument=common.DOMAIN,
    )


def _planner(arguments: Arguments) -> _MakePlan:
    if arguments.command == "rotate":
        expiry = AppPasswordExpiry.NEVER if arguments.never_expires else AppPasswordExpiry.KEEP
        return lambda client, wanted: client.plan_rotate(wanted, expiry=expiry)
    if arguments.command == "teardown":
        return AsyncClient.plan_teardown
    return AsyncClient.plan


def _run(arguments: Arguments) -> int:
    sites = settings.sites(arguments, Writes.MERGED)
    if getattr(arguments, "never_expires", False):
        _check_has_password(sites)
    to = _stream(arguments)
    make_plan = _planner(arguments)

    async def planned(site: Site) -> Plan:
        if site.plan is not None:
            # What is confirmed is what the server says today, not what the file says.
            made = await site.client.refresh(site.plan)
        else:
            made = await make_plan(site.client, site.integration)
        return made if arguments.yes else await site.client.with_authors(made)

    with Runner() as runner:
        reading(sites)
        found = runner.each(sites, planned)
        sections = [failed(one) for one in found if isinstance(one, FailedSite)]
        plans = [one for one in found if not isinstance(one, FailedSite)]
        for site, made in plans:
            if site.name is not None:
                screen.heading(site.name, to)
            screen.plan(made, to, site.accepted)
            if site.name is not None:
                screen.line(to=to)
        if any(made.has_changes for _, made in plans) and not arguments.yes:
            _confirm([made for _, made in plans], to)
        with saying(f"run {arguments.command} again to finish"):
            sections += _apply(runner, plans) if plans else []
            runner.run(closed(sites))
            order = [site.name for site in sites]
            sections.sort(key=lambda one: order.index(one.site))
            code = finish(arguments.command, sections, arguments.all_sites)
    number = runner.interrupted()
    if number is None:
        return code
    # Of a single site it was raised, unless the last writes were in flight.
    is_complete = all(section.status == "ok" for section in sections)
    again = f"run {arguments.command} again to finish"
    screen.interrupted("everything is complete" if is_complete else again)
    return Interrupted(number).exit_code


def _check_has_password(sites: list[Site | FailedSite]) -> None:
    if any(isinstance(site, Site) and modes.is_connector(site.integration) for site in sites):
        raise SettingsError(
            "--never-expires: the mode connector has no app password. Leave it out."
        )


def _words(plan: Plan) -> _Words:
    words = _WORDS[plan.purpose]
    if not modes.is_connector(plan.integration):
        return words
    words = _CONNECTOR_WORDS.get(plan.purpose, words)
    if plan.purpose is Purpose.SET_UP and connector.is_left_to_people(plan):
        return words._replace(done="authentik is set up")
    return words


def _stream(arguments: Arguments) -> TextIO:
    """Where the plan is shown, and the question asked."""
    is_asked_elsewhere = (
        not arguments.yes and colour.is_terminal(sys.stdin) and not colour.is_terminal(sys.stdout)
    )
    return sys.stderr if not screen.is_text() or is_asked_elsewhere else sys.stdout


def _confirm(plans: list[Plan], to: TextIO) -> None:
    """Returns if somebody says yes."""
    words = [_words(one) for one in plans if one.has_changes]
    if not (colour.is_terminal(sys.stdin) and colour.is_terminal(to)):
        raise NotConfirmedError(
            "cannot ask for confirmation: not a terminal. Use --yes to skip the question."
        )
    # The sites of one command may be of both modes.
    if not screen.ask("\n".join(dict.fromkeys(one.question for one in words)), to):
        raise NotConfirmedError(words[0].refused)


def _apply(runner: Runner, plans: list[tuple[Site, Plan]]) -> list[Section]:
    # What was shown comes before what happens, wherever the two go.
    screen.flush()
    by_site = {site.name: made for site, made in plans}
    with progress.shown_for_sites() as listener:

        async def applied(site: Site) -> tuple[Outcome, FileChange | None]:
            return await _carry_out(site, by_site[site.name], listener(site.name or ""))

        def stop() -> None:
            screen.note("stopping after the writes in flight; press Ctrl-C again to stop at once")
            for site, _ in plans:
                site.client.stop()

        try:
            found = runner.each([site for site, _ in plans], applied, stop)
        except PartialApplyError as error:
            number = runner.interrupted()
            if number is None:
                raise
            screen.failure(str(error))
            raise Interrupted(number, report=error.report) from None
    sections = []
    for one in found:
        if isinstance(one, FailedSite):
            sections.append(failed(one))
        else:
            site, (outcome, file) = one
            sections.append(_section(site, by_site[site.name], outcome, file))
    return sections


async def _carry_out(
    site: Site, plan: Plan, listener: progress.Listener
) -> tuple[Outcome, FileChange | None]:
    if site.target is None:
        return await site.client.apply(plan, on_event=listener), None
    try:
        provisioned = await site.client.provision_plan(plan, site.target, on_event=listener)
    except (FileError, InvalidOutputsError) as error:
        # The file comes last.
        raise FileNotWrittenError(
            f"{_words(plan).done}, but {site.target} was not written: {error}\n"
            f"  to write it: {site.env('FILE')}, with the options that you used here"
        ) from None
    return provisioned.outcome, provisioned.file


def _section(site: Site, plan: Plan, outcome: Outcome, file: FileChange | None) -> Section:
    screen.mask_password(outcome.outputs)
    if screen.is_text():
        _say(site, plan, outcome, file)
    report = markdown.report(outcome.report, file, site.target)
    dashboard = None
    if outcome.outputs is not None and connector.is_left_to_people(plan):
        dashboard = connector.form(outcome.outputs, False)
        report += f"\n\n```\n{connector.text(outcome.outputs, 'dashboard', False)}\n```"
    return Section(
        site.name,
        {
            "purpose": str(plan.purpose),
            "mode": str(plan.integration.mode),
            **documents.report(outcome.report),
            "outputs": None if outcome.outputs is None else outcome.outputs.to_dict(),
            "setup_env": None if file is None else {"path": site.target, **file.to_dict()},
            "dashboard": dashboard,
        },
        warnings=documents.warnings(plan, site.accepted),
        text=f"{markdown.plan(plan, site.accepted)}\n\n{report}",
    )


def _kept_password(outcome: Outcome, file: FileChange) -> bool:
    """Whether the file's password is the one that it had: neither this run's nor authentik's."""
    account = None if outcome.outputs is None else outcome.outputs.account
    if account is None or account.app_password is not None or file.kind is FileChangeKind.CREATED:
        return False
    return all(one.name != "NETBIRD_IDP_MGMT_EXTRA_PASSWORD" for one in file.variables)


def _say(site: Site, plan: Plan, outcome: Outcome, file: FileChange | None) -> None:
    words = _words(plan)
    prefix = "" if site.name is None else f"{site.name}: "
    if file is not None and site.target is not None:
        screen.written(site.target, file, kept_password=_kept_password(outcome, file))
    elif outcome.report.changed:
        done = words.done if prefix else words.done.replace("the ", "The ", 1)
        screen.line(f"{prefix}{done}.", colour.GOOD)
        if modes.is_connector(plan.integration):
            connector.say(site, plan, outcome.outputs)
        elif words.without_file is not None:
            screen.note(f"{words.without_file}: {site.env('setup.env')}")
