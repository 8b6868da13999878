"""Which companies stand opposite one another in an event, and whether two of them are one: a deal with itself is doubtful.

Standard library only: both the write side and the read side ask.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations

__all__ = ["SIDES", "with_itself"]

SIDES: dict[str, tuple[str, ...]] = {
    "purchase_committed": ("buyer", "supplier"),
    "investment_committed": ("investor", "investee"),
    "warrant_granted": ("issuer", "holder"),
    "loan_arranged": ("borrower", "lenders"),
    "guarantee_given": ("guarantor", "obligor", "beneficiary"),
    "acquisition_agreed": ("acquirer", "target"),
    "option_granted": ("holder", "grantor"),
    "royalty_agreed": ("payer", "payee"),
    "payment_made": ("payer", "payee"),
}
"""The fields of each type that name companies on different sides, the first and the second party first."""

_ONE_OF = {"lenders": "a lender"}

# Kinds of guarantees that are given to the very company whose worth or sales they keep up.
_GIVEN_TO_THE_OBLIGOR = frozenset({"capacity_backstop", "residual_value"})


def with_itself(type_name: str, companies: Mapping[str, str], kind: str | None = None) -> str:
    """Return which two parties of an event are one company, as `buyer and supplier are both amd`; empty where none are.

    `companies` are the slugs by field, items of lists by their dotted fields (`lenders.0.company`); `kind` is that of a guarantee.
    """
    sides = SIDES.get(type_name, ())
    if kind in _GIVEN_TO_THE_OBLIGOR and companies.get("obligor") == companies.get("beneficiary"):
        sides = tuple(field for field in sides if field != "beneficiary")
    named = [(field.partition(".")[0], company) for field, company in companies.items()]
    for (one, company), (other, twin) in combinations([pair for pair in named if pair[0] in sides], 2):
        if company == twin and one != other:
            first, second = sorted((one, other), key=sides.index)
            return f"{_ONE_OF.get(first, first)} and {_ONE_OF.get(second, second)} are both {company}"
    return ""
