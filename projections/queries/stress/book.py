"""The book that a stress is run on: who has claims on whom, what falls due when, and what each company has to lose.

Everything is read from the ledger at one clock triple, in one currency, on one basis. What is not disclosed stays in
lists of its own and is never 0.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from events.statuses import STATUSES
from projections.clocks import Clocks
from projections.queries.asked import Rows, points, rests_on
from projections.queries.counted import keep_claims
from projections.queries.revenue import Revenue, choose_revenue, latest_metric
from projections.queries.stress.legs import LegBasis, Promise, read_leg, read_loan
from projections.queries.stress.scenario import Scenario
from projections.result import plain
from projections.warehouse import Warehouse

__all__ = ["Book", "Figure", "open_book"]

_LEGS = """
SELECT deal || '/' || leg AS leg_ref, deal, leg, type, first_party, second_party, beneficiary, status, conditional,
    currency, headline, binding, performed, repaid, prepaid, collateral, covers, subject, schedule, starts_on, ends_on,
    tranches, relies_on, capacity_gw, delivered_gw, shares, exercise_price, price_currency, undisclosed, hypothetical,
    guarantee_kind, sellers, fee, option_exercised
FROM legs_counted WHERE NOT ended ORDER BY deal, leg
"""
_LOANS = """
SELECT l.deal || '/' || l.leg AS leg_ref, l.exposed, l."to", l.status, l.currency, l.headline, l.binding, l.performed,
    l.gross, s.ends_on
FROM claims_at AS l INNER JOIN legs_counted AS s ON l.deal = s.deal AND l.leg = s.leg
WHERE l.kind = 'loan' AND NOT l.ended ORDER BY l.deal, l.leg, l.exposed NULLS LAST
"""
_EVIDENCE = """
SELECT deal || '/' || leg AS leg_ref, positions FROM evidence_counted
"""
_FIGURES = """
SELECT * FROM metrics_in_effect($1)
WHERE list_contains(['equity', 'cash', 'revenue', 'gpu_hour_price'], metric)
"""
_REGISTERED = "SELECT company, max(slot) AS slot FROM company WHERE standing(seen_from, seen_to, $1) GROUP BY company"
# What has been measured or told of the past; guidance is a hope.
ACTUAL = ("gaap", "statement", "estimate")


@dataclass(frozen=True, slots=True)
class Figure:
    """A company's equity, cash or yearly revenue: the value and the log positions that it rests on (none: assumed)."""

    value: Decimal
    positions: tuple[int, ...]
    assumed: bool = False


@dataclass
class Book:
    """What a stress is run on.

    `promises` are claims, dues and undisclosed amounts leg by leg; `figures` maps (company, metric) to what is known or
    assumed; `legs` and `loans` (a row for each lender) are the states of live legs in the scenario's currency or in none yet known; `positions` maps a leg to the log positions of its events;
    `registered` a company to its registration.
    """

    clocks: Clocks
    end: dt.date
    legs: Rows
    loans: Rows
    promises: list[Promise]
    figures: dict[tuple[str, str], Figure]
    metrics: Rows
    prices: Rows
    positions: dict[str, tuple[int, ...]]
    registered: dict[str, int]
    notes: list[str] = field(default_factory=list)

    def figure(self, company: str | None, metric: str) -> Figure | None:
        """Return a company's figure, None where it is neither known nor assumed."""
        return None if company is None else self.figures.get((company, metric))

    def revenue_rows(self, company: str) -> Rows:
        """List the revenue metrics of a company that are in effect."""
        return [row for row in self.metrics if row["company"] == company and row["metric"] == "revenue"]

    def revenue_before(self, company: str, day: dt.date) -> Revenue | None:
        """Choose the revenue whose period had ended by a day."""
        ended = [row for row in self.revenue_rows(company) if row["ends_on"] <= day and row["basis"] != "guidance"]
        return choose_revenue(ended, day)


