"""`deals append`: record one announcement, by flags, from a file or standard input, or in an editor."""

from __future__ import annotations

from pathlib import Path

import click

from cli.errors import UsageMistakeError
from cli.help import examples, paragraphs
from cli.input.event_types import recorded_type
from cli.input.options import db_option
from cli.lazy import LazyGroup, Verb, wary
from cli.recording.writing import recorder_option
from events.type_names import EVENT_TYPES, OWN_VERBS, full_type, short_type

__all__ = ["append"]

_BUILD = "cli.recording.by_flags:event_command"
SECTIONS = {
    "Types": {name: Verb(_BUILD, kind.help) for name, kind in EVENT_TYPES.items()},
    "Full names": {kind.type: Verb(_BUILD, kind.help, hidden=True) for kind in EVENT_TYPES.values()},
}


class _Append(LazyGroup):
    """Takes the name of a type as a command, and anything that looks like a file as a file."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the type by its short or full name in any spelling, or read a file."""
        name = args[0]
        full = full_type(name)
        if name not in self.table and full is not None and not Path(name).exists():
            return super().resolve_command(ctx, [_by_hand(full), *args[1:]])
        if name not in self.table and (name == "-" or "." in name or "/" in name or Path(name).exists()):
            from cli.recording.by_file import append_file

            return "FILE", wary(append_file), args
        return super().resolve_command(ctx, args)

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Name what may follow."""
        return [*click.Command.collect_usage_pieces(self, ctx), "TYPE [FIELDS]... | FILE | -"]


@click.group(
    cls=_Append,
    sections=SECTIONS,
    invoke_without_command=True,
    no_args_is_help=True,
    epilog=paragraphs(
        "Each type has a help page with all its fields: `deals append warrant --help`. A file holds one or more events as "
        "YAML, JSON, JSON lines or CSV; `-` reads standard input.",
        examples(
            "deals append warrant --issuer amd --holder openai --shares 160000000 …",
            "deals append announcement.yaml --dry-run",
            "deals append --edit purchase",
        ),
    ),
)
@click.option("--edit", metavar="TYPE", help="Fill in a commented template of this type in $EDITOR.")
@click.option(
    "--dry-run", is_flag=True, help="With --edit: show what would be recorded and change, and record nothing."
)
@recorder_option
@db_option
@click.pass_context
def append(ctx: click.Context, *, edit: str | None, dry_run: bool, recorder: str | None, db: str) -> None:
    """Record one announcement: by flags, from a file or in an editor."""
    if ctx.invoked_subcommand is not None:
        _refuse_misplaced(ctx)
        return
    if edit is None:
        raise click.UsageError("name a type, a file, or --edit TYPE")
    from cli.recording.by_editor import append_edited

    append_edited(_by_hand(recorded_type(edit)), db=db, recorder=recorder, dry_run=dry_run)


def _by_hand(full: str) -> str:
    """Return a type's full name if it is recorded by hand. Raises UsageMistakeError for what has a verb of its own."""
    own = OWN_VERBS.get(short_type(full))
    if own is not None:
        raise UsageMistakeError(f"append: {full} is not recorded by hand", advice=f"it is {own.help}")
    return full


def _refuse_misplaced(ctx: click.Context) -> None:
    """Refuse options that stand before the type or file, where they would be lost. Raises click's UsageError."""
    typed = [name for name in ctx.params if ctx.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE]
    if "edit" in typed:
        raise click.UsageError(f"--edit {ctx.params['edit']} takes no further type or file")
    if typed:
        names = ", ".join(f"--{name.replace('_', '-')}" for name in typed)
        raise click.UsageError(f"{names} belongs behind {ctx.invoked_subcommand}")
