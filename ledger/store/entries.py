"""What the index of a ledger says of its events, its companies and its head: plain rows, whichever store keeps them."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["Company", "Entry", "Head"]


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


class Company(NamedTuple):
    """A registered company with every name it goes by."""

    slug: str
    name: str
    names: tuple[str, ...]
    stand_in: bool
