"""Whether what an event points to is there: companies, legs, tranches, and other events."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from events.companies import PartyIdentified
from events.errors import suggestion
from events.registry import TYPES
from ledger.record.drafts import Draft
from ledger.record.refusals import (
    AmendsAnotherLegError,
    DanglingReferenceError,
    NotAStandInError,
    PartCircleError,
    PerformanceTypeError,
    RefusedError,
    StandInNotRegisteredError,
    UnknownCompanyError,
    UnknownLegError,
    UnknownTrancheError,
)
from ledger.record.state import Leg, Placed, State, tranches_of

__all__ = ["Hints", "amends_in_a_circle", "references", "resolve_companies"]

# Looking for a likely spelling takes far longer than everything else about a row.
_HINTS_MAX = 50


class Hints:
    """Likely spellings, for the first few mistakes of a batch."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._given: dict[str, str] = {}

    def company(self, name: str) -> str:
        """Say which company was probably meant, or how to enter one."""
        return self._near(f"company {name}", name, self._state.roll.near) or (
            "enter it first with a company_registered event"
        )

    def deal(self, deal: str) -> str:
        """Say which deal was probably meant."""
        return self._near(f"deal {deal}", deal, self._state.near_deals) or "enter the leg's terms first"

    def _near(self, asked: str, word: str, known: Callable[[str], list[str]]) -> str:
        if asked not in self._given:
            self._given[asked] = suggestion(word, known(word)) if len(self._given) < _HINTS_MAX else ""
        return self._given[asked]


def resolve_companies(draft: Draft, state: State, hints: Hints) -> list[RefusedError]:
    """Replace the names of companies by their slugs; give a refusal for each that nobody goes by."""
    if state.roll.own_slugs.issuperset(draft.companies):
        return []
    slugs = {name: slug for name in draft.companies if (slug := state.roll.slug(name)) is not None}
    unknown = set(draft.companies) - slugs.keys()
    if unknown:
        fields = draft.model().companies().items()
        return [_unknown_company(draft, field, name, hints) for field, name in fields if name in unknown]
    if any(slugs[name] != name for name in slugs):
        draft.resolve(slugs)
    return []


def _unknown_company(draft: Draft, field: str, name: str, hints: Hints) -> RefusedError:
    if draft.type == "party_identified" and field == "placeholder":
        return StandInNotRegisteredError(
            draft.key,
            field,
            "is not a registered stand-in",
            got=name,
            advice="register it first with company_registered and stand_in: true",
            lacks=("company", name),
        )
    return UnknownCompanyError(
        draft.key, field, "is not a registered company", got=name, advice=hints.company(name), lacks=("company", name)
    )


def references(draft: Draft, state: State, hints: Hints, *, prefix: str = "") -> list[RefusedError]:
    """Return a refusal for each leg, tranche, event or stand-in that the draft points to and that is not there, or does not fit."""
    found: list[RefusedError] = []
    if draft.leg_references:
        found += _leg_references(draft, state, hints, prefix)
    if draft.part_of:
        found += _parts(draft, state, prefix)
    if draft.amends:
        found += _amends(draft, state, prefix)
    if draft.family == "performance":
        found += _performance(draft, state, hints, prefix)
    elif draft.family == "status" and not prefix:
        found += _status(draft, state, hints)
    elif draft.family == "party":
        found += _stand_in(draft, state, prefix)
    elif draft.family == "attachment" and draft.about and state.entry(draft.about) is None:
        found.append(_no_such_key(draft, f"{prefix}about", draft.about))
    return found


def _stand_in(draft: Draft, state: State, prefix: str) -> Iterator[RefusedError]:
    """Refuse to move what a company is party to, unless it is registered as a stand-in, be it later in the same batch."""
    event = draft.model()
    assert isinstance(event, PartyIdentified)  # noqa: S101 - the family says the class
    name = event.placeholder
    registered = state.roll.registration_of(name)
    if registered is None or registered.stand_in:
        return  # who is not registered at all is refused for that
    yield NotAStandInError(
        draft.key,
        f"{prefix}placeholder",
        "is registered as a company, not as a stand-in, and keeps its deals",
        got=name,
        advice="name a stand-in, or register one with company_registered and stand_in: true; if this is one, correct its "
        f"registration first: deals correct {state.root(registered.slot).key} --set stand_in=true --reason WHY",
        lacks=("company", name),
    )


def _leg_references(draft: Draft, state: State, hints: Hints, prefix: str) -> Iterator[RefusedError]:
    missing = {ref for ref in draft.leg_references if not state.leg(*ref.split("/", 1))}
    if not missing:
        return
    for field, reference in draft.model().leg_references().items():
        if reference in missing:
            yield DanglingReferenceError(
                draft.key,
                prefix + field,
                "names a leg that is not there",
                got=reference,
                advice=_near_leg(state, hints, *reference.split("/", 1)),
                lacks=("leg", reference),
            )


def _near_leg(state: State, hints: Hints, deal: str, leg: str) -> str:
    legs = state.legs_of(deal)
    if not legs:
        return hints.deal(deal)
    return suggestion(leg, legs) or f"legs of {deal}: {', '.join(legs)}"


