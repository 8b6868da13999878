"""How events are named: a readable key made of what an event is about, the same wherever it is made.

A key left out is derived; `auto#2`, written as the key, asks for the second event that would get the same one.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from typing import Any

from events.observations import METRICS, NAMED_LATER, USUAL_UNITS

__all__ = ["KEY_MAX", "NAMESPACE", "NTH_PATTERN", "RENAMED", "derived_key", "event_id", "former_key", "nth_of"]

Raw = dict[str, Any]

# The product's own namespace for UUIDv5; an event's id is derived from its key in it.
NAMESPACE = uuid.UUID("6f0a1d0e-8a55-5f0a-9c5e-1d3f6b7a2c41")
KEY_MAX = 240
"""The most characters of a key."""

_KEY_PART = re.compile(r"[A-Za-z0-9._:+-]{1,80}\Z")
_NTH = re.compile(r"auto(?:#([1-9][0-9]{0,3}))?\Z")
NTH_PATTERN = "|^auto#[1-9][0-9]{0,3}$"
"""What may stand in the place of a key, behind the pattern of one."""


def event_id(key: str) -> uuid.UUID:
    """Derive an event's id from its key, so that recording twice is recognised anywhere."""
    return uuid.uuid5(NAMESPACE, key)


def nth_of(key: object) -> int:
    """Tell which of the events of one derived key is meant: 1 where no key is given, 2 for `auto#2`, 0 for a key as it is.

    `auto` is what leaving the key out means.
    """
    if key is None:
        return 1
    found = _NTH.match(key) if isinstance(key, str) else None
    return int(found[1] or 1) if found else 0


def derived_key(raw: Raw, nth: int = 1) -> str:
    """Name an event after what it is about and the day it was announced, the same way every time.

    `nth` counts events that this rule cannot tell apart: the second gets the key of the first and `/2`. A company
    written by a name that no key can hold is replaced by a digest; the ledger derives the key anew once it knows the
    slug.
    """
    key = _key(raw, told=_TOLD.get(str(raw.get("type")), _nothing)(raw))
    return _fitting(key if nth == 1 else f"{key}/{nth}")


def former_key(raw: Raw) -> str | None:
    """Return the key that earlier releases derived for an event, where it is another than today's.

    They told neither units nor tranches apart; what they recorded keeps its key and must be found by it.
    """
    if str(raw.get("type")) not in RENAMED:
        return None
    today, former = derived_key(raw), _key(raw, told="")
    return former if former != today and len(former) <= KEY_MAX else None


def _fitting(key: str) -> str:
    """Return a key as it is, or one that is too long with a digest in the place of its end."""
    return key if len(key) <= KEY_MAX else f"{key[: KEY_MAX - 13]}/{event_id(key).hex[:12]}"


def _key(raw: Raw, *, told: str) -> str:
    """Make the key; `told` tells apart what is not told apart by company, leg and day."""
    name, day = str(raw.get("type", "event")), _part(raw.get("announced_on", "undated"))
    if name == "metric_reported":
        return _metric_key(raw, day, unit=told)
    if name in _KEY_MAKERS:
        return _KEY_MAKERS[name](raw, day)
    about = f"{_part(raw.get('deal'))}/{_part(raw.get('leg') or 'all-legs')}"
    terms = name.endswith(("_committed", "_granted", "_arranged", "_given", "_agreed"))
    # Several kinds of event can fall on one leg and day; only the terms keep the plain name.
    parts = [about, *([] if terms else [name.replace("_", "-")]), *([told] if told else []), day]
    return "/".join(parts)


def _part(value: object) -> str:
    text = str(value)
    return text if _KEY_PART.match(text) else uuid.uuid5(NAMESPACE, text).hex[:12]


def _metric_key(raw: Raw, day: str, *, unit: str) -> str:
    period = _part(raw.get("on") or f"{raw.get('period_from')}--{raw.get('period_to')}")
    metric = raw.get("metric_name") or raw.get("metric")
    subject = "/".join(
        _part(part)
        for part in (
            raw.get("company") or raw.get("market"),
            f"{metric}{unit}" if metric else None,
            raw.get("counterparty"),
            raw.get("basis"),
        )
        if part
    )
    return f"metric/{subject}/{period}/{day}"


def _milestone_key(raw: Raw, day: str) -> str:
    about = "/".join(_part(raw[name]) for name in ("deal", "company") if raw.get(name))
    return f"milestone/{about}/{_part(raw.get('kind'))}/{day}"


def _split_key(raw: Raw, day: str) -> str:
    shares = ":".join(_part(raw[name]) for name in ("company", "share_class") if raw.get(name))
    return f"split/{shares}/{_part(raw.get('effective_on') or day)}"


def _price_key(raw: Raw, _day: str) -> str:
    return "/".join(["price", *(_part(raw.get(name)) for name in ("company", "session", "basis"))])


# The types that are not about a leg of a deal.
_KEY_MAKERS: dict[str, Callable[[Raw, str], str]] = {
    "company_registered": lambda raw, _day: f"company/{_part(raw.get('company'))}",
    "party_identified": lambda raw, day: f"party/{_part(raw.get('placeholder'))}/{day}",
    "price_moved": _price_key,
    "share_split": _split_key,
    "milestone_reached": _milestone_key,
    "event_corrected": lambda raw, day: f"{raw.get('corrects')}/corrected-{day}",
    "event_retracted": lambda raw, day: f"{raw.get('corrects')}/retracted-{day}",
    "document_attached": lambda raw, _day: f"{raw.get('about')}/document-{_part(str(raw.get('sha256'))[:12])}",
}


def _nothing(_raw: Raw) -> str:
    return ""


def _unit(raw: Raw) -> str:
    """Tell a metric in another unit than its usual one: `:EUR`; a name of its own that a standard metric has, too.

    A metric that became a standard one leaves the plain key to those who had named it themselves. What is an average, or of
    one class of shares, is told as well.
    """
    metric, unit = raw.get("metric"), str(raw.get("unit"))
    usual = unit == USUAL_UNITS.get(str(metric))
    mark = ""
    if metric == "other" and raw.get("metric_name") in METRICS and raw.get("metric_name") not in NAMED_LATER:
        mark = ":other"
    elif metric in NAMED_LATER and not usual:
        mark = ":standard"
    mark += "" if usual else f":{unit.replace('/', ':').replace('%', 'percent')}"
    mark += ":average" if raw.get("average") in (True, "true") else ""
    return mark + (f":{_part(raw['share_class'])}" if raw.get("share_class") else "")


def _tranche(raw: Raw) -> str:
    return _part(raw["tranche"]) if raw.get("tranche") else ""


_TOLD: dict[str, Callable[[Raw], str]] = {
    "metric_reported": _unit,
    "tranche_funded": _tranche,
    "tranche_vested": _tranche,
    "tranche_lapsed": _tranche,
}
RENAMED = frozenset({"metric_reported", "tranche_funded", "tranche_vested"})
"""The types whose derived keys tell more than those of earlier releases did."""
