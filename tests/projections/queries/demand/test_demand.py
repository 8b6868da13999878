"""Demand beside commitments: series brought to 100 on the day of a deal, never of unlike things, and the required line."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from events.errors import NotFoundError
from projections.queries.demand.demand import demand, demand_over
from projections.queries.over_time.diff import diff
from projections.queries.registry import measure
from projections.warehouse import Warehouse
from tests.oracle.recording import recorded
from tests.projections.catalogue import catalogue_raws
from tests.projections.comparison import warehouse_of
from tests.projections.market_parts import Raw, company, market, metric, on, purchase, vector


def month(subject: str, name: str, value: object, first: str, after: str, **more: object) -> Raw:
    period = {"period_from": first, "period_to": after, "on": None, "basis": "statement", "unit": name}
    return metric(subject, name, value, **period) | {"key": f"{subject}/{name}/{first}", "announced_on": after} | more


def price(value: object, first: str, after: str) -> Raw:
    return month("x", "gpu_hour_price", value, first, after) | {
        "key": f"h100/{first}",
        "company": None,
        "market": "h100",
        "unit": "USD_per_gpu_hour",
    }


def cells(result: Any, *columns: str) -> list[tuple[Any, ...]]:  # noqa: ANN401 - a result
    return [tuple(row[name] for name in columns) for row in result.rows]


def test_published_tokens() -> None:
    case = vector("dem.tokens")
    inputs, expected = case["inputs"], case["expected"]
    raws = [
        month("google", "tokens_per_month", int(inputs["t0"] * 10**12), "2024-04-01", "2024-05-01"),
        month("google", "tokens_per_month", inputs["t1"] * 10**12, "2025-10-01", "2025-11-01"),
    ]
    result = demand(market(*raws, names=["google"]), on("2026-01-01"))
    (series,) = result.summary["series"]
    assert float(series["multiple"]) == pytest.approx(expected["multiple"], abs=case["tolerance"])
    assert float(series["growth_a_month"]) == pytest.approx(expected["monthly"], abs=case["tolerance"])
    assert float(series["growth_a_year"]) + 1 == pytest.approx(expected["annualised_x"], rel=case["tolerance"])
    assert "Tokens are volume, not revenue: their price falls while their number grows." in result.notes


def test_published_price_of_an_hour() -> None:
    case = vector("dem.h100_price")
    inputs = case["inputs"]
    raws = [
        price(inputs["low_2025_10"], "2025-10-01", "2025-11-01"),
        price(inputs["mar_2026"], "2026-03-01", "2026-04-01"),
    ]
    result = demand(market(*raws), on("2026-04-30"))
    levels = [float(row["index"]) for row in result.rows]
    assert levels == pytest.approx([100, 100 * (1 + case["expected"]["change"])], abs=100 * case["tolerance"])


TOKENS = [
    month("openai", "tokens_per_month", value, f"2025-{number:02}-01", f"2025-{number + 1:02}-01")
    for number, value in ((1, 50), (4, 80), (7, 120))
]


def test_base_is_the_latest_observation_up_to_the_deal() -> None:
    order = purchase("order", "openai", "oracle", 100) | {"announced_on": "2025-05-15"}
    warehouse = market(*TOKENS, order, names=["openai", "oracle"])
    result = demand(warehouse, on("2025-12-31"), deal="order")
    assert cells(result, "observed_on", "index", "base_on", "base_is_later") == [
        (dt.date(2025, 1, 31), Decimal("62.5"), dt.date(2025, 4, 30), False),
        (dt.date(2025, 4, 30), 100, dt.date(2025, 4, 30), False),
        (dt.date(2025, 7, 31), 150, dt.date(2025, 4, 30), False),
    ]
    assert result.rows[2]["events"] == [
        "openai/tokens_per_month/2025-04-01",
        "openai/tokens_per_month/2025-07-01",
    ]


def test_base_after_the_deal_is_flagged() -> None:
    order = purchase("order", "openai", "oracle", 100) | {"announced_on": "2025-01-15"}
    result = demand(market(*TOKENS, order, names=["openai", "oracle"]), on("2025-12-31"), company="openai")
    assert {(row["base_on"], row["base_is_later"]) for row in result.rows} == {(dt.date(2025, 1, 31), True)}
    assert (result.summary["deal"], result.summary["buyer"]) == ("order", "openai")


def test_without_a_deal_each_series_starts_at_its_first() -> None:
    result = demand(market(*TOKENS, names=["openai"]), on("2025-12-31"), company="openai")
    assert cells(result, "index", "base_is_later", "required_index") == [
        (100, False, None),
        (160, False, None),
        (240, False, None),
    ]
    assert any("not computable" in note for note in result.notes)


def test_required_line_beside_what_was_reached() -> None:
    order = purchase("order", "openai", "oracle", 400, due={"2026": "1"}) | {"announced_on": "2025-01-01"}
    rates = [
        metric("openai", "revenue", value, on=day, basis="run_rate") | {"announced_on": day}
        for day, value in (("2025-01-01", 100), ("2025-12-31", 150))
    ]
    warehouse = market(*rates, order, names=["openai", "oracle"])
    result = demand(warehouse, on("2025-12-31"), company="openai")
    # 400 fall due in 2026: from the run rate of 150 in one year.
    assert result.summary["implied_growth"] == Decimal("1.66666666667")
    last = result.rows[-1]
    assert (last["index"], last["basis"], last["period"]) == (150, "run_rate", "rate")
    assert float(last["required_index"]) == pytest.approx(100 * (8 / 3) ** (364 / 365.25))
    (series,) = result.summary["series"]
    assert float(series["growth_a_year"]) == pytest.approx(1.5 ** (365.25 / 364) - 1)


def test_unlike_figures_are_never_joined() -> None:
    year = {"period_from": "2024-01-01", "period_to": "2025-01-01", "on": None}
    half = {"period_from": "2025-01-01", "period_to": "2025-07-01", "on": None}
    raws = [
        metric("openai", "revenue", 10, on="2025-01-31", basis="run_rate"),
        metric("openai", "revenue", 8, **year) | {"key": "year", "basis": "gaap"},
        metric("openai", "revenue", 7, **year) | {"key": "estimate", "basis": "estimate"},
        metric("openai", "revenue", 6, **half) | {"key": "half"},
        metric("openai", "revenue", 9, **half) | {"key": "euros", "unit": "EUR"},
        metric("openai", "revenue", 99, **year) | {"key": "hope", "basis": "guidance"},
    ]
    result = demand(market(*raws, names=["openai"]), on("2025-12-31"))
    assert cells(result, "basis", "period", "unit", "index") == [
        ("gaap", "181 days", "EUR", 100),
        ("estimate", "year", "USD", 100),
        ("gaap", "181 days", "USD", 100),
        ("gaap", "year", "USD", 100),
        ("run_rate", "rate", "USD", 100),
    ]


def test_what_is_shown_of_whom() -> None:
    order = purchase("order", "openai", "oracle", 100)
    raws = [
        *TOKENS,
        month("google", "tokens_per_month", 9, "2025-01-01", "2025-02-01"),
        month("oracle", "capex", 9, "2025-01-01", "2025-02-01", unit="USD"),
        price(2, "2025-01-01", "2025-02-01"),
        order,
    ]
    warehouse = market(*raws, names=["openai", "oracle", "google"])

    def subjects(**asked: Any) -> set[str]:  # noqa: ANN401 - options of demand
        return {row["subject"] for row in demand(warehouse, on("2025-12-31"), **asked).rows}

    assert subjects() == {"openai", "oracle", "google", "h100"}
    assert subjects(company="openai") == {"openai", "h100"}
    assert subjects(deal="order") == {"openai", "oracle", "h100"}
    with pytest.raises(NotFoundError, match="no deal is called 'ordre'"):
        subjects(deal="ordre")


def test_nothing_looks_ahead() -> None:
    warehouse = market(*TOKENS, names=["openai"])
    early, late = demand_over(warehouse, [on("2025-05-31"), on("2025-12-31")], company="openai")
    assert (len(early), len(late)) == (2, 3)
    changes = diff(warehouse, measure("demand"), on("2025-05-31"), on("2025-12-31"), company="openai")
    assert [(row["change"], row["observed_on"]) for row in changes.rows] == [("added", dt.date(2025, 7, 31))]


def test_on_the_catalogue() -> None:
    warehouse: Warehouse = warehouse_of(recorded(catalogue_raws()))
    result = demand(warehouse, on("2026-06-15"), company="google")
    tokens = [row for row in result.rows if row["metric"] == "tokens_per_month"]
    first, october = tokens[0], next(row for row in tokens if row["observed_on"] == dt.date(2025, 10, 31))
    assert october["value"] / first["value"] == pytest.approx(Decimal("134.0206"))
    assert company("google")["company"] == "google"


def test_the_largest_purchase_is_that_of_the_most_money_and_not_of_the_most_parts() -> None:
    raws = [
        purchase("campus", "x", "cloud", 10, announced_on="2025-01-01"),
        purchase("campus", "x", "cloud", 9, announced_on="2025-01-01", leg="lease", part_of="campus/leg"),
        purchase("chips", "x", "cloud", 15, announced_on="2025-02-01"),
    ]
    assert demand(market(*raws, names=["x", "cloud"]), on("2026-01-01"), company="x").summary["deal"] == "chips"
