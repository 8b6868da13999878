"""What changed between two points on any clock, and which events changed it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from projections.clocks import Clocks
from projections.kinds import Form, InOrder, Keyed, Kind, Listed, Shape, inner
from projections.queries.asked import Rows, points
from projections.queries.registry import Measure
from projections.result import Column, Result, Row, plain
from projections.warehouse import Warehouse

__all__ = ["SUMMARY", "apply_diff", "diff"]

RowKey = tuple[Any, ...]
RowsByKey = dict[RowKey, Row]

_BILLION = 10**9
_CLOCKS: Form = {"as_of": "date", "known_by": "date", "recorded_by": "count"}
SUMMARY: Form = {
    "measure": "text",
    "before": _CLOCKS,
    "after": _CLOCKS,
    **dict.fromkeys(("added", "gone", "changed"), "count"),
    "totals": InOrder(()),
}
"""What the summary of every comparison has; the kinds of the figures in `totals` are those of the measure."""
# Parts of a summary that say how an answer was made rather than what it is.
_NOT_COMPARED = frozenset({"latest_announced_on", "events"})


def diff(
    warehouse: Warehouse,
    measure: Measure,
    before: Clocks,
    after: Clocks,
    *,
    without: Warehouse | None = None,
    **parameters: Any,  # noqa: ANN401 - the measure's own
) -> Result:
    """Compare one measure at two clock triples; `without` is where to look before, if another (no what-if events).

    Rows: `change` (added, gone, changed), the measure's keys, `before` and `after` (its values, None where the row is
    absent), and `events`: what came into view between the two and touches the row's legs, in the order of the log. A
    change that only the calendar made (an expiry) has no event. `summary` holds the same for the measure's summary.
    """
    if without is None:
        old, new = measure.over(warehouse, [before, after], **parameters)
    else:
        (old,), (new,) = measure.over(without, [before], **parameters), measure.over(warehouse, [after], **parameters)
    causes = _Causes(without or warehouse, before, warehouse, after)
    olds, news = _by_key(old.rows, measure), _by_key(new.rows, measure)
    kinds = new.kinds()
    pairs: list[tuple[Row | None, Row | None]] = [
        (olds.pop(was), news.pop(now)) for was, now in _newly_told(olds, news, measure)
    ]
    pairs += [(olds.get(key), news.get(key)) for key in olds.keys() | news.keys()]
    rows = [
        _change(measure, kinds, was, now, causes.between(was, now))
        for was, now in pairs
        if _values(was, measure) != _values(now, measure)
    ]
    rows.sort(key=lambda row: tuple(str(row[name]) for name in measure.keys))
    totals = _summary_changes(old.summary, new.summary, new.form)
    summary = {
        "measure": measure.name,
        "before": _clock_summary(before),
        "after": _clock_summary(after),
        "added": sum(row["change"] == "added" for row in rows),
        "gone": sum(row["change"] == "gone" for row in rows),
        "changed": sum(row["change"] == "changed" for row in rows),
        "totals": [change for change, _ in totals],
    }
    form = {**SUMMARY, "totals": InOrder(tuple(_total_form(shape) for _, shape in totals))}
    values = {name: kinds[name] for name in ("currency", *measure.values) if name in kinds}
    columns = (
        Column("change", "text"),
        *(Column(name, kinds[name]) for name in measure.keys),
        Column("difference", "list"),
        Column("changed", "list", optional=True),
        Column("before", "values", optional=True, form=values),
        Column("after", "values", optional=True, form=values),
        Column("events", "list"),
    )
    return Result("diff", after, columns, rows, summary, tuple(dict.fromkeys((*old.notes, *new.notes))), form)


def apply_diff(rows: Rows, changes: Rows, measure: Measure) -> list[dict[str, Any]]:
    """Apply the rows of a diff to the keys and values of the measure before; gives those after, ordered by key."""
    state = {key: _values(row, measure) for key, row in _by_key(rows, measure).items()}
    for change in changes:
        key = tuple(change[name] for name in measure.keys)
        # A row whose currency became known stood under no currency before.
        state.pop(tuple(change["before"].get(n, v) for n, v in zip(measure.keys, key, strict=True))
                  if change["before"] else key, None)  # fmt: skip
        if change["after"] is not None:
            after_key = tuple(change["after"].get(n, v) for n, v in zip(measure.keys, key, strict=True))
            state[after_key] = {name: change["after"][name] for name in measure.values}
    ordered = sorted(state.items(), key=lambda item: tuple(str(part) for part in item[0]))
    return [{**dict(zip(measure.keys, key, strict=True)), **(values or {})} for key, values in ordered]


def _newly_told(olds: RowsByKey, news: RowsByKey, measure: Measure) -> list[tuple[RowKey, RowKey]]:
    """Pair rows of which only the currency was unknown on one side: the same row, of which an amount was told."""
    if "currency" not in measure.keys:
        return []
    place = measure.keys.index("currency")

    def bare(key: RowKey) -> RowKey:
        return key[:place] + key[place + 1 :]

    pairs = []
    for was in [key for key in olds if key not in news]:
        same = [key for key in news if key not in olds and bare(key) == bare(was)]
        if len(same) == 1 and None in {was[place], same[0][place]}:
            pairs.append((was, same[0]))
    return pairs


def _change(measure: Measure, kinds: Mapping[str, Kind], was: Row | None, now: Row | None, events: list[str]) -> Row:
    before, after = _values(was, measure), _values(now, measure)
    shown = now if now is not None else was
    keys = {name: shown[name] for name in measure.keys} if shown else {}
    if was and now and was.get("currency") != now.get("currency"):
        keys["currency"] = now["currency"] or was["currency"]
        before, after = {"currency": was["currency"], **(before or {})}, {"currency": now["currency"], **(after or {})}
    change = "added" if was is None else "gone" if now is None else "changed"
    return {
        "change": change,
        **keys,
        "difference": _difference(before, after, kinds),
        "changed": _changed(before, after),
        "before": before,
        "after": after,
        "events": events,
    }


def _by_key(rows: Rows, measure: Measure) -> RowsByKey:
    return {tuple(row[name] for name in measure.keys): row for row in rows}


def _values(row: dict[str, Any] | None, measure: Measure) -> dict[str, Any] | None:
    return None if row is None else {name: row[name] for name in measure.values}


def _changed(before: dict[str, Any] | None, after: dict[str, Any] | None) -> list[str]:
    if before is None or after is None:
        return []
    return [name for name in before if before[name] != after[name]]


def _difference(before: dict[str, Any] | None, after: dict[str, Any] | None, kinds: Mapping[str, Kind]) -> list[str]:
    """Say in words what changed: for a new or gone row what it holds, else each value before and after."""
    if before is not None and after is not None:
        return [
            f"{name} {_word(before[name], kinds[name])} → {_word(after[name], kinds[name])}"
            for name in before
            if before[name] != after[name]
        ]
    values = after if after is not None else before
    return [
        f"{name.replace('_', ' ')} {_word(value, kinds[name])}"
        for name, value in (values or {}).items()
        if value not in {None, False}
    ]


def _word(value: Any, kind: Kind) -> str:  # noqa: ANN401 - any value of a row
    """Write one value exactly; money of a billion and more in billions where three decimals hold it."""
    if isinstance(value, Decimal | int) and not isinstance(value, bool):
        number = Decimal(value)
        billions = number.scaleb(-9)
        if kind == "money" and abs(number) >= _BILLION and billions == round(billions, 3):
            return f"{format(billions, ',f').rstrip('0').rstrip('.')} B"
        text = format(number, ",f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    return "undisclosed" if value is None else str(plain(value)).replace("_", " ")


def _clock_summary(clocks: Clocks) -> dict[str, Any]:
    return {"as_of": clocks.as_of, "known_by": clocks.known_by, "recorded_by": clocks.recorded_by}


def _summary_changes(
    before: dict[str, Any], after: dict[str, Any], form: Shape, path: str = ""
) -> list[tuple[dict[str, Any], Shape]]:
    """List the figures of a summary that differ, by dotted path, with the events that an inner figure names.

    Each comes with the shape that `form` has of it.
    """
    changes: list[tuple[dict[str, Any], Shape]] = []
    for name in dict.fromkeys((*before, *after)):
        was, now, shape = before.get(name), after.get(name), inner(form, name) or "text"
        if _has_parts(was) or _has_parts(now):
            was, now = _by_name(was or []), _by_name(now or [])
            shape = Keyed(shape.each) if isinstance(shape, Listed) else shape
        if name in _NOT_COMPARED or was == now:
            continue
        here = f"{path}.{name}" if path else name
        if isinstance(was, dict) and isinstance(now, dict) and "event" not in {*was, *now}:
            changes += _summary_changes(was, now, shape, here)
        else:
            changes.append(({"figure": here, "before": was, "after": now, "events": _named([now, was])}, shape))
    return changes


def _total_form(shape: Shape) -> Form:
    return {"figure": "text", "before": shape, "after": shape, "events": "list"}


def _has_parts(value: Any) -> bool:  # noqa: ANN401 - any value of a summary
    return isinstance(value, list) and any(isinstance(part, dict) and "name" in part for part in value)


def _by_name(parts: list[dict[str, Any]]) -> dict[str, Any]:
    """Turn a list of named parts (loops) into a group, so that each is compared by itself, without its own lists."""
    own = {"name", "companies", "legs", "events"}
    return {part["name"]: {name: value for name, value in part.items() if name not in own} for part in parts}


def _named(figures: Iterable[Any]) -> list[str]:
    """Return the events that a cited figure names, the newer figure's first."""
    for figure in figures:
        if isinstance(figure, dict) and figure.get("event"):
            return [str(figure["event"])]
    return []


