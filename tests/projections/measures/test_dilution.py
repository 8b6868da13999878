"""Ownership, treasury-stock shares and earnings per share: their bounds, and the printed cases."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections.measures import contra_revenue, earnings_per_share, ownership, treasury_stock_shares, unexplained
from tests.projections.measures.answers import Answers, Found, Given

PRICE = st.decimals(min_value=0, max_value=1000, places=2)
COUNT = st.integers(0, 10**9)


@given(COUNT, PRICE, PRICE, PRICE)
def test_treasury_stock_shares_lie_between_nothing_and_all(
    count: int, strike: Decimal, price: Decimal, more: Decimal
) -> None:
    shares = treasury_stock_shares(count, strike, price)
    assert 0 <= shares <= count
    assert (shares > 0) == (count > 0 and price > strike)
    assert treasury_stock_shares(count, strike, price + more) >= shares - Decimal("1e-12")
    assert treasury_stock_shares(count, strike + more, price) <= shares + Decimal("1e-12")
    # the company buys back at P with the proceeds at K
    assert (count - shares) * price == pytest.approx(count * strike) or price <= strike
    assert treasury_stock_shares(count, strike, price, loss_period=True) == 0


@given(st.integers(1, 10**9), st.lists(COUNT, max_size=4))
def test_ownership_after_issue_is_smaller_and_adds_up(outstanding: int, warrants: list[int]) -> None:
    shares = [Decimal(count) for count in warrants]
    result = ownership(Decimal(outstanding), shares)
    assert result.pre is not None
    assert result.post is not None
    assert 0 <= result.post <= result.pre
    assert result.post < 1
    assert result.pre == pytest.approx(sum(result.each_pre, Decimal(0)))
    assert result.post == pytest.approx(sum(result.each_post, Decimal(0)))


def test_no_shares_outstanding_is_not_computable() -> None:
    result = ownership(0, [5])
    assert (result.pre, result.post, result.each_pre, result.each_post) == (None, None, (), ())
    assert contra_revenue(4, 5, 0) is None
    assert contra_revenue(4, None, 20) is None
    assert contra_revenue(4, 5, 20, probable=False) == 0
    per_share = earnings_per_share(1, 0, penny_shares=0, incremental=0)
    assert (per_share.basic, per_share.diluted) == (None, None)


def test_a_loss_is_not_diluted() -> None:
    result = earnings_per_share(-100, 10, penny_shares=0, incremental=90)
    assert (result.basic, result.diluted) == (-10, -10)


def test_amd_ownership_as_measured_before_and_after_issue() -> None:
    # 160M of 1,630M shares: 9.82 % before issue, 8.94 % after; with a second warrant 16.41 % after, 8.21 % each
    both = ownership(Decimal(1630), [Decimal(160), Decimal(160)])
    assert both.pre is not None
    assert both.post is not None
    assert [round(100 * part, 2) for part in (both.pre, both.post, *both.each_post)] == [
        Decimal("19.63"),
        Decimal("16.41"),
        Decimal("8.21"),
        Decimal("8.21"),
    ]


def incremental(given: Given) -> Found:
    return {"incremental": treasury_stock_shares(given["n"], given["strike"], given["avg"])}


def per_share(given: Given) -> Found:
    more = treasury_stock_shares(given["n"], given["strike"], given["avg"])
    result = earnings_per_share(given["ni"], given["shares"], penny_shares=given["ni"] * 0, incremental=more)
    return {"basic": result.basic, "incremental": more, "diluted": result.diluted}


def penny(given: Given) -> Found:
    result = earnings_per_share(
        given["loss_k"] * 1000, given["shares"], penny_shares=given["penny_vested"], incremental=given["loss_k"] * 0
    )
    return {"basic_shares": result.basic_shares, "eps": result.basic}


def amd(given: Given) -> Found:
    one = ownership(given["out"], given["openai"])
    both = ownership(given["out"], {"openai": given["openai"], "meta": given["meta"]})
    return {
        "pre_one": one.pre,
        "post_one": one.post,
        "pre_both": both.pre,
        "post_both_total": both.post,
        "each_post_both": both.each_post[1],
    }


def contra(given: Given) -> Found:
    taken = contra_revenue(
        given["tranche_fv"], given["gross_revenue_q"], given["tranche_purchases"], probable=given["tranche_probable"]
    )
    # a later price is no argument of the function: the fair value is the grant date's
    return {
        "contra": taken,
        "net_revenue": unexplained(given["gross_revenue_q"], [taken]),
        "contra_after_price_doubles": taken,
    }


ANSWERS: Answers = {
    "dil.tsm.warrants": incremental,
    "dil.tsm.out_of_money": incremental,
    "dil.tsm.ifrs_workbook": per_share,
    "dil.tsm.ias33_ie5": per_share,
    "dil.penny.basic.vringo": penny,
    "dil.amd.ownership": amd,
    "dil.tsm.penny": incremental,
    "dil.contra_revenue": contra,
}


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_vector(name: str, check: Callable[..., None]) -> None:
    check(name, ANSWERS[name])


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_vector_in_decimal(name: str, check_in_decimal: Callable[..., None]) -> None:
    check_in_decimal(name, ANSWERS[name])
