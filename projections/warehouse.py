"""The read side's tables: rebuilt from a feed of leaves at any time, caught up in place, or opened from a file.

The log is the truth and everything here is disposable: a projection file carries the position and the version it was built
from, and is thrown away when either disagrees.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from events.envelope import Batch, Feed
from projections.clocks import FOREVER
from projections.shred import LEAF_SCHEMA, PROJECTION_VERSION, TYPES_OF_TABLE, Slots, chain_members, upcast_leaf

if TYPE_CHECKING:
    import duckdb

__all__ = ["Warehouse"]

_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "threads": "2",
    "memory_limit": "1GB",
}
# Scripts below this number make and load tables; those from it on define macros, in the order of their numbers.
_FIRST_MACROS = "20"
_FAMILIES = ("company", "party", "terms", "status", "performance", "metric", "price", "source", "attachment")
# Each batch binds every statement anew, so large ones are loaded faster; this many leaves take some 200 MB.
_ROWS_A_BATCH = 40_000
_TYPES_PRESENT = "SELECT DISTINCT event.type FROM parsed UNION SELECT DISTINCT event.type FROM replacement"
_SMALL_BATCH = 5_000


@cache
def _script(name: str) -> str:
    return (resources.files("projections") / "sql" / name).read_text(encoding="utf-8")


@cache
def _macro_scripts() -> tuple[str, ...]:
    """Return the names of the scripts that define macros, in their order; a later one may use those before it."""
    names = sorted(file.name for file in (resources.files("projections") / "sql").iterdir())
    return tuple(name for name in names if name.endswith(".sql") and name >= _FIRST_MACROS)


@cache
def _load_statements() -> tuple[tuple[str, str], ...]:
    """Give each table's INSERT; a table that no event of a batch belongs to need not run its own."""
    parts = _script("15_load.sql").split("-- statement: ")[1:]
    return tuple((part.partition("\n")[0].strip(), part.partition("\n")[2]) for part in parts)


def _quoted(path: Path) -> str:
    """Write a path inside an SQL string; DuckDB takes no parameter there."""
    return str(path).replace("'", "''")


