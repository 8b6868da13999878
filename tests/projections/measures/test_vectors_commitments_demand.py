"""Every case of finance.jsonl on commitments, leverage, demand and market reaction, by id."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from projections.measures import (
    abnormal_value,
    implied_growth,
    indexed,
    market_model,
    multiple,
    shadow_leverage,
    unexplained,
)

Given = Mapping[str, Any]
Found = Mapping[str, Any]


def openai_run_rate(given: Given) -> Found:
    annualised = multiple(given["commit"], given["years"])
    return {
        "multiple": multiple(given["commit"], given["arr"]),
        "annualised": annualised,
        "annual_to_arr": multiple(annualised, given["arr"]),
    }


def openai_2030(given: Given) -> Found:
    return {
        "multiple": multiple(given["compute_to_2030"], given["arr_2026_02"]),
        "cagr_2025_2030": implied_growth(given["rev_2025"], given["rev_2030"], 5),
    }


def oracle(given: Given) -> Found:
    return {
        "on_guide": multiple(given["rpo"], given["fy_guide"]),
        "on_annualised": multiple(given["rpo"], 4 * given["q_rev"]),
        "q2_on_ltm": multiple(given["rpo_q2"], given["ltm_q2"]),
        # "+325 %" means times 4.25
        "prior_year_rpo": multiple(given["rpo"], 1 + given["yoy"]),
    }


def hsbc(given: Given) -> Found:
    gap = unexplained(given["rent"], [given["cum_fcf"]])
    return {"naive_gap": gap, "reconciles": gap == given["gap_published"]}


def third_party_debt(given: Given) -> Found:
    result = shadow_leverage(
        own_drawn=given["own_drawn"],
        partners_executed=given["borrowed"] + given["dependent"],
        partners_in_talks=given["in_talks"],
        revenue=given["arr"],
    )
    return {
        "total": result.total,
        "executed": result.executed,
        "total_to_arr": result.total_to_revenue,
        "executed_to_arr": result.executed_to_revenue,
    }


def tokens(given: Given) -> Found:
    over_the_year = implied_growth(given["t0"], given["t1"], given["months"] / 12)
    assert over_the_year is not None
    return {
        "multiple": multiple(given["t1"], given["t0"]),
        "monthly": implied_growth(given["t0"], given["t1"], given["months"]),
        "annualised_x": 1 + over_the_year,
        "yoy_2026": multiple(given["t_may26"], given["t_may25"]),
    }


def gpu_margin(given: Given) -> Found:
    margin = multiple(given["gross_profit"], given["revenue"])
    return {"margin": margin, "after_extra": unexplained(margin, [given["extra_depr_pp"] / 100])}


def gpu_price(given: Given) -> Found:
    line = indexed([given["mar_2026"]], given["low_2025_10"])
    assert line is not None
    assert line[0] is not None
    return {
        "change": line[0] / 100 - 1,
        "headroom": implied_growth(given["breakeven_low"], given["mar_2026"], 1),
    }


def abnormal(given: Given) -> Found:
    return {
        "ar_sp": market_model([], [], given["ret"], given["sp500"]).ar,
        "ar_ndx": market_model([], [], given["ret"], given["nasdaq"]).ar,
    }


def amd_value(given: Given) -> Found:
    before = unexplained(given["cap_after"], [given["added"]])
    reaction = market_model([], [], given["ret"], given["sp500"])
    return {"cap_before": before, "abnormal_value": abnormal_value(reaction.ar, before)}


def oracle_day(given: Given) -> Found:
    added = unexplained(given["cap_after"], [given["cap_before"]])
    return {
        "added": added,
        "ret": implied_growth(given["cap_before"], given["cap_after"], 1),
        "capture_rpo": multiple(added, unexplained(given["rpo_after"], [given["rpo_before"]])),
        "capture_deal": multiple(added, given["deal"]),
    }


ANSWERS: dict[str, Callable[[Given], Found]] = {
    "com.openai.1400_20": openai_run_rate,
    "com.openai.1400_13": lambda given: {"multiple": multiple(given["commit"], given["rev"])},
    "com.openai.600_25": openai_2030,
    # what is spent on each dollar of revenue is the dollar less the margin
    "com.openai.margin": lambda given: {"spend_per_dollar": unexplained(1, [given["op_margin"]])},
    "com.oracle.rpo": oracle,
    "com.hsbc.cagr": lambda given: {"cagr": implied_growth(given["r0"], given["r1"], given["years"])},
    "com.hsbc.does_not_reconcile": hsbc,
    "lev.third_party_debt": third_party_debt,
    "dem.tokens": tokens,
    "dem.oracle_gpu_margin": gpu_margin,
    "dem.h100_price": gpu_price,
    "dem.paying_share": lambda given: {"share": multiple(given["paying_m"], given["wau_m"])},
    "dem.arpu": lambda given: {"usd_per_wau": multiple(given["arr_b"] * 1000, given["wau_m"])},
    "evt.amd_2025_10_06.ar": abnormal,
    "evt.amd_2025_10_06.value": amd_value,
    "evt.orcl_2025_09_10": oracle_day,
}


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_vector(name: str, check: Callable[..., None]) -> None:
    check(name, ANSWERS[name])


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_vector_in_decimal(name: str, check_in_decimal: Callable[..., None]) -> None:
    check_in_decimal(name, ANSWERS[name])


def test_every_case_on_commitments_and_demand_is_answered(ids_of: Callable[..., set[str]]) -> None:
    assert ids_of("com", "lev", "dem", "evt") == ANSWERS.keys()
