"""The options of an integration: those of `NetbirdIntegration`, with what its docstring says."""

import argparse
import enum
from typing import Any

from .._native import NetbirdIntegration

#: Where a heading of the help begins, by the order of the docstring.
_HEADINGS = {
    "application_name": "application",
    "provider_name": "provider",
    "service_account": "service account",
    "device_flow": "device-code flow and brand",
    "adopt": "others",
}
#: Options of an argument's namespace that are an integration's begin so.
PREFIX = "field_"


def texts() -> dict[str, str]:
    """What the docstring says of each argument, in its order.

    >>> texts()["domain"]
    "NetBird's host name."
    """
    section = (NetbirdIntegration.__doc__ or "").partition("Args:\n")[2].partition("\n\n")[0]
    found: dict[str, str] = {}
    name = ""
    for line in section.replace("`", "").splitlines():
        if line.startswith("     "):
            found[name] += " " + line.strip()
        else:
            name, _, found_text = line.strip().partition(": ")
            found[name] = found_text
    return found


def add(command: argparse.ArgumentParser) -> None:
    """Adds the options of an integration to a command."""
    said = texts()
    sample = NetbirdIntegration("https://authentik.company", "netbird.company")
    group = command.add_argument_group("integration")
    group.add_argument(
        "--config",
        metavar="FILE",
        help="TOML or JSON file of these options, by names such as application_slug. "
        "The command line counts more than the file, the file more than the environment",
    )
    names = [name for name in said if name not in ("authentik_url", "domain")]
    for name in names:
        if name in _HEADINGS:
            group = command.add_argument_group(_HEADINGS[name])
        _add(group, name, getattr(sample, name), said[name].removesuffix("."))


def option(name: str, is_list: bool = False) -> str:
    """How the command line calls an option. A list is given one entry at a time.

    >>> option("extra_redirect_uris", is_list=True)
    '--extra-redirect-uri'
    """
    return "--" + (name.removesuffix("s") if is_list else name).replace("_", "-")


def _add(group: Any, name: str, default: object, text: str) -> None:
    given: dict[str, Any] = {"dest": PREFIX + name, "default": argparse.SUPPRESS}
    is_list = isinstance(default, tuple)
    if isinstance(default, bool):
        given["action"] = argparse.BooleanOptionalAction
    elif is_list:
        given["action"], given["metavar"] = "append", "TEXT"
        text += ". May be given again"
        if name.endswith("redirect_uris"):
            given["type"], given["metavar"] = _redirect_uri, "strict:URL|regex:PATTERN"
    elif isinstance(default, enum.Enum):
        given["choices"] = [str(one) for one in type(default)]
    elif text.startswith("Slug"):
        given["metavar"] = "SLUG"
    else:
        given["metavar"] = "NAME" if text.startswith(("Name", "User name")) else "TEXT"
    group.add_argument(option(name, is_list), help=text.replace("%", "%%"), **given)


def _redirect_uri(text: str) -> dict[str, str]:
    mode, _, url = text.partition(":")
    if mode not in ("strict", "regex") or not url:
        raise argparse.ArgumentTypeError("strict:URL or regex:PATTERN was due")
    return {"matching_mode": mode, "url": url}
