"""Merges another ledger's bundle into one that has events: recorded anew by us, with the original's receipts kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from events.envelope import Recorded, read_leaf
from events.housekeeping import DocumentAttached
from events.keys import event_id
from ledger.bundle.package import Package, open_package
from ledger.bundle.texts import PROOF_DIGITS
from ledger.exchange.restore import bundle_lines, put_documents, verified
from ledger.proof.checkpoint import Receipt, parse_receipt
from ledger.proof.merkle import Frontier, StoredNode, inclusion_proof, leaf_hashes
from ledger.proof.tiles import Tiles

if TYPE_CHECKING:
    from events.base import Event
    from ledger.application import Ledger

__all__ = ["RECEIPT_TYPE", "Merged", "merge_bundle"]

RECEIPT_TYPE = "application/x-tlog-proof"
"""The media type of a receipt (https://c2sp.org/tlog-proof); its extra data is the line as the original recorded it."""

_KEY_MAX = 240
_SMALL = 1 << 20


class Merged(NamedTuple):
    """What a merge recorded: events, receipts kept of them, and events that were known before; and the log's name."""

    origin: str
    events: int
    known: int
    receipts: int
    size: int
    root: str


def merge_bundle(
    ledger: Ledger,
    place: Path,
    *,
    vkey: str | None = None,
    processes: int = 1,
    progress: Callable[[int], None] | None = None,
) -> Merged:
    """Record the events of a bundle, whole or part, in one transaction; each new one gets the original's receipt.

    The receipt is a document attached to the event: it proves that the original log recorded the same, when and by
    whom. Events that are known with the same content are left as they are.
    Raises NotVerifiedError, the refusals of the ledger, and what opening a bundle raises.
    """
    report = verified(place, vkey=vkey, processes=processes, progress=progress)
    with open_package(place) as package:
        entries = list(_entries(package))
        with ledger.recorder.reading() as reading:
            known = {row.key for row in reading.entries([entry.key for entry, _ in entries])}
        fresh = [(entry, receipt) for entry, receipt in entries if entry.key not in known]
        events: list[Event] = [entry.event for entry, _ in entries]
        day = ledger.clock.now().astimezone(dt.UTC).date()
        attachments = [_attachment(entry, receipt, report.origin, day) for entry, receipt in fresh]
        for _, receipt in fresh:
            ledger.documents.put(receipt)
        put_documents(ledger, package)
        done = ledger.record([*events, *attachments])
    return Merged(report.origin, len(fresh), len(done.already_known), len(attachments), done.size, done.root)


def _attachment(entry: Recorded, receipt: bytes, origin: str, day: dt.date) -> DocumentAttached:
    digest = sha256(receipt).hexdigest()
    key = f"{entry.key}/receipt-{digest[:12]}"
    return DocumentAttached(
        type="document_attached",
        key=key if len(key) <= _KEY_MAX else f"{event_id(entry.key)}/receipt-{digest[:12]}",
        announced_on=day,
        about=entry.key,
        sha256=digest,
        media_type=RECEIPT_TYPE,
        bytes=len(receipt),
        note=f"Receipt of the log {origin}, which recorded it as number {entry.position} at {entry.recorded_at}.",
    )


def _entries(package: Package) -> Iterator[tuple[Recorded, bytes]]:
    """Yield every event of a verified bundle with its receipt."""
    proofs = package.names("data/proofs/")
    if proofs:
        for name, line in zip(proofs, bundle_lines(package), strict=True):
            receipt = parse_receipt(package.read(name, most=_SMALL))
            position = int(name[-len(".tlog-proof") - PROOF_DIGITS : -len(".tlog-proof")])
            kept = Receipt(receipt.index, receipt.proof, receipt.checkpoint, line)
            yield read_leaf(position, line), kept.to_bytes()
        return
    note = package.read("data/checkpoint", most=_SMALL)
    tiles = _tiles(leaf_hashes(bundle_lines(package)))
    for index, line in enumerate(bundle_lines(package)):
        proof = inclusion_proof(index, tiles.size, tiles.subtree)
        yield read_leaf(index + 1, line), Receipt(index, tuple(proof), note, line).to_bytes()


def _tiles(hashes: list[bytes]) -> Tiles:
    """Build the tree over a log that is held in memory."""
    stored: dict[tuple[int, int], bytes] = {}
    nodes: list[StoredNode] = Frontier().extend(hashes)
    stored.update({(level, place): node for level, place, node in nodes})
    return Tiles(
        len(hashes),
        leaf_hashes=lambda start, stop: hashes[start:stop],
        stored_nodes=lambda level, start, stop: [
            stored[level, place] for place in range(start, stop) if (level, place) in stored
        ],
    )
