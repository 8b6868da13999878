"""Stress scenarios on hand-built markets: the published cascade, what is due when, what cannot be known."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from events.errors import NotFoundError
from tests.projections.market_parts import (
    Raw,
    by_company,
    drawn,
    guarantee,
    investment,
    loan,
    market,
    metric,
    money,
    paid,
    purchase,
    run,
    vector,
)

NAMES = {"OAI": "openai", "ORCL": "oracle", "NVDA": "nvidia", "LEND": "lender"}
FAILS: Raw = {"kind": "company_fails", "company": "openai"}
CASES = ("eisenberg-noe", "debtrank-2012", "debtrank-differential", "furfine")


def cascade(case: Raw) -> list[Raw]:
    """Write a vector's obligations as contracts, loans to a lender, and loans from nobody named."""
    names = [NAMES[node] for node in case["nodes"]]
    raws = []
    for i, row in enumerate(case["L"]):
        for j, owed in enumerate(row):
            key = f"{names[i]}-{names[j]}"
            if owed and names[j] == "lender":
                raws += [loan(key, names[i], names[j], owed, matures_on="2025-12-31"), drawn(key, owed)]
            elif owed:
                raws.append(purchase(key, names[i], names[j], owed, due={"2025": "1"}))
        if case["ext_liab"][i]:
            key = f"{names[i]}-others"
            raws += [
                loan(key, names[i], None, case["ext_liab"][i], matures_on="2025-12-31"),
                drawn(key, case["ext_liab"][i]),
            ]
    raws += [metric(name, "cash", cash) for name, cash in zip(names, case["e"], strict=True)]
    return raws


def test_published_cascade_of_dues() -> None:
    case = vector("str.cascade.openai_en")
    expected, tolerance = case["expected"]["loss"], case["tolerance"]
    result = run(market(*cascade(case["inputs"]), names=NAMES.values()), {"methods": ["clearing"]})
    found = by_company(result, "eisenberg-noe", "loss", "defaulted", "round", "through")
    assert {name: row[1:] for name, row in found.items()} == {
        "openai": (True, 1, None),
        "oracle": (True, 2, "openai → oracle"),
        "nvidia": (False, 3, "openai → oracle → nvidia"),
        "lender": (False, 3, "openai → oracle → lender"),
        None: (False, 2, "openai → lenders not named"),
    }
    losses = {"ORCL": "oracle", "NVDA": "nvidia", "LEND": "lender", "oai_other": None}
    for node, name in losses.items():
        assert float(found[name][0]) == pytest.approx(expected[node], abs=tolerance)
    assert result.summary["dues"] == {"within_horizon": 150, "undated": 0, "undisclosed": 0}
    assert result.summary["methods"]["eisenberg-noe"]["new_defaults"] == ["openai", "oracle"]


def test_failing_with_what_clearing_recovers_is_the_same_as_clearing() -> None:
    warehouse = market(*cascade(vector("str.cascade.openai_en")["inputs"]), names=NAMES.values())
    cleared = by_company(run(warehouse, {"methods": ["clearing"]}), "eisenberg-noe", "loss")
    fails = {"methods": ["clearing"], "shocks": [FAILS | {"recovery": "0.5"}]}
    assert by_company(run(warehouse, fails), "eisenberg-noe", "loss") == cleared


def test_published_cascade_of_claims() -> None:
    case = vector("str.furfine.openai")
    names = [NAMES[node] for node in case["inputs"]["nodes"]]
    raws = [
        purchase("openai-oracle", "openai", "oracle", 60),
        purchase("oracle-nvidia", "oracle", "nvidia", 40),
        loan("oracle-lender", "oracle", "lender", 30),
        drawn("oracle-lender", 30),
        *(metric(name, "equity", own) for name, own in zip(names, case["inputs"]["equity"], strict=True)),
    ]
    document = {
        "methods": ["furfine"],
        "parameters": {"loss_given_default": case["inputs"]["lgd"]},
        "shocks": [FAILS],
    }
    found = by_company(run(market(*raws, names=names), document), "furfine", "loss", "defaulted")
    assert [float(found[name][0]) for name in names] == case["expected"]["loss"]
    assert [name for name in names if found[name][1]] == [NAMES[node] for node in case["expected"]["defaults"]]


