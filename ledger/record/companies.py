"""Whether a company may go by the names it gives, and a stand-in be who it is said to be: nobody is to be mistaken."""

from __future__ import annotations

from collections.abc import Iterator

from events.companies import CompanyRegistered, PartyIdentified
from events.lookalikes import deception, spelled
from ledger.record.drafts import Draft
from ledger.record.refusals import (
    CompanyLooksAlikeError,
    CompanyNameTakenError,
    DeceptiveNameError,
    IdentifierTakenError,
    NotAStandInError,
    RefusedError,
    StandInCircleError,
    StandInIdentifiedError,
)
from ledger.record.roll import IDENTIFIERS, name_rows
from ledger.record.state import Naming, State
from ledger.store.company_names import NameRow

__all__ = ["identification", "registration"]

_OTHERS = "leave it out, or correct the other company's registration"


def registration(draft: Draft, state: State, prefix: str, slot: int) -> Iterator[RefusedError]:
    """Yield a refusal for each name that deceives or is another company's, and for each identifier that is another's.

    A stand-in of which it is said who it is must stay one. `slot` is that of the registration that this one replaces, or 0.
    """
    for row in name_rows(draft.model(), slot):
        refusal = _name(draft, row, state, prefix, slot)
        if refusal is not None:
            yield refusal
    event = draft.model()
    assert isinstance(event, CompanyRegistered)  # noqa: S101 - the family says the class
    for field in IDENTIFIERS:
        value = getattr(event, field)
        others = state.roll.identified_by(field, value).items() if value else ()
        other = next((company for at, company in others if company != event.company and at != slot), None)
        if other is not None:
            yield IdentifierTakenError(
                draft.key, prefix + field, f"is the {field.upper()} of {other} already", got=value, advice=_OTHERS
            )

    now = state.roll.registration_of(event.company)
    if now is not None and now.stand_in and not event.stand_in and (slot == 0 or slot >= now.slot):
        for naming in state.namings(event.company).values():
            what = f"was identified as {naming.company}, by {naming.key}, which only a stand-in can be"
            advice = f"write stand_in: true, or retract that first: deals retract {naming.key}"
            yield NotAStandInError(draft.key, f"{prefix}stand_in", what, got="false", advice=advice)


def _name(draft: Draft, row: NameRow, state: State, prefix: str, slot: int) -> RefusedError | None:
    field = prefix + {"slug": "company", "alias": "aliases"}.get(row.kind, row.kind)
    why = deception(row.written)
    if why:
        advice = "write the name as its owner does, in one alphabet and with no hidden characters"
        return DeceptiveNameError(draft.key, field, why, got=spelled(row.written), advice=advice)
    taken = next((other for other in state.roll.holders(row.folded) if _is_another(other, row, slot)), None)
    if taken is not None:
        what = f"is a name of {taken.company} already"
        return CompanyNameTakenError(draft.key, field, what, got=spelled(row.written), advice=_OTHERS)
    alike = () if row.kind == "ticker" else state.roll.look_alikes(row.written)
    twin = next((other for other in alike if _is_another(other, row, slot)), None)
    if twin is None:
        return None
    return CompanyLooksAlikeError(
        draft.key,
        field,
        f"cannot be told from '{twin.written}', a name of {twin.company}, by the eye",
        got=spelled(row.written),
        advice=f"if the company is {twin.company}, write its name in the usual letters; if not, add what tells them apart",
    )


def _is_another(other: NameRow, mine: NameRow, slot: int) -> bool:
    return other.company != mine.company and other.slot != slot


def identification(draft: Draft, state: State, prefix: str, slot: int) -> Iterator[RefusedError]:
    """Yield a refusal where a stand-in is said to be itself, or over others itself, or is another company already."""
    event = draft.model()
    assert isinstance(event, PartyIdentified)  # noqa: S101 - the family says the class
    stand_in, company = event.placeholder, event.company
    if {state.roll.slug(stand_in), state.roll.slug(company)} != {stand_in, company}:
        return  # one of them is nobody, which is refused for itself
    if stand_in == company:
        yield StandInCircleError(
            draft.key,
            f"{prefix}company",
            "is the stand-in itself",
            got=company,
            advice="name the company that it turned out to be",
        )
        return
    for at, naming in sorted(state.namings(stand_in).items()):
        if at != slot and naming.company != company:
            yield StandInIdentifiedError(
                draft.key,
                f"{prefix}placeholder",
                f"was identified as {naming.company} already, by {naming.key}",
                got=stand_in,
                advice=_mend(naming, state),
            )
            return
    way = _way_back(stand_in, company, state, slot)
    if way:
        yield StandInCircleError(
            draft.key,
            f"{prefix}company",
            f"leads back to the stand-in: {' is '.join(way)}",
            got=company,
            advice="one of these was identified wrong: correct or retract that event first",
        )


def _mend(naming: Naming, state: State) -> str:
    """Say what to do about an earlier announcement of who a stand-in is."""
    advice = f"if that was wrong, mend it first: deals correct {naming.key}, or deals retract {naming.key}"
    company = state.roll.registration_of(naming.company)
    return f"{advice}; if not, say who {naming.company} is" if company is not None and company.stand_in else advice


def _way_back(stand_in: str, company: str, state: State, slot: int) -> list[str]:
    """Return the names from a stand-in over those that it is said to be and back to it; none where it leads elsewhere."""
    ways = [[stand_in, company]]
    passed = {company}
    while ways:
        way = ways.pop()
        for at, naming in sorted(state.namings(way[-1]).items()):
            if at == slot:
                continue
            if naming.company == stand_in:
                return [*way, stand_in]
            if naming.company not in passed:
                passed.add(naming.company)
                ways.append([*way, naming.company])
    return []
