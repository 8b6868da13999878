"""Recording: positions, leaves, roots, receipts, and what recording again does."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import orjson
import pytest

from events.codec import canonical, encode
from events.envelope import read_feed
from events.errors import BadInputError
from events.terms import PurchaseCommitted
from ledger.application import Ledger
from ledger.clock import FixedClock, TickingClock
from ledger.intake.located import Located
from ledger.proof.merkle import leaf_hash
from ledger.proof.tiles import Tiles
from ledger.reader import LedgerReader
from ledger.record.chains import plain_name
from ledger.record.refusals import KeyConflictError, RefusedError, UnknownLegError
from ledger.store.errors import RecorderNameError
from ledger.store.sqlite_schema import LEDGER_STREAM
from tests.ledger.naive_tree import tree_head
from tests.ledger.scenes import START, company, delivery, event, head, ledger_with, new_ledger, purchase, warrant


def leaves(ledger: Ledger) -> list[bytes]:
    with LedgerReader(ledger.path) as reader:
        return [recorded.leaf for recorded in read_feed(reader.feed())]


def test_an_empty_ledger_has_the_root_of_nothing(tmp_path: Path) -> None:
    with new_ledger(tmp_path) as ledger, LedgerReader(ledger.path) as reader:
        assert reader.head() == (0, tree_head([]).hex(), "")
        assert list(reader.feed()) == []


def test_a_receipt_says_what_was_recorded(tmp_path: Path) -> None:
    with new_ledger(tmp_path) as ledger:
        first = ledger.record([company("amd"), company("openai")])
        second = ledger.record([purchase()], recorder="somebody else")
        hashes = [leaf_hash(leaf) for leaf in leaves(ledger)]
    assert first.recorded == [(1, "company/amd"), (2, "company/openai")]
    assert (first.size, first.root) == (2, tree_head(hashes[:2]).hex())
    assert (second.recorded, second.already_known) == ([(3, "one/supply/2025-10-06")], ())
    assert (second.recorded_at, second.size) == ("2026-01-31T09:30:01.000000Z", 3)
    assert second.root == tree_head(hashes).hex()


def test_a_leaf_is_the_canonical_event_with_when_and_by_whom(tmp_path: Path) -> None:
    with ledger_with(tmp_path) as ledger:
        ledger.record([purchase(buyer="OpenAI", supplier="超微")], recorder="輝達 desk")
        leaf = leaves(ledger)[2]
        [stored] = ledger.recorder.select_events(ledger.recorder.convert_originator_id(LEDGER_STREAM), gt=2)
    parts = {
        "event": orjson.loads(encode(purchase())),
        "recorded_at": "2026-01-31T09:30:01.000000Z",
        "recorder": "輝達 desk",
        "schema_version": PurchaseCommitted.SCHEMA_VERSION,
    }
    assert leaf == canonical(parts)
    assert (stored.originator_version, stored.topic, stored.state) == (3, "deals.purchase_committed", leaf)


def test_registrations_come_first_and_the_rest_keeps_its_order(tmp_path: Path) -> None:
    with new_ledger(tmp_path) as ledger:
        receipt = ledger.record([delivery(), purchase(), company("openai", parent="AMD"), warrant(), company("amd")])
    expected = ["company/openai", "company/amd", "one/supply/capacity-delivered/2025-10-06"]
    assert list(receipt.keys) == [*expected, "one/supply/2025-10-06", "one/warrant/2025-10-06"]


def test_references_may_point_forward_within_a_batch(tmp_path: Path) -> None:
    guarantee = event(
        "guarantee_given", deal="two", leg="promise", status="definitive", guarantor="amd", obligor="openai",
        beneficiary="amd", covers="one/supply",
    )  # fmt: skip
    late = purchase(announced_on="2025-12-01", amends="one/supply/2025-10-06")
    document = event(
        "document_attached", about="one/supply/2025-10-06", sha256="0" * 64, media_type="text/plain", bytes=1
    )
    with ledger_with(tmp_path) as ledger:
        receipt = ledger.record([document, guarantee, late, delivery(), purchase()])
    assert len(receipt.keys) == 5


@pytest.mark.parametrize("written", ["amd", "AMD", "Amd", "  amd ", "超微"])
def test_a_company_goes_by_any_of_its_names(tmp_path: Path, written: str) -> None:
    with ledger_with(tmp_path) as ledger:
        ledger.record([purchase(supplier=written)])
        with LedgerReader(ledger.path) as reader:
            assert reader.recorded(3).raw["supplier"] == "amd"
            assert reader.recorded(3).raw == orjson.loads(encode(purchase()))


def test_recording_again_changes_nothing(tmp_path: Path) -> None:
    batch = [purchase(), warrant(), delivery()]
    with ledger_with(tmp_path) as ledger:
        first = ledger.record(batch)
        again = ledger.record([*batch, purchase(supplier="超微")])
        assert again.keys == ()
        assert again.already_known == (*first.keys, first.keys[0])
        assert (again.size, again.root, again.recorded_at) == (first.size, first.root, "")
        with LedgerReader(ledger.path) as reader:
            assert reader.head() == (first.size, first.root, first.recorded_at)


def test_a_batch_may_hold_new_and_known_events(tmp_path: Path) -> None:
    with ledger_with(tmp_path, [purchase()]) as ledger:
        receipt = ledger.record([purchase(), warrant(), warrant()])
    assert (receipt.recorded, receipt.already_known) == (
        [(4, "one/warrant/2025-10-06")],
        ("one/supply/2025-10-06", "one/warrant/2025-10-06"),
    )


def test_other_content_under_a_known_key_is_told_field_by_field(tmp_path: Path) -> None:
    with ledger_with(tmp_path, [purchase(note="as told")]) as ledger:
        with pytest.raises(KeyConflictError) as caught:
            ledger.record(
                [purchase(amount={"value": "120", "currency": "USD"}, firm={"value": "1", "currency": "USD"})]
            )
        assert len(leaves(ledger)) == 3
    said = caught.value.message
    assert "(number 3)" in said
    assert "amount.value is '100', given '120'" in said
    assert "firm.value is left out, given '1'" in said
    assert "note is 'as told', given left out" in said
    assert "deals correct" in caught.value.advice


def test_a_conflict_within_a_batch_is_one_too(tmp_path: Path) -> None:
    with ledger_with(tmp_path) as ledger, pytest.raises(KeyConflictError, match=r"amount\.value is '100', given '120'"):
        ledger.record([purchase(), purchase(amount={"value": "120", "currency": "USD"})])


def test_a_refused_batch_leaves_nothing(tmp_path: Path) -> None:
    with ledger_with(tmp_path) as ledger:
        before = head(ledger)
        with pytest.raises(UnknownLegError):
            ledger.record([purchase(), delivery(leg="other")])
        with LedgerReader(ledger.path) as reader:
            assert reader.head() == before
            assert reader.keys("one/") == []


def test_several_refusals_come_as_one_list(tmp_path: Path) -> None:
    with ledger_with(tmp_path) as ledger, pytest.raises(BadInputError) as caught:
        ledger.record([delivery(), purchase(supplier="nobody"), delivery(leg="other")])
    found = [(finding.file, finding.line, finding.name) for finding in caught.value.findings]
    assert found == [("events", 2, "UnknownCompanyError"), ("events", 3, "UnknownLegError")]


def test_recorded_at_never_decreases(tmp_path: Path) -> None:
    class SteppingBack(FixedClock):
        def now(self) -> dt.datetime:
            self.at -= dt.timedelta(hours=1)
            return self.at

    with new_ledger(tmp_path, clock=SteppingBack(START)) as ledger:
        instants = [ledger.record([company(slug)]).recorded_at for slug in ("a", "b", "c")]
        ledger.clock = FixedClock(START)
        instants.append(ledger.record([company("d")]).recorded_at)
    early = "2026-01-31T08:30:00.000000Z"
    assert instants == [early, early, early, "2026-01-31T09:30:00.000000Z"]


def test_a_clock_in_any_zone_is_written_in_utc(tmp_path: Path) -> None:
    taipei = dt.timezone(dt.timedelta(hours=8))
    with new_ledger(tmp_path, clock=FixedClock(dt.datetime(2026, 2, 1, 1, 0, tzinfo=taipei))) as ledger:
        assert ledger.record([company("a")]).recorded_at == "2026-01-31T17:00:00.000000Z"


def test_check_records_nothing_and_gives_slugs(tmp_path: Path) -> None:
    with ledger_with(tmp_path, [purchase()]) as ledger:
        before = head(ledger)
    with Ledger.open(tmp_path / "deals.db", clock=TickingClock(START), read_only=True) as ledger:
        seen = ledger.check([purchase(), warrant(issuer="超微"), delivery()])
        with pytest.raises(RefusedError):
            ledger.check([delivery(leg="other")])
        located = ledger.check_located([Located("f", 1, warrant(issuer="超微"))])
        assert head(ledger) == before
    assert [encode(one) for one in seen] == [encode(warrant()), encode(delivery())]
    assert [encode(one) for one in located] == [encode(warrant())]


def test_progress_counts_up_to_the_whole(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    rows = [Located("f", number, company(f"c-{number}")) for number in range(1, 11_001)]
    with new_ledger(tmp_path) as ledger:
        ledger.record_located(rows, progress=lambda stage, done, total: told.append((stage, done, total)))
    read = [("read", 5_000, 0), ("read", 10_000, 0)]
    assert told == [*read, *(("recorded", done, 11_000) for done in (5_000, 10_000, 11_000))]


def test_an_interrupted_import_leaves_nothing(tmp_path: Path) -> None:
    def interrupt(stage: str, _done: int, _total: int) -> None:
        if stage == "recorded":
            raise KeyboardInterrupt

    rows = [Located("f", number, company(f"c-{number}")) for number in range(1, 101)]
    with new_ledger(tmp_path) as ledger:
        with pytest.raises(KeyboardInterrupt):
            ledger.record_located(rows, progress=interrupt)
        with LedgerReader(ledger.path) as reader:
            assert (reader.head().size, reader.companies(), reader.keys()) == (0, [], [])
        assert ledger.record_located(rows).size == 100


def test_stored_nodes_prove_every_leaf(tmp_path: Path) -> None:
    with new_ledger(tmp_path) as ledger:
        for start in (0, 200, 255, 600):
            stop = {0: 200, 200: 255, 255: 600, 600: 700}[start]
            ledger.record([company(f"c-{number}") for number in range(start, stop)])
        hashes = [leaf_hash(leaf) for leaf in leaves(ledger)]
        with LedgerReader(ledger.path) as reader:
            assert reader.leaf_hashes(0, 700) == hashes
            assert reader.stored_nodes(8, 0, 9) == [tree_head(hashes[:256]), tree_head(hashes[256:512])]
            tiles = Tiles(700, leaf_hashes=reader.leaf_hashes, stored_nodes=reader.stored_nodes)
            assert tiles.subtree(9, 0) == tree_head(hashes[:512])
            assert reader.head().root == tree_head(hashes).hex()


@pytest.mark.parametrize("name", ["", "   ", "a\nb", "x" * 201, "half \udc80"])
def test_who_records_has_a_plain_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(RecorderNameError):
        plain_name(name)
    with ledger_with(tmp_path) as ledger, pytest.raises(RecorderNameError):
        ledger.record([purchase()], recorder=name)


def test_recording_nothing_is_no_event(tmp_path: Path) -> None:
    with ledger_with(tmp_path) as ledger:
        receipt = ledger.record([])
        assert (receipt.keys, receipt.size) == ((), 2)
