"""The network of a stress as arrays: claims that a failure would cost, dues within the horizon, means to pay with.

Written for arrays of Decimal (one answer, exact where the method is) and of floats (thousands of draws) alike.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from projections.queries.fields import number
from projections.queries.stress.book import Book
from projections.queries.stress.legs import Promise
from projections.queries.stress.scenario import Scenario
from projections.queries.stress.strike import Struck

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]

__all__ = ["Net", "companies_of"]

# Decimal or float: what the arrays hold, and what makes a number of their kind.
Number = Callable[[Any], Any]
_CLAIMS = frozenset({"purchase", "prepayment", "loan", "investment", "guarantee"})


class Net:
    """A book laid out as vectors and matrices over `names` (None: lenders who are not named, always last).

    Matrices are `[creditor][debtor]` for claims and `[debtor][creditor]` for dues. `kind` is Decimal or float and says
    what the arrays hold.
    """

    def __init__(self, book: Book, scenario: Scenario, kind: Number, companies: Sequence[str]) -> None:
        import numpy as np

        self.np = np
        self.kind = kind
        self.names: tuple[str | None, ...] = (*companies, None)
        self.place = {name: number for number, name in enumerate(self.names)}
        self.dtype: type = float if kind is float else object
        claims = [p for p in book.promises if p.kind in _CLAIMS and not p.undisclosed]
        # Guarantees come last: what they take over has been valued by then.
        self.claims = sorted(claims, key=lambda promise: promise.kind == "guarantee")
        self.creditors = np.array([self.place[p.creditor] for p in self.claims], dtype=int)
        self.debtors = np.array([self.place[p.debtor] for p in self.claims], dtype=int)
        self.is_equity = np.array([p.is_equity for p in self.claims], dtype=bool)
        self.settled = self.vector([p.settled for p in self.claims])
        self.remaining = self.vector([p.remaining for p in self.claims])
        self.prepaid = self.vector([p.prepaid for p in self.claims])
        self.undrawn = self.vector([p.undrawn for p in self.claims])
        self.needs_relet = np.array([p.kind == "purchase" and p.remaining > 0 for p in self.claims], dtype=bool)
        self.takes_over = [(i, self._covered(p)) for i, p in enumerate(self.claims) if p.kind == "guarantee"]
        self.dues = [p for p in book.promises if p.due]
        self._counts_financing = scenario.count_financing
        self._dues = self.square()
        for promise in self.dues:
            self._dues[self.place[promise.debtor], self.place[promise.creditor]] += kind(promise.due)
        self.look_up(book)

    def look_up(self, book: Book) -> None:
        """Take each company's figures from a book; what was worked out with those of another is void."""
        np, nothing = self.np, Decimal(0)
        self.book = book
        self.equity = [book.figure(name, "equity") for name in self.names]
        self.equity_unknown = np.array([figure is None for figure in self.equity], dtype=bool)
        self.equities = self.vector([nothing if figure is None else figure.value for figure in self.equity])
        cash = [book.figure(name, "cash") for name in self.names]
        self._cash = self.vector([nothing if figure is None else figure.value for figure in cash])
        self._cash_unknown = np.array([figure is None for figure in cash], dtype=bool)
        self._cash_unknown[-1] = False
        self._valued: tuple[Struck, Array, Array] | None = None

    def on(self, book: Book) -> Net:
        """Return the same net over a book that differs only in its figures."""
        other = copy.copy(self)
        other.look_up(book)
        return other

    def vector(self, values: Sequence[Decimal]) -> Array:
        """Return numbers as an array of the net's kind."""
        return self.np.array([self.kind(value) for value in values], dtype=self.dtype)

    def zeros(self) -> Array:
        """Return a vector of nothings, one a company."""
        return self.full(0)

    def full(self, value: Decimal | int) -> Array:
        """Return a vector of one number for every company."""
        return self.np.full(len(self.names), self.kind(value), dtype=self.dtype)

    def square(self) -> Array:
        """Return a matrix of nothings."""
        size = len(self.names)
        return self.np.full((size, size), self.kind(0), dtype=self.dtype)

    def _covered(self, guarantee: Promise) -> list[int]:
        """List the claims that a guarantee makes good: of the leg it covers, else of its beneficiary on the obligor."""

        def is_covered(claim: Promise) -> bool:
            if claim.kind == "guarantee" or claim.is_equity or claim.debtor != guarantee.debtor:
                return False
            if guarantee.covers:
                return claim.leg_ref == guarantee.covers
            return guarantee.beneficiary is not None and claim.creditor == guarantee.beneficiary

        return [number for number, claim in enumerate(self.claims) if is_covered(claim)]

    def relet(self, scenario: Scenario, struck: Struck) -> Any:  # noqa: ANN401 - Decimal or float by the net's kind
        """Return what capacity fetches over its contract price, None where the scenario does not say."""
        stated = scenario.parameters.relet_price
        if stated is None:
            return None if struck.relet == 1 else self.kind(struck.relet)
        return self.kind(number(stated) * struck.relet)

    def claims_at_failure(self, scenario: Scenario, struck: Struck) -> tuple[Array, Array]:
        """Value every claim as if its debtor failed and nothing were recovered; and say which are not computable.

        An executory contract counts as `executory_claim` has it: unpaid + charge + (1 − re-let price)+ x remaining −
        prepaid. A guarantor takes over, up to its cap, what those it guarantees would lose.
        """
        np, zero = self.np, self.kind(0)
        terms = scenario.parameters
        relet = self.relet(scenario, struck)
        unknown = self.needs_relet if relet is None else np.zeros(len(self.claims), dtype=bool)
        lost_share = max(zero, self.kind(1) - (self.kind(1) if relet is None else relet))
        charge = self.kind(number(terms.termination_charge))
        values = (
            self.settled + (charge + lost_share) * self.remaining - self.prepaid
            + self.kind(number(terms.drawdown)) * self.undrawn
        )  # fmt: skip
        values = np.where(unknown, zero, np.maximum(values, zero))
        for place, claim in enumerate(self.claims if struck.lapsed or struck.stopped else ()):
            lapsed = claim.leg_ref in struck.lapsed
            if lapsed and claim.kind not in {"loan", "investment"}:
                values[place] = zero
            elif lapsed or (claim.leg_ref, claim.creditor) in struck.stopped:
                values[place] = min(values[place], self.settled[place])
        for place, covered in self.takes_over:
            left = values[place]
            for other in covered:
                taken = min(left, values[other])
                values[other] -= taken
                left -= taken
            if covered:
                values[place] -= left
        return values, unknown

    def losses_at_failure(self, scenario: Scenario, struck: Struck) -> tuple[Array, Array]:
        """Return what each creditor would lose, after recovery, on each debtor if that failed; and the claims not valued.

        Worked out once for all methods that ask about the same shocks.
        """
        if self._valued is None or self._valued[0] is not struck:
            values, unknown = self.claims_at_failure(scenario, struck)
            self._valued = struck, self._after_recovery(values, scenario, struck), unknown
        return self._valued[1:]

    def _after_recovery(self, values: Array, scenario: Scenario, struck: Struck) -> Array:
        np = self.np
        kept = self.full(Decimal(1) - number(scenario.parameters.loss_given_default))
        for company, recovery in struck.failed.items():
            kept[self.place[company]] = self.kind(recovery)
        share = np.where(self.is_equity, self.kind(1), self.kind(1) - kept[self.debtors])
        matrix = self.square()
        np.add.at(matrix, (self.creditors, self.debtors), values * share)
        return matrix

    def dues_matrix(self, struck: Struck) -> Array:
        """Return what each debtor owes each creditor within the horizon, without what has lapsed or was stopped."""
        matrix = self._dues.copy()
        for promise in self.dues if struck.lapsed or struck.stopped else ():
            gone = promise.leg_ref in struck.lapsed and promise.kind != "loan"
            stopped = promise.kind == "funding" and (promise.leg_ref, promise.debtor) in struck.stopped
            if gone or stopped:
                matrix[self.place[promise.debtor], self.place[promise.creditor]] -= self.kind(promise.due)
        return self.np.maximum(matrix, self.kind(0))

    def financing(self, struck: Struck) -> Array:
        """Return the committed financing that each company may still call in, where the scenario counts it."""
        callable_now = self.zeros()
        if not self._counts_financing:
            return callable_now
        for promise in self.book.promises:
            payer, taker = promise.creditor, promise.debtor
            if promise.kind == "funding":
                payer, taker = taker, str(payer)
            if (
                promise.undrawn
                and promise.leg_ref not in struck.lapsed
                and (promise.leg_ref, payer) not in struck.stopped
            ):
                callable_now[self.place[taker]] += self.kind(promise.undrawn)
        return callable_now

    def means(self, scenario: Scenario, names: dict[str, str]) -> tuple[Array, Array]:
        """Return each company's own means over the horizon (cash, and its free share of revenue); and whose are unknown."""
        own, unknown = self._cash.copy(), self._cash_unknown.copy()
        for name, share in scenario.parameters.compute_share.items():
            place, revenue = self.place[names[name]], self.book.figure(names[name], "revenue")
            unknown[place] |= revenue is None
            if revenue is not None:
                own[place] += self.kind(revenue.value * number(share) * scenario.horizon_years())
        return own, unknown

    def vector_of(self, values: Sequence[Any]) -> Array:
        """Return a method's own answer as an array of the net's kind."""
        own = values if self.kind is float else [self.kind(value) for value in values]
        return self.np.array(own, dtype=self.dtype)

    def hand_over(self, values: Array) -> Any:  # noqa: ANN401 - lists of Decimal, or the float array itself
        """Return an array as the measures take it: lists where they answer in Decimal, else as it is."""
        return values.tolist() if self.kind is Decimal else values


def companies_of(book: Book, struck: Struck, names: dict[str, str]) -> list[str]:
    """List the companies that a stress may touch: parties to promises, and whoever the scenario names."""
    parties = {party for promise in book.promises for party in (promise.creditor, promise.debtor)}
    parties |= {loss.company for loss in struck.losses} | set(names.values())
    return sorted(party for party in parties if party is not None)
