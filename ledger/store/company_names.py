"""One name of a company as the index keeps it, and the names that an older release may have compared otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from events.names import folded

__all__ = ["OLDER_NAMES", "NameRow", "older_names"]


class NameRow(NamedTuple):
    """One name of a company, by the registration (its position) that gave it."""

    folded: str
    slot: int
    company: str
    kind: str
    written: str
    stand_in: bool


# The compared form lies in the file as the release that wrote it made it; of plain ASCII every release makes the same.
OLDER_NAMES = (
    "SELECT folded, slot, company, kind, written, stand_in FROM company_name WHERE folded GLOB '*[^ -~]*' ORDER BY slot"
)


def older_names(rows: Iterable[tuple[Any, ...]]) -> Iterator[NameRow]:
    """Fold the names of `OLDER_NAMES` by the rule of today; gives those that are stored in another form, brought to it."""
    for stored, slot, company, kind, written, stand_in in rows:
        today = folded(written)
        if today != stored:
            yield NameRow(today, slot, company, kind, written, bool(stand_in))
