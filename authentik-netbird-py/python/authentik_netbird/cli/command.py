"""Commands and options on click: help in sections, "did you mean", errors in one form."""

import shutil
import textwrap
from collections.abc import Callable, Iterable, Sequence
from types import SimpleNamespace
from typing import Any

import click

from .problems import SettingsError, suggestion

PROGRAM = "authentik-netbird"
#: What a command was given, by the names of its options.
Arguments = SimpleNamespace
_MAX_WIDTH = 100
_MIN_WIDTH = 40
#: The most choices that a message lists if one of them was probably meant.
_MAX_LISTED = 8
#: Where the help of an option begins.
_COLUMN = 28
#: Values that a shell completes as paths.
_PATHS = {"FILE": click.Path(), "FOLDER": click.Path(file_okay=False)}


class Option(click.Option):
    """An option under a heading of the help; `--help` leaves it out unless it is common."""

    def __init__(
        self, *names: str, section: str = "options", common: bool = True, **settings: Any
    ) -> None:
        if settings.get("metavar") in _PATHS:
            settings["shell_complete"] = _PATHS[settings["metavar"]].shell_complete
        super().__init__(names, **settings)
        self.section = section
        self.common = common

    def spelling(self) -> str:
        """How it is written, with its value.

        >>> Option("-y", "--yes", is_flag=True).spelling()
        '-y, --yes'
        """
        names = ", ".join(sorted(self.opts, key=len))
        if self.secondary_opts:
            return f"--[no-]{self.opts[0].removeprefix('--')}"
        return names if self.is_flag or self.count else f"{names} {self.metavar or 'VALUE'}"


def flag(*names: str, help: str, **settings: Any) -> Option:  # noqa: A002 (as click calls it)
    """An option without a value."""
    return Option(*names, is_flag=True, help=help, **settings)


