"""The ladder: how far each announced leg has come, how long it has waited, and what share of words became deeds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from events.statuses import BINDING, ENDED
from events.term_days import last_day
from projections.clocks import Clocks
from projections.kinds import Form, Keyed
from projections.queries.asked import Rows, by_point, cite, known_deal, main_currency, points, ratio, unseen
from projections.queries.counted import keep_rest, share_evidence, share_legs
from projections.result import Column, Result
from projections.warehouse import Warehouse

__all__ = ["COLUMNS", "SUMMARY", "status", "status_over"]

COLUMNS = (
    Column("leg_ref", "text"),
    Column("first_party", "text", optional=True),
    Column("second_party", "text", optional=True),
    Column("status", "status"),
    Column("announced_on", "date"),
    Column("days_not_definitive", "days"),
    Column("history", "list"),
    Column("next_milestone", "text"),
    Column("next_on", "date", optional=True),
    Column("milestone_overdue", "flag"),
    Column("events", "list", optional=True),
)
_SHARES: Form = dict.fromkeys(("binding_share", "performed_share", "lapsed_share"), "share")
_CONVERSION: Form = {
    "headline_announced": "money",
    "binding": "money",
    "binding_undisclosed_legs": "count",
    "performed": "money",
    "lapsed": "money",
    **_SHARES,
}
SUMMARY: Form = {
    "legs": "count",
    **_SHARES,
    "conversion": Keyed(_CONVERSION, beside={"legs": "count", "legs_undisclosed": "count"}),
    "latest_announced_on": "date",
}

_LEGS = """
SELECT s.pt, s.deal, s.leg, s.deal || '/' || s.leg AS leg_ref, s.type, s.first_party, s.second_party, s.status,
    s.conditional, s.overdue, s.ended, s.currency, s.headline, s.binding, s.performed, s.starts_on, s.ends_on,
    s.tranches, s.hypothetical, k.positions
