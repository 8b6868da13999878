"""The house in order: modules are short, tests lie beside what they test, and the number of modules with a test grows."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from pathlib import Path

import pytest

from tests.cli.running import ROOT

ROOMS = ("events", "ledger", "projections", "cli")
LINES_MAX = 300
# A table of cases may be longer than a module that has to be understood.
TEST_LINES_MAX = 400
# Why a module is longer than that, and how long it may be.
LONGER = {
    "ledger/application.py": (310, "the one face of the write side: every deed, each with what it raises"),
    "tests/projections/queries/loops/test_loops.py": (420, "the seed triangle and its variants, read side by side"),
    "tests/events/samples.py": (420, "one full example of each type, every field of it filled in"),
    "tests/events/strategies.py": (535, "one strategy for each form of value and each type that needs its own"),
    "tests/events/test_refusals.py": (560, "one row for each way in which a field can be wrong"),
}
# Tests of a whole room or of several modules at once, by their place; every other test file is named like a module.
CROSS_CUTTING = {
    "tests/projections/test_lent.py": "tables that tests lend one another",
    "tests/projections/test_worked_cases.py": "announcements of every kind, over the measures",
    "tests/cli/test_amount_doors.py": "amounts at every door",
    "tests/cli/test_event_doors.py": "events at every door",
    "tests/ledger/test_standing_terms.py": "which terms rank last, on both sides",
    "tests/projections/measures/test_references.py": "the product's own ways held to the formulas",
    "tests/projections/queries/test_twins.py": "every measure with a naive twin",
    "tests/projections/test_visible.py": "the macros by which clocks are compared",
    "tests/cli/printing/test_terminal.py": "what a person sees of all printing",
    "tests/cli/test_interrupts.py": "Ctrl-C at every step of a recording and of an answer",
    "tests/cli/test_asking.py": "clocks and formats over many verbs",
    "tests/cli/test_examples.py": "the examples of all help pages",
    "tests/cli/test_exit_codes.py": "every exit code",
    "tests/cli/test_golden.py": "golden pages",
    "tests/cli/test_questions.py": "questions of a reader, asked of the catalogue",
    "tests/cli/test_start_up.py": "what a start loads and how long it takes",
    "tests/events/test_catalogue.py": "the shipped announcements",
    "tests/events/test_golden.py": "every form ever stored",
    "tests/events/test_models.py": "rules across the models",
    "tests/events/test_reference.py": "docs/events.md",
    "tests/events/test_refusals.py": "every refusal of every type",
    "tests/ledger/intake/test_garbage.py": "every reader of inputs, given garbage",
    "tests/ledger/proof/test_outsiders.py": "other people's programs",
    "tests/ledger/store/test_concurrency.py": "several processes on one ledger",
    "tests/ledger/verify/test_attacks.py": "attacks on a whole bundle",
    "tests/ledger/verify/test_golden_bundles.py": "every form of bundle ever written",
    "tests/ledger/verify/test_outsider_script.py": "docs/outsider",
    "tests/projections/measures/test_package.py": "the formulas as one package",
    "tests/projections/measures/test_speed.py": "the speed of all formulas",
    "tests/projections/test_against_oracle.py": "SQL against the naive fold",
    "tests/projections/test_hledger.py": "another program's sums",
    "tests/projections/test_laws_of_time.py": "laws that hold of every measure",
    "tests/projections/test_nine_cases.py": "the nine cases of the vocabulary",
    "tests/projections/test_walls.py": "imports between questions",
}
# Names that two modules of the product give to something of their own, and why. This list may only shrink.
SHARED_NAMES = {
    "Edges": "legs as payer, payee, amount: of any amounts in the measures, of Decimals where they are drawn from the tables",
    "Pair": "payer and payee, where measures and tables may not import one another",
    "Raw": "the plain values of an event",
    "Row": "a row of an input, a row of an answer",
    "Texts": "texts by field, with lists in them or not",
}
# How many modules have a test file named like them. This number may only grow.
TWINS_MIN = 49


def short(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


MODULES = sorted(
    path for room in ROOMS for path in (ROOT / room).rglob("*.py") if path.stem not in {"__init__", "__main__"}
)
TESTS = sorted(path for room in ROOMS for path in (ROOT / "tests" / room).rglob("test_*.py"))


def module_of(test: Path) -> str | None:
    """Find the module that a test file is named after: `test_loops_oracle` and `test_loops` are tests of `loops`."""
    place = ROOT / test.relative_to(ROOT / "tests").parent
    words = test.stem.removeprefix("test_").split("_")
    for length in range(len(words), 0, -1):
        name = "_".join(words[:length])
        # `import_` is the verb whose name Python keeps for itself.
        found = [path for path in (place / f"{name}.py", place / f"{name}_.py") if path.exists()]
        if found:
            return short(found[0])
    return None


def lines_of(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def most_of(name: str) -> int:
    usual = TEST_LINES_MAX if name.startswith("tests/") else LINES_MAX
    return LONGER[name][0] if name in LONGER else usual


def names_given(path: Path) -> set[str]:
    """Return the public classes and kinds of values that a module defines at its top."""
    found = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        )
        names = [target.id for target in targets if isinstance(target, ast.Name)]
        names += [node.name] if isinstance(node, ast.ClassDef) else []
        found |= {name for name in names if re.fullmatch(r"[A-Z]\w*[a-z]\w*", name)}
    return found


def test_a_name_means_one_thing() -> None:
    given: defaultdict[str, list[str]] = defaultdict(list)
    for path in MODULES:
        for name in names_given(path):
            given[name].append(short(path))
    shared = {name: places for name, places in given.items() if len(places) > 1}
    assert {name: places for name, places in shared.items() if name not in SHARED_NAMES} == {}
    assert shared.keys() == SHARED_NAMES.keys(), "take what is of one module by now off the list"
    assert len(given) > 300
    assert len(SHARED_NAMES) <= 5


def test_modules_are_short() -> None:
    tops = (*ROOMS, "docs", "benchmarks", "tests")
    lines = {short(path): lines_of(path) for top in tops for path in (ROOT / top).rglob("*.py")}
    assert {name: count for name, count in lines.items() if count > most_of(name)} == {}


def test_what_may_be_longer_is_there_and_is() -> None:
    for name, (most, why) in LONGER.items():
        lines = lines_of(ROOT / name)
        usual = TEST_LINES_MAX if name.startswith("tests/") else LINES_MAX
        assert usual < lines <= most, f"{name} has {lines} lines: take it off the list"
        assert why


@pytest.mark.parametrize("test", TESTS, ids=short)
def test_a_test_is_named_like_a_module_of_its_place_or_cuts_across(test: Path) -> None:
    named, cross = module_of(test), short(test) in CROSS_CUTTING
    assert named or cross, (
        f"{short(test)}: no such module; name it like one, or add it to CROSS_CUTTING with what it tests"
    )
    assert not (named and cross), f"{short(test)} is named like {named}: take it off CROSS_CUTTING"


def test_what_cuts_across_is_there() -> None:
    assert CROSS_CUTTING.keys() <= {short(test) for test in TESTS}


def test_ever_more_modules_have_a_test_of_their_own() -> None:
    twins = {module_of(test) for test in TESTS} - {None}
    said = f"{len(twins)} of {len(MODULES)} modules have a test file named like them"
    print(said)  # noqa: T201 - shown by `pytest -rP`
    assert len(twins) >= TWINS_MIN, said


def test_a_docstring_says_return_where_a_value_is_returned() -> None:
    """`Give` may mean to return, to yield or to hand over; each has a word of its own."""
    vague = [
        f"{short(path)}: {node.name}"
        for top in (*ROOMS, "docs", "benchmarks", "tests")
        for path in (ROOT / top).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        if re.match(r"Gives?\b", ast.get_docstring(node) or "")
    ]
    assert vague == []
