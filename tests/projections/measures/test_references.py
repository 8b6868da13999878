"""Every formula is called by the product, or is the reference that the product's own way is held to, or says it stands apart.

The product computes some figures by other means: in SQL over all legs at once, or with arrays. Here both ways meet, on the
catalogue and on generated histories.
"""

from __future__ import annotations

import datetime as dt
import inspect
import random
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections import measures
from projections.clocks import Clocks
from projections.measures import (
    CREDIT_CONVERSION,
    capacity_interval,
    circulation,
    credit_equivalent,
    earnings_per_share,
    executory_claim,
    net_exposure,
    ownership,
    remaining_on_schedule,
    round_trip,
    yearly_shortfalls,
)
from projections.measures.schedule import anniversary
from projections.queries.asked import points, rounded
from projections.queries.commitments.commitments import commitments_over
from projections.queries.counted import keep_claims, keep_counted
from projections.queries.dilution.dilution import dilution_over
from projections.queries.loops.basis import FlowBasis
from projections.queries.loops.flows import draw, read_sources
from projections.queries.loops.loops import loops_over
from projections.queries.revenue import latest_metric
from projections.queries.stress.book import open_book
from projections.queries.stress.legs import LegBasis, read_leg
from projections.queries.stress.net import Net, companies_of
from projections.queries.stress.scenario import Parameters, Scenario
from projections.queries.stress.strike import Struck
from projections.warehouse import Warehouse
from tests.effort import first_of, thorough
from tests.oracle.generate import random_clocks, random_ledger
from tests.oracle.recording import recorded
from tests.projections.catalogue import catalogue_raws
from tests.projections.comparison import read_side_clocks, warehouse_of

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "measures-functions.md"
DAYS = (dt.date(2025, 10, 14), dt.date(2026, 3, 5), dt.date(2026, 7, 20))
# Between them they hold every kind of leg with all its amounts told.
SEEDS = (*range(6), 8, 20)

REFERENCES = {
    "capacity_interval": "test_capacity_is_an_interval_over_lots",
    "circulation": "test_round_trips_and_circulation_are_those_of_the_graph_drawn",
    "credit_equivalent": "test_legs_are_exposed_as_the_formulas_have_it",
    "earnings_per_share": "test_ownership_and_basic_shares",
    "executory_claim": "test_a_contract_is_claimed_for_what_is_lost_on_it",
    "net_exposure": "test_legs_are_exposed_as_the_formulas_have_it",
    "ownership": "test_ownership_and_basic_shares",
    "remaining_on_schedule": "test_a_schedule_of_contract_years_falls_due_day_by_day",
    "round_trip": "test_round_trips_and_circulation_are_those_of_the_graph_drawn",
    "yearly_shortfalls": "test_the_gap_is_what_the_years_fall_short_by",
}
"""What the product computes by other means, and the test of this module that holds it to the formula."""

APART = frozenset({"contra_revenue", "finn_cycling_index", "hodge_split", "imputed_debt", "session_of", "up_to"})
"""What the product prints no figure of."""


def functions() -> set[str]:
    return {name for name in measures.__all__ if inspect.isfunction(getattr(measures, name))}


def called() -> set[str]:
    """List what the product imports from the measures and uses."""
    found: set[str] = set()
    for folder in ("projections/queries", "cli"):
        for path in (ROOT / folder).rglob("*.py"):
            code = path.read_text(encoding="utf-8")
            for names in re.findall(r"from projections\.measures import (\([^)]*\)|[^\n]*)", code):
                imported = re.findall(r"\w+", names)
                found |= {name for name in imported if len(re.findall(rf"\b{name}\b", code)) > 1}
    return found & functions()


def test_every_formula_is_called_or_a_reference_or_says_that_it_stands_apart() -> None:
    assert called().isdisjoint(REFERENCES)
    assert called().isdisjoint(APART)
    assert functions() == called() | REFERENCES.keys() | APART


