"""Random terms of every kind, small and rich, and the small choices they are made of.

Every choice puts the plainest value first, so that hypothesis shrinks towards plain events.
"""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass
from typing import Any

__all__ = [
    "AMOUNTS",
    "LAYERS",
    "POOL",
    "STATUSES",
    "TERMS_TYPES",
    "Cast",
    "Raw",
    "day",
    "maybe_amount",
    "often",
    "present",
    "terms_body",
]

Raw = dict[str, Any]

# Few days, some of them neighbours, so that ties and boundaries happen all the time.
POOL = tuple(
    dt.date.fromisoformat(text)
    for text in (
        "2025-07-01",
        "2025-01-01",
        "2025-01-02",
        "2025-04-01",
        "2025-06-30",
        "2025-07-15",
        "2025-09-30",
        "2025-10-01",
        "2025-12-31",
        "2026-01-01",
        "2026-02-20",
        "2026-06-30",
        "2027-01-01",
    )
)
# Round ones, ones that do not divide evenly, the smallest unit, and one whose tenth is a tie in the last place.
AMOUNTS = ("100", "1000", "250.5", "33333333.333333", "1000000.000005", "0.000001", "12500000000", "7", "0")
GIGAWATTS = ("1", "0.5", "6", "10", "0.25", "2.000001")
STATUSES = (
    "definitive",
    "letter_of_intent",
    "completed",
    "announced",
    "rumoured",
    "term_sheet",
    "suspended",
    "superseded",
    "terminated",
    "expired",
)
LIVELY_STATUSES = 6  # the first so many; terms seldom begin at an exit
TERMS_TYPES = (
    "purchase_committed",
    "loan_arranged",
    "guarantee_given",
    "investment_committed",
    "warrant_granted",
    "acquisition_agreed",
    "option_granted",
    "royalty_agreed",
)
TRANCHES = ("first", "second", "third")
LAYERS = ("chips", "cloud", "model", "systems", "power", "capital", "application", "other")


@dataclass(frozen=True, slots=True)
class Cast:
    """Who takes part, and in which currency each company is measured."""

    companies: tuple[str, ...]
    stand_ins: tuple[str, ...]
    currencies: tuple[str, ...]

    @property
    def measured(self) -> tuple[str, ...]:
        """The few whose figures are told: enough reports of one company make a choice among them."""
        return self.companies[:2]

    @property
    def everyone(self) -> tuple[str, ...]:
        """Companies first, then stand-ins."""
        return self.companies + self.stand_ins

    def unit(self, company: str) -> str:
        """Return the one currency of a company's figures: two for one period would leave the choice open."""
        return self.currencies[self.everyone.index(company) % len(self.currencies)]

    def pair(self, rng: random.Random) -> tuple[str, str]:
        """Return two different parties, the first ones more often, so that rows have several legs."""
        one = min(rng.randrange(len(self.everyone)), rng.randrange(len(self.everyone)))
        other = min(rng.randrange(1, len(self.everyone)), rng.randrange(1, len(self.everyone)))
        return self.everyone[one], self.everyone[(one + other) % len(self.everyone)]


def often(rng: random.Random, one_in: int) -> bool:
    """Say yes once in so many times."""
    return rng.randrange(one_in) == one_in - 1


def day(rng: random.Random) -> dt.date:
    """Return a day of the pool, sometimes its neighbour."""
    chosen = rng.choice(POOL)
    return chosen + dt.timedelta(days=rng.choice((1, -1))) if often(rng, 6) else chosen


def amount(rng: random.Random, currency: str, *, one_in_none: int = 5) -> Raw | None:
    """Return an amount of money, or None for an undisclosed one."""
    if often(rng, one_in_none):
        return None
    qualifier = rng.choice(("exactly", "exactly", "about", "up_to", "at_least"))
    return {"value": rng.choice(AMOUNTS), "currency": currency, "qualifier": qualifier}


def maybe_amount(rng: random.Random, currency: str, one_in: int) -> Raw | None:
    """Return an amount once in so many times."""
    return amount(rng, currency, one_in_none=10**6) if often(rng, one_in) else None


def condition(rng: random.Random, currency: str, legs: tuple[str, ...]) -> Raw:
    """Return one condition of any kind; `legs` may be named as those that count."""
    kind = rng.choice(("capacity", "purchases", "share_price", "date", "definitive_agreement", "other"))
    named = rng.choice(legs) if legs and kind in {"capacity", "purchases"} and often(rng, 2) else None
    thresholds = {
        "capacity": rng.choice(GIGAWATTS),
        "purchases": rng.choice(AMOUNTS),
        "share_price": rng.choice(("100", "250.5", "600")),
        "date": day(rng).isoformat(),
    }
    units = {"capacity": "GW", "purchases": currency, "share_price": currency}
    threshold = None if often(rng, 8) else thresholds.get(kind)
    return present({"kind": kind, "threshold": threshold, "unit": units.get(kind), "leg": named})


