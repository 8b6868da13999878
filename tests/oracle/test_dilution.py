"""The naive fold of warrants against small cases worked out by hand."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from tests.oracle.fold import Raw, dilution
from tests.oracle.pieces import DAY, event, paid, purchase, usd
from tests.oracle.recording import at, recorded


def warrant(leg: str = "warrant", **fields: Any) -> Raw:  # noqa: ANN401 - the fields of any event
    parties = {"deal": "amd-deal", "leg": leg, "issuer": "amd", "holder": "openai", "status": "definitive"}
    return event("warrant_granted", **parties | {"shares_max": 160_000_000} | fields)


def shares(count: str, on: str = "2025-05-01") -> Raw:
    fields = {"company": "amd", "metric": "shares_outstanding", "basis": "gaap", "unit": "shares", "on": on}
    return event("metric_reported", **fields, value=count)


def test_ownership_before_and_after_issue() -> None:
    one = dilution(recorded([shares("1630000000"), warrant()]), at(DAY), "amd")
    assert [(r["pre_issue"], r["post_issue"]) for r in one.rows] == [
        (Decimal("0.0981595092025"), Decimal("0.0893854748603"))
    ]
    both = dilution(recorded([shares("1630000000"), warrant(), warrant("meta", holder="meta")]), at(DAY), "amd")
    assert {(r["pre_issue"], r["post_issue"]) for r in both.rows} == {
        (Decimal("0.0981595092025"), Decimal("0.0820512820513"))
    }
    assert both.summary["warrants_max"] == 320_000_000
    assert (both.summary["shares_outstanding"], both.summary["outstanding_on"]) == (1_630_000_000, dt.date(2025, 5, 1))
    assert (both.summary["pre_issue"], both.summary["post_issue"]) == (
        Decimal("0.196319018405"),
        Decimal("0.164102564103"),
    )


def test_exercised_shares_move_from_the_warrant_to_the_count() -> None:
    bought = {"deal": "amd-deal", "leg": "warrant"}
    entries = recorded(
        [
            shares("1000"),
            warrant(shares_max=300),
            event("warrant_exercised", **bought, shares=100, effective_on="2025-05-02"),
            event("warrant_exercised", **bought, shares=50, effective_on="2025-05-01"),  # in the count already
            event("status_changed", deal="amd-deal", leg="warrant", status="terminated", announced_on="2025-07-01"),
        ]
    )
    found = dilution(entries, at(DAY), "amd")
    assert (found.summary["shares_outstanding"], found.rows[0]["shares_exercised"]) == (1100, 150)
    assert (found.rows[0]["pre_issue"], found.rows[0]["post_issue"]) == (Decimal("0.136363636364"), Decimal("0.12"))
    later = dilution(entries, at("2025-07-01"), "amd")
    assert (later.rows, later.summary["shares_outstanding"], later.summary["warrants_max"]) == ([], 1100, 0)


def test_vested_is_told_and_conditions_met_is_derived() -> None:
    gigawatt = {"kind": "capacity", "threshold": "1", "unit": "GW"}
    hurdle = {"kind": "share_price", "threshold": "600", "unit": "USD"}
    bought = {"kind": "purchases", "threshold": "50", "unit": "USD", "leg": "amd-deal/supply"}
    tranches = [
        {"tranche": "plain", "shares": 1},
        {"tranche": "first", "shares": 10, "conditions": [gigawatt, bought]},
        {"tranche": "high", "shares": 100, "conditions": [gigawatt, hurdle]},
        {"tranche": "signed", "shares": 1000, "conditions": [{"kind": "definitive_agreement"}]},
        {"tranche": "dated", "shares": 10_000, "conditions": [{"kind": "date", "threshold": "2025-06-02"}]},
        {"tranche": "never", "shares": 100_000, "conditions": [{"kind": "other"}]},
        {"tranche": "unsaid", "conditions": [{"kind": "share_price", "threshold": "700", "unit": "USD"}]},
    ]
    on_supply = {"deal": "amd-deal", "leg": "supply"}
    on_warrant = {"deal": "amd-deal", "leg": "warrant"}
    price = {"company": "amd", "basis": "close", "return": "0.1", "session": DAY}
    entries = recorded(
        [
            purchase(deal="amd-deal"),
            warrant(tranches=tranches),
            event("capacity_delivered", **on_supply, capacity_gw="0.6"),
            event("capacity_delivered", **on_supply, capacity_gw="0.4", announced_on="2025-06-02"),
            paid("50", deal="amd-deal"),
            event("tranche_vested", **on_warrant, tranche="first"),
            event("tranche_vested", **on_warrant, tranche="high", shares=7, announced_on="2025-06-02"),
            event("price_moved", **price, announced_on="2025-06-03", close=usd("600")),
            event("price_moved", **price, announced_on="2025-06-04", close=usd("700")),
            event("tranche_vested", **on_warrant, tranche="unsaid", announced_on="2025-06-05"),
        ]
    )
    found = {
        day: [(r["shares_vested"], r["shares_conditions_met"]) for r in dilution(entries, at(day), "amd").rows]
        for day in ("2025-06-01", "2025-06-02", "2025-06-03", "2025-06-04", "2025-06-05")
    }
    assert found == {
        "2025-06-01": [(10, 1001)],
        "2025-06-02": [(17, 11011)],
        "2025-06-03": [(17, 11111)],
        "2025-06-04": [(17, None)],
        "2025-06-05": [(None, None)],
    }
