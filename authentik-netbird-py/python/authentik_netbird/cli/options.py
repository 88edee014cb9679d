"""The options of an integration on the command line, as the package's table of options has them."""

import re
from typing import TYPE_CHECKING, Any

import click

from .._native import Issue
from .._options import documentation
from .._options import options as table
from .command import Choice, Option

if TYPE_CHECKING:
    from ..dicts import OptionDict

#: Options of a command that are an integration's begin so.
PREFIX = "field_"
_OPTIONS = {option["name"]: option for option in table()}
NAMES = tuple(_OPTIONS)
#: What the command line spells in its own way, those of a connection among them.
_SPECIAL = {
    "domain": "DOMAIN",
    "root_certificates": "--ca-file",
    "token": "--token-file",
    "netbird_url": "--netbird-url",
    "netbird_token": "--netbird-token-file",
    "owner": "--email",
    "danger_accept_invalid_certs": "--insecure",
}


def _redirect_uri(given: str) -> dict[str, str]:
    mode, _, url = given.partition(":")
    if mode not in ("strict", "regex") or not url:
        raise click.BadParameter("expected strict:URL or regex:PATTERN")
    return {"matching_mode": mode, "url": url}


def of_integration() -> list[Option]:
    """The options of an integration, under the headings of the guide's steps."""
    return [_option(entry) for entry in _OPTIONS.values() if not entry["required"]]


def text(name: str) -> str:
    """The help of an option."""
    return spelled(documentation(_OPTIONS[name]).removesuffix(".")).replace("`", "")


def option(field: str) -> str:
    """How the command line calls an option, or an element of one. A list is given one by one.

    >>> option("extra_redirect_uris[2]")
    '--extra-redirect-uri'
    """
    name = field.partition("[")[0]
    if name in _SPECIAL:
        return _SPECIAL[name]
    if name in _OPTIONS and _is_list(_OPTIONS[name]):
        name = name.removesuffix("s")
    return "--" + name.replace("_", "-")


def spelled(message: str) -> str:
    """A message with its options, which are in backticks, as the command line calls them.

    >>> spelled("the group is missing. Set `create_access_groups`, or run `x`.")
    'the group is missing. Set --create-access-groups, or run `x`.'
    """
    known = re.compile(f"`({'|'.join([*_OPTIONS, *_SPECIAL])})`")
    return known.sub(lambda found: option(found[1]), message)


def problem(issue: Issue, origin: str | None = None) -> str:
    """The problem of an option, or of the source of its value."""
    return spelled(f"{origin or option(issue.field)}: {issue.message}. {issue.hint}")


def _is_list(entry: "OptionDict") -> bool:
    return isinstance(entry["default"], tuple)


def _option(entry: "OptionDict") -> Option:
    name, help_text = entry["name"], text(entry["name"])
    spelling = option(name)
    given: dict[str, Any] = {}
    if entry["kind"] == "bool":
        spelling += f"/--no-{spelling.removeprefix('--')}"
        given["default"] = None
    elif entry["kind"] == "choice":
        given["type"] = Choice(entry["choices"])
        given["metavar"] = "|".join(entry["choices"])
    elif entry["kind"] == "redirect_uris":
        given["type"], given["metavar"] = _redirect_uri, "strict:URL|regex:PATTERN"
    else:
        given["metavar"] = option(name).rpartition("-")[2].upper()
    if _is_list(entry):
        given["multiple"] = True
        help_text += ". Can be repeated"
    step = entry["guide"]
    section = "integration" if step is None else step.replace("_", " ")
    names = (spelling, PREFIX + name)
    return Option(*names, help=help_text, section=section, common=False, **given)
