"""Reports and prices: units, fractions, ranges, moves and closes, each beside neighbours that are all right."""

from __future__ import annotations

from typing import Any

from tests.oracle.fold import Raw
from tests.oracle.pieces import event, usd
from tests.projections.queries.check.findings import found


def metric(metric: str, value: str, unit: str, key: str = "k", **fields: Any) -> Raw:  # noqa: ANN401 - the fields of a report
    told = {"company": "amd", "metric": metric, "value": value, "unit": unit, "basis": "gaap", "on": "2025-05-31"}
    return event("metric_reported", **told | fields) | {"key": key}


def moved(move: str, key: str = "k", basis: str = "close", **closes: str) -> Raw:
    prices = {name: usd(value) for name, value in closes.items()}
    told = {"company": "amd", "session": "2025-05-30", "return": move, "basis": basis}
    return event("price_moved", **told | prices) | {"key": key}


def test_a_value_is_one_in_its_unit() -> None:
    share = {"counterparty": "openai"}
    assert found(
        metric("gross_margin", "52.5", "fraction", "a"),
        metric("gross_margin", "0.525", "percent", "b"),
        metric("revenue", "7", "USD_millions", "c"),
        metric("shares_outstanding", "5", "USD", "d"),
        metric("customer_share", "1.5", "fraction", "e", **share),
        metric("gpu_hour_price", "2", "XXQ_per_gpu_hour", "f"),
        metric("gross_margin", "-3", "fraction", "g"),
        metric("gross_margin", "1", "fraction", "h", on="2025-05-30"),
        metric("revenue", "7", "KRW", "i"),
        metric("gpu_hour_price", "2", "EUR_per_gpu_hour", "j"),
        metric("other", "140", "percent", "l", metric_name="net_retention"),
    ) == [
        ("contradiction", "value unfit", "amd customer_share", "is the fraction 1.5, which is more than all", ["e"]),
        ("contradiction", "value unfit", "amd gpu_hour_price",
         "is told in XXQ_per_gpu_hour, and no answer reads it", ["f"]),
        ("contradiction", "value unfit", "amd gross_margin", "is the fraction 52.5, which is more than all", ["a"]),
        ("contradiction", "value unfit", "amd gross_margin", "is told in percent, and no answer reads it", ["b"]),
        ("contradiction", "value unfit", "amd revenue", "is told in USD_millions, and no answer reads it", ["c"]),
        ("contradiction", "value unfit", "amd shares_outstanding", "is told in USD, and no answer reads it", ["d"]),
    ]  # fmt: skip


def test_a_value_lies_in_its_range() -> None:
    assert found(
        metric("cash", "7", "USD", "a", low="8", high="9"),
        metric("debt", "7", "USD", "b", low="9", high="8"),
        metric("capex", "7", "USD", "c", low="7", high="7"),
    ) == [
        ("contradiction", "value outside its range", "amd cash", "value 7 is below low, 8", ["a"]),
        ("contradiction", "value outside its range", "amd debt", "low 9 is above high, 8", ["b"]),
    ]


def test_a_move_is_that_of_its_closes() -> None:
    expected = [
        ("contradiction", "move against its closes", "amd 2025-05-30",
         "the return 23.71 contradicts the two closes, 203.71 after 164.67: they say 0.2371", ["k"]),
    ]  # fmt: skip
    assert found(moved("23.71", close="203.71", prior_close="164.67")) == expected
    assert found(moved("0.2371", close="203.71", prior_close="164.67")) == []
    # Within the session it may have been another.
    assert found(moved("0.37", basis="intraday", close="203.71", prior_close="164.67")) == []


def test_a_move_without_closes_is_hardly_above_a_whole() -> None:
    assert found(moved("23.71")) == [
        ("doubt", "move above 100 %", "amd 2025-05-30", "is a move of 2371 %", ["k"])
    ]  # fmt: skip
    assert found(moved("1"), moved("1.5", "c", basis="intraday", close="25", prior_close="10")) == []


def test_one_session_has_one_move_at_its_close() -> None:
    assert found(moved("0.24", "a"), moved("0.30", "b"), moved("0.36", "c", basis="intraday")) == [
        ("doubt", "one session, two moves", "amd 2025-05-30", "the returns 0.24 and 0.3, both at the close", ["a", "b"])
    ]
    assert found(moved("0.237", "a"), moved("0.24", "b")) == []
    assert found(moved("0.30", "a", basis="intraday"), moved("0.36", "b", basis="intraday")) == []


def test_a_great_move_can_be_read() -> None:
    # It is of more digits than any column of fractions has.
    great = "9" * 30
    assert [row[1] for row in found(moved(great))] == ["move above 100 %"]
