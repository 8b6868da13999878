"""Every row of the page on amounts is what the reader does."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from events.quantities import NotReadableError, capacity, count, money, number, plain, share
from events.stored_form import stored_form

PAGE = (Path(__file__).parents[2] / "docs" / "amounts.md").read_text(encoding="utf-8")
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.splitlines() if line.startswith("| `")]


def rows(cells: int, *, advice: bool = False) -> list[list[str]]:
    found = [row for row in ROWS if len(row) == cells and row[1].startswith(("write", "an amount is")) == advice]
    assert found
    return [[row[0].strip("`"), *row[1:]] for row in found]


@pytest.mark.parametrize(("typed", "said"), rows(2))
def test_amounts_are_read_as_the_page_says(typed: str, said: str) -> None:
    read = money(typed)
    assert said == ("left out" if read is None else f"{read['qualifier']} {read['value']} {read['currency']}")


@pytest.mark.parametrize(("typed", "advice"), rows(2, advice=True))
def test_amounts_are_refused_as_the_page_says(typed: str, advice: str) -> None:
    with pytest.raises(NotReadableError) as caught:
        money(typed)
    assert (caught.value.got, caught.value.advice.startswith(advice)) == (typed, True)


def said_of(read: Callable[[], object]) -> str:
    try:
        return str(read())
    except NotReadableError:
        return "refused"


@pytest.mark.parametrize(("typed", "as_money", "as_count", "as_ratio"), rows(4))
def test_numbers_are_read_as_the_page_says(typed: str, as_money: str, as_count: str, as_ratio: str) -> None:
    assert as_money == said_of(lambda: (money(typed) or {})["value"])
    assert as_count == said_of(lambda: count(typed))
    assert as_ratio == said_of(lambda: plain(share(typed)))
    assert as_ratio == said_of(lambda: plain(number(typed)))
    assert as_ratio == said_of(lambda: plain(capacity(typed) or share("0")))


def test_the_group_of_the_page_is_the_stored_form() -> None:
    value, currency, qualifier = re.findall(r'\{value: "(\d+)", currency: (\w+), qualifier: (\w+)\}', PAGE)[0]
    raw = {"type": "loan_repaid", "amount": {"value": value, "currency": currency, "qualifier": qualifier}}
    assert stored_form(raw) == (raw, [])
    assert stored_form(raw | {"amount": f"{qualifier} {value} {currency}"}) == (raw, [])
