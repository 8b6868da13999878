"""Small ledgers and the events that happen in them, for the tests of the write side."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from events.base import Event
from events.codec import parse
from ledger.application import Ledger
from ledger.clock import Clock, TickingClock
from ledger.reader import LedgerReader
from ledger.store.entries import Head

__all__ = ["START", "company", "delivery", "event", "head", "ledger_with", "new_ledger", "purchase", "warrant"]

Raw = dict[str, Any]

START = dt.datetime(2026, 1, 31, 9, 30, tzinfo=dt.UTC)


def event(kind: str, **fields: object) -> Event:
    """Read an event as an author writes it; the key is derived where none is given."""
    return parse({"type": kind, "announced_on": "2025-10-06", **fields})


def company(slug: str, **fields: object) -> Event:
    return event("company_registered", **{"company": slug, "name": slug.upper(), "layer": "chips", **fields})


def purchase(deal: str = "one", leg: str = "supply", **fields: object) -> Event:
    amount = {"value": "100", "currency": "USD"}
    body: Raw = {"buyer": "openai", "supplier": "amd", "subject": "chips", "status": "definitive", "amount": amount}
    return event("purchase_committed", deal=deal, leg=leg, **{**body, **fields})


def warrant(deal: str = "one", leg: str = "warrant", **fields: object) -> Event:
    body: Raw = {"issuer": "amd", "holder": "openai", "status": "definitive", "shares_max": 160}
    tranches = [{"tranche": "first", "shares": 60}, {"tranche": "second"}]
    return event("warrant_granted", deal=deal, leg=leg, **{**body, "tranches": tranches, **fields})


def delivery(deal: str = "one", leg: str = "supply", **fields: object) -> Event:
    return event("capacity_delivered", deal=deal, leg=leg, **{"capacity_gw": "1", **fields})


def head(ledger: Ledger) -> Head:
    """Read the head of a ledger's log."""
    with LedgerReader(ledger.path) as reader:
        return reader.head()


def new_ledger(folder: Path, *, clock: Clock | None = None) -> Ledger:
    """Make an empty ledger whose clock moves by a second each time it is asked."""
    return Ledger.create(folder / "deals.db", clock=clock or TickingClock(START), recorder_name="tester")


def ledger_with(folder: Path, events: Iterable[Event] = ()) -> Ledger:
    """Make a ledger that knows AMD and OpenAI and holds some events."""
    ledger = new_ledger(folder)
    ledger.record([company("amd", ticker="AMD", aliases=["超微"]), company("openai", name="OpenAI")])
    recorded = list(events)
    if recorded:
        ledger.record(recorded)
    return ledger
