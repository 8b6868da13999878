"""Large, net and credit-equivalent exposure, and capacity: bounds that hold for any numbers, and the cases worked by hand."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections.measures import (
    CREDIT_CONVERSION,
    OutOfRangeError,
    capacity_interval,
    credit_equivalent,
    large_exposure,
    net_exposure,
    up_to,
)
from tests.projections.measures.answers import Answers, Found, Given

MONEY = st.decimals(min_value=0, max_value=10**9, places=4)


@given(MONEY, st.decimals(min_value="0.01", max_value=10**9, places=2))
def test_a_breach_is_large_and_strict(exposure: Decimal, base: Decimal) -> None:
    result = large_exposure(exposure, base)
    assert result.ratio == exposure / base
    assert result.large == (exposure * 10 >= base)
    assert result.breach == (exposure * 4 > base)


@pytest.mark.parametrize(("exposure", "base"), [(None, 100), (5, None), (5, 0), (5, -1)])
def test_a_bad_base_is_not_computable(exposure: int | None, base: int | None) -> None:
    result = large_exposure(exposure, base)
    assert (result.ratio, result.large, result.breach) == (None, None, None)


@given(equity=MONEY, claims=MONEY, payables=MONEY, collateral=MONEY, set_off=st.booleans())
def test_net_is_between_nothing_and_gross(
    *, equity: Decimal, claims: Decimal, payables: Decimal, collateral: Decimal, set_off: bool
) -> None:
    result = net_exposure(equity=equity, claims=claims, payables=payables, collateral=collateral, set_off=set_off)
    assert result.gross == equity + claims
    assert max(Decimal(0), equity - collateral) <= result.net <= result.gross
    if not set_off:
        assert result.net == max(Decimal(0), result.gross - collateral)


KINDS = st.sampled_from(sorted(CREDIT_CONVERSION))


@given(st.lists(st.tuples(KINDS, MONEY)))
def test_the_equivalent_is_at_most_the_face_and_adds_up(items: list[tuple[str, Decimal]]) -> None:
    total = credit_equivalent(items)
    parts = [credit_equivalent([item]) for item in items]
    assert total == sum((part for part in parts if part is not None), Decimal(0))
    assert total is not None
    assert 0 <= total <= sum((amount for _, amount in items), Decimal(0))


def test_an_undisclosed_amount_is_none_unless_it_cannot_count() -> None:
    assert credit_equivalent([("committed_undrawn", None)]) is None
    assert credit_equivalent([("letter_of_intent", None), ("loan_drawn", Decimal(5))]) == 5
    with pytest.raises(OutOfRangeError, match="no conversion factor for 'handshake'"):
        credit_equivalent([("handshake", 5)])


LEGS = st.lists(
    st.tuples(
        st.sampled_from(["chips", "cloud", "power"]),
        st.one_of(st.none(), st.sampled_from(["lot-1", "lot-2", "lot-3"])),
        st.one_of(st.none(), st.decimals(min_value=0, max_value=20, places=2)),
    )
)


@given(LEGS)
def test_capacity_lies_between_a_layer_and_the_naive_sum(
    legs: list[tuple[str, str | None, Decimal | None]],
) -> None:
    result = capacity_interval(legs)
    if result.lower is None or result.upper is None or result.naive is None:
        assert all(capacity is None for _, _, capacity in legs)
        return
    assert result.lower == max(result.by_layer.values())
    assert result.lower <= result.upper <= result.naive
    assert result.upper <= sum(result.by_layer.values(), Decimal(0))


def test_a_shared_lot_counts_once_at_its_largest_leg() -> None:
    legs = [("chips", "abilene", 10), ("cloud", "abilene", 12), ("chips", None, 3), ("power", "x", None)]
    result = capacity_interval(legs)
    assert (result.lower, result.upper, result.naive, result.undisclosed) == (13, 15, 25, 1)
    assert result.by_layer == {"chips": 13, "cloud": 12}


def large(given: Given) -> Found:
    result = large_exposure(given["exposure"], given["tier1"])
    return {"ratio": result.ratio, "large": result.large, "breach": result.breach}


def guarantee(given: Given) -> Found:
    nothing = given["guarantee_max"] * 0
    result = net_exposure(
        equity=nothing,
        claims=given["guarantee_max"],
        payables=nothing,
        collateral=given["cash_escrow"],
        set_off=False,
    )
    drawn = up_to(given["guarantee_max"], [given["guarantee_max"]], triggered=0, is_binding=True).binding
    return {"gross_max": result.gross, "net_of_collateral": result.net, "drawn": drawn}


def layers(given: Given) -> Found:
    legs = [(layer, None, capacity) for layer, of in given.items() for capacity in of.values()]
    result = capacity_interval(legs)
    return {"naive": result.naive, "lower": result.lower, "upper": result.upper}


def gross_and_net(given: Given) -> Found:
    def at_stake(*, set_off: bool) -> Any:  # noqa: ANN401 - of either kind of number
        return net_exposure(
            equity=given["equity"],
            claims=given["receivable"],
            payables=given["payable"],
            collateral=given["equity"] * 0,
            set_off=set_off,
        )

    enforceable = at_stake(set_off=given["setoff_enforceable"])
    return {"gross": enforceable.gross, "net": enforceable.net, "net_no_setoff": at_stake(set_off=False).net}


ANSWERS: Answers = {
    "exp.ccf.ead": lambda given: {"EAD": credit_equivalent(given["items"])},
    "exp.lex.at": large,
    "exp.lex.large": large,
    "exp.lex.small": large,
    "exp.guarantee.net": guarantee,
    "exp.dedupe.layers": layers,
    "exp.gross_net": gross_and_net,
}


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_vector(name: str, check: Callable[..., None]) -> None:
    check(name, ANSWERS[name])


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_vector_in_decimal(name: str, check_in_decimal: Callable[..., None]) -> None:
    check_in_decimal(name, ANSWERS[name])
