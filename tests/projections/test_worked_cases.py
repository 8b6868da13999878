"""Announcements that the first vocabulary could not say, each with the figures that it has to give."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from events.errors import NotFoundError
from projections.clocks import Clocks
from projections.queries.commitments.commitments import commitments
from projections.queries.dilution.dilution import dilution
from projections.queries.exposure import exposure
from projections.queries.legs import legs
from projections.queries.leverage.leverage import leverage
from projections.queries.loops.loops import loops
from projections.queries.status import status
from projections.result import Row
from projections.warehouse import Warehouse
from tests.projections.flow_parts import opened

B = 10**9


def usd(billions: str, qualifier: str = "exactly") -> Row:
    return {"value": str(int(Decimal(billions) * B)), "currency": "USD", "qualifier": qualifier}


def told(kind: str, day: str, /, **fields: Any) -> Row:  # noqa: ANN401 - fields of an event
    about = "/".join(str(fields[name]) for name in ("deal", "leg", "company", "tranche") if name in fields)
    return {"type": kind, "key": f"{kind}/{about}/{day}", "announced_on": day, **fields}


def agreed(kind: str, deal: str, day: str, /, **fields: Any) -> Row:  # noqa: ANN401 - as above
    return told(kind, day, **{"deal": deal, "leg": "one", "status": "definitive"} | fields)


def of_leg(warehouse: Warehouse, day: str, deal: str) -> Row:
    [row] = legs(warehouse, on(day), deal=deal, include_ended=True).rows
    return {name: row[name] for name in ("status", "headline", "binding", "performed", "remaining")}


def on(day: str) -> Clocks:
    return Clocks.on(dt.date.fromisoformat(day))


def amounts(*billions: str | None) -> list[Decimal | None]:
    return [None if amount is None else Decimal(amount) * B for amount in billions]


def state(warehouse: Warehouse, day: str, deal: str) -> list[Any]:
    return list(of_leg(warehouse, day, deal).values())


def test_a_split_does_not_move_the_share_of_a_warrant() -> None:
    """Tesla's five for one of 31 August 2020: a warrant and the shares it is held against are split alike."""
    tranche = {
        "tranche": "a",
        "shares": 10_000_000,
        "conditions": [{"kind": "share_price", "threshold": "2000", "unit": "USD"}],
    }
    events = (
        agreed("warrant_granted", "w", "2020-01-02", issuer="tesla", holder="holder", shares_max=20_000_000,
               exercise_price={"value": "350", "currency": "USD"}, tranches=[tranche]),
        told("metric_reported", "2020-07-28", company="tesla", metric="shares_outstanding", value="186000000", unit="shares",
             on="2020-07-20", basis="gaap"),
        told("warrant_exercised", "2020-08-03", deal="w", leg="one", shares=1_000_000),
        told("price_moved", "2020-08-28", company="tesla", session="2020-08-28", **{"return": "0.01"}, basis="close",
             close={"value": "2213.4", "currency": "USD"}),
        told("share_split", "2020-08-11", company="tesla", ratio="5:1", effective_on="2020-08-31"),
        told("price_moved", "2020-09-01", company="tesla", session="2020-09-01", **{"return": "-0.05"}, basis="close",
             close={"value": "475.05", "currency": "USD"}),
    )  # fmt: skip
    with opened(*events) as warehouse:
        before, after = (dilution(warehouse, on(day), issuer="tesla") for day in ("2020-08-30", "2020-09-01"))
    assert before.summary["post_issue"] == after.summary["post_issue"] == before.rows[0]["post_issue"]
    counts = ("shares_max", "shares_exercised", "shares_conditions_met", "exercise_price")
    assert [before.rows[0][name] for name in counts] == [20_000_000, 1_000_000, 10_000_000, Decimal(350)]
    assert [after.rows[0][name] for name in counts] == [100_000_000, 5_000_000, 50_000_000, Decimal(70)]
    assert (before.summary["shares_outstanding"], after.summary["shares_outstanding"]) == (187_000_000, 935_000_000)
    assert "share_split/tesla/2020-08-11" in after.rows[0]["events"]
    assert "share_split/tesla/2020-08-11" not in before.rows[0]["events"]


