"""Turn plain events into recorded entries, as the ledger would, and name clock triples by their usual words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from events.codec import encode, parse
from events.envelope import Recorded, instant_text, leaf_bytes, read_leaf
from tests.oracle.generate import LATEST
from tests.oracle.visible import Clocks

__all__ = ["at", "recorded"]

FIRST_INSTANT = dt.datetime(2027, 1, 1, tzinfo=dt.UTC)


def recorded(raws: Iterable[dict[str, Any]]) -> tuple[Recorded, ...]:
    """Record events in the order given, a minute apart. Raises BadValueError where the models refuse one."""
    entries = []
    for position, raw in enumerate(raws, 1):
        event = parse(raw)
        leaf = leaf_bytes(
            encode(event),
            recorded_at=instant_text(FIRST_INSTANT + dt.timedelta(minutes=position)),
            recorder="test",
            schema_version=type(event).SCHEMA_VERSION,
        )
        entries.append(read_leaf(position, leaf))
    return tuple(entries)


def at(as_of: str, *, known_by: str | None = None, recorded_by: int | None = None) -> Clocks:
    """Return a clock triple: `known_by` defaults to the as-of date (`latest` is hindsight), `recorded_by` to latest."""
    day = dt.date.fromisoformat(as_of)
    known = day if known_by is None else LATEST if known_by == "latest" else dt.date.fromisoformat(known_by)
    return Clocks(day, known, 2**31 - 1 if recorded_by is None else recorded_by)
