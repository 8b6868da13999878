"""Reading a document field by field: every complaint is kept with its place, so that all of them are told at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal, TypeAlias

from events.errors import DealsError, suggestion
from events.quantities import QUESTION_PLACES, NotReadableError, as_written, count, share
from events.quantities import number as read_number

__all__ = ["FieldKind", "Fields", "Quantity", "Range", "ScenarioError", "number"]


class ScenarioError(DealsError):
    """A scenario cannot be read: the message has one line for each field that is wrong."""


@dataclass(frozen=True, slots=True)
class Range:
    """Anything between two numbers is equally likely; without draws the middle counts."""

    low: Decimal
    high: Decimal

    def middle(self) -> Decimal:
        """Return the number halfway."""
        return (self.low + self.high) / 2

    def at(self, part: float) -> Decimal:
        """Return the number at a part (0 to 1) of the way up."""
        return self.low + (self.high - self.low) * Decimal(repr(part))


Quantity: TypeAlias = Decimal | Range
FieldKind: TypeAlias = Literal["share", "price", "figure"]
"""What a number is: a fraction (25% will do), a price of one thing, or money or a count (40B will do)."""
ZERO = Decimal(0)


class Fields:
    """The fields of one mapping of a document; asking for a field ticks it off, and what is left over is unknown."""

    def __init__(self, document: Any, *, where: str, complaints: list[str] | None = None) -> None:  # noqa: ANN401 - whatever a file held
        self.where = where
        self.complaints: list[str] = [] if complaints is None else complaints
        self._children: list[Fields] = []
        self._asked: dict[str, None] = {}
        self._held: Mapping[str, Any] = document if isinstance(document, Mapping) else {}
        if not isinstance(document, Mapping):
            self.complain("", f"not a mapping of fields (got {document!r})")

    def complain(self, name: str, what: str) -> None:
        """Keep a complaint about a field."""
        place = f"{self.where}{name}".rstrip(".") or "scenario"
        self.complaints.append(f"{place}: {what}")

    def has(self, name: str) -> bool:
        """Say whether a field is given; null counts as left out."""
        self._asked[name] = None
        return self._held.get(name) is not None

    def text(self, name: str, *, default: str | None = None) -> str:
        """Return a text."""
        if not self.has(name):
            if default is None:
                self.complain(name, "needed")
            return default or ""
        value = self._held[name]
        if not isinstance(value, str) or not value.strip():
            self.complain(name, f"not a text (got {value!r})")
            return default or ""
        return value.strip()

    def choice(self, name: str, known: Sequence[str], *, default: str | None = None) -> str:
        """Return one of the words known."""
        value = self.text(name, default=default)
        if value not in known and self.has(name):
            self.complain(name, f"not one of {', '.join(known)} (got {value!r}) {suggestion(value, known)}".rstrip())
        return value

    def choices(self, name: str, known: Sequence[str], *, default: Sequence[str]) -> tuple[str, ...]:
        """Return some of the words known, in their own order."""
        if not self.has(name):
            return tuple(default)
        values = self._held[name]
        listed = [values] if isinstance(values, str) else values
        if not isinstance(listed, list) or not listed:
            self.complain(name, f"not a list of words (got {values!r})")
            return tuple(default)
        for value in listed:
            if value not in known:
                self.complain(name, f"not one of {', '.join(known)} (got {value!r})")
        return tuple(word for word in known if word in listed)

    def flag(self, name: str) -> bool:
        """Return true or false; false where left out."""
        value = self._held[name] if self.has(name) else False
        if not isinstance(value, bool):
            self.complain(name, f"neither true nor false (got {value!r})")
        return value is True

    def whole(self, name: str, *, least: int, most: int | None = None) -> int | None:
        """Return a whole number, None where left out."""
        if not self.has(name):
            return None
        value = _whole(self._held[name])
        if value is None:
            self.complain(name, f"not a whole number (got {self._held[name]!r})")
            return None
        if value < least or (most is not None and value > most):
            self.complain(name, f"not between {least} and {'any' if most is None else most} (got {value})")
            return None
        return value

    def number(
        self, name: str, *, least: Decimal | None = ZERO, most: Decimal | None = None, kind: FieldKind = "share"
    ) -> Quantity | None:
        """Return a number or a range `[low, high]`, None where left out."""
        if not self.has(name):
            return None
        value = self._held[name]
        ends = value if isinstance(value, list) else [value]
        try:
            known = [_decimal(end, kind) for end in ends]
        except NotReadableError as error:
            self.complain(name, f"neither a number nor a range [low, high] (got {value!r}): {error.advice}")
            return None
        if len(known) not in {1, 2}:
            self.complain(name, f"neither a number nor a range [low, high] (got {value!r})")
            return None
        if any((least is not None and end < least) or (most is not None and end > most) for end in known):
            self.complain(name, f"not between {_bound(least)} and {_bound(most)} (got {value!r})")
            return None
        if known != sorted(known):
            self.complain(name, f"the range ends below its beginning (got {value!r})")
            return None
        return known[0] if len(known) == 1 else Range(*known)

    def given(self, name: str, usual: Quantity, *, most: Decimal | None = None) -> Quantity:
        """Return a number from 0 up, or the usual one where left out."""
        found = self.number(name, most=most)
        return usual if found is None else found

    def required(
        self, name: str, *, least: Decimal | None = ZERO, most: Decimal | None = None, kind: FieldKind = "share"
    ) -> Quantity:
        """Return a number that has to be there."""
        if not self.has(name):
            self.complain(name, "needed")
        found = self.number(name, least=least, most=most, kind=kind)
        return ZERO if found is None else found

    def numbers(self, name: str, *, most: Decimal | None = None) -> dict[str, Quantity]:
        """Return a mapping of names to numbers, empty where left out."""
        inner = self.within(name)
        return {key: inner.required(key, most=most) for key in inner.names()}

    def names(self) -> Iterable[str]:
        """List the fields given."""
        return tuple(self._held)

    def within(self, name: str) -> Fields:
        """Return the fields of a mapping inside, empty where left out."""
        document = self._held[name] if self.has(name) else {}
        return self._child(document, f"{self.where}{name}.")

    def holds_mapping(self, name: str) -> bool:
        """Say whether a field holds fields of its own."""
        return self.has(name) and isinstance(self._held[name], Mapping)

    def everything(self) -> dict[str, Any]:
        """Return all fields as they stand."""
        self.forgive()
        return dict(self._held)

    def each(self, name: str) -> list[Fields]:
        """Return the mappings of a list, none where left out."""
        items = self._held[name] if self.has(name) else []
        if not isinstance(items, list):
            self.complain(name, f"not a list (got {items!r})")
            return []
        return [self._child(item, f"{self.where}{name}[{number}].") for number, item in enumerate(items)]

    def _child(self, document: Any, where: str) -> Fields:  # noqa: ANN401 - whatever a file held
        child = Fields(document, where=where, complaints=self.complaints)
        self._children.append(child)
        return child

    def forgive(self) -> None:
        """Let the fields pass that nobody asked for: what kind of thing they belong to is not known."""
        self._asked.update(dict.fromkeys(self._held))

    def finish(self) -> None:
        """Raise ScenarioError if anything was wrong or left over."""
        self.complain_of_leftovers()
        if self.complaints:
            raise ScenarioError(
                "\n".join(self.complaints), advice="mend the fields named above; docs/scenarios.md lists them all"
            )

    def complain_of_leftovers(self) -> None:
        """Keep a complaint about every field, here and inside, that nobody asked for."""
        for name in self._held:
            if name not in self._asked:
                self.complain(str(name), f"no such field {suggestion(str(name), self._asked)}".rstrip())
        for child in self._children:
            child.complain_of_leftovers()


def _decimal(value: Any, kind: FieldKind) -> Decimal:  # noqa: ANN401 - whatever a file held
    """Read a number as it was written, a float by its shortest form. Raises NotReadableError."""
    text = as_written(value)
    if kind == "share":
        return share(text, places=QUESTION_PLACES)
    return read_number(text, style="whole", scaled=kind == "figure", places=QUESTION_PLACES)


def _whole(value: Any) -> int | None:  # noqa: ANN401 - whatever a file held
    """Read a whole number; None for anything else."""
    try:
        return count(value) if isinstance(value, str) else value if type(value) is int else None
    except NotReadableError:
        return None


def _bound(limit: Decimal | None) -> str:
    return "any" if limit is None else f"{limit:f}"


def number(quantity: Quantity) -> Decimal:
    """Return a quantity's number; a range that no draw has settled counts by its middle."""
    return quantity.middle() if isinstance(quantity, Range) else quantity
