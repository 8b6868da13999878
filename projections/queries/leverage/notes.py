"""What a reader of leverage on paper has to know: what counts once, what is missing, what rests on a letter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from projections.queries.asked import Rows
from projections.queries.wording import amount_text, are, listed

__all__ = ["leverage_notes"]


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
    unknown = listed(row["company"] for row in rows if row["own_debt"] is None)
    if unknown:
        notes.append(f"Shadow leverage is not computable for {unknown}: needs a debt metric or a loan of its own.")
    lacking = listed(
        row["company"] for row in rows if row["total"] is not None and row["total"] and row["shadow_leverage"] is None
    )
    if lacking:
        notes.append(
            f"Shadow leverage is not computable for {lacking}: needs a positive revenue in the currency of the debt."
        )
    undrawn = listed(row["company"] for row in rows if row["own_debt_basis"] == "drawn loans" and row["own_undrawn"])
    if undrawn:
        notes.append(
            f"Definitive loans of {undrawn} of which no draw is recorded are no debt yet and stand in `own_undrawn`; "
            "record the draws, or the balance sheet's debt."
        )
    metric = listed(
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
        notes.append(f"{are(summary['undisclosed'], 'loan')} of an amount that is not disclosed; no sum includes it.")
    tally = summary.get("stated_partner_debt")
    if tally:
        notes.append(
            f"A published tally of partners' debt is {amount_text(tally['value'])} {tally['currency']} ({tally['event']}); the loans "
            f"recorded leave {amount_text(tally['unexplained'])} of it unexplained."
        )
    return tuple(notes)
