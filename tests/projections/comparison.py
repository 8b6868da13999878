"""Ask the same question of the SQL projections and of the naive fold, and bring both answers to one comparable form."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from events.codec import encode, parse
from events.envelope import Recorded, instant_text, leaf_bytes
from projections import clocks as read_clocks
from projections.queries.commitments.commitments import commitments_over
from projections.queries.dilution.dilution import dilution_over
from projections.queries.exposure import exposure_over
from projections.queries.legs import legs_over
from projections.warehouse import Warehouse
from tests.oracle import fold
from tests.projections.lent import lend

__all__ = ["as_leaves", "both_answers", "read_side_clocks", "warehouse_of"]

# When what-if events are said to have been recorded; nothing depends on it.
RECORDED_AT = dt.datetime(2027, 1, 1, tzinfo=dt.UTC)
MONEY = ("headline", "binding", "performed", "remaining")
EXPOSURE = ("exposed", "to", "kind", "currency", *MONEY, "gross", "credit_equivalent", "undisclosed")
COMMITMENTS = ("buyer", "supplier", "currency", *MONEY, "capacity_gw", "firm_gw", "undisclosed", "status")
DILUTION = (
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
)


def warehouse_of(entries: Sequence[Recorded], hypothetical: Iterable[Mapping[str, Any]] = ()) -> Warehouse:
    """Load the projection of a recorded history, with what-if events over it, into tables that are lent."""
    return lend([[(entry.position, entry.leaf) for entry in entries]], hypothetical=as_leaves(hypothetical))


def as_leaves(raws: Iterable[Mapping[str, Any]]) -> list[bytes]:
    """Write events as the leaves that a projection overlays."""
    at = instant_text(RECORDED_AT)
    leaves = []
    for raw in raws:
        event = parse(dict(raw))
        leaves.append(
            leaf_bytes(encode(event), recorded_at=at, recorder="what-if", schema_version=type(event).SCHEMA_VERSION)
        )
    return leaves


def read_side_clocks(triple: fold.Clocks) -> read_clocks.Clocks:
    """Return a triple of the fold as the read side takes it."""
    return read_clocks.Clocks(
        as_of=triple.as_of, known_by=triple.known_by, recorded_by=min(triple.recorded_by, read_clocks.LATEST)
    )


def _rows(rows: Iterable[Mapping[str, Any]], columns: tuple[str, ...]) -> set[tuple[Any, ...]]:
    found = [(*(row[name] for name in columns), frozenset(row["events"])) for row in rows]
    assert len(set(found)) == len(found), "a row came twice"
    return set(found)


def _near(value: Decimal | None) -> Decimal | None:
    """Round a ratio to ten digits: the two sides round their twelfth differently."""
    return None if value is None else round(Decimal(value), 9)


def both_answers(
    warehouse: Warehouse,
    entries: Sequence[Recorded],
    triples: Sequence[fold.Clocks],
    companies: Iterable[str],
    hypothetical: Sequence[Mapping[str, Any]] = (),
) -> Iterable[tuple[str, Any, Any]]:
    """Yield (what was asked, the answer by SQL, the answer by the fold) for every measure, triple and company.

    SQL answers all triples in one pass, the fold one by one; it folds once for all measures.
    """
    at = [read_side_clocks(triple) for triple in triples]
    what_if = [dict(raw) for raw in hypothetical]
    folded = [fold.folded(entries, triple, what_if) for triple in triples]
    yield from _legs(warehouse, at, folded)
    companies = list(companies)
    for company in (None, *companies):
        for by in ("pair", "company", "kind") if company is None else ("pair",):
            yield from _exposure(warehouse, at, folded, {"company": company, "by": by})
    yield from _exposure(warehouse, at, folded, {"include_ended": True})
    for company in companies:
        yield from _commitments(warehouse, at, folded, company)
        yield from _dilution(warehouse, at, folded, company)


Histories = Sequence[fold.Folded]
At = list[read_clocks.Clocks]
Compared = Iterable[tuple[str, Any, Any]]


def _exposure(warehouse: Warehouse, at: At, folded: Histories, asked: dict[str, Any]) -> Compared:
    for mine, history in zip(exposure_over(warehouse, at, **asked), folded, strict=True):
        theirs = fold.exposure_of(history, **asked)
        blank: dict[str, Any] = dict.fromkeys(EXPOSURE)
        name = f"exposure {asked} at {history.sight.clocks}"
        yield name, _rows(mine.rows, EXPOSURE), _rows([blank | row for row in theirs.rows], EXPOSURE)
        yield f"totals of {name}", _totals(mine.summary["totals"]), _totals(theirs.summary["totals"])


def _totals(totals: Mapping[str | None, Mapping[str, Any]]) -> dict[str, tuple[Any, ...]]:
    names = (*MONEY, "gross", "credit_equivalent")
    return {code: tuple(row[name] for name in names) for code, row in totals.items() if code is not None}


def _legs(warehouse: Warehouse, at: At, folded: Histories) -> Compared:
    for mine, history in zip(legs_over(warehouse, at, include_ended=True), folded, strict=True):
        theirs = history.states
        left = {row["leg_ref"]: _leg(row.__getitem__) for row in mine.rows}
        right = {f"{state.deal}/{state.leg}": _leg(partial(getattr, state)) for state in theirs.values()}
        yield f"legs at {history.sight.clocks}", left, right


def _leg(read: Callable[[str], Any]) -> dict[str, Any]:
    names = ("type", "status", "conditional", "overdue", "ended", "hypothetical", "currency", "delivered_gw")
    # A warrant has no money of its own.
    money = () if read("type") == "warrant_granted" else (*MONEY, "undisclosed")
    sets = {name: frozenset(read(name)) for name in ("pending", "events")}
    return {name: read(name) for name in (*names, *money)} | sets


def _commitments(warehouse: Warehouse, at: At, folded: Histories, company: str) -> Compared:
    for basis in (None, "run_rate", "guidance"):
        answers = commitments_over(warehouse, at, company=company, revenue_basis=basis)
        for mine, history in zip(answers, folded, strict=True):
            theirs = fold.commitments_of(history, company, basis)
            name = f"commitments {company} on {basis} at {history.sight.clocks}"
            told = [row | {"status": ", ".join(row["status"])} for row in theirs.rows]
            yield name, _rows(mine.rows, COMMITMENTS), _rows(told, COMMITMENTS)
            single = len(mine.summary["totals"]) == 1
            yield (
                f"summary of {name}",
                _burden(mine.summary, "totals", single),
                _burden(theirs.summary, "by_currency", single),
            )


def _burden(summary: Mapping[str, Any], totals: str, single: bool) -> dict[str, Any]:  # noqa: FBT001 - two callers
    revenue, stated = summary["revenue"], summary["stated"]
    figures = {name: summary[name] for name in ("capacity_gw_min", "capacity_gw_max", "undisclosed")}
    figures["revenue"] = revenue and tuple(revenue[n] for n in ("value", "basis", "period_from", "period_to", "event"))
    figures["stated"] = stated and (stated["value"], stated["event"])
    figures["totals"] = {
        code: tuple(row[name] for name in ("headline", "binding", "remaining"))
        for code, row in summary[totals].items()
        if code is not None
    }
    if single:
        figures |= {n: _near(summary[n]) for n in ("multiple_headline", "multiple_binding", "multiple_stated")}
    return figures


def _dilution(warehouse: Warehouse, at: At, folded: Histories, company: str) -> Compared:
    for mine, history in zip(dilution_over(warehouse, at, issuer=company), folded, strict=True):
        theirs = fold.dilution_of(history, company)
        name = f"dilution {company} at {history.sight.clocks}"
        yield name, _rows(mine.rows, DILUTION), _rows(theirs.rows, DILUTION)
        yield f"ownership of {name}", _owned(mine.rows, mine.summary), _owned(theirs.rows, theirs.summary)


def _owned(rows: Iterable[Mapping[str, Any]], summary: Mapping[str, Any]) -> dict[str, Any]:
    shares = {f"{row['deal']}/{row['leg']}": (_near(row["pre_issue"]), _near(row["post_issue"])) for row in rows}
    figures = {name: summary[name] for name in ("shares_outstanding", "outstanding_on", "warrants_max")}
    return shares | figures | {name: _near(summary[name]) for name in ("pre_issue", "post_issue")}
