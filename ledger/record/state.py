"""What the rules know while they look at a batch: the ledger's index, and on top of it the batch as far as it is read.

Everything is asked for in bulk before it is needed; what was not foreseen is asked for one by one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import orjson

from events.codec import decode
from events.companies import PartyIdentified
from events.housekeeping import EventCorrected
from ledger.record.drafts import Draft, draft_of
from ledger.record.roll import Roll
from ledger.store.recorder import EntryRow, IndexView

if TYPE_CHECKING:
    from events.base import Event

__all__ = ["HINTS", "Leg", "Naming", "Placed", "State", "tranches_of"]

HINTS = 1_000
"""How many names or keys are looked at for a likely spelling."""

Placed = EntryRow | Draft
"""An event in the ledger, or one of the batch that comes before the event in question."""

Leg = dict[int, Placed]
"""The standing terms of one leg by slot; a corrected event is stood for by its replacement."""


class Naming(NamedTuple):
    """A standing announcement of who a stand-in is: the company's slug, and the key that says so."""

    company: str
    key: str


def tranches_of(terms: Placed) -> tuple[str, ...]:
    """Return the names of the tranches of recorded or drafted terms."""
    return terms.tranches if isinstance(terms, Draft) else tuple(terms.tranches.split())


class State:
    """The ledger as it would stand after the part of the batch that was looked at so far.

    `day_max` is the latest day that anywhere on Earth can be called today or past; `roll` knows the companies' names.
    """

    def __init__(self, reading: IndexView, *, size: int, day_max: str) -> None:
        self.day_max = day_max
        self.size = size
        self._reading = reading
        self._empty = size == 0
        self._entries: dict[str, Placed | None] = {}
        self._legs: dict[tuple[str, str], Leg] = {}
        self._last: dict[int, Placed] = {}
        self._roots: dict[int, Placed] = {}
        self._leaves: dict[int, bytes] = {}
        self.roll = Roll(reading, empty=self._empty)
        self._identities: dict[str, dict[int, Naming]] | None = None
        self._deal_legs: defaultdict[str, set[str]] = defaultdict(set)
        self._deals_asked: set[str] = set()

    def foresee(self, drafts: Sequence[Draft]) -> None:
        """Ask for all that the next drafts will need; companies were asked for before."""
        if self._empty:
            return
        keys: set[str] = set()
        legs: set[tuple[str, str]] = set()
        for draft in drafts:
            keys.update(key for key in (draft.key, draft.former, draft.corrects, draft.amends, draft.about) if key)
            if draft.deal and draft.leg:
                legs.add((draft.deal, draft.leg))
            for reference in draft.leg_references:
                deal, _, leg = reference.partition("/")
                legs.add((deal, leg))
        self._fetch_entries(keys - self._entries.keys())
        self._fetch_legs(legs - self._legs.keys())
        own = [entry.position for draft in drafts if isinstance(entry := self._entries[draft.key], EntryRow)]
        self._leaves = dict(self._reading.leaves(own))

    def entry(self, key: str) -> Placed | None:
        """Return the event with this key."""
        if key not in self._entries:
            self._fetch_entries([key])
        return self._entries[key]

    def last(self, slot: int) -> Placed:
        """Return the last member of the chain of corrections that begins in this slot: the event itself if there is none."""
        return self._last.get(slot) or self.root(slot)

    def root(self, slot: int) -> Placed:
        """Return the event in this slot as it was first recorded."""
        if slot not in self._roots:
            self._roots[slot] = next(self._reading.entries_at([slot]))
        return self._roots[slot]

    def leg(self, deal: str, leg: str) -> Leg:
        """Return the standing terms of a leg, none where there is no such leg."""
        if (deal, leg) not in self._legs:
            self._fetch_legs([(deal, leg)])
        return self._legs[deal, leg]

    def legs_of(self, deal: str) -> list[str]:
        """Return the legs of a deal that have standing terms."""
        if deal not in self._deals_asked and not self._empty:
            self._deals_asked.add(deal)
            self._deal_legs[deal].update(self._reading.legs(deal))
        return sorted(leg for leg in self._deal_legs[deal] if self.leg(deal, leg))

    def wholes_of(self, deal: str, leg: str) -> set[str]:
        """Return the legs that any standing terms of a leg say it is part of."""
        told = (
            placed.part_of if isinstance(placed, Draft) else getattr(self.said_by(placed), "part_of", None)
            for placed in self.leg(deal, leg).values()
        )
        return {whole for whole in told if whole}

    def leaf_of(self, entry: EntryRow) -> bytes:
        """Return the stored leaf of an event in the ledger."""
        if entry.position not in self._leaves:
            self._leaves.update(self._reading.leaves([entry.position]))
        return self._leaves[entry.position]

    def said_by(self, placed: Placed) -> Event:
        """Return an event that stands in the ledger or the batch as a model of the current version."""
        if isinstance(placed, Draft):
            return placed.model()
        parts = orjson.loads(self.leaf_of(placed))
        return decode(parts["event"], parts["schema_version"])

    def near_deals(self, deal: str) -> list[str]:
        """Return deals that begin like this one, for a hint."""
        mine = [of for (of, _), leg in self._legs.items() if leg]
        return mine if self._empty else mine + self._reading.deals_like(deal[:1], HINTS)

    def keys_like(self, start: str) -> list[str]:
        """Return recorded keys with a beginning, for a hint."""
        return self._reading.keys_like(start, HINTS)

    def place(self, draft: Draft, slot: int | None = None) -> None:
        """Put a draft at the next position; without a slot of another event it has its own."""
        self.size += 1
        draft.position = self.size
        draft.slot = slot or draft.position
        self._entries[draft.key] = draft
        if slot is None:
            self._roots[draft.position] = draft
        else:
            self._last[slot] = draft

    def enter_terms(self, terms: Draft, slot: int) -> None:
        """Let these terms stand in a slot."""
        if terms.deal and terms.leg:
            self.leg(terms.deal, terms.leg)[slot] = terms
            self._deal_legs[terms.deal].add(terms.leg)

    def namings(self, stand_in: str) -> dict[int, Naming]:
        """Return the standing announcements of who a stand-in is, by slot; more than one only in an older ledger."""
        if self._identities is None:
            self._identities = {}
            roots = [] if self._empty else self._reading.of_type("party_identified")
            self._roots.update((row.slot, row) for row in roots)
            self._fetch_corrections({row.slot for row in roots} - self._last.keys())
            for row in roots:
                standing = self._standing(row)
                if standing is not None:
                    self.name_party(self.said_by(standing), row.slot, key=row.key)
        return self._identities.get(stand_in, {})

    def name_party(self, event: Event | None, slot: int, *, key: str = "") -> None:
        """Let what an event says of a stand-in, or nothing, stand in a slot."""
        if self._identities is None:
            return  # it is read from the ledger, with what the batch says so far, once it is asked for
        for of_one in self._identities.values():
            of_one.pop(slot, None)
        if isinstance(event, PartyIdentified):
            self._identities.setdefault(event.placeholder, {})[slot] = Naming(event.company, key or event.key)

    def leave(self, placed: Placed) -> None:
        """Let nothing stand in the slot of a retracted event."""
        if placed.family == "terms" and placed.deal and placed.leg:
            self.leg(placed.deal, placed.leg).pop(placed.slot, None)
        if placed.family == "register":
            self.roll.replace(None, placed.slot)
        if placed.family == "party":
            self.name_party(None, placed.slot)

    def _fetch_entries(self, keys: Iterable[str]) -> None:
        keys = list(keys)
        self._entries.update(dict.fromkeys(keys))
        if self._empty:
            return
        found = list(self._reading.entries(keys))
        for row in found:
            self._entries[row.key] = row
        slots = {row.slot for row in found}
        self._roots.update((row.slot, row) for row in found if row.position == row.slot)
        self._fetch_corrections(slots - self._last.keys())

    def _fetch_corrections(self, slots: Iterable[int]) -> None:
        """Remember the last member of each chain; corrections of the batch, which are later, stay."""
        self._last.update((row.slot, row) for row in self._reading.corrections(slots))

    def _fetch_legs(self, legs: Iterable[tuple[str, str]]) -> None:
        legs = list(legs)
        self._legs.update((leg, {}) for leg in legs)
        if self._empty:
            return
        terms = list(self._reading.terms(legs))
        self._roots.update((row.slot, row) for row in terms)
        self._fetch_corrections({row.slot for row in terms} - self._last.keys())
        for row in terms:
            standing = self._standing(row)
            if standing is not None:
                self._legs[str(row.deal), str(row.leg)][row.slot] = standing

    def _standing(self, root: EntryRow) -> Placed | None:
        """Return what stands in the slot of an event of the ledger: itself, its latest replacement, or nothing."""
        last = self._last.get(root.slot)
        if last is None:
            return root
        said = self.said_by(last)
        if not isinstance(said, EventCorrected):
            return None
        standing = draft_of(said.replacement, file="", line=0)
        standing.position = root.slot
        return standing
