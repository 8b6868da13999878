"""What a loan or an investment puts at stake where it is not told what binds: what went out, less what came back."""

from __future__ import annotations

from decimal import Decimal

import pytest

from projections.queries.exposure import exposure
from tests.projections.case_parts import Raw
from tests.projections.flow_parts import DAY, LATER, amount, billions, funded, invests, lends, opened


def repaid(deal: str, figure: str) -> Raw:
    body: Raw = {"type": "loan_repaid", "key": f"{deal}/repaid/{DAY}", "announced_on": DAY, "deal": deal, "leg": "l"}
    return body | {"amount": amount(figure)}


def drawn(figure: str) -> Raw:
    return funded("oracle-borrows-1", figure) | {"deal": "oracle-borrows"}


def at_stake(*events: Raw) -> tuple[Decimal | None, Decimal | None, int]:
    with opened(*events) as warehouse:
        (row,) = exposure(warehouse, LATER).rows
    return billions(row["gross"]), billions(row["credit_equivalent"]), row["undisclosed"]


@pytest.mark.parametrize(
    ("steps", "gross"),
    [
        ((), None),
        ((drawn("10"),), 10),
        ((drawn("10"), repaid("oracle-borrows", "4")), 6),
        ((drawn("10"), repaid("oracle-borrows", "10")), 0),
        ((drawn("10"), repaid("oracle-borrows", "12")), 0),
        ((repaid("oracle-borrows", "12"),), None),
    ],
    ids=["nothing drawn", "drawn", "partly repaid", "repaid", "repaid by more", "repaid without a draw"],
)
def test_a_loan_of_undisclosed_binding_amount(steps: tuple[Raw, ...], gross: int | None) -> None:
    assert at_stake(lends([("jpmorgan", None)], "oracle", None), *steps) == (gross, gross, 1)


@pytest.mark.parametrize(("steps", "gross"), [((), None), ((funded("nvidia-openai-invests", "3"),), 3)])
def test_an_investment_of_undisclosed_binding_amount(steps: tuple[Raw, ...], gross: int | None) -> None:
    assert at_stake(invests("nvidia", "openai", None), *steps) == (gross, gross, 1)
