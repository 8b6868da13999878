"""What a reader of leverage on paper has to know: what counts once, what is missing, what rests on a letter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from projections.queries.asked import Rows

__all__ = ["leverage_notes"]

_NAMED_MAX = 8


def leverage_notes(rows: Rows, summary: Mapping[str, Any], company: str | None) -> tuple[str, ...]:
    """Write the notes of an answer about one company, or about all."""
    notes = []
    if company is not None and not rows:
        notes.append(f"No loan, guarantee or debt of {company} is visible at these clocks.")
    if any(row["serviced_executed"] or row["serviced_in_talks"] for row in rows):
        notes.append(
            "A loan stands in full in the row of every company whose contract it relies on, less what a guarantee has "
            "moved to the guarantor; rows are not to be added up, the summary counts each loan once."
        )
    unknown = _names(row["company"] for row in rows if row["own_debt"] is None)
    if unknown:
        notes.append(f"Shadow leverage is not computable for {unknown}: needs a debt metric or a loan of its own.")
    lacking = _names(
        row["company"] for row in rows if row["total"] is not None and row["total"] and row["shadow_leverage"] is None
    )
    if lacking:
        notes.append(
            f"Shadow leverage is not computable for {lacking}: needs a positive revenue in the currency of the debt."
        )
    undrawn = _names(row["company"] for row in rows if row["own_debt_basis"] == "drawn loans" and row["own_undrawn"])
    if undrawn:
        notes.append(
            f"Definitive loans of {undrawn} of which no draw is recorded are no debt yet and stand in `own_undrawn`; "
            "record the draws, or the balance sheet's debt."
        )
    metric = _names(
        row["company"] for row in rows if row["own_loans"] and row["own_debt_basis"] not in {None, "drawn loans"}
    )
    if metric:
        notes.append(
            f"Own debt is what the balance sheet says for {metric}; recorded loans (`own_loans`) are not added."
        )
    if any(row["revenue_to_serve"] is not None for row in rows):
        notes.append(
            "`revenue_to_serve` is the revenue whose gross profit repays the total at the margin named; interest comes "
            "on top."
        )
    if summary["undisclosed"]:
        notes.append(f"{summary['undisclosed']} loans have an amount that is not disclosed; no sum includes it.")
    tally = summary.get("stated_partner_debt")
    if tally:
        notes.append(
            f"A published tally of partners' debt is {tally['value']:,f} {tally['currency']} ({tally['event']}); the loans "
            f"recorded leave {tally['unexplained']:,f} of it unexplained."
        )
    return tuple(notes)


def _names(names: Iterable[str]) -> str:
    listed = list(dict.fromkeys(names))
    rest = f" and {len(listed) - _NAMED_MAX} more" if len(listed) > _NAMED_MAX else ""
    return ", ".join(listed[:_NAMED_MAX]) + rest
