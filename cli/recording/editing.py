"""Texts in the user's editor: a commented template of a type, or an event as it stands; a text is never lost."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from cli.done import done
from cli.errors import EditAbortedError
from cli.input.place import data_folder
from cli.printing.output import say
from cli.recording.flags import Flag, flags_of
from events.errors import DealsError
from events.type_names import EVENT_TYPES, short_type

__all__ = ["edited", "event_yaml", "template"]

_EXAMPLES = {
    "money": '{value: "100000000000", currency: USD, qualifier: up_to}',
    "date": "2025-10-06",
    "term-day": "2030-Q4",
    "instant": '"2025-10-06T20:05:00Z"',
    "decimal": '"0.25"',
    "count": "160000000",
    "switch": "true",
    "company": "openai",
    "leg": "oracle-openai-2025/compute",
    "legs": "[oracle-openai-2025/compute]",
    "texts": '["another name"]',
    "key": "deal/leg/2025-10-06",
    "precision": "{announced_on: month}",
    "contested": '[{value: "what another source says", publisher: Who}]',
    "share-tranche": '[{tranche: first, shares: 1000000, conditions: [{kind: capacity, threshold: "1", unit: GW}]}]',
    "money-tranche": '[{tranche: first, amount: {value: "10000000000", currency: USD}}]',
    "loan-tranche": '[{tranche: a, amount: {value: "4000000000", currency: USD}, percent: "4.6", matures_on: 2032-11-15}]',
    "conditions": '[{kind: capacity, threshold: "1", unit: GW}]',
    "step": '[{from: 2030-01-01, amount: {value: "1000000000", currency: USD}}]',
    "lender": '[{company: jpmorgan, amount: {value: "1000000000", currency: USD}}]',
    "schedule": '[{from: 2027-01-01, to: 2028-01-01, share: "0.2"}]',
}


def template(type_name: str) -> str:
    """Return a YAML text to fill in: needed fields open, the others commented out, each with what it means."""
    kind = EVENT_TYPES[short_type(type_name)]
    lines = [
        f"# yaml-language-server: $schema={_schema_file(type_name).as_uri()}",
        f"# {kind.help} Fill in what is open; delete a leading # to use what is commented out.",
        "# Amounts and other exact numbers stand in quotes. Save and close to record; leave unchanged to record nothing.",
        f"type: {type_name}",
    ]
    sourced = False
    for flag in flags_of(type_name):
        if flag.field.startswith("source.") and not sourced:
            lines += ["", "# Where the fact was read.", "# source:"]
            sourced = True
        lines += _field(flag)
    return "\n".join(lines) + "\n"


def _field(flag: Flag) -> list[str]:
    nested = flag.field.startswith("source.")
    name = flag.field.removeprefix("source.")
    if "." in name:  # parts of a rate, which may be given whole
        return [] if name != "rate.text" else ["", f"# {flag.help}", "# rate: SOFR+225bp"]
    example = " | ".join(flag.choices) or _EXAMPLES.get(flag.kind, "text")
    if nested:
        return [f"#   {name}: {example}"]
    if flag.required:
        return ["", f"# {flag.help} [{example}]", f"{name}:"]
    return ["", f"# {flag.help}", f"# {name}: {example}"]


def _schema_file(type_name: str) -> Path:
    """Put the type's JSON Schema where editors find it, and give its place."""
    from cli.printing.formats import as_document
    from events.json_schema import event_schema
    from ledger.files import write_file

    schema = event_schema(type_name)
    path = data_folder() / "schemas" / f"{type_name}-{schema['x-schema-version']}.json"
    with contextlib.suppress(OSError):  # an editor that finds no schema completes nothing, and all else works
        path.parent.mkdir(parents=True, exist_ok=True)
        write_file(path, as_document(schema))
    return path


def event_yaml(raw: dict[str, Any]) -> str:
    """Return an event as YAML, ready to be edited."""
    import io

    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.default_flow_style = False
    yaml.width = 4096
    text = io.StringIO()
    yaml.dump(raw, text)
    head = f"# yaml-language-server: $schema={_schema_file(str(raw['type'])).as_uri()}\n"
    return head + "# Mend what is wrong, save and close; leave unchanged to record nothing.\n" + text.getvalue()


def edited(text: str, record: Callable[[str], None], *, again: Callable[[Path], str] | None = None) -> None:
    """Let the user edit a text and record what it says; where that fails, the text is kept and its place told.

    `again` gives the command that takes the kept text, `deals append` where it is left out.

    Raises EditAbortedError where nothing was written, else what recording raises.
    """
    try:
        written = click.edit(text, extension=".yaml")
    except click.ClickException as error:
        raise EditAbortedError(
            f"the editor did not end well: {error.message}", advice="set EDITOR to one that you can use"
        ) from None
    if written is None or written == text or not _says_something(written):
        raise EditAbortedError("nothing was written, so nothing was recorded", advice="save the text before closing")
    try:
        record(written)
    except BaseException as error:
        if not done():  # else it is in the ledger already
            kept = _keep(written)
            said = f"your text is kept: mend it and run `{again(kept) if again else f'deals append {kept}'}`"
            if isinstance(error, DealsError):
                error.advice = f"{error.advice}\n{said}".lstrip()
            else:
                say(said)
        raise


def _says_something(text: str) -> bool:
    return any(line.strip() and not line.lstrip().startswith("#") for line in text.splitlines())


def _keep(text: str) -> Path:
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", prefix="deals-", suffix=".yaml", delete=False) as file:
        file.write(text)
    return Path(file.name)
