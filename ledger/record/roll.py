"""Who goes by which name: the companies of the ledger, and on top of them those of the batch as far as it is read."""

from __future__ import annotations

from collections.abc import Iterable

import orjson

from events.base import Event
from events.companies import CompanyRegistered
from events.lookalikes import looks
from events.names import directory, folded
from ledger.record.drafts import Draft
from ledger.store.company_names import NameRow
from ledger.store.recorder import IndexView

__all__ = ["IDENTIFIERS", "Roll", "name_rows"]

IDENTIFIERS = ("cik", "lei")
"""The fields of a registration by which authorities know a company, and no two companies by one."""


def name_rows(event: Event, slot: int) -> list[NameRow]:
    """Return every name that a registration makes its company known by, each once."""
    assert isinstance(event, CompanyRegistered)  # noqa: S101 - callers know by the family
    written = [("name", event.name), ("slug", event.company)]
    written += [("ticker", event.ticker)] if event.ticker else []
    written += [("alias", alias) for alias in event.aliases]
    rows: dict[str, NameRow] = {}
    for kind, name in written:
        row = NameRow(folded(name), slot, event.company, kind, name, event.stand_in)
        rows.setdefault(row.folded, row)
    return list(rows.values())


class Roll:
    """The names that stand; `registered` collects those that the batch changes, by the slot of the registration.

    `own_slugs` are names found to be slugs already.
    """

    def __init__(self, reading: IndexView, *, empty: bool) -> None:
        self._reading = reading
        self._empty = empty
        self._older_read = empty
        self._asked: set[str] = set()
        self._rows: dict[str, dict[int, NameRow]] = {}
        self._slugs: dict[str, str | None] = {}
        self.own_slugs: set[str] = set()
        self._promised: dict[str, str] = {}
        self.registered: dict[int, list[NameRow]] = {}
        # What follows is read from the ledger once a registration is judged by it.
        self._shapes: dict[str, tuple[NameRow, ...]] | None = None
        self._identifiers: dict[tuple[str, str], dict[int, str]] | None = None
        self._identified: dict[int, tuple[str, dict[str, str]]] = {}

    def foresee(self, names: Iterable[str]) -> None:
        """Ask who goes by these names."""
        wanted = {folded(name) for name in names} - self._asked
        self._asked |= wanted
        if self._empty:
            return
        rows = [*self._reading.names(wanted)]
        if not self._older_read:
            self._older_read = True
            rows += self._reading.older_names()
        for row in rows:
            if row.slot not in self.registered:  # what the batch says of a registration is newer
                self._rows.setdefault(row.folded, {})[row.slot] = row

    def slug(self, name: str) -> str | None:
        """Return the company that goes by a name in whatever spelling, or None."""
        if name not in self._slugs:
            key = folded(name)
            self.foresee([name])
            # A slug is its own company's; of two companies with one name, which older ledgers may hold, the first has it.
            rows = (
                sorted(self._rows.get(key, {}).values(), key=lambda row: (row.company != key, row.slot)) if key else []
            )
            slug = self._slugs[name] = rows[0].company if rows else self._promised.get(key)
            if slug == name:
                self.own_slugs.add(name)
        return self._slugs[name]

    def holders(self, folded_name: str) -> list[NameRow]:
        """Return who goes by a name, in the order of registration."""
        self.foresee([folded_name])
        rows = self._rows.get(folded_name, {})
        return [rows[slot] for slot in sorted(rows)]

    def registration_of(self, company: str) -> NameRow | None:
        """Return the slug's row of the latest registration of a company that stands, or None where none does."""
        return next((row for row in reversed(self.holders(folded(company))) if row.company == company), None)

    def look_alikes(self, name: str) -> list[NameRow]:
        """Return the names that cannot be told from a name by the eye, in the order of registration."""
        if self._shapes is None:
            self._shapes = {}
            rows = [] if self._empty else [row for row in self._reading.every_name() if row.slot not in self.registered]
            self._draw([*rows, *(row for entered in self.registered.values() for row in entered)])
        found = {(row.slot, row.written): row for shape in looks(name) for row in self._shapes.get(shape, ())}
        return [found[place] for place in sorted(found)]

    def _draw(self, rows: Iterable[NameRow]) -> None:
        if self._shapes is None:
            return
        for row in rows:
            if row.kind != "ticker":  # capitals and digits that nobody reads as a name
                for shape in looks(row.written):
                    self._shapes[shape] = (*self._shapes.get(shape, ()), row)

    def identified_by(self, field: str, value: str) -> dict[int, str]:
        """Return the companies that have an identifier, by the slot of the registration that says so."""
        if self._identifiers is None:
            self._identifiers = {}
            for slot, leaf in () if self._empty else self._reading.registrations():
                event = orjson.loads(leaf)["event"]
                said = event.get("replacement", event)
                told = {name: said[name] for name in IDENTIFIERS if name in said}
                self._identified.setdefault(slot, (said["company"], told))
            for slot in self._identified:
                self._identify(slot)
        return self._identifiers.get((field, value), {})

    def _identify(self, slot: int) -> None:
        company, told = self._identified[slot]
        for pair in told.items():
            if self._identifiers is not None:
                self._identifiers.setdefault(pair, {})[slot] = company

    def near(self, name: str) -> list[str]:
        """Return names that look or begin like this one, slugs last, for a hint."""
        rows = [] if name.isascii() else self.look_alikes(name)
        rows += [row for of_name in self._rows.values() for row in of_name.values()]
        if not self._empty:
            rows += self._reading.names_like(folded(name)[:1], 5_000)
        return [row.written for row in rows] + [row.company for row in rows]

    def enter(self, event: Event, slot: int) -> None:
        """Let the names of a new registration stand in its slot."""
        self.registered[slot] = name_rows(event, slot)
        for row in self.registered[slot]:
            self._rows.setdefault(row.folded, {})[slot] = row
        self._draw(self.registered[slot])
        said = event.__dict__
        told = {name: said[name] for name in IDENTIFIERS if said.get(name)}
        self._identified[slot] = said["company"], told
        self._identify(slot)
        self._forget_slugs()

    def replace(self, event: Event | None, slot: int) -> None:
        """Let other names, or none, stand in the slot of an earlier registration."""
        for index in (self._rows, self._identifiers or {}):
            for of_one in index.values():
                of_one.pop(slot, None)
        shapes = self._shapes or {}
        for shape in [shape for shape, rows in shapes.items() if any(row.slot == slot for row in rows)]:
            shapes[shape] = tuple(row for row in shapes[shape] if row.slot != slot)
        self.registered[slot] = []
        self._identified[slot] = "", {}
        self._forget_slugs()
        if event is not None:
            self.enter(event, slot)

    def promise(self, registrations: Iterable[Draft]) -> None:
        """Let registrations name each other as parents whatever their order, until `keep_promises`."""
        entered = [name_rows(draft.model(), 0) for draft in registrations]
        self._promised = directory((rows[0].company, [row.written for row in rows]) for rows in entered)

    def keep_promises(self) -> None:
        """From here on only registrations that were entered count."""
        self._promised.clear()
        self._forget_slugs()

    def _forget_slugs(self) -> None:
        self._slugs.clear()
        self.own_slugs.clear()
