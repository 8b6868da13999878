"""`deals schema`: the event types as JSON Schema, for editors that complete and programs that write events."""

from __future__ import annotations

import click

from cli.help import examples
from cli.input.event_types import full_name
from events.type_names import EVENT_TYPES, OWN_VERBS

__all__ = ["schema"]


@click.command(epilog=examples("deals schema", "deals schema warrant", "deals schema --all > events.schema.json"))
@click.argument("type_name", required=False, metavar="[TYPE]")
@click.option("--all", "every", is_flag=True, help="One schema that any event of the vocabulary satisfies.")
def schema(*, type_name: str | None, every: bool) -> None:
    """Print the event types as JSON Schema.

    TYPE is a short or full name (warrant, warrant_granted); without it the types are listed.
    """
    if type_name and every:
        raise click.UsageError(f"give a type or --all, and not both (got {type_name!r})")
    if type_name or every:
        from cli.printing.formats import as_document
        from events.json_schema import any_event_schema, event_schema

        click.echo(as_document(any_event_schema() if every else event_schema(full_name(str(type_name)))), nl=False)
        return
    for name, kind in EVENT_TYPES.items():
        click.echo(f"{name:<12}{kind.type:<22}{kind.help}")
    for kind in OWN_VERBS.values():
        click.echo(f"{'':<12}{kind.type:<22}{kind.help}")
