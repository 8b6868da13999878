"""What the index of a ledger says of its events, its companies and its head: plain rows, whichever store keeps them."""

from __future__ import annotations

from typing import NamedTuple, Protocol

__all__ = ["Company", "Entry", "Head", "Ranked", "rank"]


class Head(NamedTuple):
    """The state of the log: its number of events, its root in hexadecimal, the greatest `recorded_at` (or empty)."""

    size: int
    root: str
    at: str


class Entry(NamedTuple):
    """One recorded event as the index knows it; dates and instants are text, companies are slugs.

    `slot` is the position of the event whose chain of corrections this one belongs to, its own where it corrects none.
    """

    position: int
    key: str
    type: str
    family: str
    deal: str | None
    leg: str | None
    companies: tuple[str, ...]
    effective_on: str
    announced_on: str
    recorded_at: str
    recorder: str
    slot: int
    corrects: str | None
    amends: str | None
    about: str | None
    leaf_hash: bytes


class Ranked(Protocol):
    """Terms as they stand: `position` is that of the event itself, the dates are those of its last correction."""

    @property
    def effective_on(self) -> str:
        """The day from which they hold."""
        ...

    @property
    def announced_on(self) -> str:
        """The day from which they could be known."""
        ...

    @property
    def position(self) -> int:
        """The place of the event in the log."""
        ...


def rank(terms: Ranked) -> tuple[str, str, int]:
    """Return what decides between two terms of one leg: the greatest is in effect.

    The later effective day, then the later announced day, then the later place; `ordering_key` of the read side packs the
    same into one number.
    """
    return terms.effective_on, terms.announced_on, terms.position


class Company(NamedTuple):
    """A registered company with every name it goes by."""

    slug: str
    name: str
    names: tuple[str, ...]
    stand_in: bool
