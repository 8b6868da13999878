"""Counts and prices of shares told before a split, in the shares of today.

Part of the naive oracle: plain lists and comparisons, written from `docs/measures.md` alone.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from tests.oracle.visible import Fact, Raw, Sight

__all__ = ["in_todays_shares", "price_now", "rescaled", "split_ratio"]


def rescaled(sight: Sight, terms: Raw) -> tuple[Raw, frozenset[str]]:
    """Return terms in the shares of today, and the keys of the splits that made them so."""
    counted = {"warrant_granted": "issuer", "investment_committed": "investee", "acquisition_agreed": "acquirer"}
    role = counted.get(
        terms["type"], "borrower" if terms.get("conversion_price") or terms.get("conversion_shares") else ""
    )
    splits = _splits(sight, terms.get(role), terms)
    if not splits or (terms["type"] != "warrant_granted" and role != "borrower" and terms.get("shares") is None):
        return terms, frozenset()
    keys = frozenset(key for split in splits for key in split.keys)
    by = split_ratio(sight, terms.get(role), terms, terms.get("share_class"))
    terms = dict(terms)
    for name in ("shares_max", "shares", "conversion_shares"):
        if terms.get(name) is not None:
            terms[name] = int(terms[name] * by)
    for name in ("exercise_price", "conversion_price"):
        if terms.get(name) is not None:
            terms[name] = {**terms[name], "value": str(_price(Decimal(terms[name]["value"]), by))}
    terms["tranches"] = [_tranche(part, by) for part in terms.get("tranches", ())]
    return terms, keys


def _tranche(part: Raw, by: Fraction) -> Raw:
    conditions = [
        {**c, "threshold": str(_price(Decimal(c["threshold"]), by))}
        if c["kind"] == "share_price" and c.get("threshold")
        else c
        for c in part.get("conditions", ())
    ]
    shares = {"shares": int(part["shares"] * by)} if part.get("shares") is not None else {}
    return {**part, **shares, "conditions": conditions}


def _splits(sight: Sight, company: str | None, told: Raw) -> list[Fact]:
    """Return the splits of a company's shares since something was told."""
    return [
        fact
        for fact in sight.in_effect
        if fact.raw["type"] == "share_split"
        and fact.raw["company"] == company
        and fact.raw["effective_on"] > told["announced_on"]
    ]


def _ratio(splits: list[Fact]) -> Fraction:
    whole = Fraction(1)
    for fact in splits:
        whole *= Fraction(*(int(part) for part in fact.raw["ratio"].split(":")))
    return whole


def split_ratio(sight: Sight, company: str | None, told: Raw, share_class: str | None = None) -> Fraction:
    """Return how many of today's shares stand for one that was told; a class that is not named was not split alone."""
    splits = _splits(sight, company, told)
    return _ratio([fact for fact in splits if fact.raw.get("share_class") in (None, share_class)])


def _price(price: Decimal, by: Fraction) -> Decimal:
    millionths = Fraction(price) * 10**6 / by
    return Decimal(int(millionths + Fraction(1, 2))) / 10**6


def price_now(price: Decimal, by: Fraction) -> Decimal:
    """Return the price of one of today's shares, to millionths."""
    return price if by == 1 else _price(price, by)


def in_todays_shares(sight: Sight, fact: Fact, company: str | None, share_class: str | None) -> Fact:
    """Return what happened on a leg in the shares of today; `company` issues them."""
    by = split_ratio(sight, company, fact.raw, share_class) if company else Fraction(1)
    names = [name for name in ("shares", "shares_issued", "shares_withheld") if fact.raw.get(name) is not None]
    counts = {name: int(fact.raw[name] * by) for name in names}
    return replace(fact, raw={**fact.raw, **counts}) if by != 1 else fact
