"""What a scenario's shocks do to a book before anything spreads: who fails, what is lost at once, what never comes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, assert_never

from projections.queries.asked import Rows, rests_on
from projections.queries.fields import number
from projections.queries.stress.book import Book
from projections.queries.stress.given import Given, give_and_lose
from projections.queries.stress.legs import only_seller
from projections.queries.stress.scenario import Scenario
from projections.queries.stress.shocks import (
    CompanyFails,
    CustomerFailsAfterTranches,
    FinancierWithdraws,
    GpuHourPrice,
    LettersLapse,
    RevenueDelayed,
    RevenueScaled,
    Shock,
    VendorEquityStops,
)
from projections.result import plain

__all__ = ["Lost", "Struck", "strike"]

ZERO, ONE = Decimal(0), Decimal(1)
# What is let by the hour, so that the price of a GPU-hour is its price.
_RENTED = frozenset({"compute", "lease"})


@dataclass(frozen=True, slots=True)
class Lost:
    """Something that a company loses at once: `what` is direct, orders or funding; amount None where undisclosed."""

    company: str | None
    what: str
    amount: Decimal | None
    through: str | None
    legs: tuple[str, ...]


@dataclass
class Struck:
    """A book after the shocks.

    `failed` maps a company to what its creditors recover, `means_lost` to the cash within the horizon that does not come;
    `relet` is the factor on what capacity fetches, `lapsed` the legs that bind nobody any more, `stopped` the (leg,
    financier) of which nothing more is paid out, `earners` the companies whose revenue counts and the log positions that it
    rests on, `missing` what each company's own loss cannot be computed without.
    """

    failed: dict[str, Decimal] = field(default_factory=dict)
    means_lost: dict[str, Decimal] = field(default_factory=lambda: defaultdict(lambda: ZERO))
    losses: list[Lost] = field(default_factory=list)
    given: list[Given] = field(default_factory=list)
    relet: Decimal = ONE
    lapsed: set[str] = field(default_factory=set)
    stopped: set[tuple[str, str]] = field(default_factory=set)
    earners: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    missing: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    notes: list[str] = field(default_factory=list)

    def direct(self) -> dict[str | None, Decimal]:
        """Add up what each company loses at once."""
        added: dict[str | None, Decimal] = defaultdict(lambda: ZERO)
        for loss in self.losses:
            if loss.what == "direct" and loss.amount is not None:
                added[loss.company] += loss.amount
        return added


def strike(book: Book, scenario: Scenario, names: Mapping[str, str]) -> Struck:
    """Apply a settled scenario's shocks in their order; `names` maps every company that it names to its slug."""
    struck = Struck()
    for name in scenario.parameters.compute_share:
        struck.earners[names[name]] |= _places(book, names[name])
    for shock in scenario.shocks:
        _apply(shock, struck, book, scenario, names)
    return struck


def _apply(shock: Shock, struck: Struck, book: Book, scenario: Scenario, names: Mapping[str, str]) -> None:
    match shock:
        case CompanyFails():
            _fail(struck, names[shock.company], number(shock.recovery))
        case RevenueScaled():
            _scale_revenue(shock, struck, book, scenario, names)
        case RevenueDelayed():
            _delay_revenue(shock, struck, book, scenario, names)
        case LettersLapse():
            _lapse(shock, struck, book, names)
        case VendorEquityStops():
            _stop_vendor_equity(shock, struck, book, scenario, names)
        case GpuHourPrice():
            _change_price(shock, struck, book)
        case FinancierWithdraws():
            _withdraw(struck, book, scenario, names[shock.company])
        case CustomerFailsAfterTranches():
            _give_and_fail(shock, struck, book, scenario, names)
        case _:
            assert_never(shock)


def _places(book: Book, company: str) -> set[int]:
    revenue = book.figure(company, "revenue")
    return set(revenue.positions) if revenue else set()


def _fail(struck: Struck, company: str, recovery: Decimal) -> None:
    struck.failed[company] = min(recovery, struck.failed.get(company, recovery))


def _scale_revenue(
    shock: RevenueScaled, struck: Struck, book: Book, scenario: Scenario, names: Mapping[str, str]
) -> None:
    company, revenue = names[shock.company], book.figure(names[shock.company], "revenue")
    if revenue is None:
        struck.missing[company].add("revenue")
        return
    struck.earners[company] |= _places(book, company)
    _lose_revenue(struck, scenario, names, company, revenue.value * (ONE - number(shock.factor)))


def _delay_revenue(
    shock: RevenueDelayed, struck: Struck, book: Book, scenario: Scenario, names: Mapping[str, str]
) -> None:
    from projections.measures.schedule import anniversary

    company = names[shock.company]
    now, past = book.figure(company, "revenue"), anniversary(book.clocks.as_of, -shock.years)
    before = book.revenue_before(company, past)
    if now is None or before is None or before.currency != scenario.currency:
        struck.missing[company].add("revenue" if now is None else f"revenue of a period that ended by {past}")
        return
    told = {row["key"]: rests_on([row]) for row in book.revenue_rows(company)}
    struck.earners[company] |= _places(book, company).union(*(told[key] for key in before.events))
    struck.notes.append(
        f"{shock.years} year(s) late: {company} earns {plain(before.value)} {before.currency} a year "
        f"({before.why}; {before.events[-1]}) instead of {plain(now.value)}."
    )
    _lose_revenue(struck, scenario, names, company, now.value - before.value)


