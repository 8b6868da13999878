"""What one party would lose if another failed: one line a leg, added up by pair, company or kind.

Part of the naive oracle: plain lists and comparisons, written from `docs/measures.md` alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tests.oracle.legs import FIRM_STATUSES, Folded, LegState, folded, money, total
from tests.oracle.parts import less_parts
from tests.oracle.visible import Clocks, Entry, Raw

__all__ = ["COLUMNS", "Answer", "Line", "Row", "exposure", "exposure_of", "group_currency", "lines"]

Row = dict[str, Any]
COLUMNS = ("headline", "binding", "performed", "remaining", "gross", "credit_equivalent")
GROUPS = {
    "pair": ("exposed", "to", "kind"),
    "company": ("exposed",),
    "kind": ("kind",),
    "leg": ("deal", "leg", "exposed", "to", "kind"),
}
MICRO = 10**6
ZERO = Decimal(0)
UNDRAWN = Decimal("0.4")
CANCELLABLE = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Answer:
    """The rows of a measure and what they come to."""

    rows: list[Row]
    summary: Row


@dataclass(frozen=True, slots=True)
class Line:
    """The part of one leg that one party is exposed with; None in `exposed` is a party not named."""

    deal: str
    leg: str
    exposed: str | None
    to: str | None
    kind: str
    currency: str | None
    amounts: dict[str, Decimal | None]
    undisclosed: bool
    events: frozenset[str]
    covers: str | None = None


def exposure(
    entries: Iterable[Entry],
    clocks: Clocks,
    *,
    company: str | None = None,
    by: str = "pair",
    include_ended: bool = False,
    hypothetical: Sequence[Raw] = (),
) -> Answer:
    """Return the rows grouped by `by`, and totals per currency in which a guaranteed amount counts once.

    `company` keeps the lines to which it is a party on either side. The summary holds `totals`, `{currency: {column: total}}`.
    """
    history = folded(entries, clocks, hypothetical)
    return exposure_of(history, company=company, by=by, include_ended=include_ended)


def exposure_of(
    history: Folded, *, company: str | None = None, by: str = "pair", include_ended: bool = False
) -> Answer:
    """Return the same of a history that is folded already."""
    shown = [
        line
        for state in less_parts(history.states.values(), company, with_ended=include_ended)
        for line in lines(state)
        if company is None or company in (line.exposed, line.to)
    ]
    names = GROUPS[by]
    groups: dict[tuple[str | None, ...], list[Line]] = {}
    for line in shown:
        groups.setdefault(tuple(getattr(line, name) for name in names), []).append(line)
    rows = []
    for group, members in groups.items():
        for currency, some in _by_currency(members).items():
            rows.append(dict(zip(names, group, strict=True)) | {"currency": currency} | _added(some))
    rows.sort(key=lambda row: [(row[name] is not None, row[name] or "") for name in (*names, "currency")])
    return Answer(rows, {"totals": {currency: _totals(some) for currency, some in _by_currency(shown).items()}})


def lines(state: LegState) -> list[Line]:
    """Return a leg's exposures; a warrant has none."""
    return list(_lines(state))


def _lines(state: LegState) -> Iterator[Line]:
    who = state.parties
    if state.type == "purchase_committed":
        yield _line(state, "purchase", who["supplier"], who["buyer"], _purchase(state))
        if money(state.terms, "prepaid") is not None:
            yield _line(state, "prepayment", who["buyer"], who["supplier"], _prepayment(state))
    elif state.type == "investment_committed":
        yield _line(state, "investment", who["investor"], who["investee"], _investment(state))
    elif state.type == "loan_arranged":
        yield from _loan(state)
    elif state.type == "guarantee_given":
        backstop = state.terms.get("kind") == "capacity_backstop"
        kind, factor = ("backstop", UNDRAWN) if backstop else ("guarantee", Decimal(1))
        yield _line(state, kind, who["guarantor"], who["obligor"], _guarantee(state, factor))
    elif state.type == "acquisition_agreed":
        seller = state.sellers[0] if len(state.sellers) == 1 else None
        yield _line(state, "acquisition", seller, who["acquirer"], _owed(state))
    elif state.type == "option_granted":
        yield _line(state, "option", who["grantor"], who["holder"], _owed(state))


def _line(state: LegState, kind: str, exposed: str | None, to: str | None, amounts: dict[str, Decimal | None]) -> Line:
    undisclosed = amounts["headline"] is None or amounts["binding"] is None or state.unstated_performance
    covers = state.terms.get("covers") if kind == "guarantee" else None
    return Line(state.deal, state.leg, exposed, to, kind, state.currency, amounts, undisclosed, state.events, covers)


def _amounts(state: LegState, gross: Decimal | None, credit_equivalent: Decimal | None) -> dict[str, Decimal | None]:
    rounded = None if credit_equivalent is None else credit_equivalent.quantize(Decimal("0.000001"), ROUND_HALF_UP)
    return {
        "headline": state.headline,
        "binding": state.binding,
        "performed": state.performed,
        "remaining": state.remaining,
        "gross": gross,
        "credit_equivalent": rounded,
    }


