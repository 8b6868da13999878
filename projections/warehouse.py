"""The read side's tables: made from a feed of leaves at any time, caught up with it, and asked.

The log is the truth and everything here is disposable. How tables are kept in a file between questions is told in `kept`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Self

from events.envelope import Batch, Feed
from projections.clocks import FOREVER
from projections.content import content_digest
from projections.fingerprint import fingerprint
from projections.shred import LEAF_SCHEMA, TYPES_OF_TABLE, Slots, chain_members, upcast_leaf

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb

__all__ = ["CONFIG", "Warehouse"]

CONFIG: dict[str, str | bool | int | float | list[str]] = {
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
    """Return each table's INSERT; a table that no event of a batch belongs to need not run its own."""
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
        self._shared: dict[str, tuple[str, list[Any], object]] = {}

    @classmethod
    def in_memory(cls, feed: Feed, *, root: str = "", hypothetical: Sequence[bytes] = ()) -> Warehouse:
        """Build the tables of a whole feed in memory, with hypothetical leaves ranked after all recorded ones.

        `root` is that of the log the feed comes from, where it has one; the tables note it.
        """
        import duckdb

        warehouse = cls(duckdb.connect(":memory:", config=CONFIG), position=0)
        warehouse._create()
        warehouse.catch_up(feed, root=root)
        warehouse.overlay(hypothetical)
        return warehouse

    def built_from(self) -> tuple[int, str, str]:
        """Return what the tables note of themselves: the position, the log's root there, and the digest of the content."""
        position, root, content = self.con.execute("SELECT position, root, content FROM state").fetchall()[0]
        return position, root, content

    def copy_to(self, path: Path) -> None:
        """Write the tables to a new database file. Raises duckdb.Error."""
        self._drop_staging()
        self.con.execute(f"ATTACH '{_quoted(path)}' AS kept")
        try:
            self.con.execute(f'COPY FROM DATABASE "{self._name()}" TO kept')
            self.con.execute("CHECKPOINT kept")
        finally:
            self.con.execute("DETACH kept")

    def _name(self) -> str:
        return str(self.con.execute("SELECT current_database()").fetchall()[0][0])

    def close(self) -> None:
        """Hand the connection back."""
        self.con.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _create(self) -> None:
        self.con.execute(_script("10_tables.sql"))
        for name in _macro_scripts():
            self.con.execute(_script(name))
        self.con.execute("INSERT INTO state VALUES (0, '', $1)", [content_digest()])

    def catch_up(self, feed: Feed, *, root: str = "") -> None:
        """Append what a feed holds beyond the position; the tables then equal those of a rebuild.

        It is one transaction: interrupted at any point it has not happened. `root` is that of the log at its end.
        """
        before = self.position
        self.forget()
        self.con.execute("BEGIN")
        try:
            self._append(feed)
            self.con.execute("UPDATE state SET position = $1, root = $2", [self.position, root])
            self.con.execute("COMMIT")
        except BaseException:
            self.position = before
            self.con.execute("ROLLBACK")
            raise

    def _append(self, feed: Feed) -> None:
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
            self.forget()
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
        self._shared.pop(name, None)

    def share(self, name: str, sql: str, parameters: Iterable[Any] = (), *, also: object = None) -> None:
        """Keep them for the next questions too, which do not ask again while the log's tables stay as they are.

        The query, its parameters and `also` have to say all that its rows depend on: that of a kept table that it reads, too.
        """
        asked = (sql, list(parameters), also)
        if self._shared.get(name) != asked:
            self.keep(name, sql, asked[1])
            self._shared[name] = asked

    def forget(self) -> None:
        """Share nothing any longer: the tables it was read from are about to change."""
        self._shared.clear()

    def fingerprint(self) -> str:
        """Return a digest of every table, macro and view, which does not depend on the order of rows."""
        return fingerprint(self.con)

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
        from events.upcasters import rewritten

        stale = rewritten()
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
