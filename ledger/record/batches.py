"""A batch on its way in and out: rows become drafts, and refusals become one error."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from events.errors import BadInputError, DealsError
from ledger.intake.located import Rejected, Row
from ledger.record.drafts import Draft, draft_of
from ledger.record.rules import Verdict
from ledger.record.writing import Progress

if TYPE_CHECKING:
    from events.base import Event

__all__ = ["bad_input", "numbered", "read_in", "refusal_of"]

_PROGRESS_ROWS = 5_000


def numbered(events: Iterable[Event]) -> list[Draft]:
    """Make drafts of events that come from no file; their place in the batch stands for a line."""
    return [draft_of(event, file="events", line=number) for number, event in enumerate(events, 1)]


def read_in(rows: Iterable[Row], progress: Progress | None) -> tuple[list[Draft], list[Rejected]]:
    """Take the rows of an import in; each model is let go as soon as its bytes are taken."""
    drafts, rejected = [], []
    for number, row in enumerate(rows, 1):
        if isinstance(row, Rejected):
            rejected.append(row)
        else:
            drafts.append(draft_of(row.event, file=row.file, line=row.line, nth=row.nth))
        if progress and number % _PROGRESS_ROWS == 0:
            progress("read", number, 0)
    return drafts, rejected


def bad_input(verdict: Verdict, rejected: Sequence[Rejected] = ()) -> BadInputError:
    """Return everything that is wrong with an input, rows that could not be read and refused events, by place."""
    findings = [finding for row in rejected for finding in row.findings]
    findings += [refusal.finding(draft.file, draft.line) for draft, refusal in verdict.refused]
    rows = sum(bool(row.findings) for row in rejected) + len({id(draft) for draft, _ in verdict.refused})
    return BadInputError(sorted(findings, key=lambda finding: (finding.file, finding.line)), rows=rows)


def refusal_of(verdict: Verdict) -> DealsError:
    """Return the refusal of a single event by its own name, and those of several as a list."""
    return verdict.refused[0][1] if len(verdict.refused) == 1 else bad_input(verdict)
