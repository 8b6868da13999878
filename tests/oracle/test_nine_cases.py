"""The vocabulary's nine cases, asked of the naive fold."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from tests.oracle.fold import Clocks, LegState, Raw, commitments, legs
from tests.oracle.recording import at, recorded
from tests.projections.case_parts import Case, Question
from tests.projections.cases import CASES

ASKED = [(case, question) for case in CASES for question in case.questions]


def clocks_of(case: Case, question: Question) -> Clocks:
    """Return the triple a question is asked at."""
    position = case.position_before(question.recorded_before)
    return at(question.as_of, known_by=question.known_by, recorded_by=position)


def shown(states: Iterable[LegState], expected: Raw, *, include_ended: bool) -> dict[str, Raw]:
    """Return each leg of the answer with just the fields that the case speaks of."""
    answer = {f"{state.deal}/{state.leg}": state for state in states if include_ended or not state.ended}
    return {
        name: {field: getattr(state, field) for field in expected.get(name, {"status": None})}
        for name, state in answer.items()
    }


@pytest.mark.parametrize(
    ("case", "question"),
    [pytest.param(case, q, id=f"{case.name}, question {case.questions.index(q) + 1}") for case, q in ASKED],
)
def test_case(case: Case, question: Question) -> None:
    entries, clocks = recorded(case.events), clocks_of(case, question)
    if question.legs is not None:
        states = legs(entries, clocks, question.what_if).values()
        expected = dict(question.legs)
        assert shown(states, expected, include_ended=question.include_ended) == expected
    if question.revenue is not None:
        chosen = commitments(entries, clocks, question.revenue).summary["revenue"]
        found = (None, None) if chosen is None else (chosen["value"], chosen["event"])
        assert found == (question.value, question.key)


def test_every_question_expects_something() -> None:
    assert all((question.legs is None) != (question.revenue is None) for _, question in ASKED)
