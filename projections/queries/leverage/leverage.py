"""Leverage on paper: a company's own debt, and the debt of others that its contracts service, over its revenue."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from projections.clocks import Clocks
from projections.kinds import Form, Keyed
from projections.queries.asked import Rows, by_point, cite, points, ratio, rests_on, rounded, total
from projections.queries.counted import keep_claims
from projections.queries.leverage.debts import Burden, Debts, guarantee_caps, read_debts
from projections.queries.leverage.lenders import BY_LENDER_TYPE
from projections.queries.leverage.notes import leverage_notes
from projections.queries.leverage.sums import sums_of_loans
from projections.queries.revenue import Revenue, choose_revenue, latest_metric
from projections.result import Column, Result
from projections.warehouse import Warehouse

__all__ = ["COLUMNS", "SUMMARY", "leverage", "leverage_over"]

COLUMNS = (
    Column("company", "text"),
    Column("layer", "text", optional=True),
    Column("currency", "text"),
    Column("own_debt", "money"),
    Column("own_debt_basis", "text", optional=True),
    Column("own_loans", "money", optional=True),
    Column("own_undrawn", "money", optional=True),
    Column("serviced_executed", "money"),
    Column("serviced_in_talks", "money"),
    Column("total", "money"),
    Column("revenue", "money", optional=True),
    Column("revenue_basis", "text", optional=True),
    Column("shadow_leverage_executed", "multiple"),
    Column("shadow_leverage", "multiple"),
    Column("guarantees_given", "money", optional=True),
    Column("guarantees_in_talks", "money", optional=True),
    Column("loi_backed", "money"),
    Column("undisclosed", "count"),
    Column("gross_margin", "share", optional=True),
    Column("gross_margin_of", "text", optional=True),
    Column("revenue_to_serve", "money", optional=True),
    Column("loans", "list", optional=True),
    Column("events", "list", optional=True),
)
_LOANS: Form = {
    "loans": "count",
    **dict.fromkeys(("amount", "executed", "loi_backed", "loi_backed_executed"), "money"),
    "loi_backed_share": "share",
    "loi_backed_share_executed": "share",
}
_TALLY: Form = {"value": "money", "currency": "text", "on": "date", "unexplained": "money", "event": "text"}
SUMMARY: Form = {
    "currency": "text",
    "loans_amount": "money",
    "loans_executed": "money",
    "loi_backed": "money",
    "loi_backed_share": "share",
    "loans": Keyed(_LOANS),
    "by_lender_type": BY_LENDER_TYPE,
    "undisclosed": "count",
    "total": "money",
    "shadow_leverage": "multiple",
    "stated_partner_debt": _TALLY,
    "latest_announced_on": "date",
}
_ACTUAL = ("gaap", "statement", "estimate")
_METRICS = """
SELECT * FROM metrics_in_effect($1) WHERE company IS NOT NULL
AND (metric IN ('revenue', 'debt', 'gross_margin') OR (metric = 'other'
    AND (metric_name LIKE '%gross_margin' OR metric_name LIKE 'partner_debt%')))
"""
_LENDERS = (
    "SELECT pt, deal || '/' || leg AS leg_ref, exposed, \"to\", currency, headline, gross FROM claims_at "
    "WHERE kind = 'loan' AND NOT ended"
)


def leverage(
    warehouse: Warehouse, clocks: Clocks, *, company: str | None = None, revenue_basis: str | None = None
) -> Result:
    """Say how much debt rests on each company's contracts, at one clock triple; see `leverage_over`."""
    return leverage_over(warehouse, [clocks], company=company, revenue_basis=revenue_basis)[0]


