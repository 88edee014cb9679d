"""The options of an integration on the command line, as the package's table of options has them."""

import argparse
import re
from typing import Any

from .._native import Issue
from .._options import documentation
from .._options import options as table

#: Options of an argument's namespace that are an integration's begin so.
PREFIX = "field_"
_OPTIONS = {option["name"]: option for option in table()}
#: What the command line spells in its own way, those of a connection among them.
_SPECIAL = {"domain": "DOMAIN", "root_certificates": "--ca-file", "token": "--token-file"}


def add(command: argparse.ArgumentParser) -> None:
    """Adds the options of an integration to a command, under the headings of the guide's steps."""
    group = command.add_argument_group("integration")
    group.add_argument(
        "--config",
        metavar="FILE",
        help="TOML or JSON file of these options, by names such as application_slug. "
        "The command line overrides the file, and the file the environment",
    )
    groups: dict[str | None, Any] = {None: group}
    for option in _OPTIONS.values():
        step = option["guide"]
        if step not in groups:
            groups[step] = command.add_argument_group(step.replace("_", " "))
        if not option["required"]:
            _add(groups[step], option)


def text(name: str) -> str:
    """What an option is, for the command's help."""
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
    """What is wrong with an option, or with what its value came from."""
    return spelled(f"{origin or option(issue.field)}: {issue.message}. {issue.hint}")


def _is_list(entry: dict[str, Any]) -> bool:
    return isinstance(entry["default"], tuple)


def _add(group: Any, entry: dict[str, Any]) -> None:
    name, help_text = entry["name"], text(entry["name"])
    given: dict[str, Any] = {"dest": PREFIX + name, "default": argparse.SUPPRESS}
    if entry["kind"] == "bool":
        given["action"] = argparse.BooleanOptionalAction
    elif entry["kind"] == "choice":
        given["choices"] = entry["choices"]
    else:
        given["metavar"] = option(name).rpartition("-")[2].upper()
    if _is_list(entry):
        given["action"] = "append"
        help_text += ". Can be repeated"
    if entry["kind"] == "redirect_uris":
        given["type"], given["metavar"] = _redirect_uri, "strict:URL|regex:PATTERN"
    group.add_argument(option(name), help=help_text.replace("%", "%%"), **given)


def _redirect_uri(given: str) -> dict[str, str]:
    mode, _, url = given.partition(":")
    if mode not in ("strict", "regex") or not url:
        raise argparse.ArgumentTypeError("expected strict:URL or regex:PATTERN")
    return {"matching_mode": mode, "url": url}
