"""Vestings before what they hang on: each kind of condition met, not met, and of which nothing can be said."""

from __future__ import annotations

from functools import cache

import pytest

from tests.oracle.fold import Raw
from tests.oracle.pieces import event, paid, purchase, usd
from tests.projections.queries.check.findings import found_apart

VESTED_ON = "2025-06-10"
DELIVERED = event("capacity_delivered", deal="d", leg="supply", capacity_gw="1", announced_on="2025-06-05")
PRICED = event(
    "metric_reported", company="amd", metric="share_price", value="150", unit="USD", basis="statement", on="2025-06-05",
    announced_on="2025-06-05",
)  # fmt: skip


def vesting(condition: Raw, more: list[Raw]) -> list[Raw]:
    """Return what is recorded where a tranche with one condition has vested."""
    return [
        purchase(amount=usd("50"), capacity_gw="6"),
        event(
            "warrant_granted", deal="d", leg="w", status="definitive", issuer="amd", holder="openai",
            tranches=[{"tranche": "first", "shares": 10, "conditions": [condition]}, {"tranche": "second", "shares": 5}],
        ) | {"key": "k"},
        *more,
        event("tranche_vested", deal="d", leg="w", tranche="first", announced_on=VESTED_ON) | {"key": "v"},
        event("tranche_vested", deal="d", leg="w", tranche="second", announced_on=VESTED_ON),
    ]  # fmt: skip


def capacity(level: str) -> Raw:
    return {"kind": "capacity", "threshold": level, "unit": "GW"}


UNMET: dict[str, tuple[Raw, list[Raw], str]] = {
    "less delivered": (capacity("2"), [DELIVERED], "with 1 of 2 GW known to be delivered"),
    "delivered later": (
        capacity("1"), [DELIVERED | {"announced_on": "2025-06-20"}], "with 0 of 1 GW known to be delivered"
    ),
    "less bought": (
        {"kind": "purchases", "threshold": "40", "unit": "USD"}, [paid("10", announced_on="2025-06-05")],
        "with 10 of 40 USD known to be spent",
    ),
    "a lower price": (
        {"kind": "share_price", "threshold": "200", "unit": "USD"}, [PRICED],
        "with 150 of 200 USD the highest price known",
    ),
    "a day to come": ({"kind": "date", "threshold": "2025-07"}, [], "before 2025-07"),
}  # fmt: skip


MET: dict[str, tuple[Raw, list[Raw]]] = {
    "as much delivered": (capacity("1"), [DELIVERED]),
    "told later, delivered before": (
        capacity("1"), [DELIVERED | {"announced_on": "2025-06-20", "effective_on": "2025-06-09"}]
    ),
    "no price known": ({"kind": "share_price", "threshold": "200", "unit": "USD"}, []),
    "as high a price": ({"kind": "share_price", "threshold": "150", "unit": "USD"}, [PRICED]),
    "the day": ({"kind": "date", "threshold": VESTED_ON}, []),
    "signed": ({"kind": "definitive_agreement"}, []),
    "in words": ({"kind": "other", "text": "whatever"}, []),
    "no level": ({"kind": "capacity"}, []),
}  # fmt: skip


RECORDED = {name: vesting(condition, more) for name, (condition, more, _) in UNMET.items()}
RECORDED |= {name: vesting(condition, more) for name, (condition, more) in MET.items()}
FOUND = cache(lambda: found_apart(RECORDED))


@pytest.mark.parametrize("case", UNMET)
def test_a_condition_that_was_not_met_is_told(case: str) -> None:
    assert FOUND()[case] == [
        ("doubt", "vested too early", "d/w", f"the tranche first vested on {VESTED_ON}, {UNMET[case][2]}", ["k", "v"])
    ]


@pytest.mark.parametrize("case", MET)
def test_a_condition_that_was_met_or_cannot_be_judged_is_not(case: str) -> None:
    assert FOUND()[case] == []
