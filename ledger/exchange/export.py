"""Hands out the whole trail, or a part of it, as one bag of files that an outsider can check without trusting us."""

from __future__ import annotations

import csv
import datetime as dt
import io
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ledger.bundle.bag import BagWriter, new_bag
from ledger.bundle.chunks import CHUNK, Chunk, Line, as_stored, chunks
from ledger.bundle.facts import facts_header
from ledger.bundle.page import ROWS_MAX, Reported, report_page
from ledger.bundle.part import Part, select
from ledger.bundle.prov import STREAMS, ProvStreams, layout
from ledger.bundle.texts import BUNDLE_VERSION, PROOF_DIGITS, Scope, data_package, scope_json, verify_text
from ledger.memory.errors import EmptyLogError, NothingMatchesError
from ledger.memory.folder import Remembered
from ledger.memory.signing import checkpoint_at, open_text, tiles_of
from ledger.proof.checkpoint import Receipt, parse_checkpoint
from ledger.proof.keys import SigningKey, VerifierKey, parse_vkey
from ledger.proof.merkle import Frontier, inclusion_proof
from ledger.proof.notes import detach
from ledger.proof.sshsig import allowed_signer, public_key_line
from ledger.store.errors import DocumentDamagedError, DocumentNotFoundError, LedgerDamagedError

if TYPE_CHECKING:
    from ledger.reader import LedgerReader

__all__ = ["Exported", "Request", "export_bundle"]

_DAMAGED = "verify the ledger with `deals audit verify` and restore a copy that verifies"
_CORRECTIONS = frozenset({"event_corrected", "event_retracted"})
_CORRECTION_MARKS = tuple(f'"{name}"'.encode() for name in _CORRECTIONS)


@dataclass(frozen=True)
class Request:
    """What to hand out: up to which position (None: all), which part, and the numbers at which clocks.

    `projections` are CSV files by name, computed by whoever asks, in the form `numbers_version`; `clocks` says at which
    dates (`as_of`, `known_by`).
    """

    recorded_by: int | None = None
    part: Part = field(default_factory=Part)
    projections: Mapping[str, bytes] = field(default_factory=dict)
    clocks: Mapping[str, str] = field(default_factory=dict)
    documents: bool = True
    numbers_version: int | None = None


class Exported(NamedTuple):
    """What was handed out: the place, the checkpoint, how many events of how many, and documents there and absent."""

    target: Path
    checkpoint: Remembered
    events: int
    size: int
    documents: int
    documents_absent: int


def export_bundle(
    reader: LedgerReader,
    target: Path,
    request: Request | None = None,
    *,
    at: dt.datetime,
    key: SigningKey | None = None,
    processes: int = 1,
    progress: Callable[[int], None] | None = None,
) -> Exported:
    """Write a bundle to a folder or a `.zip`; the same log, request and key give the same bytes.

    `at` is the present instant, under which the checkpoint is remembered. Raises EmptyLogError, NothingMatchesError,
    LedgerDamagedError where the log does not have the root it claims, DocumentDamagedError, BundleExistsError,
    BundleNotWrittenError, and what signing raises.
    """
    request = request or Request()
    head = reader.head()
    size = head.size if request.recorded_by is None else min(request.recorded_by, head.size)
    if size == 0:
        raise EmptyLogError("there is no event to hand out", advice="record something first")
    positions = select(lambda: reader.feed(upto=size), request.part) if request.part else []
    if request.part and not positions:
        conditions = ", ".join(f"{name} {value}" for name, value in request.part.conditions().items())
        raise NothingMatchesError(f"no event matches {conditions}", advice="check the spelling")
    signed = checkpoint_at(reader, size, at=at, key=key)
    origin = parse_checkpoint(open_text(signed.note)).origin
    version = request.numbers_version
    scope = Scope(origin, size, signed.root, dict(request.clocks), request.part, positions, version)
    day = reader.recorded(size).recorded_at[:10]
    with new_bag(target, day=day) as bag:
        _add_checkpoint(bag, signed)
        writing = _Writing(bag, scope, reader, signed)
        writing.log(chunks(_lines(reader, scope), origin, processes=processes), progress)
        absent = writing.documents() if request.documents else 0
        headers = _add_projections(bag, request.projections)
        described = {
            name.removeprefix("data/"): written
            for name, written in bag.payload().items()
            if name.endswith((".csv", ".jsonl", "prov.json"))
        }
        bag.add("datapackage.json", data_package(origin, described, headers))
        bag.add("scope.json", scope_json(scope))
        said = verify_text(scope, vkey=signed.vkey, checkpoint_bytes=len(signed.note), stamped=bool(signed.stamp))
        bag.add("VERIFY.md", said)
        page = report_page(scope, writing.shown, writing.corrections, vkey=signed.vkey, count=writing.events)
        bag.add("report.html", page)
        bag.finish(_info(scope, day))
    there = len(writing.attached) - absent if request.documents else 0
    return Exported(target, signed, writing.events, size, there, absent)


def _info(scope: Scope, day: str) -> dict[str, str]:
    return {
        "Bagging-Date": day,
        "Bag-Software-Agent": "deals",
        "External-Identifier": scope.origin,
        "External-Description": "audit trail, part of the log" if scope.part else "audit trail, the whole log",
        "Deals-Bundle-Version": str(BUNDLE_VERSION),
    }


