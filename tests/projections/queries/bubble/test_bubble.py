"""The page of bubble indicators: figures with their past, thresholds that a user may replace, and no verdict."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from functools import cache
from typing import Any

import pytest

from events.errors import NotFoundError
from projections.clocks import NO_LOOKING_AHEAD, Clocks
from projections.queries.bubble.bubble import bubble, bubble_over
from projections.queries.bubble.indicators import (
    Indicator,
    IndicatorError,
    parse_indicators,
    read_indicators,
    shipped_indicators,
)
from projections.queries.over_time.timeline import timeline
from projections.queries.registry import MEASURES, measure
from projections.warehouse import Warehouse
from tests.oracle.recording import recorded
from tests.projections.catalogue import catalogue_raws
from tests.projections.comparison import warehouse_of
from tests.projections.market_parts import Raw, market, metric, on, purchase

DAY = dt.date(2026, 3, 5)


def indicators(*lines: Raw) -> tuple[Indicator, ...]:
    usual: Raw = {"indicator": "hidden", "title": "hidden", "measure": "legs", "take": {"summary": "undisclosed"}}
    return parse_indicators({"indicators": [usual | line for line in lines]})


def small_market() -> Warehouse:
    raws = [
        purchase("a", "openai", "oracle", 100),
        purchase("b", "openai", "oracle", None) | {"announced_on": "2025-04-01"},
        metric("openai", "revenue", 10, basis="run_rate"),
    ]
    return market(*raws, names=["openai", "oracle"])


def test_history_knows_what_was_known_on_each_day() -> None:
    (row,) = bubble(small_market(), on("2025-07-01"), indicators=indicators({})).rows
    assert (row["series"], row["value"], row["history"]) == ([0, 0, 0, 1, 1], 1, "▁▁▁██")
    assert row["events"] == ["a", "b"]
    hindsight = Clocks(dt.date(2025, 7, 1), NO_LOOKING_AHEAD)
    assert bubble(small_market(), hindsight, indicators=indicators({})).summary["dates"] == [
        dt.date(2024, 7, 1),
        dt.date(2024, 10, 1),
        dt.date(2025, 1, 1),
        dt.date(2025, 4, 1),
        dt.date(2025, 7, 1),
    ]


@pytest.mark.parametrize(
    ("warning", "limit", "beyond"),
    [
        ({"above": "0", "source": "us"}, 0, True),
        ({"above": "1", "source": "us"}, 1, False),
        ({"below": "2", "source": "us"}, 2, True),
        ({"below": 1, "source": "us"}, 1, False),
        ({"above": {"summary": "legs"}, "source": "us"}, 2, False),
        ({}, None, None),
    ],
)
def test_sides_of_a_threshold(warning: Raw, limit: int | None, beyond: bool | None) -> None:  # noqa: FBT001 - a parametrised expectation
    (row,) = bubble(small_market(), on("2025-07-01"), indicators=indicators({"warning": warning})).rows
    assert (row["warning_at"], row["beyond"]) == (limit, beyond)


def test_figures_of_rows_lists_and_quotients() -> None:
    asked = indicators(
        {"take": {"where": {"leg_ref": "a/leg"}, "column": "headline"}},
        {"take": {"summary": "undisclosed", "over": "legs"}},
        {"measure": "commitments", "parameters": {"company": "openai"}, "take": {"summary": "multiple_headline"}},
        {
            "measure": "commitments",
            "parameters": {"company": "OPENAI"},
            "take": {"where": {"supplier": "oracle"}, "column": "undisclosed"},
        },
    )
    rows = bubble(small_market(), on("2025-07-01"), indicators=asked).rows
    assert [row["value"] for row in rows] == [100, Decimal("0.5"), 10, 1]
    assert rows[0]["events"] == ["a"]
    assert rows[2]["events"] == ["a", "b", "metric/openai/revenue/2024-12-31"]


@pytest.mark.parametrize(
    ("line", "missing"),
    [
        ({"measure": "commitments", "parameters": {"company": "acme"}}, "no company goes by 'acme'"),
        ({"take": {"where": {"leg_ref": "x/y"}, "column": "headline"}}, "nothing of it is visible at these clocks."),
        ({"measure": "dilution", "parameters": {"issuer": "oracle"}, "take": {"summary": "pre_issue"}},
         "Ownership is not computable: needs the issuer's shares outstanding at these clocks."),
        ({"take": {"summary": "no.such.thing"}}, "the ledger holds nothing of it at these clocks."),
    ],
)  # fmt: skip
def test_what_is_unknown_is_said_and_never_nothing(line: Raw, missing: str) -> None:
    result = bubble(
        small_market(), on("2025-01-02"), indicators=indicators({"warning": {"above": "0", "source": "us"}} | line)
    )
    (row,) = result.rows
    assert (row["value"], row["beyond"], row["missing"]) == (None, None, [missing])
    assert result.summary["not_computable"] == 1
    assert any(missing in note for note in result.notes)


def test_measure_that_does_not_exist() -> None:
    with pytest.raises(NotFoundError, match="no measure is called 'comitments'"):
        bubble(small_market(), on("2025-07-01"), indicators=indicators({"measure": "comitments"}))


def test_every_wrong_field_is_named_at_once() -> None:
    lines: list[Raw] = [
        {"indicator": "x", "title": "x", "measure": "bubble", "take": {"summary": "beyond"}},
        {
            "indicator": "y",
            "title": "y",
            "measure": "legs",
            "take": {},
            "warning": {"above": "much", "source": "us"},
            "colour": 1,
        },
        {
            "indicator": "z",
            "title": "z",
            "measure": "legs",
            "take": {"summary": "legs"},
            "warning": {"above": 1, "below": 2},
        },
    ]
    with pytest.raises(IndicatorError) as caught:
        read_indicators(json.dumps({"indicators": lines}))
    assert caught.value.message.splitlines() == [
        "indicators[0].measure: a page cannot be a line of itself",
        "indicators[1].warning.above: neither a number nor a range [low, high] (got 'much'): write a fraction such as 0.25, or 25%",
        "indicators[1].take: needs a path of the `summary`, or the `column` of a row",
        "indicators[2].warning: either above or below, not both",
        "indicators[1].colour: no such field",
    ]
    with pytest.raises(IndicatorError, match="not JSON"):
        read_indicators("indicators:")


def test_shipped_indicators_name_their_sources() -> None:
    listed = shipped_indicators()
    assert len({indicator.name for indicator in listed}) == len(listed)
    for indicator in listed:
        assert (indicator.measure in MEASURES, bool(indicator.unit), bool(indicator.source)) == (True, True, True)
        assert indicator.threshold is not None


@cache
def on_catalogue(day: dt.date = DAY) -> dict[str, Any]:
    warehouse = warehouse_of(recorded(catalogue_raws()))
    return {row["indicator"]: row for row in bubble(warehouse, Clocks.on(day)).rows}


def test_page_of_the_catalogue() -> None:
    rows = on_catalogue()
    assert {name: row["value"] for name, row in rows.items() if "stated" in name or "amd" in name} == {
        "openai commitments over revenue, stated": Decimal("106.870229008"),
        "amd dilution by warrants": Decimal("0.196319018405"),
    }
    assert rows["amd dilution by warrants"]["beyond"] is False
    assert rows["openai commitments over revenue, stated"]["beyond"] is True
    assert rows["openai commitments over revenue, stated"]["series"][:3] == [None] * 3
    hour = rows["price of an H100-hour"]
    assert (hour["value"], hour["missing"]) == (None, ["nothing of it is visible at these clocks."])
    assert all(row["events"] for row in rows.values() if row["value"] is not None)


def test_page_over_time() -> None:
    warehouse, listed = small_market(), indicators({})
    first, last = bubble_over(warehouse, [on("2025-02-01"), on("2025-07-01")], indicators=listed)
    assert (first.rows[0]["value"], last.rows[0]["value"]) == (0, 1)
    told = timeline(warehouse, measure("bubble"), [dt.date(2025, 2, 1), dt.date(2025, 7, 1)], indicators=listed)
    assert [(row["date"], row["value"]) for row in told.rows] == [(dt.date(2025, 2, 1), 0), (dt.date(2025, 7, 1), 1)]
