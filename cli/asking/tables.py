"""The tables that a question is asked of: kept in a file beside the ledger where they can be, in memory where not."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Literal, NamedTuple

from cli.errors import KeptTablesDamagedError
from cli.input.place import projection_file
from cli.printing.output import say
from cli.printing.progress import watched

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb

    from ledger.reader import LedgerReader
    from ledger.store.entries import Head
    from projections.kept import Kept, LogAt
    from projections.warehouse import Warehouse

__all__ = ["Held", "damage_of", "fresh_tables", "held_against_the_log", "log_at"]

# Files that were found damaged as they were asked, until they are made anew.
_DISTRUSTED: set[Path] = set()


class Held(NamedTuple):
    """How the kept tables stand to the log, and that in words.

    `agree` or `differ` of tables that a query would ask; `none` where it would make them, `unfit` where it would not ask
    them for what is wrong with them, `lost` where they show that the log was longer.
    """

    verdict: Literal["agree", "differ", "none", "unfit", "lost"]
    said: str


def log_at(reader: LedgerReader, head: Head, *, label: str = "building tables") -> LogAt:
    """Return a ledger at a head as the tables know a log; `label` says what is done with its leaves."""
    from projections.kept import LogAt

    def root_at(size: int) -> str | None:
        from ledger.memory.guard import root_of
        from ledger.proof.errors import MissingNodesError

        try:
            return root_of(reader, size)
        except MissingNodesError:
            return None

    return LogAt(
        head.size,
        head.root,
        root_at,
        lambda after: watched(reader.feed(after=after, upto=head.size), label, head.size - after),
    )


def fresh_tables(db: str, reader: LedgerReader, head: Head) -> Warehouse:
    """Return the tables at the log's head; the file beside the ledger is brought up to them, where it can be written.

    A file that is damaged, of another log or ahead of this one is never asked: that is told, and it is made anew. What is
    no file is left alone. Raises LedgerDamagedError where the log cannot be made into tables and is not what was recorded.
    """
    import duckdb

    from projections.kept import catch_up, look, open_kept

    log = log_at(reader, head)
    kept = look(projection_file(db), log)
    if kept.path in _DISTRUSTED and kept.condition in {"current", "behind"}:
        kept = kept._replace(condition="damaged")
    _tell(kept, head, reader)
    if kept.condition == "obstructed" or (kept.condition == "ahead" and reader.head().size >= kept.size):
        # Where somebody has recorded since this question began, the file is theirs, and right for the next one.
        return _made(reader, head, log)
    current = kept.condition == "current"
    if kept.condition == "behind":
        # What cannot be caught up is made anew; if it cannot be written either, that is told below.
        with suppress(OSError, duckdb.Error):
            current = catch_up(kept, log)
    opened = open_kept(kept.path, log) if current else None
    if opened is not None:
        return opened
    if kept.condition == "current" and look(kept.path, log).condition == "current":
        _tell(kept._replace(condition="damaged"), head, reader)  # its last line was written over damaged bytes
    built = _made(reader, head, log)
    _keep(built, kept.path, log)
    return built


def _made(reader: LedgerReader, head: Head, log: LogAt) -> Warehouse:
    import duckdb

    from ledger.proof.merkle import Frontier, leaf_hashes
    from ledger.store.sqlite_failures import unreadable
    from projections.warehouse import Warehouse

    try:
        return Warehouse.in_memory(log.feed(0), root=head.root)
    except (duckdb.Error, ValueError) as error:
        tree = Frontier()
        for batch in reader.feed(upto=head.size):
            tree.extend(leaf_hashes(leaf for _, leaf in batch))
        if tree.root().hex() == head.root:
            raise
        said = str(error).partition("\n")[0]
        raise unreadable(f"its events are not those that were recorded ({said})") from error


def _keep(built: Warehouse, path: Path, log: LogAt) -> None:
    """Keep what was made; a folder that cannot be written and a full disk are told and change no answer."""
    import duckdb

    from projections.kept import keep

    try:
        keep(built, path, log)
        _DISTRUSTED.discard(path)
    except (OSError, duckdb.Error) as error:
        said = str(error).partition("\n")[0]
        say(f"note: the tables cannot be kept in {path} for now ({said}); this answer was made without the file")


def damage_of(db: str, error: duckdb.Error) -> KeptTablesDamagedError | None:
    """Return what to raise where DuckDB failed for a kept file that is damaged; from then on the file is not asked.

    The last line of a file vouches for its bytes, but somebody may have written it over damaged ones.
    """
    import duckdb

    from projections.kept import is_sound

    path = projection_file(db)
    if isinstance(error, duckdb.OutOfMemoryException) or not path.is_file() or is_sound(path):
        return None
    _DISTRUSTED.add(path)
    said = str(error).partition("\n")[0]
    return KeptTablesDamagedError(
        f"{path}: the kept tables are damaged ({said})",
        advice="ask again, and they are made anew; or run `deals rebuild`",
    )


def held_against_the_log(db: str, reader: LedgerReader, head: Head) -> Held:
    """Make the tables anew in memory and compare every one with those that are kept; nothing is changed."""
    from projections.kept import look

    kept = look(projection_file(db), log_at(reader, head))
    if kept.condition == "absent":
        return Held("none", "none are kept; the next query makes them")
    if kept.condition == "obstructed":
        said = f"{kept.obstacle}; it is left alone, and queries make their tables in memory until it is moved away"
        return Held("unfit", said)
    if kept.condition == "foreign":
        said = f"{kept.path} is of another version, or its end was cut off"
        return Held("none", f"{said}; the next query makes it anew without asking it")
    if kept.condition == "ahead":
        return Held("lost", _ahead(kept, head))
    if kept.condition in _UNFIT:
        said = f"{kept.path} {_UNFIT[kept.condition]}; the next query makes it anew without asking it"
        return Held("unfit", said)
    return _compared(kept, reader)


def _compared(kept: Kept, reader: LedgerReader) -> Held:
    import duckdb

    from projections.kept import differences

    feed = watched(reader.feed(upto=kept.size), "comparing tables", kept.size)
    try:
        wrong = differences(kept, feed)
    except duckdb.Error as error:
        said = str(error).partition("\n")[0]
        return Held("none", f"{kept.path} cannot be compared: the log's tables cannot be made ({said})")
    if wrong:
        said = f"{kept.path} is not what the log amounts to: {', '.join(wrong)}; make it anew with `deals rebuild`"
        return Held("differ", said)
    behind = f" up to event {kept.size}; the next query adds the rest" if kept.condition == "behind" else ""
    return Held("agree", f"{kept.path} is what the log amounts to{behind} (made anew and compared)")


_UNFIT: dict[str, str] = {
    "unreadable": "cannot be read",
    "damaged": "was altered or damaged since it was written",
    "of another log": "was made from other events than this ledger's",
}


def _ahead(kept: Kept, head: Head) -> str:
    return (
        f"{kept.path} was made from {kept.size} events, but the log has {head.size}: events were lost from it, or an older "
        "copy or another ledger lies in its place"
    )


def _tell(kept: Kept, head: Head, reader: LedgerReader) -> None:
    """Say what was wrong with a kept file, where it is more than its age."""
    if kept.condition == "obstructed":
        say(f"note: {kept.obstacle}; it is left alone, and this answer was made without kept tables")
    elif kept.condition == "ahead":
        if reader.head().size >= kept.size:
            return
        advice = "`deals audit verify --checkpoint FILE` compares the log with a checkpoint that somebody kept"
        say(f"warning: {_ahead(kept, head)}. The tables are made anew from what is there; {advice}")
    elif kept.condition in _UNFIT:
        say(f"note: {kept.path} {_UNFIT[kept.condition]}; it is made anew from the log")
