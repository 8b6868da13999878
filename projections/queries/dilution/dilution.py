"""Dilution: the warrants a company has granted, how far they have come, and what they would do to its owners."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from projections.clocks import Clocks
from projections.kinds import Form
from projections.queries.asked import Citation, Rows, by_point, cite, points, ratio
from projections.queries.conditions import Happened, shares_with_conditions_met
from projections.queries.counted import share_evidence, share_legs
from projections.queries.dilution.convertibles import CONVERSION, conversion_over
from projections.queries.dilution.warrant_value import VALUATION, Prices, valuation
from projections.queries.revenue import latest_metric
from projections.result import Column, Result, Row
from projections.warehouse import Warehouse

__all__ = ["COLUMNS", "SUMMARY", "Assumptions", "dilution", "dilution_over"]

COLUMNS = (
    Column("issuer", "text", optional=True),
    Column("holder", "text"),
    Column("deal", "text", optional=True),
    Column("leg", "text", optional=True),
    Column("shares_max", "shares"),
    Column("shares_vested", "shares"),
    Column("shares_conditions_met", "shares"),
    Column("shares_exercised", "shares", optional=True),
    Column("exercise_price", "price"),
    Column("expires_on", "date", optional=True),
    Column("pre_issue", "share"),
    Column("post_issue", "share"),
    Column("status", "status", optional=True),
    Column("events", "list", optional=True),
)
SUMMARY: Form = {
    "shares_outstanding": "shares",
    "outstanding_on": "date",
    "warrants_max": "shares",
    "pre_issue": "share",
    "post_issue": "share",
    **CONVERSION,
    "if_converted": "share",
    "events": "list",
    **VALUATION,
    "latest_announced_on": "date",
}


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What only the user can supply: prices of a period, volatility and rate (fractions a year) for fair values."""

    average_price: Decimal | None = None
    end_price: Decimal | None = None
    volatility: Decimal | None = None
    rate: Decimal | None = None


def dilution(
    warehouse: Warehouse,
    clocks: Clocks,
    *,
    issuer: str,
    assumptions: Assumptions | None = None,
    include_ended: bool = False,
) -> Result:
    """Say what an issuer's (a slug's) warrants come to: shares, ownership, treasury-stock method, cost."""
    return dilution_over(warehouse, [clocks], issuer=issuer, assumptions=assumptions, include_ended=include_ended)[0]


def dilution_over(
    warehouse: Warehouse,
    clocks: Sequence[Clocks],
    *,
    issuer: str,
    assumptions: Assumptions | None = None,
    include_ended: bool = False,
) -> list[Result]:
    """Answer `dilution` at many clock triples in one pass."""
    at, count = points(clocks), len(clocks)

    def dealt(sql: str, *more: object) -> list[Rows]:
        return by_point(warehouse.query(sql, [at, issuer, *more]), count)

    share_legs(warehouse, at)
    share_evidence(warehouse, at)
    warehouse.keep("warrants", "SELECT * FROM warrant_legs('legs_at', $1)", [issuer])
    warrants = by_point(
        warehouse.query(
            "SELECT w.*, k.positions FROM warrants AS w INNER JOIN evidence_at AS k USING (pt, deal, leg) "
            "WHERE $1 OR NOT w.ended ORDER BY w.pt, w.shares_max DESC NULLS LAST, w.deal, w.leg",
            [include_ended],
        ),
        count,
    )
    happened = by_point(
        warehouse.query(
            "SELECT pt, deal, leg, type, status, delivered_gw, performed, currency FROM legs_at "
            "WHERE type = 'purchase_committed' OR deal IN (SELECT deal FROM warrants)"
        ),
        count,
    )
    vested = by_point(warehouse.query("SELECT * FROM vestings($1, 'warrants')", [at]), count)
    exercised = by_point(warehouse.query("SELECT * FROM exercises($1, 'warrants')", [at]), count)
    metrics = dealt(
        "SELECT * FROM metrics_in_effect($1) WHERE company = $2 AND metric IN ('shares_outstanding', 'net_income')"
    )
    prices = dealt("SELECT * FROM prices_in_effect($1) WHERE company = $2 ORDER BY day, slot")
    converted = conversion_over(warehouse, clocks, issuer)
    # How fresh an answer is rests on the notes that can be turned into shares, too.
    notes: Rows = [{"positions": sorted(found)} for _, found in converted]
    cited = cite(warehouse, clocks, [[*rows, note] for rows, note in zip(warrants, notes, strict=True)])
    return [
        _result(
            clocks[i],
            warrants=warrants[i],
            happened=Happened(happened[i], prices[i], clocks[i].as_of),
            done=(vested[i], exercised[i]),
            metrics=metrics[i],
            converted=converted[i][0] | notes[i],
            assumptions=assumptions or Assumptions(),
            cited=cited[i],
        )
        for i in range(count)
    ]


