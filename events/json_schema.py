"""JSON Schema of each event type, for editors that complete and for anyone who writes events by program.

What one field alone can show is in the schema; what needs two fields (sums, periods, currencies that differ) or the
ledger (references, companies) is not, and is said on recording.
"""

from __future__ import annotations

from typing import Any

from events.keys import NTH_PATTERN
from events.registry import TYPES, event_class

__all__ = ["any_event_schema", "event_schema"]

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_PREFIX = "#/$defs/"


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
    for cls in TYPES.values():
        body = definitions[cls.__name__]
        # What an author may leave out: the day it holds from follows the announcement, the key follows both.
        body["required"] = [field for field in body["required"] if field != "key"]
        body["properties"]["key"]["pattern"] += NTH_PATTERN
        body["x-schema-version"] = cls.SCHEMA_VERSION
    replacements = [{"$ref": _PREFIX + cls.__name__} for cls in TYPES.values() if cls.FAMILY != "correction"]
    replacement = definitions["EventCorrected"]["properties"]["replacement"]
    definitions["EventCorrected"]["properties"]["replacement"] = {
        "description": replacement["description"],
        "oneOf": replacements,
        "required": ["key"],
    }
    definitions.pop("Event", None)  # what the replacement's own annotation says, which knows no type's fields
    return definitions


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
