"""Random graphs of payments, and what they amount to added up by hand."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import strategies as st

Edge = tuple[str, str, Decimal | None]
Known = tuple[str, str, Decimal]
MONEY = st.decimals(min_value=0, max_value=10**9, places=6, allow_nan=False, allow_infinity=False)


def graphs(names: str, most: int) -> st.SearchStrategy[list[Known]]:
    """Sparse graphs and dense ones: left alone, hypothesis draws few legs, and few legs close few rings."""
    legs = st.tuples(st.sampled_from(names), st.sampled_from(names), MONEY)
    return st.one_of(st.lists(legs, max_size=most), st.lists(legs, min_size=most - 2, max_size=most))


def summed(edges: list[Known]) -> dict[tuple[str, str], Decimal]:
    total: dict[tuple[str, str], Decimal] = {}
    for payer, payee, amount in edges:
        if payer != payee and amount > 0:
            total[payer, payee] = total.get((payer, payee), Decimal(0)) + amount
    return total
