"""The command `completion`: print the script that makes a shell complete the command."""

from typing import Any

from . import common, screen
from .command import PROGRAM, Arguments, Command
from .problems import SettingsError, suggestion
from .report import Section, finish

_SHELLS = ("bash", "zsh", "fish", "powershell")
_HOW = (
    'bash: put eval "$(authentik-netbird completion bash)" into ~/.bashrc. zsh: the same with zsh, '
    "into ~/.zshrc, after compinit. fish: put authentik-netbird completion fish | source into "
    "~/.config/fish/config.fish."
)


def command(name: str, summary: str) -> Command:
    """The command."""
    return Command(
        name,
        completion,
        common.output(("text", "json")),
        summary=summary,
        details=_HOW,
        argument=("SHELL", f"{', '.join(_SHELLS)}. Default: the one that runs this"),
        words=_SHELLS,
    )


def completion(arguments: Arguments) -> int:
    """Prints the script."""
    from click.shell_completion import get_completion_class

    from . import COMPLETION
    from .app import COMMAND_LINE

    shell = arguments.shell or _current()
    found: Any = get_completion_class(shell) if shell in _SHELLS else None
    if found is None:
        known = f"{suggestion(shell, _SHELLS) or '; expected ' + ', '.join(_SHELLS)}"
        raise SettingsError(f'SHELL: "{shell}" is not supported{known}')
    script = found(COMMAND_LINE, {}, PROGRAM, COMPLETION).source()
    if screen.is_text():
        screen.document(script)
    return finish("completion", [Section(result={"shell": shell, "script": script})])


def _current() -> str:
    import os

    return os.path.basename(os.environ.get("SHELL", "")) or "bash"
