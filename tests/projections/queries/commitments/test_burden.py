"""The yearly burden of commitments is in the currency that the answer is in, with or without a revenue beside it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from projections.queries.commitments.burden import burden

DAY = dt.date(2026, 3, 5)


def leg(amount: int | None, currency: str | None) -> dict[str, Any]:
    return {"currency": currency, "headline": None if amount is None else Decimal(amount), "schedule": None}


@pytest.mark.parametrize(
    ("legs", "currency", "undated"),
    [
        ([leg(300, "EUR")], "EUR", 300),
        ([leg(300, "EUR"), leg(20, "USD")], "USD", 20),
        ([leg(300, "TWD"), leg(5, "EUR"), leg(None, "USD")], "EUR", 5),
        ([leg(None, None)], "USD", 0),
        ([], "USD", 0),
    ],
)
def test_without_a_revenue_the_burden_is_in_the_main_currency_of_the_legs(
    legs: list[dict[str, Any]], currency: str, undated: int
) -> None:
    figures, _ = burden(legs, None, DAY, cash=None, years=None, share=None)
    assert (figures["currency"], figures["undated"]) == (currency, undated)