class Choice(click.Choice[str]):
    """One of a few words. A word that is close to one of them is suggested."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """One of the words, as it is."""
        if value in self.choices:
            return str(value)
        known = tuple(self.choices)
        meant = suggestion(value, known)
        # Of many words only the one that was probably meant.
        listed = "the known names" if meant and len(known) > _MAX_LISTED else ", ".join(known)
        self.fail(f'"{value}" is not one of {listed}{meant}')


def seconds(value: Any) -> float:
    """A number of seconds above 0."""
    return _number(value, "a number of seconds above 0", lambda number: number > 0)


def seconds_or_zero(value: Any) -> float:
    """A number of seconds, or 0."""
    return _number(value, "a number of seconds, 0 or more", lambda number: number >= 0)


def count(value: Any) -> int:
    """A whole number above 0."""
    try:
        return int(_number(value, "", lambda number: number >= 1 and number % 1 == 0))
    except click.BadParameter:
        raise click.BadParameter("expected a whole number above 0") from None


def whole(smallest: int, largest: int) -> Callable[[Any], int]:
    """A whole number in a range."""

    def converted(value: Any) -> int:
        expected = f"a whole number from {smallest} to {largest}"
        return int(
            _number(value, expected, lambda one: smallest <= one <= largest and one % 1 == 0)
        )

    return converted


def _number(value: Any, expected: str, is_valid: Callable[[float], bool]) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = -1.0
    if is_valid(number) and number < float("inf"):
        return number
    raise click.BadParameter(f"expected {expected}")


class Command(click.Command):
    """A command with its options; it is run with all of them in one namespace. A shell completes
    the first argument with one of the `words`.
    """

    def __init__(
        self,
        name: str,
        run: Callable[[Arguments], int],
        options: Sequence[Option],
        *,
        summary: str,
        details: str = "",
        argument: tuple[str, str] | None = None,
        before: tuple[str, str] | None = None,
        words: Sequence[str] = (),
    ) -> None:
        #: Names and helps of what is given without an option, in this order.
        self.arguments = [one for one in (before, argument) if one is not None]
        completed = [click.Choice(words).shell_complete if words else None, None]
        arguments = [
            click.Argument([one.lower()], required=False, metavar=one, shell_complete=complete)
            for (one, _), complete in zip(self.arguments, completed, strict=False)
        ]

        def call(**given: Any) -> int:
            from . import files, screen

            files.forget()
            parsed = Arguments(command=name, **given)
            screen.configure(parsed)
            return run(parsed)

        super().__init__(
            name,
            callback=call,
            params=[*arguments, *_with_help(options)],
            add_help_option=False,
        )
        self.summary, self.details = summary, details

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Raises `SettingsError`, which does not repeat what came with an unknown option: it may be
        a token.
        """
        given = [*args]
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            raise SettingsError(*self._unknown(given, error.option_name)) from None
        except click.BadParameter as error:
            name = error.param.opts[-1] if isinstance(error.param, click.Option) else "DOMAIN"
            raise SettingsError(f"{name}: {error.message}") from None
        except click.BadOptionUsage as error:
            raise SettingsError(f"{error.option_name}: expected a value") from None
        except click.UsageError:
            raise SettingsError(
                f"too many arguments: expected {self._expected()}\n  hint: {self._help()}"
            ) from None

    def _unknown(self, given: Iterable[str], first: str) -> list[str]:
        own = [one for one in self.params if isinstance(one, click.Option)]
        known = [name for option in own for name in (*option.opts, *option.secondary_opts)]
        # Arguments are given without a name.
        bare = {f"--{one.name}" for one in self.params if isinstance(one, click.Argument)}
        names = [text.partition("=")[0] for text in given if text.startswith("--")]
        unknown = [name for name in names if name not in known and name != "--"] or [first]
        return [
            f"unknown option {name}; the {name[2:]} is given without it"
            if name in bare
            else f"unknown option {name}{_where(name) or suggestion(name, known)}"
            for name in unknown
        ]

    def _expected(self) -> str:
        return f"only {' '.join(name for name, _ in self.arguments)}" if self.arguments else "none"

    def _help(self) -> str:
        return f"{PROGRAM} {self.name} --help"

    def help_text(self, all_options: bool) -> str:
        """The help: the common options, or all."""
        width = _width()
        usage = f"{PROGRAM} {self.name} [OPTION ...]"
        parts = [f"usage: {usage}" + "".join(f" [{name}]" for name, _ in self.arguments)]
        summary = f"{self.summary[0].upper()}{self.summary[1:]}. {self.details}".strip()
        parts.append(wrapped(summary, width))
        sections: dict[str, list[str]] = {}
        for option in self.params:
            if isinstance(option, Option) and not option.hidden and (all_options or option.common):
                text = entry(option.spelling(), option.help or "", width)
                sections.setdefault(option.section, []).append(text)
        if self.arguments:
            entries = [entry(name, text, width) for name, text in self.arguments]
            sections = {"arguments" if len(entries) > 1 else "argument": entries, **sections}
        parts += [f"{name}:\n" + "\n".join(entries) for name, entries in sections.items()]
        return "\n\n".join(parts)

    def get_help(self, ctx: click.Context) -> str:  # noqa: D102
        return self.help_text(False)

    def get_short_help_str(self, limit: int = 45) -> str:  # noqa: D102
        return self.summary


def _where(name: str) -> str:
    """The commands that have an option, as the end of a message; empty if none has."""
    from .app import COMMANDS, command

    having = [one for one in COMMANDS if any(name in option.opts for option in command(one).params)]
    return f"; it is an option of {', '.join(having)}" if having else ""


def _with_help(options: Sequence[Option]) -> list[Option]:
    def show(ctx: click.Context, option: click.Parameter, given: bool) -> None:
        if given and isinstance(ctx.command, Command):
            click.echo(ctx.command.help_text(option.name == "help_all"), color=True)
            ctx.exit()

    settings: dict[str, Any] = {
        "is_eager": True,
        "expose_value": False,
        "callback": show,
        "section": "output",
    }
    shown = flag("-h", "--help", help="show the common options", **settings)
    if all(option.common for option in options):
        return [*options, shown]
    return [*options, shown, flag("--help-all", help="show all options", **settings)]


def _width() -> int:
    return max(min(shutil.get_terminal_size().columns - 1, _MAX_WIDTH), _MIN_WIDTH)


def wrapped(text: str, width: int, indent: str = "") -> str:
    """A text in lines. Slugs and URLs stay in one piece, so that they can be copied."""
    return textwrap.fill(
        text,
        width,
        initial_indent=indent,
        subsequent_indent=indent,
        break_on_hyphens=False,
        break_long_words=False,
    )


def entry(name: str, text: str, width: int, column: int = _COLUMN) -> str:
    """A name and what it is, side by side, or the latter below a long name."""
    lines = wrapped(text, width, " " * column)
    start = f"  {name}"
    if len(start) + 2 > column:
        return f"{start}\n{lines}"
    return start.ljust(column) + lines[column:]