def tranches(rng: random.Random, currency: str, legs: tuple[str, ...], names: tuple[str, ...]) -> list[Raw]:
    """Return tranches by name with up to two conditions each, without the parts that differ by kind."""
    return [
        {"tranche": name, "conditions": [condition(rng, currency, legs) for _ in range(rng.randrange(3))]}
        for name in names
    ]


def terms_body(
    rng: random.Random,
    kind: str,
    cast: Cast,
    *,
    purchases: tuple[str, ...],
    legs: tuple[str, ...],
    wholes: tuple[str, ...],
    names: int,
) -> Raw:
    """Return a whole set of terms of a kind without deal, leg, key and dates; `names` is the number of tranches."""
    currency = rng.choice(cast.currencies)
    part_of = {"part_of": rng.choice(wholes)} if wholes and often(rng, 6) else {}
    body: Raw = part_of | {
        "type": kind,
        "status": rng.choice(STATUSES[: LIVELY_STATUSES if not often(rng, 5) else None]),
    }
    if body["status"] == "definitive" and often(rng, 4):
        body["conditional"] = True
    if kind == "purchase_committed":
        body |= _purchase(rng, cast, currency, purchases, TRANCHES[: names if often(rng, 3) else 0])
    elif kind == "investment_committed":
        body |= _investment(rng, cast, currency, purchases, TRANCHES[:names])
    elif kind == "warrant_granted":
        body |= _warrant(rng, cast, currency, purchases, TRANCHES[:names])
    elif kind == "loan_arranged":
        body |= _loan(rng, cast, currency, legs, TRANCHES[: names if often(rng, 3) else 0])
    elif kind == "guarantee_given":
        body |= _guarantee(rng, cast, currency, legs)
    else:
        body |= _LATER[kind](rng, cast, currency)
    return present(body)


def term_day(rng: random.Random) -> str:
    """Return a day of a term, told by its month, quarter, half or year now and then."""
    chosen = day(rng)
    if not often(rng, 4):
        return chosen.isoformat()
    quarter, half = (chosen.month + 2) // 3, (chosen.month + 5) // 6
    return f"{chosen.year}" + rng.choice(("", f"-Q{quarter}", f"-H{half}", f"-{chosen.month:02d}"))


def _sized(rng: random.Random, currency: str, whole: Raw | None, parts: list[Raw]) -> list[Raw]:
    """Return tranches amounts that never add up to more than the leg."""
    if whole is None:
        return [present({**part, "amount": amount(rng, currency)}) for part in parts]
    return [*parts[:-1], *({**part, "amount": {**whole, "qualifier": "exactly"}} for part in parts[-1:])]


def _purchase(rng: random.Random, cast: Cast, currency: str, legs: tuple[str, ...], names: tuple[str, ...]) -> Raw:
    buyer, supplier = cast.pair(rng)
    whole = amount(rng, currency)
    capacity = rng.choice(GIGAWATTS) if often(rng, 2) else None
    return {
        "buyer": buyer,
        "supplier": supplier,
        "subject": rng.choice(("compute", "chips", "systems", "lease", "power")),
        "amount": whole,
        "firm": maybe_amount(rng, currency, 4),
        "tranches": _sized(rng, currency, whole, tranches(rng, currency, legs, names)),
        "cancellable_from": term_day(rng) if often(rng, 6) else None,
        "take_or_pay": True if often(rng, 8) else None,
        "capacity_gw": capacity,
        "capacity_qualifier": "up_to" if capacity and often(rng, 4) else None,
        "firm_gw": rng.choice(GIGAWATTS) if often(rng, 3) else None,
        "capacity_lot": rng.choice(("lot-a", "lot-b")) if capacity and often(rng, 2) else None,
        "prepaid": {"value": rng.choice(AMOUNTS[:-1]), "currency": currency} if often(rng, 4) else None,
        "cancellable_days": rng.choice((0, 30)) if often(rng, 4) else None,
        "ends_on": term_day(rng) if often(rng, 3) else None,
    }


def _investment(rng: random.Random, cast: Cast, currency: str, legs: tuple[str, ...], names: tuple[str, ...]) -> Raw:
    investor, investee = cast.pair(rng)
    parts = [{**t, "amount": amount(rng, currency)} for t in tranches(rng, currency, legs, names)]
    whole = amount(rng, currency)
    if whole is not None and parts:  # tranches never add up to more than the leg
        parts = [{**part, "amount": None} for part in parts[:-1]] + [{**parts[-1], "amount": whole}]
    return {
        "investor": investor,
        "investee": investee,
        "amount": whole,
        "firm": maybe_amount(rng, currency, 4),
        "tranches": [present(part) for part in parts],
    }


