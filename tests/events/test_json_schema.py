"""JSON Schema: what the models take, editors take, and what one field alone shows to be wrong, editors flag."""

from __future__ import annotations

from functools import cache
from typing import Any

import orjson
import pytest
from hypothesis import given
from jsonschema import Draft202012Validator, FormatChecker  # type: ignore[import-untyped]  # it ships no types
from pydantic import ValidationError

from events.base import Event
from events.codec import as_raw, parse
from events.json_schema import any_event_schema, event_schema
from events.registry import TYPES, validate_raw
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
    said = problems(sample(name, **changes), name)
    if got in BEYOND_A_PATTERN and not said:
        return
    top = field.split(".", maxsplit=1)[0]
    assert said, f"nothing said of {got}"
    assert all(f"$.{top}" in problem or "oneOf" in problem for problem in said)


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