def test_default_that_destroys_value_costs_more() -> None:
    warehouse = market(*cascade(vector("str.cascade.openai_en")["inputs"]), names=NAMES.values())
    result = run(warehouse, {"methods": ["clearing"], "parameters": {"alpha": "0.5", "beta": "0.5"}})
    found = by_company(result, "rogers-veraart", "loss")
    # OpenAI realises 20 of its 40 and pays a quarter of 80; Oracle half of 35 and of the 15 it gets, over dues of 70.
    assert found == {
        "oracle": 25,
        None: 15,
        "nvidia": Decimal("25.714286"),
        "lender": Decimal("19.285714"),
        "openai": 0,
    }


def test_no_promises_no_losses() -> None:
    result = run(market(names=["openai", "oracle"]), {"shocks": [FAILS]})
    assert {row["company"] for row in result.rows} == {"openai"}
    assert all(row["loss"] is None and row["events"] == ["company/openai"] for row in result.rows)


def test_a_company_nobody_knows() -> None:
    with pytest.raises(NotFoundError, match="no company goes by 'opnai'"):
        run(market(names=["openai"]), {"shocks": [FAILS | {"company": "opnai"}]})


@pytest.mark.parametrize(
    ("terms", "due", "undated"),
    [
        ({}, 0, 100),
        ({"due": {"2025": "0.4", "2026": "0.6"}}, 40, 0),
        ({"due": {"2024": "0.3", "2025": "0.3"}}, 60, 40),
        ({"due": {"2026": "1"}}, 0, 0),
        ({"ends_on": "2025-06-30"}, 100, 0),
        ({"ends_on": "2024-12-31"}, 100, 0),
        ({"ends_on": "2030-12-31"}, 0, 100),
        ({"status": "letter_of_intent", "due": {"2025": "1"}}, 0, 0),
        ({"status": "completed", "due": {"2025": "1"}}, 0, 0),
    ],
)
def test_what_is_due_within_a_year(terms: Raw, due: int, undated: int) -> None:
    warehouse = market(purchase("a", "openai", "oracle", 100, **terms), names=["openai", "oracle"])
    found = run(warehouse, {"methods": ["clearing"]}).summary["dues"]
    assert (found["within_horizon"], found["undated"]) == (due, undated)


def test_payments_count_against_the_earliest_dues() -> None:
    contract = purchase("a", "openai", "oracle", 100, due={"2024": "0.3", "2025": "0.3", "2026": "0.4"})
    warehouse = market(contract, paid("a", "openai", "oracle", 40), names=["openai", "oracle"])
    half_year = run(warehouse, {"methods": ["clearing"], "horizon_days": 181}).summary
    assert half_year["dues"]["within_horizon"] == pytest.approx(Decimal(30) * 181 / 365 - 10)
    assert run(warehouse, {"methods": ["clearing"], "horizon_years": 2}).summary["dues"]["within_horizon"] == 60


def test_undated_amounts_are_spread_on_request_only() -> None:
    warehouse = market(purchase("a", "openai", "oracle", 100), names=["openai", "oracle"])
    silent = run(warehouse, {"methods": ["clearing"]})
    assert any("Undated amounts of 100 USD are in no horizon" in note for note in silent.notes)
    spread = run(warehouse, {"methods": ["clearing"], "undated_years": 5})
    assert spread.summary["dues"] == {"within_horizon": 20, "undated": 0, "undisclosed": 0}
    assert any("spread evenly over 5 years" in note for note in spread.notes)


