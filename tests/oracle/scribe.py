"""Writes random but legal histories: every event is recorded only where the ledger's rules would take it.

The order of recording is that of writing; the dates are drawn apart from it, so that knowledge arrives in any order.
"""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, field

from events.base import LegEvent
from events.codec import as_raw, encode, parse
from events.envelope import Recorded, instant_text, leaf_bytes, read_leaf
from events.performance import PerformanceEvent
from events.registry import TYPES, event_class
from tests.events.samples import SAMPLES
from tests.oracle.drafts import (
    AMOUNTS,
    LAYERS,
    STATUSES,
    TERMS_TYPES,
    Cast,
    Raw,
    day,
    maybe_amount,
    often,
    terms_body,
)
from tests.oracle.figures import QUARTERS, metric_body, price_body, quarter

__all__ = ["LegRecord", "Scribe"]


@dataclass(slots=True)
class LegRecord:
    """What the rules need to know of a leg: its terms by key, those that stand, and how early they began."""

    deal: str
    leg: str
    type: str
    standing: list[str] = field(default_factory=list)
    earliest: str = "9999-12-31"
    tranches: frozenset[str] | None = None

    @property
    def reference(self) -> str:
        """The leg as other events write it."""
        return f"{self.deal}/{self.leg}"


@dataclass(slots=True)
class Chain:
    """An event with its corrections: the last member's key, and the content that stands (None if retracted)."""

    root: str
    tail: str
    original: Raw
    standing: Raw | None


