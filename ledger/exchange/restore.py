"""Takes a bundle in: restores a whole log into an empty ledger, byte for byte, with its positions, times and root."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from events.envelope import Recorded, instant_text, leaf_bytes, read_leaf
from ledger.bundle.forms import event_bytes
from ledger.bundle.package import Package, open_package
from ledger.memory.errors import RestoreDiffersError, RestoreNotEmptyError
from ledger.memory.folder import Remembered, audit_folder
from ledger.record.drafts import Draft, draft_of
from ledger.record.rules import judge
from ledger.record.state import State
from ledger.record.writing import write
from ledger.store.recorder import Appending
from ledger.verify.bundle import verify_bundle
from ledger.verify.report import Report

if TYPE_CHECKING:
    from ledger.application import Ledger

__all__ = ["Restored", "bundle_lines", "put_documents", "restore_bundle", "verified"]

# No event of a log that is taken over is refused for its date: it was judged when it was recorded.
_ANY_DAY = "9999-12-31"
_SMALL = 1 << 20


class Restored(NamedTuple):
    """What was restored: the log's name, size and root, and how many documents came with it."""

    origin: str
    size: int
    root: str
    documents: int


def verified(place: Path, *, vkey: str | None, processes: int, progress: Callable[[int], None] | None) -> Report:
    """Verify a bundle before anything is taken from it. Raises NotVerifiedError and what verification raises."""
    report = verify_bundle(place, vkey=vkey, processes=processes, progress=progress)
    report.require()
    return report


def bundle_lines(package: Package) -> Iterator[bytes]:
    """Yield the recorded lines of a verified bundle."""
    with package.open("data/events.jsonl") as file:
        for line in file:
            yield line.removesuffix(b"\n")


def restore_bundle(
    ledger: Ledger,
    place: Path,
    *,
    vkey: str | None = None,
    processes: int = 1,
    progress: Callable[[int], None] | None = None,
) -> Restored:
    """Restore a whole log into an empty ledger, all of it or nothing; the original's checkpoint is remembered.

    Raises RestoreNotEmptyError, NotVerifiedError, RestoreDiffersError that says where it differs, and what opening a
    bundle or writing a ledger raises.
    """
    report = verified(place, vkey=vkey, processes=processes, progress=progress)
    with open_package(place) as package:
        if package.names("data/proofs/"):
            raise RestoreDiffersError(
                f"{place} is a part of a log, from which the log cannot be restored",
                advice="ask for the whole log, or merge the part into a ledger that has events: deals import --merge",
            )
        with ledger.recorder.appending() as store:
            if store.head().size:
                raise RestoreNotEmptyError(
                    f"{ledger.path} has {store.head().size} events already",
                    advice="restore into a ledger just made by `deals init`, or merge: deals import --merge",
                )
            _restore(store, bundle_lines(package), report)
            # Before the commit: no event stands in the log whose document is still on its way.
            documents = put_documents(ledger, package)
        note = package.read("data/checkpoint", most=_SMALL)
        signed = package.read("data/checkpoint.sshsig", most=_SMALL).decode()
        signer = package.read("data/keys/log.vkey", most=_SMALL).decode().strip()
        stamp = package.read("data/checkpoint.tsr", most=_SMALL) if "data/checkpoint.tsr" in package else b""
    at = instant_text(ledger.clock.now())
    kept = Remembered("restored", report.size, report.root, note, signer, signed, stamp, at)
    audit_folder(ledger.path).remember(kept)
    return Restored(report.origin, report.size, report.root, documents)


def put_documents(ledger: Ledger, package: Package) -> int:
    """Store the documents of a verified bundle beside a ledger; gives how many there are."""
    names = package.names("data/documents/")
    for name in names:
        ledger.documents.put(package.read(name, most=package.sizes[name]))
    return len(names)


def _restore(store: Appending, lines: Iterable[bytes], report: Report) -> None:
    """Enter every line as it is, in the order and the portions in which it was recorded."""
    state = State(store, size=0, day_max=_ANY_DAY)
    head, root = store.head(), ""
    recorded = (read_leaf(position, line) for position, line in enumerate(lines, 1))
    for (at, recorder), portion in groupby(recorded, key=lambda entry: (entry.recorded_at, entry.recorder)):
        for batch in _batches(portion):
            drafts = [_draft(entry) for entry in batch]
            # Refusals are not asked for: these events were recorded under the rules of their day.
            verdict = judge(drafts, state)
            _compare(batch, verdict.accepted, at, recorder)
            root = write(verdict, state, store, head._replace(at=at), recorder, None).root
            state.roll.registered.clear()
            head = store.head()
    if (head.size, root) != (report.size, report.root):
        raise RestoreDiffersError(f"{head.size} events with the root {root} came of the {report.size} of the bundle")


def _batches(portion: Iterable[Recorded]) -> Iterator[list[Recorded]]:
    """Cut a portion where a registration follows something else: within a batch registrations come first."""
    batch: list[Recorded] = []
    for entry in portion:
        if batch and entry.type == "company_registered" != batch[-1].type:
            yield batch
            batch = []
        batch.append(entry)
    if batch:
        yield batch


def _draft(entry: Recorded) -> Draft:
    """Make a draft that keeps the event's bytes as they were recorded, whatever version they are of."""
    draft = draft_of(entry.event, file="events.jsonl", line=entry.position)
    tail = leaf_bytes(b"", recorded_at=entry.recorded_at, recorder=entry.recorder, schema_version=entry.schema_version)
    draft.encoded = event_bytes(entry.leaf, len(tail) - len(b'{"event":'))
    draft.schema_version = entry.schema_version
    return draft


def _compare(batch: list[Recorded], accepted: list[Draft], at: str, recorder: str) -> None:
    """Refuse to restore what would not be the same bytes at the same place."""
    for place, entry in enumerate(batch):
        draft = accepted[place] if place < len(accepted) else None
        leaf = (
            b""
            if draft is None
            else leaf_bytes(draft.encoded, recorded_at=at, recorder=recorder, schema_version=draft.schema_version)
        )
        if draft is None or draft.position != entry.position or leaf != entry.leaf:
            raise RestoreDiffersError(
                f"event {entry.position} ({entry.key}) cannot be restored as it was recorded",
                advice="the bundle may be of a newer version of this software; it verifies all the same",
            )