def leverage_over(
    warehouse: Warehouse, clocks: Sequence[Clocks], *, company: str | None = None, revenue_basis: str | None = None
) -> list[Result]:
    """Answer at many clock triples in one pass; money in units of each row's currency.

    `company` (a slug) keeps its row, and in the summary the loans that bear on it; `revenue_basis` overrides the default
    choice of revenue. Raises BadValueError for an unknown basis.
    """
    at, count = points(clocks), len(clocks)
    debts = read_debts(warehouse, clocks)
    keep_claims(warehouse, at)
    metrics = by_point(warehouse.query(_METRICS, [at]), count)
    lenders = by_point(warehouse.query(_LENDERS), count)
    layers = by_point(warehouse.query("SELECT pt, company, layer FROM layers($1)", [at]), count)
    answers = []
    for i, triple in enumerate(clocks):
        told = _Told(metrics[i], {row["company"]: row["layer"] for row in layers[i]}, triple, revenue_basis)
        burdens = [one for one in debts[i].burdens() if company in {None, one.company}]
        rows = _rows(debts[i], burdens, told, company)
        bearing = {one.loan for one in burdens}
        summary = sums_of_loans(debts[i], [row for row in lenders[i] if row["leg_ref"] in bearing], bearing)
        one = rows[0] if company is not None and rows else None
        summary |= {name: one[name] if one else None for name in ("total", "shadow_leverage")}
        if company is not None:
            summary["stated_partner_debt"] = told.partner_debt(company, rows)
        answers.append((rows, summary))
    cited = cite(warehouse, clocks, [rows for rows, _ in answers])
    return [
        Result(
            "leverage",
            triple,
            COLUMNS,
            rows,
            {**summary, "latest_announced_on": fresh.latest_announced_on},
            (*leverage_notes(rows, summary, company), *fresh.notes),
            SUMMARY,
        )
        for triple, (rows, summary), fresh in zip(clocks, answers, cited, strict=True)
    ]


class _Told:
    """What companies have told of themselves at one clock triple, by company."""

    def __init__(self, metrics: Rows, layers: Mapping[str, str], clocks: Clocks, revenue_basis: str | None) -> None:
        self.layers = layers
        self._clocks = clocks
        self._revenue_basis = revenue_basis
        self._metrics: defaultdict[tuple[str, str], Rows] = defaultdict(list)
        for row in metrics:
            self._metrics[row["company"], row["metric"]].append(row)

    def in_debt(self) -> set[str]:
        """List the companies that have told their debt."""
        return {company for company, metric in self._metrics if metric == "debt"}

    def revenue(self, company: str) -> tuple[Revenue | None, set[int]]:
        """Choose a company's revenue, with the log positions it rests on."""
        reports = self._metrics[company, "revenue"]
        chosen = choose_revenue(reports, self._clocks.as_of, self._revenue_basis)
        used = [row for row in reports if chosen and row["key"] in chosen.events]
        return chosen, rests_on(used)

    def debt(self, company: str) -> dict[str, Any] | None:
        """Return a company's latest debt on a balance sheet."""
        return latest_metric(self._metrics[company, "debt"], self._clocks.as_of, bases=_ACTUAL)

    def margin(self, company: str) -> dict[str, Any] | None:
        """Return a gross margin: that of a line of business where one is told, for debt pays for lines; else the company's."""
        lines = [row for row in self._metrics[company, "other"] if row["metric_name"].endswith("gross_margin")]
        for rows in (lines, self._metrics[company, "gross_margin"]):
            found = latest_metric(rows, self._clocks.as_of, bases=_ACTUAL)
            if found is not None:
                return found
        return None

    def partner_debt(self, company: str, rows: Rows) -> dict[str, Any] | None:
        """Return a published tally of partners' debt beside the loans recorded, and what they do not explain."""
        from projections.measures import unexplained

        tallies = [row for row in self._metrics[company, "other"] if row["metric_name"].startswith("partner_debt")]
        found = latest_metric(tallies, self._clocks.as_of)
        if found is None:
            return None
        recorded = total(
            row[name] for row in rows for name in ("serviced_executed", "serviced_in_talks")
            if row["currency"] == found["unit"]
        )  # fmt: skip
        return {
            "value": found["value"],
            "currency": found["unit"],
            "on": found["period_from"],
            "unexplained": unexplained(found["value"], [recorded or Decimal(0)]),
            "event": found["key"],
        }


