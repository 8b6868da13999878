"""Whether an event says what is there under its key already, and if not, where they differ."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from events.codec import as_raw, encode
from events.housekeeping import EventCorrected
from events.keys import derived_key
from ledger.record.drafts import Draft
from ledger.record.refusals import KeyConflictError, RefusedError, RepeatedRowError
from ledger.record.state import Placed, State
from ledger.store.recorder import EntryRow

if TYPE_CHECKING:
    from events.base import Event

__all__ = ["another", "conflict", "repeated", "under_former_key"]


def under_former_key(draft: Draft, state: State) -> Placed | None:
    """Return the recorded event that an earlier release gave another key, and give the draft that key; None if there is none.

    An event is the same where its own key would be the draft's today, as recorded or as it stands after corrections.
    """
    entry = state.entry(draft.former) if draft.former else None
    if not isinstance(entry, EntryRow):
        return None
    readings = (as_raw(state.said_by(entry)), as_raw(_standing(entry, state)))
    if draft.key not in {derived_key(raw) for raw in readings}:
        return None
    draft.rename(entry.key)
    return entry


def _standing(recorded: Placed, state: State) -> Event:
    """Return an event as it stands: its last replacement, or the event itself."""
    last = state.said_by(state.last(recorded.slot))
    if isinstance(last, EventCorrected) and recorded.position == recorded.slot:
        return last.replacement
    return state.said_by(recorded)


def conflict(draft: Draft, recorded: Placed, state: State) -> list[RefusedError]:
    """Compare a draft with the event of the same key; nothing is refused where it says the same.

    Where the recorded event was corrected since, the original and its standing replacement both count as the same.
    """
    if _same_bytes(draft, recorded, state) or encode(state.said_by(recorded)) == draft.encoded:
        return []
    standing = _standing(recorded, state)
    if encode(standing) == draft.encoded:
        return []
    differences = "; ".join(_differences(as_raw(standing), as_raw(draft.model())))
    nth = another(draft, state)
    second = f"write key: {nth} in the second" if nth else "give one of them a key of its own"
    if isinstance(recorded, Draft):
        return [
            KeyConflictError(
                draft.key,
                "key",
                f"is that of {recorded.file}:{recorded.line} too, which says something else: {differences}",
                got=draft.key,
                advice=f"if both are right, {second}; if not, take one of them out",
            )
        ]
    return [
        KeyConflictError(
            draft.key,
            "key",
            f"is recorded already (number {recorded.position}) and says something else: {differences}",
            got=draft.key if draft.nth else "",
            advice="to mend what was recorded wrong, use `deals correct`; "
            + (
                f"if this is a second event of the day, write key: {nth}"
                if nth and draft.family == "performance"
                else "where the world changed, give the new event a key of its own (and `amends`)"
            ),
        )
    ]


def repeated(draft: Draft, earlier: Draft, state: State) -> list[RefusedError]:
    """Refuse a draft that says what an earlier one of the same input says, where no key tells that it is one fact.

    Registrations may be repeated: each file of an import may enter the companies that it names.
    """
    if draft.family == "register" or not (draft.nth or earlier.nth):
        return []
    return [
        RepeatedRowError(
            draft.key,
            "row",
            f"says the same as {earlier.file}:{earlier.line}, and neither has a key of its own",
            advice=f"if they are two events, write key: {another(draft, state) or 'auto#2'} in one of them; if they are one, "
            "take one out",
        )
    ]


def another(draft: Draft, state: State) -> str:
    """Return what to write as the key of one more event like this one, such as `auto#2`; empty where none is near.

    A key that was given says that its author names events; with a hundred of one key they had better be named, too.
    """
    raw = as_raw(draft.model()) if draft.nth else {}
    free = (nth for nth in range(2, 100) if draft.nth and state.entry(derived_key(raw, nth)) is None)
    return next((f"auto#{nth}" for nth in free), "")


def _same_bytes(draft: Draft, recorded: Placed, state: State) -> bool:
    """Compare without reading either: enough for almost every row that is imported again."""
    if isinstance(recorded, Draft):
        return recorded.encoded == draft.encoded
    return state.leaf_of(recorded).startswith(b'{"event":%b,"recorded_at":' % draft.encoded)


def _differences(recorded: dict[str, Any], given: dict[str, Any]) -> Iterator[str]:
    """Name each field that differs, with both values."""
    old, new = dict(_flat("", recorded)), dict(_flat("", given))
    for field in sorted(old.keys() | new.keys()):
        if old.get(field) != new.get(field):
            yield f"{field} is {_shown(old.get(field))}, given {_shown(new.get(field))}"


def _flat(path: str, value: object) -> Iterator[tuple[str, object]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _flat(f"{path}.{name}" if path else name, inner)
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _flat(f"{path}.{place}", inner)
    else:
        yield path, value


def _shown(value: object) -> str:
    return "left out" if value is None else f"'{value}'"