def _warrant(rng: random.Random, cast: Cast, currency: str, legs: tuple[str, ...], names: tuple[str, ...]) -> Raw:
    issuer, holder = cast.pair(rng)
    unit = cast.unit(issuer)
    parts = [{**t, "shares": rng.choice((1000, 500, None))} for t in tranches(rng, unit, legs, names)]
    return {
        "issuer": issuer,
        "holder": holder,
        "shares_max": rng.choice((4000, 3000, 160_000_000, None)),
        "exercise_price": {"value": rng.choice(("0.01", "142.82")), "currency": currency} if often(rng, 2) else None,
        "expires_on": term_day(rng) if often(rng, 3) else None,
        "paid": maybe_amount(rng, currency, 6),
        "tranches": [present(part) for part in parts],
    }


def _loan(rng: random.Random, cast: Cast, currency: str, legs: tuple[str, ...], names: tuple[str, ...]) -> Raw:
    first, borrower = cast.pair(rng)
    others = [name for name in cast.everyone if name not in (first, borrower)]
    whole = amount(rng, currency)
    lenders = [first, *others[: rng.randrange(3)]] if not often(rng, 4) else []
    return {
        "borrower": borrower,
        "lenders": [present({"company": name, "amount": amount(rng, currency, one_in_none=3)}) for name in lenders],
        "instrument": rng.choice(("notes", "convertible", "revolver", "term_loan")) if often(rng, 2) else None,
        "issued_on": term_day(rng) if often(rng, 2) else None,
        "amount": whole,
        "tranches": [
            present({**part, "matures_on": term_day(rng) if often(rng, 2) else None})
            for part in _sized(rng, currency, whole, tranches(rng, currency, (), names))
        ],
        "firm": maybe_amount(rng, currency, 5),
        "rate": "SOFR+2.25%" if often(rng, 3) else None,
        "relies_on": [rng.choice(legs)] if legs and often(rng, 3) else [],
        "matures_on": term_day(rng) if often(rng, 3) else None,
    }


def _guarantee(rng: random.Random, cast: Cast, currency: str, legs: tuple[str, ...]) -> Raw:
    guarantor, obligor = cast.pair(rng)
    return {
        "guarantor": guarantor,
        "obligor": obligor,
        "beneficiary": rng.choice(cast.everyone) if often(rng, 3) else None,
        "amount": amount(rng, currency),
        "firm": maybe_amount(rng, currency, 6),
        "collateral": maybe_amount(rng, currency, 3),
        "covers": rng.choice(legs) if legs and not often(rng, 4) else None,
        "kind": rng.choice(("payment", "capacity_backstop", "residual_value")) if often(rng, 2) else None,
        "steps": _steps(rng, currency) if often(rng, 3) else [],
        "ends_on": term_day(rng) if often(rng, 3) else None,
    }


def _steps(rng: random.Random, currency: str) -> list[Raw]:
    days = sorted({day(rng).isoformat() for _ in range(2)})
    return [{"from": begins, "amount": {"value": rng.choice(AMOUNTS), "currency": currency}} for begins in days]


def _acquisition(rng: random.Random, cast: Cast, currency: str) -> Raw:
    acquirer, target = cast.pair(rng)
    others = [name for name in cast.everyone if name not in (acquirer, target)]
    return {
        "acquirer": acquirer,
        "target": target,
        "sellers": others[: rng.randrange(3)],
        "amount": maybe_amount(rng, currency, 3),
        "cash": amount(rng, currency, one_in_none=3),
        "shares_value": maybe_amount(rng, currency, 3),
        "contingent": maybe_amount(rng, currency, 4),
    }


def _option(rng: random.Random, cast: Cast, currency: str) -> Raw:
    holder, grantor = cast.pair(rng)
    return {
        "holder": holder,
        "grantor": grantor,
        "on": "a campus",
        "amount": amount(rng, currency),
        "otherwise": maybe_amount(rng, currency, 2),
        "expires_on": term_day(rng) if often(rng, 2) else None,
    }


def _royalty(rng: random.Random, cast: Cast, currency: str) -> Raw:
    payer, payee = cast.pair(rng)
    return {
        "payer": payer,
        "payee": payee,
        "share": "0.2",
        "of": "revenue",
        "cap": maybe_amount(rng, currency, 3),
        "ends_on": term_day(rng) if often(rng, 3) else None,
    }


_LATER = {"acquisition_agreed": _acquisition, "option_granted": _option, "royalty_agreed": _royalty}


def present(body: Raw) -> Raw:
    """Leave out what is not said: undisclosed is never 0."""
    return {name: value for name, value in body.items() if value is not None}
