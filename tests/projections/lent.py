"""Tables with every macro bound, made once in a process and lent to one test after another.

Binding the macros of a new database costs four times what loading a small history costs. What comes back is emptied
first, so that nobody finds what another left behind.
"""

from __future__ import annotations

import copy
import weakref
from collections.abc import Sequence
from typing import Any

from events.envelope import Feed
from projections.warehouse import Warehouse

__all__ = ["lend"]

_TABLES = "SELECT table_name, sql FROM duckdb_tables() WHERE NOT temporary AND NOT internal ORDER BY table_oid"
_LEFT_BEHIND = {
    "TABLE": "SELECT table_name FROM duckdb_tables() WHERE temporary",
    "VIEW": "SELECT view_name FROM duckdb_views() WHERE temporary AND NOT internal",
}


class _Tables(Warehouse):
    """Tables that are emptied and wait for the next test once they are closed, or once nobody holds them any more."""

    _given_back: weakref.finalize[..., Any]

    def lent(self, to_empty: _Emptying) -> _Tables:
        """Give these tables away as they are now."""
        lent = copy.copy(self)
        lent._given_back = weakref.finalize(lent, to_empty.take_back, self)
        lent._given_back.atexit = False
        return lent

    def close(self) -> None:
        """Give the tables back."""
        self._given_back()


class _Emptying:
    """How the tables of a new database look, and those that wait for a test."""

    def __init__(self) -> None:
        self._waiting: list[_Tables] = []
        self._new: list[tuple[str, str, list[tuple[Any, ...]]]] = []

    def take(self) -> _Tables:
        made = self._waiting.pop() if self._waiting else self._made()
        return made.lent(self)

    def _made(self) -> _Tables:
        made = _Tables.in_memory([])
        if not self._new:
            found = made.con.execute(_TABLES).fetchall()
            self._new = [(name, sql, made.con.execute(f"FROM {name}").fetchall()) for name, sql in found]
        return made

    def take_back(self, made: _Tables) -> None:
        con = made.con
        for kind, query in _LEFT_BEHIND.items():
            for (name,) in con.execute(query).fetchall():
                con.execute(f"DROP {kind} temp.{name}")
        for (name,) in con.execute("SELECT name FROM duckdb_variables()").fetchall():
            con.execute(f"RESET VARIABLE {name}")
        for name, statement, rows in self._new:
            con.execute(f"DROP TABLE {name}")
            con.execute(statement)
            for row in rows:
                con.execute(f"INSERT INTO {name} VALUES ({', '.join('?' * len(row))})", row)
        self._waiting.append(made)


_EMPTYING = _Emptying()


def lend(feed: Feed, *, hypothetical: Sequence[bytes] = ()) -> Warehouse:
    """Give a warehouse of a whole feed, with hypothetical leaves over it, as `Warehouse.in_memory` would make it anew."""
    warehouse = _EMPTYING.take()
    warehouse.catch_up(feed)
    warehouse.overlay(hypothetical)
    return warehouse
