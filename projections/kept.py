"""Tables kept in a file between questions: whether they may be asked, and how they are made anew or caught up.

A kept file belongs to one content and one log, and says so in its last line (`seal`). It is never changed where it lies:
its successor is made aside, sealed, and renamed into its place. So a file that is there is whole, one that was interrupted has
another name, and one whose bytes were altered shows it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple

from projections.aside import clear_away, making_aside
from projections.content import content_digest
from projections.fingerprint import contents
from projections.places import obstacle, remove_orphan
from projections.seal import Seal, break_seal, ends_whole, read_seal, seal_file
from projections.warehouse import CONFIG, Warehouse

if TYPE_CHECKING:
    from pathlib import Path

    from events.envelope import Feed

__all__ = ["Kept", "KeptCondition", "LogAt", "catch_up", "differences", "is_sound", "keep", "look", "open_kept"]

KeptCondition = Literal[
    "absent", "obstructed", "unreadable", "foreign", "damaged", "ahead", "of another log", "behind", "current"
]
"""What a kept file is to a log.

`obstructed`: what lies there is no file, and is neither opened nor replaced. `unreadable`: the system does not let it be read.
`foreign`: of another content or of a former release. `damaged`: its bytes are not those that were written. `ahead`: it was made from more events than the log has. `of another log`: from other events. `behind`: from the first
of its events. Only a `current` file may be asked.
"""


class LogAt(NamedTuple):
    """A log as it stands: its size and root (hexadecimal), the root it had at a smaller size, its leaves after a position.

    `root_at` gives None where the log cannot tell. `feed` ends at the size.
    """

    size: int
    root: str
    root_at: Callable[[int], str | None]
    feed: Callable[[int], Feed]


class Kept(NamedTuple):
    """A kept file, what it is to the log it was looked at for, and what its last line says, where it has one."""

    path: Path
    condition: KeptCondition
    seal: Seal | None = None
    obstacle: str = ""

    @property
    def size(self) -> int:
        """The number of events that the file says it was made from; 0 where it says nothing."""
        return 0 if self.seal is None else self.seal.size

    @property
    def root(self) -> str:
        """The root of the log that the file says it was made from; empty where it says nothing."""
        return "" if self.seal is None else self.seal.root


def look(path: Path, log: LogAt) -> Kept:
    """Read a kept file from end to end and say what it is to a log; nothing is changed."""
    in_the_way = obstacle(path)
    if in_the_way:
        return Kept(path, "obstructed", obstacle=in_the_way)
    try:
        seal = read_seal(path)
        if seal is None:
            # A former release wrote no such line, but its files end where a block of the database ends.
            return Kept(path, "foreign" if ends_whole(path) else "damaged")
    except FileNotFoundError:
        return Kept(path, "absent")
    except OSError:
        return Kept(path, "unreadable")
    return Kept(path, _condition(seal, log), seal)


def _condition(seal: Seal, log: LogAt) -> KeptCondition:
    if not seal.intact:
        return "damaged"
    if seal.size > log.size:
        return "ahead"
    if seal.root != (log.root if seal.size == log.size else log.root_at(seal.size)):
        return "of another log"
    if seal.content != content_digest():
        return "foreign"
    return "behind" if seal.size < log.size else "current"


def open_kept(path: Path, log: LogAt) -> Warehouse | None:
    """Open a file that was found current; None where it cannot be opened, or another has taken its place meanwhile."""
    opened = _open(path)
    if opened is None or _notes(opened) == (log.size, log.root, content_digest()):
        return opened
    opened.close()
    return None


def _open(path: Path) -> Warehouse | None:
    import duckdb

    if obstacle(path):
        return None
    try:
        remove_orphan(path)
        con = duckdb.connect(str(path), read_only=True, config=CONFIG)
    except (OSError, duckdb.Error):
        return None
    return Warehouse(con, position=0)


def _notes(opened: Warehouse) -> tuple[int, str, str] | None:
    """Return what tables note of themselves, and take over the position; None where there is nothing of the kind."""
    import duckdb

    try:
        built = opened.built_from()
    except (duckdb.Error, IndexError):
        return None
    opened.position = built[0]
    return built


def keep(built: Warehouse, path: Path, log: LogAt) -> bool:
    """Keep tables made in memory; False, and nothing is kept, where they are not those of the whole log.

    Raises OSError or duckdb.Error where the file cannot be written.
    """
    if built.position != log.size:
        return False
    _refuse_obstacle(path)
    clear_away(path)
    with making_aside(path) as fresh:
        built.copy_to(fresh)
        _put(fresh, path, log)
    return True


def catch_up(kept: Kept, log: LogAt) -> bool:
    """Bring a file that is behind up to the log; False where it has to be made anew.

    Raises OSError or duckdb.Error where the file cannot be written.
    """
    import shutil

    import duckdb

    clear_away(kept.path)
    with making_aside(kept.path) as fresh:
        shutil.copyfile(kept.path, fresh)
        seal = read_seal(fresh)
        if seal is None or seal != kept.seal:
            return False
        break_seal(fresh, seal)
        with Warehouse(duckdb.connect(str(fresh), config=CONFIG), position=0) as warehouse:
            if _notes(warehouse) != (seal.size, seal.root, seal.content):
                return False
            warehouse.catch_up(log.feed(seal.size), root=log.root)
            if warehouse.position != log.size:
                return False
            warehouse.con.execute("CHECKPOINT")
        _put(fresh, kept.path, log)
    return True


def _put(fresh: Path, path: Path, log: LogAt) -> None:
    """Seal a finished file and put it in its place in one step."""
    seal_file(fresh, content=content_digest(), size=log.size, root=log.root)
    _refuse_obstacle(path)
    remove_orphan(path)
    fresh.replace(path)


def _refuse_obstacle(path: Path) -> None:
    in_the_way = obstacle(path)
    if in_the_way:
        raise OSError(f"{in_the_way}, and is left alone")


def is_sound(path: Path) -> bool:
    """Say whether every table of a kept file can be read to its end and nothing that a question asks is missing.

    The last line of a file promises neither where somebody wrote it anew.
    """
    import duckdb

    opened = _open(path)
    if opened is None:
        return False
    with opened, Warehouse.in_memory(iter(())) as empty:
        right = contents(empty.con)
        try:
            there = contents(opened.con)
        except duckdb.Error:
            return False
    rules = {name for name in right if not name.startswith("table ")}
    return right.keys() == there.keys() and all(right[name] == there[name] for name in rules)


def differences(kept: Kept, feed: Feed) -> Sequence[str]:
    """Name the tables and macros of a kept file that are not what a log's leaves, up to the file's size, amount to.

    An empty answer means that they agree. The tables are made in memory for it, whatever their size.
    """
    import duckdb

    opened = _open(kept.path)
    if opened is None:
        return ["the whole file, which cannot be opened"]
    with opened, Warehouse.in_memory(feed, root=kept.root) as made:
        theirs = contents(made.con)
        try:
            ours = contents(opened.con)
        except duckdb.Error as error:
            return [f"the whole file, which cannot be read ({str(error).partition(chr(10))[0]})"]
    return [name for name in sorted(ours.keys() | theirs.keys()) if ours.get(name) != theirs.get(name)]
