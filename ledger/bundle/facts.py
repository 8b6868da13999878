"""One recorded event as a flat row of `facts.csv`, for spreadsheets.

A row is a function of the leaf and its position alone, so that whoever verifies a bundle can make it again and compare.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from events.spreadsheet import neutralised, quoted
from ledger.bundle.part import ROLES

__all__ = ["COLUMNS", "FactsColumn", "facts_header", "facts_line"]


class FactsColumn(NamedTuple):
    """A column of `facts.csv`: its name, its type in the data package, and what it says."""

    name: str
    type: str
    description: str


COLUMNS: tuple[FactsColumn, ...] = (
    FactsColumn("position", "integer", "The event's place in the log, counted from 1."),
    FactsColumn("leaf_index", "integer", "The same place as proofs count it, from 0."),
    FactsColumn("leaf_hash", "string", "SHA-256 of a zero byte and the event's line in events.jsonl, in hexadecimal."),
    FactsColumn("key", "string", "The event's name, unique in the ledger."),
    FactsColumn("type", "string", "Which kind of fact it is."),
    FactsColumn("effective_on", "date", "The day from which the fact holds."),
    FactsColumn("announced_on", "date", "The day from which anyone outside could know it."),
    FactsColumn(
        "recorded_at", "string", "The instant at which the ledger recorded it, by the ledger's own clock, in UTC."
    ),
    FactsColumn("recorder", "string", "The person or program that recorded it."),
    FactsColumn("schema_version", "integer", "The version of the type's stored form."),
    FactsColumn("reason", "string", "Why an entry was corrected or retracted, or a status changed."),
    FactsColumn("corrects", "string", "The key of the entry that this one corrects or retracts."),
    FactsColumn("amends", "string", "The key of the event whose terms these replace."),
    FactsColumn(
        "about", "string", "The key of the event that a document supports, or the deal that a price reacted to."
    ),
    FactsColumn("deal", "string", "The deal; for a correction this and what follows is what it puts in place."),
    FactsColumn("leg", "string", "The leg of the deal."),
    FactsColumn("status", "string", "How binding the terms are."),
    FactsColumn("parties", "string", "The companies that the event names, by role."),
    FactsColumn("amount", "number", "The amount of money; empty where undisclosed."),
    FactsColumn("currency", "string", "Its currency by ISO 4217."),
    FactsColumn("qualifier", "string", "How the source put the amount or figure."),
    FactsColumn("capacity_gw", "number", "Capacity in gigawatts."),
    FactsColumn("shares", "integer", "Number of shares, at most."),
    FactsColumn("metric", "string", "Which figure was reported."),
    FactsColumn("basis", "string", "On what basis it was reported: accounts, guidance, an estimate, or which session."),
    FactsColumn("value", "number", "The figure."),
    FactsColumn("unit", "string", "Its unit."),
    FactsColumn("period_from", "date", "The first day that the figure is about."),
    FactsColumn("period_to", "date", "The last day that the figure is about."),
    FactsColumn("document_sha256", "string", "The document that was attached."),
    FactsColumn("source_kind", "string", "What kind of source says so."),
    FactsColumn("source_publisher", "string", "Who published it."),
    FactsColumn("source_title", "string", "The title of the source."),
    FactsColumn("source_url", "string", "The address of the source."),
    FactsColumn("source_published_on", "date", "The day the source was published."),
    FactsColumn("source_locator", "string", "The place in the source."),
    FactsColumn("source_sha256", "string", "The SHA-256 of a copy of the source."),
    FactsColumn("confidence", "string", "How far the recorder trusts it."),
    FactsColumn("note", "string", "The recorder's own remark."),
)
"""The columns of `facts.csv`, in order."""

# A market takes the place of a party in the flat table.
_ROLES = frozenset({*ROLES, "market"})
_PLACE = {column.name: place for place, column in enumerate(COLUMNS)}
_PARTIES = _PLACE["parties"]
_AMOUNT = _PLACE["amount"]
_PERIOD = _PLACE["period_from"]
_SOURCE = {
    name: _PLACE[f"source_{name}"]
    for name in ("kind", "publisher", "title", "url", "published_on", "locator", "sha256")
}
# Where the fields of an event stand in its row; those of the envelope come first and are filled in by position.
_OWN = {name: _PLACE[name] for name in ("reason", "corrects", "confidence", "note")}
_SAID = {
    **{
        name: _PLACE[name]
        for name in ("amends", "about", "deal", "leg", "status", "capacity_gw", "shares", "metric", "basis")
    },
    **{name: _PLACE[name] for name in ("qualifier", "value", "unit", "period_from", "period_to")},
    "shares_max": _PLACE["shares"],
    "return": _PLACE["value"],
    "sha256": _PLACE["document_sha256"],
}
# Fields that do not simply fill one cell have a number below zero for what is to be done with them.
_ROLE, _MONEY, _ON, _LENDERS = -1, -2, -3, -4
_SAID |= dict.fromkeys(_ROLES, _ROLE) | {"amount": _MONEY, "on": _ON, "lenders": _LENDERS}
_BOTH = _OWN | _SAID
_EMPTY = [""] * (len(COLUMNS) - _PLACE["reason"])
_COMMAS = len(COLUMNS) - 1
# The rule of `events.spreadsheet` by which every bundle so far has been written.
_RULE = 1


def facts_header() -> bytes:
    """Return the first line of `facts.csv`."""
    return (",".join(column.name for column in COLUMNS) + "\r\n").encode()


def _cell(value: object) -> str:
    return quoted(neutralised("" if value is None else str(value), _RULE), _RULE)


class _Plan(NamedTuple):
    """Where the fields of all events with the same field names go, made once for each such set of names."""

    cells: tuple[tuple[int, str], ...]
    roles: tuple[str, ...]
    money: bool
    on: bool
    source: bool


_PLANS: dict[tuple[str, ...], _Plan] = {}
_PLANS_MAX = 10_000


def _plan(said: dict[str, Any], places: dict[str, int]) -> _Plan:
    return _Plan(
        tuple((places[name], name) for name in said if places.get(name, 0) > 0),
        tuple(name for name in said if places.get(name) in {_ROLE, _LENDERS}),
        money="amount" in said,
        on="on" in said,
        source="source" in said,
    )


def _plan_of(event: dict[str, Any]) -> _Plan:
    """Return the plan of an event that is no correction, from the store or made now."""
    names = tuple(event)
    plan = _PLANS.get(names)
    if plan is None:
        if len(_PLANS) >= _PLANS_MAX:  # a stranger's log may have any names
            _PLANS.clear()
        plan = _PLANS[names] = _plan(event, _BOTH)
    return plan


def facts_line(position: int, leaf_hash: str, parts: dict[str, Any]) -> str:
    """Return the line of one event, by RFC 4180 with its line end; `parts` is the parsed leaf.

    Raises AttributeError, KeyError, TypeError or ValueError where it is not one.
    """
    event: dict[str, Any] = parts["event"]
    row = [
        str(position),
        str(position - 1),
        leaf_hash,
        event["key"],
        event["type"],
        event["effective_on"],
        event["announced_on"],
        parts["recorded_at"],
        parts["recorder"],
        str(parts["schema_version"]),
        *_EMPTY,
    ]
    if "replacement" in event:
        said = event["replacement"]
        _fill(row, said, _plan(said, _SAID))
        for name in _OWN.keys() & event.keys():
            row[_OWN[name]] = event[name]
        source = event.get("source")
    else:
        plan = _plan_of(event)
        _fill(row, event, plan)
        source = event["source"] if plan.source else None
    if source is not None:
        for name, value in source.items():
            row[_SOURCE[name]] = value
    try:
        line = ",".join(row)
    except TypeError:  # a cell that is no text: a number, an undisclosed amount
        return ",".join(map(_cell, row)) + "\r\n"
    # Nearly all rows need neither quotes nor care; looking at the whole line is ten times faster than at each cell.
    if line.count(",") == _COMMAS and not _doubtful(line):
        return line + "\r\n"
    return ",".join(map(_cell, row)) + "\r\n"


def _doubtful(line: str) -> bool:
    """Say whether a cell may need quotes or be a formula; a sign is looked for before it is looked for behind a comma."""
    return (
        '"' in line
        or "\n" in line
        or "\r" in line
        or "\t" in line
        or ("=" in line and ",=" in line)
        or ("+" in line and ",+" in line)
        or ("@" in line and ",@" in line)
        or ",-" in line
    )


def _fill(row: list[Any], said: dict[str, Any], plan: _Plan) -> None:
    """Put what an event or a replacement says into its cells."""
    for place, name in plan.cells:
        row[place] = said[name]
    if plan.roles:
        row[_PARTIES] = "; ".join([f"{role} {_party(said[role])}" for role in plan.roles])
    if plan.money:
        amount = said["amount"]
        row[_AMOUNT] = amount["value"]
        row[_AMOUNT + 1] = amount["currency"]
        row[_AMOUNT + 2] = amount["qualifier"]
    if plan.on:
        row[_PERIOD] = row[_PERIOD + 1] = said["on"]


def _party(named: object) -> object:
    """Return a company as it is, and the lenders of a loan by their names."""
    return ", ".join(str(lender["company"]) for lender in named) if isinstance(named, list) else named
