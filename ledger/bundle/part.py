"""Which events of a log belong to a part of it: everything that touches a company, a deal or a type of event.

A part is a function of the log alone, so that whoever holds the whole log can find out whether anything was left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

import orjson

from events.envelope import Feed

__all__ = ["ROLES", "Part", "ranges_text", "read_ranges", "select"]

_CORRECTIONS = frozenset({"event_corrected", "event_retracted"})
# The fields of an event that name one party each.
ROLES = (
    "company",
    "placeholder",
    "counterparty",
    "buyer",
    "supplier",
    "investor",
    "investee",
    "issuer",
    "holder",
    "borrower",
    "guarantor",
    "obligor",
    "beneficiary",
    "payer",
    "payee",
)


@dataclass(frozen=True)
class Part:
    """A filter: every condition that is given must hold. `company` is a slug."""

    company: str | None = None
    deal: str | None = None
    type: str | None = None

    def conditions(self) -> dict[str, str]:
        """Return the conditions that are given, by name."""
        return {name: value for name, value in asdict(self).items() if value is not None}

    def __bool__(self) -> bool:
        return bool(self.conditions())


def _named(said: dict[str, Any]) -> set[str]:
    """Collect the companies that an event names, lenders too."""
    named = {said[role] for role in (*ROLES, "parent") if isinstance(said.get(role), str)}
    lenders = said.get("lenders")
    return named | {lender.get("company") for lender in lenders} if isinstance(lenders, list) else named


@dataclass
class _Touched:
    """What is known of a company after reading the log: the names it went by, and the legs it is a party to."""

    names: set[str]
    legs: set[tuple[str, str]] = field(default_factory=set)
    deals: set[str] = field(default_factory=set)

    def learn_leg(self, said: dict[str, Any]) -> None:
        """Note a leg whose terms name the company."""
        deal, leg = said.get("deal"), said.get("leg")
        if isinstance(deal, str) and isinstance(leg, str) and self.names & _named(said):
            self.legs.add((deal, leg))
            self.deals.add(deal)

    def touches(self, said: dict[str, Any]) -> bool:
        """Say whether an event names the company, or is about a leg or deal that does."""
        deal, leg = said.get("deal"), said.get("leg")
        on_leg = (deal, leg) in self.legs if leg is not None else deal in self.deals
        return on_leg or bool(self.names & _named(said)) or said.get("about") in self.deals


def _events(feed: Feed) -> Iterable[tuple[int, dict[str, Any]]]:
    for batch in feed:
        for position, leaf in batch:
            yield position, orjson.loads(leaf)["event"]


def _said(event: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what an event states: itself, and what it puts in the place of another."""
    replacement = event.get("replacement")
    return [event, replacement] if isinstance(replacement, dict) else [event]


def _touched(feed: Callable[[], Feed], company: str) -> _Touched:
    """Read the log for the names of a company, and again, knowing them all, for its legs."""
    namings = [
        (str(said.get("placeholder")), said.get("company"))
        for _, event in _events(feed())
        for said in _said(event)
        if said.get("type") == "party_identified"
    ]
    touched = _Touched(_with_stand_ins(company, namings))
    for _, event in _events(feed()):
        for said in _said(event):
            touched.learn_leg(said)
    return touched


def _with_stand_ins(company: str, namings: list[tuple[str, Any]]) -> set[str]:
    """Count every stand-in that turned out to be the company, or another stand-in that did, as the company."""
    names = {company}
    while more := {placeholder for placeholder, who in namings if who in names} - names:
        names |= more
    return names


def _fits(said: dict[str, Any], part: Part, touched: _Touched | None) -> bool:
    return (
        (touched is None or touched.touches(said))
        and (part.deal is None or part.deal in (said.get("deal"), said.get("about")))
        and (part.type is None or said.get("type") == part.type)
    )


def select(feed: Callable[[], Feed], part: Part) -> list[int]:
    """Return the positions of a part, in order; `feed` is called several times, once for each reading of the log.

    An entry comes with all its corrections and retractions, whichever of them fits, and with the documents attached to
    any of these.
    """
    touched = _touched(feed, part.company) if part.company else None
    roots: dict[str, str] = {}
    fitting: set[str] = set()
    for _, event in _events(feed()):
        root = event["key"]
        if event["type"] in _CORRECTIONS:
            root = roots[event["key"]] = roots.get(event["corrects"], event["corrects"])
        if any(_fits(said, part, touched) for said in _said(event)):
            fitting.add(root)
    taken: set[str] = set()
    chosen: list[int] = []
    for position, event in _events(feed()):
        key = event["key"]
        about = event.get("about") if event["type"] == "document_attached" else None
        if roots.get(key, key) in fitting or about in taken:
            taken.add(key)
            chosen.append(position)
    return chosen


def ranges_text(positions: Iterable[int]) -> str:
    """Write positions in order as ranges: `1-3,7,9-12`."""
    runs: list[list[int]] = []
    for position in positions:
        if runs and runs[-1][1] == position - 1:
            runs[-1][1] = position
        else:
            runs.append([position, position])
    return ",".join(f"{first}-{last}" if first != last else str(first) for first, last in runs)


def read_ranges(text: str, *, size: int) -> list[int]:
    """Read what `ranges_text` wrote for a log of a size. Raises ValueError for anything else."""
    positions: list[int] = []
    for part in text.split(",") if text else []:
        first, _, last = part.partition("-")
        low, high = int(first), int(last or first)
        if not (positions[-1] if positions else 0) < low <= high <= size:
            raise ValueError(part)
        positions.extend(range(low, high + 1))
    if ranges_text(positions) != text:
        raise ValueError(text)
    return positions
