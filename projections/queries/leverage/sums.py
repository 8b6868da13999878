"""Loans added up: by currency, by what they rely on, and by who lends."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from projections.queries.asked import Rows, main_currency, rounded
from projections.queries.leverage.debts import Debts
from projections.queries.leverage.lenders import by_lender_type

__all__ = ["sums_of_loans"]


def sums_of_loans(debts: Debts, lenders: Rows, bearing: set[str]) -> dict[str, Any]:
    """Return the loans of the bearing legs added up by lender and by what they rely on, each once, each currency apart."""
    from projections.measures import loi_backed_share

    loans = [row for row in debts.loans if row["leg_ref"] in bearing]
    figures: dict[str, Any] = {}
    for currency in sorted({row["currency"] for row in loans if row["currency"]}):
        here = [row for row in loans if row["currency"] == currency]
        # A floor of what is told: parts that are not told are in no sum.
        whole = [(row["executed"] + row["in_talks"], debts.is_loi_backed(row)) for row in here]
        firm = [(row["executed"], debts.is_loi_backed(row)) for row in here]
        figures[currency] = {
            "loans": len(here),
            "amount": sum((amount for amount, _ in whole), Decimal(0)),
            "executed": sum((amount for amount, _ in firm), Decimal(0)),
            "loi_backed": sum((amount for amount, shaky in whole if shaky), Decimal(0)),
            "loi_backed_executed": sum((amount for amount, shaky in firm if shaky), Decimal(0)),
            "loi_backed_share": rounded(loi_backed_share(whole)),
            "loi_backed_share_executed": rounded(loi_backed_share(firm)),
        }
    main = main_currency(figures)
    names = ("amount", "executed", "loi_backed", "loi_backed_share")
    return {
        "currency": main,
        **{f"loans_{name}" if "loi" not in name else name: figures[main][name] if main else None for name in names},
        "loans": figures,
        "by_lender_type": by_lender_type(lenders, debts.suppliers_of()),
        "undisclosed": sum(row["undisclosed"] for row in loans),
    }
