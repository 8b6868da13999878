"""What a query may see: the entries that stand at a clock triple, and who hides behind a stand-in.

Part of the naive oracle: plain lists and comparisons, written from `docs/measures.md` alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

__all__ = ["Clocks", "Entry", "Fact", "Raw", "Sight", "look"]

Raw = dict[str, Any]


class Entry(Protocol):
    """A recorded event, as `events.envelope.Recorded` has it."""

    @property
    def position(self) -> int:
        """The place in the log, from 1."""
        ...

    @property
    def raw(self) -> Raw:
        """The event as stored."""
        ...


@dataclass(frozen=True, slots=True)
class Clocks:
    """The three coordinates of a question; `recorded_by` is a position, inclusive."""

    as_of: dt.date
    known_by: dt.date
    recorded_by: int


@dataclass(frozen=True, slots=True)
class Fact:
    """An event as it stands: the content of its last visible correction at the place of the original."""

    position: int
    raw: Raw
    keys: tuple[str, ...]
    hypothetical: bool

    @property
    def key(self) -> str:
        """The key of the announcement itself."""
        return self.keys[0]

    @property
    def rank(self) -> tuple[str, str, int]:
        """What decides between two events of one leg or one identity; ISO dates sort as text."""
        return self.raw["effective_on"], self.raw["announced_on"], self.position


@dataclass(frozen=True, slots=True)
class Sight:
    """Everything that is recorded-visible at `clocks`, in the order of recording."""

    clocks: Clocks
    facts: list[Fact]
    known: list[Fact]
    in_effect: list[Fact]
    # stand-in -> the event that names it
    identified: dict[str, Fact] = field(default_factory=dict)

    def who(self, name: str) -> str:
        """Return the company behind a name, as far as it is known; a stand-in may first have turned out to be another."""
        way = self.way(name)
        return str(way[-1].raw["company"]) if way else name

    def naming(self, name: str) -> tuple[str, ...]:
        """Return the keys of the events by which a name was resolved."""
        return tuple(key for fact in self.way(name) for key in fact.keys)

    def way(self, name: str) -> list[Fact]:
        """Return the events that lead from a name to who it is, and end where a name comes again (in a ring)."""
        facts: list[Fact] = []
        passed: set[str] = set()
        while name in self.identified and name not in passed:
            passed.add(name)
            facts.append(self.identified[name])
            name = facts[-1].raw["company"]
        return facts


def look(entries: Iterable[Entry], clocks: Clocks, hypothetical: Sequence[Raw] = ()) -> Sight:
    """Sort out what may be seen; hypothetical events stand after all recorded ones and at every `recorded_by`."""
    facts = list(_standing(list(_rows(entries, clocks, hypothetical))))
    known_by, as_of = clocks.known_by.isoformat(), clocks.as_of.isoformat()
    known = [fact for fact in facts if fact.raw["announced_on"] <= known_by]
    in_effect = [fact for fact in known if fact.raw["effective_on"] <= as_of]
    return Sight(clocks, facts, known, in_effect, _identified(known))


def _rows(entries: Iterable[Entry], clocks: Clocks, hypothetical: Sequence[Raw]) -> Iterator[tuple[int, Raw, bool]]:
    last = 0
    for entry in sorted(entries, key=lambda e: e.position):
        last = entry.position
        if entry.position <= clocks.recorded_by:
            yield entry.position, entry.raw, False
    for number, raw in enumerate(hypothetical, 1):
        # Dates that a hypothetical event leaves out are those of the question.
        dates = {"effective_on": clocks.as_of.isoformat(), "announced_on": clocks.known_by.isoformat()}
        yield last + number, {"key": f"hypothetical/{number}", **dates, **raw}, True


def _standing(rows: list[tuple[int, Raw, bool]]) -> Iterator[Fact]:
    """Apply each chain of corrections: the last member seen decides, whatever came between."""
    root_of: dict[str, str] = {}
    verdicts: dict[str, tuple[Raw, bool]] = {}
    for _, raw, is_hypothetical in rows:
        if raw["type"] in {"event_corrected", "event_retracted"}:
            if raw["corrects"] in root_of:
                root = root_of[raw["corrects"]]
                root_of[raw["key"]] = root
                verdicts[root] = raw, is_hypothetical
        else:
            root_of[raw["key"]] = raw["key"]
    for position, raw, is_hypothetical in rows:
        if raw["type"] in {"event_corrected", "event_retracted"}:
            continue
        if raw["key"] not in verdicts:
            yield Fact(position, raw, (raw["key"],), is_hypothetical)
            continue
        verdict, by_hypothesis = verdicts[raw["key"]]
        if verdict["type"] == "event_corrected":
            keys = (raw["key"], verdict["key"])
            yield Fact(position, verdict["replacement"], keys, is_hypothetical or by_hypothesis)


def _identified(known: list[Fact]) -> dict[str, Fact]:
    namings = [fact for fact in known if fact.raw["type"] == "party_identified"]
    # Here the announced date leads: knowledge of a name has no effective date.
    namings.sort(key=lambda f: (f.raw["announced_on"], f.raw["effective_on"], f.position))
    return {fact.raw["placeholder"]: fact for fact in namings}
