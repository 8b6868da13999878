"""What every question shares: the currency it sums up in, and the entries of the log that a reading rests on."""

from __future__ import annotations

import pytest

from projections.queries.asked import main_currency, rests_on


@pytest.mark.parametrize(
    ("codes", "main"),
    [
        (["EUR", "USD", "CNY"], "USD"),
        (["TWD", "EUR"], "EUR"),
        (["EUR", None], "EUR"),
        ([None], None),
        ([], None),
    ],
)
def test_the_usual_currency_comes_first_then_the_first_by_name(codes: list[str | None], main: str | None) -> None:
    assert main_currency(codes) == main


def test_a_corrected_reading_rests_on_the_event_and_on_its_correction() -> None:
    rows = [{"slot": 3, "read_at": 3}, {"slot": 4, "read_at": 9}]
    assert rests_on(rows) == {3, 4, 9}
    assert rests_on([]) == set()
