"""What a ledger remembers of itself: a log that no longer extends it does not open, and says what differs."""

from __future__ import annotations

import datetime as dt
import shutil
import sqlite3
import stat
from pathlib import Path

import pytest

from ledger.application import Ledger
from ledger.memory.errors import (
    EmptyLogError,
    ForkedLogError,
    MemoryDamagedError,
    RewrittenLogError,
    RolledBackLogError,
)
from ledger.memory.folder import Remembered, audit_folder
from ledger.memory.guard import INSPECT
from ledger.memory.journal import deeds
from ledger.memory.signing import checkpoint_at, prove, sign_head, witness
from ledger.proof.checkpoint import Checkpoint, open_checkpoint, parse_receipt, sign_checkpoint, verify_receipt
from ledger.proof.errors import UnverifiedNoteError
from ledger.proof.keys import SigningKey, generate_key, parse_vkey
from ledger.proof.notes import open_note
from ledger.reader import LedgerReader
from ledger.store.errors import KeyNotFoundError
from tests.ledger.audit_scenes import AT, KEY, tiny_ledger
from tests.ledger.scenes import company, new_ledger


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    with tiny_ledger(tmp_path) as made:
        return made.path


def signed(path: Path) -> Remembered:
    with LedgerReader(path) as reader:
        return sign_head(reader, at=AT)


def test_signing_remembers_once_and_gives_the_same_bytes(ledger: Path) -> None:
    first, again = signed(ledger), signed(ledger)
    folder = audit_folder(ledger)
    assert first == again
    assert folder.checkpoints() == [first]
    assert open_checkpoint(first.note, folder.known_keys()).size == 11
    assert stat.S_IMODE((folder.folder / "key.pem").stat().st_mode) == 0o600


def test_an_empty_log_has_nothing_to_sign(tmp_path: Path) -> None:
    with new_ledger(tmp_path) as made, pytest.raises(EmptyLogError):
        signed(made.path)
    assert not audit_folder(made.path).folder.exists()


def test_a_log_that_grew_opens(ledger: Path) -> None:
    signed(ledger)
    with Ledger.open(ledger) as opened:
        opened.record([company("nvidia")])
    assert LedgerReader(ledger).head().size == 12


