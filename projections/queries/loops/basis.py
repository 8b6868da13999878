"""What a leg counts for in a money-flow graph: on one basis, over one window of years, with the user's own weights."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Self

from events.errors import BadValueError
from projections.queries.weighing import checked_weights, weight_of

__all__ = ["BASES", "Counted", "FlowBasis", "years_between"]

BASES = ("headline", "binding", "performed", "expected")
_MONTHS_A_YEAR = 12
_MILLIONTH = Decimal("0.000001")
_ZERO, _ONE = Decimal(0), Decimal(1)


@dataclass(frozen=True, slots=True)
class Counted:
    """What a leg counts for: the disclosed amount (0 is nothing), and what is not known of it.

    `undisclosed`: more may flow than `known`, nobody says how much. `undated`: no term is known, so a window could not
    be applied to all of it.
    """

    known: Decimal
    undisclosed: bool = False
    undated: bool = False


@dataclass(frozen=True, slots=True)
class FlowBasis:
    """How legs are counted: `name` of BASES, a window in years (None: whole amounts), weights by status (expected only)."""

    name: str
    window_years: Decimal | None = None
    weights: Mapping[str, Decimal] = field(default_factory=dict)

    @classmethod
    def asked(
        cls, basis: str, window: Decimal | int | None = None, weights: Mapping[str, Decimal | float | str] | None = None
    ) -> Self:
        """Check what a user asked for.

        Raises BadValueError for an unknown basis or status, weights outside 0 to 1 or without the basis `expected`, and a
        window that is not a whole number of months.
        """
        if basis not in BASES:
            raise BadValueError(f"basis {basis!r} is not one of {', '.join(BASES)}")
        if (basis == "expected") != (weights is not None):
            raise BadValueError(
                "the expected basis and weights go together: no authority sets them, so they are the user's",
                advice="give weights by status, e.g. letter_of_intent 0.25, with the basis expected",
            )
        given = checked_weights(weights or {})
        years = None if window is None else Decimal(window)
        if years is not None and (years <= 0 or years * _MONTHS_A_YEAR % 1):
            raise BadValueError(f"a window is a whole number of months above 0, in years (got {window})")
        return cls(basis, years, given)

    @property
    def window_months(self) -> int | None:
        """The window in months."""
        return None if self.window_years is None else int(self.window_years * _MONTHS_A_YEAR)

    def weight(self, status: str) -> Decimal:
        """Return the weight of a status on the expected basis."""
        return weight_of(status, self.weights)

    def day(self, row: Mapping[str, Any]) -> dt.date:
        """Return the day since which a leg counts on this basis: announced, bound, or paid on for the first time."""
        since = {"binding": row["bound_on"], "performed": row["paid_on"]}.get(self.name)
        day: dt.date = since or row["announced_on"]
        return day

    def part(self, row: Mapping[str, Any], paid_within: Mapping[tuple[str, str | None], Decimal]) -> Counted:
        """Say what a row of `flow_legs` counts for within the window.

        Amounts that lie ahead are cut to amount · min(1, window / term); paid amounts to those of the window that ends on
        the as-of day, from `paid_within` by leg and currency.
        """
        whole = self.whole(row)
        if self.window_years is None:
            return whole
        if self.name == "performed":
            return self._paid_in_window(row, whole, paid_within)
        share, undated = self._share_in_window(row)
        known = (whole.known * share).quantize(_MILLIONTH, ROUND_HALF_UP) if share != 1 else whole.known
        return Counted(known, whole.undisclosed, undated and whole.known > 0)

    def whole(self, row: Mapping[str, Any]) -> Counted:
        """Say what a row of `flow_legs` counts for without regard to time."""
        if self.name == "performed":
            return _performed(row)
        if self.name == "binding":
            # A lender of unknown share in a loan that binds nobody is bound to nothing.
            return Counted(_ZERO) if row["bound_leg"] == 0 else _stated(row["binding"], row)
        if self.name == "headline":
            return _stated(row["headline"], row)
        weight = self.weight(row["status"])
        stated = _stated(row["headline"], row)
        known = stated.known * weight
        return Counted(_ZERO if weight == 0 else known, stated.undisclosed and weight > 0)

    def _share_in_window(self, row: Mapping[str, Any]) -> tuple[Decimal, bool]:
        """Return the share of an amount that falls in the window, and whether part of it has no term to cut it by."""
        window = self.window_years or _ONE
        if row["schedule"]:
            dated = sum((item["share"] for item in row["schedule"]), _ZERO)
            begins, ends = min(i["from"] for i in row["schedule"]), max(i["to"] for i in row["schedule"])
        elif row["starts_on"] and row["ends_on"]:
            dated, begins, ends = _ONE, row["starts_on"], row["ends_on"] + dt.timedelta(days=1)
        else:
            return _ONE, True
        term = years_between(begins, ends)
        if term <= 0:
            return _ONE, True
        return dated * min(_ONE, window / term) + (1 - dated), dated < 1

    def _paid_in_window(
        self, row: Mapping[str, Any], whole: Counted, paid_within: Mapping[tuple[str, str | None], Decimal]
    ) -> Counted:
        if not row["paid_leg"]:
            return whole
        paid = paid_within.get((row["leg_ref"], row["currency"])) or _ZERO
        # A lender's part of a draw is its part of all draws.
        known = (whole.known * paid / row["paid_leg"]).quantize(_MILLIONTH, ROUND_HALF_UP)
        return Counted(known, whole.undisclosed and paid > 0)


def years_between(begins: dt.date, ends: dt.date) -> Decimal:
    """Count the years of [begins, ends): whole ones by anniversaries, then days of the year that follows; 0 if empty.

    A contract from 1 January 2026 to 31 December 2030 lasts exactly 5.
    """
    if ends <= begins:
        return _ZERO
    whole = ends.year - begins.year
    if _anniversary(begins, whole) > ends:
        whole -= 1
    last, following = _anniversary(begins, whole), _anniversary(begins, whole + 1)
    return whole + Decimal((ends - last).days) / (following - last).days


def _anniversary(day: dt.date, years: int) -> dt.date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def _stated(amount: Decimal | None, row: Mapping[str, Any]) -> Counted:
    """Count a stated amount; of an undisclosed purchase at least its prepayment is known."""
    if amount is not None:
        return Counted(amount)
    return Counted(row["prepaid"] or _ZERO, undisclosed=True)


def _performed(row: Mapping[str, Any]) -> Counted:
    if row["performed"] is None:
        return Counted(_ZERO, undisclosed=bool(row["paid_leg"]) or row["paid_undisclosed"])
    return Counted(row["performed"], undisclosed=row["paid_undisclosed"])
