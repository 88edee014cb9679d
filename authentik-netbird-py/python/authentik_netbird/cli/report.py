"""The result of a command: shown as JSON or Markdown at its end, and made into one exit code."""

import sys
from collections.abc import Iterable
from typing import Any

from . import documents, markdown, overview, screen
from .documents import Document
from .problems import CommandError
from .site import FailedSite

#: Exit codes, the worst first: 0 is last.
_WORST = (1, 2, 3)


class Section:
    """The result of one site, or of a command that has none; `text` is the same as Markdown."""

    def __init__(
        self,
        site: str | None = None,
        result: Document | None = None,
        status: str = "ok",
        exit_code: int = 0,
        *,
        error: Document | None = None,
        warnings: list[Document] | None = None,
        text: str = "",
    ) -> None:
        self.site, self.result, self.status, self.exit_code = site, result, status, exit_code
        self.error, self.warnings, self.text = error, warnings or [], text


def failed(site: FailedSite) -> Section:
    """The result of a site with an error, which is shown at once."""
    error = site.error
    screen.failure(f"{site.name}: {error}")
    code = error.exit_code if isinstance(error, CommandError) else 1
    document = documents.error(error, str(error))
    return Section(site.name, None, "error", code, error=document, text=markdown.error(str(error)))


def finish(command: str, sections: list[Section], by_site: bool = False) -> int:
    """Writes the JSON or the Markdown, and gives the exit code."""
    if screen.Mode.format == "json":
        documents.write((of_all if by_site else _of_one)(command, sections))
    elif screen.Mode.format == "markdown":
        screen.document("\n\n".join(_with_heading(section) for section in sections))
    elif by_site and command != "env":  # whose output is a document
        overview.show(
            ("site", "status", "details"),
            [
                (str(one.site), one.status, overview.details(one.result, one.error))
                for one in sections
            ],
        )
    screen.flush()
    return worst(section.exit_code for section in sections)


def worst(codes: Iterable[int]) -> int:
    """The exit code of everything."""
    found = {*codes}
    return next((code for code in _WORST if code in found), 0)


def failure(command: str | None, error: BaseException, text: str) -> None:
    """Writes the JSON of a command that failed."""
    documents.write(
        documents.envelope(
            command,
            "error",
            error=documents.error(error, text),
            warnings=screen.Mode.warnings,
        )
    )
    sys.stdout.flush()


def _of_one(command: str, sections: list[Section]) -> Document:
    [one] = sections
    warnings = [*screen.Mode.warnings, *one.warnings]
    return documents.envelope(
        command, one.status, result=one.result, error=one.error, warnings=warnings
    )


def of_all(command: str, sections: list[Section]) -> Document:
    """The envelope of a command that worked on every site."""
    by_site: dict[str, Any] = {
        str(one.site): {
            "status": one.status,
            "result": one.result,
            "error": one.error,
            "warnings": one.warnings,
        }
        for one in sections
    }
    statuses = [one.status for one in sections]
    worst = next((one for one in ("error", "failed", "incomplete") if one in statuses), "ok")
    return documents.envelope(
        command, worst, result={"sites": by_site}, warnings=screen.Mode.warnings
    )


def _with_heading(section: Section) -> str:
    return section.text if section.site is None else f"# {section.site}\n\n{section.text}"
