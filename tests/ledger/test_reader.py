"""Reading with nothing but the standard library: feeds, lookups, chains, positions in time."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from pathlib import Path

import pytest

from events.codec import encode
from events.envelope import instant_text, read_feed
from ledger.reader import LedgerReader
from ledger.store.entries import Company
from ledger.store.errors import DocumentNotFoundError, KeyNotFoundError
from tests.ledger.scenes import START, company, delivery, event, ledger_with, new_ledger, purchase, warrant

ROOT = Path(__file__).parents[2]
LATE = purchase(announced_on="2025-12-01", amends="one/supply/2025-10-06")


@pytest.fixture
def reader(tmp_path: Path) -> LedgerReader:
    price = event("price_moved", company="amd", session="2025-10-06", basis="close", about="one", **{"return": "0.2"})
    with ledger_with(tmp_path, [purchase(), warrant(), delivery(), LATE, price]) as ledger:
        ledger.correct("one/warrant/2025-10-06", warrant(shares_max=200), reason="misread")
        ledger.attach("one/supply/2025-10-06", b"paper", media_type="text/plain")
    return LedgerReader(tmp_path / "deals.db")


@pytest.mark.parametrize("batch", [1, 3, 8, 100])
def test_a_feed_gives_every_leaf_once_whatever_the_batch(reader: LedgerReader, batch: int) -> None:
    batches = list(reader.feed(batch=batch))
    assert [position for part in batches for position, _ in part] == list(range(1, 10))
    assert max(len(part) for part in batches) == min(batch, 9)
    assert [one.position for one in read_feed(reader.feed(after=3, upto=5, batch=batch))] == [4, 5]
    assert list(reader.feed(after=9)) == []


def test_a_feed_ends_where_it_began_to_read(reader: LedgerReader, tmp_path: Path) -> None:
    feed = reader.feed(batch=2)
    seen = [position for position, _ in next(iter(feed))]
    with ledger_with(tmp_path / "unrelated") as other:
        other.record([company("x")])
    assert seen == [1, 2]


def test_an_entry_is_found_by_its_key(reader: LedgerReader) -> None:
    entry = reader.find(LATE.key)
    assert entry is not None
    assert entry._replace(leaf_hash=b"") == (
        6, "one/supply/2025-12-01", "purchase_committed", "terms", "one", "supply", ("openai", "amd"), "2025-12-01",
        "2025-12-01", "2026-01-31T09:30:01.000000Z", "tester", 6, None, "one/supply/2025-10-06", None, b"",
    )  # fmt: skip
    assert reader.find("nothing") is None
    assert encode(reader.recorded(6).event) == encode(LATE)
    with pytest.raises(KeyNotFoundError, match="no event number 10"):
        reader.recorded(10)


def test_a_chain_is_found_from_any_member(reader: LedgerReader) -> None:
    whole = ["one/warrant/2025-10-06", "one/warrant/2025-10-06/corrected-2026-01-31"]
    for key in whole:
        assert [entry.key for entry in reader.chain(key)] == whole
    assert [entry.position for entry in reader.chain(LATE.key)] == [6]
    with pytest.raises(KeyNotFoundError):
        reader.chain("nothing")


def test_entries_are_filtered(reader: LedgerReader) -> None:
    def positions(**filters: str | int) -> list[int]:
        return [entry.position for entry in reader.entries(**filters)]  # type: ignore[arg-type]  # each of its own type

    assert positions() == list(range(1, 10))
    assert positions(deal="one") == [3, 4, 5, 6, 7, 8]
    assert positions(deal="one", leg="supply") == [3, 5, 6]
    assert positions(leg="warrant") == [4, 8]
    assert positions(company="amd") == [1, 3, 4, 6, 7, 8]
    assert positions(company="am") == []
    assert positions(type_name="purchase_committed", after=3) == [6]
    assert positions(after=2, upto=4) == [3, 4]


def test_positions_in_time(tmp_path: Path) -> None:
    with new_ledger(tmp_path) as ledger:
        for number in range(7):
            ledger.record([company(f"c-{number}-{part}") for part in range(3)])
        with LedgerReader(ledger.path) as reader:
            for number in range(7):
                at = START + dt.timedelta(seconds=number)
                assert reader.position_at(at) == 3 * (number + 1)
                assert reader.position_at(instant_text(at)) == 3 * (number + 1)
                assert reader.position_at(at - dt.timedelta(microseconds=1)) == 3 * number
            assert reader.position_at(START + dt.timedelta(days=1)) == 21
            assert reader.position_at("0001") == 0


def test_keys_complete(reader: LedgerReader) -> None:
    assert reader.keys("company/") == ["company/amd", "company/openai"]
    assert reader.keys("one/supply/2025-1") == [
        "one/supply/2025-10-06",
        *reader.keys("one/supply/2025-10-06/"),
        LATE.key,
    ]
    assert reader.keys("one", limit=1) == ["one/supply/2025-10-06"]
    assert reader.keys("%") == []


def test_companies_with_all_their_names(reader: LedgerReader) -> None:
    assert reader.companies() == [
        Company("amd", "AMD", ("amd", "AMD", "超微"), stand_in=False),
        Company("openai", "OpenAI", ("openai", "OpenAI"), stand_in=False),
    ]
    spellings = ("Amd", "\uff21\uff2d\uff24", "A\u00admd", " 超微 ", "OPENAI", "intel", "", "\u3164")
    assert [reader.company(name) for name in spellings] == ["amd", "amd", "amd", "amd", "openai", None, None, None]


def test_deals_are_listed_and_a_mistyped_key_is_told_the_nearest(reader: LedgerReader) -> None:
    assert reader.deals() == ["one"]
    with pytest.raises(KeyNotFoundError) as caught:
        reader.chain("one/suply/2025-12-01")
    assert caught.value.advice == "did you mean 'one/supply/2025-12-01'?"


def test_a_document_is_found_beside_the_ledger(reader: LedgerReader) -> None:
    digest = str(reader.recorded(9).raw["sha256"])
    assert reader.document(digest).read_bytes() == b"paper"
    with pytest.raises(DocumentNotFoundError):
        reader.document("0" * 64)


def test_reading_loads_neither_the_store_nor_the_validation_library() -> None:
    program = "import sys, ledger.reader; print(sorted(sys.modules))"
    loaded = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert "'ledger.reader'" in loaded
    for heavy in ("eventsourcing", "pydantic", "orjson", "cryptography", "ruamel"):
        assert f"'{heavy}'" not in loaded
