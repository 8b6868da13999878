"""Every measure of which the naive oracle has a `twin` answers as the twin does, at random clock triples."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import pytest

from projections.queries.registry import MEASURES, Measure
from projections.warehouse import Warehouse
from tests.oracle import fold
from tests.oracle.generate import GeneratedLedger, random_clocks, random_ledger, random_what_if
from tests.oracle.recording import recorded
from tests.projections.catalogue import catalogue_raws
from tests.projections.comparison import read_side_clocks, warehouse_of

__all__ = ["TWINS"]

FOLDED = {name: import_module(f"tests.oracle.{name}") for name in MEASURES if find_spec(f"tests.oracle.{name}")}
TWINS = {name: module.twin for name, module in FOLDED.items() if hasattr(module, "twin")}
ASKED_OF = ("alpha", "beta")


def compared(measure: Measure, rows: Iterable[Mapping[str, Any]]) -> list[tuple[Any, ...]]:
    names = (*measure.keys, *measure.values)
    return sorted(((*(row[name] for name in names), sorted(row["events"])) for row in rows), key=str)


def assert_agree(
    warehouse: Warehouse, ledger: GeneratedLedger, triples: Sequence[fold.Clocks], what_if: Sequence[fold.Raw] = ()
) -> None:
    at = [read_side_clocks(triple) for triple in triples]
    for name, twin in TWINS.items():
        measure = MEASURES[name]
        for company in ASKED_OF if measure.needs_subject else (None,):
            about = {} if company is None or measure.subject is None else {measure.subject: company}
            for triple, result in zip(triples, measure.over(warehouse, at, **about), strict=True):
                naive = twin(ledger.entries, triple, what_if, **about)
                assert compared(measure, result.rows) == compared(measure, naive), f"{name} {about} at {triple}"


@pytest.mark.parametrize("seed", range(300, 308))
def test_generated_histories(seed: int) -> None:
    rng = random.Random(seed)
    ledger = random_ledger(rng)
    with warehouse_of(ledger.entries) as warehouse:
        assert_agree(warehouse, ledger, random_clocks(rng, ledger, 10))


@pytest.mark.parametrize("seed", range(400, 403))
def test_generated_what_ifs(seed: int) -> None:
    rng = random.Random(seed)
    ledger = random_ledger(rng)
    what_if = random_what_if(rng, ledger)
    with warehouse_of(ledger.entries, what_if) as warehouse:
        assert_agree(warehouse, ledger, random_clocks(rng, ledger, 10), what_if)


def test_catalogue() -> None:
    ledger = GeneratedLedger(recorded(catalogue_raws()), cast=None, scribe=None)  # type: ignore[arg-type]  # days and positions only
    with warehouse_of(ledger.entries) as warehouse:
        assert_agree(warehouse, ledger, random_clocks(random.Random(5), ledger, 15))
