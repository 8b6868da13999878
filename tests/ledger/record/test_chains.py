"""Corrections and retractions: chains that are only ever continued at their end, and what stands because of them."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from events.base import Event
from events.codec import encode
from events.errors import BadValueError
from ledger.application import Ledger
from ledger.clock import FixedClock, TickingClock
from ledger.reader import LedgerReader
from ledger.record.refusals import (
    AnnouncedInFutureError,
    CompanyNameTakenError,
    DanglingReferenceError,
    KeyConflictError,
    LegExistsError,
    LegTypeDiffersError,
    NotLastOfChainError,
    ReplacementDiffersError,
    UnknownCompanyError,
    UnknownLegError,
    UnknownTrancheError,
)
from ledger.store.errors import KeyNotFoundError
from tests.ledger.scenes import START, company, delivery, event, head, ledger_with, purchase, warrant

KEY = "one/supply/2025-10-06"
MENDED = purchase(amount={"value": "120", "currency": "USD"})
AGAIN = purchase(amount={"value": "130", "currency": "USD"})


def corrected(corrects: str, replacement: Event, **fields: object) -> Event:
    raw = replacement.model_dump(mode="json", by_alias=True, exclude_none=True)
    return event("event_corrected", **{"corrects": corrects, "replacement": raw, "reason": "misread", **fields})


def retracted(corrects: str, **fields: object) -> Event:
    return event("event_retracted", **{"corrects": corrects, "reason": "never happened", **fields})


def chain(ledger: Ledger) -> list[tuple[int, str, int]]:
    with LedgerReader(ledger.path) as reader:
        return [(entry.position, entry.key, entry.slot) for entry in reader.chain(KEY)]


def test_a_chain_grows_at_its_end_from_any_members_key(tmp_path: Path) -> None:
    with ledger_with(tmp_path, [purchase()]) as ledger:
        first = ledger.correct(KEY, MENDED, reason="misread")
        second = ledger.correct(KEY, AGAIN, reason="misread again", announced_on=dt.date(2026, 1, 30))
        third = ledger.retract(first.keys[0], reason="never happened")
        last = ledger.correct(third.keys[0], MENDED, reason="it did happen", recorder="the chief")
        assert chain(ledger) == [
            (3, KEY, 3),
            (4, f"{KEY}/corrected-2026-01-31", 3),
            (5, f"{KEY}/corrected-2026-01-30", 3),
            (6, f"{KEY}/retracted-2026-01-31", 3),
            (7, f"{KEY}/corrected-2026-01-31-2", 3),
        ]
        with LedgerReader(ledger.path) as reader:
            stored = reader.recorded(7)
            entry = reader.find(last.keys[0])
        assert second.recorded == [(5, f"{KEY}/corrected-2026-01-30")]
        assert stored.raw["corrects"] == third.keys[0]
        assert stored.recorder == "the chief"
        assert encode(stored.event.replacement) == encode(MENDED)  # type: ignore[attr-defined]  # an EventCorrected
        assert entry is not None
        assert (entry.deal, entry.leg, entry.companies) == ("one", "supply", ("openai", "amd"))


def test_what_stands_already_is_not_recorded_again(tmp_path: Path) -> None:
    with ledger_with(tmp_path, [purchase()]) as ledger:
        assert ledger.correct(KEY, purchase(supplier="超微"), reason="x").already_known == (KEY,)
        first = ledger.correct(KEY, MENDED, reason="misread")
        again = ledger.correct(KEY, MENDED, reason="misread")
        assert (again.keys, again.already_known, again.root) == ((), first.keys, first.root)
        gone = ledger.retract(KEY, reason="never happened")
        assert ledger.retract(KEY, reason="never happened").already_known == gone.keys
        assert len(chain(ledger)) == 3


def test_after_a_correction_the_original_and_what_stands_are_both_known(tmp_path: Path) -> None:
    with ledger_with(tmp_path, [purchase()]) as ledger:
        ledger.correct(KEY, MENDED, reason="misread")
        ledger.correct(KEY, AGAIN, reason="misread again")
        assert ledger.record([purchase()]).already_known == (KEY,)
        assert ledger.record([AGAIN]).already_known == (KEY,)
        with pytest.raises(KeyConflictError, match=r"amount\.value is '130', given '120'"):
            ledger.record([MENDED])


def test_corrections_are_recognised_when_imported_again(tmp_path: Path) -> None:
    batch = [purchase(), corrected(KEY, MENDED, key="mended"), retracted("mended", key="gone")]
    with ledger_with(tmp_path, batch) as ledger:
        assert ledger.record(batch).already_known == (KEY, "mended", "gone")
        with pytest.raises(KeyConflictError, match="reason is 'misread', given 'other'"):
            ledger.record([corrected(KEY, MENDED, key="mended", reason="other")])


@pytest.mark.parametrize(
    "early", [corrected(KEY, AGAIN, key="late"), retracted(KEY, key="late"), retracted("mended", key="late")]
)
def test_only_the_last_member_can_be_corrected(tmp_path: Path, early: Event) -> None:
    chained = [purchase(), corrected(KEY, MENDED, key="mended"), retracted("mended", key="gone")]
    with ledger_with(tmp_path, chained) as ledger:
        with pytest.raises(NotLastOfChainError) as caught:
            ledger.record([early])
        assert "corrects: gone" in caught.value.advice
        ledger.record([corrected("gone", AGAIN, key="back")])
    with ledger_with(tmp_path / "batch") as ledger, pytest.raises(NotLastOfChainError):
        ledger.record([*chained, early])


def test_a_correction_comes_after_what_it_corrects(tmp_path: Path) -> None:
    with ledger_with(tmp_path) as ledger:
        with pytest.raises(DanglingReferenceError, match="corrects: names an event that is not there"):
            ledger.record([retracted("nothing")])
        with pytest.raises(DanglingReferenceError):
            ledger.record([corrected(KEY, MENDED), purchase()])
        with pytest.raises(KeyNotFoundError):
            ledger.correct("nothing", MENDED, reason="x")
        with pytest.raises(KeyNotFoundError):
            ledger.retract("nothing", reason="x")
        with pytest.raises(BadValueError, match="reason"):
            ledger.record([purchase()]) and ledger.retract(KEY, reason=" ")


@pytest.mark.parametrize(
    ("of", "replacement", "field"),
    [
        (KEY, purchase(key="other"), "replacement.key"),
        (KEY, warrant(key=KEY, leg="supply"), "replacement.type"),
        (KEY, purchase("two", key=KEY), "replacement.deal"),
        (KEY, purchase(leg="other", key=KEY), "replacement.leg"),
        ("company/amd", company("amd2", key="company/amd", name="AMD"), "replacement.company"),
        ("all", event("status_changed", key="all", deal="one", leg="supply", status="expired"), "replacement.leg"),
    ],
)
def test_a_replacement_is_about_the_same_thing(tmp_path: Path, of: str, replacement: Event, field: str) -> None:
    every = event("status_changed", key="all", deal="one", status="expired")
    with ledger_with(tmp_path, [purchase(), every]) as ledger:
        before = head(ledger)
        with pytest.raises(ReplacementDiffersError) as caught:
            ledger.correct(of, replacement, reason="x")
        assert head(ledger) == before
    assert caught.value.field == field
    assert "retract the event" in caught.value.advice


@pytest.mark.parametrize(
    ("error", "of", "replacement"),
    [
        (UnknownCompanyError, KEY, purchase(supplier="nobody")),
        (DanglingReferenceError, KEY, purchase(amends="nothing")),
        (DanglingReferenceError, KEY, purchase(amends=KEY)),
        (AnnouncedInFutureError, KEY, purchase(key=KEY, announced_on="2026-02-02")),
        (UnknownTrancheError, "vested", event("tranche_vested", key="vested", deal="one", leg="warrant", tranche="x")),
        (CompanyNameTakenError, "company/amd", company("amd", aliases=["OpenAI"])),
    ],
)
def test_a_replacement_obeys_the_rules_of_its_type(
    tmp_path: Path, error: type[Exception], of: str, replacement: Event
) -> None:
    vested = event("tranche_vested", key="vested", deal="one", leg="warrant", tranche="first")
    with ledger_with(tmp_path, [purchase(), warrant(), vested]) as ledger, pytest.raises(error, match="replacement"):
        ledger.correct(of, replacement, reason="x")


def test_a_retracted_leg_is_gone_until_it_is_restored(tmp_path: Path) -> None:
    with ledger_with(tmp_path, [purchase()]) as ledger:
        gone = ledger.retract(KEY, reason="never happened")
        with pytest.raises(UnknownLegError):
            ledger.record([delivery()])
        with pytest.raises(DanglingReferenceError, match="were retracted"):
            ledger.record([purchase(announced_on="2025-12-01", amends=KEY)])
        ledger.correct(gone.keys[0], MENDED, reason="it did")
        ledger.record([delivery()])
        with pytest.raises(LegExistsError):
            ledger.record([purchase(announced_on="2025-12-01")])


def test_a_retracted_leg_can_be_agreed_anew_as_something_else(tmp_path: Path) -> None:
    anew = warrant(leg="supply", announced_on="2025-12-01")
    with ledger_with(tmp_path, [purchase()]) as ledger:
        ledger.retract(KEY, reason="it was a warrant")
        ledger.record([anew])
        with pytest.raises(LegTypeDiffersError):
            ledger.correct(KEY, purchase(), reason="it was both")


def test_what_amended_a_retracted_event_stands(tmp_path: Path) -> None:
    later = purchase(announced_on="2025-12-01", amends=KEY)
    with ledger_with(tmp_path, [purchase(), later]) as ledger:
        ledger.retract(KEY, reason="never happened")
        ledger.record([delivery()])
        # A misprint in it can still be mended, although it names terms that are gone.
        assert ledger.correct(later.key, later.model_copy(update={"note": "x"}), reason="note").keys
        # What is earlier than all standing terms is a late original again.
        ledger.record([purchase(key="original", announced_on="2025-10-07")])


def test_a_replacement_may_move_past_what_amended_its_original(tmp_path: Path) -> None:
    later = purchase(announced_on="2025-12-01", amends=KEY)
    moved = purchase(key=KEY, announced_on="2025-12-24")
    with ledger_with(tmp_path, [purchase(), later]) as ledger:
        ledger.correct(KEY, moved, reason="wrong day")
        with pytest.raises(LegExistsError, match="2025-12-24"):
            ledger.record([purchase(key="third", announced_on="2025-12-30")])
        ledger.record([purchase(key="original", announced_on="2025-11-30")])


def test_a_leg_has_the_tranches_of_its_replacement(tmp_path: Path) -> None:
    renamed = warrant(tranches=[{"tranche": "only", "shares": 160}])
    with ledger_with(tmp_path, [warrant()]) as ledger:
        ledger.correct("one/warrant/2025-10-06", renamed, reason="misread")
        with pytest.raises(UnknownTrancheError):
            ledger.record([event("tranche_vested", deal="one", leg="warrant", tranche="first")])
        ledger.record([event("tranche_vested", deal="one", leg="warrant", tranche="only")])


def test_a_companys_names_are_those_of_its_registration_as_it_stands(tmp_path: Path) -> None:
    with ledger_with(tmp_path) as ledger:
        ledger.correct("company/amd", company("amd", aliases=["Red"]), reason="names")
        with pytest.raises(UnknownCompanyError):
            ledger.record([purchase(supplier="超微")])
        ledger.record([purchase(supplier="red"), company("other", aliases=["超微"])])
        gone = ledger.retract("company/amd", reason="x")
        with pytest.raises(UnknownCompanyError):
            ledger.record([purchase("two", supplier="amd")])
        batch = [corrected(gone.keys[0], company("amd"), key="back"), purchase("two", supplier="AMD")]
        ledger.record(batch)
        with LedgerReader(ledger.path) as reader:
            assert [(found.slug, found.names) for found in reader.companies()] == [
                ("amd", ("amd", "AMD")),
                ("openai", ("openai", "OpenAI")),
                ("other", ("other", "OTHER", "超微")),
            ]


def test_corrections_within_a_batch_count_from_there_on(tmp_path: Path) -> None:
    batch = [
        purchase(),
        corrected("company/amd", company("amd", aliases=["Red"]), key="names"),
        purchase("two", supplier="Red"),
        retracted(KEY, key="gone"),
        warrant(leg="supply", announced_on="2025-12-01"),
    ]
    with ledger_with(tmp_path) as ledger:
        assert len(ledger.record(batch).keys) == 5
    with ledger_with(tmp_path / "wrong") as ledger, pytest.raises(UnknownCompanyError):
        ledger.record([batch[2], batch[1]])


def test_any_event_can_be_retracted(tmp_path: Path) -> None:
    attached = event("document_attached", key="paper", about=KEY, sha256="0" * 64, media_type="text/plain", bytes=1)
    price = event("price_moved", key="price", company="amd", session="2025-10-06", basis="close", **{"return": "0.2"})
    with ledger_with(tmp_path, [purchase(), delivery(key="done"), attached, price]) as ledger:
        for key in ("done", "paper", "price", "company/openai"):
            assert ledger.retract(key, reason="x").keys == (f"{key}/retracted-2026-01-31",)
        # The deal that a price reacted to may be what was wrong.
        moved = price.model_copy(update={"about": "one"})
        assert ledger.correct("price", moved, reason="x").keys


def test_a_key_of_full_length_can_be_corrected(tmp_path: Path) -> None:
    long = "k" * 240
    with ledger_with(tmp_path, [purchase(key=long)]) as ledger:
        [key] = ledger.correct(long, purchase(key=long, note="x"), reason="x").keys
        assert key.endswith("/corrected-2026-01-31")
        assert len(ledger.retract(key, reason="x").keys[0]) < 240


def test_many_hands_correct_one_event_at_once(tmp_path: Path) -> None:
    with ledger_with(tmp_path, [purchase()]) as ledger:
        path = ledger.path

    def mend(number: int) -> str:
        with Ledger.open(path, clock=FixedClock(START)) as own:
            return own.correct(KEY, purchase(note=f"by {number}"), reason="x").keys[0]

    with ThreadPoolExecutor(6) as pool:
        keys = list(pool.map(mend, range(12)))
    with Ledger.open(path, clock=TickingClock(START)) as ledger:
        members = chain(ledger)
        assert sorted(key for _, key, _ in members[1:]) == sorted(keys)
        with LedgerReader(path) as reader:
            linked = [reader.recorded(position).raw["corrects"] for position, _, _ in members[1:]]
        assert linked == [key for _, key, _ in members[:-1]]
