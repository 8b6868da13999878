"""What counts of a promise: weights, tranches, and what is left unexplained."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from projections.measures import OutOfRangeError, herfindahl, multiple, unexplained, up_to, weigh
from tests.projections.measures.answers import Answers, Found, Given


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


def backlog(given: Given) -> Found:
    full = given["rpo_2025q1"] / given["rpo_2025q1"]
    committed = weigh([("rpo", given["rpo_2025q1"], full), ("other committed", given["other_committed"], full)])
    return {
        "backlog_2025q1": committed.headline,
        "other_2025q4": unexplained(given["backlog_2025q4"], [given["rpo_2025q4"]]),
    }


def tranches(given: Given) -> Found:
    result = up_to(
        given["cap"], given["tranches"], triggered=int(given["gw_deployed"]), is_binding=given["status"] != "LOI"
    )
    return {"binding": result.binding, "next_trigger": result.next_trigger, "maximum": result.maximum}


def hsbc(given: Given) -> Found:
    gap = unexplained(given["rent"], [given["cum_fcf"]])
    return {"naive_gap": gap, "reconciles": gap == given["gap_published"]}


def gpu_margin(given: Given) -> Found:
    margin = multiple(given["gross_profit"], given["revenue"])
    return {"margin": margin, "after_extra": unexplained(margin, [given["extra_depr_pp"] / 100])}


def haircut(given: Given) -> Found:
    result = weigh(given["items"])
    return {"headline": result.headline, "weighted": result.weighted, "binding_only": result.binding_only}


ANSWERS: Answers = {
    "exp.crwv.backlog_vs_rpo": backlog,
    "exp.upto.tranches": tranches,
    "com.hsbc.does_not_reconcile": hsbc,
    # what is spent on each dollar of revenue is the dollar less the margin
    "com.openai.margin": lambda given: {"spend_per_dollar": unexplained(1, [given["op_margin"]])},
    "dem.oracle_gpu_margin": gpu_margin,
    "str.binding_haircut": haircut,
}


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_vector(name: str, check: Callable[..., None]) -> None:
    check(name, ANSWERS[name])


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_vector_in_decimal(name: str, check_in_decimal: Callable[..., None]) -> None:
    check_in_decimal(name, ANSWERS[name])