def _lose_revenue(struck: Struck, scenario: Scenario, names: Mapping[str, str], company: str, yearly: Decimal) -> None:
    """Lose a year's amount over the horizon: all of it from equity (costs do not fall), its free share from cash."""
    lost = yearly * scenario.horizon_years()
    struck.losses.append(Lost(company, "direct", max(ZERO, lost), None, ()))
    shares = {names[name]: share for name, share in scenario.parameters.compute_share.items()}
    if company in shares:
        struck.means_lost[company] += lost * number(shares[company])


def _lapse(shock: LettersLapse, struck: Struck, book: Book, names: Mapping[str, str]) -> None:
    """Let unsigned legs go: orders and funding never come, and loans that rely on them lose their backing."""
    about = None if shock.company is None else names[shock.company]
    lapsing = [
        row for row in book.legs
        if row["status"] in shock.statuses and about in {None, row["first_party"], row["second_party"]}
    ]  # fmt: skip
    for row in lapsing:
        struck.lapsed.add(row["leg_ref"])
        left = None if row["headline"] is None else max(ZERO, row["headline"] - (row["performed"] or ZERO))
        if row["type"] == "purchase_committed":
            struck.losses.append(Lost(row["second_party"], "orders", left, row["first_party"], (row["leg_ref"],)))
        elif row["type"] == "investment_committed":
            struck.losses.append(Lost(row["second_party"], "funding", left, row["first_party"], (row["leg_ref"],)))
        elif row["type"] == "loan_arranged":
            lenders = {loan["exposed"] for loan in book.loans if loan["leg_ref"] == row["leg_ref"]} - {None}
            through = ", ".join(sorted(lenders)) or None
            struck.losses.append(Lost(row["first_party"], "funding", left, through, (row["leg_ref"],)))
        elif row["type"] == "acquisition_agreed":
            struck.losses.append(Lost(only_seller(row), "funding", left, row["first_party"], (row["leg_ref"],)))
        elif row["type"] == "option_granted" and row["option_exercised"]:
            struck.losses.append(Lost(row["second_party"], "orders", left, row["first_party"], (row["leg_ref"],)))
    _unback(struck, book.legs, book.loans, kept=number(shock.recovery))


def _unback(struck: Struck, legs: Rows, loans: Rows, *, kept: Decimal) -> None:
    """Mark down what is outstanding on loans whose own terms stand, but which rely on a leg that has lapsed."""
    reliant = {
        row["leg_ref"]: next((ref for ref in row["relies_on"] or () if ref in struck.lapsed), None) for row in legs
    }
    for loan in loans:
        ref = loan["leg_ref"]
        relied = reliant.get(ref)
        if relied is None or ref in struck.lapsed:
            continue
        bound = max(ZERO, loan["binding"] - loan["performed"]) if loan["binding"] is not None else ZERO
        lost = None if loan["gross"] is None else (loan["gross"] - bound) * (ONE - kept)
        struck.losses.append(Lost(loan["exposed"], "direct", lost, loan["to"], (ref, relied)))


def _stop_vendor_equity(
    shock: VendorEquityStops, struck: Struck, book: Book, scenario: Scenario, names: Mapping[str, str]
) -> None:
    """Stop what suppliers still have to pay into companies that buy from them."""
    vendor = None if shock.vendor is None else names[shock.vendor]
    sales = {(row["second_party"], row["first_party"]) for row in book.legs if row["type"] == "purchase_committed"}
    for row in book.legs:
        pair = (row["first_party"], row["second_party"])
        if row["type"] == "investment_committed" and pair in sales and vendor in {None, pair[0]}:
            _stop_funding(struck, scenario, row, payer=pair[0], taker=pair[1])


def _withdraw(struck: Struck, book: Book, scenario: Scenario, financier: str) -> None:
    """Stop what one financier still has to lend or to invest."""
    for row in book.legs:
        if row["type"] == "investment_committed" and row["first_party"] == financier:
            _stop_funding(struck, scenario, row, payer=financier, taker=row["second_party"])
    for row in book.loans:
        if row["exposed"] == financier:
            _stop_funding(struck, scenario, row, payer=financier, taker=row["to"])


def _stop_funding(struck: Struck, scenario: Scenario, row: dict[str, Any], *, payer: str, taker: str) -> None:
    if row["leg_ref"] in struck.lapsed:
        return
    amount = row["headline"] if scenario.basis == "headline" else row["binding"]
    done = row["performed"]
    left = None if amount is None or done is None else max(ZERO, amount - done)
    struck.stopped.add((row["leg_ref"], payer))
    if left is None or left:
        struck.losses.append(Lost(taker, "funding", left, payer, (row["leg_ref"],)))


def _change_price(shock: GpuHourPrice, struck: Struck, book: Book) -> None:
    """Let capacity fetch another price: dearer contracts are onerous for their buyers, and re-letting brings less."""
    factor = ONE + number(shock.change)
    struck.relet *= factor
    if factor >= 1:
        return
    for promise in book.promises:
        if promise.kind == "purchase" and promise.subject in _RENTED:
            known = None if promise.undisclosed else promise.remaining * (ONE - factor)
            struck.losses.append(Lost(promise.debtor, "direct", known, promise.creditor, (promise.leg_ref,)))


def _give_and_fail(
    shock: CustomerFailsAfterTranches, struck: Struck, book: Book, scenario: Scenario, names: Mapping[str, str]
) -> None:
    issuer, customer = names[shock.issuer], names[shock.customer]
    given, lost = give_and_lose(book, scenario, issuer=issuer, customer=customer, count=shock.tranches)
    struck.given += given
    struck.losses += [Lost(issuer, "orders", amount, customer, legs) for amount, legs in lost]
    if not given:
        struck.notes.append(f"Not computable: shares given, as {issuer} has no live warrant of {customer} here.")
    _fail(struck, customer, number(shock.recovery))
