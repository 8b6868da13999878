"""The numbers of a bundle keep the form they were handed out in, whatever the questions learn to answer."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import zipfile
from pathlib import Path

import pytest

from projections.bundle_numbers import FORMS, NEWEST, UNNAMED, number_files, table_of
from projections.clocks import Clocks
from projections.queries.commitments.commitments import commitments
from projections.queries.dilution.dilution import dilution
from projections.queries.exposure import exposure
from projections.queries.legs import legs
from projections.result import Column, Result
from projections.warehouse import Warehouse

GOLDEN = Path(__file__).parents[1] / "golden" / "numbers" / "v1-unnamed.zip"
CLOCKS = Clocks.on(dt.date(2026, 3, 5))


def read(name: str) -> bytes:
    with zipfile.ZipFile(GOLDEN) as package:
        return package.read(f"deals-audit/data/{name}")


@pytest.fixture(scope="module")
def warehouse() -> Warehouse:
    lines = read("events.jsonl").split(b"\n")[:-1]
    return Warehouse.in_memory([list(enumerate(lines, 1))])


def test_the_first_form_is_byte_for_byte_what_bundles_had_before_forms_were_named(warehouse: Warehouse) -> None:
    assert "numbers_version" not in json.loads(read("scope.json"))
    assert UNNAMED == 1
    files = number_files(warehouse, CLOCKS, version=UNNAMED)
    assert files == {name: read(f"projections/{name}") for name in files}
    assert set(files) == {"legs.csv", "exposure.csv", "commitments.csv", "dilution.csv"}


def test_a_column_that_a_question_gains_is_in_no_form_that_is_out(warehouse: Warehouse) -> None:
    answers = {
        "legs.csv": legs(warehouse, CLOCKS),
        "exposure.csv": exposure(warehouse, CLOCKS),
        "commitments.csv": commitments(warehouse, CLOCKS, company="openai"),
        "dilution.csv": dilution(warehouse, CLOCKS, issuer="amd"),
    }
    for name, result in answers.items():
        assert result.rows
        assert table_of(name, [_with_one_more(result)]) == read(f"projections/{name}")


def _with_one_more(result: Result) -> Result:
    """Return an answer as a later version may: with a new column in front, another order, and other kinds."""
    columns = (Column("new", "money"), *(Column(column.name, "text") for column in reversed(result.columns)))
    return dataclasses.replace(result, columns=columns, rows=[{"new": "=1+1", **row} for row in result.rows])


def test_a_column_that_a_question_loses_is_noticed_and_not_left_empty(warehouse: Warehouse) -> None:
    result = legs(warehouse, CLOCKS)
    rows = [{name: value for name, value in row.items() if name != "binding"} for row in result.rows]
    with pytest.raises(KeyError, match="binding"):
        table_of("legs.csv", [dataclasses.replace(result, rows=rows)])


def test_the_numbers_of_a_part_are_narrowed_to_it(warehouse: Warehouse) -> None:
    assert set(number_files(warehouse, CLOCKS, deal="amd-openai-2025")) == {"legs.csv"}
    of_oracle = number_files(warehouse, CLOCKS, company="oracle")
    assert set(of_oracle) == {"legs.csv", "exposure.csv", "commitments.csv"}
    assert b"amd" not in of_oracle["legs.csv"]


def test_forms_are_numbered_from_one_and_an_unknown_one_is_refused(warehouse: Warehouse) -> None:
    assert list(FORMS) == list(range(1, NEWEST + 1))
    assert number_files(warehouse, CLOCKS) == number_files(warehouse, CLOCKS, version=NEWEST)
    with pytest.raises(KeyError):
        number_files(warehouse, CLOCKS, version=NEWEST + 1)
