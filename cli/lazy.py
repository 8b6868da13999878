"""Groups of commands that import a command's module only when that command is used."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

__all__ = ["LazyGroup", "Verb"]


class Verb(NamedTuple):
    """Where a command lives (`module:attribute`) and what it does, in one line that help shows without importing it."""

    place: str
    help: str
    hidden: bool = False


class LazyGroup(click.Group):
    """A group whose commands are a table in sections: `{heading: {verb: Verb}}`."""

    def __init__(self, *, sections: Mapping[str, Mapping[str, Verb]], **attributes: Any) -> None:  # noqa: ANN401 - click's own
        super().__init__(**attributes)
        self.sections = sections
        self.table = {name: verb for section in sections.values() for name, verb in section.items()}

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - the signature is click's
        """Give the commands in the order of the table."""
        return list(self.table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - as above
        """Import the one command that is used."""
        verb = self.table.get(cmd_name)
        if verb is None:
            return None
        module, _, attribute = verb.place.partition(":")
        command = getattr(import_module(module), attribute)
        return command(cmd_name) if not isinstance(command, click.Command) else command

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