FROM legs_asked AS s INNER JOIN evidence_at AS k ON s.pt = k.pt AND s.deal = k.deal AND s.leg = k.leg
ORDER BY s.pt, s.deal, s.leg
"""
_ASKED = """
($1 IS NULL OR is_named($1, type, first_party, second_party, beneficiary, lenders, sellers)) AND ($2 IS NULL OR deal = $2)
"""
_REST = "SELECT pt, currency, ended, headline, binding, performed FROM legs_asked_rest ORDER BY pt, deal, leg"
_HISTORY = "SELECT * FROM status_history($1) ORDER BY pt, deal, leg, okey"


def status(
    warehouse: Warehouse,
    clocks: Clocks,
    *,
    company: str | None = None,
    deal: str | None = None,
    include_ended: bool = True,
) -> Result:
    """List every leg with its steps on the ladder, and how much of what was announced has become binding or real.

    Raises NotFoundError for a deal that no event is about; one that is not visible at the clocks gives no rows and a note.
    """
    return status_over(warehouse, [clocks], company=company, deal=deal, include_ended=include_ended)[0]


def status_over(
    warehouse: Warehouse,
    clocks: Sequence[Clocks],
    *,
    company: str | None = None,
    deal: str | None = None,
    include_ended: bool = True,
) -> list[Result]:
    """Answer `status` at many clock triples in one pass. Raises NotFoundError for a deal that no event is about."""
    known_deal(warehouse, deal)
    at, count = points(clocks), len(clocks)
    share_legs(warehouse, at)
    share_evidence(warehouse, at)
    keep_rest(warehouse, "legs_asked", _ASKED, [company, deal])
    legs = by_point(warehouse.query(_LEGS), count)
    rest = by_point(warehouse.query(_REST), count)
    steps = by_point(warehouse.query(_HISTORY, [at]), count)
    funded = by_point(warehouse.query("SELECT * FROM tranches_done($1)", [at]), count)
    cited = cite(warehouse, clocks, legs)
    absent = () if any(legs) else unseen(warehouse, clocks, deal)
    results = []
    for i, triple in enumerate(clocks):
        rows = [_row(leg, steps[i], funded[i], triple.as_of) for leg in legs[i]]
        conversion = _conversion(rest[i])
        main = conversion.get(
            main_currency(leg["currency"] for leg in legs[i] if leg["headline"] is not None) or "", {}
        )
        shares = {name: main.get(name) for name in ("binding_share", "performed_share", "lapsed_share")}
        summary = {
            "legs": len(rows),
            **shares,
            "conversion": conversion,
            "latest_announced_on": cited[i].latest_announced_on,
        }
        shown = rows if include_ended else [row for row in rows if row["status"] not in ENDED]
        results.append(Result("status", triple, COLUMNS, shown, summary, (*absent, *cited[i].notes), SUMMARY))
    return results


def _row(leg: dict[str, Any], steps: Rows, done: Rows, as_of: dt.date) -> dict[str, Any]:
    mine = [step for step in steps if (step["deal"], step["leg"]) == (leg["deal"], leg["leg"])]
    announced = min(step["announced_on"] for step in mine)
    became = next((step["effective_on"] for step in mine if step["status"] in BINDING), None)
    waited = (max(became, announced) if became else as_of) - announced
    words, day = _milestone(
        leg, {row["tranche"] for row in done if (row["deal"], row["leg"]) == (leg["deal"], leg["leg"])}
    )
    return {
        "leg_ref": leg["leg_ref"],
        "first_party": leg["first_party"],
        "second_party": leg["second_party"],
        "type": leg["type"],
        "status": leg["status"],
        "announced_on": announced,
        "days_not_definitive": waited.days,
        "history": [f"{step['effective_on']} {step['status']}" for step in _distinct(mine)],
        "next_milestone": words,
        "next_on": day,
        "milestone_overdue": bool(day and day < as_of and not leg["ended"]),
        "hypothetical": leg["hypothetical"],
        "events": leg["events"],
    }


def _distinct(steps: Rows) -> Rows:
    """Leave out steps that confirm the status before them."""
    kept: Rows = []
    for step in steps:
        if not kept or (kept[-1]["status"], kept[-1]["conditional"]) != (step["status"], step["conditional"]):
            kept.append(step)
    return kept


def _milestone(leg: dict[str, Any], done: set[str | None]) -> tuple[str | None, dt.date | None]:
    """Say what should happen next, and by when where the terms give a day."""
    if leg["ended"] or leg["status"] == "completed":
        return None, None
    if leg["status"] not in BINDING:
        return "definitive agreement", leg["starts_on"] or leg["ends_on"]
    for tranche in leg["tranches"] or ():
        if tranche["tranche"] in done:
            continue
        days = [
            last_day(c["threshold"])
            for c in tranche["conditions"] or ()
            if c["kind"] == "date" and c["threshold"] is not None
        ]
        return f"tranche {tranche['tranche']}", max(days, default=None)
    if leg["conditional"]:
        return "conditions to be met", None
    return ("end of term", leg["ends_on"]) if leg["ends_on"] else (None, None)


def _conversion(legs: Rows) -> dict[str, Any]:
    """Say, in each currency, what share of the headline announced so far is binding, was performed, or has lapsed.

    The legs are those that are added up: of a whole what its parts do not tell. Ended legs count as announced and lapsed; legs without an amount are counted apart.
    """
    stated = [leg for leg in legs if leg["headline"] is not None]
    figures: dict[str, Any] = {"legs": len(legs), "legs_undisclosed": len(legs) - len(stated)}
    for currency in sorted({leg["currency"] for leg in stated}):
        here = [leg for leg in stated if leg["currency"] == currency]
        headline = sum((leg["headline"] for leg in here), Decimal(0))
        live = [leg for leg in here if not leg["ended"]]
        binding = sum((min(leg["binding"] or Decimal(0), leg["headline"]) for leg in live), Decimal(0))
        performed = sum((min(leg["performed"] or Decimal(0), leg["headline"]) for leg in here), Decimal(0))
        lapsed = sum((leg["headline"] for leg in here if leg["ended"]), Decimal(0))
        figures[currency] = {
            "headline_announced": headline,
            "binding": binding,
            "binding_share": ratio(binding, headline),
            "binding_undisclosed_legs": sum(leg["binding"] is None for leg in live),
            "performed": performed,
            "performed_share": ratio(performed, headline),
            "lapsed": lapsed,
            "lapsed_share": ratio(lapsed, headline),
        }
    return figures
