"""Short ways to write the events of a hand-worked case; every one is dated to one day unless it says otherwise."""

from __future__ import annotations

import hashlib
from typing import Any

from tests.oracle.fold import Raw

__all__ = ["DAY", "PLAIN", "UP_TO", "event", "loan", "paid", "purchase", "seen", "usd"]

DAY = "2025-06-01"


def usd(value: str, qualifier: str = "exactly", currency: str = "USD") -> Raw:
    return {"value": value, "currency": currency, "qualifier": qualifier}


def event(kind: str, /, **fields: Any) -> Raw:  # noqa: ANN401 - the fields of any event
    digest = hashlib.sha256(repr(sorted(fields.items())).encode()).hexdigest()
    return {"type": kind, "key": f"{kind}/{digest[:12]}", "announced_on": DAY, **fields}


def purchase(leg: str = "supply", **fields: Any) -> Raw:  # noqa: ANN401 - the fields of any event
    plain = {"buyer": "openai", "supplier": "oracle", "subject": "compute", "deal": "d", "status": "definitive"}
    return event("purchase_committed", **plain | {"leg": leg} | fields)


def loan(**fields: Any) -> Raw:  # noqa: ANN401 - the fields of any event
    return event("loan_arranged", **{"deal": "d", "leg": "loan", "borrower": "crusoe", "status": "definitive"} | fields)


def paid(value: str | None, leg: str = "supply", currency: str = "USD", **fields: Any) -> Raw:  # noqa: ANN401 - as above
    amount = {} if value is None else {"amount": usd(value, currency=currency)}
    plain = {"payer": "openai", "payee": "oracle", "deal": "d", "leg": leg}
    return event("payment_made", **plain | amount | fields)


def seen(*values: object) -> tuple[object, ...]:
    """Put values beside each other, for comparing all of them at once."""
    return values


PLAIN, UP_TO = {"amount": usd("100", "about")}, {"amount": usd("100", "up_to")}
