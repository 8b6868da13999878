"""What the ledger refuses: decides, for a whole batch at once, which events may be recorded and why the others may not.

Rules that depend on the order of events are asked when an event's turn comes. What an event points to may also come
later in the same batch, so references that are not there in its turn are asked again at the end.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from events.base import Event
from ledger.record.claims import Claims
from ledger.record.companies import identification, registration
from ledger.record.days import days_out_of_reach
from ledger.record.drafts import Draft
from ledger.record.references import Hints, amends_in_a_circle, references, resolve_companies
from ledger.record.refusals import (
    AnnouncedInFutureError,
    ContradictionError,
    DanglingReferenceError,
    LegExistsError,
    LegTypeDiffersError,
    NotLastOfChainError,
    RefusedError,
    ReplacementDiffersError,
)
from ledger.record.roll import name_rows
from ledger.record.sameness import conflict, repeated, under_former_key
from ledger.record.state import Placed, State
from ledger.store.entries import rank

__all__ = ["Verdict", "judge"]

PORTION = 10_000


@dataclass
class Verdict:
    """What became of a batch: events in the order of their new positions, those known before their turn, and refusals.

    Of the known ones `repeated` are those that say again, under one key, what another event of the batch says; `first`
    remembers the first of each key that the ledger knew.
    """

    accepted: list[Draft] = field(default_factory=list)
    known: list[Draft] = field(default_factory=list)
    repeated: list[Draft] = field(default_factory=list)
    refused: list[tuple[Draft, RefusedError]] = field(default_factory=list)
    first: dict[str, Draft] = field(default_factory=dict)


def judge(
    drafts: Sequence[Draft], state: State, *, claims: Claims | None = None, hypothetical: bool = False
) -> Verdict:
    """Decide a whole batch: registrations first, then in the order given.

    `hypothetical` waives the one rule about future dates. Accepted drafts have their positions, slots and slugs.
    """
    verdict, hints = Verdict(), Hints(state)
    registrations = [draft for draft in drafts if draft.family == "register"]
    others = [draft for draft in drafts if draft.family != "register"]
    state.roll.foresee(_names_in(drafts))
    state.roll.promise(registrations)
    late = _judge_in_turn(registrations, state, verdict, hints, hypothetical=hypothetical)
    state.roll.keep_promises()
    late += _judge_in_turn(others, state, verdict, hints, hypothetical=hypothetical)
    for draft in late:
        found = references(draft, state, hints) or amends_in_a_circle(draft, state)
        verdict.refused += [(draft, refusal) for refusal in found]
    if claims:
        verdict.refused = [(draft, refusal) for draft, refusal in verdict.refused if not claims.excuse(refusal)]
    return verdict


def _judge_in_turn(
    drafts: Sequence[Draft], state: State, verdict: Verdict, hints: Hints, *, hypothetical: bool
) -> list[Draft]:
    """Decide events one after the other; gives those whose references must be asked again at the end."""
    late = []
    for start in range(0, len(drafts), PORTION):
        portion = drafts[start : start + PORTION]
        state.foresee(portion)
        late += [draft for draft in portion if _judge_one(draft, state, verdict, hints, hypothetical=hypothetical)]
    return late


def _names_in(drafts: Iterable[Draft]) -> set[str]:
    """Collect every company name that a batch mentions or gives."""
    names: set[str] = set()
    for draft in drafts:
        names.update(draft.companies)
        said = draft.replacement or draft
        if said.family == "register":
            names.update(row.written for row in name_rows(said.model(), 0))
    return names


def _judge_one(draft: Draft, state: State, verdict: Verdict, hints: Hints, *, hypothetical: bool) -> bool:
    """Decide one event in its turn and enter it; True where a reference must be asked again at the end."""
    found = resolve_companies(draft, state, hints)
    recorded = state.entry(draft.key) or under_former_key(draft, state)
    if recorded is not None:
        found = found or conflict(draft, recorded, state)
        if not found:
            found = _known(draft, recorded, verdict, state)
        verdict.refused += [(draft, refusal) for refusal in found]
        return False
    late = False
    found += days_out_of_reach(draft)
    if not hypothetical:
        found += _announced_in_future(draft, state, "")
    if draft.family == "correction":
        found += _correction(draft, state, hints, hypothetical=hypothetical)
    else:
        found += _in_turn(draft, state, "", 0)
        pointed = references(draft, state, hints)
        late = any(refusal.lacks for refusal in pointed)
        found += [] if late else pointed
        state.place(draft)
        _stand(draft, state, draft.slot)
    # A refused event is entered too, so that what leans on it is not refused for its sake as well.
    verdict.accepted.append(draft)
    if found:
        verdict.refused += [(draft, refusal) for refusal in found]
    return late


def _known(draft: Draft, recorded: Placed, verdict: Verdict, state: State) -> list[RefusedError]:
    """Enter an event that says what is there under its key; refuse it where the batch says it twice without a key."""
    earlier = recorded if isinstance(recorded, Draft) else verdict.first.setdefault(draft.key, draft)
    found = [] if earlier is draft else repeated(draft, earlier, state)
    if not found:
        verdict.known.append(draft)
        verdict.repeated += [] if earlier is draft else [draft]
    return found


def _stand(draft: Draft, state: State, slot: int) -> None:
    """Let what a new event or a replacement says stand in a slot."""
    if draft.family == "terms":
        state.enter_terms(draft, slot)
    elif draft.family == "register" and draft.slot:
        state.roll.enter(draft.model(), slot)
    elif draft.family == "register":
        state.roll.replace(draft.model(), slot)
    elif draft.family == "party":
        state.name_party(draft.model(), slot)


def _announced_in_future(draft: Draft, state: State, prefix: str) -> list[RefusedError]:
    if draft.announced_on <= state.day_max:
        return []
    return [
        AnnouncedInFutureError(
            draft.key,
            f"{prefix}announced_on",
            "has not come yet anywhere on Earth",
            got=draft.announced_on,
            advice="what is announced now and holds later has its later day in effective_on",
        )
    ]


def _in_turn(draft: Draft, state: State, prefix: str, slot: int) -> Iterable[RefusedError]:
    """Ask what an event says against itself and what came before; `slot` is that of the event a replacement stands for, or 0."""
    if draft.contradictions:
        return (
            ContradictionError(draft.key, prefix + found.field, found.what, got=found.got, advice=found.advice)
            for found in draft.contradictions
        )
    if draft.family == "register":
        return registration(draft, state, prefix, slot)
    if draft.family == "party":
        return identification(draft, state, prefix, slot)
    return _terms(draft, state, prefix, slot) if draft.family == "terms" else ()


def _terms(draft: Draft, state: State, prefix: str, slot: int) -> Iterator[RefusedError]:
    leg = state.leg(str(draft.deal), str(draft.leg))
    others = {at: terms for at, terms in leg.items() if at != slot} if slot else leg
    if not others:
        return
    one = next(iter(others.values()))
    if one.type != draft.type:
        yield LegTypeDiffersError(
            draft.key,
            f"{prefix}type",
            f"the leg {draft.deal}/{draft.leg} is a {one.type} (by {one.key})",
            got=draft.type,
            advice="give what is agreed beside it a leg of its own",
        )
    elif not draft.amends and not slot and not all(draft.effective_on < terms.effective_on for terms in leg.values()):
        current = max((terms for terms in leg.values() if terms.effective_on <= draft.effective_on), key=rank)
        yield LegExistsError(
            draft.key,
            "amends",
            f"is required: the leg {draft.deal}/{draft.leg} has terms from {current.effective_on} already",
            advice=f"if these replace them, add amends: {current.key}; if they are another agreement, give it its own leg",
        )


def _correction(draft: Draft, state: State, hints: Hints, *, hypothetical: bool) -> list[RefusedError]:
    """Check a correction or retraction, and enter it."""
    target = state.entry(str(draft.corrects))
    refusal = _not_last(draft, target, state)
    if target is None or refusal:
        state.place(draft)
        return [refusal] if refusal else []
    slot, root, replacement = target.slot, state.root(target.slot), draft.replacement
    draft.deal, draft.leg = root.deal, root.leg
    if replacement is None:
        state.place(draft, slot)
        state.leave(root)
        return []
    found = list(_differs(draft, replacement, root, state))
    if not found:
        replacement.position = slot
        found += [] if hypothetical else _announced_in_future(replacement, state, "replacement.")
        found += _in_turn(replacement, state, "replacement.", slot)
        found += references(replacement, state, hints, prefix="replacement.")
    state.place(draft, slot)
    _stand(replacement, state, slot)
    return found


def _not_last(draft: Draft, target: Placed | None, state: State) -> RefusedError | None:
    """Refuse a correction whose target is not there or was corrected or retracted since."""
    if target is None:
        return DanglingReferenceError(
            draft.key,
            "corrects",
            "names an event that is not there",
            got=str(draft.corrects),
            advice="a correction comes after the event that it corrects, also within one input",
            lacks=("key", str(draft.corrects)),
        )
    last = state.last(target.slot)
    if last.key == target.key:
        return None
    return NotLastOfChainError(
        draft.key,
        "corrects",
        f"was {'corrected' if last.type == 'event_corrected' else 'retracted'} since, by {last.key}",
        got=str(draft.corrects),
        advice=f"look at what stands now with `deals show {state.root(target.slot).key}`, then give corrects: {last.key}",
    )


def _differs(draft: Draft, replacement: Draft, root: Placed, state: State) -> Iterator[RefusedError]:
    """Refuse a replacement that is about something else than the event it replaces."""
    pairs = [("key", replacement.key, root.key), ("type", replacement.type, root.type)]
    if replacement.family != "observation":  # the deal that a price reacted to may be what was wrong
        pairs += [("deal", replacement.deal or "", root.deal or ""), ("leg", replacement.leg or "", root.leg or "")]
    if replacement.type == root.type == "company_registered":
        pairs.append(("company", _company(replacement.model()), _company(state.said_by(root))))
    for name, given, recorded in pairs:
        if given != recorded:
            yield ReplacementDiffersError(
                draft.key,
                f"replacement.{name}",
                f"must stay {recorded!r}" if recorded else "must stay left out",
                got=given or "left out",
                advice="to move a fact elsewhere, retract the event and record it anew",
            )


def _company(registration: Event) -> str:
    return str(registration.__dict__["company"])