@pytest.mark.parametrize("name", sorted(REFERENCES.keys() | APART))
def test_the_page_and_the_function_say_so(name: str) -> None:
    mark = "**Reference.**" if name in REFERENCES else "**Apart.**"
    section = PAGE.read_text(encoding="utf-8").partition(f"### `{name}(")[2].partition("\n### ")[0]
    assert mark in section
    assert mark.strip("*.") in (inspect.getdoc(getattr(measures, name)) or "")
    assert name in APART or callable(getattr(sys.modules[__name__], REFERENCES[name]))


def test_the_page_marks_nothing_that_the_product_calls() -> None:
    sections = PAGE.read_text(encoding="utf-8").split("\n### `")[1:]
    marked = {part.partition("(")[0] for part in sections if "**Reference.**" in part or "**Apart.**" in part}
    assert marked == REFERENCES.keys() | APART


@cache
def catalogue() -> Warehouse:
    return warehouse_of(recorded(catalogue_raws()))


@cache
def ledgers() -> list[tuple[Warehouse, list[Clocks], tuple[str, ...]]]:
    """Return tables, clock triples and companies to ask for: of the catalogue and of generated histories."""
    found: list[tuple[Warehouse, list[Clocks], tuple[str, ...]]] = [
        (catalogue(), [Clocks.on(day) for day in DAYS], ("openai", "amd", "oracle", "nvidia"))
    ]
    for seed in SEEDS:
        rng = random.Random(seed)
        ledger = random_ledger(rng)
        triples = [read_side_clocks(triple) for triple in random_clocks(rng, ledger, 6)]
        found.append((warehouse_of(ledger.entries), triples, ("alpha", "beta", "gamma")))
    return found


def asked(sql: str) -> Iterator[dict[str, Any]]:
    for warehouse, triples, _ in ledgers():
        keep_claims(warehouse, points(triples))
        yield from warehouse.query(sql)


def test_sql_has_the_credit_conversion_factors_of_the_measures() -> None:
    def in_sql(item: str) -> Decimal | None:
        factor: Decimal | None = catalogue().query("SELECT credit_conversion($1) AS factor", [item])[0]["factor"]
        return factor

    assert {item: in_sql(item) for item in CREDIT_CONVERSION} == dict(CREDIT_CONVERSION)
    assert in_sql("anything else") is None


EXPOSED = """
WITH exposed AS (
    SELECT
        pt, deal, leg, kind, sum(gross) AS gross, sum(credit_equivalent) AS credit_equivalent,
        bool_or(gross IS NULL) AS is_partial
    FROM claims_at GROUP BY ALL
)
SELECT e.*, s.status, s.binding, s.performed, s.repaid, s.prepaid, s.collateral, s.cancellable_days
FROM exposed AS e INNER JOIN legs_counted AS s ON e.pt = s.pt AND e.deal = s.deal AND e.leg = s.leg
"""


def test_legs_are_exposed_as_the_formulas_have_it() -> None:
    kinds: set[str] = set()
    for row in asked(EXPOSED):
        parts = _at_stake(row)
        if row["is_partial"] or None in parts:
            continue
        out, bound, pledged, item = parts
        kinds.add(row["kind"])
        taken = net_exposure(
            equity=Decimal(0), claims=out + bound, payables=Decimal(0), collateral=pledged, set_off=False
        )
        assert row["gross"] == taken.net
        expected = credit_equivalent([("loan_drawn", out), (item, max(bound - pledged, Decimal(0)))])
        assert expected is not None
        assert row["credit_equivalent"] == expected.quantize(Decimal("1e-6"), ROUND_HALF_UP)
    assert kinds == {"purchase", "prepayment", "investment", "loan", "guarantee", "backstop", "acquisition", "option"}


