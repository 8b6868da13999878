"""Two spellings of one name are equal, and what only looks different to a machine is no second name."""

# ruff: noqa: RUF001 - names in several alphabets are what is tested
from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.names import directory, folded, unseen


@pytest.mark.parametrize(
    ("spelled", "form"),
    [
        ("NVIDIA", "nvidia"),
        ("ＮＶＩＤＩＡ", "nvidia"),
        ("  Meta \t Platforms\u3000", "meta platforms"),
        ("Meta\u00a0Platforms", "meta platforms"),
        ("Nvi\u00addia", "nvidia"),
        ("Nvi\u034fdia", "nvidia"),
        ("Nvi\u200b\u200c\u200d\u2060\ufeffdia", "nvidia"),
        ("Nvi\ufe0fdia", "nvidia"),
        ("Nvi\U000e0101dia", "nvidia"),
        ("Nvi\u3164\uffa0\u115fdia", "nvidia"),
        ("\u202eNvidia\u202c", "nvidia"),
        ("L\u2019Or\u00e9al", "l'oréal"),
        ("L'Ore\u0301al", "l'oréal"),
        ("Ore\u034f\u0301al", "oréal"),
        ("Rolls\u2011Royce \u2013 UK", "rolls-royce - uk"),
        ("Meta\u2800Platforms", "meta platforms"),
        ("Straße", "strasse"),
        ("STRASSE", "strasse"),
        ("ΑΘΉΝΑ", "αθήνα"),
        ("e\u0301cole", "école"),
        ("輝達", "輝達"),
        ("삼성전자", "삼성전자"),
        ("\u3164\u200b", ""),
    ],
)
def test_a_name_is_compared_in_one_form(spelled: str, form: str) -> None:
    assert folded(spelled) == form


@given(st.text())
def test_folding_again_changes_nothing(name: str) -> None:
    assert folded(folded(name)) == folded(name)


@given(st.text(alphabet=st.characters(max_codepoint=127)))
def test_plain_ascii_is_folded_as_ever(name: str) -> None:
    assert folded(name) == " ".join(name.lower().split())


@given(st.text(), st.sampled_from("\u00ad\u034f\u200b\u200d\u2060\ufe0f\ufeff\u3164\U000e0100"), st.integers(0, 50))
def test_what_shows_nothing_makes_no_other_name(name: str, hidden: str, place: int) -> None:
    # Composed first: a mark that shows nothing may stand between a letter and its accent.
    plain = unicodedata.normalize("NFC", name)
    assert folded(plain[:place] + hidden + plain[place:]) == folded(plain)


def test_every_mark_of_format_that_is_not_drawn_is_passed_over() -> None:
    drawn = {*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD, *range(0x13430, 0x13440)}
    marks = [chr(point) for point in range(sys.maxunicode) if unicodedata.category(chr(point)) == "Cf"]
    assert [mark for mark in marks if not unseen(mark) and ord(mark) not in drawn] == []


def test_a_slug_is_its_own_companys_and_a_shared_name_the_firsts() -> None:
    named = [("first", ["Nvidia", "Second"]), ("second", ["NVIDIA", "\u3164"]), ("nvidia-2", ["x"])]
    assert directory(named) == {
        "first": "first",
        "second": "second",
        "nvidia-2": "nvidia-2",
        "nvidia": "first",
        "x": "nvidia-2",
    }