class _Causes:
    """Which log entries came into view between two points, leg by leg."""

    def __init__(self, old: Warehouse, before: Clocks, new: Warehouse, after: Clocks) -> None:
        self._before, self._after = _evidence(old, before), _evidence(new, after)
        used = {position for legs in (self._before, self._after) for seen in legs.values() for position in seen}
        entries = new.query(
            "SELECT position, key, slot, type FROM log WHERE position IN (SELECT unnest($1::INTEGER[]))", [sorted(used)]
        )
        self._keys: dict[int, str] = {row["position"]: row["key"] for row in entries}
        self._slots: dict[int, int] = {row["position"]: row["slot"] for row in entries}
        # A party's name touches many legs, so it does not say which leg a row is about.
        self._positions = {row["key"]: row["position"] for row in entries if row["type"] != "party_identified"}
        self._legs: dict[int, set[str]] = defaultdict(set)
        for legs in (self._before, self._after):
            for leg, seen in legs.items():
                for position in seen:
                    self._legs[position].add(leg)
        low, high = sorted((before.recorded_by, after.recorded_by))
        self._corrections = new.query(
            "SELECT position, key, slot FROM log WHERE type IN ('event_corrected', 'event_retracted') "
            "AND (position > $1 AND position <= $2 OR hypothetical AND $3)",
            [low, high, old is not new],
        )
        self._keys.update({row["position"]: row["key"] for row in self._corrections})

    def between(self, was: dict[str, Any] | None, now: dict[str, Any] | None) -> list[str]:
        """Return the keys of what came into view and touches the legs of a row; of what left it, where nothing came."""
        named = {key for row in (was, now) if row for key in row["events"]}
        about = [self._positions[key] for key in named if key in self._positions]
        legs = {leg for position in about for leg in self._legs[position]}
        if not legs:
            old, new = set(was["events"] if was else ()), set(now["events"] if now else ())
            return sorted(new - old) or sorted(old - new)
        nothing: set[int] = set()
        before = nothing.union(*(self._before.get(leg, nothing) for leg in legs))
        after = nothing.union(*(self._after.get(leg, nothing) for leg in legs))
        came = after - before
        if self._corrections:
            slots = {self._slots[position] for position in before | after}
            came |= {row["position"] for row in self._corrections if row["slot"] in slots}
        return [self._keys[position] for position in sorted(came or before - after)]


def _evidence(warehouse: Warehouse, clocks: Clocks) -> dict[str, set[int]]:
    """Map each leg to the log positions of the events it rests on."""
    rows = warehouse.query(
        "SELECT deal || '/' || leg AS leg, list(position) AS positions FROM evidence($1) GROUP BY deal, leg",
        [points([clocks])],
    )
    return {row["leg"]: set(row["positions"]) for row in rows}
