"""A live ledger is verified down to its last event, and whatever was altered in its file is named."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from ledger.memory.errors import EmptyLogError
from ledger.memory.signing import sign_head
from ledger.proof.checkpoint import Checkpoint, sign_checkpoint
from ledger.reader import LedgerReader
from ledger.store.documents import DocumentStore
from ledger.store.sqlite_schema import documents_folder
from ledger.verify.ledger import verify_ledger
from ledger.verify.report import NotVerifiedError, Report
from tests.ledger.audit_scenes import AT, DOCUMENT, KEY, tiny_ledger
from tests.ledger.scenes import company, new_ledger


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    with tiny_ledger(tmp_path) as made:
        return made.path


def verified(path: Path, remembered: bytes | None = None, vkey: str | None = None, processes: int = 1) -> Report:
    with LedgerReader(path, guarded=False) as reader:
        return verify_ledger(reader, remembered=remembered, vkey=vkey, processes=processes)


def failed(report: Report) -> set[str]:
    with pytest.raises(NotVerifiedError):
        report.require()
    return {check.name for check in report.failures}


def altered(path: Path, *statements: str) -> None:
    database = sqlite3.connect(path)
    with database:
        for trigger in ("stored_events_no_update", "stored_events_no_delete", "entry_no_update", "entry_no_delete"):
            database.execute(f"DROP TRIGGER {trigger}")
        for statement in statements:
            database.execute(statement)
    database.close()


def test_what_nobody_altered_verifies_and_says_what_was_not_checked(ledger: Path) -> None:
    report = verified(ledger)
    assert (report.verified, report.events, report.size) == (True, 11, 11)
    outcomes = {check.name: check.outcome for check in report.checks}
    assert outcomes == {"events": "ok", "leaf hashes": "ok", "tree": "ok", "root": "ok",
                        "remembered checkpoints": "absent", "documents": "ok"}  # fmt: skip
    assert any("no checkpoint of it is remembered" in said for said in report.not_checked)
    with LedgerReader(ledger) as reader:
        sign_head(reader, at=AT)
    report = verified(ledger)
    assert any("together with the checkpoints" in said for said in report.not_checked)
    assert verified(ledger, processes=2).as_json() == report.as_json()


WORD = "UPDATE stored_events SET state = CAST(replace(CAST(state AS TEXT), '\"100\"', '\"900\"') AS BLOB) WHERE originator_version = 7"
ALTERATIONS: dict[str, tuple[tuple[str, ...], set[str], int | None]] = {
    "a word of an event": ((WORD,), {"leaf hashes", "root"}, 7),
    "a word of an event and its hash": (
        (WORD, "UPDATE entry SET leaf_hash = zeroblob(32) WHERE position = 7"),
        {"leaf hashes", "root"},
        7,
    ),
    "an event taken out": (
        ("DELETE FROM stored_events WHERE originator_version = 5",),
        {"events", "leaf hashes", "root"},
        5,
    ),
    "the last event taken out": (("DELETE FROM stored_events WHERE originator_version = 11",), {"root"}, None),
    "an event slipped in behind the head": (
        (
            "INSERT INTO stored_events SELECT originator_id, 12, topic, state FROM stored_events WHERE originator_version = 1",
        ),
        {"events", "leaf hashes", "root"},
        12,
    ),
    "another date of recording": (
        (
            "UPDATE stored_events SET state = replace(CAST(state AS TEXT), '2026-01-31T09:30:03', '2026-01-31T09:29:03') WHERE originator_version = 7",
        ),
        {"events", "leaf hashes", "root"},
        7,
    ),
    "another root in the head": (("UPDATE log_head SET root = zeroblob(32)",), {"root"}, None),
    "no longer canonical": (
        (
            "UPDATE stored_events SET state = replace(CAST(state AS TEXT), '{\"event\":', '{ \"event\":') WHERE originator_version = 2",
        ),
        {"events", "leaf hashes", "root"},
        2,
    ),
}


@pytest.mark.parametrize("name", ALTERATIONS)
def test_what_was_altered_in_the_file_is_named(ledger: Path, name: str) -> None:
    statements, checks, position = ALTERATIONS[name]
    altered(ledger, *statements)
    report = verified(ledger)
    assert failed(report) == checks
    assert (report.first_bad.position if report.first_bad else None) == position


def test_a_wrong_node_of_the_tree_is_named(tmp_path: Path) -> None:
    with new_ledger(tmp_path) as made:
        made.record([company(f"company-{number}") for number in range(600)])
    assert verified(made.path).verified
    altered(made.path, "UPDATE tree_node SET hash = zeroblob(32) WHERE level = 8 AND place = 1")
    report = verified(made.path)
    assert failed(report) == {"tree"}
    assert report.first_bad is not None
    assert report.first_bad.position == 257


def test_a_log_made_anew_is_found_by_what_is_remembered(ledger: Path, tmp_path: Path) -> None:
    """Every hash fits in the new file; only the memory beside it, or a checkpoint kept elsewhere, says otherwise."""
    with LedgerReader(ledger) as reader:
        kept = sign_head(reader, at=AT)
    (tmp_path / "anew").mkdir()
    with tiny_ledger(tmp_path / "anew", amount="900") as other:
        path = other.path
    assert verified(path).verified
    assert failed(verified(path, remembered=kept.note, vkey=kept.vkey)) == {"remembered checkpoints"}
    ledger.write_bytes(path.read_bytes())
    report = verified(ledger)
    assert failed(report) == {"remembered checkpoints"}
    assert "rewritten" in report.failures[0].said


def test_a_roll_back_is_found_by_a_kept_checkpoint(ledger: Path) -> None:
    later = sign_checkpoint(Checkpoint(KEY.name, 20, bytes(32)), KEY)
    report = verified(ledger, remembered=later, vkey=KEY.verifier.vkey)
    assert failed(report) == {"remembered checkpoints"}
    assert "rolled back" in report.failures[0].said
    assert failed(verified(ledger, remembered=later)) == {"remembered checkpoint"}  # its key is not known here


def _gone(path: Path) -> None:
    path.unlink()


def _replaced(path: Path) -> None:
    path.write_bytes(b"something else")


@pytest.mark.parametrize(("change", "outcome"), [(_gone, "absent"), (_replaced, "failed")])
def test_documents_are_told_apart(ledger: Path, change: Callable[[Path], None], outcome: str) -> None:
    change(DocumentStore(documents_folder(ledger)).path(hashlib.sha256(DOCUMENT).hexdigest()))
    report = verified(ledger)
    assert [check.outcome for check in report.checks if check.name == "documents"] == [outcome]
    assert report.verified == (outcome == "absent")


def test_an_empty_ledger_is_refused(tmp_path: Path) -> None:
    with new_ledger(tmp_path) as made, pytest.raises(EmptyLogError):
        verified(made.path)
