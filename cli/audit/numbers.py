"""The numbers that a bundle carries: measures at given clocks as CSV, the same wherever they are computed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from cli.printing.formats import as_csv
from projections.result import Column, Result, Row

if TYPE_CHECKING:
    from projections.clocks import Clocks
    from projections.warehouse import Warehouse

__all__ = ["number_files"]


def number_files(
    warehouse: Warehouse, clocks: Clocks, *, company: str | None = None, deal: str | None = None
) -> dict[str, bytes]:
    """Compute exposure, legs, commitments and dilution at the clocks, each row with the keys of its events.

    `company` (a slug) or `deal` narrows them to what a part of the log is about.
    """
    from projections.queries.commitments.commitments import commitments
    from projections.queries.dilution.dilution import dilution
    from projections.queries.exposure import exposure
    from projections.queries.legs import legs

    standing = legs(warehouse, clocks, company=company, deal=deal)
    files = {"legs.csv": as_csv(standing)}
    if deal is not None:
        return files
    exposed = exposure(warehouse, clocks, company=company)
    buyers = _named(exposed.rows, "to", kind="purchase")
    issuers = _named(standing.rows, "first_party", type="warrant_granted")
    files["exposure.csv"] = as_csv(exposed)
    files["commitments.csv"] = _joined([commitments(warehouse, clocks, company=name) for name in buyers])
    files["dilution.csv"] = _joined([dilution(warehouse, clocks, issuer=name) for name in issuers])
    return {name: content for name, content in files.items() if content}


def _named(rows: Iterable[Row], field: str, **wanted: str) -> list[str]:
    fitting = (row for row in rows if all(row.get(name) == value for name, value in wanted.items()))
    return sorted({str(row[field]) for row in fitting if row.get(field)})


def _joined(results: list[Result]) -> bytes:
    """Put the rows of several answers to one question under one header."""
    if not results:
        return b""
    columns: tuple[Column, ...] = tuple(results[0].columns)
    rows = [row for result in results for row in result.rows]
    return as_csv(Result(results[0].verb, results[0].clocks, columns, rows, {}))