def _at_stake(row: dict[str, Any]) -> tuple[Any, Any, Any, str]:
    """Return what is out, what is bound to follow, what is pledged for it, and what kind of item that is; None if not told."""
    zero = Decimal(0)
    binding, performed = row["binding"], row["performed"]
    to_come = None if binding is None or performed is None else max(binding - performed, zero)
    match row["kind"]:
        case "acquisition" | "option":
            return zero, to_come, zero, "committed_undrawn"
        case "purchase":
            item = "unconditionally_cancellable" if row["cancellable_days"] == 0 else "committed_undrawn"
            return zero, to_come, zero, item
        case "prepayment":
            return zero, row["prepaid"] if row["status"] == "definitive" else zero, zero, "loan_drawn"
        case "investment":
            return performed, to_come, zero, "committed_undrawn"
        case "loan":
            unpaid = None if performed is None else max(performed - row["repaid"], zero)
            return unpaid, to_come, zero, "committed_undrawn"
        case of_guarantee:
            item = "committed_undrawn" if of_guarantee == "backstop" else "guarantee_of_debt"
            return zero, binding, row["collateral"] or zero, item


LOTS = "SELECT pt, buyer, layer, lot, capacity_gw FROM purchase_legs($1, 'legs_counted') WHERE NOT ended AND buyer = $2"


def test_capacity_is_an_interval_over_lots() -> None:
    """The product puts a lot that spans layers into one of them, so its lower bound may lie below that of the formula."""
    known = shared = 0
    for warehouse, triples, companies in ledgers():
        for company in companies:
            legs: dict[int, list[tuple[str, str, Decimal | None]]] = defaultdict(list)
            keep_counted(warehouse, points(triples), about=company)
            for row in warehouse.query(LOTS, [points(triples), company]):
                legs[row["pt"]].append((row["layer"], row["lot"], row["capacity_gw"]))
            for place, result in enumerate(commitments_over(warehouse, triples, company=company), 1):
                interval = capacity_interval(legs[place])
                if interval.upper is None:
                    assert not result.summary["capacity_gw_max"]
                    continue
                known += 1
                assert result.summary["capacity_gw_max"] == interval.upper
                layers = defaultdict(set)
                for layer, lot, _ in legs[place]:
                    layers[lot].add(layer)
                if all(len(of_lot) == 1 for of_lot in layers.values()):
                    assert result.summary["capacity_gw_min"] == interval.lower
                    assert result.summary["capacity_gw_by_layer"] == interval.by_layer
                else:
                    shared += 1
                    assert result.summary["capacity_gw_min"] <= (interval.lower or 0)
    assert known > shared


def test_ownership_and_basic_shares() -> None:
    seen = 0
    for warehouse, triples, companies in ledgers():
        for company in companies:
            for result in dilution_over(warehouse, triples, issuer=company):
                outstanding = result.summary["shares_outstanding"]
                rows = [row for row in result.rows if row["shares_max"] is not None]
                if not outstanding or not rows:
                    continue
                seen += 1
                owned = ownership(
                    Decimal(outstanding), [Decimal(row["shares_max"] - row["shares_exercised"]) for row in rows]
                )
                assert [row["pre_issue"] for row in rows] == [rounded(share) for share in owned.each_pre]
                assert [row["post_issue"] for row in rows] == [rounded(share) for share in owned.each_post]
                assert (result.summary["pre_issue"], result.summary["post_issue"]) == (
                    rounded(owned.pre),
                    rounded(owned.post),
                )
                penny = result.summary["penny_warrants_in_basic"]
                basic = earnings_per_share(Decimal(0), outstanding, penny_shares=penny, incremental=0).basic_shares
                assert result.summary["basic_shares"] == basic
    assert seen


@pytest.mark.parametrize("basis", first_of(["headline", "binding", "performed"]))
def test_round_trips_and_circulation_are_those_of_the_graph_drawn(basis: str) -> None:
    for warehouse, triples, _ in ledgers():
        graphs = [
            draw(source, basis=FlowBasis(basis)) for source in read_sources(warehouse, triples, basis=FlowBasis(basis))
        ]
        for graph, result in zip(graphs, loops_over(warehouse, triples, basis=basis), strict=True):
            edges = graph.edges()
            whole = circulation(edges)
            if edges and result.summary["circulation"] is not None:
                assert (result.summary["circulation"], result.summary["total_flow"] or 0) == (
                    whole.circulating,
                    whole.total,
                )
                assert result.summary["circulation_share"] == rounded(whole.share)
            for row in result.rows:
                trip = round_trip(edges, row["company"])
                assert row["round_trip"] in {trip.amount, None}
                assert (row["outlay"] or 0, row["receipts"] or 0) == (trip.outlay, trip.receipts)


