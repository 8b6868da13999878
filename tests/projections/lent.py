"""Tables with every macro bound, made once in a process and lent to one test after another.

Binding the macros of a new database costs four times what loading a small history costs. What comes back is emptied
first, so that nobody finds what another left behind.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Sequence
from typing import Any

from events.envelope import Feed
from projections.warehouse import Warehouse

__all__ = ["lend"]

_TABLES = "SELECT table_name, sql FROM duckdb_tables() WHERE NOT temporary AND NOT internal ORDER BY table_oid"
_LEFT_BEHIND = {
    "TABLE": "SELECT table_name FROM duckdb_tables() WHERE temporary",
    "VIEW": "SELECT view_name FROM duckdb_views() WHERE temporary AND NOT internal",
}


class _Lent(Warehouse):
    """Tables that go back once they are closed, or once nobody holds them any more."""

    def __init__(self, made: Warehouse, take_back: Callable[[Warehouse], None]) -> None:
        vars(self).update(vars(made))
        self._given_back = weakref.finalize(self, take_back, made)
        self._given_back.atexit = False

    def close(self) -> None:
        """Hand the tables back."""
        self._given_back()


class _Lender:
    """Holds the tables that wait for a test, and knows how those of a new database look."""

    def __init__(self) -> None:
        self._waiting: list[Warehouse] = []
        self._new: list[tuple[str, str, list[tuple[Any, ...]]]] = []

    def lend(self) -> Warehouse:
        """Return tables as a new database has them."""
        return _Lent(self._waiting.pop() if self._waiting else self._make(), self._take_back)

    def _make(self) -> Warehouse:
        made = Warehouse.in_memory([])
        if not self._new:
            found = made.con.execute(_TABLES).fetchall()
            self._new = [(name, statement, made.con.execute(f"FROM {name}").fetchall()) for name, statement in found]
        return made

    def _take_back(self, made: Warehouse) -> None:
        con = made.con
        made.forget()
        for kind, query in _LEFT_BEHIND.items():
            for (name,) in con.execute(query).fetchall():
                con.execute(f"DROP {kind} temp.{name}")
        for (name,) in con.execute("SELECT name FROM duckdb_variables()").fetchall():
            con.execute(f"RESET VARIABLE {name}")
        for name, statement, rows in self._new:
            con.execute(f"DROP TABLE {name}")
            con.execute(statement)
            for row in rows:
                con.execute(f"INSERT INTO {name} VALUES ({', '.join('?' * len(row))})", row)  # noqa: S608 - no names but the tables' own
        self._waiting.append(made)


_LENDER = _Lender()


def lend(feed: Feed, *, hypothetical: Sequence[bytes] = ()) -> Warehouse:
    """Return a warehouse of a whole feed, with hypothetical leaves over it, as `Warehouse.in_memory` would make it anew."""
    warehouse = _LENDER.lend()
    warehouse.catch_up(feed)
    warehouse.overlay(hypothetical)
    return warehouse
