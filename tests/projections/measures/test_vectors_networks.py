"""Every case of finance.jsonl on circularity and stress, by id, and that no family of cases is left out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from projections.measures import (
    circulation,
    debtrank,
    differential_debtrank,
    eisenberg_noe,
    finn_cycling_index,
    funding_gap,
    furfine,
    hodge_split,
    look_through,
    loop_gain,
    multiple,
    round_trip,
    vendor_financing_ratio,
    weigh,
    yearly_shortfalls,
)

Given = Mapping[str, Any]
Found = Mapping[str, Any]


def seed_circulation(given: Given) -> Found:
    result = circulation(given["edges"])
    carried = [result.per_edge[payer, payee] for payer, payee, _ in given["edges"]]
    return {
        "circulating": result.circulating,
        "share": result.share,
        "per_edge": carried,
        "edge_share": [multiple(some, leg) for some, (_, _, leg) in zip(carried, given["edges"], strict=True)],
        "roundtrip": round_trip(given["edges"], "NVDA").amount,
    }


def seed_finn(given: Given) -> Found:
    nodes = given["nodes"]
    edges = [(a, b, given["F"][i][j]) for i, a in enumerate(nodes) for j, b in enumerate(nodes)]
    outside = dict(zip(nodes, given["z"], strict=True))
    result = loop_gain(edges, outside)
    return {
        "T": [round_trip(edges, node).receipts + outside[node] for node in nodes],
        "loop_gain": result.gain,
        "multiplier": result.multiplier,
        "FCI": finn_cycling_index(given["F"], given["z"]),
    }


def seed_tracing(given: Given) -> Found:
    edges = [
        ("NVDA", "OAI", given["invest"]),
        ("OAI", "ORCL", given["pool_orcl"]),
        ("ORCL", "NVDA", given["return_leg"]),
    ]
    result = loop_gain(edges, {"OAI": given["pool_oai"] - given["invest"]})
    return {
        "earmarked": result.high,
        "prorata": result.pro_rata,
        "lower": result.low,
        "prorata_share_of_invest": result.gain,
        "prorata_share_of_revenue": multiple(result.pro_rata, given["return_leg"]),
    }


def seed_hodge(given: Given) -> Found:
    result = hodge_split(given["edges"])
    assert result.pairs == (("NVDA", "OAI"), ("NVDA", "ORCL"), ("OAI", "ORCL"))
    assert {round(abs(part), 3) for part in result.circular} == {abs(round(result.circular[0], 3))}
    return {
        "potential": result.potential,
        "circ_abs": abs(result.circular[0]),
        "gradient": result.gradient,
        "ratio": result.ratio,
    }


def two_cycle(given: Given) -> Found:
    return {"hodge_ratio": hodge_split(given["edges"]).ratio, "circ_share": circulation(given["edges"]).share}


def superseded(given: Given) -> Found:
    circling, trip = circulation(given["edges"]), round_trip(given["edges"], "NVDA")
    return {
        "circulating": circling.circulating,
        "share": circling.share,
        "roundtrip": trip.amount,
        "share_of_invest": trip.of_outlay,
    }


def without_intent(given: Given) -> Found:
    result = circulation(given["edges"])
    return {"circulating": result.circulating, "share": result.share}


def trip(given: Given) -> Found:
    result = round_trip(given["edges"], given["origin"])
    return {"RT": result.amount, "of_outlay": result.of_outlay, "of_receipts": result.of_receipts}


def leontief(given: Given) -> Found:
    one, nothing = given["f"][0] / given["f"][0], given["f"][0] * 0
    transposed = [list(column) for column in zip(*given["A"], strict=True)]
    return {
        "L": look_through([[one, nothing], [nothing, one]], given["A"]),
        "x": look_through(given["f"], transposed),
    }


def vendors(given: Given) -> Found:
    return {
        "lucent_99": vendor_financing_ratio(given["lucent"], given["lucent_rev_fy99"]),
        "lucent_00": vendor_financing_ratio([given["lucent"]], given["lucent_rev_fy00"]),
        "nvda_85": vendor_financing_ratio([given["nvda_direct"]], given["nvda_fy25"]),
        "nvda_67": vendor_financing_ratio(
            [given["nvda_direct"], given["nvda_plus_debt"] - given["nvda_direct"]], given["nvda_ltm"]
        ),
    }


def three_banks(given: Given) -> Found:
    result = eisenberg_noe(given["L"], given["e"], given["ext_liab"])
    return {"p": result.payments, "default": result.default}


def cascade(given: Given) -> Found:
    result = eisenberg_noe(given["L"], given["e"], given["ext_liab"])
    assert result.recovery[2:] == (None, None), "nothing due, no recovery rate"
    return {
        "p": result.payments,
        "recovery": result.recovery[:2],
        "orcl_receives": result.received[1],
        "nvda_receives": result.received[2],
        "lender_receives": result.received[3],
        "loss": {
            "oai_other": result.outside_loss[0],
            "ORCL": result.loss[1],
            "NVDA": result.loss[2],
            "LEND": result.loss[3],
        },
    }


def ranks(model: Callable[..., Any]) -> Callable[[Given], Found]:
    def answer(given: Given) -> Found:
        def value(first: int) -> Any:  # noqa: ANN401 - of either kind of number
            shock = [given["equity"][0] * 0 + (i == first) for i in range(3)]
            return model(given["assets"], given["equity"], shock, given["weights"]).value

        return {name: value(first) for first, name in enumerate("abc")}

    return answer


def furfine_case(given: Given) -> Found:
    nodes = given["nodes"]
    result = furfine(given["assets"], given["equity"], [nodes.index(name) for name in given["seed"]], given["lgd"])
    return {"defaults": [nodes[i] for i in result.defaults], "loss": result.loss}


def haircut(given: Given) -> Found:
    result = weigh(given["items"])
    return {"headline": result.headline, "weighted": result.weighted, "binding_only": result.binding_only}


def gap(given: Given) -> Found:
    plan = given["commitments"], given["revenue"], given["compute_share"]
    return {
        "shortfall": yearly_shortfalls(*plan),
        "cumulative": funding_gap(*plan, cash=given["opening_cash"] * 0),
        "gap_after_cash": funding_gap(*plan, cash=given["opening_cash"]),
    }


ANSWERS: dict[str, Callable[[Given], Found]] = {
    "cir.seed.circulation": seed_circulation,
    "cir.seed.finn": seed_finn,
    "cir.seed.tracing": seed_tracing,
    "cir.seed.hodge": seed_hodge,
    "cir.twocycle.hodge_blind": two_cycle,
    "cir.seed.superseded_2026": superseded,
    "cir.seed.loi_zero": without_intent,
    "cir.leontief.miller_blair": leontief,
    "cir.vendor_financing": vendors,
    "cir.seed.roundtrip": trip,
    "cir.nocycle.roundtrip": trip,
    "str.en.systemicrisk": three_banks,
    "str.debtrank2012.single": ranks(debtrank),
    "str.debtrank2015.same_network": ranks(differential_debtrank),
    "str.debtrank2015.cycle": lambda given: {
        "h": differential_debtrank(given["assets"], given["equity"], given["h0"]).h
    },
    "str.cascade.openai_en": cascade,
    "str.furfine.openai": furfine_case,
    "str.binding_haircut": haircut,
    "str.funding_gap": gap,
}


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_vector(name: str, check: Callable[..., None]) -> None:
    check(name, ANSWERS[name])


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_vector_in_decimal(name: str, check_in_decimal: Callable[..., None]) -> None:
    check_in_decimal(name, ANSWERS[name])


def test_every_case_on_networks_is_answered(ids_of: Callable[..., set[str]]) -> None:
    assert ids_of("cir", "str") == ANSWERS.keys()


def test_there_is_no_further_family_of_cases(vectors: Mapping[str, Any]) -> None:
    assert {name.split(".")[0] for name in vectors} == {"exp", "dil", "com", "lev", "cir", "str", "dem", "evt"}
    assert len(vectors) == 60
