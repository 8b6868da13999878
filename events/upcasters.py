"""Bring stored events of an older schema version up to date on reading; what is stored is never rewritten.

To change a type: raise its SCHEMA_VERSION, add the step from the version before to UPCASTERS, and keep the old
golden file under `tests/golden/` for ever.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from events.errors import BadValueError

__all__ = ["UPCASTERS", "current_version", "rewritten", "upcast"]

Payload = dict[str, Any]


def _loan_arranged_1(payload: Payload) -> Payload:
    """Version 1 kept the rate as the source's words alone."""
    rate = payload.get("rate")
    return {**payload, "rate": {"text": rate}} if isinstance(rate, str) else payload


def _unchanged(payload: Payload) -> Payload:
    """Return a payload as it is: the version before knew less, and what it said reads as it did."""
    return payload


# (type, version) -> the step to the next version.
UPCASTERS: dict[tuple[str, int], Callable[[Payload], Payload]] = {
    ("company_registered", 1): _unchanged,
    ("purchase_committed", 1): _unchanged,
    ("investment_committed", 1): _unchanged,
    ("warrant_granted", 1): _unchanged,
    ("loan_arranged", 1): _loan_arranged_1,
    ("loan_arranged", 2): _unchanged,
    ("guarantee_given", 1): _unchanged,
    ("capacity_delivered", 1): _unchanged,
    ("warrant_exercised", 1): _unchanged,
    ("metric_reported", 1): _unchanged,
}


def current_version(name: str) -> int:
    """Return the schema version that events of a type are stored in today."""
    return 1 + max((version for kind, version in UPCASTERS if kind == name), default=0)


def rewritten() -> list[str]:
    """Return the stored forms that read otherwise today, as `type:version`; all others read as they were written."""
    found = {
        f"{kind}:{version}"
        for kind, first in UPCASTERS
        for version in range(1, first + 1)
        if any(UPCASTERS[kind, step] is not _unchanged for step in range(version, current_version(kind)))
    }
    return sorted(found)


def upcast(name: str, version: int, payload: Payload) -> Payload:
    """Bring a payload of a type from `version` to the current one, one step at a time.

    Raises BadValueError for a version newer than this software knows, or that was never one.
    """
    latest = current_version(name)
    if version < 1:
        raise BadValueError(f"{name}: no schema version {version}; they count from 1")
    if version > latest:
        raise BadValueError(
            f"{name}: stored in schema version {version}, but this software knows only up to {latest}",
            advice="update the deals package and try again",
        )
    for step in range(version, latest):
        payload = UPCASTERS[name, step](payload)
    return _upcast_replacement(payload) if name == "event_corrected" else payload


def _upcast_replacement(payload: Payload) -> Payload:
    """Bring the event inside a correction up to date by its own version; what is no event is left to validation."""
    inner, version = payload.get("replacement"), payload.get("replacement_schema_version", 1)
    if not isinstance(inner, dict) or not isinstance(version, int):
        return payload
    name = str(inner.get("type"))
    return {
        **payload,
        "replacement": upcast(name, version, inner),
        "replacement_schema_version": current_version(name),
    }