def test_headline_basis_counts_words_from_the_rung_asked_for() -> None:
    def due(**more: Any) -> Decimal:  # noqa: ANN401 - fields of a scenario
        legs = [
            purchase("a", "openai", "oracle", 100, status="rumoured", due={"2025": "1"}),
            purchase("b", "openai", "oracle", 10, status="announced", due={"2025": "1"}),
            purchase("c", "openai", "oracle", 1, due={"2025": "1"}),
        ]
        found = run(market(*legs, names=["openai", "oracle"]), {"methods": ["clearing"], **more})
        amount: Decimal = found.summary["dues"]["within_horizon"]
        return amount

    assert (due(), due(basis="headline"), due(basis="headline", least_status="announced")) == (1, 111, 11)


def test_dated_instalments_of_an_investment_are_due() -> None:
    tranches = [
        {
            "tranche": name,
            "amount": {"value": "10", "currency": "USD"},
            "conditions": [{"kind": "date", "threshold": day}],
        }
        for name, day in (("first", "2025-04-01"), ("second", "2025-10-01"), ("third", "2026-04-01"))
    ]
    legs = [investment("a", "softbank", "openai", 30, tranches=tranches), drawn("a", 10) | {"tranche": "first"}]
    warehouse = market(*legs, metric("softbank", "cash", 4), names=["openai", "softbank"])
    result = run(warehouse, {"methods": ["clearing"]})
    assert result.summary["dues"]["within_horizon"] == 10
    assert by_company(result, "eisenberg-noe", "loss", "through")["openai"] == (6, "softbank → openai")


def test_unknown_equity_is_not_computable_and_never_nothing() -> None:
    raws = [
        purchase("a", "openai", "oracle", 60),
        purchase("b", "oracle", "nvidia", 40),
        metric("nvidia", "equity", 10),
    ]
    warehouse = market(*raws, names=["openai", "oracle", "nvidia"])
    for method in CASES[1:]:
        result = run(warehouse, {"methods": [method], "shocks": [FAILS]})
        assert by_company(result, method, "loss", "loss_over_equity", "defaulted", "missing") == {
            "openai": (None, None, True, ["equity"]),
            "oracle": (60, None, None, ["equity"]),
        }
        assert any(note.startswith("Not computable: needs equity of openai, oracle") for note in result.notes)


def test_unknown_cash_is_not_computable_and_taken_to_pay() -> None:
    raws = [
        purchase("a", "openai", "oracle", 60, due={"2025": "1"}),
        purchase("b", "oracle", "nvidia", 40, due={"2025": "1"}),
    ]
    result = run(market(*raws, names=["openai", "oracle", "nvidia"]), {"methods": ["clearing"], "shocks": [FAILS]})
    found = by_company(result, "eisenberg-noe", "loss", "defaulted", "missing")
    assert found == {"openai": (None, True, ["cash"]), "oracle": (None, None, ["cash"])}
    assert any("Not computable: needs cash of openai, oracle" in note for note in result.notes)


def test_claim_without_an_amount_is_counted_and_never_nothing() -> None:
    raws = [purchase("a", "openai", "oracle", None), metric("oracle", "equity", 10)]
    result = run(market(*raws, names=["openai", "oracle"]), {"shocks": [FAILS]})
    found = by_company(result, "undisclosed", "loss", "undisclosed", "through", "events")
    assert found == {"oracle": (None, 1, "openai", ["a"])}


def test_contract_is_not_claimed_without_a_price_to_let_it_at() -> None:
    raws = [purchase("a", "openai", "oracle", 60), metric("oracle", "equity", 10)]
    warehouse = market(*raws, names=["openai", "oracle"])
    document = {"methods": ["furfine"], "shocks": [FAILS], "parameters": {"relet_price": None}}
    result = run(warehouse, document)
    assert by_company(result, "furfine", "loss", "missing") == {
        "openai": (None, ["equity"]),
        "oracle": (None, ["relet_price"]),
    }
    assert any("a claim is never taken at its face" in note for note in result.notes)


