"""Names that deceive the eye are told from honest ones in any script."""

# ruff: noqa: RUF001 - names in many alphabets, and letters that pass for others, are what is tested
from __future__ import annotations

import pytest

from events.lookalikes import deception, looks, spelled

CYRILLIC_I, GREEK_NU = "\u0406", "\u039d"


@pytest.mark.parametrize(
    "name",
    [
        "Nvidia", "輝達", "台積電", "삼성전자", "SK海力士", "Société Générale", "L\u2019Oréal", "Ünvan", "İş Bankası",
        "Яндекс", "Яндекс N.V.", "ОПАП (OPAP)", "Ο\u03c0\u03b1\u03c0", "Rakuten楽天", "TSMC 台灣積體電路", "\u00b5Torrent", "O'Reilly", "AT&T", "1&1", "3M",
        "मेटा", "کتاب\u200cخانه", "葛\U000e0100城", "Nvi\u00addia", "ＮＶＩＤＩＡ", "ﾄﾖﾀ", "Société\u00a0Générale", "ქართული ბანკი", "Հայաստան",
    ],
)  # fmt: skip
def test_an_honest_name_passes(name: str) -> None:
    assert deception(name) == ""


@pytest.mark.parametrize(
    ("name", "why"),
    [
        (f"NV{CYRILLIC_I}DIA", f"mixes Latin and Cyrillic letters in the word 'NV{CYRILLIC_I}DIA'"),
        (f"{GREEK_NU}vidia Corp", f"mixes Latin and Greek letters in the word '{GREEK_NU}vidia'"),
        ("Яндeкс", "mixes Latin and Cyrillic letters in the word 'Яндeкс'"),
        ("Nvi\u00add\u0456a", "mixes Latin and Cyrillic letters in the word 'Nvidіa'"),
        ("\u3164", "shows nothing"),
        ("\u00ad \u200d", "shows nothing"),
        ("Meta\u3164Platforms", "has characters that show nothing or turn the writing round: U+3164"),
        ("Meta\u2800Platforms", "has characters that show nothing or turn the writing round: U+2800"),
        ("Nvidia\U000e0041\U000e007f", "has characters that show nothing or turn the writing round: U+E0041, U+E007F"),
        ("\u202eaidivN", "has characters that show nothing or turn the writing round: U+202E"),
    ],
)  # fmt: skip
def test_a_deceptive_name_is_told_why(name: str, why: str) -> None:
    assert deception(name) == why


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("NVlDIA", "Nvidia"),
        ("OpenAl", "OpenAI"),
        ("0penAI", "OpenAI"),
        ("paypa1", "PayPal"),
        ("МЕТА", "Meta"),
        ("\u0445\u0430\u0456", "xAI"),
        ("\u0455\u0441\u0430\u04cf\u0435", "Scale"),
        ("\u0391\u039c\u039a", "AMK"),
        ("\u0274\u1d20\u026a\u1d05\u026a\u1d00", "Nvidia"),
        ("Nv\u0131dia", "Nvidia"),
        ("NV\u0130D\u0130A", "nvidia"),
        ("\ua4e0\ua4e6\ua4f2\ua4d3\ua4f2\ua4ee", "NVIDIA"),
        ("Nvidia\u2122", "Nvidia"),
        ("Nvi\u200ddia", "Nvidia"),
    ],
)
def test_look_alikes_have_a_shape_in_common(one: str, other: str) -> None:
    assert looks(one) & looks(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("XL", "XI"),
        ("IL", "LI"),
        ("Fund 11", "Fund II"),
        ("Open AI", "OpenAI"),
        ("Societe Generale", "Société Générale"),
        ("Modem", "Modern"),
        ("Lam", "Iam"),
        ("Ion", "Lon"),
        ("輝達", "英偉達"),
    ],
)
def test_names_that_a_reader_tells_apart_have_none(one: str, other: str) -> None:
    assert not looks(one) & looks(other)


def test_a_message_shows_strangers_and_hidden_characters_by_their_codes() -> None:
    assert spelled(f"NV{CYRILLIC_I}DIA 輝達 \u3164\u2800é") == "NV\\u0406DIA 輝達 \\u3164\\u2800é"
