"""What a price and a metric say against themselves: never recorded, but read where a ledger has it already."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.base import Event
from events.codec import as_raw, decode, parse


def price(return_: str, *, before: str | None = "164.67", after: str | None = "203.71", **more: Any) -> Event:  # noqa: ANN401 - any field
    closes = {"prior_close": before, "close": after}
    return parse(
        {"type": "price_moved", "company": "amd", "session": "2025-10-06", "announced_on": "2025-10-06"}
        | {"return": return_, "basis": "close"}
        | {name: {"value": value, "currency": "USD"} for name, value in closes.items() if value}
        | more
    )


def metric(**figures: str) -> Event:
    return parse(
        {"type": "metric_reported", "company": "amd", "metric": "revenue", "unit": "USD", "on": "2026-03-05"}
        | {"basis": "guidance", "announced_on": "2026-03-05", **figures}
    )


@pytest.mark.parametrize(
    "event",
    [
        price("0.2371"), price("0.237"), price("0.24"), price("0.237079"), price("0.2371", before=None), price("23.71", after=None),
        # Closes that were rounded to the dollar, and won that have no cents.
        price("0.2371", before="165", after="204"), price("0.0142", before="70400", after="71400"),
        price("0", before="100", after="100"), price("-1", before="5.00", after="0"), price("0.5", before="0", after="5"),
        # A move taken at another time than the close.
        price("0.37", basis="intraday"), price("-0.02", basis="premarket"), price("3.25", basis="after_hours"),
    ],
)  # fmt: skip
def test_moves_that_agree_with_their_closes(event: Event) -> None:
    assert event.contradictions() == ()


@pytest.mark.parametrize(
    ("event", "said"),
    [
        (price("23.71"), "0.2371"), (price("-0.2371"), "0.2371"), (price("0.2417"), "0.2371"), (price("0.2"), "0.2371"),
        (price("0"), "0.2371"), (price("1"), "0.2371"), (price("0.2371", before="203.71", after="164.67"), "-0.1916"),
        (price("23.71", basis="intraday"), "0.2371"), (price("23.7", basis="after_hours"), "0.2371"),
    ],
)  # fmt: skip
def test_a_move_that_contradicts_its_closes(event: Event, said: str) -> None:
    (found,) = event.contradictions()
    assert (found.field, found.got) == ("return", as_raw(event)["return"])
    assert found.what.endswith(f"they say {said}")
    assert found.advice == f"write {said}, or mend the closes"


@given(st.integers(1, 10**6), st.integers(1, 10**6), st.integers(2, 6))
def test_a_published_move_is_never_a_contradiction(before: int, after: int, digits: int) -> None:
    """Prices in cents and a move rounded to whole percent or finer agree."""
    move = f"{after / before - 1:.{digits}f}"
    assert price(move, before=f"{before / 100:.2f}", after=f"{after / 100:.2f}").contradictions() == ()


def test_closes_in_two_currencies_cannot_be_compared() -> None:
    (found,) = price("0.2371", close={"value": "203.71", "currency": "EUR"}).contradictions()
    assert (found.field, found.got) == ("close", "EUR")


@pytest.mark.parametrize(
    ("event", "field"),
    [
        (metric(value="5", low="6", high="4"), "low"),
        (metric(value="5", low="6"), "value"),
        (metric(value="5", low="6", high="7"), "value"),
        (metric(value="5", low="3", high="4"), "value"),
    ],
)
def test_a_value_lies_in_its_range(event: Event, field: str) -> None:
    assert [found.field for found in event.contradictions()] == [field]


def test_a_value_in_its_range_is_none() -> None:
    for event in (metric(value="5"), metric(value="5", low="5", high="5"), metric(value="5", low="4", high="6")):
        assert event.contradictions() == ()


def test_what_a_ledger_has_already_is_read() -> None:
    event = price("23.71")
    assert decode(as_raw(event), 1) == event
