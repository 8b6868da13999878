"""Market reaction: the published moves from events, what moved with them, and what no price can tell."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from projections.queries.reaction.reaction import reaction
from projections.warehouse import Warehouse
from tests.oracle.recording import recorded
from tests.projections.catalogue import catalogue_raws
from tests.projections.comparison import warehouse_of
from tests.projections.market_parts import Raw, market, metric, money, on, purchase, vector

BILLION = 10**9


def move(slug: str, session: str, change: object, **more: object) -> Raw:
    body: Raw = {"type": "price_moved", "key": f"price/{slug}/{session}", "announced_on": session, "company": slug}
    return body | {"session": session, "return": str(change), "basis": "close"} | more


def cap(slug: str, value: object, day: str) -> Raw:
    return metric(slug, "market_cap", value, on=day) | {"announced_on": day}


def order(day: str, amount: object = None, **more: object) -> Raw:
    return purchase("amd-openai", "openai", "amd", amount, subject="chips") | {"announced_on": day} | more


def only(warehouse: Warehouse, day: str = "2025-12-31", **asked: Any) -> dict[str, Any]:  # noqa: ANN401 - options of reaction
    (row,) = reaction(warehouse, on(day), **asked).rows
    return row


def test_published_move_of_amd() -> None:
    returns, worth = vector("evt.amd_2025_10_06.ar"), vector("evt.amd_2025_10_06.value")
    inputs, expected = returns["inputs"], returns["expected"]
    before = worth["expected"]["cap_before"] * BILLION
    raws = [
        order("2025-10-06", 90 * BILLION),
        cap("amd", before, "2025-10-03"),
        move("amd", "2025-10-06", inputs["ret"], benchmark_return=str(inputs["sp500"]), about="amd-openai"),
    ]
    row = only(market(*raws, names=["amd", "openai"]))
    assert float(row["abnormal_return"]) == pytest.approx(expected["ar_sp"], abs=returns["tolerance"])
    assert row["method"] == "market-adjusted"
    billions = float(row["value"]) / BILLION
    assert billions == pytest.approx(worth["expected"]["abnormal_value"], abs=worth["tolerance"])
    assert float(row["capture"]) == pytest.approx(billions / 90)
    assert (row["prior_market_cap"], row["prior_market_cap_from"]) == (before, "reported for 2025-10-03")
    assert (row["weekdays_after"], row["confounded"]) == (0, False)
    assert row["events"] == ["metric/amd/market_cap/2025-10-03", "price/amd/2025-10-06"]


def test_published_move_of_oracle_is_confounded() -> None:
    case = vector("evt.orcl_2025_09_10")
    inputs, expected = case["inputs"], case["expected"]
    raws = [
        purchase("oracle-openai", "openai", "oracle", inputs["deal"] * BILLION) | {"announced_on": "2025-09-10"},
        metric("oracle", "rpo", inputs["rpo_after"] * BILLION, on="2025-08-31") | {"announced_on": "2025-09-09"},
        cap("oracle", inputs["cap_after"] * BILLION, "2025-09-10"),
        move("oracle", "2025-09-10", expected["ret"], about="oracle-openai"),
    ]
    row = only(market(*raws, names=["oracle", "openai"]))
    assert float(row["value"]) / BILLION == pytest.approx(expected["added"], abs=0.05)
    assert float(row["capture"]) == pytest.approx(expected["capture_deal"], abs=case["tolerance"])
    assert (row["confounded"], row["confounded_by"]) == (True, ["metric/oracle/rpo/2025-08-31"])
    assert (row["method"], row["abnormal_return"]) == ("raw", Decimal(str(expected["ret"])))


def test_market_model_of_120_sessions() -> None:
    """With returns of exactly 0.001 + 2 x the market's, the abnormal part of 0.2 beside 0.01 is 0.179."""
    first, sessions = dt.date(2025, 1, 1), []
    for number in range(121):
        market_move = Decimal(number % 7 - 3) / 1000
        day = (first + dt.timedelta(days=number)).isoformat()
        own = Decimal("0.001") + 2 * market_move
        sessions.append(move("amd", day, own, benchmark_return=str(market_move)))
    event = move("amd", "2025-06-02", "0.2", benchmark_return="0.01", about="amd-openai")
    rows = reaction(market(*sessions, event, names=["amd"]), on("2025-12-31")).rows
    last = rows[-1]
    assert (last["method"], last["sessions"]) == ("market model", 120)
    assert float(last["abnormal_return"]) == pytest.approx(0.179, abs=1e-9)
    assert rows[119]["method"] == "market-adjusted"


