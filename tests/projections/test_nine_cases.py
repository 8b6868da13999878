"""The vocabulary's nine cases, asked of the SQL projections."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from projections.queries.check.check import check
from projections.queries.commitments.commitments import commitments
from projections.queries.legs import legs
from projections.warehouse import Warehouse
from tests.oracle.recording import at, recorded
from tests.projections.case_parts import Case, Question
from tests.projections.cases import CASES
from tests.projections.comparison import read_side_clocks, warehouse_of

ASKED = [
    pytest.param(case, question, id=f"{case.name}, question {number}")
    for case in CASES
    for number, question in enumerate(case.questions, 1)
]
PARTIES = {
    "purchase_committed": ("buyer", "supplier"),
    "investment_committed": ("investor", "investee"),
}


def opened(case: Case, what_if: tuple[Any, ...] = ()) -> Warehouse:
    return warehouse_of(recorded(case.events), what_if)


def shown(row: dict[str, Any], fields: Iterable[str]) -> dict[str, Any]:
    roles = PARTIES.get(row["type"], ())
    answer = {
        **row,
        "pending": tuple(row["pending"]),
        "parties": dict(zip(roles, (row["first_party"], row["second_party"]), strict=False)),
    }
    return {field: answer[field] for field in fields}


@pytest.mark.parametrize(("case", "question"), ASKED)
def test_case(case: Case, question: Question) -> None:
    triple = at(question.as_of, known_by=question.known_by, recorded_by=case.position_before(question.recorded_before))
    with opened(case, question.what_if) as warehouse:
        clocks = read_side_clocks(triple)
        if question.legs is not None:
            rows = legs(warehouse, clocks, include_ended=question.include_ended).rows
            expected = dict(question.legs)
            found = {row["leg_ref"]: shown(row, expected.get(row["leg_ref"], ())) for row in rows}
            assert found == expected
        if question.revenue is not None:
            revenue = commitments(warehouse, clocks, company=question.revenue).summary["revenue"]
            assert (revenue and (revenue["value"], revenue["event"])) == (
                question.value and (question.value, question.key)
            )


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in CASES if case.checked])
def test_check_lists(case: Case) -> None:
    with opened(case) as warehouse:
        listed = {
            key
            for row in check(warehouse, read_side_clocks(at("2027-01-01")), least="doubt").rows
            for key in row["keys"]
        }
    assert set(case.checked) <= listed
