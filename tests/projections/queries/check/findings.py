"""Record events as an older release might have, and list what `check` finds of them; company registrations beside."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from projections.clocks import Clocks
from projections.queries.check.check import check
from tests.oracle.fold import Raw
from tests.oracle.pieces import event
from tests.oracle.recording import at, recorded
from tests.projections.comparison import read_side_clocks, warehouse_of

__all__ = ["Found", "company", "found", "found_apart"]

LATER = "2025-06-25"
Found = tuple[str, str, str, str, list[str]]
"""A finding: its severity, kind, what it is about, what is wrong, and the keys of its events."""


def company(slug: str, name: str, **fields: Any) -> Raw:  # noqa: ANN401 - the fields of a registration
    raw = event("company_registered", company=slug, name=name, layer="cloud", **fields)
    return raw | {"key": f"company/{slug}"}


def found(*events: Raw, clocks: Clocks | None = None) -> list[Found]:
    with warehouse_of(recorded(events)) as warehouse:
        rows = check(warehouse, clocks or read_side_clocks(at(LATER))).rows
    return [(row["severity"], row["kind"], row["about"], row["what"], row["keys"]) for row in rows]


_NAMED = re.compile(r'"(d|e|a|b|x|site|openai|oracle|amd|crusoe|coreweave|nvidia)(/[^"]*)?"')
_KEYED = re.compile(r'"(key|amends|corrects)": "([^"]*)"')


def found_apart(cases: Mapping[str, Sequence[Raw]]) -> dict[str, list[Found]]:
    """Check many cases in one ledger, which costs as much as one, and give each its own findings.

    The deals, companies and keys of each case get names of their own there, and in the findings those it used.
    """
    names = dict(enumerate(cases))
    of_case: dict[str, list[Found]] = {case: [] for case in cases}
    for severity, kind, about, what, keys in found(
        *(raw for number in names for raw in _apart(cases[names[number]], number))
    ):
        number = int(keys[0].rpartition("-k")[2])
        here = partial(re.sub, rf"-[ck]{number}\b", "")
        of_case[names[number]].append((severity, kind, here(about), here(what), [here(key) for key in keys]))
    return of_case


def _apart(events: Sequence[Raw], number: int) -> list[Raw]:
    text = _NAMED.sub(rf'"\1-c{number}\2"', json.dumps(events))
    return list(json.loads(_KEYED.sub(rf'"\1": "\2-k{number}"', text)))
