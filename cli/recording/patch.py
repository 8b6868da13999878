"""Changing single fields of an event: `amount='about 300B USD'`, `tranches.0.shares=160M`, `capacity_gw=`."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable
from typing import Any

from cli.errors import UsageMistakeError
from events.errors import BadValueError

__all__ = ["patched"]

_PLACE = re.compile(r"[0-9]{1,6}\Z")


def patched(raw: dict[str, Any], changes: Iterable[str]) -> dict[str, Any]:
    """Return an event's plain values with `FIELD=VALUE` changes made; an empty value takes the field out.

    Raises UsageMistakeError for what is no change, and BadValueError for a value that cannot be read or a place that is
    not there.
    """
    changed = copy.deepcopy(raw)
    for change in changes:
        path, equals, text = change.partition("=")
        if not equals or not path.strip():
            raise UsageMistakeError(f"--set: cannot be read (got {change!r})", advice="write FIELD=VALUE")
        if path.strip() == "type":
            advice = "retract it, and append one of the other type"
            raise BadValueError(f"--set type: an event keeps its type (got {text!r})", advice=advice)
        way = path.strip().split(".")
        far = next((part for part in way if part.isdecimal() and not _PLACE.match(part)), None)
        if far is not None:
            raise BadValueError(f"--set: there is no item {far[:20]}", advice="items are numbered from 0")
        _set(changed, way, _value(changed, path.strip(), text.strip()))
    return changed


# What stands beside a text and decides how it is read: an amount's currency, a metric's kind, a condition's kind.
_BESIDE = ("currency", "metric", "kind", "unit")


def _value(raw: dict[str, Any], path: str, text: str) -> Any:  # noqa: ANN401 - any plain value
    """Read a text by the type of its field; None where it is empty or undisclosed."""
    from ledger.intake.texts import texts_to_raw

    if not text:
        return None
    group, _, last = path.rpartition(".")
    beside = _at(raw, group.split(".")) if group else raw
    given = {
        f"{group}.{name}".lstrip("."): beside[name]
        for name in _BESIDE
        if isinstance(beside, dict) and name != last and isinstance(beside.get(name), str)
    }
    try:
        value: Any = texts_to_raw(str(raw["type"]), {**given, path: text})
    except BadValueError as error:
        raise BadValueError(f"--set {error.message}", advice=error.advice) from None
    return _at(value, [part if not part.isdigit() else "0" for part in path.split(".")])


def _at(value: Any, path: list[str]) -> Any:  # noqa: ANN401 - any plain value
    """Return what stands at a dotted path, None where there is nothing."""
    for part in path:
        if isinstance(value, list):
            value = value[int(part)] if part.isascii() and part.isdigit() and int(part) < len(value) else None
        else:
            value = value.get(part) if isinstance(value, dict) else None
    return value


def _set(raw: Any, path: list[str], value: Any) -> None:  # noqa: ANN401 - any plain values
    """Put a value at a dotted path, or take out what is there."""
    *way, last = path
    for part in way:
        raw = _step(raw, part, path)
    if isinstance(raw, list):
        place = _index(raw, last, path)
        raw[place : place + 1] = [] if value is None else [value]
    elif value is None:
        raw.pop(last, None)
    else:
        raw[last] = value


def _step(raw: Any, part: str, path: list[str]) -> Any:  # noqa: ANN401 - any plain values
    if isinstance(raw, list):
        place = _index(raw, part, path)
        if place == len(raw):
            raw.append({})
        return raw[place]
    inner = raw.setdefault(part, {})
    if not isinstance(inner, dict | list):
        raise BadValueError(f"--set {'.'.join(path)}: {part} has no parts", advice="set it as a whole")
    return inner


def _index(raw: list[Any], part: str, path: list[str]) -> int:
    if not _PLACE.match(part) or int(part) > len(raw):
        raise BadValueError(
            f"--set {'.'.join(path)}: there is no item {part!r}", advice=f"items are numbered 0 to {len(raw) - 1}"
        )
    return int(part)
