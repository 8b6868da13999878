"""Why a number is what it is: the legs behind a row, the rule that gave each amount, and the arithmetic."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from events.errors import NotFoundError
from events.statuses import BINDING
from projections.clocks import Clocks
from projections.queries.asked import Rows, known_leg, points, unseen
from projections.queries.counted import keep_claims, keep_counted, share_legs
from projections.result import plain
from projections.warehouse import Warehouse

__all__ = ["Explanation", "explain_commitments", "explain_dilution", "explain_exposure", "explain_leg"]


@dataclass(frozen=True, slots=True)
class Explanation:
    """What was asked, the arithmetic line by line, and the keys of the events in the order of the log."""

    title: str
    lines: tuple[str, ...]
    events: tuple[str, ...]


def explain_leg(warehouse: Warehouse, clocks: Clocks, leg_ref: str) -> Explanation:
    """Explain the state of one leg (`deal/leg`), or say that it is not visible at the clocks.

    Raises NotFoundError for a leg that never had terms.
    """
    deal, _, leg = known_leg(warehouse, leg_ref).partition("/")
    rows = _states(warehouse, clocks, [leg_ref])
    if not rows:
        return Explanation(leg_ref, unseen(warehouse, [clocks], deal, leg), ())
    return Explanation(leg_ref, tuple(_state_lines(rows[0])), _events(warehouse, clocks, [leg_ref]))


def explain_exposure(
    warehouse: Warehouse, clocks: Clocks, *, exposed: str | None, to: str, kind: str | None = None
) -> Explanation:
    """Explain what one party (None: lenders not named) would lose if another failed. Raises NotFoundError."""
    keep_claims(warehouse, points([clocks]))
    rows = warehouse.query(
        'SELECT * FROM claims_at WHERE exposed IS NOT DISTINCT FROM $1 AND "to" = $2 '
        "AND ($3 IS NULL OR kind = $3) AND NOT ended ORDER BY kind, deal, leg",
        [exposed, to, kind],
    )
    if not rows:
        raise NotFoundError(
            f"no exposure of {exposed or 'unnamed lenders'} to {to} at these clocks",
            advice=f"see what there is: deals exposure --company {to}",
        )
    refs = [f"{row['deal']}/{row['leg']}" for row in rows]
    states = {row["leg_ref"]: row for row in _states(warehouse, clocks, refs)}
    lines = []
    for row, ref in zip(rows, refs, strict=True):
        lines.append(f"{ref} ({row['kind']})")
        lines += [f"  {line}" for line in _state_lines(states[ref])]
        lines.append(f"  {_gross_line(row, states[ref])}")
        lines.append(f"  credit-equivalent {_money(row['credit_equivalent'], row['currency'])}")
    lines.append(_sum_line("gross", [(ref, row["gross"]) for ref, row in zip(refs, rows, strict=True)]))
    title = f"exposure of {exposed or '(lenders not named)'} to {to}"
    return Explanation(title, tuple(lines), _events(warehouse, clocks, refs))


def explain_commitments(
    warehouse: Warehouse, clocks: Clocks, *, buyer: str, supplier: str | None = None
) -> Explanation:
    """Explain what a buyer has committed to buy, from one supplier or all. Raises NotFoundError."""
    at = points([clocks])
    keep_counted(warehouse, at, about=buyer)
    rows = warehouse.query(
        "SELECT * FROM commitments_shown($1, 'legs_counted', $2, false) WHERE $3 IS NULL OR supplier = $3 ORDER BY supplier, deal, leg",
        [at, buyer, supplier],
    )
    if not rows:
        raise NotFoundError(
            f"no purchase of {buyer}" + (f" from {supplier}" if supplier else "") + " at these clocks",
            advice=f"see what there is: deals legs --company {buyer}",
        )
    refs = [f"{row['deal']}/{row['leg']}" for row in rows]
    lines = []
    for state in _states(warehouse, clocks, refs):
        lines.append(f"{state['leg_ref']} (from {state['second_party']})")
        lines += [f"  {line}" for line in _state_lines(state)]
    for name in ("headline", "binding", "remaining"):
        lines.append(_sum_line(name, [(ref, row[name]) for ref, row in zip(refs, rows, strict=True)]))
    title = f"commitments of {buyer}" + (f" to {supplier}" if supplier else "")
    return Explanation(title, tuple(lines), _events(warehouse, clocks, refs))


def explain_dilution(warehouse: Warehouse, clocks: Clocks, *, issuer: str, holder: str | None = None) -> Explanation:
    """Explain an issuer's warrants, those of one holder if asked for. Raises NotFoundError."""
    from projections.queries.dilution.dilution import dilution

    result = dilution(warehouse, clocks, issuer=issuer)
    rows = [row for row in result.rows if holder in {None, row["holder"]}]
    if not rows:
        raise NotFoundError(f"no warrants of {issuer} at these clocks", advice="list deals with: deals legs")
    outstanding = result.summary["shares_outstanding"]
    shares = f"{outstanding:,}" if outstanding is not None else "undisclosed"
    lines = [f"shares outstanding {shares} on {result.summary['outstanding_on']}"]
    for row in rows:
        lines.append(
            f"{row['deal']}/{row['leg']}: {_count(row['shares_max'])} shares to {row['holder']} at "
            f"{plain(row['exercise_price']) or 'an undisclosed price'}; vested {_count(row['shares_vested'])}, "
            f"exercised {_count(row['shares_exercised'])}"
        )
        lines.append(f"  pre-issue  W/O        = {_count(row['shares_max'])} / {shares} = {plain(row['pre_issue'])}")
        lines.append(
            f"  post-issue W/(O + ΣW) = {plain(row['post_issue'])}, ΣW = {_count(result.summary['warrants_max'])}"
        )
    refs = [f"{row['deal']}/{row['leg']}" for row in rows]
    events = (*result.summary["events"], *_events(warehouse, clocks, refs))
    return Explanation(f"dilution of {issuer}", tuple(lines), tuple(dict.fromkeys(events)))


