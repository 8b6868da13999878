"""Every exposure and dilution case of finance.jsonl, by id, in JSON numbers and in Decimal."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from projections.measures import (
    capacity_interval,
    contra_revenue,
    credit_equivalent,
    earnings_per_share,
    herfindahl,
    hurdle_warrant_value,
    large_exposure,
    look_through,
    net_exposure,
    ownership,
    treasury_stock_shares,
    unexplained,
    up_to,
    weigh,
)

Given = Mapping[str, Any]
Found = Mapping[str, Any]


def large(given: Given) -> Found:
    result = large_exposure(given["exposure"], given["tier1"])
    return {"ratio": result.ratio, "large": result.large, "breach": result.breach}


def openai_in_rpo(given: Given) -> Found:
    nothing = given["rpo"] * 0
    seen = look_through([given["rpo"], nothing], [[nothing, given["share"]], [nothing, nothing]])
    assert seen is not None
    return {"openai": seen[1], "other": unexplained(given["rpo"], [seen[1]])}


def backlog(given: Given) -> Found:
    full = given["rpo_2025q1"] / given["rpo_2025q1"]
    committed = weigh([("rpo", given["rpo_2025q1"], full), ("other committed", given["other_committed"], full)])
    return {
        "backlog_2025q1": committed.headline,
        "other_2025q4": unexplained(given["backlog_2025q4"], [given["rpo_2025q4"]]),
    }


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


def two_hops(given: Given) -> Found:
    nothing = given["lender_to_crwv"] * 0
    seen = look_through(
        [given["lender_to_crwv"], nothing, nothing],
        [
            [nothing, given["crwv_rev_share_msft"], nothing],
            [nothing, nothing, given["msft_rpo_share_openai"]],
            [nothing, nothing, nothing],
        ],
    )
    assert seen is not None
    return {"lookthrough": seen[2]}


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


def tranches(given: Given) -> Found:
    result = up_to(
        given["cap"], given["tranches"], triggered=int(given["gw_deployed"]), is_binding=given["status"] != "LOI"
    )
    return {"binding": result.binding, "next_trigger": result.next_trigger, "maximum": result.maximum}


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


EXACT: dict[str, Callable[[Given], Found]] = {
    "exp.ccf.ead": lambda given: {"EAD": credit_equivalent(given["items"])},
    "exp.lex.at": large,
    "exp.lex.large": large,
    "exp.lex.small": large,
    "exp.hhi.doj4": lambda given: {"HHI": herfindahl(given["shares"])},
    "exp.hhi.4b": lambda given: {"HHI": herfindahl(given["shares"])},
    "exp.msft.rpo.openai": openai_in_rpo,
    "exp.crwv.backlog_vs_rpo": backlog,
    "exp.guarantee.net": guarantee,
    "exp.lookthrough.two_hop": two_hops,
    "exp.dedupe.layers": layers,
    "exp.gross_net": gross_and_net,
    "exp.upto.tranches": tranches,
    "dil.tsm.warrants": incremental,
    "dil.tsm.out_of_money": incremental,
    "dil.tsm.ifrs_workbook": per_share,
    "dil.tsm.ias33_ie5": per_share,
    "dil.penny.basic.vringo": penny,
    "dil.amd.ownership": amd,
    "dil.tsm.penny": incremental,
    "dil.contra_revenue": contra,
}


def above(spot: float, strike: float, carry: float, volatility: float, years: float) -> float:
    """N(d1) with cost of carry `carry`, read off the price hurdle tested at expiry."""
    return hurdle_warrant_value(spot, strike, carry, volatility, years, "expiry") / spot


def black_scholes(given: Given) -> Found:
    s, k, r, v, t = (float(given[name]) for name in ("S", "K", "r", "sigma", "T"))
    # a drift lower by the variance turns N(d1) into N(d2)
    call = s * above(s, k, r, v, t) - k * math.exp(-r * t) * above(s, k, r - v * v, v, t)
    return {"call": call, "put": call - s + k * math.exp(-r * t)}


def asset_or_nothing(given: Given) -> Found:
    s, x, r, b, v, t = (float(given[name]) for name in ("S", "X", "r", "b", "sigma", "T"))
    return {"value": s * math.exp((b - r) * t) * (1 - above(s, x, b, v, t))}


def cash_or_nothing(given: Given) -> Found:
    s, x, r, b, v, t = (float(given[name]) for name in ("S", "X", "r", "b", "sigma", "T"))
    return {"value": float(given["cash"]) * math.exp(-r * t) * (1 - above(s, x, b - v * v, v, t))}


def penny_warrant(given: Given) -> Found:
    spot, hurdle, rate, volatility, years = (given[name] for name in ("S", "H", "r", "sigma", "T"))
    return {
        "touch": hurdle_warrant_value(spot, hurdle, rate, volatility, years),
        "terminal": hurdle_warrant_value(spot, hurdle, rate, volatility, years, "expiry"),
    }


VALUATIONS: dict[str, Callable[[Given], Found]] = {
    "dil.bs.hull": black_scholes,
    "dil.digital.asset_or_nothing": asset_or_nothing,
    "dil.digital.cash_or_nothing": cash_or_nothing,
    "dil.hurdle.penny_warrant": penny_warrant,
}


@pytest.mark.parametrize("name", sorted(EXACT | VALUATIONS))
def test_vector(name: str, check: Callable[..., None]) -> None:
    check(name, (EXACT | VALUATIONS)[name])


@pytest.mark.parametrize("name", sorted(EXACT))
def test_vector_in_decimal(name: str, check_in_decimal: Callable[..., None]) -> None:
    check_in_decimal(name, EXACT[name])


def test_every_exposure_and_dilution_case_is_answered(ids_of: Callable[..., set[str]]) -> None:
    assert ids_of("exp", "dil") == (EXACT | VALUATIONS).keys()