@pytest.mark.parametrize(
    ("told", "worth", "source"),
    [
        ([], None, None),
        ([cap("amd", 100, "2025-09-30")], None, None),
        ([cap("amd", 100, "2025-10-02")], 100, "reported for 2025-10-02"),
        ([cap("amd", 100, "2025-10-02"), cap("amd", 110, "2025-10-03")], 110, "reported for 2025-10-03"),
        ([cap("amd", 125, "2025-10-06")], 100, "reported for 2025-10-06, less the move"),
        (
            [
                metric("amd", "shares_outstanding", 5, on="2025-06-30", unit="shares"),
                metric("amd", "share_price", 40, on="2025-10-03"),
            ],
            200,
            "prior close times shares outstanding of 2025-06-30",
        ),
        ([metric("amd", "shares_outstanding", 5, on="2025-06-30", unit="shares")], None, None),
    ],
)
def test_value_before_the_session(told: list[Raw], worth: int | None, source: str | None) -> None:
    """The session of 6 October 2025 is a Monday; the one before is of the 3rd."""
    row = only(market(*told, move("amd", "2025-10-06", "0.25"), names=["amd"]))
    assert (row["prior_market_cap"], row["prior_market_cap_from"]) == (worth, source)
    assert row["value"] == (None if worth is None else worth * Decimal("0.25"))


def test_gain_of_warrant_holders() -> None:
    warrant: Raw = {
        "type": "warrant_granted",
        "key": "w",
        "announced_on": "2025-10-06",
        "deal": "amd-openai",
        "leg": "w",
    }
    warrant |= {"issuer": "amd", "holder": "openai", "shares_max": 160, "status": "definitive"}
    close = {"prior_close": money("160"), "close": money("200"), "about": "amd-openai"}
    row = only(market(warrant, move("amd", "2025-10-06", "0.25", **close), names=["amd", "openai"]))
    assert (row["warrant_shares"], row["holders_gain"]) == (160, 6400)
    derived = close | {"close": None}
    assert (
        only(market(warrant, move("amd", "2025-10-06", "0.25", **derived), names=["amd", "openai"]))["holders_gain"]
        == 6400
    )
    rival = move("nvidia", "2025-10-06", "-0.01", about="amd-openai")
    assert only(market(warrant, rival, names=["amd", "openai", "nvidia"]))["warrant_shares"] is None


def test_only_closing_moves_are_valued() -> None:
    raws = [
        cap("amd", 100, "2025-10-03"),
        move("amd", "2025-10-06", "0.37", basis="intraday", about="amd-openai") | {"key": "high"},
        order("2025-10-06"),
    ]
    row = only(market(*raws, names=["amd", "openai"]))
    assert (row["basis"], row["return"], row["abnormal_return"], row["value"]) == (
        "intraday",
        Decimal("0.37"),
        None,
        None,
    )
    closing = move("amd", "2025-10-06", "0.2371", about="amd-openai")
    assert only(market(*raws, closing, names=["amd", "openai"]))["basis"] == "close"


