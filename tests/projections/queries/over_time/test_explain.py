"""Explanations: every row of an answer has one, over the same events, and the arithmetic on the page is that of the row."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

import pytest

from projections.queries.commitments.commitments import commitments
from projections.queries.exposure import exposure
from projections.queries.over_time.explain import explain_commitments, explain_exposure, explain_leg
from tests.oracle.fold import Raw
from tests.oracle.generate import random_clocks, random_ledger
from tests.oracle.pieces import event, paid, purchase, usd
from tests.oracle.recording import at, recorded
from tests.projections.comparison import read_side_clocks, warehouse_of

ON = read_side_clocks(at("2025-06-25"))


def told_of(leg_ref: str, *raws: Raw) -> list[str]:
    with warehouse_of(recorded(raws)) as warehouse:
        return list(explain_leg(warehouse, ON, leg_ref).lines)


def agreed(kind: str, /, **fields: Any) -> Raw:  # noqa: ANN401 - the fields of any event
    return event(kind, **{"deal": "d", "leg": "l", "status": "definitive"} | fields)


def test_each_kind_of_leg_says_the_rule_of_its_own() -> None:
    option = agreed("option_granted", holder="a", grantor="b", amount=usd("60"), otherwise=usd("10"))
    assert told_of("d/l", option) == [
        "status definitive since 2025-06-01",
        "headline 60 USD (exactly)",
        "binding 10 USD: the fee for letting the option go",
        "performed 0 USD",
        "remaining 60 USD = max(0, headline − performed)",
    ]
    free = {name: value for name, value in option.items() if name != "otherwise"}
    assert "binding 0 USD: no fee is owed if the option is let go" in told_of("d/l", free)
    exercised = event("option_exercised", deal="d", leg="l", announced_on="2025-06-10")
    assert "binding 60 USD: the whole amount of a definitive agreement" in told_of("d/l", option, exercised)
    royalty = agreed("royalty_agreed", payer="a", payee="b", share="0.2", of="revenue")
    assert told_of("d/l", royalty)[1:] == ["20 % of revenue, which is no amount until it is paid", "performed 0"]
    bought = agreed("acquisition_agreed", acquirer="a", target="b", cash=usd("3"), amount=usd("5"))
    assert "binding 3 USD: the whole cash of a definitive agreement" in told_of("d/l", bought)
    parts = [
        {"tranche": "first", "amount": usd("1")},
        {"tranche": "approval", "amount": usd("3"), "conditions": [{"kind": "other", "text": "an approval"}]},
    ]
    staged = purchase(amount=usd("4"), tranches=parts)
    assert "binding 1 USD: the amount less what hangs on conditions (approval 3 USD)" in told_of("d/supply", staged)
    gone = event("tranche_lapsed", deal="d", leg="supply", tranche="approval", announced_on="2025-06-10")
    assert told_of("d/supply", staged, gone)[4:] == [
        "lapsed 3 USD, which binds no longer and does not remain",
        "remaining 1 USD = max(0, headline − lapsed − performed)",
    ]
    leaving = purchase(amount=usd("4"), cancellable_from="2027")
    assert "binding undisclosed USD" not in told_of("d/supply", leaving)
    assert "binding undisclosed: cancellable from 2027-12-31, and no firm amount is disclosed" in told_of(
        "d/supply", leaving
    )


def test_a_backstop_is_explained_like_any_other_claim() -> None:
    backstop = agreed(
        "guarantee_given", guarantor="a", obligor="b", kind="capacity_backstop", amount=usd("6"), collateral=usd("1")
    )
    with warehouse_of(recorded([backstop])) as warehouse:
        lines = explain_exposure(warehouse, ON, exposed="a", to="b").lines
    assert lines[0] == "d/l (backstop)"
    assert lines[-3:] == (
        "  gross 5 USD = max(0, binding − collateral 1 USD)",
        "  credit-equivalent 2 USD",
        "gross = 5 = 5",
    )


def test_parts_are_said_to_stand_apart_from_their_whole() -> None:
    whole = purchase("campus", amount=usd("10"))
    parts = [purchase(name, amount=usd(amount), part_of="d/campus") for name, amount in (("a", "4"), ("b", "3"))]
    unknown = purchase("c", part_of="d/campus")
    money = paid("2", leg="a", announced_on="2025-06-10")
    with warehouse_of(recorded([whole, *parts, unknown, money])) as warehouse:
        found = explain_commitments(warehouse, ON, buyer="openai")
        [row] = commitments(warehouse, ON, company="openai").rows
    at_whole = found.lines.index("d/campus (from oracle)")
    assert list(found.lines[at_whole + 6 : at_whole + 9]) == [
        "  headline less its parts (d/a 4 USD, d/b 3 USD, d/c undisclosed) leaves 3 USD",
        "  binding less its parts (d/a 4 USD, d/b 3 USD, d/c undisclosed) leaves 3 USD",
        "  performed less its parts (d/a 2 USD, d/b 0 USD, d/c 0) leaves 0 USD",
    ]
    assert found.lines[-3] == "headline = 4 + 3 + 3 = 10 (+ 1 undisclosed)"
    assert row["headline"] == 10
    assert set(found.events) == set(row["events"])


@pytest.mark.parametrize("seed", range(3))
def test_every_row_of_generated_histories_is_explained(seed: int) -> None:
    rng = random.Random(seed)
    ledger = random_ledger(rng, 60)
    [triple] = random_clocks(rng, ledger, 1)
    clocks = read_side_clocks(triple)
    with warehouse_of(ledger.entries) as warehouse:
        rows = exposure(warehouse, clocks).rows
        for row in rows:
            if row["to"] is None:
                continue
            found = explain_exposure(warehouse, clocks, exposed=row["exposed"], to=row["to"], kind=row["kind"])
            beside = [other for other in rows if all(other[name] == row[name] for name in ("exposed", "to", "kind"))]
            assert set(found.events) >= {key for other in beside for key in other["events"]}
            gross = [other["gross"] for other in beside if other["gross"] is not None]
            total = sum(gross, Decimal(0))
            assert found.lines[-1].startswith("gross")
            assert (f"{total:,f}".rstrip("0").rstrip(".") in found.lines[-1]) or not gross
