"""JSON Schema of each event type, for editors that complete and for anyone who writes events by program.

Quantities and types may stand in their stored form or as people type them (`1.5B USD`, `loan`), in the plainest of the
spellings that are read. What one field alone can show is in the schema; what needs two fields (sums, periods, currencies that
differ) or the ledger (references, companies) is not, and is said on recording.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel

from events.currencies import CURRENCIES
from events.keys import NTH_PATTERN
from events.registry import TYPES, event_class
from events.stored_form import fields_read
from events.type_names import short_type

__all__ = ["TYPED", "TYPED_PREFIX", "any_event_schema", "event_schema"]

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_PREFIX = "#/$defs/"
TYPED_PREFIX = f"{_PREFIX}Typed"
"""How references begin to what may be typed in place of a stored form."""

# A lone group of three decimals may be thousands, and is read nowhere; the blank before a scale may be left out.
_DIGITS = r"[0-9]{1,12}(\.([0-9]{1,2}|[0-9]{4,6}))?"
_SCALE = " ?(K|M|B|T|thousand|million|billion|trillion)"
TYPED = {
    "money": rf"((exactly|about|up_to|at_least) )?{_DIGITS}({_SCALE})? ({'|'.join(sorted(CURRENCIES))})|undisclosed",
    "count": rf"[0-9]{{1,15}}|[0-9]{{1,9}}(\.[0-9]{{1,2}})?{_SCALE}|undisclosed",
    "capacity": r"[0-9]{1,2}(\.[0-9]{1,6})? ?GW|[0-9]{1,5}(\.[0-9]{1,2})? ?MW|undisclosed",
    "share": r"[0-9]{1,2}(\.[0-9]{1,4})? ?%|undisclosed",
    "metric": rf"-?{_DIGITS}{_SCALE}",
}
"""How a quantity of each kind may be typed, as regular expressions: the plainest of the spellings that are read."""


def event_schema(name: str) -> dict[str, Any]:
    """Return the JSON Schema of one type. Raises UnknownTypeError."""
    title = event_class(name).__name__
    definitions = _definitions()
    body = definitions.pop(title)
    used = {part: definitions[part] for part in sorted(_parts_of(body, definitions))}
    return {"$schema": _DIALECT, **body, **({"$defs": used} if used else {})}


def any_event_schema() -> dict[str, Any]:
    """Return one JSON Schema that every event of the vocabulary satisfies."""
    refs = [{"$ref": _PREFIX + cls.__name__} for cls in TYPES.values()]
    return {"$schema": _DIALECT, "oneOf": refs, "$defs": _definitions()}


def _definitions() -> dict[str, Any]:
    """Return the schema of each type and of each group of fields, by the name of its class."""
    from pydantic.json_schema import models_json_schema

    _, root = models_json_schema([(cls, "validation") for cls in TYPES.values()], by_alias=True)
    definitions: dict[str, Any] = root["$defs"]
    for full, cls in TYPES.items():
        body = definitions[cls.__name__]
        # What an author may leave out: the day it holds from follows the announcement, the key follows both.
        body["required"] = [field for field in body["required"] if field != "key"]
        body["properties"]["key"]["pattern"] += NTH_PATTERN
        body["x-schema-version"] = cls.SCHEMA_VERSION
        kind = body["properties"]["type"]
        body["properties"]["type"] = {"enum": [full, short_type(full)], "description": kind["description"]}
    for model in _models(TYPES.values()):
        _let_be_typed(model, definitions[model.__name__]["properties"])
    for kind, pattern in TYPED.items():
        definitions[f"Typed{kind.title()}"] = {"type": "string", "pattern": f"^({pattern})$"}
    replacements = [{"$ref": _PREFIX + cls.__name__} for cls in TYPES.values() if cls.FAMILY != "correction"]
    replacement = definitions["EventCorrected"]["properties"]["replacement"]
    definitions["EventCorrected"]["properties"]["replacement"] = {
        "description": replacement["description"],
        "oneOf": replacements,
        "required": ["key"],
    }
    definitions.pop("Event", None)  # what the replacement's own annotation says, which knows no type's fields
    return definitions


def _models(roots: Iterable[type[BaseModel]]) -> set[type[BaseModel]]:
    """Return the models of types and of all groups of fields in them."""
    found: set[type[BaseModel]] = set()
    waiting = list(roots)
    while waiting:
        model = waiting.pop()
        if model not in found:
            found.add(model)
            waiting += [field.group for field in fields_read(model).values() if field.group]
    return found


def _let_be_typed(model: type[BaseModel], properties: dict[str, Any]) -> None:
    """Let the quantities of a group of fields be typed beside their stored form."""
    for name, field in fields_read(model).items():
        kind = "metric" if field.kind == "number" and "metric" in model.model_fields else field.kind
        if kind not in TYPED:
            continue
        body = properties[name]
        typed = {"$ref": TYPED_PREFIX + kind.title()}
        if "anyOf" in body:
            body["anyOf"].insert(1, typed)
        else:
            said = {part: body.pop(part) for part in ("description", "default", "title") if part in body}
            properties[name] = {"anyOf": [body, typed], **said}


def _parts_of(schema: Any, definitions: dict[str, Any]) -> set[str]:  # noqa: ANN401 - any part of a schema
    """Find the definitions that a schema refers to, and those that they refer to."""
    found: set[str] = set()
    waiting = [schema]
    while waiting:
        part = waiting.pop()
        if isinstance(part, list):
            waiting.extend(part)
        elif isinstance(part, dict):
            waiting.extend(part.values())
            name = str(part.get("$ref", "")).removeprefix(_PREFIX)
            if name in definitions and name not in found:
                found.add(name)
                waiting.append(definitions[name])
    return found
