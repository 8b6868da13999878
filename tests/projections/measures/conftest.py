"""The published and derived cases of finance.jsonl, and how an answer is compared with what they expect."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

VECTORS = Path(__file__).parents[2] / "vectors" / "finance.jsonl"

Case = Mapping[str, Any]
Answer = Callable[[Any], Mapping[str, Any]]


def _same(expected: Any, found: Any, tolerance: float, where: str) -> None:  # noqa: ANN401 - JSON on one side, results on the other
    if isinstance(expected, Mapping):
        assert expected.keys() == found.keys(), where
        for key, value in expected.items():
            _same(value, found[key], tolerance, f"{where}.{key}")
    elif isinstance(expected, list):
        assert len(expected) == len(found), where
        for number, value in enumerate(expected):
            _same(value, found[number], tolerance, f"{where}[{number}]")
    elif expected is None or isinstance(expected, (bool, str)):
        assert found == expected, where
    else:
        assert found is not None, where
        assert abs(float(found) - expected) <= tolerance, f"{where}: expected {expected}, found {found}"


def _in_decimal(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, Mapping):
        return {key: _in_decimal(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_in_decimal(item) for item in value]
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return Decimal(str(value))
    return value


def _leaves(found: Any) -> list[Any]:  # noqa: ANN401 - any result
    if isinstance(found, Mapping):
        return [leaf for value in found.values() for leaf in _leaves(value)]
    if isinstance(found, (list, tuple)):
        return [leaf for value in found for leaf in _leaves(value)]
    return [found]


@pytest.fixture(scope="session")
def vectors() -> dict[str, Case]:
    """Return every case by its id."""
    cases = [json.loads(line) for line in VECTORS.read_text(encoding="utf-8").splitlines()]
    return {case["id"]: case for case in cases}


@pytest.fixture(scope="session")
def check(vectors: dict[str, Case]) -> Callable[[str, Answer], None]:
    """Put a case to the functions in plain JSON numbers and compare all that it expects, and nothing else."""

    def run(name: str, answer: Answer) -> None:
        case = vectors[name]
        found = answer(case["inputs"])
        _same(case["expected"], found, case["tolerance"], name)
        assert not any(isinstance(leaf, Decimal) for leaf in _leaves(found)), "JSON numbers in, JSON numbers out"

    return run


@pytest.fixture(scope="session")
def check_in_decimal(vectors: dict[str, Case]) -> Callable[[str, Answer], None]:
    """Put the same case in Decimal: the same figures, and not a float among them."""

    def run(name: str, answer: Answer) -> None:
        case = vectors[name]
        found = answer(_in_decimal(case["inputs"]))
        _same(case["expected"], found, case["tolerance"], name)
        assert not any(isinstance(leaf, float) for leaf in _leaves(found)), "Decimal in, Decimal out"

    return run


@pytest.fixture(scope="session")
def ids_of(vectors: dict[str, Case]) -> Callable[..., set[str]]:
    """Return the ids that begin with one of these families."""
    return lambda *families: {name for name in vectors if name.split(".")[0] in families}
