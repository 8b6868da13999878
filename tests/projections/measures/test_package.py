"""The package as others meet it: the promised names, a light import, small results and documentation that runs."""

from __future__ import annotations

import dataclasses
import doctest
import inspect
import pickle
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from projections import measures
from projections.measures import circulation, eisenberg_noe, loop_gain, round_trip, simple_loops

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "measures-functions.md"
PROMISED = {
    "herfindahl": ["shares"],
    "large_exposure": ["exposure", "base"],
    "credit_equivalent": ["items"],
    "look_through": ["direct", "dependency"],
    "remaining_on_schedule": ["total", "starts_on", "years", "as_of", "weights"],
    "ownership": ["outstanding", "warrants"],
    "treasury_stock_shares": ["count", "exercise_price", "average_price"],
    "contingently_issuable": ["tranches", "capacity_gw", "share_price"],
    "hurdle_warrant_value": ["spot", "hurdle", "rate", "volatility", "years", "test"],
    "contra_revenue": ["fair_value", "revenue", "purchases_to_vest"],
    "multiple": ["commitment", "revenue"],
    "required_revenue": ["annual_commitment", "compute_share"],
    "implied_growth": ["start", "end", "years"],
    "funding_gap": ["commitments", "revenue", "compute_share", "cash"],
    "imputed_debt": ["payment", "years", "rate", "risk_factor"],
    "round_trip": ["edges", "origin"],
    "circulation": ["edges"],
    "loop_gain": ["edges", "outside"],
    "finn_cycling_index": ["flows", "inflow"],
    "simple_loops": ["edges", "length_max", "amount_min"],
    "vendor_financing_ratio": ["financing", "revenue"],
    "eisenberg_noe": ["liabilities", "external_assets", "external_liabilities"],
    "rogers_veraart": ["liabilities", "external_assets", "external_liabilities", "alpha", "beta"],
    "debtrank": ["assets", "equity", "shock", "weights"],
    "differential_debtrank": ["assets", "equity", "shock"],
    "furfine": ["assets", "equity", "failed", "loss_given_default"],
    "executory_claim": [],
    "market_model": ["returns", "benchmark", "event_return", "event_benchmark"],
    "session_of": ["announced_at", "calendar"],
}


@pytest.mark.parametrize("name", sorted(PROMISED))
def test_promised_functions_take_the_promised_arguments(name: str) -> None:
    parameters = inspect.signature(getattr(measures, name)).parameters.values()
    positional = [one.name for one in parameters if one.kind is one.POSITIONAL_OR_KEYWORD]
    assert positional[: len(PROMISED[name])] == PROMISED[name]


def test_every_public_name_leads_to_something_documented() -> None:
    for name in measures.__all__:
        found = getattr(measures, name)
        assert not inspect.ismodule(found), f"{name} is hidden by a module of the same name"
        if callable(found):
            assert found.__doc__, name
            assert found.__name__ == name
    assert dir(measures) == sorted(measures.__all__)


def test_a_name_that_does_not_exist_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'herfindal'"):
        _ = measures.herfindal


def run_fresh(code: str) -> str:
    """Return what a new interpreter prints."""
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return ran.stdout.strip()


HEAVY = "{'numpy', 'scipy', 'networkx', 'duckdb', 'pydantic'} & set(sys.modules)"


def test_importing_the_package_loads_nothing_else() -> None:
    own = "sorted(name for name in sys.modules if name.startswith('projections.measures.'))"
    assert run_fresh(f"import sys, projections.measures; print({own}, {HEAVY})") == "[] set()"


def test_importing_every_function_loads_no_heavy_library() -> None:
    names = ", ".join(measures.__all__)
    assert run_fresh(f"import sys; from projections.measures import {names}; print({HEAVY})") == "set()"


def test_importing_is_a_matter_of_a_millisecond() -> None:
    code = (
        "import time, projections, typing; start = time.process_time(); import projections.measures; "
        "print(time.process_time() - start)"
    )
    assert min(float(run_fresh(code)) for _ in range(5)) < 0.005


def test_a_module_of_a_function_does_not_shadow_it() -> None:
    modules = {path.stem for path in Path(measures.__path__[0]).glob("*.py")}
    assert modules.isdisjoint(measures.__all__)


EDGES = [("NVDA", "OAI", 100), ("OAI", "ORCL", 300), ("ORCL", "NVDA", 40)]


@pytest.mark.parametrize(
    "result",
    [
        round_trip(EDGES, "NVDA"),
        circulation(EDGES),
        loop_gain(EDGES),
        simple_loops(EDGES),
        eisenberg_noe([[0, 1], [0, 0]], [0.5, 0]),
    ],
    ids=lambda result: type(result).__name__,
)
def test_results_are_frozen_travel_and_unfold(result: object) -> None:
    assert dataclasses.is_dataclass(result)
    assert not isinstance(result, type)
    first = dataclasses.fields(result)[0].name
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(result, first, None)
    assert pickle.loads(pickle.dumps(result)) == result  # noqa: S301 - our own bytes, a moment old
    assert dataclasses.asdict(result)


def test_the_examples_on_the_page_run() -> None:
    outcome = doctest.testfile(str(PAGE), module_relative=False, optionflags=doctest.ELLIPSIS)
    assert outcome.failed == 0
    assert outcome.attempted >= len(PROMISED)


def test_every_function_has_its_heading_on_the_page() -> None:
    page = PAGE.read_text(encoding="utf-8")
    functions = [name for name in measures.__all__ if inspect.isfunction(getattr(measures, name))]
    assert [name for name in functions if f"### `{name}(" not in page] == []


ANSWERED = re.compile(r'^    "([a-z]{3}\.[a-z0-9_.]+)": ', re.MULTILINE)


@pytest.mark.parametrize("families", [("com", "lev", "dem", "evt"), ("exp", "dil"), ("cir", "str")], ids=" ".join)
def test_every_case_is_answered_once_beside_its_module(
    families: tuple[str, ...], ids_of: Callable[..., set[str]]
) -> None:
    answered = [
        name
        for page in Path(__file__).parent.glob("test_*.py")
        for name in ANSWERED.findall(page.read_text(encoding="utf-8"))
        if name.split(".")[0] in families
    ]
    assert sorted(answered) == sorted(ids_of(*families))


def test_there_is_no_further_family_of_cases(vectors: Mapping[str, Any]) -> None:
    assert {name.split(".")[0] for name in vectors} == {"exp", "dil", "com", "lev", "cir", "str", "dem", "evt"}
    assert len(vectors) == 60
