"""The ladder has one owner: models, help, SQL, documentation and the other rooms say of statuses what it says."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from typing import get_args

import pytest

from cli.printing.colour import paint_status
from events.registry import TYPES
from events.statuses import BINDING, ENDED, LADDER, STATUSES, UNSIGNED, Status
from projections.warehouse import Warehouse

ROOT = Path(__file__).parents[2]


def test_the_names_for_the_type_checker_are_the_ladders() -> None:
    assert get_args(Status) == STATUSES


def test_each_status_rises_binds_or_leaves() -> None:
    assert (*UNSIGNED, *BINDING, *(name for name, rung in LADDER.items() if rung.exits)) == STATUSES
    assert [name for name, rung in LADDER.items() if rung.exits and not rung.ends] == ["suspended"]
    assert all(not rung.binds for rung in LADDER.values() if rung.exits)
    assert set(ENDED) == {name for name, rung in LADDER.items() if rung.ends}
    assert all(rung.meaning for rung in LADDER.values())


def test_the_models_take_exactly_these() -> None:
    models = [model for model in TYPES.values() if "status" in model.model_fields]
    assert [get_args(model.model_fields["status"].annotation) for model in models] == [STATUSES] * 9


def test_the_sql_says_the_same() -> None:
    with Warehouse.in_memory([]) as warehouse:
        rows = warehouse.query(
            "SELECT status, ladder(status) AS place, is_binding(status) AS binds, is_ended(status) AS ends "
            "FROM (SELECT unnest($1) AS status)",
            [[*STATUSES, "hoped_for"]],
        )
    told = [(row["status"], row["place"], row["binds"], row["ends"]) for row in rows]
    expected = [(name, place, rung.binds, rung.ends) for place, (name, rung) in enumerate(LADDER.items(), 1)]
    assert told == [*expected, ("hoped_for", None, False, False)]


def test_the_page_on_measures_lists_them_in_order() -> None:
    page = (ROOT / "docs" / "measures.md").read_text(encoding="utf-8")
    sentence = page[page.index("Status ladder, lowest first:") :].partition("\n\n")[0]
    places = [re.search(rf"\b{name}\b", sentence) for name in STATUSES]
    assert all(places)
    assert all(a.start() < b.start() for a, b in pairwise(place for place in places if place))


@pytest.mark.parametrize(("names", "colour"), [(UNSIGNED, 33), (BINDING, 32), (("suspended",), 35), (ENDED, 31)])
def test_colours_show_how_much_a_status_binds(names: tuple[str, ...], colour: int) -> None:
    for name in names:
        assert paint_status("word", name) == f"\x1b[{colour}mword\x1b[0m"
    assert paint_status("word", "hoped_for") == "word"


# Two neighbours of the ladder in one list of a program, in whatever quotes.
LISTED = re.compile(
    r"""["'](rumoured|announced|letter_of_intent|definitive|superseded|terminated)["'],\s*["'](announced|letter_of_intent|term_sheet|completed|terminated|expired)["']"""
)
OWNERS = {"events/statuses.py", "projections/sql/20_visible.sql"}
# What users write by default, and what a scenario says, are choices and no ladder.
CHOICES = {"projections/queries/stress/shocks.py"}


def test_no_program_keeps_a_list_of_its_own() -> None:
    files = [path for room in ("events", "ledger", "projections", "cli") for path in (ROOT / room).rglob("*")]
    listing = {
        path.relative_to(ROOT).as_posix()
        for path in files
        if path.suffix in {".py", ".sql"} and LISTED.search(path.read_text(encoding="utf-8"))
    }
    assert listing == OWNERS | CHOICES
