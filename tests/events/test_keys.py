"""Derived keys: what they tell apart, what they still are, and the second event of one key."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.codec import parse
from events.keys import KEY_MAX, derived_key, former_key, nth_of
from events.observations import METRICS, USUAL_UNITS
from tests.events.samples import SAMPLES
from tests.events.strategies import any_raw

Raw = dict[str, Any]

METRIC: Raw = {
    "type": "metric_reported", "announced_on": "2026-01-05", "company": "amd", "metric": "revenue", "value": "1",
    "unit": "USD", "period_from": "2025-01-01", "period_to": "2026-01-01", "basis": "gaap",
}  # fmt: skip
DRAW: Raw = {"type": "tranche_funded", "announced_on": "2026-01-05", "deal": "one", "leg": "equity"}
VESTED: Raw = {"type": "tranche_vested", "announced_on": "2026-01-05", "deal": "one", "leg": "warrant"}
SHARE: Raw = {**METRIC, "metric": "customer_share", "counterparty": "meta", "unit": "fraction"}


@pytest.mark.parametrize(
    ("raw", "changes"),
    [
        (METRIC, {"unit": "EUR"}),
        (METRIC, {"unit": "shares"}),
        (METRIC, {"basis": "guidance"}),
        (METRIC, {"company": "nvidia"}),
        (METRIC, {"period_to": "2025-07-01"}),
        (METRIC, {"period_from": None, "period_to": None, "on": "2025-12-31"}),
        (METRIC, {"metric": "other", "metric_name": "revenue"}),
        (METRIC, {"metric": "other", "metric_name": "ai_revenue"}),
        (SHARE, {"counterparty": "openai"}),
        (SHARE, {"unit": "%"}),
        ({**METRIC, "unit": "USD/h"}, {"unit": "USD_h"}),
        (DRAW, {"tranche": "first"}),
        ({**DRAW, "tranche": "first"}, {"tranche": "second"}),
        ({**VESTED, "tranche": "first"}, {"tranche": "second"}),
        (VESTED, {"leg": "other"}),
        (VESTED, {"announced_on": "2026-01-06"}),
    ],
)
def test_events_of_two_identities_have_two_keys(raw: Raw, changes: Raw) -> None:
    one = parse(raw)
    other = parse({name: value for name, value in {**raw, **changes}.items() if value is not None})
    assert one.key != other.key


@pytest.mark.parametrize(
    ("raw", "key", "former"),
    [
        (METRIC, "metric/amd/revenue/gaap/2025-01-01--2026-01-01/2026-01-05", None),
        ({**METRIC, "unit": "EUR"}, "metric/amd/revenue:EUR/gaap/2025-01-01--2026-01-01/2026-01-05",
         "metric/amd/revenue/gaap/2025-01-01--2026-01-01/2026-01-05"),
        (SHARE, "metric/amd/customer_share/meta/gaap/2025-01-01--2026-01-01/2026-01-05", None),
        ({**SHARE, "unit": "%"}, "metric/amd/customer_share:percent/meta/gaap/2025-01-01--2026-01-01/2026-01-05",
         "metric/amd/customer_share/meta/gaap/2025-01-01--2026-01-01/2026-01-05"),
        (DRAW, "one/equity/tranche-funded/2026-01-05", None),
        ({**DRAW, "tranche": "first"}, "one/equity/tranche-funded/first/2026-01-05",
         "one/equity/tranche-funded/2026-01-05"),
        ({**VESTED, "tranche": "first"}, "one/warrant/tranche-vested/first/2026-01-05",
         "one/warrant/tranche-vested/2026-01-05"),
    ],
)  # fmt: skip
def test_a_key_tells_more_only_where_it_has_to(raw: Raw, key: str, former: str | None) -> None:
    assert (derived_key(raw), former_key(raw)) == (key, former)


def test_every_standard_metric_has_a_unit_that_need_not_be_told() -> None:
    assert set(USUAL_UNITS) == set(METRICS) - {"other"}


@pytest.mark.parametrize(
    ("written", "nth"),
    [
        (None, 1), ("auto", 1), ("auto#1", 1), ("auto#2", 2), ("auto#9999", 9999),
        ("auto#0", 0), ("auto#01", 0), ("auto#10000", 0), ("auto#", 0), ("auto#two", 0), ("auto2", 0), ("d/auto#2", 0),
        ("", 0), (2, 0), (["auto#2"], 0),
    ],
)  # fmt: skip
def test_how_the_second_of_one_key_is_asked_for(written: object, nth: int) -> None:
    assert nth_of(written) == nth


def test_the_second_of_one_key_has_its_number_behind_it() -> None:
    assert parse({**DRAW, "key": "auto#2"}).key == "one/equity/tranche-funded/2026-01-05/2"
    assert parse({**DRAW, "key": "auto"}).key == parse(DRAW).key == "one/equity/tranche-funded/2026-01-05"
    # No number can make the key of one company that of another.
    company = {"type": "company_registered", "company": "amd"}
    assert derived_key(company, 2) == "company/amd/2" != derived_key({**company, "company": "amd-2"})


@given(any_raw(), st.integers(1, 9999))
def test_numbered_keys_are_keys_and_differ(raw: Raw, nth: int) -> None:
    without = {name: value for name, value in raw.items() if name != "key"}
    key = parse({**without, "key": f"auto#{nth}"}).key
    assert len(key) <= KEY_MAX
    assert (key == derived_key(without)) == (nth == 1)


def test_a_key_that_would_be_too_long_ends_in_a_digest() -> None:
    long = {**DRAW, "deal": "d" * 80, "leg": "l" * 80, "tranche": "t" * 80}
    keys = {parse({**long, **change}).key for change in ({}, {"key": "auto#2"}, {"announced_on": "2026-01-06"})}
    assert len(keys) == 3
    assert {len(key) for key in keys} == {KEY_MAX}
    assert former_key(long) == f"{'d' * 80}/{'l' * 80}/tranche-funded/2026-01-05"


def test_only_types_whose_key_tells_more_have_a_former_one() -> None:
    renamed = {name for name, raw in SAMPLES.items() if former_key(raw) is not None}
    assert renamed == {"tranche_funded", "tranche_vested"}  # the sample's metric has its usual unit