class Warehouse:
    """Typed tables of a log up to a position, ready for the macros; owns its DuckDB connection."""

    def __init__(self, con: duckdb.DuckDBPyConnection, *, position: int) -> None:
        self.con = con
        self.position = position
        self._staged_as = "TABLE"

    @classmethod
    def in_memory(cls, feed: Feed, *, hypothetical: Sequence[bytes] = ()) -> Warehouse:
        """Build the tables of a whole feed in memory, with hypothetical leaves ranked after all recorded ones."""
        import duckdb

        warehouse = cls(duckdb.connect(":memory:", config=_CONFIG), position=0)
        warehouse._create()
        warehouse.catch_up(feed)
        warehouse.overlay(hypothetical)
        return warehouse

    @classmethod
    def build_file(cls, path: Path, feed: Feed) -> None:
        """Build the tables of a whole feed in memory, write them beside `path`, and put them in its place in one step."""
        import duckdb

        fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
        fresh.unlink(missing_ok=True)
        try:
            with cls(duckdb.connect(":memory:", config=_CONFIG), position=0) as warehouse:
                warehouse._create()
                warehouse.catch_up(feed)
                warehouse._drop_staging()
                warehouse.con.execute(f"ATTACH '{_quoted(fresh)}' AS kept")
                warehouse.con.execute("COPY FROM DATABASE memory TO kept")
                warehouse.con.execute("DETACH kept")
            fresh.replace(path)
        finally:
            fresh.unlink(missing_ok=True)

    @classmethod
    def open_file(cls, path: Path, *, head: int) -> Warehouse | None:
        """Open a projection file for reading; None where it is absent, of another version, behind, ahead or in use."""
        import duckdb

        if not path.exists():
            return None
        try:
            con = duckdb.connect(str(path), read_only=True, config=_CONFIG)
        except duckdb.Error:
            return None
        try:
            row = con.execute("SELECT position, projection_version FROM state").fetchone()
        except duckdb.Error:
            row = None
        if row != (head, PROJECTION_VERSION):
            con.close()
            return None
        return cls(con, position=head)

    @classmethod
    def catch_up_file(cls, path: Path, feed_after: Callable[[int], Feed], *, head: int) -> bool:
        """Bring a projection file that is behind up to the head; False where it has to be rebuilt instead."""
        import duckdb

        if not path.exists():
            return False
        try:
            con = duckdb.connect(str(path), config=_CONFIG)
        except duckdb.Error:
            return False
        try:
            row = con.execute("SELECT position, projection_version FROM state").fetchone()
            if row is None or row[1] != PROJECTION_VERSION or row[0] > head:
                return False
            cls(con, position=row[0]).catch_up(feed_after(row[0]))
        except duckdb.Error:
            return False
        finally:
            con.close()
        return True

    def close(self) -> None:
        """Give the connection back."""
        self.con.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _create(self) -> None:
        self.con.execute(_script("10_tables.sql"))
        for name in _macro_scripts():
            self.con.execute(_script(name))
        self.con.execute("INSERT INTO state VALUES (0, $1)", [PROJECTION_VERSION])

    def catch_up(self, feed: Feed) -> None:
        """Append what a feed holds beyond the position; the tables then equal those of a rebuild."""
        waiting: Batch = []
        for batch in feed:
            waiting += batch
            while len(waiting) >= _ROWS_A_BATCH:
                self._load(waiting[:_ROWS_A_BATCH], hypothetical=False)
                waiting = waiting[_ROWS_A_BATCH:]
        if waiting:
            self._load(waiting, hypothetical=False)

    def overlay(self, leaves: Sequence[bytes]) -> None:
        """Add hypothetical leaves, visible at every recorded-by position."""
        if leaves:
            self._load(
                [(self.position + number, leaf) for number, leaf in enumerate(leaves, 1)],
                hypothetical=True,
            )

    def query(self, sql: str, parameters: Iterable[Any] = ()) -> list[dict[str, Any]]:
        """Run one query and give its rows as dictionaries, at once."""
        cursor = self.con.execute(sql, list(parameters))
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def keep(self, name: str, sql: str, parameters: Iterable[Any] = ()) -> None:
        """Keep the rows of a query in a temporary table, so that a question reads them more than once."""
        self.con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {sql}", list(parameters))

    def fingerprint(self) -> str:
        """Give a digest of all typed tables that does not depend on the order of rows."""
        parts = [f"{PROJECTION_VERSION}:{self.position}"]
        for table in ("log", *_FAMILIES):
            row = self.con.execute(
                f"SELECT count(*), bit_xor(hash(t)), sum(hash(t)::HUGEINT) FROM {table} AS t"  # noqa: S608 - our own names
            ).fetchone()
            parts.append(f"{table}:{row}")
        import hashlib

        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    def _load(self, batch: Batch, *, hypothetical: bool) -> None:
        schema = json.dumps(LEAF_SCHEMA)
        self._stage(batch, schema)
        self._bring_up_to_date(schema)
        self._follow_chains(hypothetical=hypothetical)
        self.con.execute("SET VARIABLE hypothetical = $1::BOOLEAN", [hypothetical])
        self._drop_staged()
        self._staged_as = "TABLE" if len(batch) <= _SMALL_BATCH else "VIEW"
        self.con.execute(_script("12_staging.sql").replace("TEMP TABLE", f"TEMP {self._staged_as}"))
        present = {row[0] for row in self.con.execute(_TYPES_PRESENT).fetchall()}
        for table, statement in _load_statements():
            types = TYPES_OF_TABLE.get(table)
            if types is None or types & present:
                self.con.execute("SET VARIABLE types = $1::VARCHAR[]", [sorted(types or ())])
                self.con.execute(statement)
        if not hypothetical:
            self.position = batch[-1][0]
            self.con.execute("UPDATE state SET position = $1", [self.position])

    def _drop_staged(self) -> None:
        for name in ("reading", "staged"):
            self.con.execute(f"DROP {self._staged_as} IF EXISTS {name}")

    def _drop_staging(self) -> None:
        self._drop_staged()
        for name in ("leaf", "parsed", "upcast", "replacement", "chain"):
            self.con.execute(f"DROP TABLE IF EXISTS {name}")

    def _stage(self, batch: Batch, schema: str) -> None:
        self.con.execute(
            "CREATE OR REPLACE TEMP TABLE leaf AS "
            "SELECT unnest($1::INTEGER[]) AS position, unnest($2::VARCHAR[]) AS leaf",
            [[position for position, _ in batch], [leaf.decode() for _, leaf in batch]],
        )
        self.con.execute(
            "CREATE OR REPLACE TEMP TABLE parsed AS SELECT position, unnest(from_json(leaf, $1)) FROM leaf", [schema]
        )

    def _bring_up_to_date(self, schema: str) -> None:
        """Upcast the leaves of older schema versions, here only: their bytes in the log stay as they are."""
        from events.upcasters import UPCASTERS

        stale = sorted(f"{name}:{version}" for name, version in UPCASTERS)
        rows = self.con.execute(
            "SELECT l.position, l.leaf FROM parsed p JOIN leaf l USING (position) "
            "WHERE list_contains($1, p.event.type || ':' || p.schema_version) OR p.event.type = 'event_corrected'",
            [stale],
        ).fetchall()
        fresh = {position: upcast_leaf(leaf.encode()) for position, leaf in rows}
        self.con.execute(
            "CREATE OR REPLACE TEMP TABLE upcast AS "
            "SELECT unnest($1::INTEGER[]) AS position, unnest($2::VARCHAR[]) AS leaf",
            [list(fresh), [leaf.decode() for leaf in fresh.values()]],
        )
        if fresh:
            self.con.execute("DELETE FROM parsed WHERE position IN (SELECT position FROM upcast)")
            self.con.execute("INSERT INTO parsed SELECT position, unnest(from_json(leaf, $1)) FROM upcast", [schema])
        self.con.execute(
            "CREATE OR REPLACE TEMP TABLE replacement AS "
            "SELECT u.position, from_json(json_extract(u.leaf, '$.event.replacement'), $1) AS event "
            "FROM upcast u JOIN parsed p USING (position) WHERE p.event.type = 'event_corrected'",
            [json.dumps(LEAF_SCHEMA["event"])],
        )

    def _follow_chains(self, *, hypothetical: bool) -> None:
        """Find the slot of each correction or retraction, and end the visibility of what it replaces."""
        corrections = self.con.execute(
            "SELECT position, event.key, event.corrects FROM parsed "
            "WHERE event.type IN ('event_corrected', 'event_retracted') ORDER BY position"
        ).fetchall()
        members: list[tuple[int, int, int]] = []
        if corrections:
            places = self.con.execute(
                "SELECT key, slot FROM log WHERE list_contains($1, key) "
                "UNION ALL SELECT event.key, position FROM parsed WHERE list_contains($1, event.key)",
                [[corrects for _, _, corrects in corrections]],
            ).fetchall()
            slots = Slots(dict(places)).place(corrections)
            members = chain_members(slots, hypothetical=hypothetical)
        self.con.execute(
            "CREATE OR REPLACE TEMP TABLE chain AS SELECT unnest($1::INTEGER[]) AS position, "
            "unnest($2::INTEGER[]) AS slot, unnest($3::INTEGER[]) AS seen_to",
            [[m[0] for m in members], [m[1] for m in members], [m[2] for m in members]],
        )
        for position, slot, seen_to in members:
            if position == slot:
                for table in _FAMILIES:
                    self.con.execute(
                        f"UPDATE {table} SET seen_to = $2 WHERE slot = $1 AND seen_to = {FOREVER}",  # noqa: S608 - our own names
                        [slot, seen_to],
                    )