def test_cash_shares_and_an_earn_out_are_three() -> None:
    """AMD and ZT Systems: 3.375 billion in cash, shares, up to 0.4 billion later; only the cash is owed, to the sellers."""
    price = {"cash": usd("3.375"), "shares_value": usd("1.125", "about"), "contingent": usd("0.4", "up_to")}
    parties = {"acquirer": "amd", "target": "zt", "sellers": ["owners"]}
    with opened(agreed("acquisition_agreed", "zt", "2024-08-19", **parties, **price)) as warehouse:
        assert state(warehouse, "2024-08-19", "zt") == ["definitive", *amounts("3.375", "3.375", "0", "3.375")]
        [row] = exposure(warehouse, on("2024-08-19")).rows
        assert (row["exposed"], row["to"], row["kind"], row["gross"]) == (
            "owners",
            "amd",
            "acquisition",
            Decimal("3.375") * B,
        )
        [drawn] = [row for row in loops(warehouse, on("2024-08-19")).rows if row["outlay"]]
        assert (drawn["company"], drawn["outlay"]) == ("amd", Decimal("3.375") * B)
        [kept] = warehouse.query("SELECT shares_value, contingent, price FROM legs_at")
        assert list(kept.values()) == amounts("1.125", "0.4", None)


def test_a_takeover_by_shares_moves_no_cash_and_may_be_voted_down() -> None:
    parties = {"acquirer": "core-weave", "target": "core-scientific", "sellers": ["core-scientific-owners"]}
    price = {"cash": usd("0"), "shares_value": usd("9", "about"), "stake": "1"}
    voted = told("status_changed", "2025-10-30", deal="core", status="terminated", reason="the shareholders voted no")
    with opened(
        agreed("acquisition_agreed", "core", "2025-07-07", conditional=True, **parties, **price), voted
    ) as warehouse:
        row = of_leg(warehouse, "2025-07-08", "core")
        assert (row["headline"], row["binding"]) == (0, None)
        assert loops(warehouse, on("2025-07-08")).rows == []
        assert of_leg(warehouse, "2025-10-30", "core")["status"] == "terminated"


def test_at_least_and_take_or_pay_bind_in_full() -> None:
    """Micron: a hundred billion at least, owed whether or not it is taken."""
    memory = agreed("purchase_committed", "m", "2026-01-05", buyer="buyer", supplier="micron", subject="memory",
                    amount=usd("100", "at_least"), take_or_pay=True)  # fmt: skip
    with opened(memory) as warehouse:
        assert state(warehouse, "2026-01-05", "m") == ["definitive", *amounts("100", "100", "0", "100")]


def test_an_option_binds_its_fee_until_it_is_exercised() -> None:
    """SpaceX and Anysphere: sixty billion, or a fee of ten."""
    option = agreed("option_granted", "o", "2026-04-21", holder="spacex", grantor="anysphere", on="the company",
                    amount=usd("60"), otherwise=usd("10"), expires_on="2026-Q4")  # fmt: skip
    taken = told("option_exercised", "2026-09-01", deal="o", leg="one")
    with opened(option, taken) as warehouse:
        assert state(warehouse, "2026-08-31", "o") == ["definitive", *amounts("60", "10", "0", "60")]
        assert state(warehouse, "2026-09-01", "o") == ["definitive", *amounts("60", "60", "0", "60")]
    with opened(option) as warehouse:
        assert [legs(warehouse, on(day)).rows[0]["overdue"] for day in ("2026-12-31", "2027-01-01")] == [False, True]
    with opened({name: value for name, value in option.items() if name != "otherwise"}) as warehouse:
        assert state(warehouse, "2026-12-31", "o")[:3] == ["definitive", *amounts("60", "0")]
        assert of_leg(warehouse, "2027-01-01", "o")["status"] == "expired"


