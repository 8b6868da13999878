"""Tranches that vested although a condition of theirs was not met, as far as the ledger knows, on the day they did."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

from events.quantities import plain
from projections.clocks import Clocks
from projections.queries.asked import by_point, points
from projections.queries.conditions import Happened
from projections.warehouse import Warehouse

__all__ = ["of_vestings"]

_VESTED = """
SELECT p.deal, p.leg, p.tranche, p.key, p.effective_on
FROM performance AS p
INNER JOIN clock($1) AS c ON visible(p.effective_on, p.announced_on, p.seen_from, p.seen_to, c)
WHERE p.type = 'tranche_vested' AND p.tranche IS NOT NULL
ORDER BY p.slot
"""


def of_vestings(warehouse: Warehouse, clocks: Clocks) -> Iterator[dict[str, Any]]:
    """Yield a finding for each vesting in effect of whose tranche some condition did not hold on its day.

    What was known by the day of the question counts: a delivery of that time may have been announced later.
    """
    vested = warehouse.query(_VESTED, [points([clocks])])
    days = sorted({row["effective_on"] for row in vested})
    if not days:
        return
    at = points([dataclasses.replace(clocks, as_of=day) for day in days])
    legs = by_point(warehouse.query("SELECT * FROM leg_state($1) ORDER BY pt", [at]), len(days))
    prices = by_point(warehouse.query("SELECT * FROM prices_in_effect($1) ORDER BY pt, day, slot", [at]), len(days))
    for row in vested:
        place = days.index(row["effective_on"])
        warrant = next((leg for leg in legs[place] if (leg["deal"], leg["leg"]) == (row["deal"], row["leg"])), None)
        if warrant is None:
            continue
        issuers = [price for price in prices[place] if price["company"] == warrant["first_party"]]
        happened = Happened(legs[place], issuers, row["effective_on"])
        for tranche in warrant["tranches"] or ():
            if tranche["tranche"] != row["tranche"]:
                continue
            for condition in tranche["conditions"] or ():
                said = _unmet(happened, row["deal"], condition)
                if said:
                    yield {
                        "severity": "doubt",
                        "kind": "vested too early",
                        "about": f"{row['deal']}/{row['leg']}",
                        "keys": [warrant["key"], row["key"]],
                        "what": f"the tranche {row['tranche']} vested on {row['effective_on']}, {said}",
                        "advice": "record what met the condition, or correct the day",
                    }


def _unmet(happened: Happened, deal: str, condition: dict[str, Any]) -> str:
    """Return what a condition that did not hold lacked; empty where it held or nothing can be said."""
    kind, level, unit = condition["kind"], condition["threshold"], condition["unit"]
    if happened.holds(deal, condition) or kind == "other" or (level is None and kind != "definitive_agreement"):
        return ""
    if kind == "definitive_agreement":
        return "and no leg of the deal was definitive"
    if kind == "date":
        return f"before {level}"
    if kind == "capacity":
        return f"with {plain(happened.delivered_gw(deal, condition['leg']))} of {level} GW known to be delivered"
    if kind == "share_price":
        highest = happened.highest_price(unit)
        # Prices are recorded now and then: that none is known says nothing.
        return (
            "" if highest is None else f"with {plain(highest)} of {level} {unit or ''} the highest price known".rstrip()
        )
    spent = plain(happened.purchased(deal, condition["leg"], unit))
    return "" if unit is None else f"with {spent} of {level} {unit} known to be spent"
