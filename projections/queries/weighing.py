"""Expected amounts: what was announced, weighted by status with the user's own weights, and with nobody else's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from events.errors import BadValueError, suggestion
from events.quantities import QUESTION_PLACES, NotReadableError, as_written, share
from events.statuses import BINDING, STATUSES
from projections.queries.asked import Rows
from projections.result import Column

__all__ = ["EXPECTED", "add_expected", "checked_weights", "weight_of"]

EXPECTED = Column("expected", "money")
_ZERO, _ONE = Decimal(0), Decimal(1)


def checked_weights(given: Mapping[str, Decimal | float | str]) -> dict[str, Decimal]:
    """Return a user's own weights by status as exact numbers; a float is taken by its shortest decimal form.

    Raises BadValueError for an unknown status, and for a weight that is no number from 0 to 1.
    """
    weights: dict[str, Decimal] = {}
    for status, weight in given.items():
        if status not in STATUSES:
            raise BadValueError(
                f"weights: unknown status {status!r}",
                advice=suggestion(str(status), STATUSES) or f"it is one of {', '.join(STATUSES)}",
            )
        try:
            fraction = share(as_written(weight), places=QUESTION_PLACES)
        except NotReadableError as error:
            raise BadValueError(
                f"weights: {status}: a weight is a number from 0 to 1 (got {weight!s})", advice=error.advice
            ) from None
        if not _ZERO <= fraction <= _ONE:
            raise BadValueError(f"weights: {status}: a weight is a number from 0 to 1 (got {weight!s})")
        weights[status] = fraction
    return weights


def weight_of(status: str, weights: Mapping[str, Decimal]) -> Decimal:
    """Return the user's weight of a status, else 1 for what binds and 0 for what does not.

    No authority sets weights between 0 and 1, so there are none built in (docs/measures.md, Circularity).
    """
    return weights.get(status, _ONE if status in BINDING else _ZERO)


def add_expected(rows: Rows, parts: Rows, keys: tuple[str, ...], weights: Mapping[str, Decimal]) -> None:
    """Add `expected` to each row: the sum of weight times headline over `parts` (rows by `keys` and status)."""
    from projections.measures import weigh

    weighed = checked_weights(weights)
    items: dict[tuple[Any, ...], list[tuple[str, Decimal, Decimal]]] = defaultdict(list)
    for part in parts:
        weight = weight_of(part["status"], weighed)
        items[tuple(part[name] for name in keys)].append((part["status"], part["headline"], weight))
    for row in rows:
        mine = items[tuple(row[name] for name in keys)]
        row["expected"] = None if row["headline"] is None else weigh(mine).weighted if mine else Decimal(0)