def test_one_issue_has_five_maturities_and_is_drawn_when_it_is_issued() -> None:
    """Meta's notes: one loan with five dates, paid in on the day of issue."""
    parts = [{"tranche": f"due-{year}", "amount": usd("5"), "percent": "5.0", "matures_on": f"{year}-11"}
             for year in (2030, 2032, 2035, 2045, 2055)]  # fmt: skip
    notes = agreed("loan_arranged", "n", "2025-10-30", borrower="meta", instrument="notes", issued_on="2025-11-03",
                   amount=usd("25"), tranches=parts)  # fmt: skip
    with opened(notes) as warehouse:
        assert state(warehouse, "2025-11-02", "n") == ["definitive", *amounts("25", "25", "0", "25")]
        assert state(warehouse, "2025-11-03", "n") == ["definitive", *amounts("25", "25", "25", "0")]
        [row] = legs(warehouse, on("2025-11-03")).rows
        assert (row["ends_on"], row["overdue"]) == (dt.date(2055, 11, 30), False)
        [kept] = warehouse.query("SELECT list_transform(tranches, lambda x: x.matures_on) AS days FROM legs_at")
        assert kept["days"] == [dt.date(year, 11, 30) for year in (2030, 2032, 2035, 2045, 2055)]
        [debt] = leverage(warehouse, on("2025-11-03"), company="meta").rows
        assert (debt["own_loans"], debt["own_undrawn"]) == (25 * B, 0)


def test_a_convertible_dilutes_by_what_it_is_turned_into() -> None:
    count = told("metric_reported", "2026-01-01", company="iren", metric="shares_outstanding", value="270000000",
                 unit="shares", on="2026-01-01", basis="gaap")  # fmt: skip
    note = agreed("loan_arranged", "c", "2025-12-08", borrower="iren", instrument="convertible", issued_on="2025-12-08",
                  amount=usd("1.5"), conversion_price={"value": "50", "currency": "USD"})  # fmt: skip
    with opened(count, note) as warehouse:
        summary = dilution(warehouse, on("2026-01-02"), issuer="iren").summary
    assert (summary["convertible_shares"], summary["if_converted"]) == (30_000_000, Decimal("0.1"))
    repaid = told("loan_repaid", "2026-01-02", deal="c", leg="one", amount=usd("0.5"))
    with opened(count, note, repaid) as warehouse:
        assert dilution(warehouse, on("2026-01-02"), issuer="iren").summary["convertible_shares"] == 20_000_000
    silent = {name: value for name, value in note.items() if name != "conversion_price"}
    with opened(count, silent) as warehouse:
        summary = dilution(warehouse, on("2026-01-02"), issuer="iren").summary
    assert (summary["convertible_shares"], summary["if_converted"]) == (None, None)


def test_a_round_and_its_slices_count_once() -> None:
    whole = agreed(
        "investment_committed", "round", "2026-02-01", investor="investors", investee="lab", amount=usd("40")
    )
    slices = [agreed("investment_committed", f"slice-{name}", "2026-02-01", investor=name, investee="lab", amount=amount,
                     part_of="round/one") for name, amount in (("a", usd("10")), ("b", usd("4")), ("c", None))]  # fmt: skip
    with opened(whole, *slices) as warehouse:
        answer = exposure(warehouse, on("2026-02-01"))
        headline = {row["exposed"]: row["headline"] for row in answer.rows}
        assert headline == {"investors": 26 * B, "a": 10 * B, "b": 4 * B, "c": None}
        assert answer.summary["totals"]["USD"]["headline"] == 40 * B
        of_round = next(row for row in answer.rows if row["exposed"] == "investors")
        assert set(of_round["events"]) == {event["key"] for event in (whole, *slices)}
        assert of_leg(warehouse, "2026-02-01", "round")["headline"] == 40 * B
        [row] = exposure(warehouse, on("2026-02-01"), company="a").rows
        assert row["headline"] == 10 * B


def test_a_backstop_is_neither_a_loan_nor_a_guarantee_of_one() -> None:
    backstop = agreed("guarantee_given", "b", "2025-09-15", guarantor="nvidia", obligor="coreweave", kind="capacity_backstop",
                      amount=usd("6.3"), ends_on="2032-04-13")  # fmt: skip
    with opened(backstop) as warehouse:
        [row] = exposure(warehouse, on("2025-09-15")).rows
        assert (row["kind"], row["gross"], row["credit_equivalent"]) == ("backstop", *amounts("6.3", "2.52"))
        assert leverage(warehouse, on("2025-09-15")).rows == []


