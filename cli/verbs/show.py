"""`deals show`: all that is recorded of an event, a leg, a deal or a company."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from cli.asking.lookup import Found, find
from cli.help import examples
from cli.input.complete import known_names
from cli.input.options import Target, db_option, text_options
from cli.printing.bodies import event_lines, gist, labelled
from cli.printing.colour import bold
from cli.printing.output import as_text_or_json, terminal_width
from ledger.reader import LedgerReader

if TYPE_CHECKING:
    from ledger.store.entries import Entry

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

    An event is shown as it was stored, with its three clocks, its leaf hash, its corrections and its documents; a leg,
    deal or company with the events that concern it, in the order of the log.
    """
    with LedgerReader(db) as reader:
        found = find(reader, name)
        lines = _event(reader, found) if found.kind == "key" else _history(reader, found)
        as_text_or_json(target, lines, lambda: _json(reader, found))


def _event(reader: LedgerReader, found: Found) -> list[str]:
    width = terminal_width()
    entry = next(entry for entry in found.entries if entry.key == found.name)
    recorded = reader.recorded(entry.position)
    lines = [bold(entry.key), *labelled([*event_lines(recorded), ("leaf hash", entry.leaf_hash.hex())], width)]
    if len(found.entries) > 1:
        lines += ["", bold("corrections, in the order of recording"), *labelled(_steps(reader, found.entries), width)]
    documents = _documents(reader, {other.key for other in found.entries})
    if documents:
        lines += ["", bold("documents"), *labelled(documents, width)]
    return lines


def _steps(reader: LedgerReader, chain: list[Entry]) -> list[tuple[str, str]]:
    steps = []
    for entry in chain:
        raw = reader.recorded(entry.position).raw
        said = f": {raw['reason']}" if entry.corrects else ""
        what = {"event_corrected": "corrected", "event_retracted": "retracted"}.get(entry.type, "recorded")
        steps.append((f"{entry.position}", f"{entry.recorded_at} {what} by {entry.recorder} as {entry.key}{said}"))
    return steps


def _documents(reader: LedgerReader, keys: set[str]) -> list[tuple[str, str]]:
    from events.errors import NotFoundError

    documents = []
    for entry in reader.entries(type_name="document_attached"):
        if entry.about not in keys:
            continue
        raw = reader.recorded(entry.position).raw
        try:
            place = str(reader.document(raw["sha256"]))
        except NotFoundError:
            place = "absent; the log verifies without it"
        url = f", from {raw['url']}" if raw.get("url") else ""
        documents.append((raw["sha256"], f"{raw['media_type']}, {raw['bytes']} bytes{url}: {place}"))
    return documents


def _history(reader: LedgerReader, found: Found) -> list[str]:
    width = terminal_width()
    lines = [bold(f"{found.kind} {found.name}")]
    if found.kind == "company":
        company = next(company for company in reader.companies() if company.slug == found.name)
        stand_in = [("stand-in", "a party that is not named yet")] if company.stand_in else []
        lines += labelled([("name", company.name), ("names", ", ".join(company.names)), *stand_in], width)
    if found.kind == "deal":
        lines += labelled([("legs", ", ".join(sorted({entry.leg for entry in found.entries if entry.leg})))], width)
    lines += ["", bold("events, in the order of the log")]
    for entry in found.entries:
        raw = reader.recorded(entry.position).raw
        lines.append(f"  {entry.position}  {entry.key}")
        when = entry.announced_on if entry.announced_on == entry.effective_on else (
            f"{entry.announced_on}, effective {entry.effective_on}"
        )  # fmt: skip
        lines += labelled([("", f"announced {when}: {gist(raw)}")], width, indent=4)
    return lines


def _json(reader: LedgerReader, found: Found) -> dict[str, Any]:
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
        "summary": {},
    }
