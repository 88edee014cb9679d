"""Problems of arguments, environment and configuration, all at once."""

from types import TracebackType

from ..errors import AuthentikNetbirdError


class CommandError(Exception):
    """The command cannot do what it was asked to do. The text holds no secret."""

    kind = "failed"
    """The `kind` of the error in JSON, for programs to decide on."""
    exit_code = 1


class NotConfirmedError(CommandError):
    """The question was not answered with yes."""

    kind = "not_confirmed"


class FileNotWrittenError(CommandError):
    """The file was not written; what went before is done."""

    kind = "file_not_written"


class SettingsError(CommandError):
    """Arguments, environment or configuration are invalid; nothing was sent to a server.

    Each problem is a separate text.
    """

    kind = "usage"
    exit_code = 2

    def __init__(self, *problems: str) -> None:
        super().__init__(*problems)
        self.problems = problems

    def __str__(self) -> str:
        if len(self.problems) == 1:
            return self.problems[0]
        listed = "".join(f"\n  - {problem}" for problem in self.problems)
        return f"{len(self.problems)} problems, nothing was done:{listed}"


Failure = AuthentikNetbirdError | CommandError
"""A failure of one site, which stops no other."""


class Problems:
    """Collects what goes wrong in several `with` blocks.

    >>> problems = Problems()
    >>> for name in ("domain", "token"):
    ...     with problems:
    ...         raise SettingsError(f"{name}: missing")
    >>> problems.found
    ['domain: missing', 'token: missing']
    """

    def __init__(self) -> None:
        self.found: list[str] = []

    def __enter__(self) -> None:
        pass

    def __exit__(
        self,
        exc_type: type[BaseException] | None = None,
        exc_value: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> bool:
        if not isinstance(exc_value, SettingsError):
            return False
        self.found += exc_value.problems
        return True

    def raise_all(self) -> None:
        """Raises `SettingsError` if anything was found."""
        if self.found:
            raise SettingsError(*dict.fromkeys(self.found))


def suggestion(name: str, known: "list[str] | tuple[str, ...]") -> str:
    """A suggestion as the end of a message; empty if nothing is close.

    >>> suggestion("--jsn", ["--json", "--yes"])
    '; did you mean --json?'
    """
    from difflib import get_close_matches

    close = get_close_matches(name, known, 1, 0.65)
    return f"; did you mean {close[0]}?" if close else ""