def _purchase(state: LegState) -> dict[str, Decimal | None]:
    if state.binding is None:
        return _amounts(state, None, None)
    gross = max(ZERO, state.binding - state.performed)
    factor = CANCELLABLE if state.terms.get("cancellable_days") == 0 else UNDRAWN
    return _amounts(state, gross, factor * gross)


def _prepayment(state: LegState) -> dict[str, Decimal | None]:
    prepaid = Decimal(state.terms["prepaid"]["value"])
    performed = min(state.performed, prepaid)
    gross = prepaid if state.status == "definitive" else ZERO
    return {
        "headline": prepaid,
        "binding": prepaid if state.status in FIRM_STATUSES else ZERO,
        "performed": performed,
        "remaining": max(ZERO, prepaid - performed),
        "gross": gross,
        "credit_equivalent": gross,
    }


def _investment(state: LegState) -> dict[str, Decimal | None]:
    funded = state.performed
    if state.binding is None:
        sure = funded if funded > 0 else None
        return _amounts(state, sure, sure)
    unfunded = max(ZERO, state.binding - funded)
    return _amounts(state, funded + unfunded, funded + UNDRAWN * unfunded)


def _owed(state: LegState) -> dict[str, Decimal | None]:
    if state.binding is None:
        return _amounts(state, None, None)
    gross = max(ZERO, state.binding - state.performed)
    return _amounts(state, gross, UNDRAWN * gross)


def _guarantee(state: LegState, factor: Decimal) -> dict[str, Decimal | None]:
    if state.binding is None:
        return _amounts(state, None, None)
    gross = max(ZERO, state.binding - (money(state.terms, "collateral") or ZERO))
    return _amounts(state, gross, factor * gross)


def _loan(state: LegState) -> Iterator[Line]:
    outstanding = max(ZERO, state.drawn - state.repaid)
    if state.binding is None:
        sure = outstanding if state.drawn > 0 else None
        whole = _amounts(state, sure, sure)
    else:
        undrawn = max(ZERO, state.binding - state.drawn)
        whole = _amounts(state, outstanding + undrawn, outstanding + UNDRAWN * undrawn)
    borrower = state.parties["borrower"]
    stated = [money(lender, "amount") for lender in state.terms.get("lenders", ())]
    if stated in ([], [None]):
        yield _line(state, "loan", state.lenders[0] if stated else None, borrower, whole)
        return
    sum_stated = sum((amount for amount in stated if amount is not None), ZERO)
    base = max(state.headline or ZERO, sum_stated)
    so_far = ZERO
    for lender, amount in zip(state.lenders, stated, strict=True):
        if amount is None:
            yield _line(state, "loan", lender, borrower, dict.fromkeys(COLUMNS))
            continue
        part = _between(whole, so_far, so_far + amount, base)
        so_far += amount
        yield _line(state, "loan", lender, borrower, part | {"headline": amount})
    if base == 0 or base > sum_stated:
        rest = _between(whole, so_far, base, base) if base else whole
        headline = None if state.headline is None else base - sum_stated
        yield _line(state, "loan", None, borrower, rest | {"headline": headline})


def _between(whole: dict[str, Decimal | None], low: Decimal, high: Decimal, base: Decimal) -> dict[str, Decimal | None]:
    """Return the part of each amount between two marks on `base`, cut to millionths so that all parts add up."""

    def cut(amount: Decimal, mark: Decimal) -> int:
        # Whole millionths are integers, so that no precision of a decimal context is in the way.
        return int(amount * MICRO) * int(mark * MICRO) // int(base * MICRO) if base else 0

    return {
        name: None if amount is None else Decimal(cut(amount, high) - cut(amount, low)) / MICRO
        for name, amount in whole.items()
    }


def group_currency(currencies: Iterable[str | None]) -> str | None:
    """Return the currency that members without one join: the group's only one, where there is exactly one."""
    known = {currency for currency in currencies if currency is not None}
    return known.pop() if len(known) == 1 else None


def _by_currency(members: list[Line]) -> dict[str | None, list[Line]]:
    only = group_currency(line.currency for line in members)
    parts: dict[str | None, list[Line]] = {}
    for line in members:
        parts.setdefault(line.currency or only, []).append(line)
    return parts


def _added(some: list[Line]) -> Row:
    sums: Row = {name: total(line.amounts[name] for line in some) for name in COLUMNS}
    events = frozenset().union(*(line.events for line in some))
    return sums | {"undisclosed": sum(line.undisclosed for line in some), "events": events}


def _totals(some: list[Line]) -> Row:
    """Add up the lines of one currency, each covered leg less what its guarantees take over."""
    totals = _added(some)
    guarantees: dict[str, list[Line]] = {}
    for line in some:
        if line.covers is not None:
            guarantees.setdefault(line.covers, []).append(line)
    for reference, covering in guarantees.items():
        members = [line for line in some if f"{line.deal}/{line.leg}" == reference]
        for name in COLUMNS:
            if name == "performed":
                continue
            covered = total(line.amounts[name] for line in members)
            taken = total(line.amounts[name] for line in covering)
            if covered and taken:
                totals[name] -= min(covered, taken)
    return totals
