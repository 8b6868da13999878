"""What is still to come under a commitment that runs over years."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from projections.measures.amounts import Amount, Reply, not_negative, reply_in, same_length
from projections.measures.errors import OutOfRangeError

__all__ = ["remaining_on_schedule"]


def remaining_on_schedule(
    total: Amount | None,
    starts_on: date,
    years: Amount | int,
    as_of: date,
    weights: Sequence[Amount] | None = None,
) -> Amount | None:
    """Return what of `total` falls on or after `as_of`, between 0 and the total.

    A contract year runs from one anniversary of `starts_on` to the day before the next. Without `weights` every
    contract year takes the same amount (a part-year at the end its part); with them, one weight for each whole
    year, in proportion to their sum. Within a year the amount is spread evenly by days. Half-open: on `starts_on`
    everything remains, `years` later nothing does. None if the total is undisclosed.
    Raises OutOfRangeError (no years, negative weights, weights that sum to 0) or ShapeError (weights other than years).

    Reference: a ledger's schedule may part an amount over any days; in contract years it is this.
    """
    length = not_negative(years, "years")
    if length == 0:
        raise OutOfRangeError("years must be above 0")
    parts = _year_parts(length, weights)
    if total is None:
        return None
    elapsed = sum(
        (part * _elapsed(starts_on, year, min(Decimal(1), length - year), as_of) for year, part in enumerate(parts)),
        Decimal(0),
    )
    whole = sum(parts, Decimal(0))
    reply: Reply[Amount] = reply_in(total)
    return reply(not_negative(total, "total") * (whole - elapsed) / whole)


def _year_parts(length: Decimal, weights: Sequence[Amount] | None) -> list[Decimal]:
    count = int(length.to_integral_value(rounding="ROUND_CEILING"))
    if weights is None:
        return [min(Decimal(1), length - year) for year in range(count)]
    if length != count:
        raise OutOfRangeError(f"weights are per year, so years must be whole (got {length})")
    same_length(count, len(weights), "weights")
    parts = [not_negative(weight, "weight") for weight in weights]
    if not any(parts):
        raise OutOfRangeError("at least one weight must be above 0")
    return parts


def _elapsed(starts_on: date, year: int, fraction: Decimal, as_of: date) -> Decimal:
    """Return how much of a contract year (or of its first `fraction`) has passed, from 0 to 1."""
    begins = anniversary(starts_on, year)
    days = (anniversary(starts_on, year + 1) - begins).days * fraction
    return min(Decimal(1), max(Decimal(0), (as_of - begins).days / days))


def anniversary(day: date, years: int) -> date:
    """Return the same day `years` later, 29 February falling on 28 February outside leap years."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
