"""The walls between questions, for those too that the contract in pyproject.toml does not name one by one.

A question stands on what all questions share; only those that compare measures look into others. So a new question needs
no line in the contract.
"""

from __future__ import annotations

import functools
import tomllib
from collections import defaultdict

import grimp
import pytest

from tests.cli.running import ROOT

ROOM = "projections.queries"


def layers() -> list[set[str]]:
    """Return the layers that the contract names, the highest first."""
    told = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    (contract,) = [entry for entry in told if entry.get("containers") == [ROOM]]
    return [{name.strip() for name in layer.split("|")} for layer in contract["layers"]]


@functools.cache
def imports() -> dict[str, set[str]]:
    """Return, for each question or shared module, the others of the room that it imports."""
    graph = grimp.build_graph("projections", cache_dir=None)
    below = {child: {child, *graph.find_descendants(child)} for child in graph.find_children(ROOM)}
    home = {module: child for child, modules in below.items() for module in modules}
    found: dict[str, set[str]] = {child.rpartition(".")[2]: set() for child in below}
    for module, child in home.items():
        for other in graph.find_modules_directly_imported_by(module):
            if home.get(other, child) != child:
                found[child.rpartition(".")[2]].add(home[other].rpartition(".")[2])
    return found


def test_the_contract_names_what_is_there() -> None:
    assert set().union(*layers()) <= imports().keys()


@pytest.mark.parametrize("question", sorted(imports().keys() - set().union(*layers()[:2], *layers()[3:])))
def test_a_question_stands_on_what_all_share_and_only_comparisons_look_into_it(question: str) -> None:
    comparing, shared = set().union(*layers()[:2]), set().union(*layers()[3:])
    importers: defaultdict[str, set[str]] = defaultdict(set)
    for child, others in imports().items():
        for other in others:
            importers[other].add(child)
    assert imports()[question] <= shared
    assert importers[question] <= comparing
