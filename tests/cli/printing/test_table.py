"""Tables fit the width without ever cutting an id, a date or an amount, and say what they left out."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import Any

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.printing.cells import amount, column_cells, number
from cli.printing.table import lay_out
from cli.printing.width import left, right, text_width, wrapped
from projections.kinds import KINDS, Kind
from projections.result import Column

COLUMNS = (
    Column("leg_ref", "text"),
    Column("party", "text"),
    Column("status", "status"),
    Column("headline", "money"),
    Column("since", "date", optional=True),
    Column("note", "text", optional=True),
    Column("events", "list", optional=True),
)
# Words joined by hyphens, as [a-z]{1,12}(-[a-z0-9]{1,8}){0,3} has them, drawn a word at a time: by the letter takes ten times as long.
LETTERS, DIGITS = "abcdefghijklmnopqrstuvwxyz", "0123456789"
slugs = st.builds(
    lambda first, others: "-".join([first, *others]),
    st.text(LETTERS, min_size=1, max_size=12),
    st.lists(st.text(LETTERS + DIGITS, min_size=1, max_size=8), max_size=3),
)
amounts = (
    st.none()
    | st.decimals(min_value=0, max_value=10**13, places=2)
    | st.integers(0, 400).map(lambda n: Decimal(n) * 10**9)
)
rows = st.lists(
    st.fixed_dictionaries(
        {
            "leg_ref": st.builds("{}/{}".format, slugs, slugs),
            "party": slugs | st.just("輝達"),
            "status": st.sampled_from(["definitive", "letter_of_intent"]),
            "headline": amounts,
            "since": st.dates(dt.date(2024, 1, 1), dt.date(2026, 12, 31)),
            "note": st.none() | st.lists(slugs, min_size=1, max_size=12).map(" ".join),
            "events": st.lists(slugs, max_size=3),
        }
    ),
    min_size=1,
    max_size=5,
)


@given(rows=rows, width=st.integers(40, 160))
def test_ids_dates_and_amounts_stay_whole_at_any_width(rows: list[dict[str, Any]], width: int) -> None:
    table = lay_out(COLUMNS, rows, width=width)
    lines = [click.unstyle(line) for line in table.lines]
    text = "\n".join(lines)
    for row, money in zip(rows, column_cells(COLUMNS[3], rows), strict=True):
        assert row["leg_ref"] in text
        assert row["party"] in text
        assert money.strip() in text
        if "since" not in table.left_out:
            assert row["since"].isoformat() in text


@given(rows=rows, width=st.integers(70, 160))
def test_lines_fit_wherever_the_longest_id_does(rows: list[dict[str, Any]], width: int) -> None:
    table = lay_out(COLUMNS, rows, width=width)
    longest = max(len(str(row["leg_ref"])) for row in rows)
    assert max(text_width(click.unstyle(line)) for line in table.lines) <= max(width, longest + 12)


@given(rows=rows)
def test_what_is_left_out_is_optional_and_named(rows: list[dict[str, Any]]) -> None:
    table = lay_out(COLUMNS, rows, width=60)
    optional = {column.name.replace("_", " ") for column in COLUMNS if column.optional}
    assert set(table.left_out) <= optional
    assert lay_out(COLUMNS, rows, width=2_000).left_out == []


def plain(columns: tuple[Column, ...], rows: list[dict[str, Any]], width: int = 80) -> list[str]:
    return [click.unstyle(line) for line in lay_out(columns, rows, width=width).lines]


def test_amounts_of_a_column_share_a_unit_and_align_at_the_point() -> None:
    amounts_told = [Decimal(300) * 10**9, Decimal("22.25") * 10**9, Decimal(0), None]
    rows = [{"a": value, "b": "x"} for value in amounts_told]
    assert plain((Column("a", "money"), Column("b", "text")), rows) == [
        "       a  b",
        "────────  ─",
        "300 B     x",
        " 22.25 B  x",
        "  0       x",
        "  ?       x",
    ]


def test_amounts_that_no_unit_holds_exactly_are_written_in_full() -> None:
    cells = cells_of("money", Decimal(300000000000), Decimal("1234567.89"))
    assert [cell.strip() for cell in cells] == ["300,000,000,000", "1,234,567.89"]


@given(st.decimals(min_value=-(10**15), max_value=10**15, places=6))
def test_an_amount_reads_back_exactly(value: Decimal) -> None:
    text, _, letter = amount(value).partition(" ")
    scale = {"B": 10**9, "M": 10**6, "": 1}[letter]
    assert Decimal(text.replace(",", "")) * scale == value


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20, places=6))
def test_a_number_reads_back_exactly(value: Decimal) -> None:
    text = number(value)
    assert Decimal(text.replace(",", "")) == value
    assert "E" not in text
    assert not re.search(r"\.\d*0$", text)


def test_what_is_absent_is_written_by_its_kind() -> None:
    others = {"text": "-", "word": "-", "status": "-", "date": "-", "list": "-", "multiple": "n/m", "share": "n/m"}
    others["party"] = "-"
    assert {kind: cells_of(kind, None) for kind in KINDS} == {kind: [others.get(kind, "?")] for kind in KINDS}


def test_multiples_have_an_x_and_shares_are_percentages() -> None:
    assert cells_of("multiple", Decimal("107.692307692")) == ["107.69x"]
    assert cells_of("share", Decimal("0.0894")) == ["8.94 %"]


def test_words_of_the_vocabulary_have_blanks_and_texts_stay_as_they_are() -> None:
    kinds: tuple[Kind, ...] = ("word", "status", "text")
    lines = plain(tuple(Column(kind, kind) for kind in kinds), [dict.fromkeys(kinds, "letter_of_intent")])
    assert lines[-1] == "letter of intent  letter of intent  letter_of_intent"


@pytest.mark.parametrize("kind", ["price", "number", "gw", "shares", "count", "days"])
def test_only_money_has_units_of_a_billion(kind: Kind) -> None:
    assert cells_of(kind, 5 * 10**9) == ["5,000,000,000"]
    assert cells_of("money", 5 * 10**9) == ["5 B"]


@pytest.mark.parametrize(
    ("units", "cells"),
    [
        (["USD", "EUR"], ["300 B", "0.5 B"]),
        (["USD", None], ["300,000,000,000", "500,000,000"]),
        (["users", "users"], ["300,000,000,000", "500,000,000"]),
        (["USD", "users"], ["300,000,000,000", "500,000,000"]),
    ],
)
def test_what_is_measured_is_written_as_money_where_every_unit_is_a_currency(
    units: list[str | None], cells: list[str]
) -> None:
    amounts = [Decimal(300) * 10**9, Decimal(5) * 10**8]
    rows = [{"value": value, "of": unit} for value, unit in zip(amounts, units, strict=True)]
    shown = column_cells(Column("value", "measured", unit="of"), rows)
    assert [cell.strip() for cell in shown] == cells


def cells_of(kind: Kind, *values: object) -> list[str]:
    return column_cells(Column("x", kind), [{"x": value} for value in values])


def test_a_lender_without_a_name_says_so() -> None:
    lines = plain((Column("exposed", "party"), Column("to", "text")), [{"exposed": None, "to": "oracle"}])
    assert lines[-1] == "(not named)  oracle"


def test_what_if_rows_are_marked() -> None:
    lines = plain(
        (Column("leg_ref", "text"), Column("status", "status")),
        [{"leg_ref": "a/b", "status": "definitive", "hypothetical": True}],
    )
    assert lines[-1] == "a/b      definitive (hypothetical)"


def test_east_asian_names_take_two_columns_each() -> None:
    assert text_width("輝達") == 4
    lines = plain(
        (Column("name", "text"), Column("slug", "text")),
        [{"name": "輝達", "slug": "nvidia"}, {"name": "AMD", "slug": "amd"}],
    )
    assert lines[2:] == ["輝達  nvidia", "AMD   amd"]


@given(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=60), st.integers(1, 30)
)
def test_wrapping_loses_nothing_but_blanks(text: str, width: int) -> None:
    assert "".join(wrapped(text, width)).replace(" ", "") == text.replace(" ", "").replace("\u00a0", "")


@given(st.text(max_size=20), st.integers(0, 40))
def test_padding_reaches_the_width(text: str, width: int) -> None:
    wanted = max(width, text_width(text))
    assert text_width(left(text, width)) == text_width(right(text, width)) == wanted


def test_nothing_found_says_so() -> None:
    assert lay_out(COLUMNS, []).lines == ["no rows"]


def test_what_every_row_shares_is_said_once_where_room_is_short() -> None:
    rows = [
        {"buyer": "valor-compute-infrastructure", "supplier": f"supplier-number-{n}", "what": "x" * 40}
        for n in range(2)
    ]
    columns = (Column("buyer", "text"), Column("supplier", "text"), Column("what", "text"))
    assert " ".join(plain(columns, rows)[:2]) == f"every row: buyer valor-compute-infrastructure, what {'x' * 40}"