def _add_checkpoint(bag: BagWriter, signed: Remembered) -> None:
    """Write the checkpoint in the forms that strangers' tools take, and the keys."""
    verifier: VerifierKey = parse_vkey(signed.vkey)
    text, signature = detach(signed.note, verifier)
    bag.add("checkpoint", signed.note)
    bag.add("checkpoint.text", text)
    bag.add("checkpoint.sig", signature)
    bag.add("checkpoint.sshsig", signed.ssh.encode())
    if signed.stamp:
        bag.add("checkpoint.tsr", signed.stamp)
    bag.add("keys/log.vkey", f"{signed.vkey}\n".encode())
    bag.add("keys/log.pem", verifier.public_pem.encode())
    bag.add("keys/log.pub", f"{public_key_line(verifier)}\n".encode())
    bag.add("keys/allowed_signers", f"{allowed_signer(verifier)}\n".encode())


def _add_projections(bag: BagWriter, projections: Mapping[str, bytes]) -> dict[str, list[str]]:
    headers = {}
    for name, content in sorted(projections.items()):
        path = f"projections/{name}"
        bag.add(path, content)
        headers[path] = next(csv.reader(io.StringIO(content.decode(), newline="")), [])
    return headers


def _lines(reader: LedgerReader, scope: Scope) -> Iterator[list[Line]]:
    """Yield the lines of the bundle in runs."""
    if not scope.part:
        yield from as_stored(reader.feed(upto=scope.size, batch=CHUNK))
        return
    chosen = set(scope.positions)
    run: list[Line] = []
    for batch in as_stored(reader.feed(upto=scope.size)):
        for position, leaf in batch:
            if position in chosen:
                run.append((position, leaf))
                if len(run) == CHUNK:
                    yield run
                    run = []
    if run:
        yield run


class _Writing:
    """The files that come of one reading of the log."""

    def __init__(self, bag: BagWriter, scope: Scope, reader: LedgerReader, signed: Remembered) -> None:
        self._bag = bag
        self._scope = scope
        self._reader = reader
        self._signed = signed
        self._frontier = Frontier()
        self.events = 0
        self.attached: dict[str, None] = {}
        self.shown: list[Reported] = []
        self.corrections: list[Reported] = []

    def log(self, runs: Iterator[tuple[list[Line], Chunk]], progress: Callable[[int], None] | None) -> None:
        """Write the events, what others read of them, and the proofs of a part."""
        with ExitStack() as stack:
            events = stack.enter_context(self._bag.open("events.jsonl"))
            facts = stack.enter_context(self._bag.open("facts.csv"))
            cloud = stack.enter_context(self._bag.open("cloudevents.jsonl"))
            spools = {stream: stack.enter_context(tempfile.TemporaryFile()) for stream in STREAMS}
            prov = ProvStreams(spools)
            facts.write(facts_header())
            for run, chunk in runs:
                if chunk.problem is not None:
                    raise LedgerDamagedError(
                        f"event {chunk.problem.position} ({chunk.problem.key}): {chunk.problem.what}", advice=_DAMAGED
                    )
                events.write(b"".join([leaf + b"\n" for _, leaf in run]))
                facts.write(chunk.facts)
                cloud.write(chunk.cloud)
                prov.add(chunk.prov)
                self._look(run, chunk)
                if progress:
                    progress(len(run))
            with self._bag.open("prov.json") as file:
                for piece in layout(self._scope.origin, prov.begun):
                    if isinstance(piece, bytes):
                        file.write(piece)
                    else:
                        spools[piece].seek(0)
                        shutil.copyfileobj(spools[piece], file, 1 << 20)
        if not self._scope.part and self._frontier.root().hex() != self._scope.root:
            raise LedgerDamagedError(
                f"the events have the root {self._frontier.root().hex()}, but the ledger says {self._scope.root}",
                advice=_DAMAGED,
            )

    def _look(self, run: list[Line], chunk: Chunk) -> None:
        """Take from a run what the page shows, the documents, and the hashes or proofs."""
        self.events += len(run)
        self.attached.update((digest, None) for digest, _ in chunk.documents)
        if self._scope.part:
            self._prove(run)
        else:
            self._frontier.extend(chunk.hashes)
        self.shown += [Reported(*read) for read in map(_read, run[: ROWS_MAX - len(self.shown)])]
        corrections = (line for line in run if any(mark in line[1] for mark in _CORRECTION_MARKS))
        for position, parts in map(_read, corrections if len(self.corrections) < ROWS_MAX else ()):
            if parts["event"]["type"] in _CORRECTIONS and len(self.corrections) < ROWS_MAX:
                self.corrections.append(Reported(position, parts))

    def _prove(self, run: list[Line]) -> None:
        tiles = tiles_of(self._reader)
        for position, _ in run:
            proof = inclusion_proof(position - 1, self._scope.size, tiles.subtree)
            receipt = Receipt(position - 1, tuple(proof), self._signed.note)
            self._bag.add(f"proofs/{position:0{PROOF_DIGITS}d}.tlog-proof", receipt.to_bytes())

    def documents(self) -> int:
        """Copy the attached documents; gives how many are not there any more. Raises DocumentDamagedError."""
        absent = 0
        for digest in sorted(self.attached):
            try:
                place = self._reader.document(digest)
            except DocumentNotFoundError:
                absent += 1
                continue
            name = f"documents/{digest}"
            self._bag.copy(name, place)
            if self._bag.payload()[f"data/{name}"][0] != digest:
                raise DocumentDamagedError(
                    f"the document {digest} was changed after it was stored", advice="restore it from a copy"
                )
        return absent


def _read(line: Line) -> tuple[int, dict[str, Any]]:
    import orjson

    return line[0], orjson.loads(line[1])
