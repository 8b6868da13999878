"""Writes `flags.json`, what the options of `deals append` are, from the JSON Schemas of the event types.

Help and completion read that file, because importing the models would take half a second. Run
`python -m cli.recording.flags_from_schema` after changing a model; a test fails until then.
"""

from __future__ import annotations

import re
from typing import Any

from events.json_schema import TYPED_PREFIX, event_schema

__all__ = ["flags", "flags_json"]

Schema = dict[str, Any]

# Groups of fields that have options of their own, one for each field.
_SPREAD = {"Source": "source", "Rate": "rate"}
_BY_MODEL = {
    "Money": "money",
    "Price": "money",
    "DatePrecision": "precision",
    "Contested": "contested",
    "MoneyTranche": "money-tranche",
    "ShareTranche": "share-tranche",
    "LoanTranche": "loan-tranche",
    "Condition": "conditions",
    "CapStep": "step",
    "Lender": "lender",
    "ScheduleItem": "schedule",
}
_BY_FORMAT = {"date": "date", "date-time": "instant", "term-day": "term-day"}
_BY_TYPE = {"boolean": "switch", "integer": "count"}
_LEG = re.compile(r"\^\[a-z0-9\].*/\[a-z0-9\]")
_KEY = re.compile(r"\^\[A-Za-z0-9\]\[A-Za-z0-9\._:")


def flags() -> dict[str, list[dict[str, Any]]]:
    """Return, for each type that is recorded by hand, its fields in the vocabulary's order."""
    from events.base import company_fields
    from events.performance import PerformanceEvent
    from events.registry import event_class
    from events.type_names import EVENT_TYPES

    every = {}
    for kind in EVENT_TYPES.values():
        schema, cls = event_schema(kind.type), event_class(kind.type)
        companies = set(company_fields(cls))
        every[kind.type] = [
            flag
            for field, description in schema["properties"].items()
            if field != "type"
            for flag in _flags(schema, field, description, companies=companies, required=schema["required"])
        ]
        if issubclass(cls, PerformanceEvent):
            leg = next(flag for flag in every[kind.type] if flag["field"] == "leg")
            leg["on"] = cls.ON
    return every


def flags_json() -> bytes:
    """Return the bytes of `flags.json`."""
    import orjson

    every = [
        b'"%s": [\n%s\n]' % (name.encode(), b",\n".join(orjson.dumps(flag) for flag in of_type))
        for name, of_type in flags().items()
    ]
    return b"{\n%s\n}\n" % b",\n".join(every)


def _flags(
    schema: Schema, field: str, described: Schema, *, companies: set[str], required: list[str]
) -> list[dict[str, Any]]:
    kind, inner = _kind(described)
    if kind in _SPREAD.values():
        parts = schema["$defs"][inner]["properties"]
        return [_flag(f"{field}.{name}", part, _kind(part)[0], required=False) for name, part in parts.items()]
    return [_flag(field, described, "company" if field in companies else kind, required=field in required)]


def _flag(field: str, described: Schema, kind: str, *, required: bool) -> dict[str, Any]:
    flag: dict[str, Any] = {"field": field, "kind": kind, "help": described.get("description", "")}
    choices = _bare(described).get("enum")
    if choices:
        flag["choices"] = choices
    if required:
        flag["required"] = True
    return flag


def _bare(described: Schema) -> Schema:
    """Return what a value is, in its stored form, where it is not left out."""
    stored = [option for option in described.get("anyOf", ()) if not option.get("$ref", "").startswith(TYPED_PREFIX)]
    options = [option for option in stored if option.get("type") != "null"]
    models = [option for option in options if "$ref" in option]
    return (models or options)[0] if options else described


def _kind(described: Schema) -> tuple[str, str]:
    """Return the kind of a field and, where it is a group of fields, the group's name."""
    bare = _bare(described)
    if bare.get("type") == "array":
        item = bare["items"]
        if "$ref" in item:
            return _kind(item)
        return ("legs" if _LEG.match(item.get("pattern", "")) else "texts"), ""
    if "$ref" in bare:
        name = bare["$ref"].rpartition("/")[2]
        return _SPREAD.get(name) or _BY_MODEL[name], name
    if "enum" in bare:
        return "choice", ""
    return _BY_FORMAT.get(bare.get("format", "")) or _BY_TYPE.get(bare["type"]) or _by_pattern(bare), ""


def _by_pattern(bare: Schema) -> str:
    pattern = bare.get("pattern", "")
    if _LEG.match(pattern):
        return "leg"
    if _KEY.match(pattern):
        return "key"
    # What takes a fraction and no letter is an exact number, whatever its bounds.
    return "decimal" if re.search(pattern, "0.5") and not any(re.search(pattern, a) for a in "aA") else "text"


if __name__ == "__main__":
    from pathlib import Path

    Path(__file__).with_name("flags.json").write_bytes(flags_json())
