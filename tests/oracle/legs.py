"""The state of every leg at a clock triple, folded from the events one leg at a time.

Part of the naive oracle: plain lists and comparisons, written from `docs/measures.md` alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from events.registry import TYPES
from tests.oracle.shares import in_todays_shares, rescaled
from tests.oracle.visible import Clocks, Entry, Fact, Raw, Sight, look

__all__ = [
    "FIRM_STATUSES",
    "LADDER",
    "Folded",
    "LegKey",
    "LegState",
    "binding_amount",
    "folded",
    "legs",
    "money",
    "total",
]

LegKey = tuple[str, str]

# Lowest first, as the page has it.
LADDER = (
    "rumoured",
    "announced",
    "letter_of_intent",
    "term_sheet",
    "definitive",
    "completed",
    "suspended",
    "superseded",
    "terminated",
    "expired",
)
FIRM_STATUSES = frozenset({"definitive", "completed"})
ENDED = frozenset({"superseded", "terminated", "expired"})

TERMS = {
    "purchase_committed": ("buyer", "supplier"),
    "investment_committed": ("investor", "investee"),
    "warrant_granted": ("issuer", "holder"),
    "loan_arranged": ("borrower",),
    "guarantee_given": ("guarantor", "obligor", "beneficiary"),
    "acquisition_agreed": ("acquirer", "target"),
    "option_granted": ("holder", "grantor"),
    "royalty_agreed": ("payer", "payee"),
}
PAID_BY = {
    "purchase_committed": "payment_made",
    "guarantee_given": "payment_made",
    "investment_committed": "tranche_funded",
    "loan_arranged": "tranche_funded",
    "acquisition_agreed": "payment_made",
    "option_granted": "payment_made",
    "royalty_agreed": "payment_made",
}
# A warrant counts shares, a royalty is a part of something.
WITHOUT_AMOUNT = frozenset({"warrant_granted", "royalty_agreed"})
ISSUES = frozenset({"notes", "convertible", "securitisation"})
FULL_DAY = len("2025-01-01")
WITH_AMOUNT = frozenset({"payment_made", "tranche_funded", "loan_repaid"})
PERFORMANCE = frozenset(name for name, cls in TYPES.items() if cls.FAMILY == "performance")

# The last day of a leg: past it these read `expired`, and those are overdue.
EXPIRES = {"guarantee_given": "ends_on", "warrant_granted": "expires_on", "royalty_agreed": "ends_on"}
FALLS_DUE = {"purchase_committed": "ends_on", "loan_arranged": "matures_on"}


@dataclass(frozen=True, slots=True)
class LegState:
    """A leg on one day; amounts in `currency`, capacity in GW, vested and exercised in shares."""

    deal: str
    leg: str
    type: str
    terms: Raw
    status: str
    conditional: bool
    overdue: bool
    ended: bool
    hypothetical: bool
    currency: str | None
    headline: Decimal | None
    binding: Decimal | None
    performed: Decimal
    remaining: Decimal | None
    undisclosed: bool
    unstated_performance: bool
    parties: dict[str, str]
    lenders: tuple[str, ...]
    sellers: tuple[str, ...]
    lapsed_amount: Decimal | None
    lapsed_shares: Decimal | None
    drawn: Decimal
    repaid: Decimal
    delivered_gw: Decimal
    vested: int | None
    exercised: int
    performance: tuple[Fact, ...]
    pending: tuple[str, ...]
    events: frozenset[str]


def money(raw: Raw, name: str) -> Decimal | None:
    """Return an amount's value, or None where undisclosed."""
    amount = raw.get(name)
    return None if amount is None else Decimal(amount["value"])


def total(values: Iterable[Decimal | None]) -> Decimal | None:
    """Add up: None only where there are addends and every one is None."""
    addends = list(values)
    known = [value for value in addends if value is not None]
    return sum(known, Decimal(0)) if known or not addends else None


