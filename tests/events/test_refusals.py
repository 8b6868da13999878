"""What no event may hold, and what is said of it: field, words, value, advice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from events.codec import decode, parse
from events.errors import BadInputError, BadValueError, Finding, UnknownTypeError, suggestion
from events.explain import explain_invalid
from events.registry import TYPES, validate_raw, validate_texts
from tests.events.samples import SAMPLES, SECOND_SAMPLES, sample

Raw = dict[str, Any]


def findings(raw: Raw) -> list[Finding]:
    """Return what is said of an event that must be refused."""
    with pytest.raises(ValidationError) as caught:
        validate_raw(raw)
    return explain_invalid(raw, caught.value, file="deals.jsonl", line=14)


def usd(value: object, **more: object) -> Raw:
    return {"value": value, "currency": "USD", **more}


def tranches(*amounts: Raw | int | None, field: str = "amount") -> list[Raw]:
    return [{"tranche": f"t-{number}", field: amount} for number, amount in enumerate(amounts)]


NOT_A_SLUG = "not a slug; use lower-case letters a-z, digits and single hyphens (at most 80)"
NOT_A_DATE = "not a date; write YYYY-MM-DD"
NOT_AN_INSTANT = "not an instant; write it like 2025-10-06T20:05:00Z"
UNQUOTED = "an unquoted number where an exact decimal string belongs; quote it"
A_FLOAT = "a float where an exact decimal string belongs; quote it"
NOT_DECIMAL = "not an exact decimal string of at most 30 digits before and 6 after the point"
NOT_LEI = "not a legal entity identifier (ISO 17442): check digits do not agree"
CONTROL = "has line breaks or control characters; write one plain line"
MISPRINT = "more than 10 trillion dollars in one amount; misprint?"
PERIOD = "needs either `on` or both `period_from` and `period_to`"
GROUP = 'must be a group of fields, such as {value: "100", currency: USD}'

# What is changed in a sample -> the field that is named, the words, and the value shown.
ONE_FIELD: list[tuple[str, Raw, str, str, str]] = [
    ("company_registered", {"company": "Nvidia"}, "company", NOT_A_SLUG, '"Nvidia"'),
    ("company_registered", {"company": "a--b"}, "company", NOT_A_SLUG, '"a--b"'),
    ("company_registered", {"company": "輝達"}, "company", NOT_A_SLUG, '"輝達"'),
    ("company_registered", {"company": "a" * 81}, "company", NOT_A_SLUG, f'"{"a" * 79} …'),
    ("company_registered", {"name": ""}, "name", "empty; leave the field out instead", '""'),
    ("company_registered", {"name": " \t"}, "name", "empty; leave the field out instead", '" \\t"'),
    ("company_registered", {"name": "a\nb"}, "name", CONTROL, '"a\\nb"'),
    ("company_registered", {"name": "a\u202eb"}, "name", CONTROL, '"a\u202eb"'),
    ("company_registered", {"aliases": ["ok", "x\u0000"]}, "aliases.1", CONTROL, '"x\\u0000"'),
    ("company_registered", {"aliases": "Nvidia"}, "aliases", "must be a list", '"Nvidia"'),
    ("company_registered", {"cik": "12345678901"}, "cik", "not a CIK of at most ten digits", '"12345678901"'),
    ("company_registered", {"cik": "10-45"}, "cik", "not a CIK of at most ten digits", '"10-45"'),
    ("company_registered", {"cik": 1045810}, "cik", "must be text", "1045810"),
    ("company_registered", {"lei": "549300S4KLFTLO7GSQ81"}, "lei", NOT_LEI, '"549300S4KLFTLO7GSQ81"'),
    ("company_registered", {"lei": "549300s4klftlo7gsq80"}, "lei", NOT_LEI, '"549300s4klftlo7gsq80"'),
    ("company_registered", {"lei": "549300S4KLFTLO7GSQ8"}, "lei", NOT_LEI, '"549300S4KLFTLO7GSQ8"'),
    ("company_registered", {"stand_in": "yes"}, "stand_in", "must be true or false", '"yes"'),
    (
        "company_registered",
        {"key": "a key"},
        "key",
        "not a key; use letters, digits and . _ : / + - (at most 240)",
        '"a key"',
    ),
    ("company_registered", {"announced_on": "6 October 2025"}, "announced_on", NOT_A_DATE, '"6 October 2025"'),
    ("company_registered", {"announced_on": "20251006"}, "announced_on", NOT_A_DATE, '"20251006"'),
    ("company_registered", {"announced_on": "2025-W41-1"}, "announced_on", NOT_A_DATE, '"2025-W41-1"'),
    # Both would be taken for seconds since 1970.
    ("company_registered", {"announced_on": "86400"}, "announced_on", NOT_A_DATE, '"86400"'),
    ("company_registered", {"announced_time": "1759780000"}, "announced_time", NOT_AN_INSTANT, '"1759780000"'),
    ("company_registered", {"announced_on": 20251006}, "announced_on", NOT_A_DATE, "20251006"),
    ("company_registered", {"announced_on": "2025-02-29"}, "announced_on", "not a day of the calendar", '"2025-02-29"'),
    (
        "company_registered",
        {"announced_on": "1969-12-31"},
        "announced_on",
        "outside 1970-01-01 to 2149-06-05",
        '"1969-12-31"',
    ),
    (
        "company_registered",
        {"effective_on": "2149-06-06"},
        "effective_on",
        "outside 1970-01-01 to 2149-06-05",
        '"2149-06-06"',
    ),
    (
        "company_registered",
        {"announced_time": "2025-10-06T20:05:00"},
        "announced_time",
        "needs a time zone, such as 2025-10-06T20:05:00Z",
        '"2025-10-06T20:05:00"',
    ),
    (
        "company_registered",
        {"announced_time": "2025-10-06T25:00:00Z"},
        "announced_time",
        NOT_AN_INSTANT,
        '"2025-10-06T25:00:00Z"',
    ),
    (
        "company_registered",
        {"announced_time": "2025-10-06 20:05Z"},
        "announced_time",
        NOT_AN_INSTANT,
        '"2025-10-06 20:05Z"',
    ),
    ("company_registered", {"note": "x" * 4001}, "note", "longer than 4000 characters", f'"{"x" * 79} …'),
    ("party_identified", {"placeholder": "x" * 201}, "placeholder", "longer than 200 characters", f'"{"x" * 79} …'),
    ("purchase_committed", {"amount": usd(90)}, "amount.value", UNQUOTED, "90"),
    ("purchase_committed", {"amount": usd(2.50)}, "amount.value", A_FLOAT, "2.5"),
    ("purchase_committed", {"amount": usd(float("nan"))}, "amount.value", A_FLOAT, "nan"),
    ("purchase_committed", {"amount": usd("2,500")}, "amount.value", NOT_DECIMAL, '"2,500"'),
    ("purchase_committed", {"amount": usd("1e9")}, "amount.value", NOT_DECIMAL, '"1e9"'),
    ("purchase_committed", {"amount": usd("+1")}, "amount.value", NOT_DECIMAL, '"+1"'),
    ("purchase_committed", {"amount": usd("\uff11")}, "amount.value", NOT_DECIMAL, '"\uff11"'),
    ("purchase_committed", {"amount": usd("1.1234567")}, "amount.value", NOT_DECIMAL, '"1.1234567"'),
    ("purchase_committed", {"amount": usd("-0.01")}, "amount.value", "below zero", '"-0.01"'),
    (
        "purchase_committed",
        {"amount": usd("10000000000000.01")},
        "amount",
        MISPRINT,
        '{"value":"10000000000000.01","currency":"USD"}',
    ),
    (
        "purchase_committed",
        {"amount": {"value": "10000000000000001", "currency": "JPY"}, "firm": None, "prepaid": None},
        "amount",
        MISPRINT,
        '{"value":"10000000000000001","currency":"JPY"}',
    ),
    (
        "purchase_committed",
        {"amount": {"value": "1", "currency": "XBT"}},
        "amount.currency",
        "not an ISO 4217 currency code such as USD",
        '"XBT"',
    ),
    (
        "purchase_committed",
        {"amount": {"value": "1", "currency": "usd"}},
        "amount.currency",
        "not an ISO 4217 currency code such as USD",
        '"usd"',
    ),
    ("purchase_committed", {"amount": {"value": "1"}}, "amount.currency", "is required", ""),
    ("purchase_committed", {"amount": "90 billion USD"}, "amount", GROUP, '"90 billion USD"'),
    ("purchase_committed", {"amount": float("nan")}, "amount", GROUP, "nan"),
    (
        "purchase_committed",
        {"capacity_gw": "6000000"},
        "capacity_gw",
        "more than 200 GW on one leg; misprint of the unit?",
        '"6000000"',
    ),
    ("purchase_committed", {"capacity_gw": 6}, "capacity_gw", UNQUOTED, "6"),
    ("purchase_committed", {"cancellable_days": -1}, "cancellable_days", "below zero", "-1"),
    (
        "purchase_committed",
        {"cancellable_days": 36526},
        "cancellable_days",
        "more than 36525, the greatest number that is allowed here",
        "36526",
    ),
    (
        "purchase_committed",
        {"schedule": [{"from": "2026-01-01", "to": "2026-01-01", "share": "1"}]},
        "schedule.0",
        "ends before it begins; periods run from a day to a later one",
        '{"from":"2026-01-01","to":"2026-01-01","share":"1"}',
    ),
    (
        "investment_committed",
        {"stake": "1.000001"},
        "stake",
        "more than the whole; give a fraction such as 0.10 for 10 %",
        '"1.000001"',
    ),
    ("warrant_granted", {"shares_max": 1.6e8}, "shares_max", "must be a whole number", "160000000.0"),
    ("warrant_granted", {"shares_max": "160000000"}, "shares_max", "must be a whole number", '"160000000"'),
    ("warrant_granted", {"shares_max": True}, "shares_max", "must be a whole number", "true"),
    ("warrant_granted", {"shares_max": -1, "tranches": []}, "shares_max", "below zero", "-1"),
    (
        "warrant_granted",
        {"shares_max": 2**53},
        "shares_max",
        "more than 9007199254740991, the greatest number that is allowed here",
        "9007199254740992",
    ),
    (
        "warrant_granted",
        {"shares_max": 10**30},
        "shares_max",
        "more than 9007199254740991, the greatest number that is allowed here",
        f"1{'0' * 30}",
    ),
    (
        "loan_arranged",
        {"relies_on": ["oracle-openai-2025"]},
        "relies_on.0",
        "not a leg; write deal/leg, both as slugs",
        '"oracle-openai-2025"',
    ),
    ("loan_arranged", {"relies_on": ["a/b/c"]}, "relies_on.0", "not a leg; write deal/leg, both as slugs", '"a/b/c"'),
    (
        "loan_arranged",
        {"relies_on": [f"{'a' * 81}/b"]},
        "relies_on.0",
        "not a leg; write deal/leg, both as slugs",
        f'"{"a" * 79} …',
    ),
    ("loan_arranged", {"rate": 5}, "rate", GROUP, "5"),
    ("loan_arranged", {"rate": {"text": "5 %", "percent": 5.0}}, "rate.percent", A_FLOAT, "5.0"),
    (
        "price_moved",
        {"return": "-1.000001"},
        "return",
        "a return below -100 %; give a fraction such as -0.25",
        '"-1.000001"',
    ),
    ("metric_reported", {"unit": "XBT"}, "unit", "not an ISO 4217 currency code such as USD", '"XBT"'),
    ("document_attached", {"sha256": "9F86"}, "sha256", "not a SHA-256 in 64 lower-case hexadecimal digits", '"9F86"'),
    (
        "event_corrected",
        {"replacement": "a key"},
        "replacement",
        GROUP,
        '"a key"',
    ),
]


@pytest.mark.parametrize(
    ("name", "changes", "field", "what", "got"),
    ONE_FIELD,
    ids=[f"{row[0]}-{row[2]}-{row[4][:20]}" for row in ONE_FIELD],
)
def test_a_bad_value_is_named_with_its_field(name: str, changes: Raw, field: str, what: str, got: str) -> None:
    (finding,) = findings(sample(name, **changes))
    assert (finding.field, finding.what, finding.got, finding.name) == (field, what, got, "BadValueError")
    assert (finding.file, finding.line) == ("deals.jsonl", 14)


# What only several fields together show: the words and nothing more.
SEVERAL_FIELDS: list[tuple[str, Raw, str]] = [
    (
        "purchase_committed",
        {"firm": {"value": "1", "currency": "EUR"}},
        "firm is in EUR but the purchase's amount in USD",
    ),
    (
        "purchase_committed",
        {"amount": None, "prepaid": {"value": "1", "currency": "JPY"}},
        "prepaid is in JPY but the purchase's amount in USD",
    ),
    (
        "purchase_committed",
        {"schedule": [{"from": "2026-01-01", "to": "2027-01-01", "share": share} for share in ("0.6", "0.400001")]},
        "the schedule's shares add up to more than 1",
    ),
    ("investment_committed", {"amount": usd("39999999999.999999")}, "the tranches add up to more than amount"),
    (
        "investment_committed",
        {"amount": None, "firm": None, "tranches": tranches(usd("1"), None, {"value": "1", "currency": "EUR"})},
        "tranche t-2 is in EUR but the investment's amount in USD",
    ),
    ("investment_committed", {"tranches": [{"tranche": "one"}, {"tranche": "one"}]}, "two tranches have the same name"),
    ("warrant_granted", {"tranches": [{"tranche": "one"}, {"tranche": "one"}]}, "two tranches have the same name"),
    (
        "warrant_granted",
        {"tranches": tranches(160000000, 1, field="shares")},
        "the tranches add up to more than shares_max",
    ),
    (
        "loan_arranged",
        {"lenders": [{"company": "mufg", "amount": {"value": "1", "currency": "JPY"}}]},
        "lender mufg is in JPY but the loan's amount in USD",
    ),
    (
        "guarantee_given",
        {"collateral": {"value": "1", "currency": "GBP"}},
        "collateral is in GBP but the guarantee's amount in USD",
    ),
    ("metric_reported", {"market": "h100-rental"}, "needs either a company or a market, and not both"),
    ("metric_reported", {"company": ...}, "needs either a company or a market, and not both"),
    ("metric_reported", {"metric": "other"}, "metric_name goes with the metric 'other', and only with it"),
    ("metric_reported", {"metric_name": "x"}, "metric_name goes with the metric 'other', and only with it"),
    ("metric_reported", {"counterparty": ...}, "customer_share needs the counterparty whose share it is"),
    ("metric_reported", {"on": "2025-01-01"}, PERIOD),
    ("metric_reported", {"period_to": ...}, PERIOD),
    ("metric_reported", {"period_from": ...}, PERIOD),
    ("metric_reported", {"period_from": ..., "period_to": ...}, PERIOD),
    (
        "metric_reported",
        {"period_to": "2025-01-01"},
        "the period ends before it begins; period_to is the day after it",
    ),
    ("metric_reported", {"metric": "revenue", "value": "-1"}, "revenue below zero"),
    (
        "event_corrected",
        {"replacement_schema_version": 1},
        "replacement_schema_version is filled in by the ledger; leave it out",
    ),
    (
        "event_corrected",
        {"replacement": SAMPLES["event_retracted"], "replacement_schema_version": ...},
        "a replacement is the announcement itself, not another correction",
    ),
]


@pytest.mark.parametrize(("name", "changes", "what"), SEVERAL_FIELDS, ids=[row[2][:40] for row in SEVERAL_FIELDS])
def test_fields_that_contradict_each_other_are_refused(name: str, changes: Raw, what: str) -> None:
    (finding,) = findings(sample(name, **changes))
    assert (finding.field, finding.what) == (name, what)


@pytest.mark.parametrize("threshold", ["2026-02-30", "1", "20260331"])
def test_the_threshold_of_a_date_is_a_date(threshold: str) -> None:
    raw = sample(
        "warrant_granted", tranches=[{"tranche": "a", "conditions": [{"kind": "date", "threshold": threshold}]}]
    )
    (finding,) = findings(raw)
    assert finding.field == "tranches.0.conditions.0"
    assert finding.what == "the threshold of a date condition is a date: YYYY-MM-DD, 2028-03, 2031-Q1, 2026-H2 or 2030"


@pytest.mark.parametrize(
    ("threshold", "what"), [("-1", "below zero"), ("many", NOT_DECIMAL), ("2026-03-31", NOT_DECIMAL)]
)
def test_any_other_threshold_is_a_number(threshold: str, what: str) -> None:
    raw = sample(
        "warrant_granted", tranches=[{"tranche": "a", "conditions": [{"kind": "capacity", "threshold": threshold}]}]
    )
    assert [finding.what for finding in findings(raw)] == [what]


def test_tranches_may_exceed_an_amount_that_is_a_floor() -> None:
    raw = sample("investment_committed", amount=usd("1", qualifier="at_least"), firm=None)
    assert parse(raw).type == "investment_committed"


def test_a_bound_itself_is_allowed() -> None:
    parse(sample("purchase_committed", amount=usd("10000000000000"), capacity_gw="200.000000", cancellable_days=36525))
    parse(sample("warrant_granted", shares_max=2**53 - 1))
    parse(sample("price_moved", **{"return": "-1"}))
    parse(sample("company_registered", company="a" * 80, note="x" * 4000))
    parse(sample("company_registered", announced_on="1970-01-01", effective_on="2149-06-05"))


def test_an_unknown_field_suggests_the_nearest_one() -> None:
    (finding,) = findings(sample("warrant_granted", share_max=5))
    assert (finding.field, finding.what, finding.got) == ("share_max", "unknown field", "5")
    assert (finding.name, finding.advice) == ("UnknownFieldError", "did you mean 'shares_max'?")


def test_an_unknown_field_inside_a_group_suggests_a_field_of_the_group() -> None:
    (finding,) = findings(sample("purchase_committed", amount={"value": "1", "currency": "USD", "qualifer": "about"}))
    assert (finding.field, finding.advice) == ("amount.qualifer", "did you mean 'qualifier'?")
    (finding,) = findings(sample("warrant_granted", tranches=[{"tranche": "a", "zzzz": 1}]))
    assert (finding.field, finding.advice) == ("tranches.0.zzzz", "fields of 0: conditions, shares, tranche")


def test_a_field_far_from_any_lists_them_all() -> None:
    (finding,) = findings(sample("loan_repaid", zzzzzz=1))
    assert finding.advice.startswith("fields of loan_repaid: amount, announced_on, ")


def test_the_python_name_of_a_field_is_not_its_name() -> None:
    fields = {
        finding.field: finding.what for finding in findings(sample("price_moved", return_="0.1", **{"return": ...}))
    }
    assert fields == {"return": "is required", "return_": "unknown field"}


def test_a_word_outside_the_list_suggests_the_nearest_one() -> None:
    (finding,) = findings(sample("status_changed", status="letter-of-intent"))
    assert finding.field == "status"
    assert finding.what.startswith("input should be 'rumoured', 'announced'")
    assert finding.advice == "did you mean 'letter_of_intent'?"


def test_an_unknown_type_suggests_the_nearest_one() -> None:
    with pytest.raises(UnknownTypeError, match="unknown event type 'warant_granted'") as caught:
        parse({"type": "warant_granted"})
    assert caught.value.advice == "did you mean 'warrant_granted'?"
    with pytest.raises(UnknownTypeError, match="unknown event type None") as caught:
        parse({})
    assert caught.value.advice.startswith("known types: company, party, purchase")
    with pytest.raises(UnknownTypeError):
        decode({"type": ["warrant_granted"]}, 1)


def test_all_that_is_missing_is_reported_at_once() -> None:
    said = {finding.field: finding.what for finding in findings({"type": "purchase_committed"})}
    fields = ("key", "announced_on", "deal", "leg", "status", "buyer", "supplier", "subject")
    assert said == dict.fromkeys(fields, "is required")


def test_all_that_is_wrong_is_reported_at_once() -> None:
    raw = sample("purchase_committed", buyer="", capacity_gw=6, amount={"value": "-1", "currency": "USD"}, colour="red")
    assert {finding.field for finding in findings(raw)} == {"buyer", "capacity_gw", "amount.value", "colour"}


def test_a_bad_replacement_says_what_is_wrong_inside() -> None:
    (finding,) = findings(sample("event_corrected", replacement=sample("loan_repaid", amount=5, leg="A leg")))
    assert finding.field == "replacement"
    assert finding.what == f"leg: {NOT_A_SLUG}; amount: {GROUP}"
    (finding,) = findings(sample("event_corrected", replacement={"type": "loan_repayed"}))
    assert finding.what == "type: unknown event type 'loan_repayed'"


def test_half_a_character_is_refused() -> None:
    (finding,) = findings(sample("loan_repaid", note="half of a \ud83d smile"))
    assert finding.what.startswith("is not JSON, or holds half a character")


def test_one_error_for_callers_that_hold_one_event() -> None:
    with pytest.raises(BadValueError) as caught:
        parse(sample("warrant_granted", share_max=5, issuer=""))
    assert (
        caught.value.message == 'issuer: empty; leave the field out instead (got ""); share_max: unknown field (got 5)'
    )
    assert caught.value.advice == "did you mean 'shares_max'?"
    assert caught.value.exit_code == 65


def leaves(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], object]]:
    """Walk to every value of a sample that holds no others."""
    items: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
    if items is None:
        yield path, value
        return
    for step, item in items:
        yield from leaves(item, (*path, step))


def with_leaf(value: Any, path: tuple[str | int, ...], leaf: object) -> Any:  # noqa: ANN401 - any JSON value
    """Copy a sample with one value replaced."""
    if not path:
        return leaf
    copy = value.copy()
    copy[path[0]] = with_leaf(value[path[0]], path[1:], leaf)
    return copy


ALL_SAMPLES = [*SAMPLES.values(), *SECOND_SAMPLES]
LEAVES = [(raw, path, old) for raw in ALL_SAMPLES for path, old in leaves(raw) if path != ("type",)]


@pytest.mark.parametrize("raw", ALL_SAMPLES, ids=lambda raw: str(raw["type"]))
def test_no_field_of_any_event_takes_a_float(raw: Raw) -> None:
    for path, old in leaves(raw):
        if path == ("type",) or path[-1] == "type":
            continue
        for number in (1.5, float(old) if isinstance(old, int) else 2.0, float("inf"), float("nan")):
            found = findings(with_leaf(raw, path, number))
            # What is wrong inside a replacement is said of the replacement.
            expected = "replacement" if path[0] == "replacement" else ".".join(map(str, path))
            assert [finding.field for finding in found if finding.name == "BadValueError"] == [expected]


@pytest.mark.parametrize("raw", ALL_SAMPLES, ids=lambda raw: str(raw["type"]))
def test_only_counts_take_an_unquoted_number_and_none_above_2_to_the_53(raw: Raw) -> None:
    for path, old in leaves(raw):
        if path[-1] == "type":
            continue
        if isinstance(old, int) and not isinstance(old, bool):
            for number in (2**53, 2**64, -1):
                assert findings(with_leaf(raw, path, number))
        else:
            assert findings(with_leaf(raw, path, 7))


@given(st.sampled_from(LEAVES), st.one_of(st.floats(), st.decimals(), st.integers(2**53), st.integers(None, -1)))
def test_numbers_that_cannot_be_exact_are_refused_in_every_field(
    place: tuple[Raw, tuple[str | int, ...], object], number: float | Decimal
) -> None:
    raw, path, _ = place
    if path[-1] != "type":
        assert findings(with_leaf(raw, path, number))


TEXT_CASES: list[tuple[str, Raw, str]] = [
    ("warrant_exercised", {"shares": "many"}, "must be a whole number"),
    ("warrant_exercised", {"shares": "1.5"}, "must be a whole number"),
    ("company_registered", {"stand_in": "perhaps"}, "must be true or false"),
    ("company_registered", {"announced_on": "86400"}, NOT_A_DATE),
    ("purchase_committed", {"capacity_gw": "six"}, NOT_DECIMAL),
]


@pytest.mark.parametrize(("name", "changes", "what"), TEXT_CASES, ids=[row[2][:25] + row[0] for row in TEXT_CASES])
def test_texts_from_flags_and_cells_are_held_to_the_same_rules(name: str, changes: Raw, what: str) -> None:
    raw = {**SAMPLES[name], **changes}
    with pytest.raises(ValidationError) as caught:
        validate_texts(raw)
    assert [finding.what for finding in explain_invalid(raw, caught.value)] == [what]


def test_texts_stand_for_numbers_and_booleans() -> None:
    assert validate_texts(sample("warrant_exercised", shares="5000000")) == parse(SAMPLES["warrant_exercised"])
    assert validate_texts(sample("company_registered", stand_in="true")) == parse(SAMPLES["company_registered"])


def test_a_finding_reads_as_file_line_field() -> None:
    (finding,) = findings(sample("warrant_granted", share_max=5))
    assert str(finding) == "deals.jsonl:14: share_max: unknown field (got 5)\n    did you mean 'shares_max'?"
    error = BadInputError([finding])
    assert str(error) == str(finding)
    assert error.advice == "1 bad row is named above; nothing was recorded. Mend the input and give it again."
    assert BadInputError([finding, finding]).advice.startswith("1 bad row is named above")
    assert BadInputError([finding, replace(finding, line=15)]).advice.startswith("2 bad rows are named above")
    assert BadInputError([finding, replace(finding, line=15)], rows=1).advice.startswith("1 bad row is named above")


def test_a_suggestion_keeps_the_spelling_of_what_is_known() -> None:
    assert suggestion("nvdia", ["Nvidia", "AMD"]) == "did you mean 'Nvidia'?"
    assert suggestion("zzz", ["Nvidia", "AMD"]) == ""


def test_a_look_alike_is_told_from_the_name_that_is_known() -> None:
    told = "did you mean '{}'? what was typed looks the same and is another name: {}"
    assert suggestion("\u043er\u0430cle", ["amd", "oracle"]) == told.format("oracle", "\\u043er\\u0430cle")
    assert suggestion("\u0410\u041c\u0414", ["AMD"]) == ""  # the last letter is drawn in a way of its own
    assert suggestion("\u0410\u0422\u041c", ["Oracle", "ATM"]) == told.format("ATM", "\\u0410\\u0422\\u041c")


def test_a_version_newer_than_this_software_is_refused_with_advice() -> None:
    for name, raw in SAMPLES.items():
        with pytest.raises(BadValueError, match=f"{name}: stored in schema version 99") as caught:
            decode(raw, 99)
        assert caught.value.advice == "update the deals package and try again"
    assert set(SAMPLES) == set(TYPES)
