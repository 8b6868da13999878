"""From leaves to typed columns: the schema by which DuckDB parses events, and the correction chains."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from projections.clocks import FOREVER

__all__ = ["LEAF_SCHEMA", "TYPES_OF_TABLE", "Slots", "chain_members", "upcast_leaf"]

_MONEY = {"value": "DECIMAL(38,6)", "currency": "VARCHAR", "qualifier": "VARCHAR"}
_CONDITION = {"kind": "VARCHAR", "threshold": "VARCHAR", "unit": "VARCHAR", "text": "VARCHAR", "leg": "VARCHAR"}
_EVENT: dict[str, Any] = {
    **dict.fromkeys(("announced_on", "effective_on", "period_from", "period_to", "session"), "DATE"),
    # Days of terms may be told by the month or the year; `on` is a day of a metric and a text of an option.
    **dict.fromkeys(
        ("starts_on", "ends_on", "matures_on", "expires_on", "issued_on", "cancellable_from", "on"), "VARCHAR"
    ),
    **dict.fromkeys(
        ("type", "key", "deal", "leg", "status", "amends", "corrects", "superseded_by", "reason", "confidence"),
        "VARCHAR",
    ),
    **dict.fromkeys(
        ("buyer", "supplier", "investor", "investee", "issuer", "holder", "borrower", "guarantor", "obligor"), "VARCHAR"
    ),
    **dict.fromkeys(
        ("beneficiary", "payer", "payee", "placeholder", "company", "counterparty", "market", "parent"), "VARCHAR"
    ),
    **dict.fromkeys(("subject", "security", "capacity_lot", "covers", "secured_by", "recourse", "tranche"), "VARCHAR"),
    **dict.fromkeys(
        ("acquirer", "target", "grantor", "part_of", "paid_with", "instrument", "kind", "of"),
        "VARCHAR",
    ),
    **dict.fromkeys(("layer_name", "share_class", "ratio", "text", "capacity_qualifier"), "VARCHAR"),
    **dict.fromkeys(("name", "layer", "ticker", "cik", "lei", "metric", "metric_name", "unit", "basis"), "VARCHAR"),
    **dict.fromkeys(("qualifier", "about", "sha256"), "VARCHAR"),
    **dict.fromkeys(("conditional", "stand_in", "take_or_pay", "average"), "BOOLEAN"),
    **dict.fromkeys(
        ("shares_max", "shares", "shares_issued", "shares_withheld", "units", "conversion_shares"), "BIGINT"
    ),
    **dict.fromkeys(("capacity_gw", "firm_gw"), "DECIMAL(18,6)"),
    **dict.fromkeys(("value", "low", "high"), "DECIMAL(38,6)"),
    **dict.fromkeys(("return", "benchmark_return"), "DECIMAL(38,6)"),
    **dict.fromkeys(
        ("amount", "firm", "prepaid", "collateral", "exercise_price", "price_per_share", "close", "prior_close"), _MONEY
    ),
    **dict.fromkeys(("cash", "shares_value", "contingent", "otherwise", "cap", "paid", "conversion_price"), _MONEY),
    "cancellable_days": "INTEGER",
    "aliases": ["VARCHAR"],
    "relies_on": ["VARCHAR"],
    "lenders": [{"company": "VARCHAR", "amount": _MONEY}],
    "pledged": ["VARCHAR"],
    "sellers": ["VARCHAR"],
    "legs": ["VARCHAR"],
    "conditions": [_CONDITION],
    "tranches": [
        {
            "tranche": "VARCHAR",
            "amount": _MONEY,
            "shares": "BIGINT",
            "percent": "DECIMAL(38,6)",
            "matures_on": "VARCHAR",
            "conditions": [_CONDITION],
        }
    ],
    "steps": [{"from": "VARCHAR", "amount": _MONEY}],
    "schedule": [{"from": "DATE", "to": "DATE", "share": "DECIMAL(9,6)"}],
    "share": "DECIMAL(9,6)",
    "rate": {"text": "VARCHAR", "percent": "DECIMAL(38,6)", "spread_bp": "DECIMAL(38,6)"},
    "source": {"kind": "VARCHAR", "publisher": "VARCHAR", "published_on": "DATE", "sha256": "VARCHAR"},
    "date_precision": {"effective_on": "VARCHAR", "announced_on": "VARCHAR"},
    "contested": [{"value": "VARCHAR", "amount": _MONEY, "publisher": "VARCHAR"}],
}
# What DuckDB's from_json takes: every field that some macro or table needs, and no other.
LEAF_SCHEMA: dict[str, Any] = {
    "event": _EVENT,
    "recorded_at": "VARCHAR",
    "recorder": "VARCHAR",
    "schema_version": "INTEGER",
}

# Which types a table holds; tables that are not named here hold every type.
TYPES_OF_TABLE = {
    "company": {"company_registered"},
    "party": {"party_identified"},
    "terms": {"purchase_committed", "investment_committed", "warrant_granted", "loan_arranged", "guarantee_given"}
    | {"acquisition_agreed", "option_granted", "royalty_agreed"},
    "status": {"status_changed"},
    "performance": {
        "capacity_delivered",
        "payment_made",
        "tranche_funded",
        "loan_repaid",
        "tranche_vested",
        "warrant_exercised",
        "option_exercised",
        "tranche_lapsed",
    },
    "metric": {"metric_reported"},
    "price": {"price_moved"},
    "split": {"share_split"},
    "milestone": {"milestone_reached"},
    "attachment": {"document_attached"},
}


def upcast_leaf(leaf: bytes) -> bytes:
    """Bring a leaf of an older schema version up to date, for reading only."""
    import orjson

    from events.upcasters import current_version, upcast

    parts = orjson.loads(leaf)
    event = parts["event"]
    parts["event"] = upcast(event["type"], parts["schema_version"], event)
    parts["schema_version"] = current_version(event["type"])
    return orjson.dumps(parts)


class Slots:
    """Which place each log entry belongs to: its own, or that of the event at the head of its correction chain."""

    def __init__(self, places: Mapping[str, int] | None = None) -> None:
        self._places = dict(places or {})

    def place(self, entries: Iterable[tuple[int, str, str]]) -> dict[int, int]:
        """Map the position of each correction or retraction (position, key, corrects) to its slot."""
        slots = {}
        for position, key, corrects in entries:
            slots[position] = self._places[key] = self._places[corrects]
        return slots


def chain_members(slots: Mapping[int, int], *, hypothetical: bool) -> list[tuple[int, int, int]]:
    """List (position, slot, seen_to) of every member of the chains that new corrections continue.

    The head of a chain stands under its own position; what stood last before the new members ends where the first of
    them begins, each of them where the next begins. Hypothetical members are visible from the beginning of the log.
    """
    following: dict[int, list[int]] = {}
    for position, slot in sorted(slots.items()):
        following.setdefault(slot, []).append(position)
    members = []
    for slot, positions in following.items():
        for position, successor in zip([slot, *positions], [*positions, FOREVER], strict=True):
            ends = 0 if hypothetical and successor != FOREVER else successor
            members.append((position, slot, ends))
    return members
