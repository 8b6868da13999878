"""No cell runs in a spreadsheet, every text comes back from its cell, and a rule that is out never changes."""

from __future__ import annotations

import csv
import io
import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.spreadsheet import RULE, neutralised, quoted, unguarded

texts = st.text(
    st.characters(codec="utf-8") | st.sampled_from("=+-@\uff1d\uff0b\uff0d\uff20;|,'\"\t\r\n 1a"), max_size=12
)
rules = st.integers(1, RULE)
WIDE = "\uff1d\uff0b\uff0d\uff20"


@given(texts, rules)
def test_no_cell_begins_like_a_formula_unless_it_is_a_number(text: str, rule: int) -> None:
    cell = neutralised(text, rule)
    assert cell.removeprefix("'") == text.removeprefix("'")
    if cell and cell[0] in "=+-@\t\r" + (WIDE + "\n" if rule > 1 else ""):
        assert re.fullmatch(r"-[0-9]+(\.[0-9]+)?", cell)
        assert Decimal(cell) <= 0


@given(texts, rules)
def test_every_text_but_one_that_looks_guarded_comes_back(text: str, rule: int) -> None:
    if unguarded(text) == text:
        assert unguarded(neutralised(text, rule)) == text


@given(st.lists(texts, min_size=1, max_size=4), rules)
def test_cells_are_read_back_by_a_reader_of_rfc_4180(row: list[str], rule: int) -> None:
    line = ",".join(quoted(text, rule) for text in row) + "\r\n"
    assert list(csv.reader(io.StringIO(line, newline=""), strict=True)) in ([row], [[]] if row == [""] else [row])


@given(st.lists(texts, min_size=2, max_size=4))
def test_the_first_rule_quotes_as_pythons_own_writer_does(row: list[str]) -> None:
    written = io.StringIO(newline="")
    csv.writer(written).writerow(row)
    assert ",".join(quoted(text, 1) for text in row) + "\r\n" == written.getvalue()


@given(st.lists(texts, min_size=2, max_size=4), st.sampled_from(";|\t"))
def test_parted_at_another_separator_no_cell_begins_like_a_formula(row: list[str], separator: str) -> None:
    """A spreadsheet set to another separator still keeps what is in quotes together."""
    cells = [neutralised(text) for text in row]
    line = ",".join(map(quoted, cells))
    outside = re.sub(r'"(?:[^"]|"")*"', "", line)
    for part in re.split(re.escape(separator), outside)[1:]:
        assert not re.match(rf"[ \t]*[=+\-@{WIDE}]", part)


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        ("=1+1", "'=1+1", "'=1+1"),
        ("+SUM(A1)", "'+SUM(A1)", "'+SUM(A1)"),
        ("@cmd", "'@cmd", "'@cmd"),
        ("-cmd|' /C calc'!A0", "'-cmd|' /C calc'!A0", "'-cmd|' /C calc'!A0"),
        ("-12.5", "-12.5", "-12.5"),
        ("-12e5", "'-12e5", "'-12e5"),
        ("\t=1", "'\t=1", "'\t=1"),
        ("\r=1", "'\r=1", "'\r=1"),
        ("\n=1", "\n=1", "'\n=1"),
        ("\uff1d1+1", "\uff1d1+1", "'\uff1d1+1"),
        ("\uff0b1", "\uff0b1", "'\uff0b1"),
        ("\uff0d1", "\uff0d1", "'\uff0d1"),
        ("\uff20cmd", "\uff20cmd", "'\uff20cmd"),
        ("amd", "amd", "amd"),
        ("", "", ""),
    ],
)
def test_what_each_rule_guards(text: str, first: str, second: str) -> None:
    assert (neutralised(text, 1), neutralised(text, 2), neutralised(text)) == (first, second, second)


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        ("a;=1+1", "a;=1+1", '"a;=1+1"'),
        ("a; \uff1d1", "a; \uff1d1", '"a; \uff1d1"'),
        ("a|@cmd", "a|@cmd", '"a|@cmd"'),
        ("a\t-1", "a\t-1", '"a\t-1"'),
        ("a; b", "a; b", "a; b"),
        ("a,b", '"a,b"', '"a,b"'),
        ('a"b', '"a""b"', '"a""b"'),
    ],
)
def test_what_each_rule_quotes(text: str, first: str, second: str) -> None:
    assert (quoted(text, 1), quoted(text, 2), quoted(text)) == (first, second, second)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("'=1+1", "=1+1"),
        ("'-5", "-5"),
        ("'tis", "'tis"),
        ("-5", "-5"),
        ("''=", "''="),
        ("'\uff1d1", "\uff1d1"),
        ("'\n", "\n"),
    ],
)
def test_cells_made_harmless_are_read_back(cell: str, value: str) -> None:
    assert unguarded(cell) == value
