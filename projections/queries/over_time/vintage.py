"""How one number was told over time: first, restated, contested, corrected; each telling with its three clocks."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from typing import Any

from events.errors import NotFoundError, not_found
from projections.clocks import Clocks
from projections.kinds import Form
from projections.queries.asked import Rows, known_leg, resolve, unseen
from projections.result import Column, Result
from projections.warehouse import Warehouse

__all__ = ["COLUMNS", "PICKS", "SUMMARY", "vintage_of_leg", "vintage_of_metric"]

_YEAR = re.compile(r"[0-9]{4}\Z")
PICKS = ("all", "first", "latest", "known")
COLUMNS = (
    Column("told", "text"),
    Column("announced_on", "date"),
    Column("effective_on", "date"),
    Column("recorded_at", "instant", optional=True),
    Column("position", "count", optional=True),
    Column("period_from", "date", optional=True),
    Column("period_to", "date", optional=True),
    Column("basis", "text", optional=True),
    Column("status", "status", optional=True),
    Column("value", "measured", unit="unit"),
    Column("qualifier", "text", optional=True),
    Column("unit", "text"),
    Column("publisher", "text"),
    Column("event", "text"),
)
SUMMARY: Form = {"about": "text", "pick": "text", "tellings": "count"}
_SOURCE = """
    LEFT JOIN source AS s ON t.slot = s.slot AND t.seen_from = s.seen_from
    INNER JOIN log AS l ON t.read_at = l.position
    WHERE l.position <= ($1).recorded_by"""
_KNOWN = "visible(t.effective_on, t.announced_on, t.seen_from, t.seen_to, $1) AS known"


def vintage_of_leg(warehouse: Warehouse, clocks: Clocks, leg_ref: str, *, pick: str = "all") -> Result:
    """Tell a leg's terms and statuses in the order they were told. Raises NotFoundError for a leg that never had terms.

    `pick`: `first` telling, `latest` telling (hindsight), `known` (what a query at the clocks may see), or `all`.
    """
    deal, _, leg = known_leg(warehouse, leg_ref).partition("/")
    rows = warehouse.query(
        f"""
        SELECT t.key AS event, t.effective_on, t.announced_on, l.recorded_at, l.position, t.status,
            t.amount AS value, t.qualifier, t.currency AS unit, s.publisher, s.contested, t.slot, t.read_at,
            t.seen_to, t.okey, l.type AS entry_type, l.key AS entry_key, {_KNOWN}
        FROM terms AS t {_SOURCE} AND t.deal = $2 AND t.leg = $3
        UNION ALL
        SELECT t.key, t.effective_on, t.announced_on, l.recorded_at, l.position, t.status,
            NULL, NULL, NULL, s.publisher, s.contested, t.slot, t.read_at, t.seen_to, t.okey, l.type, l.key, {_KNOWN}
        FROM status AS t {_SOURCE} AND t.deal = $2 AND (t.leg = $3 OR t.leg IS NULL)
        """,  # noqa: S608 - a constant of this module
        [clocks.point(), deal, leg],
    )
    result = _result(warehouse, clocks, rows, leg_ref, pick)
    return result if result.rows else dataclasses.replace(result, notes=unseen(warehouse, [clocks], deal, leg))


def vintage_of_metric(
    warehouse: Warehouse,
    clocks: Clocks,
    company: str,
    metric: str,
    *,
    period: str | None = None,
    basis: str | None = None,
    pick: str = "all",
) -> Result:
    """Tell a company's metric in the order it was told; `period` (a year such as 2025, or a day) keeps one period.

    Raises NotFoundError for a metric that was never told of the company, or not for the period or on the basis.
    """
    slug = resolve(warehouse, clocks, company)
    rows = warehouse.query(
        f"""
        SELECT t.key AS event, t.effective_on, t.announced_on, l.recorded_at, l.position, t.basis, t.period_from,
            t.period_to, t.value, t.qualifier, t.unit, s.publisher, s.contested, t.slot, t.read_at,
            t.seen_to, t.okey, l.type AS entry_type, l.key AS entry_key, {_KNOWN}
        FROM metric AS t {_SOURCE} AND t.company = $2 AND coalesce(t.metric_name, t.metric) = $3
        """,  # noqa: S608 - a constant of this module
        [clocks.point(), slug, metric],
    )
    if not rows:
        later = Result(
            "vintage", clocks, COLUMNS, [], {"about": f"{slug} {metric}", "pick": pick, "tellings": 0}, form=SUMMARY
        )
        return dataclasses.replace(later, notes=(_told_later(warehouse, slug, metric),))
    asked = [row for row in rows if basis in {None, row["basis"]} and (period is None or _is_period(row, period))]
    if not asked:
        wanted = " ".join(part for part in (f"for {period}" if period else "", f"as {basis}" if basis else "") if part)
        told = sorted({f"{row['period_from']}..{row['period_to'] or ''} {row['basis']}" for row in rows})
        raise NotFoundError(f"{slug} has no {metric!r} {wanted} in this ledger", advice=f"there is: {', '.join(told)}")
    return _result(warehouse, clocks, asked, f"{slug} {metric}", pick)


def _told_later(warehouse: Warehouse, slug: str, metric: str) -> str:
    """Say from when a metric of a company is told. Raises NotFoundError with the nearest metric where it never is."""
    rows = warehouse.query(
        "SELECT coalesce(metric_name, metric) AS metric, min(read_at) AS first FROM metric WHERE company = $1 GROUP BY ALL",
        [slug],
    )
    first = {row["metric"]: row["first"] for row in rows}
    if metric not in first:
        listed = f"told of {slug}: {', '.join(sorted(first))}" if first else f"see: deals log --company {slug}"
        raise not_found(f"{slug} has no metric called", metric, first, otherwise=listed)
    return (
        f"{metric} of {slug} is told only from number {first[metric]} of the log on, which is later than these clocks."
    )


def _is_period(row: dict[str, Any], period: str) -> bool:
    """Match a year (2025), a day (2025-12-31), or a range (2025-01-01..2026-01-01)."""
    start, end = row["period_from"], row["period_to"]
    if ".." in period:
        return [str(start), str(end)] == period.split("..")
    if end is None:
        return str(start).startswith(period)
    if _YEAR.match(period):
        return (str(start), str(end)) == (f"{period}-01-01", f"{int(period) + 1:04}-01-01")
    return str(end - dt.timedelta(days=1)) == period


def _result(warehouse: Warehouse, clocks: Clocks, rows: Rows, about: str, pick: str) -> Result:
    rows.sort(key=lambda row: (row["announced_on"], row["position"]))
    firsts: set[Any] = set()
    tellings: list[dict[str, Any]] = []
    for row in rows:
        identity = (
            row.get("basis"),
            row.get("unit") if "basis" in row else None,
            row.get("period_from"),
            row.get("period_to"),
        )
        if row["entry_type"] == "event_corrected":
            told = "corrected"
        elif "basis" in row:
            told = "restated" if identity in firsts else "first told"
        elif row["value"] is None and row["unit"] is None and row["entry_type"] == "status_changed":
            told = "status"
        else:
            told = "amended" if identity in firsts else "first told"
        if told != "status":
            firsts.add(identity)
        tellings.append({**row, "told": told})
        tellings += [_contested(row, claim) for claim in row["contested"] or ()]
    tellings += _retractions(warehouse, clocks, rows)
    chosen = _picked(tellings, pick)
    shown = [{name: row.get(name) for name in (*(c.name for c in COLUMNS), "known", "entry")} for row in chosen]
    summary = {"about": about, "pick": pick, "tellings": len(tellings)}
    return Result("vintage", clocks, COLUMNS, shown, summary, form=SUMMARY)


def _contested(row: dict[str, Any], claim: dict[str, Any]) -> dict[str, Any]:
    """Return another source's claim as a telling of its own, with its words in place of a qualifier."""
    return {
        **{name: row.get(name) for name in ("announced_on", "effective_on", "recorded_at", "position", "event")},
        "told": "contested",
        "value": claim["amount"],
        "unit": claim["currency"],
        "qualifier": claim["value"],
        "publisher": claim["publisher"],
        "known": False,
    }


def _retractions(warehouse: Warehouse, clocks: Clocks, rows: Rows) -> list[dict[str, Any]]:
    slots = sorted({row["slot"] for row in rows})
    found = warehouse.query(
        "SELECT key AS event, announced_on, effective_on, recorded_at, position FROM log "
        "WHERE type = 'event_retracted' AND list_contains($1, slot) AND position <= $2 ORDER BY position",
        [slots, clocks.recorded_by],
    )
    return [{**row, "told": "retracted", "known": False} for row in found]


def _picked(tellings: list[dict[str, Any]], pick: str) -> list[dict[str, Any]]:
    own = [row for row in tellings if row["told"] not in {"contested", "retracted"} and row.get("seen_to")]
    if pick == "first":
        return own[:1]
    if pick == "latest":
        return [max(own, key=lambda row: row["okey"])] if own else []
    if pick == "known":
        seen = [row for row in own if row["known"]]
        return [max(seen, key=lambda row: row["okey"])] if seen else []
    return tellings
