"""How many shares would be issuable if the contingency ended with the period."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

from events.term_days import last_day
from projections.measures.amounts import exact
from projections.measures.errors import OutOfRangeError

__all__ = ["ContingentShares", "Tranche", "contingently_issuable"]

Tranche: TypeAlias = Mapping[str, Any]
"""As in `warrant_granted`: `shares` (None = undisclosed), `conditions` of `{kind, threshold}`; other keys pass by."""


@dataclass(frozen=True, slots=True)
class ContingentShares:
    """Bounds of the issuable shares, and which tranches (by position) meet all their conditions.

    `low` = `high` when every size is disclosed and every condition can be judged. `high` is None where an
    undisclosed tranche may count and the warrant's total is not known either. `met` holds the tranches that
    surely count, `undecided` those with a condition these inputs cannot judge.
    """

    low: int
    high: int | None
    met: tuple[int, ...]
    undecided: tuple[int, ...]


def contingently_issuable(
    tranches: Iterable[Tranche],
    capacity_gw: Decimal | float | None,
    share_price: Decimal | float | None,
    *,
    purchases: Decimal | float | None = None,
    as_of: date | None = None,
    shares_max: int | None = None,
) -> ContingentShares:
    """Return the shares issuable as if the period end were the end of the contingency period.

    A tranche counts if **all** its conditions hold: `capacity` (GW delivered >= threshold), `share_price` (the
    period-**end** price >= threshold), `purchases` (money >= threshold), `date` (reached by `as_of`). A condition of
    another kind, or one whose measurement is None, is undecided: it keeps the tranche out of `low` but not out of
    `high`. Undisclosed sizes share what `shares_max` leaves over the disclosed ones; low puts all of that in tranches
    that fail, high in one that counts. Source: ASC 260-10-45-48 to 57, IAS 33.52-56.
    Raises OutOfRangeError if the disclosed tranches exceed `shares_max`.
    """
    listed = list(tranches)
    measured = {"capacity": capacity_gw, "share_price": share_price, "purchases": purchases, "date": as_of}
    verdicts = [_all_hold(tranche.get("conditions") or (), measured) for tranche in listed]
    sizes: list[int | None] = [tranche.get("shares") for tranche in listed]
    sure = [size for size, verdict in zip(sizes, verdicts, strict=True) if verdict is True]
    possible = [size for size, verdict in zip(sizes, verdicts, strict=True) if verdict is not False]
    hidden = _undisclosed(sizes, shares_max)
    unknown = sizes.count(None)
    low = sum(size for size in sure if size is not None)
    if unknown and sure.count(None) == unknown:
        low += hidden or 0
    high: int | None = sum(size for size in possible if size is not None)
    if None in possible:
        high = None if hidden is None or high is None else high + hidden
    return ContingentShares(
        low=low,
        high=high,
        met=tuple(number for number, verdict in enumerate(verdicts) if verdict is True),
        undecided=tuple(number for number, verdict in enumerate(verdicts) if verdict is None),
    )


def _undisclosed(sizes: list[int | None], shares_max: int | None) -> int | None:
    """Return how many shares the undisclosed tranches hold between them; None if that is unknown."""
    if shares_max is None:
        return None
    disclosed = sum(size for size in sizes if size is not None)
    if disclosed > shares_max:
        raise OutOfRangeError(f"the tranches hold {disclosed} shares, more than the warrant's {shares_max}")
    return shares_max - disclosed


def _all_hold(conditions: Iterable[Tranche], measured: Mapping[str, Any]) -> bool | None:
    """Return False if any condition fails, else None if any is undecided, else True."""
    verdicts = [_holds(condition, measured) for condition in conditions]
    if False in verdicts:
        return False
    return None if None in verdicts else True


def _holds(condition: Tranche, measured: Mapping[str, Any]) -> bool | None:
    kind, threshold = condition["kind"], condition.get("threshold")
    reading = measured.get(kind)
    if reading is None or threshold is None:
        return None
    if kind == "date":
        due = threshold if isinstance(threshold, date) else last_day(threshold)
        return bool(reading >= due)
    return exact(reading, kind) >= exact(threshold, f"{kind} threshold")
