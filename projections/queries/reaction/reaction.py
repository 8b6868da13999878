"""What the market made of a deal: the move beyond the market's own, in money, over the deal, and what else was told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from projections.clocks import Clocks
from projections.kinds import Form
from projections.queries.asked import Citation, Rows, by_point, cite, known_deal, points, ratio, rests_on, rounded
from projections.queries.counted import keep_rest, share_legs
from projections.queries.reaction.value import News, prices_around, prior_market_cap, weekdays_between
from projections.result import Column, Result
from projections.warehouse import Warehouse

__all__ = ["COLUMNS", "SUMMARY", "reaction", "reaction_over"]

COLUMNS = (
    Column("company", "text"),
    Column("deal", "text"),
    Column("session", "date"),
    Column("basis", "text", optional=True),
    Column("return", "share"),
    Column("benchmark_return", "share", optional=True),
    Column("abnormal_return", "share"),
    Column("method", "text"),
    Column("prior_market_cap", "money"),
    Column("prior_market_cap_from", "text", optional=True),
    Column("value", "money"),
    Column("currency", "text", optional=True),
    Column("headline", "money"),
    Column("capture", "share"),
    Column("warrant_shares", "shares", optional=True),
    Column("holders_gain", "money", optional=True),
    Column("announced_on", "date", optional=True),
    Column("weekdays_after", "days", optional=True),
    Column("confounded", "flag"),
    Column("confounded_by", "list", optional=True),
    Column("events", "list", optional=True),
)
SUMMARY: Form = {
    **dict.fromkeys(("sessions", "closing_moves", "confounded"), "count"),
    "latest_announced_on": "date",
}
# How many sessions before the event a market model is fitted to (MacKinlay 1997).
SESSIONS = 120
_CLOSING = "close"

_METRICS = """
SELECT * FROM metrics_in_effect($1)
WHERE list_contains(['market_cap', 'shares_outstanding', 'share_price'], metric) AND company IS NOT NULL
"""
_STATES = """
SELECT pt, deal, type, first_party, currency, headline, shares, undisclosed FROM legs_moved_rest ORDER BY pt, deal, leg
"""


@dataclass(frozen=True, slots=True)
class _Seen:
    """All that is visible at one clock triple: moves, metrics, news, and the deals as they stood on each session."""

    moves: Rows
    metrics: Rows
    news: News
    deals: dict[tuple[str, dt.date], Rows]


def reaction(warehouse: Warehouse, clocks: Clocks, *, company: str | None = None, deal: str | None = None) -> Result:
    """Say how shares moved on deals, beyond the market, in money and over the deal; see `reaction_over`."""
    return reaction_over(warehouse, [clocks], company=company, deal=deal)[0]


def reaction_over(
    warehouse: Warehouse, clocks: Sequence[Clocks], *, company: str | None = None, deal: str | None = None
) -> list[Result]:
    """Answer `reaction` at many clock triples in one pass.

    A row for each company (a slug), session and deal. Returns are fractions, close to close; only where no closing move
    was told is another one shown, and nothing is computed from it. Money in the currency of the market capitalisation.
    Raises NotFoundError for a deal that no event is about.
    Sources of the method: MacKinlay (1997), Journal of Economic Literature 35; docs/measures.md, Market reaction.
    """
    known_deal(warehouse, deal)
    at, count = points(clocks), len(clocks)
    moves = by_point(warehouse.query("SELECT * FROM price_moves($1) ORDER BY pt, session, company, slot", [at]), count)
    metrics = by_point(warehouse.query(_METRICS, [at]), count)
    news = by_point(warehouse.query("SELECT * FROM company_news($1) ORDER BY pt, announced_on, slot", [at]), count)
    deals = _deals_at_sessions(warehouse, clocks, moves)
    asked: list[Rows] = []
    for i in range(count):
        seen = _Seen(moves[i], metrics[i], News(news[i]), deals[i])
        asked.append([
            _row(row, seen) for row in _told(moves[i])
            if company in {None, row["company"]} and deal in {None, row["about"]}
        ])  # fmt: skip
    others = sorted({position for rows in asked for row in rows for position in row["confounded_by"]})
    named = warehouse.query("SELECT position, key FROM log WHERE list_contains($1::INTEGER[], position)", [others])
    keys = {row["position"]: row["key"] for row in named}
    for rows in asked:
        for row in rows:
            row["confounded_by"] = [keys[position] for position in row["confounded_by"]]
    cited = cite(warehouse, clocks, asked)
    return [_result(clocks[i], asked[i], cited[i], deal) for i in range(count)]


def _told(moves: Rows) -> Rows:
    """Keep the closing move of a session where there is one, else whatever was told of it."""
    closing = {(row["company"], row["session"], row["about"]) for row in moves if row["basis"] == _CLOSING}
    return [
        row for row in moves
        if row["basis"] == _CLOSING or (row["company"], row["session"], row["about"]) not in closing
    ]  # fmt: skip


def _deals_at_sessions(
    warehouse: Warehouse, clocks: Sequence[Clocks], moves: Sequence[Rows]
) -> list[dict[tuple[str, dt.date], Rows]]:
    """Return the legs of each deal as they stood, and were known, on the sessions that it moved shares in."""
    wanted = [
        Clocks(as_of=session, known_by=min(session, triple.known_by), recorded_by=triple.recorded_by)
        for triple, rows in zip(clocks, moves, strict=True)
        for session in sorted({row["session"] for row in rows if row["about"]})
    ]
    distinct = list(dict.fromkeys(wanted))
    if not distinct:
        return [{} for _ in clocks]
    names = sorted({row["about"] for rows in moves for row in rows if row["about"]})
    share_legs(warehouse, points(distinct))
    keep_rest(warehouse, "legs_moved", "NOT ended AND list_contains($1::VARCHAR[], deal)", [names], by_deal=True)
    states = by_point(warehouse.query(_STATES), len(distinct))
    at_session = dict(zip(distinct, states, strict=True))
    found = []
    for triple, rows in zip(clocks, moves, strict=True):
        here: dict[tuple[str, dt.date], Rows] = {}
        for row in rows:
            if row["about"]:
                then = Clocks(row["session"], min(row["session"], triple.known_by), triple.recorded_by)
                here[row["about"], row["session"]] = [leg for leg in at_session[then] if leg["deal"] == row["about"]]
        found.append(here)
    return found


def _row(move: dict[str, Any], seen: _Seen) -> dict[str, Any]:
    from projections.measures import abnormal_value

    is_closing = move["basis"] == _CLOSING
    metrics = [row for row in seen.metrics if row["company"] == move["company"]]
    before = prior_market_cap(move, metrics) if is_closing else None
    model = _model(move, seen.moves) if is_closing else None
    abnormal = rounded(model.ar) if model else None
    value = rounded(abnormal_value(abnormal, before.value)) if before else None
    currency = before.currency if before else move["currency"]
    legs = seen.deals.get((move["about"], move["session"]), [])
    headline = _headline(legs, currency)
    warrants = [
        leg["shares"] for leg in legs if leg["type"] == "warrant_granted" and leg["first_party"] == move["company"]
    ]
    shares = sum(warrants) if warrants and None not in warrants else None
    prior, close = prices_around(move, metrics) if is_closing else (None, None)
    announced = seen.news.latest_of_deal(move["about"], move["session"])
    others = seen.news.around(move["company"], move["session"], besides=move["about"])
    return {
        "company": move["company"],
        "deal": move["about"],
        "session": move["session"],
        "basis": move["basis"],
        "return": move["return"],
        "benchmark_return": move["benchmark_return"],
        "abnormal_return": abnormal,
        "method": model.method if model else None,
        "sessions": model.sessions if model else 0,
        "prior_market_cap": before.value if before else None,
        "prior_market_cap_from": before.source if before else None,
        "value": value,
        "currency": currency,
        "headline": headline,
        "capture": ratio(value, headline),
        "warrant_shares": shares,
        "holders_gain": None if shares is None or prior is None or close is None else rounded((close - prior) * shares),
        "announced_on": announced,
        "weekdays_after": None if announced is None else weekdays_between(announced, move["session"]),
        "confounded": bool(others),
        "confounded_by": sorted({row["slot"] for row in others}),
        "positions": sorted({
            *rests_on([move, *others]), *(before.positions if before else ()),
        }),
    }  # fmt: skip


def _model(move: dict[str, Any], moves: Rows) -> Any:  # noqa: ANN401 - a MarketModel of Decimal
    """Fit the market model to the sessions before, as far as they are in the ledger."""
    from projections.measures import market_model

    before = {
        row["session"]: row for row in moves
        if row["company"] == move["company"] and row["basis"] == _CLOSING and row["session"] < move["session"]
        and row["benchmark_return"] is not None
    }  # fmt: skip
    window = [before[day] for day in sorted(before)][-SESSIONS:]
    return market_model(
        [row["return"] for row in window],
        [row["benchmark_return"] for row in window],
        move["return"],
        move["benchmark_return"],
    )


def _headline(legs: Rows, currency: str | None) -> Decimal | None:
    """Add up a deal's stated amounts in a currency; warrants have none."""
    amounts = [leg["headline"] for leg in legs if leg["headline"] is not None and leg["currency"] == currency]
    return sum(amounts, Decimal(0)) if amounts else None


