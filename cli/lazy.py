"""Groups of commands that import a command's module only when that command is used."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

__all__ = ["LazyGroup", "Verb", "wary"]


class Verb(NamedTuple):
    """Where a command lives (`module:attribute`) and what it does, in one line that help shows without importing it."""

    place: str
    help: str
    hidden: bool = False


class _Wary:
    """Looks at what was typed for a parameter before the parameter's own callback does."""

    def __init__(self, after: Callable[[click.Context, click.Parameter, Any], Any] | None) -> None:
        self._after = after

    def __call__(self, ctx: click.Context, parameter: click.Parameter, value: Any) -> Any:  # noqa: ANN401 - any value
        """Return the value. Raises click's BadParameter where it is empty or no text."""
        if not ctx.resilient_parsing:
            for part in value if isinstance(value, tuple) else (value,):
                if isinstance(part, str):
                    _refuse_nothing(ctx, parameter, part)
        return value if self._after is None else self._after(ctx, parameter, value)


def _refuse_nothing(ctx: click.Context, parameter: click.Parameter, text: str) -> None:
    if not text.strip():
        raise click.BadParameter(f"is empty (got {text!r}); give it a value, or leave it out", ctx=ctx, param=parameter)
    try:
        text.encode()
    except UnicodeEncodeError:
        raise click.BadParameter(
            f"has bytes that are not UTF-8 (got {text!r}); give a name that is", ctx=ctx, param=parameter
        ) from None


def wary(command: click.Command) -> click.Command:
    """Return the command, which from now on refuses every option or argument that is empty or not UTF-8.

    `--company "$NAME"` with NAME not set must not ask about all companies, nor `--output ""` write nowhere. All commands
    pass through here, so none can forget it.
    """
    for parameter in command.params:
        if not isinstance(parameter.callback, _Wary):
            parameter.callback = _Wary(parameter.callback)
    return command


class LazyGroup(click.Group):
    """A group whose commands are a table in sections: `{heading: {verb: Verb}}`."""

    def __init__(self, *, sections: Mapping[str, Mapping[str, Verb]], **attributes: Any) -> None:  # noqa: ANN401 - click's own
        super().__init__(**attributes)
        self.sections = sections
        self.table = {name: verb for section in sections.values() for name, verb in section.items()}

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - the signature is click's
        """Return the commands in the order of the table."""
        return list(self.table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - as above
        """Import the one command that is used."""
        verb = self.table.get(cmd_name)
        if verb is None:
            return None
        module, _, attribute = verb.place.partition(":")
        command = getattr(import_module(module), attribute)
        return wary(command(cmd_name) if not isinstance(command, click.Command) else command)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or suggest the one that was meant."""
        try:
            return super().resolve_command(ctx, args)
        except click.exceptions.NoSuchCommand as error:
            raise click.exceptions.NoSuchCommand(error.command_name, possibilities=self.table, ctx=ctx) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - as above
        """Write the table."""
        widest = max(len(name) for name, verb in self.table.items() if not verb.hidden)
        for heading, section in self.sections.items():
            rows = [(name.ljust(widest), verb.help) for name, verb in section.items() if not verb.hidden]
            if rows:
                with formatter.section(heading):
                    formatter.write_dl(rows)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Complete a command's name from the table alone."""
        from click.shell_completion import CompletionItem

        names = [
            CompletionItem(name, help=verb.help)
            for name, verb in self.table.items()
            if name.startswith(incomplete) and not verb.hidden
        ]
        return [*names, *click.Command.shell_complete(self, ctx, incomplete)]
