"""The circular part of the flows between three companies, as it was worked by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from projections.measures import hodge_split
from tests.projections.measures.answers import Answers, Found, Given


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


ANSWERS: Answers = {
    "cir.seed.hodge": seed_hodge,
}


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_vector(name: str, check: Callable[..., None]) -> None:
    check(name, ANSWERS[name])


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_vector_in_decimal(name: str, check_in_decimal: Callable[..., None]) -> None:
    check_in_decimal(name, ANSWERS[name])
