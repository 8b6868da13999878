"""Random small ledgers that obey every rule, clock triples that hit their boundaries, and what-if events for them.

Two doors: plain `random.Random` for seeded runs, and hypothesis strategies that draw through the same code.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass

from hypothesis import strategies as st

from events.codec import as_raw, parse
from events.envelope import Batch, Recorded
from tests.oracle.drafts import Cast, Raw, day, often
from tests.oracle.figures import metric_body
from tests.oracle.scribe import LegRecord, Scribe
from tests.oracle.visible import Clocks

__all__ = [
    "LATEST",
    "GeneratedLedger",
    "ledgers",
    "ledgers_with_clocks",
    "random_clocks",
    "random_ledger",
    "random_what_if",
]

# `--known-by latest`: the last day that an event may be dated.
LATEST = dt.date(2149, 6, 5)
EVENTS_MAX = 40
COMPANIES = ("alpha", "beta", "gamma", "delta", "epsilon")
STAND_INS = ("customer-1", "customer-2", "customer-3")


@dataclass(frozen=True, slots=True)
class GeneratedLedger:
    """A legal history as it was recorded, with the cast and the legs that a further event may name."""

    entries: tuple[Recorded, ...]
    cast: Cast
    scribe: Scribe

    @property
    def feed(self) -> list[Batch]:
        """The history as the read side takes it: batches of (position, leaf bytes)."""
        return [[(entry.position, entry.leaf) for entry in self.entries]]

    def __repr__(self) -> str:
        """Name the events, for a failing example: short, since hypothesis refuses to print a long one."""
        return f"<{len(self.entries)} events: {', '.join(entry.key for entry in self.entries)}>"

    def __str__(self) -> str:
        """Show the events in full, one a line."""
        return "\n".join(f"{entry.position}: {entry.leaf.decode()}" for entry in self.entries)


def random_ledger(
    rng: random.Random,
    size: int = EVENTS_MAX,
    *,
    currencies: tuple[str, ...] = ("USD", "EUR"),
    older_identities: bool = False,
) -> GeneratedLedger:
    """Write a history of the companies and about `size` further events.

    `older_identities` lets any company be said to be itself, or another, or several, or close a ring, as older releases did.
    """
    cast = Cast(COMPANIES, STAND_INS, currencies)
    scribe = Scribe(rng, cast, older_identities=older_identities)
    scribe.register()
    often_anywhere = (scribe.new_leg, scribe.new_leg, scribe.new_leg, scribe.measure, scribe.measure, scribe.measure)
    seldom_anywhere = (scribe.identify, scribe.correct, scribe.correct, scribe.retract, scribe.restate)
    anywhere = 2 * (often_anywhere + seldom_anywhere) + (scribe.measure_quarters, scribe.step)
    on_a_leg = 3 * (scribe.amend,) + 4 * (scribe.perform,) + (scribe.change_status, scribe.late_original)
    for _ in range(size):
        rng.choice(anywhere + 2 * on_a_leg if scribe.live_legs() else anywhere)()
    return GeneratedLedger(tuple(scribe.recorded), cast, scribe)


def random_clocks(rng: random.Random, ledger: GeneratedLedger, count: int) -> list[Clocks]:
    """Draw clock triples on the days of the events and the days beside them, and at their positions."""
    days = sorted({found for entry in ledger.entries for found in _days_of(entry.raw)})
    positions = len(ledger.entries)
    triples = []
    for _ in range(count):
        as_of = rng.choice(days) + dt.timedelta(days=rng.choice((0, 1, -1)))
        other = rng.choice(days) + dt.timedelta(days=rng.choice((0, 1, -1)))
        known_by = rng.choice((as_of, LATEST, other))
        recorded_by = rng.randrange(positions + 1) if often(rng, 2) else positions
        triples.append(Clocks(as_of, known_by, recorded_by))
    return triples


def _days_of(value: object) -> Iterator[dt.date]:
    """Find every day in an event, wherever it stands: clocks, last days, periods, thresholds."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from _days_of(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _days_of(inner)
    elif isinstance(value, str) and len(value) == len("2025-01-01") and value[4] == value[7] == "-":
        yield dt.date.fromisoformat(value)


def random_what_if(rng: random.Random, ledger: GeneratedLedger, count: int = 2) -> list[Raw]:
    """Draw hypothetical events, as stored, on the ledger's legs: terms, statuses, performance, a figure."""
    legs = ledger.scribe.live_legs()
    events = []
    for number in range(1, count + 1):
        body: Raw = metric_body(rng, ledger.cast)
        if legs and not often(rng, 5):
            leg = rng.choice(legs)
            shape = rng.randrange(3)
            body = (_new_terms(ledger.scribe, leg), ledger.scribe.status(leg), ledger.scribe.performance(leg))[shape]
        dates = {"announced_on": day(rng).isoformat(), "effective_on": day(rng).isoformat()}
        events.append(as_raw(parse({**dates, **body, "key": f"what-if/{number}"})))
    return events


def _new_terms(scribe: Scribe, leg: LegRecord) -> Raw:
    return scribe.terms(leg) | {"deal": leg.deal, "leg": leg.leg, "amends": leg.standing[-1]}


def ledgers(size_max: int = EVENTS_MAX, *, older_identities: bool = False) -> st.SearchStrategy[GeneratedLedger]:
    """Return a strategy of legal histories; choices shrink to the plainest."""
    return st.builds(
        lambda rng, size: random_ledger(rng, size, older_identities=older_identities),
        st.randoms(use_true_random=False),
        st.integers(min_value=1, max_value=size_max),
    )


@st.composite
def ledgers_with_clocks(
    draw: st.DrawFn, size_max: int = EVENTS_MAX, triples: int = 3
) -> tuple[GeneratedLedger, list[Clocks], list[Raw]]:
    """Return a strategy of a history, clock triples on its boundaries, and what-if events."""
    rng = draw(st.randoms(use_true_random=False))
    ledger = random_ledger(rng, draw(st.integers(min_value=1, max_value=size_max)))
    return ledger, random_clocks(rng, ledger, triples), random_what_if(rng, ledger)