def test_a_cap_shrinks_by_its_steps() -> None:
    steps = [{"from": "2028-01-01", "amount": usd("1")}, {"from": "2030", "amount": usd("0.5")}]
    cap = agreed(
        "guarantee_given", "g", "2025-09-25", guarantor="google", obligor="fluidstack", amount=usd("1.4"), steps=steps
    )
    with opened(cap) as warehouse:
        found = [
            of_leg(warehouse, day, "g")["binding"] for day in ("2027-12-31", "2028-01-01", "2030-12-30", "2030-12-31")
        ]
    assert found == amounts("1.4", "1", "1", "0.5")


def test_parts_of_a_purchase_that_hang_on_milestones_do_not_bind_yet() -> None:
    parts = [{"tranche": "signing", "amount": usd("1")},
             {"tranche": "approval", "amount": usd("3"), "conditions": [{"kind": "other", "text": "an approval"}]}]  # fmt: skip
    licence = agreed("purchase_committed", "l", "2026-01-01", buyer="buyer", supplier="lab", subject="licence",
                     amount=usd("4"), tranches=parts)  # fmt: skip
    missed = told("tranche_lapsed", "2026-06-01", deal="l", leg="one", tranche="approval", reason="no approval")
    with opened(licence, missed) as warehouse:
        assert state(warehouse, "2026-05-31", "l")[1:] == amounts("4", "1", "0", "4")
        assert of_leg(warehouse, "2026-06-01", "l")["remaining"] == 1 * B
        [row] = commitments(warehouse, on("2026-05-31"), company="buyer").rows
        assert (row["headline"], row["binding"]) == tuple(amounts("4", "1"))


def test_shares_kept_by_the_issuer_are_not_outstanding() -> None:
    count = told("metric_reported", "2026-01-01", company="amd", metric="shares_outstanding", value="1000", unit="shares",
                 on="2026-01-01", basis="gaap")  # fmt: skip
    warrant = agreed("warrant_granted", "w", "2025-01-01", issuer="amd", holder="openai", shares_max=100)
    net = told("warrant_exercised", "2026-02-01", deal="w", leg="one", shares=100, shares_withheld=25)
    average = told("metric_reported", "2026-03-01", company="amd", metric="shares_outstanding", value="5", unit="shares",
                   period_from="2026-01-01", period_to="2026-03-01", basis="gaap", average=True)  # fmt: skip
    with opened(count, warrant, net, average) as warehouse:
        assert dilution(warehouse, on("2026-03-01"), issuer="amd").summary["shares_outstanding"] == 1075


def test_a_royalty_is_a_share_and_no_amount() -> None:
    royalty = agreed("royalty_agreed", "r", "2025-10-28", payer="openai", payee="microsoft", share="0.2", of="revenue")
    with opened(royalty) as warehouse:
        answer = legs(warehouse, on("2025-10-28"))
        assert (answer.rows[0]["headline"], answer.rows[0]["binding"], answer.summary["undisclosed"]) == (None, None, 0)
        assert exposure(warehouse, on("2025-10-28")).rows == []


def test_a_whole_and_its_parts_are_announced_once() -> None:
    whole = agreed(
        "purchase_committed", "campus", "2026-02-01", buyer="lab", supplier="cloud", subject="compute", amount=usd("10")
    )
    parts = [agreed("purchase_committed", f"lease-{name}", "2026-02-02", buyer="lab", supplier="cloud", subject="lease",
                    amount=usd(amount), part_of="campus/one") for name, amount in (("a", "4"), ("b", "3"))]  # fmt: skip
    paid = told("payment_made", "2026-02-03", deal="lease-a", leg="one", payer="lab", payee="cloud", amount=usd("2"))
    ended = told("status_changed", "2026-02-04", deal="lease-b", leg="one", status="terminated")
    with opened(whole, *parts, paid, ended) as warehouse:
        found = status(warehouse, on("2026-02-05"), company="lab").summary["conversion"]
        # Of ten announced four bind in a lease, three in what of the campus no lease tells, and three have lapsed.
        assert {name: found["USD"][name] for name in ("headline_announced", "binding", "performed", "lapsed")} == {
            "headline_announced": 10 * B, "binding": 7 * B, "performed": 2 * B, "lapsed": 3 * B
        }  # fmt: skip
        alone = status(warehouse, on("2026-02-05"), deal="campus").summary["conversion"]
        assert alone["USD"]["headline_announced"] == 10 * B


