"""The tables of a ledger kept in SQLite; whoever reads the file without this software starts here.

`stored_events` is the log: one stream, whose version is the position, with the leaf's bytes as the state. All other
tables are indexes over it and could be built again from it.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

__all__ = ["APPLICATION_ID", "LAYOUT_VERSION", "LEDGER_STREAM", "STATEMENTS", "documents_folder", "file_uri"]

LEDGER_STREAM = "2f8a4d1be06c5f3a9c7d5b1e60a3f492"
"""The one stream of a ledger, as `eventsourcing` writes its id."""

APPLICATION_ID = 0x6465616C
"""Marks the file as a ledger in SQLite's header (the letters `deal`)."""

LAYOUT_VERSION = 1

_ENTRY = """
CREATE TABLE IF NOT EXISTS entry (
  position     INTEGER PRIMARY KEY,
  key          TEXT NOT NULL UNIQUE,
  type         TEXT NOT NULL,
  family       TEXT NOT NULL,
  deal         TEXT,            -- for price_moved the deal it is about; for a correction what it corrects is about
  leg          TEXT,
  companies    TEXT NOT NULL,   -- ' amd openai ': every company named, as slugs between spaces
  effective_on TEXT NOT NULL,
  announced_on TEXT NOT NULL,
  recorded_at  TEXT NOT NULL,
  recorder     TEXT NOT NULL,
  slot         INTEGER NOT NULL, -- the position of the event whose chain of corrections this one belongs to
  corrects     TEXT REFERENCES entry(key),
  amends       TEXT REFERENCES entry(key) DEFERRABLE INITIALLY DEFERRED, -- may come later in the same import
  about        TEXT REFERENCES entry(key) DEFERRABLE INITIALLY DEFERRED,
  tranches     TEXT,            -- ' first second ': the tranches that the terms name
  leaf_hash    BLOB NOT NULL
)"""

STATEMENTS: tuple[str, ...] = (
    _ENTRY,
    "CREATE INDEX IF NOT EXISTS entry_leg ON entry (deal, family, leg) WHERE deal IS NOT NULL",
    # While a reference waits for its target, SQLite looks for whoever waits for each row that arrives.
    "CREATE INDEX IF NOT EXISTS entry_amends ON entry (amends) WHERE amends IS NOT NULL",
    "CREATE INDEX IF NOT EXISTS entry_about ON entry (about) WHERE about IS NOT NULL",
    "CREATE INDEX IF NOT EXISTS entry_chain ON entry (slot) WHERE corrects IS NOT NULL",
    """
    CREATE TABLE IF NOT EXISTS company_name (
      folded   TEXT NOT NULL,   -- names are compared in this form
      slot     INTEGER NOT NULL, -- the registration that gave the name
      company  TEXT NOT NULL,
      kind     TEXT NOT NULL,   -- slug, name, ticker or alias
      written  TEXT NOT NULL,
      stand_in INTEGER NOT NULL,
      PRIMARY KEY (folded, slot)
    ) WITHOUT ROWID""",
    "CREATE INDEX IF NOT EXISTS company_name_slot ON company_name (slot)",
    """
    CREATE TABLE IF NOT EXISTS tree_node (
      level INTEGER NOT NULL,   -- a multiple of 8: the node is the root over 2^level leaves
      place INTEGER NOT NULL,
      hash  BLOB NOT NULL,
      PRIMARY KEY (level, place)
    ) WITHOUT ROWID""",
    """
    CREATE TABLE IF NOT EXISTS log_head (
      id       INTEGER PRIMARY KEY CHECK (id = 1),
      size     INTEGER NOT NULL,
      at       TEXT NOT NULL,   -- the greatest recorded_at so far
      root     BLOB NOT NULL,
      frontier BLOB NOT NULL
    )""",
    # Nothing recorded is ever changed or removed; a slip of an administrator's hand is stopped here, and
    # anything more determined is what the hashes are for.
    *(
        f"CREATE TRIGGER IF NOT EXISTS {table}_no_{verb} BEFORE {verb.upper()} ON {table} "
        "BEGIN SELECT RAISE(ABORT, 'a ledger is only ever added to'); END"
        for table in ("stored_events", "entry")
        for verb in ("update", "delete")
    ),
)


def file_uri(path: Path, mode: str) -> str:
    """Return SQLite's address of a file, opened `ro`, `rw` or `rwc`, whatever characters its name has."""
    return f"file:{quote(str(path.absolute()))}?mode={mode}"


def documents_folder(path: Path) -> Path:
    """Return the folder beside a ledger in which attached documents lie."""
    return path.with_name(path.name + ".documents")
