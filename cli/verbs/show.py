"""`deals show`: all that is recorded of an event, a leg, a deal or a company."""

from __future__ import annotations

from typing import Any

import click

from cli.asking.lookup import Found, find
from cli.help import examples
from cli.input.complete import known_names
from cli.input.options import Target, db_option, text_options
from cli.printing.bodies import labelled
from cli.printing.colour import bold
from cli.printing.histories import document_lines, history_lines, listed, standing_lines
from cli.printing.output import as_text_or_json, terminal_width
from ledger.history import Attached, History, attached, histories, history
from ledger.reader import LedgerReader

__all__ = ["show"]


@click.command(
    epilog=examples(
        "deals show amd-openai-2025/warrant/2025-10-06",
        "deals show amd-openai-2025/warrant",
        "deals show 輝達 --format json",
    )
)
@click.argument("name", metavar="KEY|LEG|DEAL|COMPANY", shell_complete=known_names)
@text_options
@db_option
def show(*, name: str, db: str, target: Target) -> None:
    """Show an event, a deal, a leg or a company with all that is recorded of it.

    First comes what stands now and what corrections changed in it, then how it was recorded: an event with its three
    clocks, its leaf hash and its documents; a leg, deal or company with the events that concern it, in the order of the
    log.
    """
    with LedgerReader(db) as reader:
        found = find(reader, name)
        lines = _event(reader, found) if found.kind == "key" else _group(reader, found)
        as_text_or_json(target, lines, lambda: _json(reader, found))


def _event(reader: LedgerReader, found: Found) -> list[str]:
    width = terminal_width()
    told = history(reader, found.name)
    documents = attached(reader, {step.entry.key for step in told.steps})
    return [*history_lines(told, found.name, width), *document_lines(documents, width)]


def _group(reader: LedgerReader, found: Found) -> list[str]:
    """Lay out a leg, a deal or a company: how its events stand, then the log of it, and its documents."""
    width = terminal_width()
    told = histories(reader, found.entries)
    lines = [bold(f"{found.kind} {found.name}")]
    if found.kind == "company":
        company = next(company for company in reader.companies() if company.slug == found.name)
        stand_in = [("stand-in", "a party that is not named yet")] if company.stand_in else []
        lines += labelled([("name", company.name), ("names", ", ".join(company.names)), *stand_in], width)
    if found.kind == "deal":
        lines += labelled(_legs(told), width)
    if any(each.is_changed for each in told):
        lines += standing_lines(told, width)
    lines += ["", bold("events, in the order of the log")]
    for entry in found.entries:
        lines += listed(entry, reader.recorded(entry.position).raw, width)
    return [*lines, *document_lines(attached(reader, _keys(told)), width, named=True)]


def _legs(told: list[History]) -> list[tuple[str, str]]:
    """Name the legs of a deal, and apart from them those of which nothing stands."""
    named = {each.first.entry.leg for each in told if each.first.entry.leg}
    standing = {each.first.entry.leg for each in told if each.first.entry.leg and each.now is not None}
    gone = [("retracted", ", ".join(sorted(named - standing)))] if named - standing else []
    return [("legs", ", ".join(sorted(standing)) or "none"), *gone]


def _keys(told: list[History]) -> set[str]:
    return {step.entry.key for each in told for step in each.steps}


def _json(reader: LedgerReader, found: Found) -> dict[str, Any]:
    told = histories(reader, found.entries)
    events = []
    for entry in found.entries:
        recorded = reader.recorded(entry.position)
        events.append(
            {
                "position": entry.position,
                "recorded_at": recorded.recorded_at,
                "recorder": recorded.recorder,
                "schema_version": recorded.schema_version,
                "leaf_hash": entry.leaf_hash.hex(),
                "event": recorded.raw,
            }
        )
    head = reader.head()
    return {
        "query": {"verb": "show", "name": found.name, "kind": found.kind},
        "position": head.size,
        "root": head.root,
        "rows": events,
        "summary": {
            "standing": [_standing(each) for each in told],
            "documents": [_document(document) for document in attached(reader, _keys(told))],
        },
    }


def _standing(told: History) -> dict[str, Any]:
    """Say how an event stands: its reading (null where it is retracted), and every step that led to it."""
    steps = [
        {
            "position": step.entry.position,
            "key": step.entry.key,
            "recorded_at": step.entry.recorded_at,
            "recorder": step.entry.recorder,
            "reason": step.recorded.raw["reason"],
            "retracted": step.reading is None,
            "changed": [{"field": field, "was": was, "is": now} for field, was, now in step.changes],
        }
        for step in told.steps[1:]
    ]
    first = told.first.entry
    return {"position": first.position, "key": first.key, "event": told.now, "steps": steps}


def _document(document: Attached) -> dict[str, Any]:
    names = ("about", "sha256", "media_type", "bytes", "url", "retrieved_at")
    return {
        "position": document.entry.position,
        "key": document.entry.key,
        **{name: document.raw.get(name) for name in names},
        "file": document.place or None,
        "retracted": document.retracted or None,
    }
