"""Expected amounts come from the user's own weights and from nowhere else."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from events.errors import BadValueError
from projections.clocks import Clocks
from projections.queries.commitments.commitments import commitments
from projections.queries.exposure import exposure
from tests.oracle.pieces import purchase, usd
from tests.oracle.recording import recorded
from tests.projections.case_parts import COMPANIES
from tests.projections.comparison import warehouse_of

DAY = Clocks.on(dt.date(2026, 1, 1))
LEGS = (
    purchase("letter", status="letter_of_intent", amount=usd("100")),
    purchase("milestones", status="term_sheet", amount=usd("60")),
    purchase("take-or-pay", status="definitive", amount=usd("300")),
)


def test_the_published_haircut_case() -> None:
    """An LOI at 0, a milestone contract at one half, take-or-pay in full: 460, 330, 300 (vector str.binding_haircut)."""
    weights = {"term_sheet": Decimal("0.5")}
    with warehouse_of(recorded(LEGS)) as warehouse:
        (row,) = exposure(warehouse, DAY, weights=weights).rows
        bought = commitments(warehouse, DAY, company=row["to"], weights=weights).rows
    assert (row["headline"], row["expected"], row["binding"]) == (460, 330, 300)
    assert [(r["headline"], r["expected"], r["binding"]) for r in bought] == [(460, 330, 300)]


def test_without_weights_there_is_no_expected_amount() -> None:
    with warehouse_of(recorded(LEGS)) as warehouse:
        result = exposure(warehouse, DAY)
    assert all("expected" not in row for row in result.rows)
    assert "expected" not in {column.name for column in result.columns}


@pytest.mark.parametrize("weights", [{"letter_of_intend": Decimal("0.1")}, {"announced": Decimal("1.1")}])
def test_bad_weights_are_refused(weights: dict[str, Decimal]) -> None:
    with warehouse_of(recorded((*COMPANIES, *LEGS))) as warehouse, pytest.raises(BadValueError, match="weight"):
        exposure(warehouse, DAY, weights=weights)