def _result(clocks: Clocks, rows: Rows, cited: Citation, deal: str | None) -> Result:
    confounded = sum(row["confounded"] for row in rows)
    closing = [row for row in rows if row["basis"] == _CLOSING]
    notes = [
        "Closing moves only are valued; an intraday, pre-market or after-hours move is shown where no close was told."
    ]
    if deal is not None and not rows:
        notes.insert(0, f"No move on {deal} is to be seen at these clocks.")
    by_method = {
        "raw": "no benchmark return is recorded for the session, so the raw move stands for the abnormal one",
        "market-adjusted": f"fewer than {SESSIONS} earlier sessions are in the ledger, so the market's move is taken off",
    }
    for method, why in by_method.items():
        count = sum(row["method"] == method for row in rows)
        if count:
            notes.append(f"{count} row(s) {method}: {why}.")
    gaps = sorted({f"{row['company']} {row['session']}" for row in closing if row["value"] is None})
    if gaps:
        notes.append(
            f"Not computable: value moved of {', '.join(gaps)}: needs a market capitalisation, or a prior close and the "
            "shares outstanding."
        )
    late = sum((row["weekdays_after"] or 0) > 1 for row in rows)
    if late:
        notes.append(
            f"{late} row(s) moved more than one weekday after the deal's last announcement: hardly an answer to it."
        )
    if confounded:
        notes.append(
            f"{confounded} row(s) confounded: results, or another deal of the company, were told within a day."
        )
    summary = {
        "sessions": len({(row["company"], row["session"]) for row in rows}),
        "closing_moves": len(closing),
        "confounded": confounded,
        "latest_announced_on": cited.latest_announced_on,
    }
    return Result("reaction", clocks, COLUMNS, rows, summary, (*notes, *cited.notes), SUMMARY)
