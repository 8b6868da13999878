"""Look-through: whom a company's exposures and revenue really depend on, and which of them are large."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from events.errors import BadValueError
from projections.clocks import Clocks
from projections.kinds import Form, Keyed
from projections.queries.asked import Rows, by_point, cite, main_currency, points, ratio, rests_on, rounded, total
from projections.queries.counted import keep_claims
from projections.queries.lookthrough.dependency import Dependency, from_commitments, from_customer_shares
from projections.queries.lookthrough.parts import CAPACITY, capacity_figures, look_through_notes
from projections.queries.lookthrough.passing import closed_names, pass_through, reached
from projections.queries.revenue import latest_metric
from projections.result import Column, Result
from projections.warehouse import Warehouse

__all__ = ["COLUMNS", "DEPENDENCIES", "SUMMARY", "lookthrough", "lookthrough_over"]

COLUMNS = (
    Column("company", "text", optional=True),
    Column("to", "text"),
    Column("layer", "text", optional=True),
    Column("currency", "text"),
    Column("direct", "money"),
    Column("lookthrough", "money"),
    Column("indirect", "money", optional=True),
    Column("dependency", "share"),
    Column("share_of_equity", "share"),
    Column("large", "flag"),
    Column("breach", "flag"),
    Column("lookthrough_share_of_equity", "share", optional=True),
    Column("undisclosed", "count"),
    Column("events", "list", optional=True),
)
SUMMARY: Form = {
    "basis": "text",
    "currency": "text",
    "dependency_told": Keyed("text"),
    "equity": {"value": "money", "currency": "text", "basis": "text", "on": "date", "event": "text"},
    "direct": "money",
    "large": "count",
    "breach": "count",
    "hhi": "number",
    "hhi_band": "text",
    "customers_hhi": "number",
    "customers_hhi_max": "number",
    "customers_hhi_band": "text",
    "undisclosed": "count",
    "capacity": CAPACITY,
    "latest_announced_on": "date",
}
DEPENDENCIES = ("reported", "commitments")
_ACTUAL = ("gaap", "statement", "estimate")
_DIRECT = """
SELECT e.pt, e."to", e.kind, e.currency, e.gross, k.positions
FROM claims_at AS e INNER JOIN evidence_counted AS k ON e.pt = k.pt AND e.deal = k.deal AND e.leg = k.leg
WHERE e.exposed = $1 AND NOT e.ended
ORDER BY e.pt, e.deal, e.leg, e.kind
"""
_BOUGHT = """
SELECT p.pt, p.buyer, p.supplier, p.currency, p.headline, k.positions
FROM purchase_legs($1, 'legs_counted') AS p INNER JOIN evidence_counted AS k ON p.pt = k.pt AND p.deal = k.deal AND p.leg = k.leg
WHERE NOT p.ended
ORDER BY p.pt, p.deal, p.leg
"""
_METRICS = (
    "SELECT * FROM metrics_in_effect($1) WHERE metric IN ('customer_share', 'rpo', 'backlog') "
    "OR (metric = 'equity' AND company = $2)"
)
_SOLD = """
SELECT pt, sum(capacity_gw) AS capacity_gw
FROM (
    SELECT pt, lot, max(capacity_gw) AS capacity_gw FROM purchase_legs($1, 'legs_counted') WHERE supplier = $2 AND NOT ended GROUP BY ALL
)
GROUP BY pt
"""


@dataclass(frozen=True, slots=True)
class _Read:
    """What one clock triple shows: direct exposures, the dependency, equity, layers and capacity."""

    direct: Rows
    dependency: Dependency
    equity: dict[str, Any] | None
    layers: dict[str, str]
    bought: Rows
    sold_gw: Decimal | None


def lookthrough(
    warehouse: Warehouse,
    clocks: Clocks,
    *,
    company: str,
    basis: str = "revenue",
    dependency: str = "reported",
    gw_per_reactor: Decimal | None = None,
) -> Result:
    """Say whom a company really depends on, at one clock triple; see `lookthrough_over`."""
    return lookthrough_over(
        warehouse, [clocks], company=company, basis=basis, dependency=dependency, gw_per_reactor=gw_per_reactor
    )[0]


def lookthrough_over(
    warehouse: Warehouse,
    clocks: Sequence[Clocks],
    *,
    company: str,
    basis: str = "revenue",
    dependency: str = "reported",
    gw_per_reactor: Decimal | None = None,
) -> list[Result]:
    """Answer at many clock triples in one pass; money in units of each row's currency.

    `dependency` is `reported` (customers' shares as told, on `basis` revenue, rpo, backlog or any) or `commitments`
    (buyers' parts of headline commitments); `gw_per_reactor` replaces the named constant. Raises BadValueError.
    """
    if dependency not in DEPENDENCIES:
        raise BadValueError(f"dependency {dependency!r} is not one of {', '.join(DEPENDENCIES)}")
    read = _read(warehouse, clocks, company=company, basis=basis, dependency=dependency)
    answers = [_answer(one, company) for one in read]
    cited = cite(warehouse, clocks, [rows for rows, _, _ in answers])
    results = []
    for triple, one, (rows, summary, notes), fresh in zip(clocks, read, answers, cited, strict=True):
        figures = {
            "basis": basis if dependency == "reported" else "commitments",
            **summary,
            "capacity": capacity_figures(one.bought, one.sold_gw, gw_per_reactor),
            "latest_announced_on": fresh.latest_announced_on,
        }
        results.append(Result("lookthrough", triple, COLUMNS, rows, figures, (*notes, *fresh.notes), SUMMARY))
    return results


def _read(warehouse: Warehouse, clocks: Sequence[Clocks], *, company: str, basis: str, dependency: str) -> list[_Read]:
    at, count = points(clocks), len(clocks)
    keep_claims(warehouse, at)
    direct = by_point(warehouse.query(_DIRECT, [company]), count)
    metrics = by_point(warehouse.query(_METRICS, [at, company]), count)
    layers = by_point(warehouse.query("SELECT pt, company, layer FROM layers($1)", [at]), count)
    warehouse.keep("purchases", "SELECT * FROM commitments_shown($1, 'legs_counted', $2, false)", [at, company])
    bought = by_point(warehouse.query("SELECT * FROM capacity_by_layer('purchases') ORDER BY layer"), count)
    sold = by_point(warehouse.query(_SOLD, [at, company]), count)
    legs = by_point(warehouse.query(_BOUGHT, [at]), count) if dependency == "commitments" else [[] for _ in clocks]
    read = []
    for i, triple in enumerate(clocks):
        currencies = {row["currency"] for row in direct[i] if row["gross"]} or {row["currency"] for row in legs[i]}
        depends = (
            from_customer_shares(metrics[i], triple.as_of, basis)
            if dependency == "reported"
            else from_commitments(legs[i], main_currency(currencies))
        )
        equity = [row for row in metrics[i] if row["metric"] == "equity"]
        read.append(
            _Read(
                direct[i],
                depends,
                latest_metric(equity, triple.as_of, bases=_ACTUAL),
                {row["company"]: row["layer"] for row in layers[i]},
                bought[i],
                sold[i][0]["capacity_gw"] if sold[i] else None,
            )
        )
    return read


def _answer(read: _Read, company: str) -> tuple[Rows, dict[str, Any], tuple[str, ...]]:
    currency = main_currency(row["currency"] for row in read.direct if row["gross"]) or (
        read.equity["unit"] if read.equity else None
    )
    direct: defaultdict[str, Decimal] = defaultdict(Decimal)
    hidden: defaultdict[str, int] = defaultdict(int)
    positions: defaultdict[str, set[int]] = defaultdict(set)
    for row in read.direct:
        apart = row["gross"] is None or (row["gross"] > 0 and row["currency"] != currency)
        direct[row["to"]] += 0 if apart else row["gross"]
        hidden[row["to"]] += apart
        positions[row["to"]] |= set(row["positions"])
    shares = read.dependency.shares
    names = reached(shares, {company, *(name for name in direct if direct[name] or hidden[name])})
    told = [name for name in names if name in shares]
    closed = closed_names(shares, names)
    passed: dict[str, Decimal] = {}
    depends: dict[str, Decimal] = {}
    if told and not closed:
        passed, depends = pass_through([direct, {company: Decimal(1)}], shares, names)
        depends[company] -= 1
    for supplier in told:
        for customer in shares[supplier]:
            positions[customer] |= read.dependency.positions[supplier, customer]
    base = read.equity["value"] if read.equity and read.equity["unit"] == currency else None
    behind_equity = rests_on([read.equity]) if base and read.equity else set()
    rows = []
    for name in names:
        # A letter of intent exposes nobody to anything: its row would be nothing but zeros.
        if not (direct.get(name) or hidden.get(name) or passed.get(name) or depends.get(name)):
            continue
        amount = direct[name] if direct[name] or not hidden[name] else None
        row = {
            "company": company,
            "to": name,
            "layer": read.layers.get(name),
            "currency": currency,
            "direct": amount,
            "lookthrough": passed[name] if passed and (passed[name] or not hidden[name]) else None,
            "indirect": rounded(passed[name] - direct[name]) if passed else None,
            "dependency": rounded(depends[name]) if company in shares and depends else None,
            "undisclosed": hidden[name],
        }
        rows.append({**row, **_against(row, base), "positions": sorted(positions[name] | behind_equity)})
    rows.sort(key=_rank)
    summary = {
        "currency": currency,
        "dependency_told": {name: read.dependency.told[name] for name in told},
        "equity": _equity(read.equity),
        "direct": total(row["direct"] for row in rows),
        "large": sum(bool(row["large"]) for row in rows),
        "breach": sum(bool(row["breach"]) for row in rows),
        **_concentration(direct, shares.get(company)),
        "undisclosed": sum(hidden.values()),
    }
    return rows, summary, (*look_through_notes(company, rows, told, closed, base, summary), *read.dependency.notes)


def _against(row: dict[str, Any], base: Decimal | None) -> dict[str, Any]:
    """Measure a row against equity; what is large is said of direct exposure only, for look-through is no claim."""
    from projections.measures import large_exposure

    verdict = large_exposure(row["direct"], base)
    return {
        "share_of_equity": rounded(verdict.ratio),
        "large": verdict.large,
        "breach": verdict.breach,
        "lookthrough_share_of_equity": ratio(row["lookthrough"], base),
    }


def _rank(row: dict[str, Any]) -> tuple[Any, ...]:
    figures = (row["lookthrough"], row["direct"], row["dependency"])
    return (*(-figure if figure is not None else Decimal(1) for figure in figures), row["to"])


def _equity(metric: dict[str, Any] | None) -> dict[str, Any] | None:
    if metric is None:
        return None
    return {
        "value": metric["value"],
        "currency": metric["unit"],
        "basis": metric["basis"],
        "on": metric["ends_on"],
        "event": metric["key"],
    }


def _concentration(direct: dict[str, Decimal], customers: dict[str, Decimal] | None) -> dict[str, Any]:
    """Say on how few names the direct exposure hangs, and the company's own revenue: bounds, for the rest is not told."""
    from projections.measures import concentration_band, herfindahl, herfindahl_bounds

    index = herfindahl([amount for amount in direct.values() if amount]) if any(direct.values()) else None
    bounds = herfindahl_bounds(list(customers.values()), whole=Decimal(1)) if customers else None
    return {
        "hhi": rounded(index),
        "hhi_band": concentration_band(index) if index is not None else None,
        "customers_hhi": rounded(bounds.low) if bounds else None,
        "customers_hhi_max": rounded(bounds.high) if bounds else None,
        "customers_hhi_band": concentration_band(bounds.low) if bounds else None,
    }
