"""Demand beside commitments: indicators brought to 100 on the day of the deal, and the line they would have to follow."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from projections.measures.amounts import Amount, Reply, exact, reply_in

__all__ = ["growth_line", "indexed"]

BASE: Final = Decimal(100)


def indexed(values: Iterable[Amount | None], base: Amount | None) -> list[Amount | None] | None:
    """Return each value as 100 x value / base, a missing value staying None.

    `base` is the indicator's value at the deal's date, in the same unit. None if it is missing or not above 0.
    """
    listed = list(values)
    if base is None or exact(base, "base") <= 0:
        return None
    reply: Reply[Amount] = reply_in(listed, base)
    start = exact(base)
    return [None if value is None else reply(BASE * exact(value, "value") / start) for value in listed]


def growth_line(growth: Amount | None, years: Iterable[Amount]) -> list[Amount] | None:
    """Return 100 (1 + growth)^t for each time t in years since the deal: what an index would have to reach.

    `growth` a year as a fraction, from `implied_growth`. None if it is missing or at or below -1.
    """
    times = list(years)
    if growth is None or exact(growth, "growth") <= -1:
        return None
    reply: Reply[Amount] = reply_in(growth, times)
    return [reply(BASE * (1 + exact(growth)) ** exact(time, "years")) for time in times]
