"""Each kind of shock on a hand-built market: what is lost at once, what never comes, and what follows from it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.projections.market_parts import (
    Raw,
    by_company,
    drawn,
    investment,
    loan,
    market,
    metric,
    money,
    purchase,
    run,
)


def year_of_revenue(slug: str, year: int, value: object, **more: object) -> Raw:
    period = {"period_from": f"{year}-01-01", "period_to": f"{year + 1}-01-01", "on": None}
    return metric(slug, "revenue", value, **period) | {"key": f"revenue/{slug}/{year}"} | more


def test_revenue_that_does_not_come_is_missing_from_cash_and_equity() -> None:
    raws = [
        purchase("a", "openai", "oracle", 100, due={"2025": "1"}),
        year_of_revenue("openai", 2024, 80),
        metric("openai", "cash", 40),
        metric("openai", "equity", 20),
        metric("oracle", "equity", 50),
    ]
    document = {
        "shocks": [{"kind": "revenue_scaled", "company": "openai", "factor": "0.5"}],
        "parameters": {"compute_share": {"openai": "1"}, "loss_given_default": "1"},
    }
    warehouse = market(*raws, names=["openai", "oracle"])
    result = run(warehouse, document)
    # 40 in cash and 40 of revenue meet dues of 100.
    assert by_company(result, "eisenberg-noe", "loss", "through")["oracle"] == (20, "openai → oracle")
    # The 40 lost are twice the equity, so OpenAI fails; its contract is worth nothing to anyone else.
    assert by_company(result, "furfine", "loss", "defaulted", "round") == {
        "openai": (40, True, 0),
        "oracle": (100, True, 1),
    }
    assert result.summary["methods"]["furfine"]["new_defaults"] == ["openai", "oracle"]
    assert result.summary["loss_without_shocks"] == 0
    whole = run(warehouse, {**document, "shocks": [{"kind": "revenue_scaled", "company": "openai", "factor": "1"}]})
    assert by_company(whole, "furfine", "loss") == {}


@pytest.mark.parametrize(
    ("reported", "lost", "missing"),
    [
        ([("openai", 2023, 30), ("openai", 2024, 80)], 50, None),
        ([("openai", 2024, 80)], None, "revenue of a period that ended by 2024-01-01"),
        ([], None, "revenue"),
    ],
)
def test_revenue_a_year_late(reported: list[tuple[str, int, int]], lost: int | None, missing: str | None) -> None:
    raws = [*(year_of_revenue(*each) for each in reported), metric("openai", "equity", 100)]
    document = {"methods": ["debtrank-differential"], "shocks": [{"kind": "revenue_delayed", "company": "openai"}]}
    result = run(market(*raws, names=["openai"]), document)
    found = by_company(result, "debtrank-differential", "loss", "missing")["openai"]
    if missing is None:
        assert found == (lost, [])
    else:
        assert missing in found[1]
        assert any(note.startswith(f"Not computable: needs {missing} of openai") for note in result.notes)


def test_letters_that_never_sign() -> None:
    raws = [
        purchase("order", "openai", "oracle", 300, status="letter_of_intent"),
        investment("stake", "nvidia", "openai", 100, status="letter_of_intent"),
        purchase("talk", "openai", "amd", None, status="rumoured"),
        loan("bonds", "builder", "fund", 40, relies_on=["order/leg"]),
        drawn("bonds", 40),
        metric("fund", "equity", 20),
    ]
    warehouse = market(*raws, names=["openai", "oracle", "nvidia", "amd", "builder", "fund"])
    shock: Raw = {"kind": "letters_lapse", "recovery": "0.6"}
    result = run(warehouse, {"shocks": [shock]})
    assert by_company(result, "orders", "loss", "through") == {"oracle": (300, "openai")}
    assert by_company(result, "funding", "loss", "through", "events") == {"openai": (100, "nvidia", ["stake"])}
    assert by_company(result, "furfine", "loss", "loss_over_equity", "events") == {
        "fund": (16, Decimal("0.8"), ["order", "bonds", "bonds/drawn", "metric/fund/equity/2024-12-31"])
    }
    rumours = run(warehouse, {"shocks": [shock | {"statuses": ["rumoured"]}]})
    assert by_company(rumours, "orders", "loss", "undisclosed") == {"amd": (None, 1)}
    assert rumours.summary["orders_lost"] == {"amount": None, "undisclosed": 1}
    about = run(warehouse, {"shocks": [shock | {"company": "nvidia"}]})
    assert by_company(about, "orders", "loss") == {}


def test_suppliers_that_stop_investing_in_their_customers() -> None:
    raws = [
        purchase("order", "openai", "nvidia", 60, due={"2025": "1"}),
        investment("stake", "nvidia", "openai", 30),
        investment("other", "softbank", "openai", 20),
        metric("openai", "cash", 10),
    ]
    warehouse = market(*raws, names=["openai", "nvidia", "softbank"])
    document: Raw = {"methods": ["clearing"], "count_financing": True}
    funded = run(warehouse, document)
    stopped = run(warehouse, document | {"shocks": [{"kind": "vendor_equity_stops"}]})
    assert by_company(funded, "eisenberg-noe", "loss") == {}
    assert by_company(stopped, "funding", "loss", "through") == {"openai": (30, "nvidia")}
    # 10 in cash and 20 from SoftBank are left for dues of 60.
    assert by_company(stopped, "eisenberg-noe", "loss")["nvidia"] == 30
    other = run(warehouse, document | {"shocks": [{"kind": "vendor_equity_stops", "vendor": "softbank"}]})
    assert by_company(other, "funding", "loss") == {}


def test_financier_that_withdraws() -> None:
    raws = [
        purchase("order", "openai", "oracle", 50, due={"2025": "1"}),
        loan("line", "openai", "bank", 40),
        drawn("line", 10),
        investment("stake", "bank", "openai", 10),
        metric("openai", "cash", 10),
    ]
    warehouse = market(*raws, names=["openai", "oracle", "bank"])
    document: Raw = {"count_financing": True, "shocks": [{"kind": "financier_withdraws", "company": "bank"}]}
    result = run(warehouse, document)
    assert by_company(result, "funding", "loss", "undisclosed", "through") == {"openai": (40, 0, "bank")}
    assert by_company(result, "eisenberg-noe", "loss") == {"oracle": 40, "openai": 0}
    assert by_company(run(warehouse, {"count_financing": True}), "eisenberg-noe", "loss") == {}


def test_price_of_a_gpu_hour_that_halves() -> None:
    raws = [
        purchase("rent", "openai", "oracle", 60),
        purchase("chips", "openai", "amd", 40, subject="chips"),
        purchase("site", "openai", "crusoe", None, subject="lease"),
        metric("openai", "equity", 20),
        metric("oracle", "equity", 100),
        metric("amd", "equity", 100),
    ]
    document: Raw = {"methods": ["furfine"], "shocks": [{"kind": "gpu_hour_price", "change": "-0.5"}]}
    document["parameters"] = {"relet_price": "1"}
    result = run(market(*raws, names=["openai", "oracle", "amd", "crusoe"]), document)
    # Half of 60 is a burden to OpenAI, more than its equity; its capacity and orders are let again at half.
    assert by_company(result, "furfine", "loss", "defaulted", "through") == {
        "openai": (30, True, None),
        "oracle": (30, False, "openai → oracle"),
        "amd": (20, False, "openai → amd"),
    }
    assert by_company(result, "undisclosed", "loss", "through")["openai"] == (None, "crusoe")
    dearer = run(
        market(*raws, names=["openai", "oracle", "amd", "crusoe"]),
        document | {"shocks": [{"kind": "gpu_hour_price", "change": "0.5"}]},
    )
    assert dearer.rows == []


def warrant(sizes: list[int | None], shares_max: int | None = 160) -> Raw:
    tranches = [
        {"tranche": f"t{number}", "shares": size, "conditions": [{"kind": "capacity", "threshold": str(number * 2)}]}
        for number, size in enumerate(sizes, 1)
    ]
    body = {
        "type": "warrant_granted",
        "key": "warrant",
        "announced_on": "2025-01-01",
        "deal": "amd-openai",
        "leg": "warrant",
    }
    terms = {"issuer": "amd", "holder": "openai", "exercise_price": money("0.01"), "status": "definitive"}
    return body | terms | {"shares_max": shares_max, "tranches": tranches}


def order(amount: object, capacity: str | None = "6") -> Raw:
    places = {"deal": "amd-openai", "leg": "supply", "capacity_gw": capacity, "subject": "chips"}
    return purchase("supply", "openai", "amd", amount, **places)


@pytest.mark.parametrize(
    ("sizes", "count", "low", "high", "gigawatts"),
    [
        ([20, 40, 100], 0, 0, 0, 6),
        ([20, 40, 100], 1, 20, 20, 4),
        ([20, 40, 100], 2, 60, 60, 2),
        ([20, 40, 100], 3, 160, 160, 0),
        ([20, 40, 100], 9, 160, 160, 0),
        ([None, None, None], 1, 0, 160, 4),
        ([20, None, 100], 2, 20, 60, 2),
        ([None, None, None], 3, 160, 160, 0),
    ],
)
def test_shares_given_and_orders_lost(sizes: list[int | None], count: int, low: int, high: int, gigawatts: int) -> None:
    raws = [warrant(sizes), order(600), metric("amd", "share_price", 200)]
    shock = {"kind": "customer_fails_after_tranches", "issuer": "amd", "customer": "openai", "tranches": count}
    result = run(market(*raws, names=["amd", "openai"]), {"methods": ["furfine"], "shocks": [shock]})
    (given,) = result.summary["shares_given"]
    assert (given["shares_low"], given["shares_high"], given["capacity_gw_lost"]) == (low, high, gigawatts)
    assert (given["cost_low"], given["cost_high"]) == (low * Decimal("199.99"), high * Decimal("199.99"))
    assert by_company(result, "orders", "loss")["amd"] == 100 * gigawatts
    assert by_company(result, "shares", "loss", "through")["amd"] == (
        low * Decimal("199.99") if low == high else None,
        "openai",
    )
    assert by_company(result, "furfine", "defaulted")["openai"] is True


def test_cost_of_shares_needs_a_price() -> None:
    shock = {"kind": "customer_fails_after_tranches", "issuer": "amd", "customer": "openai", "tranches": 1}
    warehouse = market(warrant([20, 40, 100]), order(None), names=["amd", "openai"])
    result = run(warehouse, {"methods": ["furfine"], "shocks": [shock]})
    assert by_company(result, "shares", "loss", "missing")["amd"] == (None, ["share_price"])
    assert by_company(result, "orders", "loss", "undisclosed")["amd"] == (None, 1)
    priced = run(warehouse, {"methods": ["furfine"], "shocks": [shock], "parameters": {"share_price": "50.01"}})
    assert by_company(priced, "shares", "loss")["amd"] == 1000


def test_several_shocks_come_together() -> None:
    raws = [
        purchase("a", "openai", "oracle", 60),
        purchase("b", "meta", "oracle", 30),
        metric("oracle", "equity", 100),
    ]
    fails = [{"kind": "company_fails", "company": name, "recovery": "0.5"} for name in ("openai", "meta")]
    result = run(market(*raws, names=["openai", "oracle", "meta"]), {"methods": ["furfine"], "shocks": fails})
    assert by_company(result, "furfine", "loss", "through")["oracle"] == (45, "openai → oracle")
    assert result.summary["failed"] == ["meta", "openai"]