def _states(warehouse: Warehouse, clocks: Clocks, refs: Iterable[str]) -> Rows:
    share_legs(warehouse, points([clocks]))
    return warehouse.query(
        "SELECT *, deal || '/' || leg AS leg_ref FROM legs_at WHERE list_contains($1, deal || '/' || leg) "
        "ORDER BY deal, leg",
        [list(refs)],
    )


def _events(warehouse: Warehouse, clocks: Clocks, refs: Iterable[str]) -> tuple[str, ...]:
    rows = warehouse.query(
        "SELECT DISTINCT l.position, l.key FROM evidence($1) AS e INNER JOIN log AS l ON e.position = l.position "
        "WHERE list_contains($2, e.deal || '/' || e.leg) ORDER BY l.position",
        [points([clocks]), list(refs)],
    )
    return tuple(row["key"] for row in rows)


def _state_lines(row: dict[str, Any]) -> Iterable[str]:
    """Say what a leg's amounts are and which rule gave the binding one (docs/measures.md, The state of a leg)."""
    overdue = ", overdue" if row["overdue"] else ""
    yield f"status {row['status']}{' (conditional)' if row['conditional'] else ''} since {row['status_since']}{overdue}"
    if row["type"] == "warrant_granted":
        yield f"shares {_count(row['shares'])}"
        return
    currency = row["currency"]
    qualifier = f" ({row['qualifier'].replace('_', ' ')})" if row["qualifier"] else ""
    yield f"headline {_money(row['headline'], currency)}{qualifier}"
    yield f"binding {_money(row['binding'], currency)}: {_binding_reason(row)}"
    yield f"performed {_money(row['performed'], currency)}"
    yield f"remaining {_money(row['remaining'], currency)} = max(0, headline − performed)"


def _binding_reason(row: dict[str, Any]) -> str:
    if row["status"] not in BINDING:
        return f"a leg that is {row['status'].replace('_', ' ')} binds nothing"
    if row["firm"] is not None:
        reason = "the firm amount"
    elif row["conditional"]:
        reason = "conditional, and no firm amount is disclosed"
    elif row["cancellable_days"] is not None:
        reason = f"cancellable at {row['cancellable_days']} days' notice, and no firm amount is disclosed"
    elif row["amount"] is None:
        reason = "no amount is disclosed"
    elif row["qualifier"] == "up_to":
        reason = "an `up to` amount binds only as far as a firm amount is disclosed"
    else:
        reason = "the whole amount of a definitive agreement"
    return reason + ("; completed legs bind at least what was performed" if row["status"] == "completed" else "")


def _gross_line(row: dict[str, Any], state: dict[str, Any]) -> str:
    formula = {
        "purchase": "max(0, binding − performed)",
        "prepayment": "the prepaid amount while definitive",
        "investment": "funded + max(0, binding − funded)",
        "loan": "max(0, drawn − repaid) + max(0, binding − drawn)",
        "guarantee": f"max(0, binding − collateral {_money(state['collateral'] or Decimal(0), row['currency'])})",
    }[row["kind"]]
    return f"gross {_money(row['gross'], row['currency'])} = {formula}"


def _sum_line(name: str, parts: list[tuple[str, Decimal | None]]) -> str:
    known = [value for _, value in parts if value is not None]
    hidden = len(parts) - len(known)
    if not known:
        return f"{name}: undisclosed on every leg"
    more = f" (+ {hidden} undisclosed)" if hidden else ""
    return f"{name} = {' + '.join(_number(value) for value in known)} = {_number(sum(known, Decimal(0)))}{more}"


def _number(value: Decimal) -> str:
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _money(value: Decimal | None, currency: str | None) -> str:
    return "undisclosed" if value is None else f"{_number(value)} {currency or ''}".rstrip()


def _count(value: int | None) -> str:
    return "undisclosed" if value is None else f"{value:,}"
