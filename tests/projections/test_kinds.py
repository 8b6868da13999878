"""A summary fits its form or is refused, and every figure's kind is found by the way to it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from projections.clocks import Clocks
from projections.kinds import KINDS, NUMERIC, Form, InOrder, Keyed, Kind, Listed, kind_at, misfits
from projections.result import Result

FORM: Form = {
    "currency": "text",
    "total": "money",
    "by_currency": Keyed({"total": "money", "share": "share"}, beside={"legs": "count"}),
    "rings": Listed({"name": "text", "amount": "money"}),
    "changes": InOrder(({"before": "share"}, {"before": "date"})),
    "dates": Listed("date"),
}
VALUES: dict[Kind, Any] = {
    **dict.fromkeys(KINDS, "word"),
    **dict.fromkeys(NUMERIC, Decimal("1.5")),
    "flag": True,
    "date": dt.date(2026, 1, 1),
    "list": ["a"],
    "values": {"a": 1},
}
WHOLE = {
    "currency": "USD",
    "total": Decimal(1),
    "by_currency": {"legs": 2, "USD": {"total": None, "share": Decimal("0.5")}},
    "rings": [{"name": "a → b", "amount": 3}],
    "changes": [{"before": Decimal(1)}, {"before": dt.date(2026, 1, 1)}],
    "dates": [dt.date(2026, 1, 1)],
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_takes_its_own_values_and_none_and_no_other(kind: Kind) -> None:
    fitting = {other for other in KINDS if not list(misfits(VALUES[other], kind))}
    alike = {frozenset(NUMERIC), frozenset({"text", "word", "status", "party", "instant"})}
    own = next((family for family in alike if kind in family), frozenset({kind}))
    assert fitting - {"instant"} == own - {"instant"}
    assert not list(misfits(None, kind))


def test_a_flag_is_no_number_though_python_counts_it_as_one() -> None:
    assert list(misfits(True, "count", "large")) == ["large: True is no count"]


def test_what_fits_is_complained_of_in_nothing() -> None:
    assert not list(misfits(WHOLE, FORM))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"extra": 1}, "extra: not declared"),
        ({"total": "1"}, "total: '1' is no money"),
        ({"by_currency": {"USD": {"sum": 1}}}, "by_currency.USD.sum: not declared"),
        ({"by_currency": {"legs": "2"}}, "by_currency.legs: '2' is no count"),
        ({"by_currency": Decimal(1)}, "by_currency: Decimal('1') is no group"),
        ({"rings": [{"name": 1}]}, "rings[].name: 1 is no text"),
        ({"rings": {}}, "rings: {} is no list"),
        ({"changes": [{"before": 1}]}, "changes: 1 entries, of which 2 are declared"),
        ({"changes": [{"before": 1}, {"before": 1}]}, "changes[].before: 1 is no date"),
    ],
)
def test_a_summary_that_is_not_of_its_form_is_refused_by_place(change: dict[str, Any], said: str) -> None:
    assert list(misfits({**WHOLE, **change}, FORM)) == [said]
    day = dt.date(2026, 1, 1)
    with pytest.raises(TypeError) as refused:
        Result("legs", Clocks.on(day), (), [], {**WHOLE, **change}, form=FORM)
    assert str(refused.value) == f"summary of legs: {said}"


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        (["total"], "money"),
        (["by_currency", "EUR", "share"], "share"),
        (["by_currency", "legs"], "count"),
        (["by_currency", "EUR"], None),
        (["nothing", "of", "it"], None),
        (["total", "deeper"], None),
        ([], None),
    ],
)
def test_a_kind_is_found_by_the_way_to_it(path: list[str], kind: Kind | None) -> None:
    assert kind_at(FORM, path) == kind
