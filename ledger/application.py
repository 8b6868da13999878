"""The ledger itself: records, corrects and retracts events, all of a batch or nothing, and never changes what is there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.persistence import InfrastructureFactory, JSONTranscoder, Mapper
from eventsourcing.utils import Environment, EnvType

from events.envelope import instant_text
from ledger.clock import Clock, SystemClock
from ledger.intake.located import Rejected, Row
from ledger.pauses import no_collection
from ledger.proof.merkle import Frontier
from ledger.reader import guard_file
from ledger.record.batches import bad_input, numbered, read_in, refusal_of
from ledger.record.chains import attachment, next_of_chain, plain_name, read_document
from ledger.record.claims import claims_of
from ledger.record.drafts import Draft
from ledger.record.refusals import KeyConflictError, NotLastOfChainError
from ledger.record.rules import Verdict, judge
from ledger.record.state import State
from ledger.record.writing import Acknowledgement, Progress, write
from ledger.store.documents import DocumentStore
from ledger.store.errors import CannotWriteError, LedgerExistsError
from ledger.store.mapper import LeafMapper
from ledger.store.recorder import IndexView, StoredHead
from ledger.store.sqlite import SQLiteLedgerFactory, SQLiteLedgerRecorder
from ledger.store.sqlite_files import is_unmade, ledger_path, read_only_uri
from ledger.store.sqlite_schema import documents_folder, file_uri

if TYPE_CHECKING:
    from events.base import Event
    from events.errors import DealsError
    from events.values import Source

__all__ = ["Acknowledgement", "Ledger"]

# The latest zone on Earth is fourteen hours ahead of UTC.
_FURTHEST_AHEAD = dt.timedelta(hours=14)
_BUSY_SECONDS = 30
_ATTEMPTS = 50


class Ledger(Application[UUID]):
    """A ledger open for recording; use it as a context manager or close it.

    `recorder_name` is who records, a person or a program. Events are plain facts of one stream, without aggregates.
    """

    name = "deals"
    recorder: SQLiteLedgerRecorder

    def __init__(
        self,
        path: Path,
        *,
        uri: str,
        clock: Clock | None = None,
        recorder_name: str = "deals",
        busy_seconds: int = _BUSY_SECONDS,
    ) -> None:
        self.path = path
        self.clock = clock or SystemClock()
        self.recorder_name = plain_name(recorder_name)
        self.documents = DocumentStore(documents_folder(path))
        super().__init__({"SQLITE_DBNAME": uri, "SQLITE_LOCK_TIMEOUT": str(busy_seconds)})

    @classmethod
    def create(
        cls,
        place: str | Path,
        *,
        clock: Clock | None = None,
        recorder_name: str = "deals",
        busy_seconds: int = _BUSY_SECONDS,
    ) -> Self:
        """Make an empty ledger. Raises LedgerExistsError where something is already, or CannotWriteError."""
        path = ledger_path(place)
        if path.exists() and (path.is_dir() or not is_unmade(path)):
            raise LedgerExistsError(f"{path} is there already", advice="open it as it is, or choose another place")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CannotWriteError(
                f"the folder {path.parent} cannot be made: {error}", advice="choose another place with --db or DEALS_DB"
            ) from None
        ledger = cls(
            path, uri=file_uri(path, "rwc"), clock=clock, recorder_name=recorder_name, busy_seconds=busy_seconds
        )
        try:
            ledger.recorder.create_ledger()
        except BaseException:
            ledger.close()
            raise
        return ledger

    @classmethod
    def open(
        cls,
        place: str | Path,
        *,
        clock: Clock | None = None,
        recorder_name: str = "deals",
        busy_seconds: int = _BUSY_SECONDS,
        read_only: bool = False,
    ) -> Self:
        """Open a ledger that is there; `read_only` is enough for `check`.

        Raises LedgerNotFoundError, NotALedgerError, NewerLedgerError or BusyError, and as `ledger.memory.guard.check_extends`
        does where the log does not extend its last remembered checkpoint.
        """
        path = ledger_path(place)
        guard_file(path, for_reading=read_only)
        uri = read_only_uri(path) if read_only else file_uri(path, "rw")
        return cls(path, uri=uri, clock=clock, recorder_name=recorder_name, busy_seconds=busy_seconds)

    def construct_env(self, name: str, env: EnvType | None = None) -> Environment:
        """Take the configuration from here alone: a variable of the user's shell must not encrypt the log."""
        return Environment(name, dict(env or {}))

    def construct_factory(self, env: Environment) -> InfrastructureFactory[Any]:
        """Build the store of a ledger file."""
        return SQLiteLedgerFactory(env)

    def construct_mapper(self) -> Mapper[UUID]:
        """Return the mapper by which readers of the library get leaves as they are."""
        return LeafMapper(transcoder=JSONTranscoder())

    def record(
        self, events: Iterable[Event], *, recorder: str | None = None, progress: Progress | None = None
    ) -> Acknowledgement:
        """Record a batch, all of it or nothing; events recorded before with the same content are left as they are.

        Raises the refusal where one event is refused, and BadInputError with every finding where several are.
        """
        return self._append(numbered(events), refusal_of, recorder, progress)

    def record_located(
        self, rows: Iterable[Row], *, recorder: str | None = None, progress: Progress | None = None
    ) -> Acknowledgement:
        """Record an import in one transaction: registrations first, then in the order of the rows.

        Raises BadInputError with a finding for every bad row, those that could not be read included.
        """
        with no_collection():
            drafts, rejected = read_in(rows, progress)
            if rejected:
                raise bad_input(self._look(drafts, rejected, hypothetical=False), rejected)
            return self._append(drafts, bad_input, recorder, progress)

    def check(self, events: Iterable[Event], *, hypothetical: bool = False) -> list[Event]:
        """Return the events that would be recorded, with companies as slugs, without recording them.

        `hypothetical` waives the refusal of future dates. Raises as `record` does; a ledger opened to read will do.
        """
        verdict = self._look(numbered(events), (), hypothetical=hypothetical)
        if verdict.refused:
            raise refusal_of(verdict)
        return [draft.model() for draft in verdict.accepted]

    def check_located(self, rows: Iterable[Row], *, hypothetical: bool = False) -> list[Event]:
        """Check an import as `check` does. Raises BadInputError with a finding for every bad row."""
        drafts, rejected = read_in(rows, None)
        verdict = self._look(drafts, rejected, hypothetical=hypothetical)
        if rejected or verdict.refused:
            raise bad_input(verdict, rejected)
        return [draft.model() for draft in verdict.accepted]

    def correct(
        self,
        key: str,
        replacement: Event,
        *,
        reason: str,
        announced_on: dt.date | None = None,
        recorder: str | None = None,
        source: Source | None = None,
    ) -> Acknowledgement:
        """Put a replacement in the place of an event that was recorded wrong, named by the key of any of its chain.

        Where the replacement stands already, nothing is recorded. Raises KeyNotFoundError or a refusal.
        """
        return self._continue_chain(
            key, replacement, reason=reason, announced_on=announced_on, recorder=recorder, source=source
        )

    def retract(
        self,
        key: str,
        *,
        reason: str,
        announced_on: dt.date | None = None,
        recorder: str | None = None,
        source: Source | None = None,
    ) -> Acknowledgement:
        """Withdraw an event that should never have been recorded, named by the key of any of its chain.

        Where it is retracted already, nothing is recorded. Raises KeyNotFoundError.
        """
        return self._continue_chain(
            key, None, reason=reason, announced_on=announced_on, recorder=recorder, source=source
        )

    def attach(
        self,
        key: str,
        data: bytes | Path,
        *,
        media_type: str,
        url: str | None = None,
        retrieved_at: dt.datetime | None = None,
        recorder: str | None = None,
    ) -> Acknowledgement:
        """Store a document beside the ledger and record that it supports an event.

        Attaching the same document to the same event again records nothing. Raises KeyNotFoundError, BadValueError,
        KeyConflictError where it is attached already from another place, or CannotWriteError.
        """
        content = data if isinstance(data, bytes) else read_document(data)
        with self.recorder.reading() as reading:
            _, state = self._present(reading)
            known, event = attachment(
                state, key, content, today=self._today(), media_type=media_type, url=url, retrieved_at=retrieved_at
            )
        self.documents.put(content)
        return self._nothing_new(known) if known else self.record([event], recorder=recorder)

    def document(self, sha256: str) -> bytes:
        """Return an attached document. Raises DocumentNotFoundError or DocumentDamagedError."""
        return self.documents.get(sha256)

    def _continue_chain(
        self,
        key: str,
        replacement: Event | None,
        *,
        reason: str,
        announced_on: dt.date | None,
        recorder: str | None,
        source: Source | None,
    ) -> Acknowledgement:
        day = announced_on or self._today()
        for attempt in range(1, _ATTEMPTS + 1):
            with self.recorder.reading() as reading:
                _, state = self._present(reading)
                known, event = next_of_chain(state, key, replacement, reason=reason, announced_on=day, source=source)
            if known:
                return self._nothing_new(known)
            try:
                return self.record([event], recorder=recorder)
            except (NotLastOfChainError, KeyConflictError):
                # Another process continued the chain since it was looked at.
                if attempt == _ATTEMPTS:
                    raise
        raise AssertionError

    def _today(self) -> dt.date:
        return self.clock.now().astimezone(dt.UTC).date()

    def _nothing_new(self, known: str) -> Acknowledgement:
        with self.recorder.reading() as reading:
            head = reading.head()
        return Acknowledgement(
            head.size + 1, (), (known,), "", head.size, Frontier.from_bytes(head.frontier).root().hex()
        )

    def _present(self, reading: IndexView) -> tuple[StoredHead, State]:
        """Return the head as it would be recorded on now, and what the rules know.

        The instant is the clock's, or the latest recorded one where the clock was set back.
        """
        stored = reading.head()
        head = stored._replace(at=max(stored.at, instant_text(self.clock.now())))
        latest = dt.datetime.fromisoformat(head.at) + _FURTHEST_AHEAD
        return head, State(reading, size=head.size, day_max=latest.date().isoformat())

    def _look(self, drafts: Sequence[Draft], rejected: Sequence[Rejected], *, hypothetical: bool) -> Verdict:
        """Judge a batch without the write lock and without recording it."""
        with self.recorder.reading() as reading:
            _, state = self._present(reading)
            return judge(drafts, state, claims=claims_of(rejected), hypothetical=hypothetical)

    def _append(
        self,
        drafts: Sequence[Draft],
        refusal: Callable[[Verdict], DealsError],
        recorder: str | None,
        progress: Progress | None,
    ) -> Acknowledgement:
        """Judge a batch and record it where nothing is refused, all under the write lock."""
        name = self.recorder_name if recorder is None else plain_name(recorder)
        with self.recorder.appending() as store:
            head, state = self._present(store)
            verdict = judge(drafts, state)
            if verdict.refused:
                raise refusal(verdict)
            return write(verdict, state, store, head, name, progress)