def _rows(debts: Debts, burdens: Sequence[Burden], told: _Told, company: str | None) -> Rows:
    by_company: defaultdict[str, list[Burden]] = defaultdict(list)
    for one in burdens:
        by_company[one.company].append(one)
    guarantees: defaultdict[str, Rows] = defaultdict(list)
    for row in debts.guarantees:
        guarantees[row["first_party"]].append(row)
    names = {*by_company, *guarantees, *told.in_debt()}
    rows = []
    for name in sorted(names if company is None else names & {company}):
        metric = told.debt(name)
        currencies = {one.currency for one in by_company[name]} | {row["currency"] for row in guarantees[name]}
        currencies |= {metric["unit"]} if metric else set()
        known = sorted(code for code in currencies if code is not None)
        # What has no currency of its own joins an only one.
        for code in known or [None]:
            joins = {code, None} if len(known) <= 1 else {code}
            rows.append(
                _row(
                    name,
                    code,
                    [one for one in by_company[name] if one.currency in joins],
                    [row for row in guarantees[name] if row["currency"] in joins],
                    told,
                )
            )
    return sorted(rows, key=_rank)


def _row(name: str, currency: str | None, burdens: Sequence[Burden], guarantees: Rows, told: _Told) -> dict[str, Any]:
    from projections.measures import revenue_to_service, shadow_leverage

    own = [one for one in burdens if one.role == "own"]
    others = [one for one in burdens if one.role != "own"]
    own_loans = sum((one.drawn for one in own), Decimal(0)) if own else None
    metric, margin = told.debt(name), told.margin(name)
    own_debt, basis = _own_debt(metric, own_loans, currency)
    executed = sum((one.executed for one in others), Decimal(0))
    in_talks = sum((one.in_talks for one in others), Decimal(0))
    revenue, behind_revenue = told.revenue(name)
    comparable = revenue.value if revenue and revenue.currency == currency else None
    borne = None
    if own_debt is not None:
        borne = shadow_leverage(
            own_drawn=own_debt, partners_executed=executed, partners_in_talks=in_talks, revenue=comparable
        )
    caps = [guarantee_caps(row) for row in guarantees]
    positions = behind_revenue | rests_on(row for row in (metric, margin) if row is not None)
    return {
        "company": name,
        "layer": told.layers.get(name),
        "currency": currency,
        "own_debt": own_debt,
        "own_debt_basis": basis,
        "own_loans": own_loans,
        "own_undrawn": sum((one.executed - one.drawn for one in own), Decimal(0)) if own else None,
        "serviced_executed": executed,
        "serviced_in_talks": in_talks,
        "total": borne.total if borne else None,
        "revenue": revenue.value if revenue else None,
        "revenue_basis": f"{revenue.basis}, {revenue.method}, to {revenue.period_to or revenue.period_from}"
        if revenue
        else None,
        "shadow_leverage_executed": ratio(borne.executed, comparable) if borne else None,
        "shadow_leverage": ratio(borne.total, comparable) if borne else None,
        "guarantees_given": total(bound for bound, _ in caps),
        "guarantees_in_talks": total(stated for _, stated in caps),
        "loi_backed": sum((one.executed + one.in_talks for one in burdens if one.loi_backed), Decimal(0)),
        "undisclosed": sum(one.undisclosed for one in burdens),
        "gross_margin": margin["value"] if margin else None,
        "gross_margin_of": (margin["metric_name"] or "company") if margin else None,
        "revenue_to_serve": rounded(revenue_to_service(borne.total, margin["value"])) if borne and margin else None,
        "loans": sorted({one.loan for one in burdens}),
        "positions": sorted(
            positions.union(*(one.positions for one in burdens), *(row["positions"] for row in guarantees))
        ),
    }


def _own_debt(
    metric: dict[str, Any] | None, own_loans: Decimal | None, currency: str | None
) -> tuple[Decimal | None, str | None]:
    """Take the balance sheet where it is visible, else the loans drawn: never both, for the one holds the other."""
    if metric is None:
        return own_loans, None if own_loans is None else "drawn loans"
    if metric["unit"] != currency:
        return None, f"part of the debt told in {metric['unit']}"
    return metric["value"], f"{metric['basis']}, on {metric['ends_on']}"


def _rank(row: dict[str, Any]) -> tuple[Any, ...]:
    """Put the largest debt first; where it is unknown, the largest debt serviced for others."""
    borne = row["serviced_executed"] + row["serviced_in_talks"]
    return (row["total"] is None, -(row["total"] or borne), -borne, row["company"], row["currency"] or "")
