"""The naive fold of commitments, capacity and revenue against small cases worked out by hand."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from tests.oracle.fold import Raw, commitments, metric
from tests.oracle.pieces import seen, usd
from tests.oracle.recording import at, recorded

DAY = "2026-06-01"


def company(slug: str, layer: str) -> Raw:
    body = {"type": "company_registered", "key": f"company/{slug}", "announced_on": "2024-01-01"}
    return body | {"company": slug, "name": slug, "layer": layer}


def buys(supplier: str, leg: str, **fields: object) -> Raw:
    body = {"type": "purchase_committed", "key": f"{supplier}/{leg}", "announced_on": "2025-10-01", "deal": supplier}
    body |= {"leg": leg, "buyer": "openai", "supplier": supplier, "subject": "chips", "status": "definitive"}
    return body | fields


def revenue(
    value: str, begins: str, ends: str | None = None, basis: str = "gaap", announced: str = "2024-01-01"
) -> Raw:
    when = {"on": begins} if ends is None else {"period_from": begins, "period_to": ends}
    body = {"type": "metric_reported", "key": f"revenue/{basis}/{begins}/{ends}", "announced_on": announced}
    return body | {"company": "openai", "metric": "revenue", "unit": "USD", "basis": basis, "value": value} | when


def stated(value: str, on: str, unit: str = "USD") -> Raw:
    body = {"type": "metric_reported", "key": f"stated/{on}", "announced_on": on, "company": "openai", "on": on}
    return body | {"metric": "stated_commitments", "unit": unit, "basis": "statement", "value": value}


def chosen(*events: Raw, as_of: str = DAY, basis: str | None = None) -> tuple[object, ...] | None:
    """Return how the revenue was chosen, and its value."""
    found = commitments(recorded(events), at(as_of), "openai", basis).summary["revenue"]
    return None if found is None else (found["method"], found["value"])


LAYERS = tuple(company(slug, "chips") for slug in ("nvidia", "amd", "broadcom")) + tuple(
    company(slug, "cloud") for slug in ("oracle", "microsoft")
)


def interval(*events: Raw) -> tuple[object, ...]:
    """Return the capacity interval of the commitments of OpenAI."""
    summary = commitments(recorded([*LAYERS, *events]), at(DAY), "openai").summary
    return summary["capacity_gw_min"], summary["capacity_gw_max"]


def test_capacity_is_at_least_the_greatest_layer_and_at_most_all_of_them() -> None:
    chips = [
        buys("nvidia", "a", capacity_gw="10"),
        buys("amd", "a", capacity_gw="6"),
        buys("broadcom", "a", capacity_gw="10"),
    ]
    hosts = [buys("oracle", "a", capacity_gw="4.5"), buys("microsoft", "a", capacity_gw="4")]
    assert interval(*chips, *hosts) == (26, Decimal("34.5"))


def test_a_lot_counts_once_at_its_largest_leg() -> None:
    lot = [
        buys("nvidia", "a", capacity_gw="10", capacity_lot="x"),
        buys("oracle", "b", capacity_gw="12", capacity_lot="x"),
    ]
    assert interval(*lot) == (12, 12)
    assert interval(*lot, buys("amd", "a", capacity_gw="6")) == (12, 18)
    # A tie belongs to the first leg by name, and so to the layer of that one's supplier.
    tie = [
        buys("nvidia", "a", capacity_gw="10", capacity_lot="x"),
        buys("oracle", "b", capacity_gw="10", capacity_lot="x"),
    ]
    assert interval(*tie, buys("amd", "a", capacity_gw="6")) == (16, 16)
    assert interval(buys("amd", "a")) == (None, None)


def test_rows_by_supplier_and_the_totals() -> None:
    events = [
        *LAYERS,
        buys("oracle", "a", amount=usd("300"), capacity_gw="4.5", capacity_lot="x", status="announced"),
        buys("oracle", "b", capacity_gw="5.5", capacity_lot="x", firm_gw="1"),
        buys("oracle", "c", amount=usd("9"), status="terminated"),
        buys("amd", "a", amount=usd("90"), capacity_gw="6", firm_gw="2", status="term_sheet"),
        revenue("13", "2025-01-01", "2026-01-01"),
        stated("1400", "2025-11-06"),
        stated("600", "2026-07-01"),
    ]
    found = commitments(recorded(events), at(DAY), "openai")
    by_supplier = {row["supplier"]: row for row in found.rows}
    oracle, amd = by_supplier["oracle"], by_supplier["amd"]
    assert (oracle["headline"], oracle["binding"], oracle["remaining"], oracle["currency"]) == (300, 0, 300, "USD")
    assert (oracle["capacity_gw"], oracle["firm_gw"], oracle["undisclosed"]) == (Decimal("5.5"), 1, 1)
    assert oracle["status"] == ("announced", "definitive")
    assert oracle["events"] == {"oracle/a", "oracle/b"}
    assert (amd["headline"], amd["binding"], amd["capacity_gw"], amd["firm_gw"]) == (90, 0, 6, None)
    summary = found.summary
    assert (summary["headline"], summary["binding"], summary["remaining"], summary["undisclosed"]) == (390, 0, 390, 1)
    assert summary["stated"] == {"value": Decimal(1400), "event": "stated/2025-11-06"}
    assert (summary["multiple_headline"], summary["multiple_binding"]) == (30, 0)
    assert (summary["multiple_stated"], summary["unexplained"]) == (Decimal("107.692307692"), 1010)


def test_amounts_of_two_currencies_are_never_added() -> None:
    events = [
        buys("oracle", "a", amount=usd("300")),
        buys("amd", "a", amount=usd("7", currency="EUR")),
        revenue("10", "2025-01-01", "2026-01-01"),
        stated("500", "2025-11-06"),
    ]
    summary = commitments(recorded(events), at(DAY), "openai").summary
    assert (summary["headline"], summary["multiple_headline"], summary["unexplained"]) == (None, None, 200)
    assert {name: value["headline"] for name, value in summary["by_currency"].items()} == {"USD": 300, "EUR": 7}
    euros = commitments(recorded([buys("amd", "a", amount=usd("7", currency="EUR")), events[2]]), at(DAY), "openai")
    assert (euros.summary["headline"], euros.summary["multiple_headline"]) == (7, None)


YEAR_2025 = revenue("12", "2025-01-01", "2026-01-01", "estimate", "2025-10-13")
QUARTERS = [
    revenue("1", "2025-01-01", "2025-04-01"),
    revenue("2", "2025-04-01", "2025-07-01"),
    revenue("4", "2025-07-01", "2025-10-01"),
    revenue("8", "2025-10-01", "2026-01-01"),
]
RUN_RATE = revenue("20", "2025-12-31", basis="run_rate")


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([YEAR_2025, *QUARTERS, RUN_RATE], ("twelve_months", 12)),
        # One period on several bases: what is audited first, then what the company says.
        ([YEAR_2025, revenue("13", "2025-01-01", "2026-01-01", "statement")], ("twelve_months", 13)),
        # A later year on a weaker basis goes before an earlier one on a stronger basis.
        ([revenue("9", "2024-01-01", "2025-01-01"), YEAR_2025], ("twelve_months", 12)),
        ([*QUARTERS, RUN_RATE], ("four_quarters", 15)),
        ([*QUARTERS[1:], RUN_RATE], ("annualised_quarter", 32)),
        ([RUN_RATE, revenue("6", "2024-12-31", basis="run_rate")], ("run_rate", 20)),
        ([revenue("5", "2025-01-01", "2025-07-01")], None),
        ([revenue("5", "2025-01-01", "2026-01-01", "guidance")], None),
        # A chain may have gaps of ten days, and not of eleven.
        ([*QUARTERS[1:], revenue("1", "2024-12-22", "2025-03-22")], ("four_quarters", 15)),
        ([*QUARTERS[1:], revenue("1", "2024-12-21", "2025-03-21")], ("annualised_quarter", 32)),
        # The latest four that adjoin go before a lone quarter.
        ([*QUARTERS, revenue("50", "2026-03-01", "2026-06-01")], ("four_quarters", 15)),
    ],
)
def test_which_revenue_is_chosen(events: list[Raw], expected: tuple[str, int] | None) -> None:
    assert chosen(*events) == expected


@pytest.mark.parametrize(("days", "year"), [(349, False), (350, True), (380, True), (381, False)])
def test_how_long_a_year_is(days: int, year: bool) -> None:  # noqa: FBT001 - a table
    ends = dt.date(2025, 1, 1) + dt.timedelta(days=days)
    assert chosen(revenue("5", "2025-01-01", ends.isoformat())) == (("twelve_months", 5) if year else None)


@pytest.mark.parametrize(("days", "quarter"), [(79, False), (80, True), (100, True), (101, False)])
def test_how_long_a_quarter_is(days: int, quarter: bool) -> None:  # noqa: FBT001 - a table
    ends = dt.date(2025, 1, 1) + dt.timedelta(days=days)
    assert chosen(revenue("5", "2025-01-01", ends.isoformat())) == (("annualised_quarter", 20) if quarter else None)


def test_a_year_counts_once_it_has_begun_and_guidance_on_request() -> None:
    plan = revenue("30", "2027-01-01", "2028-01-01", "guidance")
    this_year = revenue("25", "2026-01-01", "2027-01-01", "estimate", "2025-10-13")
    assert chosen(YEAR_2025, this_year, plan, as_of="2025-12-31") == ("twelve_months", 12)
    assert chosen(YEAR_2025, this_year, plan, as_of="2026-01-01") == ("twelve_months", 25)
    assert chosen(YEAR_2025, this_year, plan, as_of="2026-01-01", basis="guidance") == ("guidance", 30)


@pytest.mark.parametrize("sales", [[], [revenue("0", "2025-01-01", "2026-01-01")]])
def test_no_multiple_without_a_revenue_above_zero(sales: list[Raw]) -> None:
    events = [buys("oracle", "a", amount=usd("300")), stated("5", "2025-11-06"), *sales]
    summary = commitments(recorded(events), at(DAY), "openai").summary
    multiples = ("multiple_headline", "multiple_binding", "multiple_stated")
    assert [summary[name] for name in multiples] == [None, None, None]
    assert (summary["headline"], summary["unexplained"]) == (300, -295)


def test_a_metric_is_that_of_the_latest_period_that_is_over() -> None:
    entries = recorded([YEAR_2025, revenue("9", "2024-01-01", "2025-01-01", "estimate")])
    before, after = (metric(entries, at(day), "revenue", subject="openai") for day in ("2025-12-30", "2025-12-31"))
    assert before is not None
    assert after is not None
    assert seen(before.value, after.value) == (9, 12)
    assert metric(entries, at(DAY), "rpo", subject="openai") is None
