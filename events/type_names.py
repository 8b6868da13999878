"""What the event types are called: the short name a person types, the full one that is stored, one line of help each.

Standard library only: help and completion read this table without loading the models.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from events.errors import suggestion

__all__ = ["EVENT_TYPES", "OWN_VERBS", "EventType", "full_type", "near_type", "short_type", "type_advice"]


class EventType(NamedTuple):
    """A type of the vocabulary by its full name, and what it records."""

    type: str
    help: str


# Who, what was agreed, what happened, what was measured: the order of the vocabulary.
EVENT_TYPES: dict[str, EventType] = {
    "company": EventType("company_registered", "A company, with the names it goes by."),
    "party": EventType("party_identified", "Who a party was that had no name so far."),
    "purchase": EventType("purchase_committed", "A purchase: compute, chips, systems, a lease, power."),
    "investment": EventType("investment_committed", "An investment in a company."),
    "warrant": EventType("warrant_granted", "A warrant: the right to buy an issuer's shares."),
    "loan": EventType("loan_arranged", "A loan, bond or credit line."),
    "guarantee": EventType("guarantee_given", "A guarantee for another's obligation."),
    "acquisition": EventType("acquisition_agreed", "A takeover: a company bought for cash, shares or both."),
    "option": EventType("option_granted", "An option to buy a company, capacity or another thing later."),
    "royalty": EventType("royalty_agreed", "A share of a revenue that one party pays another."),
    "status": EventType("status_changed", "A leg or deal moves on: signed, superseded, called off."),
    "delivered": EventType("capacity_delivered", "Gigawatts of a purchase were delivered."),
    "payment": EventType("payment_made", "One party paid another on a leg."),
    "funded": EventType("tranche_funded", "Money of an investment or a loan was paid in."),
    "repaid": EventType("loan_repaid", "A part of a loan was paid back."),
    "vested": EventType("tranche_vested", "Shares of a warrant became exercisable."),
    "exercised": EventType("warrant_exercised", "The holder of a warrant bought shares."),
    "option-exercised": EventType("option_exercised", "The holder of an option chose to buy."),
    "lapsed": EventType("tranche_lapsed", "A part of a leg can no longer become due."),
    "metric": EventType("metric_reported", "A number about a company or market: revenue, shares, prices."),
    "price": EventType("price_moved", "A share's move in one trading session."),
    "split": EventType("share_split", "A company's shares were split, or put together."),
    "milestone": EventType("milestone_reached", "A step without a leg: filed, approved, opened, listed."),
}
"""The types that are recorded by hand, by short name."""

OWN_VERBS: dict[str, EventType] = {
    "corrected": EventType("event_corrected", "recorded by `deals correct`"),
    "retracted": EventType("event_retracted", "recorded by `deals retract`"),
    "document": EventType("document_attached", "recorded by `deals attach`"),
}
"""What the ledger says about itself, which verbs of its own record, by short name."""

_FULL = {name: kind.type for name, kind in (EVENT_TYPES | OWN_VERBS).items()}
_SHORT = {full: name for name, full in _FULL.items()}


def full_type(name: object) -> str | None:
    """Return a type's full name from its short or full one, however cased, with spaces or hyphens; None for no type's."""
    if not isinstance(name, str):
        return None
    if name in _SHORT:  # as stored: the only case that a large import meets
        return name
    wanted = _folded(name)
    return wanted if wanted in _SHORT else _FULL.get(wanted)


def short_type(full: str) -> str:
    """Return the short name of a type, or the name itself where it is no type's."""
    return _SHORT.get(full, full)


def near_type(name: object) -> str | None:
    """Return the full name of the type whose short or full name is nearest to a mistyped one, None where none is near."""
    found = re.search("'(.*)'", _hint(name))
    return full_type(found[1]) if found else None


def type_advice(name: object) -> str:
    """Return which type was probably meant, or the list of all."""
    return _hint(name) or f"known types: {', '.join(_FULL)}"


def _hint(name: object) -> str:
    return suggestion(_folded(str(name)[:80]), (*_FULL, *_SHORT))


def _folded(name: str) -> str:
    return re.sub(r"[\s_-]+", "_", name.strip()).casefold()
