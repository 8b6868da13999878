"""Rows of plain values and of texts: types by any name, derived keys, and everything wrong with them at once."""

from __future__ import annotations

import io
import json
import time
from typing import Any

import pytest

from ledger.intake.located import Located, Rejected
from ledger.intake.rows import InputDefaults, row_of, row_of_texts
from ledger.intake.sources import read_rows

Raw = dict[str, Any]

PAYMENT: Raw = {
    "type": "payment", "announced_on": "2026-01-05", "deal": "one", "leg": "supply", "payer": "openai", "payee": "amd",
}  # fmt: skip


def wrong(raw: Raw, reading: InputDefaults | None = None) -> list[tuple[str, str]]:
    row = row_of("f", 1, raw, reading or InputDefaults())
    assert isinstance(row, Rejected)
    return [(finding.field, finding.what) for finding in row.findings]


@pytest.mark.parametrize("typed", ["payment", "Payment", "payment_made", "PAYMENT-MADE", " payment made "])
def test_a_type_may_be_given_by_any_of_its_names(typed: str) -> None:
    for reading in (InputDefaults(), InputDefaults(type_name="payment_made")):
        row = row_of("f", 1, {**PAYMENT, "type": typed}, reading)
        assert isinstance(row, Located)
        assert row.event.type == "payment_made"


@pytest.mark.parametrize("form", ["jsonl", "json", "yaml", "csv"])
def test_short_names_and_ordinals_are_read_in_every_format(form: str) -> None:
    rows = [{**PAYMENT, "key": key} for key in ("auto", "auto#2", "own")]
    text = {
        "jsonl": "\n".join(json.dumps(row) for row in rows),
        "json": json.dumps(rows, indent=1),
        "yaml": "".join("- " + "\n  ".join(f"{name}: {value}" for name, value in row.items()) + "\n" for row in rows),
        "csv": "\n".join([",".join(PAYMENT) + ",key", *(",".join(row.values()) for row in rows)]),
    }[form]
    read = list(read_rows(["-"], format_name=form, stdin=io.BytesIO(text.encode())))
    derived = "one/supply/payment-made/2026-01-05"
    assert [(row.event.key, row.nth) for row in read if isinstance(row, Located)] == [
        (derived, 1), (f"{derived}/2", 2), ("own", 0),
    ]  # fmt: skip


def test_the_replacement_of_a_correction_may_have_a_short_type_too() -> None:
    correction = {
        "type": "corrected", "announced_on": "2026-02-01", "corrects": "k", "reason": "misread",
        "replacement": {**PAYMENT, "key": "k"},
    }  # fmt: skip
    row = row_of("f", 1, correction, InputDefaults())
    assert isinstance(row, Located)
    assert row.event.__dict__["replacement"].type == "payment_made"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        # As the nearest type: what is there is judged, what is left out is not held against a guess.
        ({"type": "paymnt", "announced_on": "never", "payer": 5},
         [("type", "unknown event type"), ("announced_on", "not a date; write YYYY-MM-DD"), ("payer", "must be text")]),
        # As no type in particular: what all types have.
        ({"type": "zork", "announced_on": None, "confidence": "sure", "payer": 5},
         [("type", "unknown event type"), ("announced_on", "not a date; write YYYY-MM-DD"),
          ("confidence", "input should be 'high', 'medium' or 'low'")]),
        ({"type": None, "announced_on": "never"}, [("type", "is required"), ("announced_on", "not a date; write YYYY-MM-DD")]),
        ({"type": 7, "source": {}}, [("type", "unknown event type"), ("source.kind", "is required"), ("source.publisher", "is required")]),
        ({"key": "auto#0"}, [("key", "not a key; use letters, digits and . _ : / + - (at most 240)")]),
    ],
)  # fmt: skip
def test_a_bad_type_does_not_hide_the_other_mistakes(changes: Raw, said: list[tuple[str, str]]) -> None:
    assert wrong({**PAYMENT, **changes}) == said


