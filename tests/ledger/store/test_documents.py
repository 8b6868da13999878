"""Documents beside the ledger: stored whole, under their own hash, once."""

from __future__ import annotations

import datetime as dt
from hashlib import sha256
from pathlib import Path

import pytest

from events.errors import BadValueError, NotFoundError
from ledger.reader import LedgerReader
from ledger.store.documents import DocumentStore
from ledger.store.errors import (
    CannotWriteError,
    DocumentDamagedError,
    DocumentNotFoundError,
    KeyNotFoundError,
)
from tests.ledger.scenes import ledger_with, purchase

KEY = "one/supply/2025-10-06"
PAPER = b"the filing, word for word"
DIGEST = sha256(PAPER).hexdigest()


def test_an_attachment_is_stored_and_recorded(tmp_path: Path) -> None:
    (tmp_path / "filing.txt").write_bytes(PAPER)
    at = dt.datetime(2026, 1, 30, 8, 0, tzinfo=dt.UTC)
    with ledger_with(tmp_path, [purchase()]) as ledger:
        receipt = ledger.attach(
            KEY, tmp_path / "filing.txt", media_type="text/plain", url="https://example.org/8-k", retrieved_at=at
        )
        assert receipt.keys == (f"{KEY}/document-{DIGEST[:12]}",)
        assert ledger.document(DIGEST) == PAPER
        with LedgerReader(ledger.path) as reader:
            assert reader.recorded(4).raw == {
                "type": "document_attached",
                "key": receipt.keys[0],
                "about": KEY,
                "sha256": DIGEST,
                "media_type": "text/plain",
                "bytes": 25,
                "url": "https://example.org/8-k",
                "retrieved_at": "2026-01-30T08:00:00Z",
                "announced_on": "2026-01-31",
                "effective_on": "2026-01-31",
                "contested": [],
            }
            entry = reader.find(receipt.keys[0])
            assert entry is not None
            assert entry.about == KEY
        # Fetching it again another day changes nothing.
        assert ledger.attach(KEY, PAPER, media_type="text/plain").already_known == receipt.keys
    place = tmp_path / "deals.db.documents" / DIGEST[:2]
    assert [path.name for path in place.iterdir()] == [DIGEST]


def test_nothing_is_stored_for_an_event_that_is_not_there(tmp_path: Path) -> None:
    with ledger_with(tmp_path, [purchase()]) as ledger:
        with pytest.raises(KeyNotFoundError):
            ledger.attach("nothing", PAPER, media_type="text/plain")
        with pytest.raises(BadValueError, match="media_type"):
            ledger.attach(KEY, PAPER, media_type="text")
        with pytest.raises(NotFoundError):
            ledger.attach(KEY, tmp_path / "missing.pdf", media_type="text/plain")
    assert not (tmp_path / "deals.db.documents").exists()


def test_a_document_that_changed_is_not_given_out(tmp_path: Path) -> None:
    store = DocumentStore(tmp_path / "papers")
    assert store.put(PAPER) == store.put(PAPER) == DIGEST
    assert store.get(DIGEST) == PAPER
    store.path(DIGEST).write_bytes(PAPER[::-1])
    with pytest.raises(DocumentDamagedError):
        store.get(DIGEST)
    store.path(DIGEST).write_bytes(PAPER[:5])
    assert store.put(PAPER) == DIGEST  # a stump is written anew
    assert store.get(DIGEST) == PAPER
    store.path(DIGEST).unlink()
    with pytest.raises(DocumentNotFoundError):
        store.get(DIGEST)


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "papers").write_text("a file where the folder would be")
    with pytest.raises(CannotWriteError) as caught:
        DocumentStore(tmp_path / "papers").put(PAPER)
    assert caught.value.exit_code == 73
