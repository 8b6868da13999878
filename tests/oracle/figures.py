"""Random figures and prices: revenues of every shape, share counts, totals that a company states."""

from __future__ import annotations

import datetime as dt
import random

from tests.oracle.drafts import Cast, Raw, day, often, present

__all__ = ["QUARTERS", "metric_body", "price_body", "quarter"]

QUARTERS = 8
OTHER_METRICS = ("stated_commitments", "share_price", "customer_share", "rpo")


def metric_body(rng: random.Random, cast: Cast) -> Raw:
    """Return a report of a company's figure without key and announced day."""
    company = rng.choice(cast.measured)
    unit = cast.unit(company)
    name = rng.choice(("revenue", "revenue", "revenue", "shares_outstanding", "shares_outstanding", *OTHER_METRICS))
    body: Raw = {"type": "metric_reported", "company": company, "metric": name, "basis": "gaap"}
    if name == "revenue":
        return body | _revenue(rng) | {"unit": unit, "value": rng.choice(("12", "13.1", "0", "4000000000"))}
    body["on"] = day(rng).isoformat()
    if name == "shares_outstanding":
        more: Raw = {"average": True} if often(rng, 6) else {"share_class": "class-a"} if often(rng, 8) else {}
        return body | more | {"unit": "shares", "value": rng.choice(("1630000000", "100000", "8192", "0"))}
    if name == "customer_share":
        return body | {"unit": "fraction", "value": "0.45", "counterparty": rng.choice(cast.everyone)}
    values = ("100", "250.5", "600") if name == "share_price" else ("1400000000000", "250.5", "100")
    return body | {"unit": unit, "value": rng.choice(values), "basis": rng.choice(("statement", "estimate"))}


def _revenue(rng: random.Random) -> Raw:
    shape = rng.choice(("year", "quarter", "quarter", "run_rate", "guidance", "odd"))
    actual = rng.choice(("gaap", "statement", "estimate"))
    year = rng.choice((2025, 2024, 2026))
    if shape == "run_rate":
        return {"basis": "run_rate", "on": day(rng).isoformat()}
    if shape == "quarter":
        return {"basis": actual, **quarter(rng.randrange(QUARTERS))}
    begins = dt.date(year, 1, 1)
    if shape == "odd":  # at and beyond what still is a year, and a half-year, which never counts
        return {"basis": actual, **_period(begins, rng.choice((350, 349, 380, 381, 181)))}
    whole = {"period_from": begins.isoformat(), "period_to": dt.date(year + 1, 1, 1).isoformat()}
    return {"basis": "guidance" if shape == "guidance" else actual, **whole}


def quarter(number: int) -> Raw:
    """Return a quarter of a calendar with gaps at and beyond what still adjoins (10 days)."""
    return _period(dt.date(2024, 3, 1) + dt.timedelta(days=94 * number + number // 5), 84)


def _period(begins: dt.date, days: int) -> Raw:
    return {"period_from": begins.isoformat(), "period_to": (begins + dt.timedelta(days=days)).isoformat()}


def price_body(rng: random.Random, cast: Cast) -> Raw:
    """Return a session's move of a share without key and announced day."""
    company = rng.choice(cast.measured)
    close = {"value": rng.choice(("250.5", "600", "99.99")), "currency": cast.unit(company)}
    return present(
        {
            "type": "price_moved",
            "company": company,
            "session": day(rng).isoformat(),
            "return": rng.choice(("0.2371", "-0.05")),
            "basis": "close",
            "close": close if not often(rng, 4) else None,
        }
    )
