"""The generated parts of docs/loops.md: what the shipped catalogue says of loops, with the events behind every leg.

`cog -r -I . docs/loops.md`, from the top of the repository, brings the page up to date.
"""

from __future__ import annotations

import datetime as dt
import functools
import json
from collections.abc import Iterator
from decimal import Decimal
from importlib import resources
from typing import Any

from events.codec import encode, parse
from events.envelope import instant_text, leaf_bytes
from projections.clocks import Clocks
from projections.queries.loops.loops import loops
from projections.queries.wording import counted
from projections.result import Result
from projections.warehouse import Warehouse

__all__ = ["broken", "companies", "figures", "ring", "rings"]

_RECORDED_AT = dt.datetime(2026, 8, 1, 9, 0, tzinfo=dt.UTC)


@functools.cache
def _events() -> dict[str, dict[str, Any]]:
    """Read the catalogue by key, companies first."""
    folder = resources.files("events") / "catalogue"
    files = [folder / "companies.jsonl", *sorted((folder / "announcements").iterdir(), key=lambda file: file.name)]
    raws = [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    return {raw["key"]: raw for raw in raws}


@functools.cache
def _warehouse() -> Warehouse:
    leaves = []
    for position, raw in enumerate(_events().values(), 1):
        event = parse(raw)
        leaf = leaf_bytes(
            encode(event),
            recorded_at=instant_text(_RECORDED_AT),
            recorder="docs",
            schema_version=type(event).SCHEMA_VERSION,
        )
        leaves.append((position, leaf))
    return Warehouse.in_memory([leaves])


@functools.cache
def _asked(day: str, basis: str) -> Result:
    return loops(_warehouse(), Clocks.on(dt.date.fromisoformat(day)), basis=basis, limit=10_000)


def figures(day: str) -> str:
    """Write the figures of a day on each basis, one line a figure."""
    answers = {basis: _asked(day, basis).summary for basis in ("headline", "binding", "performed")}
    rows = [["", *answers]]
    rows.append(["legs drawn", *(str(summary["legs"]) for summary in answers.values())])
    rows.append(["of undisclosed amount", *(str(summary["undisclosed"]) for summary in answers.values())])
    rows += [
        [name.replace("_", " "), *(_billions(summary[name]) for summary in answers.values())]
        for name in ("total_flow", "circulation")
    ]
    rows.append(["circulation share", *(_percent(summary["circulation_share"]) for summary in answers.values())])
    rows.append(["loops", *(str(summary["loop_count"]) for summary in answers.values())])
    return _table(rows)


def companies(day: str, basis: str = "headline") -> str:
    """Write the companies to which something comes back, as far as it is known."""
    rows = [["company", "pays out", "takes in", "round trip", "of its outlay", "loop gain, pro rata"]]
    for row in _asked(day, basis).rows:
        if row["round_trip"]:
            trip = f"{'at least ' if row['round_trip_is_floor'] else ''}{_billions(row['round_trip'])}"
            money = [_billions(row["outlay"]), _billions(row["receipts"]), trip]
            shares = [_percent(row[name]) for name in ("round_trip_share_of_outlay", "loop_gain")]
            rows.append([row["company"], *money, *shares])
    return _table(rows)


def rings(day: str, basis: str = "headline") -> str:
    """Write every loop of a day as one line."""
    rows = [["loop", "can go round", "closed on"]]
    rows += [[one["name"], _size(one), one["since"].isoformat()] for one in _asked(day, basis).summary["loops"]]
    return _table(rows) if len(rows) > 1 else "No loop.\n"


def broken(day: str) -> str:
    """Write the loops that are there for the stated amounts and not for what binds, with the legs that bind nobody."""
    rows = [["loop of the stated amounts", "legs that bind nobody"]]
    rows += [
        [one["name"], ", ".join(leg.replace("_", " ") for leg in one["because"])]
        for one in _asked(day, "binding").summary["loops_broken"]
    ]
    return _table(rows)


def ring(day: str, *names: str) -> str:
    """Explain one loop event by event: each payment, its legs, and what was announced of them by that day."""
    (found,) = (one for one in _asked(day, "headline").summary["loops"] if set(one["companies"]) == set(names))
    lines = [f"**{found['name']}**: {_size(found)}, closed on {found['since']}."]
    for hop in found["legs"]:
        more = f" and {counted(hop['undisclosed'], 'leg')} of undisclosed amount" if hop["undisclosed"] else ""
        told = _billions(hop["amount"]) if hop["amount"] is not None else "nothing disclosed"
        lines += ["", f"{hop['from']} pays {hop['to']} {told}{more if hop['amount'] is not None else ''}:", ""]
        for leg in hop["legs"]:
            amount = "undisclosed" if leg["amount"] is None else _billions(leg["amount"])
            lines.append(f"- `{leg['leg']}`, {leg['kind']}, {leg['status'].replace('_', ' ')}, {amount}")
            lines += [f"  - {line}" for line in _told(leg["leg"], found["events"])]
    return "\n".join(lines) + "\n"


def _told(leg: str, keys: list[str]) -> Iterator[str]:
    """Say what was announced of a leg, in the order of the announcements."""
    deal, _, name = leg.partition("/")
    raws = [_events()[key] for key in keys]
    for raw in sorted(raws, key=lambda raw: (raw["announced_on"], raw["key"])):
        if raw.get("deal") == deal and raw.get("leg", name) == name:
            yield f"{raw['announced_on']}, {raw['source']['publisher']}: {raw['note']} (`{raw['key']}`)"


def _size(found: dict[str, Any]) -> str:
    if found["bottleneck"] is not None:
        return _billions(found["bottleneck"])
    bounds = [
        f"{word} {_billions(found[name])}"
        for word, name in (("at least", "at_least"), ("at most", "at_most"))
        if found[name] is not None
    ]
    return ", ".join(bounds) or "undisclosed"


def _billions(value: Decimal | None) -> str:
    if value is None:
        return "undisclosed"
    text = f"{value.scaleb(-9):,f}"
    return f"{text.rstrip('0').rstrip('.') if '.' in text else text} B"


def _percent(value: Decimal | None) -> str:
    return "n/m" if value is None else f"{value * 100:.2f} %"


def _table(rows: list[list[str]]) -> str:
    head, *body = rows
    lines = [head, ["---", *("---:" for _ in head[1:])], *body]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"
