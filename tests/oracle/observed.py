"""The value of a metric, and the revenue that commitments are held against.

Part of the naive oracle: plain lists and comparisons, written from `docs/measures.md` alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from tests.oracle.visible import Clocks, Entry, Fact, Raw, Sight, look

__all__ = ["Observation", "latest_reports", "metric", "pick", "revenue"]

BASES = ("gaap", "statement", "estimate", "run_rate", "guidance")
ACTUAL = BASES[:3]
YEAR_DAYS = range(350, 381)
QUARTER_DAYS = range(80, 101)
GAP_DAYS_MAX = 10
QUARTERS = 4


@dataclass(frozen=True, slots=True)
class Observation:
    """A value with where it comes from; `method` says how a revenue was chosen."""

    value: Decimal
    unit: str
    basis: str
    period_from: dt.date | None
    period_to: dt.date | None
    on: dt.date | None
    method: str
    event: str
    events: frozenset[str]


def metric(
    entries: Iterable[Entry],
    clocks: Clocks,
    name: str,
    *,
    subject: str,
    metric_name: str | None = None,
    counterparty: str | None = None,
    hypothetical: Sequence[Raw] = (),
) -> Observation | None:
    """Return a company's or market's metric of the latest period that is over by the as-of date."""
    sight = look(entries, clocks, hypothetical)
    return pick(sight, latest_reports(sight, name, subject, metric_name, counterparty))


def latest_reports(
    sight: Sight, name: str, subject: str, metric_name: str | None = None, counterparty: str | None = None
) -> list[Fact]:
    """Return, of each identity of the metric, the latest report in effect."""
    latest: dict[tuple[str | None, ...], Fact] = {}
    for fact in sight.in_effect:
        raw = fact.raw
        if raw["type"] != "metric_reported" or raw["metric"] != name or raw.get("metric_name") != metric_name:
            continue
        other = None if raw.get("counterparty") is None else sight.who(raw["counterparty"])
        company = None if raw.get("company") is None else sight.who(raw["company"])
        if subject not in (company, raw.get("market")) or other != counterparty:
            continue
        identity = (
            company,
            *(
                raw.get(n)
                for n in ("market", "average", "share_class", "unit", "basis", "period_from", "period_to", "on")
            ),
        )
        if identity not in latest or fact.rank > latest[identity].rank:
            latest[identity] = fact
    return list(latest.values())


def pick(sight: Sight, reports: list[Fact]) -> Observation | None:
    """Choose the period first (the latest that ends by the as-of date), then the basis, then the report."""
    over = [fact for fact in reports if _last_day(fact) <= sight.clocks.as_of]
    return _observation([max(over, key=_preference)], "reported") if over else None


def revenue(sight: Sight, company: str, basis: str | None = None) -> Observation | None:
    """Choose the revenue of a year: twelve months, four quarters, one quarter times four, a run rate; or guidance."""
    reports = latest_reports(sight, "revenue", company)
    if basis == "guidance":
        guided = [fact for fact in reports if fact.raw["basis"] == "guidance"]
        return _observation([max(guided, key=_preference)], "guidance") if guided else None
    begun = [fact for fact in reports if _first_day(fact) <= sight.clocks.as_of]
    rates = [fact for fact in begun if fact.raw["basis"] == "run_rate"]
    if basis == "run_rate":
        return _observation([max(rates, key=_preference)], "run_rate") if rates else None
    actual = [fact for fact in begun if fact.raw["basis"] in ACTUAL and fact.raw.get("on") is None]
    years = [fact for fact in actual if _days(fact) in YEAR_DAYS]
    if years:
        return _observation([max(years, key=_preference)], "twelve_months")
    quarters = _one_for_each_period([fact for fact in actual if _days(fact) in QUARTER_DAYS])
    for last in quarters:
        chain = _adjoining(last, quarters)
        if len(chain) == QUARTERS:
            return _observation(chain, "four_quarters")
    if quarters:
        return _observation([quarters[0]], "annualised_quarter", times=QUARTERS)
    return _observation([max(rates, key=_preference)], "run_rate") if rates else None


def _one_for_each_period(quarters: list[Fact]) -> list[Fact]:
    best: dict[tuple[str, str, str], Fact] = {}
    for fact in quarters:
        period = (fact.raw["period_to"], fact.raw["period_from"], fact.raw["unit"])
        if period not in best or _preference(fact) > _preference(best[period]):
            best[period] = fact
    return sorted(best.values(), key=_preference, reverse=True)


def _adjoining(last: Fact, quarters: list[Fact]) -> list[Fact]:
    """Go back from a quarter as long as one adjoins, up to four; the last quarter comes first."""
    chain = [last]
    while len(chain) < QUARTERS:
        begins = _date(chain[-1].raw["period_from"])
        before = [
            fact
            for fact in quarters
            if fact.raw["unit"] == last.raw["unit"]
            and abs((_date(fact.raw["period_to"]) - begins).days) <= GAP_DAYS_MAX
        ]
        if not before:
            break
        chain.append(max(before, key=_preference))
    return chain


def _observation(facts: list[Fact], method: str, times: int = 1) -> Observation:
    """Add the facts up, the latest first."""
    raw, earliest = facts[0].raw, facts[-1].raw
    return Observation(
        value=sum((Decimal(fact.raw["value"]) for fact in facts), Decimal(0)) * times,
        unit=raw["unit"],
        basis=raw["basis"],
        period_from=_optional(earliest.get("period_from")),
        period_to=_optional(raw.get("period_to")),
        on=_optional(raw.get("on")),
        method=method,
        event=facts[0].key,
        events=frozenset(key for fact in facts for key in fact.keys),
    )


def _preference(fact: Fact) -> tuple[dt.date, dt.date, int, tuple[str, str, int]]:
    """Order reports by period, then by basis, then by the rank of the report."""
    return _last_day(fact), _first_day(fact), -BASES.index(fact.raw["basis"]), fact.rank


def _days(fact: Fact) -> int:
    return (_date(fact.raw["period_to"]) - _date(fact.raw["period_from"])).days


def _first_day(fact: Fact) -> dt.date:
    return _date(fact.raw.get("on") or fact.raw["period_from"])


def _last_day(fact: Fact) -> dt.date:
    on = fact.raw.get("on")
    return _date(on) if on else _date(fact.raw["period_to"]) - dt.timedelta(days=1)


def _date(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def _optional(text: str | None) -> dt.date | None:
    return None if text is None else _date(text)