class Scribe:
    """Records events one at a time; positions run from 1 and `recorded_at` never decreases."""

    def __init__(self, rng: random.Random, cast: Cast, *, older_identities: bool) -> None:
        self.rng = rng
        self.cast = cast
        self.older_identities = older_identities
        self.recorded: list[Recorded] = []
        self.legs: dict[str, LegRecord] = {}
        self.chains: list[Chain] = []
        self._now = dt.datetime(2025, 1, 1, 9, tzinfo=dt.UTC)

    def record(self, raw: Raw) -> Raw:
        """Validate and append an event; give it as stored. Raises BadValueError where the models refuse it."""
        event = parse(raw)
        stored = as_raw(event)
        inner = stored.get("replacement", stored)
        announced = max(stored["announced_on"], inner["announced_on"])
        public = dt.datetime.fromisoformat(f"{announced}T00:00:00+00:00")
        self._now = max(self._now, public) + dt.timedelta(minutes=self.rng.choice((0, 0, 1, 60)))
        leaf = leaf_bytes(
            encode(event),
            recorded_at=instant_text(self._now),
            recorder="generator",
            schema_version=event_class(stored["type"]).SCHEMA_VERSION,
        )
        self.recorded.append(read_leaf(len(self.recorded) + 1, leaf))
        return stored

    def announce(self, body: Raw, *, about: str) -> Raw:
        """Record a new event with a key and dates of its own, and remember it for later corrections."""
        dates = {"announced_on": day(self.rng).isoformat()}
        if often(self.rng, 6 if body["type"] == "metric_reported" else 2):
            dates["effective_on"] = day(self.rng).isoformat()
        key = f"{about}/{len(self.recorded) + 1}"
        stored = self.record({**dates, **body, "key": key})
        self.chains.append(Chain(key, key, stored, stored))
        return stored

    def register(self) -> None:
        """Enter the cast, all at once and first."""
        for number, name in enumerate(self.cast.everyone):
            body: Raw = {"type": "company_registered", "company": name, "name": name.upper()}
            body |= {**self.layer(), "aliases": [f"{name} 公司", f"{name} Inc."]}
            body |= {"stand_in": True} if name in self.cast.stand_ins else {"ticker": f"T{number}"}
            self.announce({**body, "announced_on": "2024-01-01", "effective_on": "2024-01-01"}, about="company")

    def layer(self) -> Raw:
        """Return one of five layers, the last of them under a name of its own."""
        name = self.rng.choice(LAYERS[:5])
        return {"layer": "other", "layer_name": "turbines"} if name == LAYERS[4] else {"layer": name}

    def live_legs(self) -> list[LegRecord]:
        """Return the legs with terms that stand, in the order of recording."""
        return [leg for leg in self.legs.values() if leg.standing]

    def new_leg(self) -> None:
        """Agree a new leg, in a new deal or in an old one."""
        deals = sorted({leg.deal for leg in self.legs.values()})
        deal = self.rng.choice(deals) if deals and often(self.rng, 2) else f"deal-{len(deals) + 1:02d}"
        leg = LegRecord(deal, f"leg-{len(self.legs) + 1:02d}", self.rng.choice(TERMS_TYPES))
        self._agree(leg, {})
        self.legs[leg.reference] = leg

    def amend(self) -> None:
        """State new terms of a leg, mostly on top of its last ones."""
        leg = self.rng.choice(self.live_legs())
        replaced = leg.standing[-1] if not often(self.rng, 3) else self.rng.choice(leg.standing)
        self._agree(leg, {"amends": replaced})

    def late_original(self) -> None:
        """Record terms that came before all that is known of a leg; these need no `amends`."""
        leg = self.rng.choice(self.live_legs())
        before = dt.date.fromisoformat(leg.earliest) - dt.timedelta(days=self.rng.choice((1, 31, 90)))
        self._agree(leg, {"effective_on": before.isoformat()})

    def _agree(self, leg: LegRecord, extra: Raw) -> None:
        body = self.terms(leg) | {"deal": leg.deal, "leg": leg.leg}
        stored = self.announce(body | extra, about=leg.reference)
        leg.standing.append(stored["key"])
        leg.earliest = min(leg.earliest, stored["effective_on"])
        names = frozenset(part["tranche"] for part in stored.get("tranches", ()))
        leg.tranches = names if leg.tranches is None else leg.tranches & names

    def terms(self, leg: LegRecord) -> Raw:
        """Draw terms for a leg."""
        others = [other for other in self.live_legs() if other is not leg]
        purchases = tuple(other.reference for other in others if other.type == "purchase_committed")
        references = tuple(other.reference for other in others)
        # A whole is always the older leg, so that no chain of amendments and corrections ever closes a ring.
        older = tuple(other.reference for other in others if other.leg < leg.leg)
        names = self.rng.randrange(4)
        return terms_body(
            self.rng, leg.type, self.cast, purchases=purchases, legs=references, wholes=older, names=names
        )

    def change_status(self) -> None:
        """Move one leg, or all legs of a deal, on the ladder."""
        leg = self.rng.choice(self.live_legs())
        self.announce(self.status(leg), about=f"{leg.reference}/status")

    def status(self, leg: LegRecord) -> Raw:
        """Draw a change of status for a leg or its whole deal."""
        body: Raw = {"type": "status_changed", "deal": leg.deal, "status": self.rng.choice(STATUSES)}
        if not often(self.rng, 3):
            body["leg"] = leg.leg
        if body["status"] == "definitive" and often(self.rng, 4):
            body["conditional"] = True
        if body["status"] == "superseded" and often(self.rng, 2):
            body["superseded_by"] = self.rng.choice(self.live_legs()).reference
        return body

    def perform(self) -> None:
        """Let something happen on a leg."""
        leg = self.rng.choice(self.live_legs())
        self.announce(self.performance(leg), about=f"{leg.reference}/performance")

    def performance(self, leg: LegRecord) -> Raw:
        """Draw an increment that makes sense on the leg's kind."""
        on_leg = {"deal": leg.deal, "leg": leg.leg}
        tranche = self.rng.choice(sorted(leg.tranches)) if leg.tranches and often(self.rng, 2) else None
        in_tranche = {"tranche": tranche} if tranche else {}
        paid = {"value": self.rng.choice(AMOUNTS), "currency": self.rng.choice(self.cast.currencies)}
        payer, payee = self.cast.pair(self.rng)
        payment = {"type": "payment_made", "payer": payer, "payee": payee, "amount": paid}
        funding = {"type": "tranche_funded", "amount": paid, **in_tranche}
        choices: dict[str, tuple[Raw, ...]] = {
            "purchase_committed": (
                payment,
                {"type": "capacity_delivered", "capacity_gw": "1"},
                {"type": "capacity_delivered", "units": 72, "unit": "racks"},
                {"type": "capacity_delivered", "capacity_gw": "0.35", "legs": self._other_purchases(leg)},
            ),
            "guarantee_given": (payment,),
            "acquisition_agreed": (payment,),
            "option_granted": (payment, {"type": "option_exercised"}, {"type": "option_exercised", "amount": paid}),
            "royalty_agreed": (payment,),
            # Interest and dividends are payments, too, but they fund nothing.
            "investment_committed": (funding, funding, payment),
            "loan_arranged": (funding, funding, {"type": "loan_repaid", "amount": paid}, payment),
            "warrant_granted": (
                {"type": "tranche_vested", **in_tranche, "shares": self.rng.choice((500, 1000))},
                {"type": "tranche_vested", **in_tranche},
                {"type": "warrant_exercised", "shares": self.rng.choice((1, 100))},
            ),
        }
        if in_tranche:
            lapsed: Raw = {"type": "tranche_lapsed", **in_tranche, "reason": "missed"}
            if often(self.rng, 2):
                lapsed |= {"shares": 100} if leg.type == "warrant_granted" else {"amount": paid}
            choices[leg.type] = (*choices[leg.type], lapsed)
        by_hand = {str(body["type"]) for bodies in choices.values() for body in bodies} | {"tranche_lapsed"}
        body = on_leg | self.rng.choice((*choices[leg.type], *_sampled(leg.type, by_hand)))
        counts = body["type"] != "payment_made" or leg.type not in {"investment_committed", "loan_arranged"}
        if "amount" in body and counts and often(self.rng, 8):
            del body["amount"]
        return body

    def _other_purchases(self, leg: LegRecord) -> list[str]:
        others = [other for other in self.live_legs() if other is not leg and other.type == "purchase_committed"]
        return [self.rng.choice(others).reference] if others else []

    def identify(self) -> None:
        """Name the company, or the other stand-in, behind a stand-in."""
        placeholder = self.rng.choice(self.cast.everyone if self.older_identities else self.cast.stand_ins)
        behind = self.cast.companies + 2 * self.cast.stand_ins
        company = self.rng.choice([name for name in behind if self._may_be(placeholder, name)])
        body = {"type": "party_identified", "placeholder": placeholder, "company": company}
        self.announce(body, about=f"party/{placeholder}")

    def _may_be(self, placeholder: str, company: str) -> bool:
        """Say whether the ledger takes it that a stand-in is a company: it is one, is nobody else yet, and no ring closes.

        Older releases took everything.
        """
        told = [chain.standing for chain in self.chains if chain.original["type"] == "party_identified"]
        known = {raw["placeholder"]: raw["company"] for raw in told if raw}
        if self.older_identities:
            return True
        if placeholder not in self.cast.stand_ins or known.get(placeholder, company) != company:
            return False
        while company in known:
            if company == placeholder:
                return False
            company = known[company]
        return company != placeholder

    def measure(self) -> None:
        """Report a figure or a price."""
        body = price_body(self.rng, self.cast) if often(self.rng, 5) else metric_body(self.rng, self.cast)
        self.announce(body, about="metric")

    def step(self) -> None:
        """Let a company split its shares, or reach a milestone."""
        company = self.rng.choice(self.cast.measured)
        split = {"type": "share_split", "company": company, "ratio": self.rng.choice(("5:1", "1:3", "3:2"))}
        reached = {"type": "milestone_reached", "company": company, "kind": self.rng.choice(("filed", "listed"))}
        self.announce(self.rng.choice((split, reached)), about="step")

    def measure_quarters(self) -> None:
        """Report the revenue of a run of quarters, on any basis and in any order."""
        company = self.rng.choice(self.cast.measured)
        first = self.rng.randrange(QUARTERS - 4)
        for number in self.rng.sample(range(first, first + 5), 5):
            figure = {"value": self.rng.choice(("12", "3.5", "1000")), "unit": self.cast.unit(company)}
            body = {"type": "metric_reported", "company": company, "metric": "revenue", **figure, **quarter(number)}
            self.announce({**body, "basis": self.rng.choice(("gaap", "gaap", "statement"))}, about="metric")

    def restate(self) -> None:
        """Report a figure of the same identity again, with another value."""
        reports = [c for c in self.chains if c.original["type"] == "metric_reported"]
        if reports:
            again = {k: v for k, v in self.rng.choice(reports).original.items() if k not in {"key", "effective_on"}}
            again |= {"announced_on": day(self.rng).isoformat(), "value": self.rng.choice(("13.1", "12", "99"))}
            self.announce(again, about="metric")

    def correct(self) -> None:
        """Say that an entry was recorded wrong; after a retraction this restores it."""
        chain = self.rng.choice(self.chains)
        mended = self._mended(dict(chain.standing or chain.original))
        if mended["type"] != "party_identified" or self._may_be(mended["placeholder"], mended["company"]):
            self._continue(chain, mended)

    def _mended(self, event: Raw) -> Raw:
        """Change a date, an amount or a layer, and leave the rest."""
        change = self.rng.randrange(4)
        if event["type"] == "company_registered":
            event.pop("layer_name", None)
            event |= self.layer()
        elif change == 0 and "value" in event:
            event["value"] = "77"
        elif change <= 1 and event.get("amount") and not event.get("tranches"):
            new = maybe_amount(self.rng, event["amount"]["currency"], 1)
            event["amount"] = new
        elif change == 2:
            event["effective_on"] = day(self.rng).isoformat()
        else:
            event["announced_on"] = day(self.rng).isoformat()
        return event

    def retract(self) -> None:
        """Say that an entry should never have been made; companies stay, since others name them."""
        chains = [chain for chain in self.chains if chain.original["type"] != "company_registered" and chain.standing]
        if chains:
            self._continue(self.rng.choice(chains), None)

    def _points_nowhere(self, event: Raw) -> bool:
        """Say whether an event names a leg whose terms were all retracted since, which the ledger does not take again."""
        standing = {leg.reference for leg in self.live_legs()}
        return not standing.issuperset(parse(event).leg_references().values())

    def _continue(self, chain: Chain, standing: Raw | None) -> None:
        if standing is not None and self._points_nowhere(standing):
            return
        key = f"{chain.root}/entry-{len(self.recorded) + 1}"
        body: Raw = {"type": "event_retracted", "key": key, "corrects": chain.tail, "reason": "typed in wrong"}
        if standing is not None:
            body |= {"type": "event_corrected", "replacement": standing}
        stored = self.record({**body, "announced_on": day(self.rng).isoformat()})
        chain.tail, chain.standing = key, stored.get("replacement")
        leg = self.legs.get(f"{chain.original.get('deal')}/{chain.original.get('leg')}")
        if leg is not None and chain.original["type"] == leg.type:
            leg.standing = [name for name in leg.standing if name != chain.root]
            if standing is not None:
                leg.standing.append(chain.root)
                leg.earliest = min(leg.earliest, standing["effective_on"])


def _sampled(terms: str, by_hand: set[str]) -> tuple[Raw, ...]:
    """Return, of the types of performance that are not drawn by hand, what their samples say of a leg of these terms."""
    found = {name: cls for name, cls in TYPES.items() if issubclass(cls, PerformanceEvent) and terms in cls.ON}
    return tuple(
        {
            field: value
            for field, value in SAMPLES[name].items()
            if field == "type" or field not in LegEvent.model_fields
        }
        for name in found
        if name not in by_hand
    )
