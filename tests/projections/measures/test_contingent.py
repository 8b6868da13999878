"""Shares that depend on conditions: the bounds hold whatever the unknown turns out to be."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections.measures import OutOfRangeError, contingently_issuable

CONDITIONS = st.lists(
    st.fixed_dictionaries(
        {
            "kind": st.sampled_from(["capacity", "share_price", "other"]),
            "threshold": st.one_of(st.none(), st.integers(0, 10)),
        }
    ),
    max_size=3,
)

TRANCHES = st.lists(
    st.fixed_dictionaries({"shares": st.one_of(st.none(), st.integers(0, 50)), "conditions": CONDITIONS}), max_size=5
)

READING = st.one_of(st.none(), st.integers(0, 10))


def counted(tranches: list[dict[str, Any]], capacity: int, price: int) -> int:
    """Sizes of the tranches whose every condition holds, once nothing is unknown."""
    reading = {"capacity": capacity, "share_price": price}
    return sum(
        tranche["shares"]
        for tranche in tranches
        if all(reading[one["kind"]] >= one["threshold"] for one in tranche["conditions"])
    )


@given(TRANCHES, READING, READING, st.data())
def test_bounds_hold_whatever_the_unknown_turns_out_to_be(
    tranches: list[dict[str, Any]], capacity: int | None, price: int | None, data: st.DataObject
) -> None:
    """Fill in sizes, readings, thresholds and outcomes at random: the count always lies within the bounds."""
    complete: list[dict[str, Any]] = []
    for tranche in tranches:
        conditions = []
        for one in tranche["conditions"]:
            threshold = data.draw(st.integers(0, 10)) if one["threshold"] is None else one["threshold"]
            if one["kind"] == "other":
                # an outcome of its own, written as a price that is or is not reached
                conditions.append({"kind": "share_price", "threshold": data.draw(st.sampled_from([0, 11]))})
            else:
                conditions.append({"kind": one["kind"], "threshold": threshold})
        shares = data.draw(st.integers(0, 50)) if tranche["shares"] is None else tranche["shares"]
        complete.append({"shares": shares, "conditions": conditions})
    total = sum(tranche["shares"] for tranche in complete)
    truth = counted(
        complete,
        data.draw(st.integers(0, 10)) if capacity is None else capacity,
        data.draw(st.integers(0, 10)) if price is None else price,
    )
    known_total = contingently_issuable(tranches, capacity, price, shares_max=total)
    assert known_total.high is not None
    assert known_total.low <= truth <= known_total.high
    unknown_total = contingently_issuable(tranches, capacity, price)
    assert unknown_total.low <= truth
    assert unknown_total.high is None or truth <= unknown_total.high


def test_conditions_hold_jointly_and_at_the_period_end() -> None:
    tranche = {
        "shares": 25,
        "conditions": [{"kind": "capacity", "threshold": "1"}, {"kind": "share_price", "threshold": "180"}],
    }
    assert contingently_issuable([tranche], Decimal("1.0"), Decimal(180)).low == 25
    assert contingently_issuable([tranche], Decimal("0.9"), Decimal(600)).high == 0
    assert contingently_issuable([tranche], Decimal(6), Decimal("179.99")).high == 0


def test_amd_sizes_undisclosed_but_for_their_sum() -> None:
    # 160M shares; the first tranche of 1 GW and the last of 6 GW at 600 dollars, sizes not disclosed
    first = {"shares": None, "conditions": [{"kind": "capacity", "threshold": 1}]}
    last = {
        "shares": None,
        "conditions": [{"kind": "capacity", "threshold": 6}, {"kind": "share_price", "threshold": 600}],
    }
    bounds = contingently_issuable([first, last], 1, 250, shares_max=160_000_000)
    assert (bounds.low, bounds.high, bounds.met) == (0, 160_000_000, (0,))
    both = contingently_issuable([first, last], 6, 600, shares_max=160_000_000)
    assert (both.low, both.high) == (160_000_000, 160_000_000)
    neither = contingently_issuable([first, last], 0, 600, shares_max=160_000_000)
    assert (neither.low, neither.high) == (0, 0)


def test_other_measurements_and_misprints() -> None:
    dated = {"shares": 7, "conditions": [{"kind": "date", "threshold": "2026-12-31"}]}
    bought = {"shares": 5, "conditions": [{"kind": "purchases", "threshold": Decimal(20)}]}
    result = contingently_issuable([dated, bought], None, None, purchases=Decimal(19), as_of=date(2026, 12, 31))
    assert (result.low, result.high, result.met) == (7, 7, (0,))
    assert contingently_issuable([dated, bought], None, None).undecided == (0, 1)
    # one condition that surely fails settles it, whatever the others say
    doomed = {"shares": 3, "conditions": [{"kind": "other", "threshold": None}, {"kind": "capacity", "threshold": 2}]}
    settled = contingently_issuable([doomed], 1, None)
    assert (settled.low, settled.high, settled.undecided) == (0, 0, ())
    with pytest.raises(OutOfRangeError, match="more than the warrant's 11"):
        contingently_issuable([dated, bought], None, None, shares_max=11)


@pytest.mark.parametrize(
    ("sites", "shares"), [(0, 0), (1, 5_000), (2, 10_000)], ids=["first quarter", "second quarter", "third quarter"]
)
def test_ias_33_example_7_contingently_issuable_shares(sites: int, shares: int) -> None:
    # IAS 33 Illustrative Example 7 (recalled): 5,000 shares for each new retail site, opened 1 May and 1 September,
    # sites standing in for gigawatts; the condition counts as at the end of each quarter
    tranches = [{"shares": 5_000, "conditions": [{"kind": "capacity", "threshold": opened}]} for opened in (1, 2)]
    result = contingently_issuable(tranches, sites, None)
    assert (result.low, result.high) == (shares, shares)