def test_a_rolled_back_file_does_not_open(ledger: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = tmp_path / "old.db"
    shutil.copy(ledger, old)
    with Ledger.open(ledger) as opened:
        opened.record([company("nvidia")])
    signed(ledger)
    shutil.copy(old, ledger)
    for open_it in (LedgerReader, Ledger.open):
        with pytest.raises(
            RolledBackLogError, match=r"has 11 events, but the checkpoint remembered .* vouches for 12"
        ) as error:
            open_it(ledger)
        assert INSPECT in error.value.advice
        assert error.value.exit_code == 4
    with LedgerReader(ledger, guarded=False) as reader:
        assert reader.head().size == 11
    monkeypatch.setenv(INSPECT, "1")
    with LedgerReader(ledger) as reader, Ledger.open(ledger, read_only=True):
        assert reader.head().size == 11
    with pytest.raises(RolledBackLogError):
        Ledger.open(ledger)


def test_a_rewritten_log_does_not_open(ledger: Path) -> None:
    signed(ledger)
    (ledger.parent / "else").mkdir()
    with new_ledger(ledger.parent / "else") as other:
        other.record([company(f"company-{number}") for number in range(300)])
    shutil.copy(other.path, ledger)
    with pytest.raises(RewrittenLogError, match="the root over its first 11 events is"):
        LedgerReader(ledger)


def test_a_memory_that_was_altered_is_not_passed_over(ledger: Path) -> None:
    signed(ledger)
    memory = audit_folder(ledger).checkpoints_file
    memory.write_bytes(memory.read_bytes() + b"{}\n")
    with pytest.raises(MemoryDamagedError, match=r"checkpoints\.jsonl:2"):
        LedgerReader(ledger)


def test_a_receipt_proves_one_event_and_carries_it(ledger: Path) -> None:
    with LedgerReader(ledger) as reader:
        checkpoint = checkpoint_at(reader, 11, at=AT)
        for entry in list(reader.entries()):
            receipt = parse_receipt(prove(reader, entry.key, checkpoint))
            assert receipt.extra == reader.recorded(entry.position).leaf
            assert verify_receipt(receipt, receipt.extra, audit_folder(ledger).known_keys()).size == 11
        earlier = checkpoint_at(reader, 5, at=AT)
        with pytest.raises(KeyNotFoundError):
            prove(reader, "company/oracle", earlier)
        with pytest.raises(KeyNotFoundError):
            prove(reader, "no/such/key", checkpoint)


def test_a_witness_is_compared_and_remembered(ledger: Path) -> None:
    with LedgerReader(ledger) as reader:
        old = checkpoint_at(reader, 5, at=AT, key=KEY)
        with pytest.raises(UnverifiedNoteError):
            witness(reader, sign_checkpoint(Checkpoint(KEY.name, 5, bytes(32)), _stranger(ledger)), at=AT)
        found = witness(reader, old.note, at=AT, known=(KEY.verifier,))
        assert (found.size, found.present_size, found.signers) == (5, 11, (KEY.verifier.vkey,))
        assert found.hashes > 0
    kinds = [(remembered.kind, remembered.size) for remembered in audit_folder(ledger).checkpoints()]
    assert kinds == [("own", 5), ("witnessed", 5)]


def _stranger(ledger: Path) -> SigningKey:
    return generate_key(ledger.parent / "stranger.pem", KEY.name)


def test_a_witness_tells_roll_back_fork_and_rewriting_apart(ledger: Path) -> None:
    known = (KEY.verifier,)
    with LedgerReader(ledger) as reader:
        longer = sign_checkpoint(Checkpoint(KEY.name, 12, bytes(32)), KEY)
        with pytest.raises(RolledBackLogError):
            witness(reader, longer, at=AT, known=known)
        other = sign_checkpoint(Checkpoint(KEY.name, 11, bytes(32)), KEY)
        with pytest.raises(RewrittenLogError):
            witness(reader, other, at=AT, known=known)
        checkpoint_at(reader, 11, at=AT, key=KEY)
        with pytest.raises(ForkedLogError, match="two different logs of 11 events"):
            witness(reader, other, at=AT, known=known)


def test_the_old_key_vouches_for_the_new_one(ledger: Path) -> None:
    first = signed(ledger)
    folder = audit_folder(ledger)
    old = folder.verifier()
    fresh, note = folder.rotate()
    assert (fresh.name, fresh.verifier == old) == (old.name, False)
    text = open_note(note, [old]).text.splitlines()
    assert [parse_vkey(line) for line in text[1:]] == [old, fresh.verifier]
    second = signed(ledger)
    assert (second.root, second.vkey) == (first.root, fresh.verifier.vkey)
    assert set(folder.known_keys()) == {old, fresh.verifier}
    with LedgerReader(ledger) as reader:
        assert witness(reader, first.note, at=AT).size == 11
        assert checkpoint_at(reader, 11, at=AT) == second
    assert stat.S_IMODE((folder.folder / "key.pem").stat().st_mode) == 0o600


def test_the_log_of_deeds_has_records_and_journal_by_time(ledger: Path) -> None:
    folder = audit_folder(ledger)
    folder.note_deed("exported", {"events": 11}, who="ada", at=dt.datetime(2026, 1, 31, 9, 30, 5, tzinfo=dt.UTC))
    with LedgerReader(ledger) as reader:
        said = [(deed.who, deed.what, deed.particulars) for deed in deeds(reader)]
        root = reader.chain("two/supply/2025-10-06")[0].key
    assert said[:2] == [("tester", "recorded", {"events": 2, "from": 1, "to": 2}),
                        ("tester", "recorded", {"events": 2, "from": 3, "to": 4})]  # fmt: skip
    assert [what for _, what, _ in said[4:]] == ["recorded", "exported", "corrected", "retracted", "attached"]
    assert said[6][2] == {"from": 9, "key": root, "reason": "The amount was a misprint."}
    assert said[5] == ("ada", "exported", {"events": 11})


def test_two_programs_write_the_journal_line_by_line(ledger: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    folder = audit_folder(ledger)
    with ThreadPoolExecutor(8) as pool:
        for number in range(200):
            pool.submit(folder.note_deed, "tried", {"number": number, "long": "x" * 500}, who="ada", at=AT)
    assert sorted(deed.particulars["number"] for deed in folder.journal()) == list(range(200))


def test_the_guard_costs_nothing_where_nothing_is_remembered(ledger: Path) -> None:
    LedgerReader(ledger).close()
    assert not audit_folder(ledger).folder.exists()
    assert sqlite3.connect(ledger).execute("SELECT count(*) FROM entry").fetchone() == (11,)
