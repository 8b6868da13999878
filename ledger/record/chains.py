"""Makes the events that the ledger writes about itself: the next correction or retraction of a chain, an attachment."""

from __future__ import annotations

import datetime as dt
import re
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from events.codec import encode
from events.errors import NotFoundError
from events.housekeeping import DocumentAttached, EventCorrected, EventRetracted
from events.keys import event_id
from events.registry import first_invalid
from ledger.record.drafts import draft_of
from ledger.record.references import Hints, resolve_companies
from ledger.record.refusals import KeyConflictError
from ledger.record.state import State
from ledger.store.errors import KeyNotFoundError, RecorderNameError

if TYPE_CHECKING:
    from events.base import Event
    from events.values import Source

__all__ = ["attachment", "next_of_chain", "plain_name", "read_document"]

_KEY_MAX = 240
_RECORDER = re.compile(r"[^\x00-\x1f\x7f-\x9f\ud800-\udfff]{1,200}\Z")


def plain_name(name: str) -> str:
    """Return the name of who records as it is. Raises RecorderNameError unless it is a short line of plain text."""
    if not name.strip() or not _RECORDER.match(name):
        raise RecorderNameError(
            f"recorder: not a name of at most 200 plain characters (got {name!r})",
            advice="name the person or program that records, for example with --recorder",
        )
    return name


def _built(cls: type[Event], fields: dict[str, Any]) -> Event:
    """Build an event from parts. Raises BadValueError that names the bad ones."""
    from pydantic import ValidationError

    present = {name: value for name, value in fields.items() if value is not None}
    try:
        return cls(**present)
    except ValidationError as error:
        raise first_invalid(present, error) from None


def next_of_chain(
    state: State,
    key: str,
    replacement: Event | None,
    *,
    reason: str,
    announced_on: dt.date,
    source: Source | None,
) -> tuple[str, Event]:
    """Make the correction (or, without a replacement, the retraction) that continues the chain of an event.

    Gives `(key, event)`; a key that is not empty is that of the member which says the same already.
    Raises KeyNotFoundError.
    """
    member = state.entry(key)
    if member is None:
        raise KeyNotFoundError.of(key, state.keys_like)
    root, last = state.root(member.slot), state.last(member.slot)
    standing = state.said_by(last)
    if replacement is None:
        known = last.key if isinstance(standing, EventRetracted) else ""
    else:
        given = draft_of(replacement, file="", line=0)
        resolve_companies(given, state, Hints(state))
        said = standing.replacement if isinstance(standing, EventCorrected) else standing
        known = last.key if encode(said) == given.encoded else ""
    verb = "retracted" if replacement is None else "corrected"
    fields = {
        "type": f"event_{verb}",
        "key": _free_key(state, root.key, f"{verb}-{announced_on}"),
        "announced_on": announced_on,
        "corrects": last.key,
        "replacement": replacement,
        "reason": reason,
        "source": source,
    }
    return known, _built(EventRetracted if replacement is None else EventCorrected, fields)


def _free_key(state: State, root: str, what: str) -> str:
    """Name a member of a chain after its root and its day, with a number from the second of one day on."""
    stem = f"{root}/{what}"
    if len(stem) + 6 > _KEY_MAX:  # a root with a name of nearly full length
        stem = f"{event_id(root)}/{what}"
    key, number = stem, 1
    while state.entry(key) is not None:
        number += 1
        key = f"{stem}-{number}"
    return key


def attachment(
    state: State,
    key: str,
    content: bytes,
    *,
    today: dt.date,
    media_type: str,
    url: str | None,
    retrieved_at: dt.datetime | None,
) -> tuple[str, Event]:
    """Make the event by which a document supports another event.

    Gives `(key, event)`; a key that is not empty is that of the same attachment, recorded before.
    Raises KeyNotFoundError, BadValueError, or KeyConflictError where the attachment that was recorded says something else
    of where the document is from, or was retracted.
    """
    if state.entry(key) is None:
        raise KeyNotFoundError.of(key, state.keys_like)
    digest = sha256(content).hexdigest()
    own = f"{key}/document-{digest[:12]}"
    if len(own) > _KEY_MAX:
        own = f"{event_id(key)}/document-{digest[:12]}"
    fields = {
        "type": "document_attached",
        "key": own,
        "announced_on": today,
        "about": key,
        "sha256": digest,
        "media_type": media_type,
        "bytes": len(content),
        "retrieved_at": retrieved_at,
        "url": url,
    }
    event = _built(DocumentAttached, fields)
    member = state.entry(own)
    if member is None:
        return "", event
    _refuse_other_attachment(state.said_by(state.last(member.slot)), event)
    return own, event


def _refuse_other_attachment(standing: Event, given: Event) -> None:
    """Compare what an attachment adds to its document: an acknowledgement must not cover what nobody recorded."""
    if isinstance(standing, EventRetracted):
        raise KeyConflictError(
            given.key,
            "key",
            "was attached before, and retracted",
            advice=f"to bring it back: deals correct {given.key} --set about={given.__dict__['about']} --reason WHY",
        )
    told = (standing.replacement if isinstance(standing, EventCorrected) else standing).__dict__
    for field in ("url", "retrieved_at"):
        said = given.__dict__[field]
        if said is not None and said != told[field]:
            raise KeyConflictError(
                given.key,
                field,
                f"the document is attached already, with {_shown(told[field])}",
                got=_shown(said),
                advice=f"to mend it: deals correct {given.key} --set {field}='{_shown(said)}' --reason WHY",
            )


def _shown(value: str | dt.datetime | None) -> str:
    return "none" if value is None else value.isoformat() if isinstance(value, dt.datetime) else value


def read_document(path: Path) -> bytes:
    """Read a file that is to be attached. Raises NotFoundError."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise NotFoundError(
            f"{path} cannot be read: {error}", advice="give the path of a file that can be read"
        ) from None
