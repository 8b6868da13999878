"""What became of a recorded event: how it reads now, what each correction changed in it, and the documents beside it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from events.errors import NotFoundError

if TYPE_CHECKING:
    from events.envelope import Recorded
    from ledger.reader import LedgerReader
    from ledger.store.entries import Entry

__all__ = ["Attached", "Change", "History", "Step", "attached", "histories", "history"]

Raw = dict[str, Any]


class Change(NamedTuple):
    """A field by its dotted name, and its stored value before and after; None where it was or is left out."""

    field: str
    was: Any
    now: Any


class Step(NamedTuple):
    """A member of a chain: how the event read from then on (None: retracted), and what that changed."""

    entry: Entry
    recorded: Recorded
    reading: Raw | None
    changes: tuple[Change, ...]


class History(NamedTuple):
    """An event with all its corrections and retractions, in the order of recording."""

    steps: tuple[Step, ...]

    @property
    def first(self) -> Step:
        """The event as it was recorded."""
        return self.steps[0]

    @property
    def last(self) -> Step:
        """What decides how the event stands."""
        return self.steps[-1]

    @property
    def now(self) -> Raw | None:
        """How the event reads now; None where it is retracted."""
        return self.last.reading

    @property
    def latest(self) -> Raw:
        """How the event read last, retracted since or not."""
        return next(step.reading for step in reversed(self.steps) if step.reading is not None)

    @property
    def is_changed(self) -> bool:
        """Whether anything was corrected or retracted."""
        return len(self.steps) > 1


class Attached(NamedTuple):
    """A document: the event by which it was attached, what it says, where the file lies (empty: nowhere), and its end."""

    entry: Entry
    raw: Raw
    place: str
    retracted: str


def history(reader: LedgerReader, key: str) -> History:
    """Return the history of an event by the key of any member of its chain. Raises KeyNotFoundError."""
    return _followed(reader, reader.chain(key))


def histories(reader: LedgerReader, entries: Iterable[Entry]) -> list[History]:
    """Return the history of every event that entries belong to, in their order; corrections alone stand for their event."""
    touched = {
        entry.slot for kind in ("event_corrected", "event_retracted") for entry in reader.entries(type_name=kind)
    }
    first_of_slot: dict[int, Entry] = {}
    for entry in entries:
        first_of_slot.setdefault(entry.slot, entry)
    chains = (reader.chain(entry.key) if slot in touched else [entry] for slot, entry in sorted(first_of_slot.items()))
    return [_followed(reader, chain) for chain in chains]


def attached(reader: LedgerReader, keys: set[str]) -> list[Attached]:
    """Return the documents attached to events with these keys, in the order of the log."""
    entries = [entry for entry in reader.entries(type_name="document_attached") if entry.about in keys]
    documents = []
    for told in histories(reader, entries):
        raw = told.latest
        try:
            place = str(reader.document(raw["sha256"]))
        except NotFoundError:
            place = ""
        retracted = "" if told.now is not None else str(told.last.recorded.raw["reason"])
        documents.append(Attached(told.first.entry, raw, place, retracted))
    return documents


def _followed(reader: LedgerReader, chain: list[Entry]) -> History:
    steps: list[Step] = []
    before: Raw = {}
    for entry in chain:
        recorded = reader.recorded(entry.position)
        reading = _reading(entry, recorded)
        changes = tuple(_changes(before, reading)) if steps and reading is not None else ()
        steps.append(Step(entry, recorded, reading, changes))
        before = before if reading is None else reading
    return History(tuple(steps))


def _reading(entry: Entry, recorded: Recorded) -> Raw | None:
    if entry.corrects is None:
        return recorded.raw
    return recorded.raw.get("replacement")


def _changes(before: Raw, after: Raw) -> Iterator[Change]:
    """Compare two readings field by field, in the order in which the later one says them."""
    old, new = dict(_fields(before)), dict(_fields(after))
    for name in [*new, *(name for name in old if name not in new)]:
        if old.get(name) != new.get(name):
            yield Change(name, old.get(name), new.get(name))


def _fields(raw: Raw) -> Iterator[tuple[str, Any]]:
    """Take apart what is read in parts: a source by its fields, a list of groups item by item."""
    for name, value in raw.items():
        if name in {"source", "date_precision"} and isinstance(value, dict):
            yield from ((f"{name}.{part}", inner) for part, inner in value.items())
        elif isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
            yield from ((f"{name}.{place}", item) for place, item in enumerate(value))
        elif value != []:
            yield name, value