def open_book(warehouse: Warehouse, clocks: Clocks, scenario: Scenario) -> Book:
    """Read the ledger for a scenario whose ranges are settled and whose companies are slugs."""
    at = points([clocks])
    end = scenario.horizon_end(clocks.as_of)
    keep_claims(warehouse, at)
    every_leg = warehouse.query(_LEGS)
    ours = {scenario.currency, None}
    legs = [row for row in every_leg if row["currency"] in ours]
    loans = [row for row in warehouse.query(_LOANS) if row["currency"] in ours]
    metrics = warehouse.query(_FIGURES, [at])
    done = {
        (row["deal"], row["leg"], row["tranche"]) for row in warehouse.query("SELECT * FROM tranches_done($1)", [at])
    }
    reading = LegBasis(
        as_of=clocks.as_of, end=end, basis=scenario.basis, least=STATUSES.index(scenario.least_status),
        years=scenario.horizon_years(), undated_years=scenario.undated_years, done=done,
    )  # fmt: skip
    book = Book(
        clocks=clocks,
        end=end,
        legs=legs,
        loans=loans,
        promises=_promises(reading, legs, loans),
        figures=_figures(metrics, clocks.as_of, scenario.currency),
        metrics=metrics,
        prices=warehouse.query("SELECT * FROM prices_in_effect($1) ORDER BY day, slot", [at]),
        positions={row["leg_ref"]: tuple(row["positions"]) for row in warehouse.query(_EVIDENCE)},
        registered={row["company"]: row["slot"] for row in warehouse.query(_REGISTERED, [clocks.recorded_by])},
    )
    others = sorted({row["currency"] for row in every_leg if row["currency"]} - ours)
    if others:
        book.notes.append(f"Legs in {', '.join(others)} are left out: currencies are never added.")
    return book


def _promises(reading: LegBasis, legs: Rows, loans: Rows) -> list[Promise]:
    found = [promise for row in legs for promise in read_leg(row, reading)]
    found += [promise for row in loans for promise in read_loan(row, reading)]
    return [promise for promise in found if promise.creditor != promise.debtor]


def _figures(metrics: Rows, as_of: dt.date, currency: str) -> dict[tuple[str, str], Figure]:
    """Pick each company's equity and cash, and its revenue by the rule for multiples, in the scenario's currency."""
    held: dict[tuple[str, str], Rows] = {}
    for row in metrics:
        if row["company"] and row["unit"] == currency and row["basis"] in (*ACTUAL, "run_rate"):
            held.setdefault((row["company"], row["metric"]), []).append(row)
    figures: dict[tuple[str, str], Figure] = {}
    for (company, metric), rows in held.items():
        if metric == "revenue":
            chosen = choose_revenue(rows, as_of)
            if chosen:
                figures[company, metric] = Figure(chosen.value, _places(rows, chosen.events))
        else:
            latest = latest_metric(rows, as_of, bases=ACTUAL)
            if latest:
                figures[company, metric] = Figure(latest["value"], _places(rows, [latest["key"]]))
    return figures


def _places(rows: Rows, keys: Iterable[str]) -> tuple[int, ...]:
    wanted = set(keys)
    return tuple(sorted(rests_on(row for row in rows if row["key"] in wanted)))


def assume(book: Book, scenario: Scenario, names: dict[str, str]) -> None:
    """Put a scenario's assumptions where the ledger is silent, or before its word where they say so; note each."""
    for item in scenario.assumptions:
        company, known = names[item.company], book.figures.get((names[item.company], item.metric))
        value: Any = item.value
        if known is not None and not item.overrides:
            book.notes.append(
                f"The ledger has the {item.metric} of {company} ({plain(known.value)} {scenario.currency}), "
                "so the scenario's assumption is not used."
            )
            continue
        book.figures[company, item.metric] = Figure(value, (), assumed=True)
        book.notes.append(f"Assumed: {item.metric} of {company} {plain(value)} {scenario.currency} ({item.reason}).")
