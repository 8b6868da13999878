"""Whether an event says what is recorded under its key already, and if not, where they differ."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from events.codec import as_raw, encode
from events.housekeeping import EventCorrected
from ledger.record.drafts import Draft
from ledger.record.refusals import KeyConflictError, RefusedError
from ledger.record.state import Placed, State

__all__ = ["conflict"]


def conflict(draft: Draft, recorded: Placed, state: State) -> list[RefusedError]:
    """Compare a draft with the event of the same key; nothing is refused where it says the same.

    Where the recorded event was corrected since, the original and its standing replacement both count as the same.
    """
    if _same_bytes(draft, recorded, state):
        return []
    original = state.said_by(recorded)
    if encode(original) == draft.encoded:
        return []
    standing = original
    last = state.said_by(state.last(recorded.slot))
    if isinstance(last, EventCorrected) and recorded.position == recorded.slot:
        standing = last.replacement
        if encode(standing) == draft.encoded:
            return []
    differences = list(_differences(as_raw(standing), as_raw(draft.model())))
    return [
        KeyConflictError(
            draft.key,
            "key",
            f"is recorded already (number {recorded.position}) and says something else: {'; '.join(differences)}",
            advice="to mend what was recorded wrong, use `deals correct`; where the world changed, give the new event a "
            "key of its own (and `amends`)",
        )
    ]


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
