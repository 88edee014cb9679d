"""The core's table of options, and what `NetbirdIntegration` gets from it: attributes, docstring,
signature.
"""

from operator import methodcaller
from typing import TYPE_CHECKING, Any

from ._native import NetbirdIntegration, _options

if TYPE_CHECKING:
    from inspect import Signature

    from .dicts import OptionDict

#: Defaults of what is neither a text nor a choice.
_DEFAULTS: dict[str, object] = {"bool": False, "texts": (), "redirect_uris": ()}


def options() -> "tuple[OptionDict, ...]":
    """Every option of an integration: `name`, `kind`, `required`, `default`, `doc` and more.

    >>> from authentik_netbird import options
    >>> for option in options()[:3]:
    ...     print(option["name"], option["default"])
    authentik_url None
    domain None
    mode standalone
    """
    return tuple({**option, "default": _default(option)} for option in _options())


def documentation(option: "OptionDict") -> str:
    """The description of an option, and its default."""
    default = f" Default: `{option['default']}`." if isinstance(option["default"], str) else ""
    return f"{option['doc']}{default}"


def _default(option: "OptionDict") -> object:
    return _DEFAULTS.get(option["kind"], option["default"])


def _wrapped(text: str, indent: str) -> str:
    lines = [""]
    for word in text.split():
        if len(lines[-1]) + len(word) > 88:
            lines.append("")
        lines[-1] += f" {word}" if lines[-1] else word
    return f"\n{indent}".join(lines)


class _Signature:
    """The signature. It is put together when needed, because importing `inspect` takes long."""

    def __get__(self, instance: object, owner: object) -> "Signature":
        from inspect import Parameter, Signature

        return Signature(
            [
                Parameter(option["name"], Parameter.POSITIONAL_OR_KEYWORD)
                if option["required"]
                else Parameter(option["name"], Parameter.KEYWORD_ONLY, default=option["default"])
                for option in options()
            ]
        )


def _describe(cls: Any) -> None:
    arguments = ""
    for option in options():
        name, text = option["name"], documentation(option)
        setattr(cls, name, property(methodcaller("_option", name), doc=_wrapped(text, "")))
        arguments += f"    {_wrapped(f'{name}: {text}', '        ')}\n"
    cls.__doc__ = f"""{cls.__doc__}

Args:
{arguments}
Raises:
    InvalidIntegrationError: Every problem at once, each with its field, in `issues`.
    TypeError: An argument of another type, or an option that does not exist.

>>> from authentik_netbird import NetbirdIntegration
>>> integration = NetbirdIntegration(
...     "https://authentik.company", "netbird.company", application_slug="vpn"
... )
>>> integration == NetbirdIntegration.from_dict({{
...     "authentik_url": "https://authentik.company",
...     "domain": "netbird.company",
...     "application_slug": "vpn",
... }})
True
"""
    cls.__signature__ = _Signature()


_describe(NetbirdIntegration)
