"""What the index says of an event is the same whether it was recorded alone or with those that it speaks of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest

from events.base import Event
from ledger.reader import LedgerReader
from tests.ledger.scenes import company, event, new_ledger, purchase, warrant

STAND_IN = company("customer-1", stand_in=True)
IDENTIFIED = event("party_identified", placeholder="customer-1", company="amd")


def retracted(original: Event) -> Event:
    return event("event_retracted", corrects=original.key, reason="only a test", key="retraction")


def corrected(original: Event, **changes: object) -> Event:
    replacement = {**original.model_dump(mode="json", exclude_none=True, by_alias=True), **changes}
    return event(
        "event_corrected", corrects=original.key, replacement=replacement, reason="only a test", key="correction"
    )


def companies(folder: Path, portions: Iterable[Sequence[Event]]) -> dict[str, tuple[str, ...]]:
    """Record events in these portions, and read what companies the index names for each."""
    folder.mkdir()
    with new_ledger(folder) as ledger:
        for portion in portions:
            ledger.record(portion)
        with LedgerReader(ledger.path) as reader:
            return {entry.key: entry.companies for entry in reader.entries()}


@pytest.mark.parametrize(
    ("original", "named"),
    [
        (company("nvidia"), ("nvidia",)),
        (company("mellanox", parent="amd"), ("mellanox", "amd")),
        (IDENTIFIED, ("amd", "customer-1")),
        (purchase(), ("openai", "amd")),
        (warrant(), ("amd", "openai")),
        (event("metric_reported", company="amd", metric="cash", value="1", unit="USD", basis="gaap", on="2025-09-30"), ("amd",)),
    ],
    ids=lambda value: value.type if isinstance(value, Event) else "",
)  # fmt: skip
def test_a_retraction_goes_by_the_companies_of_what_it_takes_away(
    tmp_path: Path, original: Event, named: tuple[str, ...]
) -> None:
    first = [company("amd"), company("openai"), STAND_IN]
    portions: dict[str, list[list[Event]]] = {
        "at once": [[*first, original, retracted(original)]],
        "one step later": [[*first, original], [retracted(original)]],
    }
    for name, recorded in portions.items():
        found = companies(tmp_path / name, recorded)
        assert (found[original.key], found["retraction"]) == (named, named), name


def test_a_correction_goes_by_the_companies_that_it_puts_in_place(tmp_path: Path) -> None:
    first, original = [company("amd"), company("openai"), company("nvidia"), STAND_IN], IDENTIFIED
    correction = corrected(original, company="nvidia")
    for name, recorded in (
        ("at once", [[*first, original, correction]]),
        ("one step later", [[*first, original], [correction]]),
    ):
        found = companies(tmp_path / name, recorded)
        assert (found[original.key], found["correction"]) == (("amd", "customer-1"), ("nvidia", "customer-1")), name