def test_another_type_than_was_asked_for_does_not_hide_the_other_mistakes() -> None:
    assert wrong({**PAYMENT, "payer": 5}, InputDefaults(type_name="loan_repaid")) == [
        ("type", "is another than the loan_repaid that was asked for"),
        ("payer", "must be text"),
    ]


def test_a_misspelt_name_of_the_type_field_is_recognised() -> None:
    row = row_of(
        "f", 1, {**{name: value for name, value in PAYMENT.items() if name != "type"}, "Type": "loan"}, InputDefaults()
    )
    assert isinstance(row, Rejected)
    assert row.findings[0].advice.startswith("write it as 'type', not 'Type'; known types: company")


def test_a_text_that_cannot_be_read_stands_beside_everything_else() -> None:
    row = row_of_texts(
        "f", 1, {"type": "payment", "announced_on": "never", "deal": "O N E", "amount": "much"}, InputDefaults()
    )
    assert isinstance(row, Rejected)
    assert [finding.field for finding in row.findings] == ["amount", "announced_on", "deal", "leg", "payer", "payee"]


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("yaml", "type: exercised\nshares: " + "9" * 5_000),
        ("yaml", "type: exercised\nshares: !" + "x" * 5_000 + " 5"),
        ("yaml", "type: exercised\n? " + "x" * 900 + "\n: 1"),
        ("yaml", "[" * 5_000),
        ("json", '{"type": "exercised", "shares": ' + "9" * 5_000 + "}"),
        ("jsonl", '{"type": "exercised", "shares": ' + "9" * 5_000 + "}"),
        ("jsonl", '{"type": "exercised", "key": "k", "shares": ' + "9" * 300 + "}"),
        ("jsonl", '{"type": "' + "x" * 50_000 + '"}'),
        ("jsonl", '{"type": "exercised", "' + "x" * 50_000 + '": 1}'),
        ("jsonl", '{"type": "exercised", ' + ",".join(f'"a{n}": {n}' for n in range(30_000)) + "}"),
        ("jsonl", "{" + ",".join(f'"a{n}": 1, "a{n}": 2' for n in range(30_000)) + "}"),
        ("json", "{" + ",".join(f'"a{n}": 1, "a{n}": 2' for n in range(30_000)) + "}"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_hostile_rows_are_refused_in_few_words_and_little_time(form: str, text: str) -> None:
    begun = time.process_time()
    rows = list(read_rows(["-"], format_name=form, stdin=io.BytesIO(text.encode())))
    assert time.process_time() - begun < 8
    said = [str(finding) for row in rows if isinstance(row, Rejected) for finding in row.findings]
    assert said
    assert max(map(len, said)) < 1_000
    assert len(said) <= 101


@pytest.mark.parametrize(
    ("given", "announced", "effective"),
    [
        ({}, "2026-03-05", "2026-01-31"),
        ({"announced_on": "2026-02-10"}, "2026-02-10", "2026-02-10"),
        ({"effective_on": "2026-02-10"}, "2026-03-05", "2026-02-10"),
        ({"announced_on": "2026-02-10", "effective_on": "2026-02-01"}, "2026-02-10", "2026-02-01"),
    ],
)
@pytest.mark.parametrize("form", ["jsonl", "yaml", "csv"])
def test_days_that_a_row_leaves_out_are_the_usual_ones_unless_one_follows_from_the_other(
    form: str, given: Raw, announced: str, effective: str
) -> None:
    usual = InputDefaults(defaults={"announced_on": "2026-03-05", "effective_on": "2026-01-31"})
    raw = {name: value for name, value in PAYMENT.items() if name != "announced_on"} | given
    text = json.dumps(raw) if form != "csv" else f"{','.join(raw)}\n{','.join(raw.values())}\n"
    [row] = read_rows(["-"], usual, format_name=form, stdin=io.BytesIO(text.encode()))
    assert isinstance(row, Located)
    assert (row.event.announced_on.isoformat(), row.event.effective_on.isoformat()) == (announced, effective)