def test_what_is_let_again_is_not_lost() -> None:
    raws = [purchase("a", "openai", "oracle", 60), metric("oracle", "equity", 100)]
    warehouse = market(*raws, names=["openai", "oracle"])

    def lost(relet: str, charge: str = "0") -> Decimal:
        terms = {"relet_price": relet, "termination_charge": charge}
        found = run(warehouse, {"methods": ["furfine"], "shocks": [FAILS], "parameters": terms})
        return Decimal(by_company(found, "furfine", "loss").get("oracle", 0))

    assert [lost("0.7"), lost("1"), lost("1.5"), lost("1", "0.1")] == [18, 0, 0, 6]


def test_prepayment_lowers_the_claim_and_is_at_risk_itself() -> None:
    contract = purchase("a", "openai", "oracle", 100, prepaid={"value": "20", "currency": "USD"})
    warehouse = market(contract, paid("a", "openai", "oracle", 30), names=["openai", "oracle"])
    terms = {"relet_price": "0.5"}
    fails = run(warehouse, {"methods": ["furfine"], "shocks": [FAILS], "parameters": terms})
    # 100 less the 10 paid for deliveries leaves 90 to deliver, of which half is lost, less the 20 in hand.
    assert by_company(fails, "furfine", "loss")["oracle"] == 25
    other = {"methods": ["furfine"], "shocks": [FAILS | {"company": "oracle"}], "parameters": terms}
    assert by_company(run(warehouse, other), "furfine", "loss")["openai"] == 20


def test_guaranteed_amount_is_lost_once_by_the_guarantor() -> None:
    raws = [
        loan("credit", "openai", "bank", 100),
        drawn("credit", 100),
        guarantee("promise", "google", "openai", 30, covers="credit/leg", beneficiary="bank"),
    ]
    result = run(market(*raws, names=["openai", "bank", "google"]), {"methods": ["furfine"], "shocks": [FAILS]})
    assert by_company(result, "furfine", "loss") == {"openai": None, "bank": 70, "google": 30}


def test_owners_recover_nothing_and_lenders_their_part() -> None:
    raws = [
        loan("credit", "openai", "bank", 100),
        drawn("credit", 100),
        investment("stake", "softbank", "openai", 50),
        drawn("stake", 50),
    ]
    document = {"methods": ["furfine"], "shocks": [FAILS | {"recovery": "0.4"}]}
    found = run(market(*raws, names=["openai", "bank", "softbank"]), document)
    assert by_company(found, "furfine", "loss") == {"openai": None, "bank": 60, "softbank": 50}


def test_undrawn_loans_are_drawn_in_part_and_completed_ones_whole() -> None:
    raws = [loan("line", "openai", "bank", 100), loan("bond", "openai", "fund", 100, status="completed")]
    result = run(market(*raws, names=["openai", "bank", "fund"]), {"methods": ["furfine"], "shocks": [FAILS]})
    assert by_company(result, "furfine", "loss") == {"openai": None, "bank": 40, "fund": 100}


def test_currencies_are_never_added() -> None:
    raws = [
        purchase("a", "openai", "oracle", 60),
        purchase("b", "openai", "oracle", 0) | {"amount": {"value": "900", "currency": "CNY"}},
        metric("oracle", "equity", 1000, unit="JPY"),
    ]
    result = run(market(*raws, names=["openai", "oracle"]), {"methods": ["furfine"], "shocks": [FAILS]})
    assert by_company(result, "furfine", "loss", "equity")["oracle"] == (60, None)
    assert "Legs in CNY are left out: currencies are never added." in result.notes


