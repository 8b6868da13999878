"""Whether the numbers of a report can all be true: a value and its range, a move and its closes, a metric and its unit.

Standard library only: both the write side and the read side ask.
"""

from __future__ import annotations

import re
from decimal import Decimal

from events.currencies import CURRENCIES
from events.quantities import plain

__all__ = ["UNITS_BESIDE_MONEY", "Unfit", "contradicting_closes", "outside_range", "unfit", "unlikely_move"]

UNITS_BESIDE_MONEY = {
    "gross_margin": "fraction",
    "shares_outstanding": "shares",
    "stated_capacity_gw": "GW",
    "tokens_per_month": "tokens_per_month",
    "weekly_users": "users",
    "paying_users": "users",
    "gpu_hour_price": "USD_per_gpu_hour",
    "gpu_utilisation": "fraction",
    "customer_share": "fraction",
}
"""The usual unit of each standard metric that is no sum of money."""

Unfit = tuple[str, str]
"""What is wrong, and what to do about it."""

_PER_GPU_HOUR = re.compile(r"([A-Z]{3})_per_gpu_hour")
_HALF_A_PERCENT = Decimal("0.005")


def unfit(metric: str, unit: str, value: Decimal) -> Unfit | None:
    """Return why a value of a standard metric is none in its unit: another kind of unit, a part above the whole.

    None where it is one, and for the metric `other`, which can be anything.
    """
    usual = UNITS_BESIDE_MONEY.get(metric)
    if metric == "other":
        return None
    if metric == "gpu_hour_price":
        found = _PER_GPU_HOUR.fullmatch(unit)
        fits = found is not None and found[1] in CURRENCIES
    else:
        fits = unit in CURRENCIES if usual is None else unit == usual
    if not fits:
        return f"is told in {unit}, and no answer reads it", f"write it in {usual or 'a currency, such as USD'}"
    if usual == "fraction" and value > 1:
        return f"is the fraction {plain(value)}, which is more than all", "write 0.42 for 42 %"
    return None


def outside_range(value: str, low: str | None, high: str | None) -> tuple[str, str] | None:
    """Return the field at fault, `low` or `value`, and what is wrong, where a value lies outside its own range."""
    if low is not None and high is not None and Decimal(low) > Decimal(high):
        return "low", f"is above high, {high}"
    if low is not None and Decimal(value) < Decimal(low):
        return "value", f"is below low, {low}"
    if high is not None and Decimal(value) > Decimal(high):
        return "value", f"is above high, {high}"
    return None


def contradicting_closes(moved: str, basis: str, close: str, prior_close: str) -> tuple[str, Decimal] | None:
    """Return why a move and two closes cannot all be true, and the move that the closes say; None where they can.

    Each number may have been rounded to the digits it has, the move to no less than half a percent. A move taken at
    another time than the close need not be that of the closes, unless it is theirs a hundredfold.
    """
    between = _move_between(prior_close, close)
    move = Decimal(moved)
    slack = min(_half_a_digit(moved), _HALF_A_PERCENT)
    if between is None or between[0] - slack <= move <= between[1] + slack:
        return None
    hundredth = between[0] - _HALF_A_PERCENT <= move / 100 <= between[1] + _HALF_A_PERCENT and abs(move) >= 1
    if basis != "close" and not hundredth:
        return None
    said = round(Decimal(close) / Decimal(prior_close) - 1, 4)
    return f"contradicts the two closes, {close} after {prior_close}", said


def unlikely_move(move: Decimal) -> Unfit | None:
    """Return why a move in one session can hardly be a fraction: a share seldom doubles in a day, 23.71 is a percentage."""
    if move <= 1:
        return None
    return f"is a move of {plain(move * 100)} %", f"write {plain(move / 100)} if {plain(move)} is meant in percent"


def _half_a_digit(text: str) -> Decimal:
    """Return half a unit of the last digit that a number was told with."""
    return Decimal(5).scaleb(-len(text.partition(".")[2]) - 1)


def _move_between(before: str, after: str) -> tuple[Decimal, Decimal] | None:
    """Return the least and the greatest move between two closes that were rounded; None where a price may be 0."""
    least, most = Decimal(before) - _half_a_digit(before), Decimal(before) + _half_a_digit(before)
    if least <= 0:
        return None
    slack = _half_a_digit(after)
    return (Decimal(after) - slack) / most - 1, (Decimal(after) + slack) / least - 1