def test_the_sellers_of_a_takeover_find_it_among_their_legs() -> None:
    bought = agreed(
        "acquisition_agreed", "takeover", "2026-02-01", acquirer="lab", target="cloud", sellers=["fund"], cash=usd("1")
    )
    with opened(bought) as warehouse:
        for name in ("lab", "cloud", "fund"):
            assert [row["leg_ref"] for row in legs(warehouse, on("2026-02-01"), company=name).rows] == ["takeover/one"]
            assert [row["leg_ref"] for row in status(warehouse, on("2026-02-01"), company=name).rows] == [
                "takeover/one"
            ]
        assert legs(warehouse, on("2026-02-01"), company="other").rows == []


def test_a_tranche_lapses_once_however_often_it_is_told() -> None:
    parts = [{"tranche": "first", "amount": usd("4")}, {"tranche": "second", "amount": usd("6")}]
    lent = agreed("loan_arranged", "l", "2026-01-01", borrower="lab", amount=usd("10"), tranches=parts)

    def gone(day: str, tranche: str, **fields: Any) -> Row:  # noqa: ANN401 - fields of an event
        return told("tranche_lapsed", day, deal="l", leg="one", tranche=tranche, **fields) | {"key": f"{tranche}/{day}"}

    def binding(*lapses: Row) -> Decimal | None:
        with opened(lent, *lapses) as warehouse:
            found: Decimal | None = of_leg(warehouse, "2026-06-01", "l")["binding"]
            return found

    first = gone("2026-02-01", "first")
    assert binding(first) == 6 * B
    assert binding(first, gone("2026-03-01", "first")) == 6 * B
    assert binding(first, gone("2026-03-01", "first", amount=usd("4"))) == 6 * B
    # Piece by piece it adds up to no more than the tranche.
    assert binding(gone("2026-02-01", "second", amount=usd("2"))) == 8 * B
    assert (
        binding(gone("2026-02-01", "second", amount=usd("2")), gone("2026-03-01", "second", amount=usd("3"))) == 5 * B
    )
    assert (
        binding(gone("2026-02-01", "second", amount=usd("5")), gone("2026-03-01", "second", amount=usd("5"))) == 4 * B
    )
    assert binding(first, gone("2026-02-01", "second")) == 0


def test_dilution_is_as_fresh_as_the_notes_it_counts() -> None:
    note = agreed("loan_arranged", "c", "2025-12-08", borrower="iren", instrument="convertible", issued_on="2025-12-08",
                  amount=usd("1.5"), conversion_price={"value": "50", "currency": "USD"})  # fmt: skip
    with opened(note) as warehouse:
        assert dilution(warehouse, on("2026-01-02"), issuer="iren").summary["latest_announced_on"] == dt.date(
            2025, 12, 8
        )


def test_a_layer_with_a_name_of_its_own_goes_by_it() -> None:
    turbines = told("company_registered", "2026-01-01", company="gas", name="Gas", layer="other", layer_name="turbines")
    grid = told("company_registered", "2026-01-01", company="grid", name="Grid", layer="other")
    bought = [agreed("purchase_committed", f"p-{name}", "2026-01-02", buyer="campus", supplier=name, subject="power",
                     amount=usd("1")) for name in ("gas", "grid")]  # fmt: skip
    with opened(turbines, grid, *bought) as warehouse:
        rows = loops(warehouse, on("2026-01-02"), layers=True, company="turbines").rows
        assert [(row["company"], row["receipts"]) for row in rows] == [("turbines", 1 * B)]
        with pytest.raises(NotFoundError, match="no company is in a layer called"):
            loops(warehouse, on("2026-01-02"), layers=True, company="turbine")
