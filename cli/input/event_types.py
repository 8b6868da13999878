"""The event types by the short names that the command line uses, each with one line of help."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["EVENT_TYPES", "EventType", "full_name", "short_name"]


class EventType(NamedTuple):
    """A type of the vocabulary as the command line names it."""

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
    "status": EventType("status_changed", "A leg or deal moves on: signed, superseded, called off."),
    "delivered": EventType("capacity_delivered", "Gigawatts of a purchase were delivered."),
    "payment": EventType("payment_made", "One party paid another on a leg."),
    "funded": EventType("tranche_funded", "Money of an investment or a loan was paid in."),
    "repaid": EventType("loan_repaid", "A part of a loan was paid back."),
    "vested": EventType("tranche_vested", "Shares of a warrant became exercisable."),
    "exercised": EventType("warrant_exercised", "The holder of a warrant bought shares."),
    "metric": EventType("metric_reported", "A number about a company or market: revenue, shares, prices."),
    "price": EventType("price_moved", "A share's move in one trading session."),
}
# What the ledger says about itself is recorded by verbs of its own.
_OWN_VERBS = {
    "corrected": "event_corrected",
    "retracted": "event_retracted",
    "document": "document_attached",
}
_FULL = {name: kind.type for name, kind in EVENT_TYPES.items()} | _OWN_VERBS


def full_name(name: str) -> str:
    """Give a type's full name from its short or full one. Raises NotFoundError with the nearest name."""
    wanted = name.replace("-", "_")
    if wanted in _FULL:
        return _FULL[wanted]
    if wanted in _FULL.values():
        return wanted
    from events.errors import not_found

    known = (*_FULL, *_FULL.values())
    raise not_found("no event type is called", name, known, otherwise=f"types: {', '.join(_FULL)}")


def short_name(full: str) -> str:
    """Give the short name of a type, or the full one where it has none."""
    return next((short for short, name in _FULL.items() if name == full), full)
