"""JSON Schema: what the models take, editors take, and what one field alone shows to be wrong, editors flag."""

from __future__ import annotations

from functools import cache
from typing import Any

import orjson
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker  # type: ignore[import-untyped]  # it ships no types
from pydantic import ValidationError

from events.base import Event
from events.codec import as_raw, parse
from events.json_schema import TYPED, any_event_schema, event_schema
from events.registry import TYPES, validate_raw
from events.scalars import INTEGER_MAX
from events.stored_form import stored_form
from tests.events.catalogue_form import read_catalogue
from tests.events.samples import SAMPLES, SECOND_SAMPLES, sample
from tests.events.strategies import any_event, any_raw
from tests.events.test_refusals import ONE_FIELD

Raw = dict[str, Any]


@cache
def validator(name: str | None = None) -> Draft202012Validator:
    """Return the validator of one type, or of all together."""
    schema = event_schema(name) if name else any_event_schema()
    return Draft202012Validator(schema, format_checker=FormatChecker())


def problems(raw: Raw, name: str | None = None) -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in validator(name).iter_errors(raw)]


def test_the_schemas_are_valid_schemas_and_hold_together() -> None:
    Draft202012Validator.check_schema(any_event_schema())
    for schema in [any_event_schema(), *(event_schema(name) for name in TYPES)]:
        assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
        text = orjson.dumps(schema).decode()
        for name in schema.get("$defs", {}):
            assert f'"#/$defs/{name}"' in text, f"{name} is defined and not used"


@given(any_raw())
def test_whatever_an_author_may_write_satisfies_its_schema(raw: Raw) -> None:
    assert problems(raw, raw["type"]) == []


@given(any_event())
def test_what_is_stored_satisfies_the_schema_of_all_events(event: Event) -> None:
    assert problems(as_raw(event)) == []


def test_the_catalogue_satisfies_the_schemas() -> None:
    for path, number, line in read_catalogue():
        raw = orjson.loads(line)
        assert problems(raw, raw["type"]) == [], f"{path.name}:{number}"


def test_what_may_be_left_out_may_be_left_out() -> None:
    raw = sample("warrant_granted", key=..., effective_on=...)
    assert problems(raw, "warrant_granted") == []
    assert parse(raw)


# What no pattern can say: digits that must agree, bounds by currency, hours of the day, a currency among the units;
# and to JSON Schema a whole number with a point is a whole number.
BEYOND_A_PATTERN = {
    '"549300S4KLFTLO7GSQ81"',
    '{"value":"10000000000000.01","currency":"USD"}',
    '{"value":"10000000000000001","currency":"JPY"}',
    '{"from":"2026-01-01","to":"2026-01-01","share":"1"}',
    '"2149-06-06"',
    '"2025-10-06T25:00:00Z"',
    '"XBT"',
    "160000000.0",
}


@pytest.mark.parametrize(
    ("name", "changes", "field", "got"),
    [(row[0], row[1], row[2], row[4]) for row in ONE_FIELD],
    ids=[f"{row[0]}-{row[2]}-{row[4][:20]}" for row in ONE_FIELD],
)
def test_what_the_models_refuse_in_one_field_the_schema_flags_there(
    name: str, changes: Raw, field: str, got: str
) -> None:
    raw = sample(name, **changes)
    said = problems(raw, name)
    if got in BEYOND_A_PATTERN and not said:
        return
    if not said:  # not the stored form, and typed so that it is read
        read, wrong = stored_form(raw)
        assert not wrong
        assert parse(read)
        return
    top = field.split(".", maxsplit=1)[0]
    assert said, f"nothing said of {got}"
    assert all(f"$.{top}" in problem or "oneOf" in problem for problem in said)


@pytest.mark.parametrize("kind", TYPED)
@given(data=st.data())
def test_what_may_be_typed_is_read_to_what_the_models_take(kind: str, data: st.DataObject) -> None:
    text = data.draw(st.from_regex(TYPED[kind], fullmatch=True))
    places: dict[str, tuple[str, str, Raw]] = {
        "money": ("purchase_committed", "amount", {}),
        "count": ("warrant_granted", "shares_max", {"tranches": []}),
        "capacity": ("purchase_committed", "capacity_gw", {"firm_gw": ...}),
        "share": ("investment_committed", "stake", {}),
        "metric": ("metric_reported", "value", {"low": ..., "high": ..., "metric": "net_income"}),
    }
    name, field, rest = places[kind]
    raw = sample(name, **{field: text, **rest})
    assert problems(raw, name) == []
    read, wrong = stored_form(raw)
    assume(kind != "count" or read.get(field, 0) <= INTEGER_MAX)  # a bound is beyond a pattern
    assert not wrong
    assert problems(read, name) == []


def test_an_event_may_be_written_as_people_type_it() -> None:
    raw = sample(
        "loan_arranged", type="loan", amount="1.5B USD", tranches=[{"tranche": "a", "amount": "about 500M USD"}]
    )
    raw |= {"lenders": [], "conversion_price": "25.5 USD", "conversion_shares": "58M"}
    assert problems(raw | {"instrument": "convertible"}, "loan_arranged") == []
    for amount in ("1,5B", "1.250 USD", "$5B", "many"):
        assert problems(raw | {"instrument": "convertible", "amount": amount}, "loan_arranged"), amount


def test_unknown_fields_and_missing_fields_are_flagged() -> None:
    assert problems(sample("warrant_granted", share_max=5), "warrant_granted") == [
        "$: Additional properties are not allowed ('share_max' was unexpected)"
    ]
    assert problems(sample("warrant_granted", issuer=...), "warrant_granted") == ["$: 'issuer' is a required property"]


def test_a_replacement_is_held_to_the_schema_of_its_own_type() -> None:
    bad = sample("event_corrected", replacement=sample("loan_arranged", borrower=...))
    assert problems(bad, "event_corrected")
    keyless = sample("event_corrected", replacement=sample("loan_arranged", key=...))
    assert problems(keyless, "event_corrected")
    with pytest.raises(ValidationError):
        validate_raw(keyless)
    nested = sample("event_corrected", replacement=SAMPLES["event_retracted"])
    assert problems(nested, "event_corrected")


@pytest.mark.parametrize("raw", [*SAMPLES.values(), *SECOND_SAMPLES], ids=lambda raw: str(raw["type"]))
def test_every_field_of_a_schema_is_described(raw: Raw) -> None:
    schema = event_schema(raw["type"])
    assert schema["description"]
    for part in [schema, *schema.get("$defs", {}).values()]:
        for name, field in part.get("properties", {}).items():
            assert field.get("description"), name
    assert schema["x-schema-version"] == TYPES[raw["type"]].SCHEMA_VERSION
    assert problems(raw, raw["type"]) == []
    assert problems(raw) == []
