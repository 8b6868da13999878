"""One spelling of numbers and amounts at every door: what is read is the same everywhere, and so is what is refused."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

import click
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cli.input.arguments import AMOUNT, RATE, SHARE
from cli.recording.flags import texts_of
from cli.recording.patch import patched
from events.codec import as_raw
from events.errors import DealsError
from events.numerals import is_ambiguous
from ledger.intake.csv_table import csv_rows
from ledger.intake.json_document import json_document_rows
from ledger.intake.json_lines import json_line_rows
from ledger.intake.located import Located, Row
from ledger.intake.rows import InputDefaults, row_of, row_of_texts
from ledger.intake.yaml_documents import yaml_rows
from projections.queries.fields import Fields, Range
from tests.cli.running import Run

TYPE = "purchase_committed"
EVENT = {
    "type": TYPE, "key": "k", "deal": "d", "leg": "l", "status": "announced", "buyer": "openai", "supplier": "oracle",
    "subject": "compute", "announced_on": "2026-03-05",
}  # fmt: skip

Read = tuple[bool, str]
"""Whether a field was read, and as what; or what was said of it."""


def settled(rows: Iterable[Row], field: str) -> Read:
    """Return what became of a field in the one row of an input."""
    (row,) = rows
    if isinstance(row, Located):
        return True, json.dumps(as_raw(row.event).get(field))
    (finding,) = row.findings
    assert finding.field == field
    return False, f"{finding.what} (got {finding.got}): {finding.advice}"


def by_flag(field: str, text: str) -> Read:
    given = {f"{name}_": value for name, value in EVENT.items() if name != "type"} | {f"{field}_": text}
    texts, unread = texts_of(TYPE, given)
    assert not unread
    return settled([row_of_texts("flags", 1, {"type": TYPE, **texts}, InputDefaults())], field)


def by_csv(field: str, text: str) -> Read:
    table = io.StringIO()
    csv.writer(table).writerows([[*EVENT, field], [*EVENT.values(), text]])
    return settled(csv_rows("file", table.getvalue(), InputDefaults()), field)


def by_json(field: str, text: str) -> Read:
    return settled(json_document_rows("file", json.dumps([EVENT | {field: text}]), InputDefaults()), field)


def by_json_lines(field: str, text: str) -> Read:
    return settled(json_line_rows("file", [json.dumps(EVENT | {field: text}).encode()], InputDefaults()), field)


def by_yaml(field: str, text: str) -> Read:
    return settled(yaml_rows("file", json.dumps(EVENT | {field: text}), InputDefaults()), field)


def by_change(field: str, text: str) -> Read:
    try:
        raw: dict[str, Any] = patched(EVENT, [f"{field}={text}"])
    except DealsError as error:
        return False, f"{error.message.removeprefix(f'--set {field}: ')}: {error.advice}"
    return settled([row_of("change", 1, raw, InputDefaults())], field)


DOORS: tuple[Callable[[str, str], Read], ...] = (by_flag, by_csv, by_json, by_json_lines, by_yaml, by_change)


def at_every_door(field: str, text: str) -> Read:
    """Return what all doors agree on."""
    told = {door.__name__: door(field, text) for door in DOORS}
    assert len(set(told.values())) == 1, told
    return told["by_flag"]


written = st.tuples(
    st.decimals(0, 10**4, places=2) | st.decimals(0, 9, places=6) | st.integers(0, 9 * 10**12).map(Decimal),
    st.booleans(),
)
POWERS = {"": 0, "K": 3, " M": 6, "bn": 9, " billion": 9}


@given(written, st.sampled_from(sorted(POWERS)), st.sampled_from(["", "€", "US$", "JPY "]),
       st.sampled_from(["", "about ", "~", "up to ", "≥"]))  # fmt: skip
def test_an_amount_that_is_read_is_the_same_at_every_door(
    number: tuple[Decimal, bool], scale: str, sign: str, qualifier: str
) -> None:
    value, grouped = number
    exact = value.scaleb(POWERS[scale])
    digits = f"{value:,f}" if grouped else f"{value:f}"
    assume(exact < 10**13 and not is_ambiguous(digits, "whole"))
    is_read, said = at_every_door("amount", f"{qualifier}{sign}{digits}{scale}")
    assert is_read
    assert Decimal(json.loads(said)["value"]) == exact


AMBIGUOUS = (
    st.builds("{}{}{:03}".format, st.integers(1, 999), st.sampled_from(",."), st.integers(0, 999))
    | st.builds("{},{}".format, st.integers(0, 999), st.integers(0, 99))
    | st.builds("{} {:03}".format, st.integers(1, 999), st.integers(0, 999))
    | st.builds("{:_}".format, st.integers(1000, 10**9))
    | st.builds("{}.{:03}.{:03}".format, st.integers(1, 999), st.integers(0, 999), st.integers(0, 999))
    | st.sampled_from(
        ["1,20,000", "1.5,000", "1e9", "+5", ".5", "5.", "\u0663", "½", "1.5.2", "0x10", "NaN", "¥5", "5kr"]
    )
)


@given(AMBIGUOUS, st.sampled_from(["", "B", " million"]))
def test_an_amount_that_can_be_read_in_two_ways_is_refused_at_every_door_as_typed(digits: str, scale: str) -> None:
    is_read, said = at_every_door("amount", digits + scale)
    assert not is_read
    assert f"(got {digits + scale!r})" in said
    with pytest.raises(click.BadParameter) as caught:
        AMOUNT.convert(digits + scale, None, None)
    assert repr(digits + scale) in caught.value.message


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("capacity_gw", "4.5 GW", "4.5"),
        ("capacity_gw", "1200 MW", "1.2"),
        ("cancellable_days", "1000", 1000),
        ("amount", "undisclosed", None),
    ],
)
def test_other_quantities_are_read_the_same_too(field: str, text: str, value: object) -> None:
    assert at_every_door(field, text) == (True, json.dumps(value))


@pytest.mark.parametrize(
    ("field", "text", "advice"),
    [
        ("capacity_gw", "4,5", "write 4.5"),
        ("capacity_gw", "1,080", "write 1.08"),
        ("capacity_gw", "4,500", "write 4.5"),
        ("capacity_gw", "1,080 MW", "write 1080 MW or 1.08 MW"),
        ("cancellable_days", "1.080", "write 1080"),
        ("cancellable_days", "1,080", "write 1080"),
        ("amount", "approx. 5B", "write about 5B"),
        ("amount", "5 lakh crore", "write 5T"),
        ("amount", "1,5B EUR", "write 1.5B EUR"),
        ("amount", "?", "write undisclosed, or leave it out; it is never taken as 0"),
        ("amount", "-5", "write it like 100B USD, up_to 1.5M EUR or undisclosed"),
    ],
)
def test_other_quantities_are_refused_the_same_too(field: str, text: str, advice: str) -> None:
    is_read, said = at_every_door(field, text)
    assert not is_read
    assert said.endswith(f"(got {text!r}): {advice}")


@given(st.decimals(0, 1, places=4))
def test_a_share_is_the_same_as_an_option_in_a_scenario_and_as_weights(value: Decimal) -> None:
    for text in (f"{value:f}", f"{value * 100:f}%"):
        fields = Fields({"part": text}, where="")
        assert {SHARE.convert(text, None, None), RATE.convert(text, None, None), fields.number("part")} == {value}


def refused(run: Run, *arguments: str) -> str:
    """Return what a command says of an option that it does not take."""
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, ""), result.stderr
    return " ".join(result.stderr.split())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("commitments", "openai", "--compute-share", "1.5"), "'1.5' is not between 0 and 1"),
        (("commitments", "openai", "--compute-share", "-1"), "'-1' is not between 0 and 1"),
        (("commitments", "openai", "--compute-share", "0,7"), "'0,7' is not a share; write 0.7"),
        (("commitments", "openai", "--years", "0"), "'0' is not a whole number between 1 and 100"),
        (("commitments", "openai", "--years", "1e3"), "'1e3' is not a whole number; write 1000"),
        (("demand", "openai", "--compute-share", "150%"), "'150%' is not between 0 and 1"),
        (("demand", "openai", "--years", "\uff15"), "is not a whole number; write 5"),
        (("dilution", "amd", "--rate", "5"), "'5' is not between -1 and 1; write a fraction such as 0.25, or 25%"),
        (("dilution", "amd", "--rate", "4,125%"), "'4,125%' is not a share; write 4.125%"),
        (("dilution", "amd", "--volatility", "60"), "'60' is not above 0 and at most 5"),
        (("dilution", "amd", "--average-price", "0,01"), "'0,01' is not a number; write 0.01"),
        (("dilution", "amd", "--average-price", "-1"), "'-1' is not 0 or more"),
        (("dilution", "amd", "--end-price", "NaN"), "'NaN' is not a number"),
        (("loops", "--least", "1,5B"), "'1,5B' is not a number; write 1.5B"),
        (("loops", "--least", "1.080"), "'1.080' is ambiguous"),
        (("loops", "--least", "-5"), "'-5' is not 0 or more"),
        (("loops", "--window", "0"), "'0' is not above 0 and at most 100"),
        (("loops", "--length", "1"), "'1' is not a whole number between 2 and 100"),
        (("loops", "--limit", "1_000"), "'1_000' is not a whole number; write 1000"),
        (("lookthrough", "openai", "--gw-per-reactor", "1,5"), "'1,5' is not a capacity; write 1.5"),
        (("lookthrough", "openai", "--gw-per-reactor", "0"), "'0' is not above 0"),
        (("stress", "openai-fails", "--seed", "-1"), "'-1' is not a whole number"),
        (("stress", "openai-fails", "--draws", "1.000"), "'1.000' is ambiguous"),
        (("stress", "openai-fails", "--draws", "1000000"), "'1000000' is not a whole number between 1 and 100000"),
        (("log", "--limit", "0"), "'0' is not a whole number 1 or more"),
    ],
)
def test_options_keep_to_their_natural_range(run: Run, arguments: tuple[str, ...], said: str) -> None:
    assert said in refused(run, *arguments)


def test_options_are_read_as_amounts_and_shares_are_everywhere(run: Run) -> None:
    for first, second in (
        (("commitments", "openai", "--years", "5", "--compute-share", "70%"), ("--compute-share", "0.7")),
        (("loops", "--least", "1000M"), ("--least", "1bn")),
    ):
        asked = run.json(*first)
        assert asked == run.json(*first[:-2], *second)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("w.json", '{"announced": "1,5"}', "announced: a weight is a number from 0 to 1 (got 1,5)"),
        ("w.json", '{"announced": 1.5}', "a weight is a number from 0 to 1 (got 1.5)"),
        ("w.json", '{"announced": NaN}', "NaN is no number"),
        ("w.json", '{"announced": 1e400}', "announced: a weight is a number from 0 to 1 (got 1E+400)"),
        ("w.json", '{"announced": true}', "announced: a weight is a number from 0 to 1 (got True)"),
        ("w.yaml", "announced: 1_0", "announced: a weight is a number from 0 to 1 (got 1_0)"),
        ("w.yaml", "announced: 0x1", "announced: a weight is a number from 0 to 1 (got 0x1)"),
        ("w.yaml", "announced: 1e-1", "announced: a weight is a number from 0 to 1 (got 1e-1)"),
        ("w.yaml", "announced: .5", "announced: a weight is a number from 0 to 1 (got .5)"),
        ("w.yaml", "announced: 0,5", "announced: a weight is a number from 0 to 1 (got 0,5)"),
    ],
)
def test_weights_are_read_by_the_same_rule(run: Run, name: str, text: str, said: str) -> None:
    file = run.db.parent / name
    file.write_text(text, encoding="utf-8")
    result = run("exposure", "--weights", str(file))
    assert result.exit_code in {2, 65}
    assert said in result.stderr


@pytest.mark.parametrize("text", ['{"announced": 0.25}', '{"announced": "25%"}', '{"announced": "0.25"}'])
def test_weights_may_be_numbers_texts_or_percentages(run: Run, text: str) -> None:
    file = run.db.parent / "w.json"
    file.write_text(text, encoding="utf-8")
    rows = run.json("exposure", "--weights", str(file))["rows"]
    file.with_suffix(".yaml").write_text("announced: 0.25", encoding="utf-8")
    assert rows == run.json("exposure", "--weights", str(file.with_suffix(".yaml")))["rows"]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("1,5B", "neither a number nor a range [low, high] (got '1,5B'): write 1.5B"),
        ("1.080", "neither a number nor a range [low, high] (got '1.080'): write 1080 or 1.08"),
        (Decimal("1.080"), "neither a number nor a range [low, high] (got Decimal('1.080')): write 1080 or 1.08"),
        (True, "neither a number nor a range [low, high] (got True): write digits such as 0.25"),
    ],
)
def test_scenarios_complain_in_the_same_words(value: object, said: str) -> None:
    fields = Fields({"value": value}, where="")
    assert fields.number("value", kind="figure") is None
    assert fields.complaints == [f"value: {said}"]


def test_a_scenario_reads_amounts_and_counts_as_they_are_written_elsewhere() -> None:
    fields = Fields({"value": ["1.5B", "40bn"], "price": "203.71", "draws": "1000"}, where="")
    assert fields.number("value", kind="figure") == Range(Decimal(1_500_000_000), Decimal(40_000_000_000))
    assert fields.number("price", kind="price") == Decimal("203.71")
    assert fields.whole("draws", least=1) == 1000


@pytest.mark.parametrize("flag", [("--amount", ""), ("--amount", " "), ("--gw", "")])
def test_an_empty_option_is_not_undisclosed(run: Run, flag: tuple[str, str]) -> None:
    """A shell's empty variable must not record that nobody said anything."""
    fixed = ("append", "purchase", "--deal", "d", "--leg", "l", "--buyer", "openai", "--supplier", "amd", "--subject",
             "compute", "--status", "announced", "--announced-on", "2026-03-05")  # fmt: skip
    result = run(*fixed, *flag)
    assert result.exit_code == 2
    assert f"invalid value for '{flag[0]}'" in result.stderr
    assert f"is empty (got {flag[1]!r})" in result.stderr
