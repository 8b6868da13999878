"""What one leg comes to in a stress: the claim if its debtor fails, what falls due within the horizon, what is unknown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

from events.statuses import BINDING, UNSIGNED
from events.term_days import last_day

__all__ = ["LegBasis", "Promise", "only_seller", "read_leg", "read_loan"]

ZERO, ONE = Decimal(0), Decimal(1)


@dataclass(frozen=True, slots=True)
class Promise:
    """What a debtor owes a creditor (None: not named) on one leg; amounts in the scenario's currency.

    `settled` is owed or paid in already: unpaid invoices, debt outstanding, equity funded, what a guarantee can cost.
    `remaining` is the part of a purchase still to be delivered and paid, `prepaid` what the supplier holds in advance,
    `undrawn` what may still be drawn or called in. `due` falls due within the horizon, `undated` at no known time. With
    `undisclosed` nothing is known of the claim.
    """

    creditor: str | None
    debtor: str
    kind: str
    leg_ref: str
    settled: Decimal = ZERO
    remaining: Decimal = ZERO
    prepaid: Decimal = ZERO
    undrawn: Decimal = ZERO
    due: Decimal = ZERO
    undated: Decimal = ZERO
    undisclosed: bool = False
    subject: str | None = None
    covers: str | None = None
    beneficiary: str | None = None

    @property
    def is_equity(self) -> bool:
        """Say whether the claim ranks last: owners get nothing of a company that fails."""
        return self.kind == "investment"


@dataclass(frozen=True, slots=True)
class LegBasis:
    """How legs are read: the days from which and by which something is due, the basis, how undated amounts are spread.

    `least` is the rung of the ladder from which headline amounts count; `done` are the (deal, leg, tranche) already funded; `years` is the horizon's length.
    """

    as_of: dt.date
    end: dt.date
    basis: str
    least: int
    years: Decimal
    undated_years: int | None
    done: set[tuple[str, str, str]]

    def amount(self, row: dict[str, Any]) -> Decimal | None:
        """Return what is owed on a leg: its binding amount, or its headline on that basis."""
        if self.basis == "binding":
            return cast("Decimal | None", row["binding"])
        return cast("Decimal | None", row["headline"]) if self.counts(row["status"]) else ZERO

    def counts(self, status: str) -> bool:
        """Say whether a leg of a status owes anything: a suspended one has come as far as any."""
        if self.basis == "binding":
            return status in BINDING
        return status not in UNSIGNED or UNSIGNED.index(status) >= self.least


def read_leg(row: dict[str, Any], reading: LegBasis) -> Iterator[Promise]:
    """Yield the promises of a leg other than a loan."""
    if row["type"] == "purchase_committed" and row["status"] != "completed":
        yield from _purchase(row, reading)
    elif row["type"] == "investment_committed":
        yield from _investment(row, reading)
    elif row["type"] == "guarantee_given" and row["guarantee_kind"] != "capacity_backstop":
        yield from _guarantee(row, reading)
    elif row["type"] == "acquisition_agreed" and row["status"] != "completed":
        yield from _takeover(row, reading)
    elif row["type"] == "option_granted":
        yield from _option(row, reading)


def _purchase(row: dict[str, Any], reading: LegBasis) -> Iterator[Promise]:
    """Split a contract into invoices unpaid, what is still to come, and what it makes due within the horizon.

    Paid instalments count against the earliest dues. A contract that ends within the horizon is due by then.
    """
    buyer, supplier, ref = row["first_party"], row["second_party"], row["leg_ref"]
    amount = reading.amount(row)
    prepaid = row["prepaid"] or ZERO if reading.counts(row["status"]) else ZERO
    if prepaid:
        yield Promise(buyer, supplier, "prepayment", ref, settled=prepaid)
    if amount is None:
        yield Promise(supplier, buyer, "purchase", ref, undisclosed=True, subject=row["subject"])
        return
    # What was paid beyond the prepayment paid for deliveries; the prepayment itself is due no second time.
    delivered = max(ZERO, row["performed"] - prepaid)
    paid = delivered + prepaid
    left = max(ZERO, amount - paid)
    if not left:
        return
    ended_by = row["ends_on"]
    owed_now = left if ended_by and ended_by < reading.as_of else max(ZERO, amount * _fallen(row, reading.as_of) - paid)
    if ended_by and ended_by <= reading.end:
        due, undated = left, ZERO
    else:
        due = max(ZERO, amount * _fallen(row, reading.end) - paid)
        undated = min(left - due, amount * (ONE - _scheduled(row)))
    if reading.undated_years and undated:
        spread = undated * min(ONE, reading.years / reading.undated_years)
        due, undated = due + spread, ZERO
    yield Promise(
        supplier, buyer, "purchase", ref,
        settled=owed_now, remaining=max(ZERO, amount - delivered - owed_now), prepaid=prepaid, due=due, undated=undated, subject=row["subject"],
    )  # fmt: skip


def _scheduled(row: dict[str, Any]) -> Decimal:
    return sum((part["share"] for part in row["schedule"] or ()), ZERO)


def _fallen(row: dict[str, Any], day: dt.date) -> Decimal:
    """Return the share of a schedule that has fallen due by a day, evenly by days within each part."""
    fallen = ZERO
    for part in row["schedule"] or ():
        days = (part["to"] - part["from"]).days
        passed = min(max((day - part["from"]).days, 0), days)
        fallen += part["share"] * passed / days
    return fallen


def _investment(row: dict[str, Any], reading: LegBasis) -> Iterator[Promise]:
    """Yield what an investor has put in, and what it still owes: by tranches that fall due on dates, and otherwise."""
    investor, investee, ref = row["first_party"], row["second_party"], row["leg_ref"]
    if row["performed"]:
        yield Promise(investor, investee, "investment", ref, settled=row["performed"])
    if reading.counts(row["status"]):
        due = sum((_tranche_due(row, tranche, reading) for tranche in row["tranches"] or ()), ZERO)
        amount = reading.amount(row)
        unfunded = due if amount is None else max(ZERO, amount - row["performed"])
        due = min(due, unfunded)
        if unfunded:
            yield Promise(investee, investor, "funding", ref, due=due, undrawn=unfunded - due)


def _tranche_due(row: dict[str, Any], tranche: dict[str, Any], reading: LegBasis) -> Decimal:
    conditions = tranche["conditions"] or ()
    if (row["deal"], row["leg"], tranche["tranche"]) in reading.done or not conditions or tranche["amount"] is None:
        return ZERO
    dated = all(c["kind"] == "date" and c["threshold"] for c in conditions)
    if not dated or max(last_day(c["threshold"]) for c in conditions) > reading.end:
        return ZERO
    amount: Decimal = tranche["amount"]
    return amount


def only_seller(row: dict[str, Any]) -> str | None:
    """Return who is paid for a company: its one seller, nobody in particular where none or several are named."""
    sellers: list[str] = row["sellers"] or []
    return sellers[0] if len(sellers) == 1 else None


def _takeover(row: dict[str, Any], reading: LegBasis) -> Iterator[Promise]:
    """Yield the cash that never comes if the acquirer fails: its owners keep the company, so that no claim is lost."""
    if not reading.counts(row["status"]):
        return
    amount = reading.amount(row)
    unpaid = None if amount is None else max(ZERO, amount - row["performed"])
    if unpaid:
        yield Promise(only_seller(row), row["first_party"], "funding", row["leg_ref"], undrawn=unpaid)


def _option(row: dict[str, Any], reading: LegBasis) -> Iterator[Promise]:
    """Yield the fee that the holder owes for letting an option go, or, once it chose to buy, what it has not paid yet."""
    holder, grantor, ref = row["first_party"], row["second_party"], row["leg_ref"]
    if not reading.counts(row["status"]) or row["status"] == "completed":
        return
    if row["option_exercised"]:
        amount = reading.amount(row)
        if amount is None:
            yield Promise(grantor, holder, "purchase", ref, undisclosed=True)
        elif left := max(ZERO, amount - row["performed"]):
            yield Promise(grantor, holder, "purchase", ref, remaining=left, undated=left)
    elif fee := max(ZERO, (row["fee"] or ZERO) - row["performed"]):
        falls_due = row["ends_on"] is not None and row["ends_on"] <= reading.end
        yield Promise(
            grantor, holder, "purchase", ref,
            settled=fee, due=fee if falls_due else ZERO, undated=ZERO if falls_due else fee,
        )  # fmt: skip


def _guarantee(row: dict[str, Any], reading: LegBasis) -> Iterator[Promise]:
    guarantor, obligor = row["first_party"], row["second_party"]
    amount = reading.amount(row)
    terms = {"covers": row["covers"], "beneficiary": row["beneficiary"]}
    if amount is None:
        yield Promise(guarantor, obligor, "guarantee", row["leg_ref"], undisclosed=True, **terms)
    elif cap := max(ZERO, amount - (row["collateral"] or ZERO)):
        yield Promise(guarantor, obligor, "guarantee", row["leg_ref"], settled=cap, **terms)


def read_loan(row: dict[str, Any], reading: LegBasis) -> Iterator[Promise]:
    """Yield the promise of one lender's part of a loan: outstanding, still to be drawn, due at maturity."""
    lender, borrower, ref = row["exposed"], row["to"], row["leg_ref"]
    amount = reading.amount(row)
    drawn = row["performed"]
    bound = None if row["binding"] is None or drawn is None else max(ZERO, row["binding"] - drawn)
    out = None if row["gross"] is None else row["gross"] - (bound or ZERO)
    undrawn = None if amount is None or drawn is None else max(ZERO, amount - drawn)
    if not out and undrawn is None:
        yield Promise(lender, borrower, "loan", ref, undisclosed=True)
        return
    owed = out or ZERO
    if row["status"] == "completed":
        # A completed loan has been drawn whole, whether or not anyone recorded its draws.
        owed, undrawn = owed + (bound or ZERO), ZERO
    matures = row["ends_on"]
    due = owed if matures and matures <= reading.end else ZERO
    if owed or undrawn:
        yield Promise(
            lender, borrower, "loan", ref,
            settled=owed, undrawn=undrawn or ZERO, due=due, undated=ZERO if matures else owed,
        )  # fmt: skip
