"""Every leg as it stands: terms, status, what binds, what has happened."""

from __future__ import annotations

from collections.abc import Sequence

from projections.clocks import Clocks
from projections.kinds import Form
from projections.queries.asked import by_point, cite, known_deal, points, unseen
from projections.queries.counted import share_evidence, share_legs
from projections.result import Column, Result
from projections.warehouse import Warehouse

__all__ = ["COLUMNS", "SUMMARY", "legs", "legs_over"]

COLUMNS = (
    Column("leg_ref", "text"),
    Column("type", "word", optional=True),
    Column("first_party", "text"),
    Column("second_party", "text"),
    Column("status", "status"),
    Column("status_since", "date", optional=True),
    Column("overdue", "flag", optional=True),
    Column("currency", "text"),
    Column("headline", "money"),
    Column("binding", "money"),
    Column("performed", "money", optional=True),
    Column("remaining", "money", optional=True),
    Column("capacity_gw", "gw", optional=True),
    Column("shares", "shares", optional=True),
    Column("effective_on", "date", optional=True),
    Column("ends_on", "date", optional=True),
    Column("pending", "list", optional=True),
    Column("events", "list", optional=True),
)
SUMMARY: Form = {"legs": "count", "undisclosed": "count", "latest_announced_on": "date"}
_SELECT = """
SELECT s.pt, s.deal || '/' || s.leg AS leg_ref, s.deal, s.leg, s.type, s.first_party, s.second_party, s.status,
    s.conditional, s.status_since, s.overdue, s.currency, s.headline, s.qualifier, s.binding, s.performed, s.repaid,
    s.remaining, s.undisclosed, s.capacity_gw, s.delivered_gw, s.shares, s.effective_on, s.starts_on, s.ends_on,
    s.ended, s.hypothetical, coalesce(p.pending, []) AS pending, k.positions
FROM legs_at AS s
INNER JOIN evidence_at AS k ON s.pt = k.pt AND s.deal = k.deal AND s.leg = k.leg
LEFT JOIN pending($1) AS p ON s.pt = p.pt AND s.deal = p.deal AND s.leg = p.leg
WHERE ($2 OR NOT s.ended) AND ($4 IS NULL OR s.deal = $4)
    AND ($3 IS NULL OR is_named($3, s.type, s.first_party, s.second_party, s.beneficiary, s.lenders, s.sellers))
    AND ($5 IS NULL OR s.status = $5)
ORDER BY s.pt, s.deal, s.leg
"""


def legs(
    warehouse: Warehouse,
    clocks: Clocks,
    *,
    company: str | None = None,
    deal: str | None = None,
    status: str | None = None,
    include_ended: bool = False,
) -> Result:
    """List the legs that exist at the clocks, those of one company, deal or status if asked for.

    Raises NotFoundError for a deal that no event is about; one that is not visible at the clocks gives no rows and a note.
    """
    return legs_over(warehouse, [clocks], company=company, deal=deal, status=status, include_ended=include_ended)[0]


def legs_over(
    warehouse: Warehouse,
    clocks: Sequence[Clocks],
    *,
    company: str | None = None,
    deal: str | None = None,
    status: str | None = None,
    include_ended: bool = False,
) -> list[Result]:
    """Answer `legs` at many clock triples in one pass. Raises NotFoundError for a deal that no event is about."""
    known_deal(warehouse, deal)
    at = points(clocks)
    share_legs(warehouse, at)
    share_evidence(warehouse, at)
    rows = by_point(warehouse.query(_SELECT, [at, include_ended, company, deal, status]), len(clocks))
    absent = (
        () if any(rows) else unseen(warehouse, clocks, deal) or _left_out(deal, company, status, ended=include_ended)
    )
    results = []
    for triple, shown, cited in zip(clocks, rows, cite(warehouse, clocks, rows), strict=True):
        summary = {
            "legs": len(shown),
            "undisclosed": sum(row["undisclosed"] for row in shown),
            "latest_announced_on": cited.latest_announced_on,
        }
        results.append(Result("legs", triple, COLUMNS, shown, summary, (*absent, *cited.notes), SUMMARY))
    return results


def _left_out(deal: str | None, company: str | None, status: str | None, *, ended: bool) -> tuple[str, ...]:
    """Say why nothing shows of a deal that is visible."""
    if deal is None:
        return ()
    if company is None and status is None and not ended:
        return (f"All legs of {deal} have ended by then; --include-ended lists them.",)
    return (f"No leg of {deal} is of the company or status asked for{'' if ended else ' and has not ended'}.",)
