"""Look-through worked by hand: two hops, which share counts on which basis, circles without a sum, what is large."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.errors import BadValueError
from projections.clocks import Clocks
from projections.measures import look_through
from projections.queries.lookthrough.lookthrough import lookthrough, lookthrough_over
from projections.queries.lookthrough.passing import closed_names, pass_through, reached
from projections.result import Result
from tests.projections.case_parts import Raw
from tests.projections.flow_parts import LATER, billions, buys, funded, invests, lends, metric, opened, row_of

YEAR = {"period_from": "2025-01-01", "period_to": "2026-01-01", "announced_on": "2026-02-26"}


def share(of: str, customer: str, fraction: str, **fields: Any) -> Raw:  # noqa: ANN401 - fields of the metric
    return metric("customer_share", of, fraction, counterparty=customer, unit="fraction", **fields)


def two_hops() -> tuple[Raw, ...]:
    """Write the published shares: Microsoft is 67 % of CoreWeave's revenue, OpenAI 45 % of Microsoft's RPO."""
    return (
        lends([("magnetar", None)], "coreweave", "10"),
        funded("coreweave-borrows-1", "10") | {"deal": "coreweave-borrows"},
        share("coreweave", "microsoft", "0.67", **YEAR),
        share("microsoft", "openai", "0.45", on="2025-12-31", announced_on="2026-01-28", basis="statement"),
        metric("rpo", "microsoft", "625000000000", on="2025-12-31", announced_on="2026-01-28"),
    )


def asked(*events: Raw, company: str = "magnetar", **options: Any) -> Result:  # noqa: ANN401 - the options of lookthrough
    with opened(*events) as warehouse:
        return lookthrough(warehouse, LATER, company=company, **options)


def through(result: Result, name: str = "lookthrough") -> dict[str, Decimal | None]:
    return {row["to"]: billions(row[name]) for row in result.rows}


def test_two_hops_of_published_shares() -> None:
    result = asked(*two_hops(), basis="any")
    assert through(result) == {"coreweave": 10, "microsoft": Decimal("6.7"), "openai": Decimal("3.015")}
    assert through(result, "direct") == {"coreweave": 10, "microsoft": 0, "openai": 0}
    assert through(result, "indirect") == {"coreweave": 0, "microsoft": Decimal("6.7"), "openai": Decimal("3.015")}
    events = {row["to"]: row["events"] for row in result.rows}
    assert events["openai"] == [two_hops()[3]["key"]]
    assert any("mixes them because you asked" in note for note in result.notes)


@pytest.mark.parametrize(
    ("basis", "found"),
    [
        ("revenue", {"coreweave": 10, "microsoft": Decimal("6.7")}),
        ("rpo", {"coreweave": None}),
        ("backlog", {"coreweave": None}),
    ],
)
def test_a_basis_takes_only_shares_of_its_own_kind(basis: str, found: dict[str, Decimal | None]) -> None:
    result = asked(*two_hops(), basis=basis)
    assert through(result) == found
    lacking = (
        "Look-through is not computable: needs customer shares on this basis of magnetar or of whom it is exposed to."
    )
    assert (lacking in result.notes) == (basis != "revenue")


def test_a_share_of_a_day_is_of_the_balance_told_for_that_day() -> None:
    stake = (invests("nvidia", "coreweave", "2"), funded("nvidia-coreweave-invests", "2"))
    of_backlog = share("coreweave", "microsoft", "0.35", on="2025-09-30", basis="statement")
    backlog = metric("backlog", "coreweave", "55600000000", on="2025-09-30")
    assert through(asked(*stake, of_backlog, backlog, company="nvidia", basis="backlog"))["microsoft"] == Decimal("0.7")
    lost = asked(*stake, of_backlog, company="nvidia", basis="backlog")
    assert set(through(lost)) == {"coreweave"}
    assert any("told neither an RPO nor a backlog for that day" in note for note in lost.notes)


def test_what_the_company_itself_depends_on() -> None:
    result = asked(*two_hops(), company="coreweave", basis="any")
    assert {row["to"]: row["dependency"] for row in result.rows} == {
        "microsoft": Decimal("0.67"),
        "openai": Decimal("0.3015"),
    }
    summary = result.summary
    assert (summary["customers_hhi"], summary["customers_hhi_max"]) == (4489, 5578)
    assert summary["customers_hhi_band"] == "highly concentrated"


def test_of_each_company_the_newest_period_counts_with_all_its_shares() -> None:
    earlier = {"period_from": "2024-01-01", "period_to": "2025-01-01"}
    old = (share("coreweave", "microsoft", "0.62", **earlier), share("coreweave", "nvidia", "0.15", **earlier))
    before = asked(*two_hops()[:2], *old)
    assert through(before) == {"coreweave": 10, "microsoft": Decimal("6.2"), "nvidia": Decimal("1.5")}
    after = asked(*two_hops()[:3], *old)
    assert through(after) == {"coreweave": 10, "microsoft": Decimal("6.7")}
    assert after.summary["dependency_told"] == {"coreweave": "revenue from 2025-01-01 to 2026-01-01"}


def test_a_guess_at_the_future_is_no_share() -> None:
    assert set(through(asked(*two_hops()[:2], share("coreweave", "openai", "0.5", basis="guidance", **YEAR)))) == {
        "coreweave"
    }


def test_shares_above_the_whole_are_left_out() -> None:
    result = asked(*two_hops()[:3], share("coreweave", "meta", "0.4", **YEAR))
    assert through(result) == {"coreweave": None}
    assert "The customer shares of coreweave add up to more than 1 and are left out." in result.notes


def test_names_that_depend_wholly_on_one_another_have_no_sum() -> None:
    circle = (share("coreweave", "openai", "1", **YEAR), share("openai", "coreweave", "1", **YEAR))
    result = asked(*two_hops()[:2], *circle)
    assert through(result) == {"coreweave": None}
    assert result.notes[0].startswith("Look-through is not computable: coreweave, openai depend wholly on one another")


def test_a_circle_that_leaks_has_one() -> None:
    circle = (share("coreweave", "openai", "0.5", **YEAR), share("openai", "coreweave", "0.5", **YEAR))
    assert through(asked(*two_hops()[:2], *circle)) == {
        "coreweave": Decimal("13.3333333333"),
        "openai": Decimal("6.66666666667"),
    }


def test_dependency_from_headline_commitments_on_request() -> None:
    sold = (
        buys("openai", "oracle", "300", status="announced"),
        buys("meta", "oracle", "20"),
        buys("xai", "oracle", None),
    )
    stake = lends([("jpmorgan", None)], "oracle", "32")
    result = asked(*sold, stake, company="jpmorgan", dependency="commitments")
    assert through(result) == {"oracle": 32, "openai": 30, "meta": 2}
    assert any(note.startswith("1 purchase is undisclosed") for note in result.notes)
    assert result.summary["basis"] == "commitments"


@pytest.mark.parametrize(
    ("equity", "fraction", "large", "breach"),
    [
        ("101000000000", "0.0990099009901", False, False),
        ("100000000000", "0.1", True, False),
        ("40000000000", "0.25", True, False),
        ("39999999999", "0.250000000006", True, True),
    ],
)
def test_large_exposures_and_breaches(equity: str, fraction: str, large: bool, breach: bool) -> None:  # noqa: FBT001 - a case
    base = metric("equity", "magnetar", equity)
    result = asked(*two_hops(), base)
    row = row_of(result.rows, "coreweave", "to")
    assert (row["share_of_equity"], row["large"], row["breach"]) == (Decimal(fraction), large, breach)
    assert (result.summary["large"], result.summary["breach"]) == (int(large), int(breach))
    assert base["key"] in row["events"]


def test_without_equity_nothing_is_called_large() -> None:
    result = asked(*two_hops(), metric("equity", "magnetar", "100", unit="EUR"))
    row = row_of(result.rows, "coreweave", "to")
    assert (row["share_of_equity"], row["large"], row["breach"]) == (None, None, None)
    assert any(
        note.startswith("Large exposures are not computable: need the equity of magnetar") for note in result.notes
    )


def test_concentration_of_what_is_exposed_directly() -> None:
    summary = asked(*two_hops(), lends([("magnetar", None)], "crusoe", "10")).summary
    assert (billions(summary["direct"]), summary["hhi"], summary["hhi_band"]) == (20, 5000, "highly concentrated")


def test_an_undisclosed_exposure_is_counted_and_never_zero() -> None:
    result = asked(*two_hops(), lends([("magnetar", None)], "crusoe", None))
    row = row_of(result.rows, "crusoe", "to")
    assert (row["direct"], row["lookthrough"], row["undisclosed"]) == (None, None, 1)


def test_a_letter_of_intent_exposes_nobody() -> None:
    assert asked(lends([("magnetar", None)], "crusoe", "10", status="letter_of_intent")).rows == []


def test_capacity_counts_a_physical_lot_once_and_reactors_by_a_factor_of_ones_own() -> None:
    bought = (
        buys("openai", "nvidia", None, capacity_gw="10", capacity_lot="abilene"),
        buys("openai", "oracle", None, capacity_gw="4.5", capacity_lot="abilene"),
        buys("openai", "coreweave", None, capacity_gw="2"),
    )
    capacity = asked(*bought, company="openai").summary["capacity"]
    assert (capacity["bought_gw_min"], capacity["bought_gw_max"]) == (10, 12)
    assert (capacity["bought_reactors_min"], capacity["bought_reactors_max"]) == (10, 12)
    sold = asked(*bought, company="oracle", gw_per_reactor=Decimal("1.5")).summary["capacity"]
    assert (sold["bought_gw_max"], sold["sold_gw"], sold["sold_reactors"]) == (None, Decimal("4.5"), 3)
    with pytest.raises(BadValueError):
        asked(*bought, company="oracle", gw_per_reactor=Decimal(0))


@pytest.mark.parametrize("options", [{"basis": "tokens"}, {"dependency": "guessed"}])
def test_unknown_ways_to_ask_are_refused(options: dict[str, str]) -> None:
    with pytest.raises(BadValueError):
        asked(*two_hops(), **options)


def test_many_days_are_each_day_asked_alone() -> None:
    days = [Clocks.on(dt.date.fromisoformat(day)) for day in ("2025-10-13", "2025-12-01", "2026-01-28", "2026-06-01")]
    with opened(*two_hops()) as warehouse:
        together = lookthrough_over(warehouse, days, company="magnetar", basis="any")
        alone = [lookthrough(warehouse, day, company="magnetar", basis="any") for day in days]
    assert together == alone
    assert [len(result.rows) for result in together] == [0, 1, 1, 3]


FRACTIONS = st.dictionaries(
    st.sampled_from("abcdef"),
    st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 4).map(lambda tenth: Decimal(tenth) / 10), max_size=3),
    max_size=6,
)


@given(FRACTIONS)
def test_closed_names_are_those_for_which_the_series_has_no_sum(shares: Mapping[str, Mapping[str, Decimal]]) -> None:
    kept = {name: given for name, given in shares.items() if sum(given.values()) <= 1}
    names = reached(kept, "abcdef")
    matrix = [[kept.get(name, {}).get(other, Decimal(0)) for other in names] for name in names]
    has_a_sum = look_through([Decimal(1)] * len(names), matrix) is not None
    assert has_a_sum == (closed_names(kept, names) == [])


def test_beyond_exact_elimination_floating_point_says_the_same() -> None:
    rng = random.Random(5)
    names = [f"name-{number:03}" for number in range(130)]
    shares = {name: {rng.choice(names): Decimal("0.3"), rng.choice(names): Decimal("0.4")} for name in names}
    direct = {name: Decimal(rng.randint(1, 10**11)) for name in names}
    (passed,) = pass_through([direct], shares, names)
    matrix = [[shares[name].get(other, Decimal(0)) for other in names] for name in names]
    exact = look_through([direct[name] for name in names], matrix)
    assert exact is not None
    assert all(abs(passed[name] - value) <= value * Decimal("1e-10") for name, value in zip(names, exact, strict=True))
