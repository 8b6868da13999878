"""Short and full names of the types, in any spelling, and which was meant by a mistyped one."""

from __future__ import annotations

import subprocess
import sys

import pytest

from events.registry import TYPES
from events.type_names import EVENT_TYPES, OWN_VERBS, full_type, near_type, short_type, type_advice


def test_the_table_names_every_type_once() -> None:
    assert {kind.type for kind in (EVENT_TYPES | OWN_VERBS).values()} == set(TYPES)
    assert len(EVENT_TYPES) + len(OWN_VERBS) == len(TYPES)
    assert not set(EVENT_TYPES) & set(TYPES)


@pytest.mark.parametrize("kind", TYPES)
def test_a_type_goes_by_its_short_and_its_full_name_in_any_spelling(kind: str) -> None:
    spaced = kind.replace("_", " ").title()
    for written in (
        kind,
        short_type(kind),
        kind.upper(),
        kind.replace("_", "-"),
        f"  {spaced} ",
        short_type(kind).title(),
    ):
        assert full_type(written) == kind


@pytest.mark.parametrize("written", ["", " ", "loanarranged", "lon", "payment made now", None, 5, ["loan"], {"a": 1}])
def test_anything_else_is_no_type(written: object) -> None:
    assert full_type(written) is None


@pytest.mark.parametrize(
    ("written", "near", "advice"),
    [
        ("lon", "loan_arranged", "did you mean 'loan'?"),
        ("loan_aranged", "loan_arranged", "did you mean 'loan_arranged'?"),
        ("Paymnt", "payment_made", "did you mean 'payment'?"),
        ("zzzzzz", None, "known types: company, party, purchase, investment"),
        (7, None, "known types: company, party"),
        ("x" * 100_000, None, "known types: company, party"),
    ],
)
def test_a_mistyped_name_suggests_the_nearest(written: object, near: str | None, advice: str) -> None:
    assert near_type(written) == near
    assert type_advice(written).startswith(advice)


def test_the_table_loads_no_models() -> None:
    program = "import sys, events.type_names; print('pydantic' in sys.modules)"
    assert (
        subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout == "False\n"
    )