def _no_such_key(draft: Draft, field: str, key: str) -> RefusedError:
    return DanglingReferenceError(
        draft.key,
        field,
        "names an event that is not there",
        got=key,
        advice="check the key; `deals log` lists the recorded ones",
        lacks=("key", key),
    )


def _parts(draft: Draft, state: State, prefix: str) -> Iterator[RefusedError]:
    """Refuse a whole that is, over whatever legs between, a part of the leg: neither could be counted without the other."""
    own, ways = f"{draft.deal}/{draft.leg}", [[str(draft.part_of)]]
    passed: set[str] = set()
    while ways:
        way = ways.pop()
        if way[-1] == own:
            yield PartCircleError(
                draft.key,
                f"{prefix}part_of",
                f"leads back to the leg: {' is part of '.join([own, *way])}",
                got=str(draft.part_of),
                advice="name the leg whose amount holds this one's; what holds nothing else is part of nothing",
            )
            return
        if way[-1] not in passed:
            passed.add(way[-1])
            ways += [[*way, whole] for whole in sorted(state.wholes_of(*way[-1].split("/", 1)))]


def _amends(draft: Draft, state: State, prefix: str) -> Iterator[RefusedError]:
    key, field = str(draft.amends), f"{prefix}amends"
    target = state.entry(key)
    if target is None:
        yield _no_such_key(draft, field, key)
        return
    root = state.root(target.slot)
    if target.key == draft.key or root.family != "terms":
        what = "names the event itself" if target.key == draft.key else f"names a {root.type}, which has no terms"
        yield DanglingReferenceError(draft.key, field, what, got=key, advice="name the terms that these replace")
    elif (root.deal, root.leg) != (draft.deal, draft.leg):
        yield AmendsAnotherLegError(
            draft.key,
            field,
            f"names terms of the leg {root.deal}/{root.leg}, not of {draft.deal}/{draft.leg}",
            got=key,
            advice="name terms of the same leg, or mend the leg",
        )
    elif target.position != root.position:
        yield DanglingReferenceError(
            draft.key, field, "names a correction", got=key, advice=f"name the event that it corrects: {root.key}"
        )
    elif not prefix and root.slot not in state.leg(str(root.deal), str(root.leg)):
        yield DanglingReferenceError(
            draft.key,
            field,
            "names terms that were retracted",
            got=key,
            advice="leave `amends` out, or name terms of the leg that still stand",
            lacks=("key", key),
        )


def amends_in_a_circle(draft: Draft, state: State) -> list[RefusedError]:
    """Return a refusal where terms amend, over others of the same batch, themselves."""
    step: Placed | None = draft
    seen: set[str] = set()
    while isinstance(step, Draft) and step.amends and step.key not in seen:
        seen.add(step.key)
        step = state.entry(step.amends)
    if not isinstance(step, Draft) or step.key not in seen:
        return []
    return [
        DanglingReferenceError(
            draft.key,
            "amends",
            "leads back to itself",
            got=str(draft.amends),
            advice="the leg's first terms amend nothing",
        )
    ]


def _performance(draft: Draft, state: State, hints: Hints, prefix: str) -> Iterator[RefusedError]:
    leg = state.leg(str(draft.deal), str(draft.leg))
    if not leg:
        # A replacement is on the leg of what it replaces, whatever became of that leg since.
        if not prefix:
            yield _unknown_leg(draft, state, hints, "leg")
        return
    terms = next(iter(leg.values()))
    allowed: tuple[str, ...] = TYPES[draft.type].ON  # type: ignore[attr-defined]  # the family says the class
    if terms.type not in allowed:
        yield PerformanceTypeError(
            draft.key,
            f"{prefix}leg",
            f"{draft.type} cannot happen on a {terms.type}",
            got=f"{draft.deal}/{draft.leg}",
            advice=f"it can happen on: {', '.join(allowed)}",
        )
    elif draft.tranche and draft.tranche not in (tranches := _tranches(leg)):
        yield UnknownTrancheError(
            draft.key,
            f"{prefix}tranche",
            f"is not a tranche of {draft.deal}/{draft.leg}",
            got=draft.tranche,
            advice=f"tranches: {', '.join(tranches)}" if tranches else "the leg's terms name no tranches; leave it out",
            lacks=("leg", f"{draft.deal}/{draft.leg}"),
        )


def _tranches(leg: Leg) -> list[str]:
    """Return the tranches that any standing terms of the leg name, since older ones can still be fulfilled."""
    return sorted({tranche for terms in leg.values() for tranche in tranches_of(terms)})


def _unknown_leg(draft: Draft, state: State, hints: Hints, field: str) -> RefusedError:
    return UnknownLegError(
        draft.key,
        field,
        "has no terms",
        got=f"{draft.deal}/{draft.leg}" if draft.leg else str(draft.deal),
        advice=_near_leg(state, hints, str(draft.deal), draft.leg or ""),
        lacks=("leg", f"{draft.deal}/{draft.leg}") if draft.leg else ("deal", str(draft.deal)),
    )


def _status(draft: Draft, state: State, hints: Hints) -> Iterator[RefusedError]:
    deal = str(draft.deal)
    if not (state.leg(deal, draft.leg) if draft.leg else state.legs_of(deal)):
        yield _unknown_leg(draft, state, hints, "leg" if draft.leg else "deal")
