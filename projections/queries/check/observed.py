"""Reports and prices that cannot be true, or that no answer reads: older releases and plain slips."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from typing import Any

from events.observed_values import contradicting_closes, outside_range, unfit, unlikely_move
from events.quantities import plain
from projections.clocks import Clocks
from projections.warehouse import Warehouse

__all__ = ["of_metrics", "of_prices"]

_METRICS = """
SELECT key, coalesce(company, market) AS about, coalesce(metric_name, metric) AS told_as, metric, unit, value, low, high
FROM metric WHERE standing(seen_from, seen_to, $1) ORDER BY slot
"""
_PRICES = """
SELECT key, company, session, "return" AS move, basis, close, prior_close, currency
FROM price WHERE standing(seen_from, seen_to, $1) ORDER BY company, session, basis, slot
"""
# Two sources of one session round differently, by less than this.
_ROUNDING = Decimal("0.005")


def of_metrics(warehouse: Warehouse, clocks: Clocks) -> Iterator[dict[str, Any]]:
    """Yield a finding for each report whose value is none in its unit, or lies outside its range."""
    for row in warehouse.query(_METRICS, [clocks.recorded_by]):
        found = unfit(row["metric"], row["unit"], row["value"])
        if found:
            yield _finding("value unfit", f"{row['about']} {row['told_as']}", [row["key"]], *found)
        value, low, high = (None if row[name] is None else plain(row[name]) for name in ("value", "low", "high"))
        outside = outside_range(str(value), low, high)
        if outside:
            field, what = outside
            said = f"{field} {low if field == 'low' else value} {what}"
            yield _finding(
                "value outside its range", f"{row['about']} {row['told_as']}", [row["key"]], said, "mend one of them"
            )


def of_prices(warehouse: Warehouse, clocks: Clocks) -> Iterator[dict[str, Any]]:
    """Yield a finding for each move that contradicts its closes or another report of its session, or is hardly one."""
    rows = warehouse.query(_PRICES, [clocks.recorded_by])
    for row in rows:
        about, move = f"{row['company']} {row['session']}", row["move"]
        closes = None
        if row["close"] is not None and row["prior_close"] is not None:
            closes = contradicting_closes(plain(move), row["basis"], plain(row["close"]), plain(row["prior_close"]))
        unlikely = unlikely_move(move)
        if closes:
            what, said = closes
            yield _finding(
                "move against its closes",
                about,
                [row["key"]],
                f"the return {plain(move)} {what}: they say {plain(said)}",
                f"write {plain(said)}, or mend the closes",
            )
        elif unlikely and row["close"] is None:
            yield _finding("move above 100 %", about, [row["key"]], *unlikely, severity="doubt")
    for one, other in pairwise(rows):
        # A move within the session, or around it, may be told more than once: at its peak, at its end.
        same = all(one[name] == other[name] for name in ("company", "session", "basis")) and one["basis"] == "close"
        if same and abs(one["move"] - other["move"]) > _ROUNDING:
            yield _finding(
                "one session, two moves",
                f"{one['company']} {one['session']}",
                [one["key"], other["key"]],
                f"the returns {plain(one['move'])} and {plain(other['move'])}, both at the close",
                "correct the one that is wrong, or retract it",
                severity="doubt",
            )


def _finding(
    kind: str, about: str, keys: list[str], what: str, advice: str, *, severity: str = "contradiction"
) -> dict[str, Any]:
    return {"severity": severity, "kind": kind, "about": about, "keys": keys, "what": what, "advice": advice}
