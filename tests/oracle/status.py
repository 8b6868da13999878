"""How far each leg has come, folded from its terms and statuses.

Part of the naive oracle: plain lists and comparisons, written from `docs/measures.md` alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from tests.oracle.legs import FIRM_STATUSES, TERMS, LegState, folded, term_day
from tests.oracle.visible import Clocks, Entry, Raw, Sight

__all__ = ["twin"]


def twin(entries: Iterable[Entry], clocks: Clocks, hypothetical: Sequence[Raw] = ()) -> list[dict[str, Any]]:
    """Return the rows of `status`: its keys, its values and `events`."""
    history = folded(entries, clocks, hypothetical)
    return [_row(history.sight, state) for state in history.states.values()]


def _row(sight: Sight, state: LegState) -> dict[str, Any]:
    words, day = _milestone(state)
    return {
        "leg_ref": f"{state.deal}/{state.leg}",
        "status": state.status,
        "announced_on": min(_announced(sight, state)),
        "next_milestone": words,
        "next_on": day,
        "milestone_overdue": day is not None and day < sight.clocks.as_of and not state.ended,
        "events": state.events,
    }


def _announced(sight: Sight, state: LegState) -> list[dt.date]:
    """List the days on which a step of the leg was announced, one for each that is in effect."""
    own = [fact.raw for fact in sight.in_effect if fact.raw.get("deal") == state.deal]
    steps = [raw for raw in own if raw["type"] in TERMS and raw["leg"] == state.leg]
    steps += [raw for raw in own if raw["type"] == "status_changed" and raw.get("leg") in {None, state.leg}]
    return [dt.date.fromisoformat(raw["announced_on"]) for raw in steps]


def _milestone(state: LegState) -> tuple[str | None, dt.date | None]:
    """Say what should happen next, and by when."""
    terms = state.terms
    end = terms.get("ends_on") or terms.get("matures_on") or terms.get("expires_on")
    ends = [part["matures_on"] for part in terms.get("tranches", ()) if part.get("matures_on")]
    end = end or max(ends, key=term_day, default=None)
    if state.ended or state.status == "completed":
        return None, None
    if state.status not in FIRM_STATUSES:
        return "definitive agreement", _day(terms.get("starts_on") or end)
    kinds = {"tranche_funded", "tranche_vested", "tranche_lapsed"}
    done = {fact.raw.get("tranche") for fact in state.performance if fact.raw["type"] in kinds}
    for tranche in terms.get("tranches", ()):
        if tranche["tranche"] not in done:
            days = [c["threshold"] for c in tranche.get("conditions", ()) if c["kind"] == "date" and c.get("threshold")]
            return f"tranche {tranche['tranche']}", _day(max(days, key=term_day, default=None))
    if state.conditional:
        return "conditions to be met", None
    return ("end of term", _day(end)) if end else (None, None)


def _day(text: str | None) -> dt.date | None:
    return None if text is None else dt.date.fromisoformat(term_day(text))
