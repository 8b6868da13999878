"""Expected amounts come from the user's own weights and from nowhere else."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from events.errors import BadValueError
from events.statuses import STATUSES
from projections.clocks import Clocks
from projections.queries.commitments.commitments import commitments
from projections.queries.exposure import exposure
from projections.queries.loops.loops import loops
from projections.queries.weighing import checked_weights, weight_of
from tests.oracle.pieces import purchase, usd
from tests.oracle.recording import recorded
from tests.projections.case_parts import COMPANIES
from tests.projections.comparison import warehouse_of

DAY = Clocks.on(dt.date(2026, 1, 1))
LEGS = (
    purchase("letter", status="letter_of_intent", amount=usd("100")),
    purchase("milestones", status="term_sheet", amount=usd("60")),
    purchase("take-or-pay", status="definitive", amount=usd("300")),
)


def test_the_published_haircut_case() -> None:
    """An LOI at 0, a milestone contract at one half, take-or-pay in full: 460, 330, 300 (vector str.binding_haircut)."""
    weights = {"term_sheet": Decimal("0.5")}
    with warehouse_of(recorded(LEGS)) as warehouse:
        (row,) = exposure(warehouse, DAY, weights=weights).rows
        bought = commitments(warehouse, DAY, company=row["to"], weights=weights).rows
    assert (row["headline"], row["expected"], row["binding"]) == (460, 330, 300)
    assert [(r["headline"], r["expected"], r["binding"]) for r in bought] == [(460, 330, 300)]


def test_without_weights_there_is_no_expected_amount() -> None:
    with warehouse_of(recorded(LEGS)) as warehouse:
        result = exposure(warehouse, DAY)
    assert all("expected" not in row for row in result.rows)
    assert "expected" not in {column.name for column in result.columns}


BAD: list[tuple[dict[str, Any], str]] = [
    ({"letter_of_intend": Decimal("0.1")}, "weights: unknown status 'letter_of_intend'"),
    ({"announced": Decimal("1.1")}, "weights: announced: a weight is a number from 0 to 1 (got 1.1)"),
    ({"announced": "-0.1"}, "weights: announced: a weight is a number from 0 to 1 (got -0.1)"),
    ({"announced": "half"}, "weights: announced: a weight is a number from 0 to 1 (got half)"),
    ({"announced": "NaN"}, "weights: announced: a weight is a number from 0 to 1 (got NaN)"),
    ({"announced": float("inf")}, "weights: announced: a weight is a number from 0 to 1 (got inf)"),
    ({"announced": None}, "weights: announced: a weight is a number from 0 to 1 (got None)"),
    ({"announced": True}, "weights: announced: a weight is a number from 0 to 1 (got True)"),
    ({"announced": [0.5]}, "weights: announced: a weight is a number from 0 to 1 (got [0.5])"),
]


@pytest.mark.parametrize(("weights", "said"), BAD)
def test_bad_weights_are_refused_by_every_question_in_the_same_words(weights: dict[str, Any], said: str) -> None:
    with warehouse_of(recorded((*COMPANIES, *LEGS))) as warehouse:
        for ask in (exposure, partial(commitments, company="openai"), partial(loops, basis="expected")):
            with pytest.raises(BadValueError, match=re.escape(said)):
                ask(warehouse, DAY, weights=weights)


def test_weights_are_taken_exactly_as_they_are_written() -> None:
    given: dict[str, Any] = {"rumoured": 0.1, "announced": "0.25", "term_sheet": Decimal("0.5"), "suspended": 1}
    weights = checked_weights(given)
    assert weights == {
        "rumoured": Decimal("0.1"),
        "announced": Decimal("0.25"),
        "term_sheet": Decimal("0.5"),
        "suspended": 1,
    }
    counted = {status: weight_of(status, weights) for status in STATUSES}
    expected: dict[str, Any] = {**dict.fromkeys(STATUSES, 0), "definitive": 1, "completed": 1, **weights}
    assert counted == expected
