"""Expected amounts: what was announced, weighted by status with the user's own weights, and with nobody else's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from events.errors import BadValueError, suggestion
from projections.queries.asked import Rows
from projections.result import Column

__all__ = ["EXPECTED", "STATUSES", "add_expected", "checked_weights"]

EXPECTED = Column("expected", "money")
# The ladder, lowest first, as the macro `ladder` has it.
STATUSES = (
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
# A status that the user gives no weight counts as it binds: agreements in full, everything else not at all.
_DEFAULT = {"definitive": Decimal(1), "completed": Decimal(1)}


def checked_weights(weights: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Give a weight for every status. Raises BadValueError for an unknown status or a weight outside 0 to 1.

    No authority sets weights between 0 and 1, so there are none built in (docs/measures.md, Circularity).
    """
    for status, weight in weights.items():
        if status not in STATUSES:
            raise BadValueError(
                f"weights: unknown status {status!r}", advice=suggestion(status, STATUSES) or ", ".join(STATUSES)
            )
        if not 0 <= weight <= 1:
            raise BadValueError(f"weights: {status}: a weight is between 0 and 1 (got {weight})")
    return {status: weights.get(status, _DEFAULT.get(status, Decimal(0))) for status in STATUSES}


def add_expected(rows: Rows, parts: Rows, keys: tuple[str, ...], weights: Mapping[str, Decimal]) -> None:
    """Add `expected` to each row: the sum of weight times headline over `parts` (rows by `keys` and status)."""
    from projections.measures import weigh

    weighed = checked_weights(weights)
    items: dict[tuple[Any, ...], list[tuple[str, Decimal, Decimal]]] = defaultdict(list)
    for part in parts:
        weight = weighed[part["status"]]
        items[tuple(part[name] for name in keys)].append((part["status"], part["headline"], weight))
    for row in rows:
        mine = items[tuple(row[name] for name in keys)]
        row["expected"] = None if row["headline"] is None else weigh(mine).weighted if mine else Decimal(0)
