"""Cases printed elsewhere, beyond finance.jsonl; "recalled" marks figures quoted from memory of the source."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from projections.measures import (
    circulation,
    contingently_issuable,
    finn_cycling_index,
    herfindahl,
    hurdle_warrant_value,
    imputed_debt,
    market_model,
    ownership,
    rogers_veraart,
    round_trip,
    session_of,
)
from projections.measures.concentration import concentration_band


def test_haug_up_and_in_asset_at_expiry() -> None:
    # Haug (1998) p. 95 case 8, S 95, H 100, r 0.10, T 0.5, v 0.20; the value as corrected in QuantLib's digital options test
    assert hurdle_warrant_value(95, 100, 0.10, 0.20, 0.5) == pytest.approx(77.7017, abs=1e-4)


def test_haug_up_and_in_when_the_hurdle_is_already_passed() -> None:
    # the same table: guaranteed payoff of the share itself
    assert hurdle_warrant_value(105, 100, 0.10, 0.20, 0.5) == 105


def test_clearing_with_default_costs_as_systemicrisk_prints_it() -> None:
    # CRAN systemicrisk, default_clearing(L, ea, el, alpha = 0.5, beta = 0.7), example output
    result = rogers_veraart(
        [[0, 0.5, 0.5], [0.5, 0, 0.5], [0.5, 0.5, 0]], [0.5, 0.625, 0.75], [1.5, 0.5, 0.5], alpha=0.5, beta=0.7
    )
    assert result.payments == pytest.approx([0.5020200, 0.5147049, 0.5653806], abs=5e-8)
    assert result.default == (True, True, True)


def test_finn_index_of_cone_spring() -> None:
    # Tilly (1968): plants, bacteria, detritus feeders, carnivores, detritus; kcal per square metre and year (recalled,
    # every compartment balances with its exports and respiration). The index 0.0919 was read on ecologycenter.us
    flows = [
        [0, 0, 0, 0, 8881],
        [0, 0, 75, 0, 1600],
        [0, 0, 0, 370, 200],
        [0, 0, 0, 0, 167],
        [0, 5205, 2309, 0, 0],
    ]
    assert finn_cycling_index(flows, [11184, 0, 0, 0, 635]) == pytest.approx(0.0919, abs=5e-5)


def test_maximum_flow_of_the_textbook_network() -> None:
    # Cormen, Leiserson, Rivest & Stein, figure 26.1 (recalled), source and sink being one company: 23
    edges = [
        ("home", "v1", 16),
        ("home", "v2", 13),
        ("v1", "v3", 12),
        ("v2", "v1", 4),
        ("v2", "v4", 14),
        ("v3", "v2", 9),
        ("v3", "home", 20),
        ("v4", "v3", 7),
        ("v4", "home", 4),
    ]
    result = round_trip(edges, "home")
    assert (result.amount, result.outlay, result.receipts) == (23, 29, 24)


@pytest.mark.parametrize(
    ("sites", "shares"), [(0, 0), (1, 5_000), (2, 10_000)], ids=["first quarter", "second quarter", "third quarter"]
)
def test_ias_33_example_7_contingently_issuable_shares(sites: int, shares: int) -> None:
    # IAS 33 Illustrative Example 7 (recalled): 5,000 shares for each new retail site, opened 1 May and 1 September,
    # sites standing in for gigawatts; the condition counts as at the end of each quarter
    tranches = [{"shares": 5_000, "conditions": [{"kind": "capacity", "threshold": opened}]} for opened in (1, 2)]
    result = contingently_issuable(tranches, sites, None)
    assert (result.low, result.high) == (shares, shares)


@pytest.mark.parametrize(
    ("rate", "years", "factor"), [("0.07", 10, "7.0236"), ("0.10", 5, "3.7908"), ("0.05", 20, "12.4622")]
)
def test_annuity_factors_of_the_interest_tables(rate: str, years: int, factor: str) -> None:
    # present value of an ordinary annuity of 1, as every table prints it
    value = imputed_debt(Decimal(1), years, Decimal(rate), Decimal(1))
    assert value is not None
    assert round(value, 4) == Decimal(factor)


def test_anscombes_first_set_as_a_market_model() -> None:
    # Anscombe (1973): y = 3.00 + 0.500 x; eleven copies of the eleven points change nothing but their number
    market = [10.0, 8.0, 13.0, 9.0, 11.0, 14.0, 6.0, 4.0, 12.0, 7.0, 5.0] * 11
    own = [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68] * 11
    result = market_model(own, market, 10.0, 10.0)
    assert result.method == "market model"
    assert (result.alpha, result.beta) == pytest.approx((3.0001, 0.5001), abs=5e-5)
    assert result.ar == pytest.approx(10 - 8.001, abs=5e-4)
    # eleven times the published residual sum of squares, 13.763, over 121 - 2 degrees of freedom
    assert result.residual_sd == pytest.approx((11 * 13.763 / 119) ** 0.5, abs=5e-4)


@pytest.mark.parametrize(
    ("shares", "index", "band"),
    [
        ([30, 30, 20, 20], 2600, "highly concentrated"),
        ([10] * 10, 1000, "moderately concentrated"),
        ([5] * 20, 500, "unconcentrated"),
    ],
)
def test_bands_of_the_2023_merger_guidelines(shares: list[int], index: int, band: str) -> None:
    found = herfindahl(shares)
    assert found == index
    assert concentration_band(index) == band


def test_amd_ownership_as_measured_before_and_after_issue() -> None:
    # 160M of 1,630M shares: 9.82 % before issue, 8.94 % after; with a second warrant 16.41 % after, 8.21 % each
    both = ownership(Decimal(1630), [Decimal(160), Decimal(160)])
    assert both.pre is not None
    assert both.post is not None
    assert [round(100 * part, 2) for part in (both.pre, both.post, *both.each_post)] == [
        Decimal("19.63"),
        Decimal("16.41"),
        Decimal("8.21"),
        Decimal("8.21"),
    ]


def test_compressible_part_of_a_market_of_three() -> None:
    # D'Errico & Roukny: a closed chain of equal notionals is all excess, a chain that is open has none to compress
    ring = [("a", "b", 5), ("b", "c", 5), ("c", "a", 5)]
    assert circulation(ring).share == 1
    assert circulation(ring[:2]).share == 0


NEW_YORK = ZoneInfo("America/New_York")
SESSIONS = [date(2025, 9, 9), date(2025, 9, 10), date(2025, 10, 6), date(2025, 11, 26), date(2025, 11, 28)]


@pytest.mark.parametrize(
    ("announced", "session"),
    [
        (datetime(2025, 9, 9, 16, 5, tzinfo=NEW_YORK), date(2025, 9, 10)),  # Oracle's release after the close
        (datetime(2025, 10, 6, 7, 0, tzinfo=NEW_YORK), date(2025, 10, 6)),  # AMD and OpenAI before the open
        (datetime(2025, 10, 5, 23, 0, tzinfo=ZoneInfo("UTC")), date(2025, 10, 6)),  # a Sunday in New York
        (datetime(2025, 9, 9, 20, 0, tzinfo=ZoneInfo("UTC")), date(2025, 9, 10)),  # 16:00 sharp is too late
        (datetime(2025, 9, 9, 19, 59, 59, tzinfo=ZoneInfo("UTC")), date(2025, 9, 9)),
        (datetime(2025, 11, 28, 12, 59, tzinfo=NEW_YORK), date(2025, 11, 28)),  # the early close after Thanksgiving
        (datetime(2025, 11, 28, 13, 0, tzinfo=NEW_YORK), None),
        (date(2025, 10, 6), date(2025, 10, 6)),
        (date(2025, 11, 27), date(2025, 11, 28)),
        (date(2025, 11, 29), None),
    ],
)
def test_day_0(announced: date, session: date | None) -> None:
    assert session_of(announced, SESSIONS, early_closes={date(2025, 11, 28)}) == session
