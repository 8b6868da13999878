"""An event on its way into the log: its bytes, where it was read, and the few facts that the rules look at.

A draft keeps the canonical bytes instead of the model, so that an import of a million rows fits into memory.
"""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import orjson

from events.codec import as_raw, decode, encode, parse
from events.keys import RENAMED, derived_key, former_key

if TYPE_CHECKING:
    from events.base import Contradiction, Event

__all__ = ["Draft", "draft_of"]


@dataclass(slots=True, eq=False)
class Draft:
    """One event to be recorded; `position` and `slot` are 0 until the rules have given it its place.

    `companies` are the names as written, and slugs once resolved; `line` is 1 for events that come from no file. `nth` is
    0 where the key was given, else which event of its derived key this is; `former` is the key that earlier releases
    would have derived, where that is another; `sourced` tells whether a source is named, `with_itself` which two parties
    are one company.
    """

    file: str
    line: int
    key: str
    type: str
    family: str
    encoded: bytes
    schema_version: int
    companies: tuple[str, ...]
    deal: str | None
    leg: str | None
    effective_on: str
    announced_on: str
    corrects: str | None
    amends: str | None
    about: str | None
    leg_references: tuple[str, ...]
    tranches: tuple[str, ...]
    tranche: str | None
    nth: int
    former: str | None
    sourced: bool
    event: Event | None
    replacement: Draft | None
    contradictions: tuple[Contradiction, ...] = ()
    with_itself: str = ""
    part_of: str | None = None
    position: int = 0
    slot: int = 0

    def model(self) -> Event:
        """Return the event as a model, read back from its bytes where it was not kept."""
        return self.event or decode(orjson.loads(self.encoded), self.schema_version)

    def resolve(self, slugs: Mapping[str, str]) -> None:
        """Replace the companies as written by their slugs, and derive the key anew where it was derived."""
        event = self.model().with_companies(dict(slugs))
        self.companies = tuple(slugs[name] for name in self.companies)
        if self.nth:
            raw = as_raw(event)
            self.former = former_key(raw) if self.nth == 1 else None
            event = parse({**raw, "key": derived_key(raw, self.nth)})
        self._say(event)

    def rename(self, key: str) -> None:
        """Put another key in the place of the event's."""
        self._say(parse({**as_raw(self.model()), "key": key}))

    def _say(self, event: Event) -> None:
        self.key = event.key
        self.encoded = _compact(encode(event))
        self.with_itself = event.with_itself()
        if self.event is not None:
            self.event = event
            self.replacement = _replacement(event, file=self.file, line=self.line)


# Whoever reads a model's fields by `__dict__` pays nothing for those that its type lacks.
_KEPT = frozenset({"register", "party", "correction"})


@lru_cache(maxsize=65_536)
def _iso(day: dt.date) -> str:
    """Write a day, once for all events of that day."""
    return day.isoformat()


def _compact(encoded: bytes) -> bytes:
    """Copy the encoder's bytes, which sit in a buffer of four thousand, into a place of their own size."""
    return bytes(memoryview(encoded))


def draft_of(event: Event, *, file: str, line: int, nth: int = 0) -> Draft:
    """Take from an event what recording it needs; `nth` as in `ledger.intake.located.Located`."""
    fields = event.__dict__
    family = event.FAMILY
    deal, leg, about = fields.get("deal"), fields.get("leg"), fields.get("about")
    if family == "observation":
        deal, about = deal or about, None
    return Draft(
        file,
        line,
        event.key,
        sys.intern(event.type),
        family,
        _compact(encode(event)),
        event.SCHEMA_VERSION,
        tuple(event.companies().values()),
        sys.intern(deal) if deal else None,
        sys.intern(leg) if leg else None,
        _iso(event.effective_on),
        _iso(event.announced_on),
        fields.get("corrects"),
        fields.get("amends"),
        about,
        tuple(event.leg_references().values()),
        event.tranche_names() if family == "terms" else (),  # type: ignore[attr-defined]  # the family says the class
        fields.get("tranche"),
        nth,
        former_key(fields) if nth == 1 and event.type in RENAMED else None,
        event.source is not None,
        event if family in _KEPT else None,
        _replacement(event, file=file, line=line) if family == "correction" else None,
        event.contradictions(),
        event.with_itself(),
        fields.get("part_of"),
    )


def _replacement(event: Event, *, file: str, line: int) -> Draft | None:
    replacement: Event | None = event.__dict__.get("replacement")
    return draft_of(replacement, file=file, line=line) if replacement else None