def term_day(text: str) -> str:
    """Return the last day that a term's day can mean, as text that sorts."""
    if len(text) == FULL_DAY:
        return text
    year, _, part = text.partition("-")
    month = {"": 12, "Q": 3 * int(part[-1:] or 0), "H": 6 * int(part[-1:] or 0)}.get(part[:1]) or int(part)
    following = dt.date(int(year) + month // 12, month % 12 + 1, 1)
    return (following - dt.timedelta(days=1)).isoformat()


def lapsed(terms: Raw, performance: list[Fact], size: str, currency: str | None = None) -> Decimal | None:
    """Return what of a leg's tranches lapsed (`size`: amount or shares), None where one is not told."""
    own = {part["tranche"]: part.get(size) for part in terms.get("tranches", ())}
    by_tranche: dict[str, Decimal] = {}
    for fact in performance:
        if fact.raw["type"] != "tranche_lapsed":
            continue
        told = fact.raw.get(size)
        if told is not None and size == "amount" and told["currency"] != currency:
            return None
        name = fact.raw["tranche"]
        told = own.get(name) if told is None else told
        if told is None:
            return None
        by_tranche[name] = by_tranche.get(name, Decimal(0)) + (Decimal(told["value"]) if size == "amount" else told)
    for name, whole in own.items():
        if name in by_tranche and whole is not None:
            most = Decimal(whole["value"]) if size == "amount" else Decimal(whole)
            by_tranche[name] = min(by_tranche[name], most)
    return sum(by_tranche.values(), Decimal(0))


def binding_amount(*, status: str, conditional: bool, terms: Raw, performed: Decimal) -> Decimal | None:
    """Return what a leg binds: the firm minimum, else a plain amount, else undisclosed; 0 before a definitive document."""
    if status not in FIRM_STATUSES:
        return Decimal(0)
    bound = money(terms, "firm")
    may_leave = terms.get("cancellable_days") is not None or terms.get("cancellable_from") is not None
    if bound is None and not conditional and not may_leave:
        amount = terms.get("amount")
        if amount is not None and amount.get("qualifier", "exactly") != "up_to":
            bound = Decimal(amount["value"])
            hanging = [part for part in terms.get("tranches", ()) if part["conditions"]]
            if terms["type"] == "purchase_committed" and status != "completed" and hanging:
                sizes = [money(part, "amount") for part in hanging]
                bound = None if None in sizes else max(bound - sum(size for size in sizes if size), performed)
    if status == "completed":
        if bound is None:
            return performed if performed > 0 else None
        return max(bound, performed)
    return bound


def legs(entries: Iterable[Entry], clocks: Clocks, hypothetical: Sequence[Raw] = ()) -> dict[LegKey, LegState]:
    """Return every leg that exists at the clocks, ended ones too, by (deal, leg)."""
    return folded(entries, clocks, hypothetical).states


@dataclass(frozen=True, slots=True)
class Folded:
    """A history at one clock triple: what may be seen, and the legs folded out of it; several measures may be asked of it."""

    sight: Sight
    states: dict[LegKey, LegState]


def folded(entries: Iterable[Entry], clocks: Clocks, hypothetical: Sequence[Raw] = ()) -> Folded:
    """Look at a history, and fold its legs."""
    sight = look(entries, clocks, hypothetical)
    return Folded(sight, _legs_seen(sight))


def _legs_seen(sight: Sight) -> dict[LegKey, LegState]:
    """Fold the legs out of what may be seen."""
    terms: dict[LegKey, list[Fact]] = {}
    statuses: dict[tuple[str, str | None], list[Fact]] = {}
    performance: dict[LegKey, list[Fact]] = {}
    for fact in sight.known:
        raw = fact.raw
        if raw["type"] in TERMS:
            terms.setdefault((raw["deal"], raw["leg"]), []).append(fact)
        elif raw["type"] == "status_changed":
            statuses.setdefault((raw["deal"], raw.get("leg")), []).append(fact)
    for fact in sight.in_effect:
        if fact.raw["type"] in PERFORMANCE:
            for leg in (f"{fact.raw['deal']}/{fact.raw['leg']}", *fact.raw.get("legs", ())):
                deal, _, name = leg.partition("/")
                performance.setdefault((deal, name), []).append(fact)
    states = {}
    for key in sorted(terms):
        steps = terms[key] + statuses.get(key, []) + statuses.get((key[0], None), [])
        state = _state(sight, key, steps, performance.get(key, []))
        if state is not None:
            states[key] = state
    return states


def _state(sight: Sight, key: LegKey, steps: list[Fact], performance: list[Fact]) -> LegState | None:
    as_of = sight.clocks.as_of.isoformat()
    reached = sorted((s for s in steps if s.raw["effective_on"] <= as_of), key=lambda s: s.rank)
    pending = sorted((s for s in steps if s.raw["effective_on"] > as_of), key=lambda s: s.rank)
    agreed = [step for step in reached if step.raw["type"] in TERMS]
    if not agreed:
        return None
    (terms, splits), decider = rescaled(sight, agreed[-1].raw), reached[-1]
    company = agreed[-1].raw.get("issuer")
    ours = [in_todays_shares(sight, fact, company, terms.get("share_class")) for fact in performance]
    kind, status = terms["type"], decider.raw["status"]
    conditional = bool(decider.raw.get("conditional", False))
    exercised = any(fact.raw["type"] == "option_exercised" for fact in performance)
    lets_go = "expires_on" if kind == "option_granted" and not exercised and terms.get("otherwise") is None else None
    owes_fee = "expires_on" if kind == "option_granted" and not exercised and terms.get("otherwise") else None
    if _past(terms, EXPIRES.get(kind, lets_go), as_of) and status not in {"completed", "superseded", "terminated"}:
        status = "expired"
    ended = status in ENDED
    currency = _currency(terms, performance)
    performed = _sum(performance, PAID_BY.get(kind), currency)
    at_stake = _at_stake(terms, performance, currency, as_of)
    headline = money(at_stake, "amount")
    if terms.get("instrument") in ISSUES and terms.get("issued_on") and term_day(terms["issued_on"]) <= as_of:
        performed = max(performed, headline or Decimal(0)) if decider.raw["status"] in FIRM_STATUSES else performed
    bound = _binding(at_stake, performance, status=status, conditional=conditional, performed=performed)
    gone = lapsed(terms, performance, "amount", currency)
    if bound and gone != 0:
        bound = None if gone is None else max(bound - gone, min(performed, bound))
    unstated = any(p.raw["type"] in WITH_AMOUNT and p.raw.get("amount") is None for p in performance)
    parties = {role: terms[role] for role in TERMS[kind] if terms.get(role) is not None}
    lenders = [lender["company"] for lender in terms.get("lenders", ())]
    sellers = list(terms.get("sellers", ()))
    named = [*parties.values(), *lenders, *sellers]
    made_of = [agreed[-1], decider, *performance]
    return LegState(
        deal=key[0],
        leg=key[1],
        type=kind,
        terms=terms,
        status=status,
        conditional=conditional,
        overdue=not ended and status != "completed" and _past(terms, FALLS_DUE.get(kind, owes_fee), as_of),
        ended=ended,
        hypothetical=any(fact.hypothetical for fact in made_of),
        currency=currency,
        headline=headline,
        binding=bound,
        performed=performed,
        remaining=None if headline is None or gone is None else max(Decimal(0), headline - gone - performed),
        undisclosed=kind != "royalty_agreed" and (headline is None or bound is None or gone is None or unstated),
        unstated_performance=unstated,
        parties={role: sight.who(name) for role, name in parties.items()},
        lenders=tuple(sight.who(name) for name in lenders),
        sellers=tuple(sight.who(name) for name in sellers),
        lapsed_amount=gone,
        lapsed_shares=lapsed(terms, ours, "shares"),
        drawn=performed if kind == "loan_arranged" else Decimal(0),
        repaid=_sum(performance, "loan_repaid", currency),
        delivered_gw=sum((_delivered(p.raw) for p in performance), Decimal(0)),
        vested=_vested(terms, ours),
        exercised=sum(p.raw["shares"] for p in ours if p.raw["type"] == "warrant_exercised"),
        performance=tuple(ours),
        pending=tuple(step.key for step in pending),
        events=splits
        | frozenset(k for f in made_of for k in f.keys)
        | {k for name in named for k in sight.naming(name)},
    )


def _at_stake(terms: Raw, performance: list[Fact], currency: str | None, as_of: str) -> Raw:
    """Return terms with the amount that is at stake on a day: of a takeover its cash, of a cap the step begun last."""
    if terms["type"] == "acquisition_agreed":
        return {**terms, "amount": terms.get("cash")}
    begun = [step for step in terms.get("steps", ()) if term_day(step["from"]) <= as_of]
    if begun:
        # The qualifier stays that of the cap as it was announced.
        qualifier = (terms.get("amount") or {}).get("qualifier", "exactly")
        return {**terms, "amount": {**begun[-1]["amount"], "qualifier": qualifier}}
    told = [
        fact.raw["amount"] for fact in performance if fact.raw["type"] == "option_exercised" and fact.raw.get("amount")
    ]
    told = [amount for amount in told if amount["currency"] == currency]
    if told:
        qualifier = (terms.get("amount") or {}).get("qualifier", "exactly")
        return {**terms, "amount": {**told[-1], "qualifier": qualifier}}
    return terms


def _binding(
    terms: Raw, performance: list[Fact], *, status: str, conditional: bool, performed: Decimal
) -> Decimal | None:
    if terms["type"] in WITHOUT_AMOUNT:
        return Decimal(0) if terms["type"] == "royalty_agreed" and status not in FIRM_STATUSES else None
    chosen = any(fact.raw["type"] == "option_exercised" for fact in performance)
    if terms["type"] == "option_granted" and not chosen:
        fee = terms.get("otherwise") or {"value": "0"}
        terms = {"type": terms["type"], "amount": {**fee, "qualifier": "exactly"}}
    return binding_amount(status=status, conditional=conditional, terms=terms, performed=performed)


def _delivered(raw: Raw) -> Decimal:
    """Return the gigawatts of a delivery that are this leg's: none are known to be where it serves several."""
    counts = raw["type"] == "capacity_delivered" and raw.get("capacity_gw") and not raw.get("legs")
    return Decimal(raw["capacity_gw"]) if counts else Decimal(0)


def _past(terms: Raw, name: str | None, as_of: str) -> bool:
    last_day = terms.get(name) if name else None
    if name == "matures_on" and last_day is None:
        days = [part["matures_on"] for part in terms.get("tranches", ()) if part.get("matures_on")]
        last_day = max(days, key=term_day) if days else None
    return last_day is not None and as_of > term_day(last_day)


def _currency(terms: Raw, performance: list[Fact]) -> str | None:
    for amount in _amounts(terms, performance):
        if amount is not None:
            return str(amount["currency"])
    return None


def _amounts(terms: Raw, performance: list[Fact]) -> Iterator[Raw | None]:
    for name in (
        "amount",
        "cash",
        "firm",
        "prepaid",
        "collateral",
        "shares_value",
        "contingent",
        "otherwise",
        "cap",
        "paid",
    ):
        yield terms.get(name)
    for part in terms.get("steps", ())[:1]:
        yield part["amount"]
    for part in (*terms.get("lenders", ()), *terms.get("tranches", ())):
        yield part.get("amount")
    for fact in performance:
        yield fact.raw.get("amount")


def _sum(performance: list[Fact], kind: str | None, currency: str | None) -> Decimal:
    amounts = [p.raw["amount"] for p in performance if p.raw["type"] == kind and p.raw.get("amount") is not None]
    return sum((Decimal(a["value"]) for a in amounts if a["currency"] == currency), Decimal(0))


def _vested(terms: Raw, performance: list[Fact]) -> int | None:
    stated = {t["tranche"]: t.get("shares") for t in terms.get("tranches", ())}
    shares = 0
    for fact in performance:
        if fact.raw["type"] == "tranche_vested":
            count = fact.raw.get("shares")
            if count is None:
                count = stated.get(fact.raw.get("tranche"))
            if count is None:
                return None
            shares += count
    return shares
