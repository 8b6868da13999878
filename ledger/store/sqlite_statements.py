"""What a ledger's SQLite file is asked, statement by statement."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

import orjson

from ledger.store.recorder import IndexRow

__all__ = [
    "CORRECTIONS",
    "ENTRIES_AT",
    "ENTRIES_BY_KEY",
    "INSERT_INDEX",
    "LEAVES",
    "NAMES",
    "OF_TYPE",
    "REGISTRATIONS",
    "TERMS",
    "portions",
]

T = TypeVar("T")
QUERY_KEYS = 10_000

ENTRY_COLUMNS = (
    "e.position, e.key, e.type, e.family, e.deal, e.leg, e.companies, e.effective_on, e.announced_on, e.slot, "
    "coalesce(e.tranches, '')"
)
# What is asked for travels as one JSON array, so that a thousand keys are one statement and not a thousand; in a
# CROSS JOIN SQLite keeps to the order given, and looks each one up instead of scanning the table.
ENTRIES_BY_KEY = f"SELECT {ENTRY_COLUMNS} FROM json_each(?) asked CROSS JOIN entry e ON e.key = asked.value"  # noqa: S608 - constants
ENTRIES_AT = f"SELECT {ENTRY_COLUMNS} FROM json_each(?) asked CROSS JOIN entry e ON e.position = asked.value"  # noqa: S608 - constants
TERMS = (
    f"SELECT {ENTRY_COLUMNS} FROM json_each(?) asked CROSS JOIN entry e ON e.family = 'terms' "  # noqa: S608 - constants
    "AND e.deal = json_extract(asked.value, '$[0]') AND e.leg = json_extract(asked.value, '$[1]') ORDER BY e.position"
)
CORRECTIONS = (
    f"SELECT {ENTRY_COLUMNS} FROM json_each(?) asked CROSS JOIN entry e ON e.slot = asked.value "  # noqa: S608 - constants
    "AND e.corrects IS NOT NULL ORDER BY e.position"
)
LEAVES = (
    "SELECT s.originator_version, s.state FROM json_each(?) asked CROSS JOIN stored_events s "
    "ON s.originator_id = ? AND s.originator_version = asked.value"
)
NAMES = (
    "SELECT n.folded, n.slot, n.company, n.kind, n.written, n.stand_in "
    "FROM json_each(?) asked CROSS JOIN company_name n ON n.folded = asked.value"
)
OF_TYPE = f"SELECT {ENTRY_COLUMNS} FROM entry e WHERE e.type = ? ORDER BY e.position"  # noqa: S608 - constants
# The last of each registration's chain; a retracted one gives no names.
REGISTRATIONS = """
SELECT n.slot, s.state
FROM (SELECT DISTINCT slot FROM company_name) n
CROSS JOIN stored_events s ON s.originator_id = ? AND s.originator_version = coalesce(
    (SELECT max(e.position) FROM entry e WHERE e.slot = n.slot AND e.corrects IS NOT NULL), n.slot)
"""
INSERT_INDEX = f"INSERT INTO entry VALUES ({', '.join('?' * len(IndexRow._fields))})"  # noqa: S608 - constants


def portions(items: Iterable[T]) -> Iterator[str]:
    """Cut what is asked for into JSON arrays of a size that one statement takes in its stride."""
    rest = iter(items)
    while portion := list(islice(rest, QUERY_KEYS)):
        yield orjson.dumps(portion).decode()
