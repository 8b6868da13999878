"""Commitments against revenue: what a company has agreed to buy, and what revenue has to carry it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from projections.clocks import Clocks
from projections.kinds import Form, Keyed, Listed
from projections.queries.asked import USUAL_CURRENCY, Rows, by_point, cite, main_currency, points, rounded, total
from projections.queries.commitments.burden import BURDEN, burden
from projections.queries.counted import keep_counted
from projections.queries.revenue import REVENUE, Revenue, choose_revenue, latest_metric
from projections.queries.weighing import EXPECTED, add_expected
from projections.result import Column, Result
from projections.warehouse import Warehouse

__all__ = ["COLUMNS", "SUMMARY", "commitments", "commitments_over"]

COLUMNS = (
    Column("buyer", "text", optional=True),
    Column("supplier", "text"),
    Column("currency", "text"),
    Column("headline", "money"),
    Column("binding", "money"),
    Column("performed", "money", optional=True),
    Column("remaining", "money", optional=True),
    Column("capacity_gw", "gw"),
    Column("firm_gw", "gw", optional=True),
    Column("undisclosed", "count"),
    Column("status", "status"),
    Column("events", "list", optional=True),
)
_AMOUNTS: Form = dict.fromkeys(("headline", "binding", "performed", "remaining"), "money")
_CITED: Form = {"value": "money", "currency": "text", "basis": "text", "on": "date", "event": "text"}
_CUSTOMER: Form = {
    "customer": "text",
    "share": "share",
    "basis": "text",
    "period_from": "date",
    "period_to": "date",
    "event": "text",
}
SUMMARY: Form = {
    "currency": "text",
    **_AMOUNTS,
    "totals": Keyed(_AMOUNTS),
    "capacity_gw_min": "gw",
    "capacity_gw_max": "gw",
    "capacity_gw_by_layer": Keyed("gw"),
    "undisclosed": "count",
    "revenue": REVENUE,
    "multiple_headline": "multiple",
    "multiple_binding": "multiple",
    "multiple_remaining": "multiple",
    "stated": _CITED,
    "multiple_stated": "multiple",
    "unexplained": "money",
    "supplier_side": {
        "rpo": _CITED,
        "rpo_multiple": "multiple",
        "backlog": _CITED,
        "backlog_multiple": "multiple",
        "customer_shares": Listed(_CUSTOMER),
    },
    "burden": BURDEN,
    "latest_announced_on": "date",
}
_METRICS = ("revenue", "stated_commitments", "cash", "rpo", "backlog", "customer_share")


def commitments(
    warehouse: Warehouse,
    clocks: Clocks,
    *,
    company: str,
    revenue_basis: str | None = None,
    years: int | None = None,
    compute_share: Decimal | None = None,
    include_ended: bool = False,
    weights: Mapping[str, Decimal] | None = None,
) -> Result:
    """Say what a company (a slug) has committed to buy, against the revenue that must carry it.

    `revenue_basis` overrides the default choice of revenue; `years` spreads undated amounts evenly, on request only;
    `compute_share` is the share of revenue that may go to compute (0 to 1); `weights` (by status, the user's own) add the
    column `expected`.
    """
    return commitments_over(
        warehouse,
        [clocks],
        company=company,
        revenue_basis=revenue_basis,
        years=years,
        compute_share=compute_share,
        include_ended=include_ended,
        weights=weights,
    )[0]


def commitments_over(
    warehouse: Warehouse,
    clocks: Sequence[Clocks],
    *,
    company: str,
    revenue_basis: str | None = None,
    years: int | None = None,
    compute_share: Decimal | None = None,
    include_ended: bool = False,
    weights: Mapping[str, Decimal] | None = None,
) -> list[Result]:
    """Answer `commitments` at many clock triples in one pass."""
    at, count = points(clocks), len(clocks)
    keep_counted(warehouse, at, about=company, with_ended=include_ended)
    warehouse.keep(
        "purchases", "SELECT * FROM commitments_shown($1, 'legs_counted', $2, $3)", [at, company, include_ended]
    )
    rows = by_point(warehouse.query("SELECT * FROM commitments('purchases', 'proof')"), count)
    layers = by_point(warehouse.query("SELECT * FROM capacity_by_layer('purchases') ORDER BY layer"), count)
    metrics = by_point(
        warehouse.query(
            "SELECT * FROM metrics_in_effect($1) WHERE company = $2 AND list_contains($3, metric)",
            [at, company, list(_METRICS)],
        ),
        count,
    )
    schedules = by_point(
        warehouse.query(
            "SELECT pt, deal, leg, buyer, supplier, status, currency, headline, schedule FROM purchases "
            "ORDER BY pt, deal, leg"
        ),
        count,
    )
    if weights is not None:
        for i in range(count):
            told = [leg for leg in schedules[i] if leg["headline"] is not None]
            add_expected(rows[i], told, ("buyer", "supplier", "currency"), weights)
    columns = COLUMNS if weights is None else (*COLUMNS[:-1], EXPECTED, COLUMNS[-1])
    cited = cite(warehouse, clocks, rows)
    results = []
    for i, triple in enumerate(clocks):
        chosen = choose_revenue(_of(metrics[i], "revenue"), triple.as_of, revenue_basis)
        summary, notes = _summary(rows[i], layers[i], metrics[i], chosen, triple)
        carried, more = burden(
            schedules[i],
            chosen,
            triple.as_of,
            cash=_value(_of(metrics[i], "cash"), triple),
            years=years,
            share=compute_share,
        )
        summary = {**summary, "burden": carried, "latest_announced_on": cited[i].latest_announced_on}
        results.append(
            Result("commitments", triple, columns, rows[i], summary, (*notes, *more, *cited[i].notes), SUMMARY)
        )
    return results


def _of(metrics: Rows, name: str) -> Rows:
    return [row for row in metrics if row["metric"] == name]


def _value(metrics: Rows, clocks: Clocks) -> dict[str, Any] | None:
    return latest_metric(metrics, clocks.as_of)


def _summary(
    rows: Rows, layers: Rows, metrics: Rows, revenue: Revenue | None, clocks: Clocks
) -> tuple[dict[str, Any], tuple[str, ...]]:
    from projections.measures import multiple, unexplained

    currencies = sorted({row["currency"] for row in rows if row["currency"]})
    # Rows of no known currency join the only currency there is, as legs do within a row.
    joining = {None} if len(currencies) == 1 else set()
    totals = {
        currency: {
            name: total(row[name] for row in rows if row["currency"] in {currency, *joining})
            for name in ("headline", "binding", "performed", "remaining")
        }
        for currency in currencies
    }
    of_revenue = revenue.currency if revenue else None
    currency = of_revenue if of_revenue in totals else main_currency(totals) or of_revenue or USUAL_CURRENCY
    # Nothing recorded is nothing committed; legs of which nothing is disclosed are not 0.
    nothing = None if rows else Decimal(0)
    figures = totals.get(currency, dict.fromkeys(("headline", "binding", "performed", "remaining"), nothing))
    comparable = revenue.value if revenue and revenue.currency == currency else None
    stated = _value(_of(metrics, "stated_commitments"), clocks)
    stated_value = stated["value"] if stated else None
    stated_fits = stated is not None and revenue is not None and stated["unit"] == revenue.currency
    stated_headline = total(row["headline"] for row in rows if stated and row["currency"] == stated["unit"])
    headline = figures["headline"]
    summary = {
        "currency": currency,
        **figures,
        "totals": totals,
        "capacity_gw_min": max((row["capacity_gw"] for row in layers), default=nothing),
        "capacity_gw_max": total(row["capacity_gw"] for row in layers) if layers else nothing,
        "capacity_gw_by_layer": {row["layer"]: row["capacity_gw"] for row in layers},
        "undisclosed": sum(row["undisclosed"] for row in rows),
        "revenue": revenue.as_summary() if revenue else None,
        "multiple_headline": rounded(multiple(headline, comparable)),
        "multiple_binding": rounded(multiple(figures["binding"], comparable)),
        "multiple_remaining": rounded(multiple(figures["remaining"], comparable)),
        "stated": _cited(stated),
        "multiple_stated": rounded(multiple(stated_value, revenue.value)) if stated_fits and revenue else None,
        "unexplained": unexplained(stated_value, [stated_headline or Decimal(0)]),
        "supplier_side": _supplier_side(metrics, revenue, clocks),
    }
    return summary, _notes(summary, revenue)


def _cited(metric: dict[str, Any] | None) -> dict[str, Any] | None:
    if metric is None:
        return None
    return {
        "value": metric["value"],
        "currency": metric["unit"],
        "basis": metric["basis"],
        "on": metric["period_from"],
        "event": metric["key"],
    }


def _supplier_side(metrics: Rows, revenue: Revenue | None, clocks: Clocks) -> dict[str, Any]:
    """Return what customers owe the company: RPO and vendor backlog apart, and single customers' shares."""
    from projections.measures import multiple

    rpo, backlog = _value(_of(metrics, "rpo"), clocks), _value(_of(metrics, "backlog"), clocks)

    def over_revenue(metric: dict[str, Any] | None) -> Decimal | None:
        fits = metric is not None and revenue is not None and metric["unit"] == revenue.currency
        return rounded(multiple(metric["value"], revenue.value)) if fits and metric and revenue else None

    shares = sorted(
        (row for row in _of(metrics, "customer_share") if row["period_from"] <= clocks.as_of),
        key=lambda row: (row["ends_on"], row["okey"]),
        reverse=True,
    )
    return {
        "rpo": _cited(rpo),
        "rpo_multiple": over_revenue(rpo),
        "backlog": _cited(backlog),
        "backlog_multiple": over_revenue(backlog),
        "customer_shares": [
            {
                "customer": row["counterparty"],
                "share": row["value"],
                "basis": row["basis"],
                "period_from": row["period_from"],
                "period_to": row["period_to"],
                "event": row["key"],
            }
            for row in shares
        ],
    }


def _notes(summary: dict[str, Any], revenue: Revenue | None) -> tuple[str, ...]:
    notes = []
    if revenue is None:
        notes.append("Multiples are not computable: no revenue of the company is visible at these clocks.")
    else:
        notes.append(f"Revenue chosen: {revenue.why} ({revenue.basis}, {revenue.method}; {revenue.events[-1]}).")
        if revenue.currency != summary["currency"]:
            notes.append(f"Multiples are not computable: revenue is in {revenue.currency}.")
    if summary["undisclosed"]:
        notes.append(f"{summary['undisclosed']} legs have an undisclosed amount; they are counted, never taken as 0.")
    others = [code for code in summary["totals"] if code != summary["currency"]]
    if others:
        notes.append(f"Amounts in {', '.join(others)} stand apart in `totals`; currencies are never added.")
    return tuple(notes)
