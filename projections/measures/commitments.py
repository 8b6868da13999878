"""Whether a company can pay for what it has promised to buy."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final

from projections.measures.amounts import Amount, Reply, exact, not_negative, reply_in, same_length

__all__ = [
    "GW_PER_LARGE_REACTOR",
    "funding_gap",
    "implied_growth",
    "multiple",
    "reactor_equivalents",
    "required_revenue",
    "yearly_shortfalls",
]

GW_PER_LARGE_REACTOR: Final = Decimal(1)
"""One large nuclear reactor gives about 1 GW, so the article's 20 plants stand for about 20 GW."""


def multiple(commitment: Amount | None, revenue: Amount | None) -> Amount | None:
    """Return commitment / revenue: how many times the one goes into the other.

    Name both when printing: headline, binding or remaining over twelve months, annualised quarter, run rate or
    guidance; with one year's amounts it is the burden of that year. None (print n/m) if either is undisclosed or
    revenue is not above 0.
    """
    if commitment is None or revenue is None or exact(revenue, "revenue") <= 0:
        return None
    reply: Reply[Amount] = reply_in(commitment, revenue)
    return reply(exact(commitment, "commitment") / exact(revenue))


def required_revenue(annual_commitment: Amount | None, compute_share: Amount | None) -> Amount | None:
    """Return the revenue a year of commitments needs: C / s, where s is the share of revenue that may go to compute.

    `compute_share` is the user's: 1 if all revenue may be spent so. None if either is undisclosed or s is not above 0.
    """
    return multiple(annual_commitment, compute_share)


def implied_growth(start: Amount | None, end: Amount | None, years: Amount | int) -> Amount | None:
    """Return the growth a year that leads from `start` to `end`: (end/start)^(1/years) - 1.

    With months for `years` it is the growth a month. None for a start not above 0, an end below 0, or years not
    above 0.
    """
    if start is None or end is None:
        return None
    begin, finish, span = exact(start, "start"), exact(end, "end"), exact(years, "years")
    if begin <= 0 or finish < 0 or span <= 0:
        return None
    ratio = finish / begin
    grown = ratio if span == 1 else ratio ** (1 / span)
    reply: Reply[Amount] = reply_in(start, end)
    return reply(grown - 1)


def yearly_shortfalls(
    commitments: Sequence[Amount | None], revenue: Sequence[Amount | None], compute_share: Amount
) -> list[Amount] | None:
    """Return max(0, C_t - s R_t) for each year t; None if any year is undisclosed.

    Raises ShapeError unless both lists cover the same years.

    Reference: the product prints only their sum less cash, by `funding_gap`.
    """
    short = _shortfalls(commitments, revenue, compute_share)
    reply: Reply[Amount] = reply_in(commitments, revenue, compute_share)
    return None if short is None else [reply(year) for year in short]


def funding_gap(
    commitments: Sequence[Amount | None],
    revenue: Sequence[Amount | None],
    compute_share: Amount,
    cash: Amount | None,
    *,
    committed_financing: Iterable[Amount] = (),
) -> Amount | None:
    """Return what is left to raise: max(0, sum of yearly shortfalls - cash - committed financing).

    A surplus year does not pay for another (`yearly_shortfalls`). One currency throughout. None if a year or the cash
    is undisclosed. Raises ShapeError unless both lists cover the same years.
    """
    facilities = list(committed_financing)
    short = _shortfalls(commitments, revenue, compute_share)
    if short is None or cash is None:
        return None
    funded = sum((not_negative(line, "committed financing") for line in facilities), exact(cash, "cash"))
    reply: Reply[Amount] = reply_in(commitments, revenue, compute_share, cash, facilities)
    return reply(max(Decimal(0), sum(short, Decimal(0)) - funded))


def _shortfalls(
    commitments: Sequence[Amount | None], revenue: Sequence[Amount | None], compute_share: Amount
) -> list[Decimal] | None:
    same_length(len(commitments), len(revenue), "revenue")
    share = not_negative(compute_share, "compute share")
    if None in commitments or None in revenue:
        return None
    return [
        max(Decimal(0), not_negative(due, "commitment") - share * exact(income, "revenue"))
        for due, income in zip(commitments, revenue, strict=True)
    ]


def reactor_equivalents(capacity_gw: Amount | None, gw_per_reactor: Decimal = GW_PER_LARGE_REACTOR) -> Amount | None:
    """Return how many large reactors a capacity is worth; the factor may be changed. None if undisclosed."""
    if capacity_gw is None:
        return None
    reply: Reply[Amount] = reply_in(capacity_gw)
    return reply(not_negative(capacity_gw, "capacity") / exact(gw_per_reactor))
