"""What is wrong with an event that was refused: one finding for each bad field, in the words of this product."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ValidationError

from events.base import Event
from events.errors import BadValueError, Finding, suggestion
from events.reading import TYPES

__all__ = ["explain_invalid", "first_invalid", "model_in"]

# What pydantic says of a value, in the words of this product; anything else keeps pydantic's own.
_WORDS = {
    "missing": "is required",
    "extra_forbidden": "unknown field",
    "date_type": "not a date; write YYYY-MM-DD",
    "date_from_datetime_parsing": "not a date; write YYYY-MM-DD",
    "datetime_type": "not an instant; write it like 2025-10-06T20:05:00Z",
    "string_type": "must be text",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_parsing_size": "more than 9007199254740991, the greatest number that every reader holds exactly",
    "int_from_float": "a number given as a float; write a whole number without a point",
    "less_than_equal": "more than {le}, the greatest number that is allowed here",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "tuple_type": "must be a list",
    "model_type": 'must be a group of fields, such as {{value: "100", currency: USD}}',
    "model_attributes_type": 'must be a group of fields, such as {{value: "100", currency: USD}}',
    "greater_than_equal": "below zero",
    "json_invalid": "is not JSON, or holds half a character ({error})",
    "string_too_long": "longer than {max_length} characters",
    "timezone_aware": "needs a time zone, such as 2025-10-06T20:05:00Z",
}
_SHOWN_MAX = 80
# Far more than an honest row has; each takes a line to say.
_FINDINGS_MAX = 100


def explain_invalid(
    raw: dict[str, Any], error: ValidationError, *, file: str = "input", line: int = 1
) -> list[Finding]:
    """Turn a validation error into findings, one for each bad field, in the product's words."""
    cls = TYPES.get(str(raw.get("type")))
    findings: list[Finding] = []
    for item in error.errors(include_url=False):
        kind, path = item["type"], item["loc"]
        if kind == "default_factory_not_called":  # a follow-up of another finding, not one of its own
            continue
        name = "UnknownFieldError" if kind == "extra_forbidden" else "BadValueError"
        got = "" if kind == "missing" else _shown(raw, path)
        field = ".".join(str(part) for part in path) or str(raw.get("type"))
        if len(findings) == _FINDINGS_MAX:
            what = f"has {error.error_count() - _FINDINGS_MAX} more mistakes"
            return [*findings, Finding(file, line, "row", what, "", "BadValueError", "")]
        findings.append(Finding(file, line, field, _words(item), got, name, _advice(cls, item)))
    return findings


def first_invalid(raw: dict[str, Any], error: ValidationError) -> BadValueError:
    """Turn a validation error into one exception, for callers that hold a single event."""
    findings = explain_invalid(raw, error)
    advice = next((finding.advice for finding in findings if finding.advice), "")
    said = (f"{f.field}: {f.what}" + (f" (got {f.got})" if f.got else "") for f in findings)
    return BadValueError("; ".join(said), advice=advice)


def _words(item: Any) -> str:  # noqa: ANN401 - pydantic's own record of one error
    """Say what is wrong, without a capital: the words follow the field's name."""
    if item["type"] in _WORDS:
        return _WORDS[item["type"]].format_map(item.get("ctx", {}))
    said: str = item["msg"].removeprefix("Value error, ")
    return said[0].lower() + said[1:] if said[:1].isupper() and not said[:2].isupper() else said


def _advice(cls: type[BaseModel] | None, item: Any) -> str:  # noqa: ANN401 - pydantic's own record of one error
    """Say what was probably meant: the nearest field, or the nearest of the words that are allowed."""
    if item["type"] == "literal_error":
        return suggestion(
            str(item["input"]), item["ctx"]["expected"].replace(" or ", ", ").replace("'", "").split(", ")
        )
    if item["type"] != "extra_forbidden" or cls is None:
        return ""
    owner = _model_at(cls, item["loc"][:-1])
    known = sorted({field.alias or name for name, field in owner.model_fields.items()})
    of = owner.topic().removeprefix("deals.") if issubclass(owner, Event) else item["loc"][-2]
    return suggestion(str(item["loc"][-1]), known) or f"fields of {of}: {', '.join(known)}"


def _model_at(cls: type[BaseModel], path: tuple[int | str, ...]) -> type[BaseModel]:
    """Find the model of a nested group of fields by the path of an error in it."""
    for part in path:
        field = next((f for name, f in cls.model_fields.items() if part in {name, f.alias}), None)
        cls = (model_in(field.annotation) if field else None) or cls
    return cls


def model_in(annotation: object) -> type[BaseModel] | None:
    """Find the model in an annotation such as `tuple[Model, ...]` or `Model | None`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    found = (model_in(member) for member in getattr(annotation, "__args__", ()))
    return next((model for model in found if model), None)


def _shown(raw: Any, path: tuple[int | str, ...]) -> str:  # noqa: ANN401 - any JSON value
    """Show the offending value itself, found by its path, never cut in the middle of a short one."""
    import orjson

    value = raw
    for part in path:
        try:
            value = value[part]
        except (KeyError, IndexError, TypeError):
            break
    if value is raw:
        return ""
    try:
        text = orjson.dumps(value).decode() if not isinstance(value, float) else repr(value)
    except TypeError:
        text = ascii(value)
    return text if len(text) <= _SHOWN_MAX else text[:_SHOWN_MAX] + " …"
