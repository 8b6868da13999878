"""Whether a tranche's conditions hold, judged by deliveries, purchases, prices and statuses in effect."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from events.statuses import BINDING
from events.term_days import last_day
from projections.queries.asked import Rows

__all__ = ["Happened", "shares_with_conditions_met"]


class Happened:
    """What conditions are judged by at one clock triple: purchase legs, share prices (by day), the day itself."""

    def __init__(self, legs: Rows, prices: Rows, as_of: dt.date) -> None:
        self.legs = legs
        self.prices = prices
        self.as_of = as_of

    def delivered_gw(self, deal: str, leg_ref: str | None) -> Decimal:
        """Return the gigawatts delivered on the leg named, else on all purchase legs of the deal."""
        return sum((row["delivered_gw"] for row in self._purchases(deal, leg_ref)), Decimal(0))

    def purchased(self, deal: str, leg_ref: str | None, currency: str | None) -> Decimal:
        """Return the money paid on the leg named, else on all purchase legs of the deal, in one currency."""
        rows = self._purchases(deal, leg_ref)
        return sum((row["performed"] for row in rows if currency in {None, row["currency"]}), Decimal(0))

    def is_definitive(self, deal: str) -> bool:
        """Say whether some leg of the deal is definitive or completed."""
        return any(row["status"] in BINDING for row in self.legs if row["deal"] == deal)

    def highest_price(self, currency: str | None) -> Decimal | None:
        """Return the highest price in effect, in one currency if it matters: a hurdle counts once it was touched."""
        return max((row["price"] for row in self.prices if currency in {None, row["currency"]}), default=None)

    def _purchases(self, deal: str, leg_ref: str | None) -> Rows:
        if leg_ref:
            return [row for row in self.legs if f"{row['deal']}/{row['leg']}" == leg_ref]
        return [row for row in self.legs if row["deal"] == deal and row["type"] == "purchase_committed"]

    def holds(self, deal: str, condition: dict[str, Any]) -> bool:
        """Say whether a condition is known to hold."""
        kind, threshold = condition["kind"], condition["threshold"]
        if kind == "definitive_agreement":
            return self.is_definitive(deal)
        if threshold is None or kind == "other":
            return False
        if kind == "date":
            return self.as_of >= last_day(threshold)
        level = Decimal(threshold)
        if kind == "share_price":
            highest = self.highest_price(condition["unit"])
            return highest is not None and highest >= level
        if kind == "capacity":
            return self.delivered_gw(deal, condition["leg"]) >= level
        unit = condition["unit"]
        return unit is not None and self.purchased(deal, condition["leg"], unit) >= level


def tranche_holds(warrant: dict[str, Any], tranche: dict[str, Any], happened: Happened) -> bool:
    """Say whether all conditions of a tranche hold; one without conditions holds once the leg binds."""
    conditions = tranche["conditions"] or ()
    if not conditions:
        return warrant["status"] in BINDING
    return all(happened.holds(warrant["deal"], condition) for condition in conditions)


def shares_with_conditions_met(warrant: dict[str, Any], happened: Happened) -> int | None:
    """Add up the tranches whose conditions all hold; None where such a tranche's size, or every tranche, is undisclosed."""
    tranches = warrant["tranches"] or ()
    if not tranches:
        return None
    sizes = [tranche["shares"] for tranche in tranches if tranche_holds(warrant, tranche, happened)]
    return None if None in sizes else sum(sizes)