@thorough
def test_a_contract_is_claimed_for_what_is_lost_on_it() -> None:
    relet, charge = Decimal("0.7"), Decimal("0.05")
    terms = Parameters(relet_price=relet, termination_charge=charge)
    checked = 0
    for warehouse, triples, _ in ledgers():
        for triple in triples:
            scenario = Scenario("x", "x", (), parameters=terms, basis="headline")
            book = open_book(warehouse, triple, scenario)
            # What a guarantor takes over is no longer lost by the supplier.
            book.promises = [promise for promise in book.promises if promise.kind != "guarantee"]
            net = Net(book, scenario, Decimal, companies_of(book, Struck(), {}))
            values, unknown = net.claims_at_failure(scenario, Struck())
            for claim, value, hidden in zip(net.claims, values, unknown, strict=True):
                if claim.kind == "purchase" and not hidden:
                    checked += 1
                    assert value == executory_claim(
                        unpaid_invoices=claim.settled, termination_charge=charge * claim.remaining,
                        contract_price=Decimal(1), relet_price=relet, remaining=claim.remaining, prepayments=claim.prepaid,
                    )  # fmt: skip
    assert checked


@thorough
def test_the_gap_is_what_the_years_fall_short_by() -> None:
    share, seen = Decimal("0.5"), 0
    for warehouse, triples, companies in ledgers():
        for company in companies:
            told = warehouse.query(
                "SELECT * FROM metrics_in_effect($1) WHERE company = $2 AND metric = 'cash'", [points(triples), company]
            )
            results = commitments_over(warehouse, triples, company=company, years=8, compute_share=share)
            for place, (triple, result) in enumerate(zip(triples, results, strict=True), 1):
                burden, revenue = result.summary["burden"], result.summary["revenue"]
                cash = latest_metric([row for row in told if row["pt"] == place], triple.as_of)
                if burden["funding_gap"] is None or cash is None:
                    continue
                seen += 1
                dues = [due for year, due in burden["due_by_year"].items() if int(year) >= triple.as_of.year]
                short = yearly_shortfalls(dues, [revenue["value"]] * len(dues), share)
                assert short is not None
                gap = max(Decimal(0), sum(short, Decimal(0)) - cash["value"])
                assert abs(burden["funding_gap"] - gap) <= gap * Decimal("1e-9")
    assert seen


@given(
    starts=st.dates(dt.date(2024, 1, 1), dt.date(2027, 12, 31)),
    weights=st.lists(st.integers(0, 9), min_size=1, max_size=6).filter(any),
    later=st.integers(-400, 2600),
)
def test_a_schedule_of_contract_years_falls_due_day_by_day(starts: dt.date, weights: list[int], later: int) -> None:
    """A ledger's schedule parts an amount over any days; in contract years it is that of the formula."""
    total, whole, day = Decimal(840), sum(weights), starts + dt.timedelta(days=later)
    ends = [anniversary(starts, year) for year in range(len(weights) + 1)]
    schedule = [
        {"from": begin, "to": end, "share": Decimal(weight) / whole}
        for begin, end, weight in zip(ends, ends[1:], weights, strict=False)
    ]
    leg = {"type": "purchase_committed", "first_party": "a", "second_party": "b", "leg_ref": "d/l", "status": "definitive",
           "binding": total, "headline": total, "performed": Decimal(0), "prepaid": None, "subject": "compute",
           "schedule": schedule, "ends_on": None}  # fmt: skip
    reading = LegBasis(as_of=day, end=day, basis="binding", least=0, years=Decimal(1), undated_years=None, done=set())
    (promise,) = read_leg(leg, reading)
    expected = remaining_on_schedule(total, starts, len(weights), day, [Decimal(weight) for weight in weights])
    assert expected is not None
    assert abs(promise.remaining - expected) < Decimal("1e-18")
    assert promise.settled + promise.remaining == total
