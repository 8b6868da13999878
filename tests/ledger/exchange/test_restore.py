"""A bundle taken in again: restored to the byte into an empty ledger, merged with receipts into any other."""

from __future__ import annotations

import datetime as dt
import hashlib
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from ledger.application import Ledger
from ledger.bundle.part import Part
from ledger.clock import FixedClock
from ledger.exchange.merge import RECEIPT_TYPE, merge_bundle
from ledger.exchange.restore import restore_bundle
from ledger.memory.errors import RestoreDiffersError, RestoreNotEmptyError, RolledBackLogError
from ledger.memory.signing import sign_head
from ledger.proof.checkpoint import parse_receipt, verify_receipt
from ledger.reader import LedgerReader
from ledger.record.refusals import KeyConflictError
from ledger.verify.ledger import verify_ledger
from ledger.verify.report import NotVerifiedError
from tests.ledger.audit_scenes import AT, DOCUMENT, KEY, copied, export, reseal, tiny_ledger
from tests.ledger.scenes import company, new_ledger, purchase

LATER = dt.datetime(2027, 5, 5, tzinfo=dt.UTC)
TABLES = ("entry", "company_name", "tree_node", "log_head", "stored_events")


@pytest.fixture
def original(tmp_path: Path) -> Path:
    (tmp_path / "original").mkdir()
    with tiny_ledger(tmp_path / "original") as ledger:
        return ledger.path


@pytest.fixture
def bundle(original: Path, tmp_path: Path) -> Path:
    export(original, tmp_path / "bundle.zip")
    return tmp_path / "bundle.zip"


def empty(folder: Path) -> Ledger:
    folder.mkdir()
    return new_ledger(folder, clock=FixedClock(LATER))


def rows(path: Path) -> dict[str, list[Any]]:
    database = sqlite3.connect(path)
    try:
        return {table: database.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall() for table in TABLES}  # noqa: S608 - constants
    finally:
        database.close()


def test_export_import_export_gives_the_same_bytes(original: Path, bundle: Path, tmp_path: Path) -> None:
    with empty(tmp_path / "restored") as ledger:
        done = restore_bundle(ledger, bundle, vkey=KEY.verifier.vkey)
        assert ledger.document(hashlib.sha256(DOCUMENT).hexdigest()) == DOCUMENT
    assert (done.size, done.documents) == (11, 1)
    assert rows(ledger.path) == rows(original)
    export(ledger.path, tmp_path / "again.zip", key=None)
    assert (tmp_path / "again.zip").read_bytes() == bundle.read_bytes()


def test_a_restored_ledger_goes_on_and_may_not_be_rolled_back(bundle: Path, tmp_path: Path) -> None:
    with empty(tmp_path / "restored") as ledger:
        restore_bundle(ledger, bundle)
    before = tmp_path / "before.db"
    shutil.copy(ledger.path, before)
    with Ledger.open(ledger.path) as opened:
        opened.record([company("nvidia")])
    with LedgerReader(ledger.path) as reader:
        assert verify_ledger(reader).verified
        own = sign_head(reader, at=LATER)
        assert (own.size, own.vkey == KEY.verifier.vkey) == (12, False)
    shutil.copy(before, ledger.path)
    with pytest.raises(RolledBackLogError):
        LedgerReader(ledger.path)


def test_only_an_empty_ledger_is_restored(bundle: Path, tmp_path: Path) -> None:
    with empty(tmp_path / "full") as ledger:
        ledger.record([company("nvidia")])
        with pytest.raises(RestoreNotEmptyError):
            restore_bundle(ledger, bundle)
        assert LedgerReader(ledger.path).head().size == 1


def test_an_altered_bundle_restores_nothing(original: Path, tmp_path: Path) -> None:
    export(original, tmp_path / "folder")

    def change(data: Path) -> None:
        events = data / "events.jsonl"
        events.write_bytes(events.read_bytes().replace(b'"100"', b'"900"', 1))

    altered = reseal(copied(tmp_path / "folder", tmp_path / "altered", change))
    with empty(tmp_path / "restored") as ledger, pytest.raises(NotVerifiedError, match="event 3"):
        restore_bundle(ledger, altered)
    assert rows(ledger.path)["stored_events"] == []


def test_a_part_cannot_be_restored(original: Path, tmp_path: Path) -> None:
    export(original, tmp_path / "part", part=Part(deal="one"))
    with empty(tmp_path / "restored") as ledger, pytest.raises(RestoreDiffersError, match="part of a log"):
        restore_bundle(ledger, tmp_path / "part")


def test_two_recordings_of_one_instant_keep_their_order(tmp_path: Path) -> None:
    """Within one recording registrations come first; across two they do not, even at the same instant."""
    (tmp_path / "fixed").mkdir()
    with new_ledger(tmp_path / "fixed", clock=FixedClock(AT)) as ledger:
        ledger.record([company("amd"), company("openai")])
        ledger.record([purchase()])
        ledger.record([company("oracle"), purchase("two", buyer="oracle")])
        export(ledger.path, tmp_path / "bundle", numbers=b"")
    with empty(tmp_path / "restored") as copy:
        restore_bundle(copy, tmp_path / "bundle")
    assert rows(copy.path) == rows(ledger.path)


def test_merging_records_anew_and_keeps_the_receipts(bundle: Path, tmp_path: Path) -> None:
    with empty(tmp_path / "merged") as ledger:
        ledger.record([company("amd", ticker="AMD", aliases=["超微"]), company("nvidia")])
        done = merge_bundle(ledger, bundle, vkey=KEY.verifier.vkey)
        assert (done.events, done.known, done.receipts, done.size) == (10, 1, 10, 22)
        again = merge_bundle(ledger, bundle)
        assert (again.events, again.receipts, again.size) == (0, 0, 22)
    with LedgerReader(ledger.path) as reader:
        merged = reader.recorded(reader.find("one/supply/2025-10-06").position)  # type: ignore[union-attr]  # it is there
        assert (merged.recorder, merged.recorded_at) == ("tester", "2027-05-05T00:00:00.000000Z")
        attached = [entry for entry in reader.entries(type_name="document_attached") if "/receipt-" in entry.key]
        assert len(attached) == 10
        assert verify_ledger(reader).verified
        for entry in attached:
            raw = reader.recorded(entry.position).raw
            receipt = parse_receipt(reader.document(raw["sha256"]).read_bytes())
            assert raw["media_type"] == RECEIPT_TYPE
            assert verify_receipt(receipt, receipt.extra, [KEY.verifier]).size == 11
            assert f'"key":"{entry.about}"'.encode() in receipt.extra


def test_a_part_can_be_merged_with_its_own_receipts(original: Path, tmp_path: Path) -> None:
    export(original, tmp_path / "part", part=Part(deal="one"))
    with empty(tmp_path / "merged") as ledger:
        ledger.record([company("amd"), company("openai")])
        assert merge_bundle(ledger, tmp_path / "part").events == 5
    with LedgerReader(ledger.path) as reader:
        receipts = [reader.recorded(e.position).raw for e in reader.entries() if "/receipt-" in e.key]
        indexes = [parse_receipt(reader.document(raw["sha256"]).read_bytes()).index for raw in receipts]
    assert indexes == [2, 3, 4, 9, 10]


def test_what_contradicts_ours_is_refused_whole(bundle: Path, tmp_path: Path) -> None:
    with empty(tmp_path / "merged") as ledger:
        ledger.record([company("amd", name="Another Name")])
        with pytest.raises(KeyConflictError):
            merge_bundle(ledger, bundle)
        assert LedgerReader(ledger.path).head().size == 1