@pytest.mark.parametrize(
    ("told", "confounded"),
    [
        (order("2025-10-06"), False),
        (purchase("other", "meta", "amd", 1) | {"announced_on": "2025-10-06"}, True),
        (purchase("other", "meta", "amd", 1) | {"announced_on": "2025-10-03"}, True),
        (purchase("other", "meta", "amd", 1) | {"announced_on": "2025-10-07"}, True),
        (purchase("other", "meta", "amd", 1) | {"announced_on": "2025-10-02"}, False),
        (purchase("other", "meta", "openai", 1) | {"announced_on": "2025-10-06"}, False),
        (metric("amd", "revenue", 1, on="2025-09-30") | {"announced_on": "2025-10-06"}, True),
        (metric("amd", "revenue", 1, on="2025-09-30", basis="estimate") | {"announced_on": "2025-10-06"}, False),
        (metric("amd", "market_cap", 1, on="2025-10-06") | {"announced_on": "2025-10-06"}, False),
    ],
)
def test_what_else_was_told(told: Raw, confounded: bool) -> None:  # noqa: FBT001 - a parametrised expectation
    deal = order("2025-10-05") | {"key": "first", "deal": "amd-openai", "leg": "first"}
    raws = [deal, told, move("amd", "2025-10-06", "0.25", about="amd-openai")]
    row = only(market(*raws, names=["amd", "openai", "meta"]))
    assert row["confounded"] is confounded


def test_headline_is_that_of_the_session_and_not_of_later() -> None:
    later = order("2025-11-01", 300, amends="amd-openai") | {"key": "later"}
    raws = [
        order("2025-10-06", 100),
        later,
        cap("amd", 1000, "2025-10-03"),
        move("amd", "2025-10-06", "0.25", about="amd-openai"),
    ]
    row = only(market(*raws, names=["amd", "openai"]))
    assert (row["headline"], row["capture"]) == (100, Decimal("2.5"))


def test_which_moves_are_shown() -> None:
    raws = [
        order("2025-10-06"),
        move("amd", "2025-10-06", "0.2", about="amd-openai"),
        move("nvidia", "2025-10-06", "-0.01", about="amd-openai"),
        move("amd", "2025-12-01", "0.01"),
    ]
    warehouse = market(*raws, names=["amd", "openai", "nvidia"])
    assert len(reaction(warehouse, on("2025-12-31"))) == 3
    assert len(reaction(warehouse, on("2025-12-31"), company="amd")) == 2
    assert len(reaction(warehouse, on("2025-12-31"), deal="amd-openai")) == 2
    assert len(reaction(warehouse, on("2025-10-05"))) == 0
    late = only(market(raws[0], move("amd", "2025-10-09", "0.2", about="amd-openai"), names=["amd", "openai"]))
    assert late["weekdays_after"] == 3


def test_on_the_catalogue() -> None:
    """Oracle's 244 billion of 10 September 2025 are 81 % of the 300 announced, on the morrow of its results."""
    result = reaction(warehouse_of(recorded(catalogue_raws())), on("2025-10-14"))
    rows = {(row["company"], row["deal"], row["session"].isoformat()): row for row in result.rows}
    oracle = rows["oracle", "oracle-openai-2025", "2025-09-10"]
    assert (round(oracle["value"] / BILLION), round(oracle["capture"], 2)) == (244, Decimal("0.81"))
    assert oracle["confounded"]
    assert "metric/oracle/rpo/2025-08-31/2025-09-09" in oracle["confounded_by"]
    amd = rows["amd", "amd-openai-2025", "2025-10-06"]
    assert (amd["return"], amd["value"], amd["confounded"]) == (Decimal("0.2371"), None, False)
    assert any(note.startswith("Not computable: value moved of amd 2025-10-06") for note in result.notes)


def test_a_part_of_the_deal_is_not_added_to_its_whole() -> None:
    raws = [
        order("2025-10-06", 90 * BILLION),
        order("2025-10-06", 30 * BILLION, leg="first", key="first", part_of="amd-openai/leg"),
        order("2025-10-06", 20 * BILLION, deal="other", leg="second", key="second", part_of="amd-openai/leg"),
        cap("amd", 200 * BILLION, "2025-10-03"),
        move("amd", "2025-10-06", "0.2", benchmark_return="0", about="amd-openai"),
    ]
    assert only(market(*raws, names=["amd", "openai"]))["headline"] == 90 * BILLION
