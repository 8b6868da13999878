"""Why a number is what it is: the legs behind a row, the rule that gave each amount, and the arithmetic."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

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
    divided = _divided(warehouse, clocks, refs)
    lines = []
    for row, ref in zip(rows, refs, strict=True):
        lines.append(f"{ref} ({row['kind']})")
        lines += [f"  {line}" for line in (*_state_lines(states[ref]), *_parts_lines(divided.get(ref)))]
        lines.append(f"  {_gross_line(row, states[ref])}")
        lines.append(f"  credit-equivalent {_money(row['credit_equivalent'], row['currency'])}")
    lines.append(_sum_line("gross", [(ref, row["gross"]) for ref, row in zip(refs, rows, strict=True)]))
    title = f"exposure of {exposed or '(lenders not named)'} to {to}"
    return Explanation(title, tuple(lines), _events(warehouse, clocks, _with_parts(refs, divided)))


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
    divided, lines = _divided(warehouse, clocks, refs), []
    for state in _states(warehouse, clocks, refs):
        lines.append(f"{state['leg_ref']} (from {state['second_party']})")
        lines += [f"  {line}" for line in (*_state_lines(state), *_parts_lines(divided.get(state["leg_ref"])))]
    for name in ("headline", "binding", "remaining"):
        lines.append(_sum_line(name, [(ref, row[name]) for ref, row in zip(refs, rows, strict=True)]))
    title = f"commitments of {buyer}" + (f" to {supplier}" if supplier else "")
    return Explanation(title, tuple(lines), _events(warehouse, clocks, _with_parts(refs, divided)))


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


class _Divided(NamedTuple):
    """What is left of a whole as it was added up, and the states of the parts that were taken out of it."""

    rest: dict[str, Any]
    parts: Rows


def _divided(warehouse: Warehouse, clocks: Clocks, refs: Iterable[str]) -> dict[str, _Divided]:
    """Return the legs that were added up without their parts, by reference."""
    wholes = warehouse.query(
        "SELECT leg_ref, currency, headline, binding, performed, parts FROM legs_counted "
        "WHERE parts IS NOT NULL AND list_contains($1, leg_ref)",
        [list(refs)],
    )
    inside = {part for row in wholes for part in row["parts"]}
    states = {row["leg_ref"]: row for row in (_states(warehouse, clocks, inside) if inside else ())}
    return {row["leg_ref"]: _Divided(row, [states[part] for part in row["parts"]]) for row in wholes}


def _with_parts(refs: Iterable[str], divided: dict[str, _Divided]) -> list[str]:
    return [*refs, *(part["leg_ref"] for whole in divided.values() for part in whole.parts)]


def _parts_lines(whole: _Divided | None) -> Iterator[str]:
    """Say which parts stand apart from a whole, so that no sum counts them beside it."""
    if whole is None:
        return
    for name in ("headline", "binding", "performed"):
        told = ", ".join(f"{part['leg_ref']} {_money(part[name], part['currency'])}" for part in whole.parts)
        yield f"{name} less its parts ({told}) leaves {_money(whole.rest[name], whole.rest['currency'])}"


def _state_lines(row: dict[str, Any]) -> Iterator[str]:
    """Say what a leg's amounts are and which rule gave the binding one (docs/measures.md, The state of a leg)."""
    overdue = ", overdue" if row["overdue"] else ""
    yield f"status {row['status']}{' (conditional)' if row['conditional'] else ''} since {row['status_since']}{overdue}"
    if row["part_of"]:
        yield f"a part of {row['part_of']}"
    if row["type"] == "warrant_granted":
        yield f"shares {_count(row['shares'])}"
        if row["lapsed_shares"] != 0:
            yield f"lapsed {_count(row['lapsed_shares'])}"
        return
    currency = row["currency"]
    if row["type"] == "royalty_agreed":
        share = "an undisclosed share" if row["royalty_share"] is None else f"{_number(row['royalty_share'] * 100)} %"
        yield f"{share} of {row['royalty_of'] or 'a revenue'}, which is no amount until it is paid"
        yield f"performed {_money(row['performed'], currency)}"
        return
    qualifier = f" ({row['qualifier'].replace('_', ' ')})" if row["qualifier"] else ""
    yield f"headline {_money(row['headline'], currency)}{qualifier}"
    yield f"binding {_money(row['binding'], currency)}: {_binding_reason(row)}"
    yield f"performed {_money(row['performed'], currency)}"
    lapsed = row["lapsed_amount"]
    if lapsed != 0:
        yield f"lapsed {_money(lapsed, currency)}, which binds no longer and does not remain"
    formula = "max(0, headline − performed)" if lapsed == 0 else "max(0, headline − lapsed − performed)"
    yield f"remaining {_money(row['remaining'], currency)} = {formula}"


def _binding_reason(row: dict[str, Any]) -> str:
    reason = _reason(row)
    if row["status"] not in BINDING:
        return f"a leg that is {row['status'].replace('_', ' ')} binds nothing"
    return reason + ("; completed legs bind at least what was performed" if row["status"] == "completed" else "")


def _reason(row: dict[str, Any]) -> str:
    """Say which rule gave the binding amount of a leg that binds: the first of these that applies."""
    is_open_option = row["type"] == "option_granted" and not row["option_exercised"]
    hanging = [part for part in row["tranches"] or () if part["conditions"] and row["type"] == "purchase_committed"]
    told = ", ".join(f"{part['tranche']} {_money(part['amount'], row['currency'])}" for part in hanging)
    rules = (
        (is_open_option and row["fee"] is None, "no fee is owed if the option is let go"),
        (is_open_option, "the fee for letting the option go"),
        (row["firm"] is not None, "the firm amount"),
        (row["conditional"], "conditional, and no firm amount is disclosed"),
        (
            row["cancellable_days"] is not None,
            f"cancellable at {row['cancellable_days']} days' notice, and no firm amount is disclosed",
        ),
        (
            row["cancellable_from"] is not None,
            f"cancellable from {row['cancellable_from']}, and no firm amount is disclosed",
        ),
        (row["amount"] is None, "no amount is disclosed"),
        (row["qualifier"] == "up_to", "an `up to` amount binds only as far as a firm amount is disclosed"),
        (hanging and row["status"] != "completed", f"the amount less what hangs on conditions ({told})"),
        (row["type"] == "acquisition_agreed", "the whole cash of a definitive agreement"),
    )
    return next((said for applies, said in rules if applies), "the whole amount of a definitive agreement")


def _gross_line(row: dict[str, Any], state: dict[str, Any]) -> str:
    formula = {
        "purchase": "max(0, binding − performed)",
        "prepayment": "the prepaid amount while definitive",
        "investment": "funded + max(0, binding − funded)",
        "loan": "max(0, drawn − repaid) + max(0, binding − drawn)",
        "acquisition": "max(0, binding − performed), owed to the sellers",
        "option": "max(0, binding − performed)",
    }.get(row["kind"])
    if formula is None:  # a guarantee, or a backstop
        formula = f"max(0, binding − collateral {_money(state['collateral'] or Decimal(0), row['currency'])})"
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
