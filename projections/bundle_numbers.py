"""The numbers that a bundle carries, in numbered forms: what was handed out is compared byte for byte for ever.

A form says which tables there are, with which columns in which order, and how cells are written; a question may gain
columns, and the forms that are out stay what they were. To give bundles more, add a form under the next number. In all of
them the column `events` has the keys of a row's events, joined by `; `, which is what every verifier looks up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from projections.csv_table import csv_bytes
from projections.result import Result, Row

if TYPE_CHECKING:
    from projections.clocks import Clocks
    from projections.warehouse import Warehouse

__all__ = ["FORMS", "NEWEST", "UNNAMED", "number_files", "table_of"]

UNNAMED = 1
"""The form of the numbers in a bundle that does not name one, because it is older than the naming."""

_COLUMNS_1 = {
    "legs.csv": (
        "leg_ref",
        "type",
        "first_party",
        "second_party",
        "status",
        "status_since",
        "overdue",
        "currency",
        "headline",
        "binding",
        "performed",
        "remaining",
        "capacity_gw",
        "shares",
        "effective_on",
        "ends_on",
        "pending",
        "events",
    ),
    "exposure.csv": (
        "exposed",
        "to",
        "kind",
        "currency",
        "headline",
        "binding",
        "performed",
        "remaining",
        "gross",
        "credit_equivalent",
        "undisclosed",
        "events",
    ),
    "commitments.csv": (
        "buyer",
        "supplier",
        "currency",
        "headline",
        "binding",
        "performed",
        "remaining",
        "capacity_gw",
        "firm_gw",
        "undisclosed",
        "status",
        "events",
    ),
    "dilution.csv": (
        "issuer",
        "holder",
        "deal",
        "leg",
        "shares_max",
        "shares_vested",
        "shares_conditions_met",
        "shares_exercised",
        "exercise_price",
        "expires_on",
        "pre_issue",
        "post_issue",
        "status",
        "events",
    ),
}


def number_files(
    warehouse: Warehouse,
    clocks: Clocks,
    *,
    company: str | None = None,
    deal: str | None = None,
    version: int | None = None,
) -> dict[str, bytes]:
    """Compute exposure, legs, commitments and dilution at the clocks, each row with the keys of its events.

    `company` (a slug) or `deal` narrows them to what a part of the log is about. Gives CSV by file name in the form
    `version` (None: the newest). Raises KeyError for a form that is not known.
    """
    return FORMS[NEWEST if version is None else version](warehouse, clocks, company, deal)


def table_of(name: str, results: Iterable[Result], columns: Mapping[str, tuple[str, ...]] = _COLUMNS_1) -> bytes:
    """Write the rows of the answers to one question under the columns that form 1 has of it, whatever else they have.

    Raises KeyError for a row without one of them.
    """
    names = columns[name]
    rows = [{column: row[column] for column in names} for result in results for row in result.rows]
    return csv_bytes(names, rows, rule=1)


def _form_1(warehouse: Warehouse, clocks: Clocks, company: str | None, deal: str | None) -> dict[str, bytes]:
    from projections.queries.commitments.commitments import commitments
    from projections.queries.dilution.dilution import dilution
    from projections.queries.exposure import exposure
    from projections.queries.legs import legs

    standing = legs(warehouse, clocks, company=company, deal=deal)
    files = {"legs.csv": table_of("legs.csv", [standing])}
    if deal is not None:
        return files
    exposed = exposure(warehouse, clocks, company=company)
    files["exposure.csv"] = table_of("exposure.csv", [exposed])
    buyers = _named(exposed.rows, "to", kind="purchase")
    if buyers:
        bought = [commitments(warehouse, clocks, company=name) for name in buyers]
        files["commitments.csv"] = table_of("commitments.csv", bought)
    issuers = _named(standing.rows, "first_party", type="warrant_granted")
    if issuers:
        files["dilution.csv"] = table_of("dilution.csv", [dilution(warehouse, clocks, issuer=name) for name in issuers])
    return files


def _named(rows: Iterable[Row], field: str, **wanted: str) -> list[str]:
    fitting = (row for row in rows if all(row.get(name) == value for name, value in wanted.items()))
    return sorted({str(row[field]) for row in fitting if row.get(field)})


FORMS: Mapping[int, Callable[[Warehouse, Clocks, str | None, str | None], dict[str, bytes]]] = {1: _form_1}
"""How to compute the tables of each form."""

NEWEST = max(FORMS)
