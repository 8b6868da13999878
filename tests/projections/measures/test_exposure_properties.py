"""Exposure, concentration, look-through and capacity: bounds that hold for any numbers, then the named cases."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections.measures import (
    CREDIT_CONVERSION,
    OutOfRangeError,
    ShapeError,
    capacity_interval,
    concentration_band,
    credit_equivalent,
    effective_names,
    herfindahl,
    herfindahl_bounds,
    large_exposure,
    look_through,
    net_exposure,
    top_share,
    unexplained,
    up_to,
    weigh,
)

MONEY = st.decimals(min_value=0, max_value=10**9, places=4)
SHARES = st.lists(st.decimals(min_value=0, max_value=100, places=3), max_size=12)
TINY = Decimal("1e-15")


@given(SHARES)
def test_the_index_lies_between_even_and_monopoly(shares: list[Decimal]) -> None:
    index = herfindahl(shares)
    if index is None:
        assert not any(shares)
        return
    assert Decimal(10_000) / len(shares) - TINY <= index <= 10_000
    names = effective_names(index)
    assert names is not None
    assert 1 <= names <= len(shares) + TINY
    first = top_share(shares, 1)
    assert first is not None
    assert 10_000 * first * first - TINY <= index <= 10_000 * first + TINY


@given(SHARES, st.decimals(min_value="0.001", max_value=1000, places=3))
def test_only_proportions_count(shares: list[Decimal], scale: Decimal) -> None:
    scaled, plain = herfindahl([share * scale for share in shares]), herfindahl(shares)
    assert scaled == (None if plain is None else pytest.approx(plain))


@given(SHARES.filter(any), SHARES, st.decimals(min_value=0, max_value=50, places=3))
def test_bounds_hold_however_the_unknown_is_shared(known: list[Decimal], hidden: list[Decimal], cap: Decimal) -> None:
    capped = [min(share, cap) for share in hidden]
    whole = sum(known + capped, Decimal(0))
    truth = herfindahl(known + capped)
    loose = herfindahl_bounds(known, whole=whole)
    assert truth is not None
    assert loose is not None
    assert loose.low - TINY <= truth <= loose.high + TINY
    if cap > 0:
        tight = herfindahl_bounds(known, whole=whole, each_at_most=cap)
        assert tight is not None
        assert loose.low == tight.low
        assert truth <= tight.high + TINY
        assert tight.high <= loose.high + TINY


def test_a_remainder_of_a_tenth_each_at_most() -> None:
    # 45 % named; the rest in pieces of at most 10 %: five of 10 and one of 5
    bounds = herfindahl_bounds([45], whole=100, each_at_most=10)
    assert bounds is not None
    assert (bounds.low, bounds.high) == (2025, 2025 + 5 * 100 + 25)
    assert herfindahl([0.45], whole=1) == 2025


def test_band_edges() -> None:
    assert [concentration_band(index) for index in (999.9, 1000, 1800, Decimal("1800.1"))] == [
        "unconcentrated",
        "moderately concentrated",
        "moderately concentrated",
        "highly concentrated",
    ]


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


ROWS = st.integers(1, 5).flatmap(
    lambda size: st.lists(
        st.lists(st.decimals(min_value=0, max_value="0.15", places=2), min_size=size, max_size=size),
        min_size=size,
        max_size=size,
    )
)


@given(ROWS, st.data())
def test_look_through_solves_its_equation(dependency: list[list[Decimal]], data: st.DataObject) -> None:
    size = len(dependency)
    direct = data.draw(st.lists(MONEY, min_size=size, max_size=size))
    seen = look_through(direct, dependency)
    assert seen is not None
    for j in range(size):
        through = sum((seen[i] * dependency[i][j] for i in range(size)), Decimal(0))
        assert abs(seen[j] - through - direct[j]) <= Decimal("1e-14")
        assert seen[j] >= direct[j]
    assert look_through([direct, direct], dependency) == [seen, seen]


@given(st.lists(MONEY, min_size=1, max_size=6))
def test_without_dependency_look_through_is_direct(direct: list[Decimal]) -> None:
    assert look_through(direct, [[Decimal(0)] * len(direct) for _ in direct]) == direct


def test_total_mutual_dependency_has_no_sum() -> None:
    assert look_through([1, 0], [[0, 1], [1, 0]]) is None
    assert look_through([1, 0], [[0.5, 0.6], [0.6, 0.5]]) is None
    with pytest.raises(ShapeError, match="direct exposure"):
        look_through([1], [[0, 1], [0, 0]])
    with pytest.raises(OutOfRangeError, match="dependency must not be negative"):
        look_through([1], [[-0.1]])


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


def test_undisclosed_legs_are_counted_and_never_added() -> None:
    result = weigh([("definitive", Decimal(10), Decimal(1)), ("definitive", None, Decimal(1))])
    assert [result.headline, result.binding_only] == [10, 10]
    assert result.undisclosed == 1
    assert unexplained(10, [4, None]) is None
    assert unexplained(None, [4]) is None
    with pytest.raises(OutOfRangeError, match="weight of letter_of_intent"):
        weigh([("letter_of_intent", 1, 1.5)])


def test_after_the_last_tranche_there_is_no_next_one() -> None:
    result = up_to(Decimal(30), [Decimal(10)] * 3, triggered=3, is_binding=True)
    assert [result.binding, result.next_trigger, result.maximum] == [30, None, 30]
    with pytest.raises(OutOfRangeError, match="share must not be negative"):
        herfindahl([-1, 2])
    with pytest.raises(OutOfRangeError, match="more than the whole"):
        herfindahl([60, 50], whole=100)