def _result(
    clocks: Clocks,
    *,
    warrants: Rows,
    happened: Happened,
    done: tuple[Rows, Rows],
    metrics: Rows,
    converted: Row,
    assumptions: Assumptions,
    cited: Citation,
) -> Result:
    vested, exercised = done
    count = _shares_counted(metrics, clocks.as_of)
    outstanding, counted = _outstanding(count, exercised)
    rows = [_row(row, happened, vested) for row in warrants]
    left = [mine for row in rows if (mine := _open_shares(row)) is not None]
    # No warrants are no dilution; warrants of which no size is disclosed are not.
    all_left = sum(left) if left or not rows else None
    for row in rows:
        mine = _open_shares(row)
        row["pre_issue"] = ratio(mine, outstanding)
        row["post_issue"] = ratio(mine, _after(outstanding, all_left))
    income = latest_metric([row for row in metrics if row["metric"] == "net_income"], clocks.as_of)
    known = Prices(happened.prices, clocks.as_of, assumptions.average_price, assumptions.end_price)
    valued, notes = valuation(
        rows, happened=happened, prices=known, outstanding=outstanding,
        income=income, volatility=assumptions.volatility, rate=assumptions.rate,
    )  # fmt: skip
    events = [key for key in (count["key"] if count else None, *counted, *converted["events"]) if key]
    added = converted["convertible_shares"]
    everything = None if all_left is None or added is None else all_left + added
    summary = {
        "shares_outstanding": outstanding,
        "outstanding_on": count["period_from"] if count else None,
        "warrants_max": None
        if all_left is None
        else sum(row["shares_max"] for row in rows if row["shares_max"] is not None),
        "pre_issue": ratio(all_left, outstanding),
        "post_issue": ratio(all_left, _after(outstanding, all_left)),
        "convertibles": converted["convertibles"],
        "convertible_shares": added,
        "if_converted": ratio(added, _after(outstanding, everything)),
        "events": events,
        **valued,
        "latest_announced_on": cited.latest_announced_on,
    }
    if count is None:
        notes = ("Ownership is not computable: needs the issuer's shares outstanding at these clocks.", *notes)
    shown = [
        {
            name: value
            for name, value in row.items()
            if name not in {"tranches", "ended", "splits", "share_class", "shares_lapsed"}
        }
        for row in rows
    ]
    return Result("dilution", clocks, COLUMNS, shown, summary, (*notes, *cited.notes), SUMMARY)


def _shares_counted(metrics: Rows, as_of: dt.date) -> dict[str, Any] | None:
    """Return the latest count of all shares, which is no average and not of one class alone."""
    counts = [row for row in metrics if row["metric"] == "shares_outstanding"]
    return latest_metric([row for row in counts if not row["average"] and row["share_class"] is None], as_of)


def _open_shares(row: dict[str, Any]) -> int | None:
    """Return the shares that may still be bought under a warrant; None where its size or what lapsed of it is not told."""
    if row["shares_max"] is None or row["shares_lapsed"] is None:
        return None
    left: int = row["shares_max"] - row["shares_lapsed"] - row["shares_exercised"]
    return max(left, 0) if row["shares_lapsed"] else left


def _after(outstanding: int | None, warrants: int | None) -> int | None:
    return None if outstanding is None or warrants is None else outstanding + warrants


def _outstanding(count: dict[str, Any] | None, exercised: Rows) -> tuple[int | None, list[str]]:
    """Return the latest reported count plus the shares of warrants exercised after it, and the events of those."""
    if count is None:
        return None, []
    since: dt.date = count["period_from"]
    later = [row for row in exercised if row["effective_on"] > since]
    return int(count["value"]) + sum(row["shares"] for row in later), [row["key"] for row in later]


def _row(warrant: dict[str, Any], happened: Happened, vested: Rows) -> dict[str, Any]:
    sizes = {tranche["tranche"]: tranche["shares"] for tranche in warrant["tranches"] or ()}
    mine = [row for row in vested if (row["deal"], row["leg"]) == (warrant["deal"], warrant["leg"])]
    counts = [row["shares"] if row["shares"] is not None else sizes.get(row["tranche"]) for row in mine]
    return {
        **warrant,
        "shares_vested": None if None in counts else sum(count for count in counts if count is not None),
        "shares_conditions_met": shares_with_conditions_met(warrant, happened),
        "vested_by_tranche": _by_tranche(mine, counts),
    }


def _by_tranche(vested: Rows, counts: list[int | None]) -> dict[str, int | None]:
    by_tranche: dict[str, int | None] = defaultdict(int)
    for row, count in zip(vested, counts, strict=True):
        name, before = row["tranche"] or "", by_tranche[row["tranche"] or ""]
        by_tranche[name] = None if count is None or before is None else before + count
    return dict(by_tranche)
