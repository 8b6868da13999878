"""Puts accepted events into the log: composes their leaves, hashes them into the tree, and stores all with the index."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from eventsourcing.persistence import StoredEvent

from events.envelope import leaf_bytes
from ledger.proof.merkle import Frontier, leaf_hash
from ledger.record.drafts import Draft
from ledger.record.rules import Verdict
from ledger.record.sameness import another
from ledger.record.state import State
from ledger.store.recorder import LEDGER_ID, Appending, EntryRow, IndexRow, StoredHead

__all__ = ["Acknowledgement", "Progress", "write"]

BATCH = 5_000

Progress = Callable[[str, int, int], None]
"""`progress(stage, done, total)`: the stage is `read` (with total 0, as it is not known) or `recorded`."""


@dataclass(frozen=True)
class Acknowledgement:
    """What recording did: the keys that were recorded, in order from position `first` on, and those known before.

    `size` and `root` (hexadecimal) are the log's from then on; `recorded_at` is the instant, empty where nothing was new.
    Of the known ones `repeated` are those that the batch itself said before; `unsourced` are recorded events that name no
    source, `with_itself` says of which recorded events two parties are one company, by key. Where one event was known and can happen again, `another` is what to write as the key of a second one.
    """

    first: int
    keys: tuple[str, ...]
    already_known: tuple[str, ...]
    recorded_at: str
    size: int
    root: str
    repeated: tuple[str, ...] = ()
    unsourced: tuple[str, ...] = ()
    with_itself: tuple[tuple[str, str], ...] = ()
    another: str = ""

    @property
    def recorded(self) -> list[tuple[int, str]]:
        """The position and key of each event that was recorded."""
        return list(enumerate(self.keys, self.first))


def write(
    verdict: Verdict, state: State, store: Appending, head: StoredHead, recorder: str, progress: Progress | None
) -> Acknowledgement:
    """Append what a verdict accepts behind the head, whose instant is the one to record; all in batches."""
    frontier = Frontier.from_bytes(head.frontier)
    drafts = verdict.accepted
    for start in range(0, len(drafts), BATCH):
        events, rows, hashes = [], [], []
        for draft in drafts[start : start + BATCH]:
            leaf = leaf_bytes(
                draft.encoded, recorded_at=head.at, recorder=recorder, schema_version=draft.schema_version
            )
            hashed = leaf_hash(leaf)
            hashes.append(hashed)
            events.append(StoredEvent(LEDGER_ID, draft.position, f"deals.{draft.type}", leaf))
            rows.append(_index_row(draft, state, head.at, recorder, hashed))
        store.append(events, rows)
        store.keep_nodes(frontier.extend(hashes))
        if progress:
            progress("recorded", start + len(rows), len(drafts))
    root = frontier.root()
    if drafts:
        for slot, names in state.roll.registered.items():
            store.replace_names(slot, names)
        store.move_head(StoredHead(frontier.size, head.at, frontier.to_bytes()), root)
    return Acknowledgement(
        head.size + 1,
        tuple(draft.key for draft in drafts),
        tuple(draft.key for draft in verdict.known),
        head.at if drafts else "",
        frontier.size,
        root.hex(),
        repeated=tuple(draft.key for draft in verdict.repeated),
        unsourced=tuple(draft.key for draft in drafts if not draft.sourced and draft.family not in _OF_THE_LEDGER),
        with_itself=tuple((draft.key, said) for draft in drafts if (said := _with_itself(draft))),
        another=_another(verdict, state),
    )


# What the ledger says of its own entries rests on them and on what they rest on.
_OF_THE_LEDGER = frozenset({"correction", "attachment"})


def _with_itself(draft: Draft) -> str:
    """Say which two parties of an event, or of what a correction puts in its place, are one company."""
    return (draft.replacement or draft).with_itself


def _another(verdict: Verdict, state: State) -> str:
    """Say how a second event like the one that was known is recorded: increments happen again, all else is one fact."""
    one = verdict.known[0] if len(verdict.known) == 1 else None
    return another(one, state) if one is not None and one.family == "performance" else ""


def _index_row(draft: Draft, state: State, at: str, recorder: str, hashed: bytes) -> IndexRow:
    return IndexRow(
        draft.position,
        draft.key,
        draft.type,
        draft.family,
        draft.deal,
        draft.leg,
        _companies(draft, state),
        draft.effective_on,
        draft.announced_on,
        at,
        recorder,
        draft.slot,
        draft.corrects,
        draft.amends,
        draft.about,
        f" {' '.join(draft.tranches)} " if draft.tranches else None,
        hashed,
    )


def _companies(draft: Draft, state: State) -> str:
    """Return the companies that the index names for an event, a registration's own first.

    A correction goes by those of what it puts in place, a retraction by those of what it takes away, whether that was
    recorded before or is recorded in the same step.
    """
    if draft.family == "correction" and draft.replacement is None:
        root = state.root(draft.slot)
        return root.companies if isinstance(root, EntryRow) else _companies(root, state)
    if draft.event is None:
        return f" {' '.join(draft.companies)} "
    own = (draft.replacement or draft).model().__dict__.get("company")
    named = dict.fromkeys((*([own] if own else []), *draft.companies))
    return f" {' '.join(named)} "
