"""Whose contracts service which debt: loans traced to the companies that pay for them or stand in for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from projections.clocks import Clocks
from projections.queries.asked import Rows, by_point, points
from projections.queries.counted import keep_counted
from projections.result import Row
from projections.warehouse import Warehouse

__all__ = ["Burden", "Debts", "guarantee_caps", "read_debts"]

_ZERO = Decimal(0)
_LEGS = """
SELECT d.*, k.positions
FROM debt_legs('legs_counted') AS d INNER JOIN evidence_counted AS k ON d.pt = k.pt AND d.deal = k.deal AND d.leg = k.leg
ORDER BY d.pt, d.deal, d.leg
"""


@dataclass(frozen=True, slots=True)
class Burden:
    """What one loan puts on one company: as its borrower (`own`), by a contract that services it, or by a guarantee.

    `executed` is drawn or bound, `in_talks` what nobody is bound to yet; `loi_backed` says that the loan relies on a leg
    that binds nobody on the day; `undisclosed` that part of the loan is not told.
    """

    company: str
    role: str
    loan: str
    currency: str | None
    drawn: Decimal
    executed: Decimal
    in_talks: Decimal
    loi_backed: bool
    undisclosed: bool
    positions: frozenset[int]


@dataclass(slots=True)
class Debts:
    """Loans, guarantees and contracts at one clock triple; ended loans and guarantees are left out."""

    loans: Rows
    guarantees: Rows
    legs: dict[str, Row]
    sold_on: Mapping[tuple[str, str], list[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Rows) -> Debts:
        """Sort the rows of `debt_legs` by what they are for."""
        live = [row for row in rows if not row["ended"]]
        sold_on: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        for row in live:
            if row["type"] == "purchase_committed" and row["capacity_lot"] is not None:
                sold_on[row["capacity_lot"], row["second_party"]].append(row["leg_ref"])
        return cls(
            loans=[row for row in live if row["type"] == "loan_arranged"],
            guarantees=[row for row in live if row["type"] == "guarantee_given"],
            legs={row["leg_ref"]: row for row in live},
            sold_on=dict(sold_on),
        )

    def suppliers_of(self) -> dict[str, set[str]]:
        """Map each buyer to those it buys from."""
        suppliers: defaultdict[str, set[str]] = defaultdict(set)
        for row in self.legs.values():
            if row["type"] == "purchase_committed":
                suppliers[row["first_party"]].add(row["second_party"])
        return dict(suppliers)

    def is_loi_backed(self, loan: Row) -> bool:
        """Say whether a loan relies on a leg that binds nobody on the day: none yet, not binding, or ended."""
        return any(ref not in self.legs or not self.legs[ref]["is_bound"] for ref in loan["relies_on"])

    def burdens(self) -> Iterator[Burden]:
        """Put every loan on those that bear it: the borrower, and, less what is guaranteed, each payer of its contracts.

        What a guarantee covers moves from the payers to the guarantor, so that no row has it twice. A loan that several
        companies' contracts service stands in full in the row of each: rows are never to be added up.
        """
        covering: defaultdict[str, Rows] = defaultdict(list)
        for row in self.guarantees:
            if row["covers"] is not None:
                covering[row["covers"]].append(row)
        for loan in self.loans:
            yield self._burden(loan, loan["first_party"], "own", loan["executed"], loan["in_talks"], frozenset())
            executed, in_talks = loan["executed"], loan["in_talks"]
            for guarantee in covering[loan["leg_ref"]]:
                if (
                    guarantee["currency"] not in {None, loan["currency"]}
                    or guarantee["first_party"] == loan["first_party"]
                ):
                    continue
                bound, stated = _caps(guarantee)
                moved = min(executed, bound)
                talked = min(in_talks, max(bound - moved, stated))
                executed, in_talks = executed - moved, in_talks - talked
                yield self._burden(
                    loan,
                    guarantee["first_party"],
                    "guarantee",
                    moved,
                    talked,
                    frozenset(guarantee["positions"]),
                    unknown=guarantee["binding" if guarantee["is_bound"] else "headline"] is None,
                )
            for payer, seen in self._payers(loan).items():
                yield self._burden(loan, payer, "contract", executed, in_talks, seen)

    def _burden(
        self,
        loan: Row,
        company: str,
        role: str,
        executed: Decimal,
        in_talks: Decimal,
        positions: frozenset[int],
        *,
        unknown: bool = False,
    ) -> Burden:
        return Burden(
            company=company,
            role=role,
            loan=loan["leg_ref"],
            currency=loan["currency"],
            drawn=loan["drawn"],
            executed=executed,
            in_talks=in_talks,
            loi_backed=self.is_loi_backed(loan),
            undisclosed=loan["undisclosed"] or unknown,
            positions=positions | frozenset(loan["positions"]),
        )

    def _payers(self, loan: Row) -> dict[str, frozenset[int]]:
        """Return the companies whose payments service a loan, with the events of the contracts.

        They are the first parties (buyer, investor, guarantor) of the legs it relies on; and where such a leg buys a
        named physical lot that its buyer sells on, the next buyer too, and so on along that lot.
        """
        payers: defaultdict[str, set[int]] = defaultdict(set)
        waiting, seen = [ref for ref in loan["relies_on"] if ref in self.legs], set()
        while waiting:
            ref = waiting.pop()
            leg = self.legs[ref]
            if ref in seen or leg["type"] == "loan_arranged":
                continue
            seen.add(ref)
            payers[leg["first_party"]] |= set(leg["positions"])
            if leg["type"] == "purchase_committed" and leg["capacity_lot"] is not None:
                waiting += self.sold_on.get((leg["capacity_lot"], leg["first_party"]), [])
        return {
            payer: frozenset(positions) for payer, positions in sorted(payers.items()) if payer != loan["first_party"]
        }


def _caps(guarantee: Row) -> tuple[Decimal, Decimal]:
    """Return what a guarantee binds its guarantor to, net of collateral, and what it states before it binds."""
    pledged = guarantee["collateral"] or _ZERO
    if guarantee["is_bound"]:
        return max(_ZERO, (guarantee["binding"] or _ZERO) - pledged), _ZERO
    return _ZERO, max(_ZERO, (guarantee["headline"] or _ZERO) - pledged)


def guarantee_caps(guarantee: Row) -> tuple[Decimal | None, Decimal | None]:
    """Return what a guarantee binds its guarantor to and what is only stated, net of collateral; None where not told."""
    bound, stated = _caps(guarantee)
    if guarantee["is_bound"]:
        return (None if guarantee["binding"] is None else bound), _ZERO
    return _ZERO, (None if guarantee["headline"] is None else stated)


def read_debts(warehouse: Warehouse, clocks: Sequence[Clocks]) -> list[Debts]:
    """Read the debts of many clock triples in one pass."""
    at = points(clocks)
    keep_counted(warehouse, at)
    return [Debts.of(rows) for rows in by_point(warehouse.query(_LEGS), len(clocks))]