def test_assumptions_fill_gaps_and_override_only_where_told() -> None:
    raws = [purchase("a", "openai", "oracle", 60), metric("oracle", "equity", 100)]
    warehouse = market(*raws, names=["openai", "oracle"])

    def equities(**more: Any) -> tuple[dict[str | None, Any], tuple[str, ...]]:  # noqa: ANN401 - fields of an assumption
        assumed = [
            {"company": name, "metric": "equity", "value": "30", "reason": "a guess", **more}
            for name in ("openai", "oracle")
        ]
        result = run(warehouse, {"methods": ["furfine"], "shocks": [FAILS], "assumptions": assumed})
        return by_company(result, "furfine", "equity", "defaulted"), result.notes

    found, notes = equities()
    assert found == {"openai": (30, True), "oracle": (100, False)}
    assert "Assumed: equity of openai 30 USD (a guess)." in notes
    assert any("The ledger has the equity of oracle (100 USD)" in note for note in notes)
    assert equities(overrides=True)[0] == {"openai": (30, True), "oracle": (30, True)}


def test_hypothetical_metric_supplies_what_the_ledger_lacks() -> None:
    raws = [purchase("a", "openai", "oracle", 60)]
    warehouse = market(*raws, names=["openai", "oracle"], what_if=[metric("oracle", "equity", 50)])
    result = run(warehouse, {"methods": ["furfine"], "shocks": [FAILS]})
    assert by_company(result, "furfine", "loss_over_equity", "defaulted", "events")["oracle"] == (
        Decimal("1.2"),
        True,
        ["a", "metric/oracle/equity/2024-12-31"],
    )


def agreed(type_: str, key: str, **fields: object) -> Raw:
    body = {"type": type_, "key": key, "announced_on": "2025-01-01", "deal": key, "leg": "leg", "status": "definitive"}
    return body | fields


def at_stake(*raws: Raw, **scenario: object) -> dict[tuple[Any, ...], Any]:
    """Return what each company loses if openai fails, by method and company, without the rows where nothing is lost."""
    names = ["openai", "oracle", "nvidia", "lender"]
    asked = {"shocks": [FAILS], "methods": ["furfine"]} | scenario
    rows = run(market(*raws, names=names), asked).rows
    return {(row["method"], row["company"]): row["loss"] for row in rows if row["loss"]}


def test_an_option_is_owed_its_fee_until_it_is_exercised() -> None:
    option = agreed("option_granted", "o", holder="openai", grantor="oracle", amount=money(60), otherwise=money(10))
    assert at_stake(option) == {("furfine", "oracle"): 10}
    assert at_stake(option, basis="headline") == {("furfine", "oracle"): 10}
    part_paid = agreed("payment_made", "p", payer="openai", payee="oracle", amount=money(4)) | {"deal": "o"}
    del part_paid["status"]
    assert at_stake(option, part_paid) == {("furfine", "oracle"): 6}
    exercised = agreed("option_exercised", "x") | {"deal": "o"}
    del exercised["status"]
    relet = {"parameters": {"relet_price": "0.75", "termination_charge": "0"}}
    assert at_stake(option, exercised, **relet) == {("furfine", "oracle"): 15}


def test_the_sellers_of_a_takeover_keep_the_company_and_miss_the_cash() -> None:
    takeover = agreed("acquisition_agreed", "t", acquirer="openai", target="nvidia", sellers=["oracle"], cash=money(8))
    paid_in_part = agreed("payment_made", "p", payer="openai", payee="oracle", amount=money(3)) | {"deal": "t"}
    del paid_in_part["status"]
    assert at_stake(takeover) == {}
    lapses = {"shocks": [{"kind": "letters_lapse"}]}
    letter = takeover | {"status": "letter_of_intent"}
    assert at_stake(letter, **lapses) == {("funding", "oracle"): 8}
    assert at_stake(letter, paid_in_part, **lapses) == {("funding", "oracle"): 5}
    assert at_stake(letter | {"sellers": ["oracle", "lender"]}, **lapses) == {("funding", None): 8}


def test_a_backstop_of_unsold_capacity_is_no_claim_on_whose_it_is() -> None:
    backstop = agreed(
        "guarantee_given", "b", guarantor="nvidia", obligor="openai", kind="capacity_backstop", amount=money(6)
    )
    assert at_stake(backstop) == {}
    assert at_stake(backstop | {"kind": "payment"}) == {("furfine", "nvidia"): 6}
