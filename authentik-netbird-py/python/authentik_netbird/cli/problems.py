"""What is wrong with what was given, all of it at once."""

from types import TracebackType


class SettingsError(Exception):
    """What was given cannot be used. Each problem is a text of its own; none holds a secret."""

    def __init__(self, *problems: str) -> None:
        super().__init__(*problems)
        self.problems = problems

    def __str__(self) -> str:
        if len(self.problems) == 1:
            return self.problems[0]
        listed = "".join(f"\n  - {problem}" for problem in self.problems)
        return f"{len(self.problems)} problems, nothing was done:{listed}"


class Problems:
    """Collects what goes wrong in several `with` blocks.

    >>> problems = Problems()
    >>> for name in ("domain", "token"):
    ...     with problems:
    ...         raise SettingsError(f"{name}: it is missing")
    >>> problems.found
    ['domain: it is missing', 'token: it is missing']
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
            raise SettingsError(*self.found)
