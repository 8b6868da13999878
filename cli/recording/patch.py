"""Changing single fields of an event: `amount='about 300B USD'`, `tranches.0.shares=160M`, `capacity_gw=`."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable
from typing import Any

from cli.errors import UsageMistakeError
from cli.recording.compact import plain_money, plain_number
from events.errors import BadValueError

__all__ = ["patched"]

_PLACE = re.compile(r"[0-9]{1,6}\Z")


def patched(raw: dict[str, Any], changes: Iterable[str]) -> dict[str, Any]:
    """Give an event's plain values with `FIELD=VALUE` changes made; an empty value takes the field out.

    Raises UsageMistakeError for a change that cannot be read or a place that is not there.
    """
    changed = copy.deepcopy(raw)
    for change in changes:
        path, equals, text = change.partition("=")
        if not equals or not path.strip():
            raise UsageMistakeError(f"--set: cannot be read (got {change!r})", advice="write FIELD=VALUE")
        way = path.strip().split(".")
        far = next((part for part in way if part.isdecimal() and not _PLACE.match(part)), None)
        if far is not None:
            raise UsageMistakeError(f"--set: there is no item {far[:20]}", advice="items are numbered from 0")
        _set(changed, way, _value(str(raw["type"]), path.strip(), text.strip()))
    return changed


def _value(type_name: str, path: str, text: str) -> Any:  # noqa: ANN401 - any plain value
    """Read a text by the type of its field; None where it is empty or undisclosed."""
    from ledger.intake.texts import texts_to_raw

    if not text:
        return None
    for written in dict.fromkeys((text, plain_money(text), plain_number(text))):
        try:
            value: Any = texts_to_raw(type_name, {path: written})
        except BadValueError as error:
            refused = error
            continue
        for part in path.split("."):
            value = value[0] if isinstance(value, list) else value.get(part)
        return value
    raise UsageMistakeError(f"--set {path}: {refused.message}", advice=refused.advice)


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
        raise UsageMistakeError(f"--set {'.'.join(path)}: {part} has no parts", advice="set it as a whole")
    return inner


def _index(raw: list[Any], part: str, path: list[str]) -> int:
    if not _PLACE.match(part) or int(part) > len(raw):
        raise UsageMistakeError(
            f"--set {'.'.join(path)}: there is no item {part!r}", advice=f"items are numbered 0 to {len(raw) - 1}"
        )
    return int(part)
