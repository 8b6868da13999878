"""Events as people write them become events as they are stored; what has the stored form already stays as it is."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from events.base import Event
from events.codec import as_raw, parse
from events.errors import BadValueError
from events.stored_form import stored_form, threshold
from tests.events.samples import SAMPLES, SECOND_SAMPLES
from tests.events.strategies import any_event

PURCHASE: dict[str, Any] = {
    "type": "purchase_committed", "deal": "d", "leg": "l", "status": "announced", "buyer": "openai",
    "supplier": "oracle", "subject": "compute", "announced_on": "2026-03-05",
}  # fmt: skip


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ({"amount": "~€1.5B"}, {"amount": {"value": "1500000000", "currency": "EUR", "qualifier": "about"}}),
        ({"amount": "undisclosed"}, {}),
        ({"amount": None}, {"amount": None}),
        ({"amount": {"value": "1.125", "currency": "USD"}}, {"amount": {"value": "1.125", "currency": "USD"}}),
        (
            {"amount": {"value": "1.5B", "currency": "€", "qualifier": "Up to"}},
            {"amount": {"value": "1500000000", "currency": "EUR", "qualifier": "up_to"}},
        ),
        ({"amount": {"value": "undisclosed", "currency": "USD"}}, {}),
        ({"capacity_gw": "500 MW", "firm_gw": "1000 MW"}, {"capacity_gw": "0.5", "firm_gw": "1"}),
        ({"capacity_gw": "1.080"}, {"capacity_gw": "1.080"}),
        ({"cancellable_days": "1000"}, {"cancellable_days": 1000}),
        (
            {"schedule": [{"from": "2027-01-01", "to": "2028-01-01", "share": "20%"}]},
            {"schedule": [{"from": "2027-01-01", "to": "2028-01-01", "share": "0.2"}]},
        ),
        ({"note": "1,5B", "deal": "1,5"}, {"note": "1,5B", "deal": "1,5"}),
        ({"amonut": "1.5B"}, {"amonut": "1.5B"}),
    ],
)
def test_quantities_take_the_stored_form(written: dict[str, Any], stored: dict[str, Any]) -> None:
    assert stored_form(PURCHASE | written) == (PURCHASE | stored, [])


@pytest.mark.parametrize(
    ("written", "field", "what", "got", "advice"),
    [
        ({"amount": "1,5B EUR"}, "amount", "is not an amount", "1,5B EUR", "write 1.5B EUR"),
        ({"amount": ""}, "amount", "is not an amount", "", "write undisclosed, or leave it out"),
        ({"amount": 1500000000}, "amount", "is a number without a currency", "1500000000",
         'write it like "1500000000 USD", in quotes'),
        ({"amount": {"value": "1,5", "currency": "EUR"}}, "amount", "is not an amount", "1,5", "write 1.5 EUR"),
        ({"amount": {"value": "€5", "currency": "USD"}}, "amount", "names two currencies, € and USD", "€5", ""),
        ({"amount": {"value": "5", "currency": "kr"}}, "amount", "does not say which currency", "kr", "SEK or NOK"),
        ({"capacity_gw": "4,5"}, "capacity_gw", "is not a capacity", "4,5", "write 4.5"),
        ({"schedule": [{"share": "0,2"}]}, "schedule.0.share", "is not a share", "0,2", "write 0.2"),
        ({"cancellable_days": "1.080"}, "cancellable_days", "is ambiguous", "1.080", "write 1080"),
        ({"cancellable_days": "1,000"}, "cancellable_days", "is ambiguous", "1,000", "write 1000"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_named_as_typed(
    written: dict[str, Any], field: str, what: str, got: str, advice: str
) -> None:
    _, (problem,) = stored_form(PURCHASE | written)
    assert (problem.field, problem.got) == (field, got)
    assert problem.what.startswith(what)
    assert advice in problem.advice


@pytest.mark.parametrize("sample", [*SAMPLES.values(), *SECOND_SAMPLES], ids=lambda sample: sample["type"])
def test_the_stored_form_is_left_alone(sample: dict[str, Any]) -> None:
    assert stored_form(sample) == (sample, [])


@given(any_event())
def test_every_event_that_was_stored_is_left_alone(event: Event) -> None:
    stored = as_raw(event)
    assert stored_form(stored) == (stored, [])


def test_the_event_in_a_correction_is_read_too() -> None:
    correction = {
        "type": "event_corrected",
        "corrects": "k",
        "replacement": PURCHASE | {"amount": "2bn", "firm": "1,5"},
    }
    stored, (problem,) = stored_form(correction)
    assert stored["replacement"]["amount"] == {"value": "2000000000", "currency": "USD", "qualifier": "exactly"}
    assert (problem.field, problem.advice) == ("replacement.firm", "write 1.5")


@pytest.mark.parametrize(
    ("metric", "text", "value"),
    [
        ("revenue", "13.1B", "13100000000"),
        ("net_income", "-1200M", "-1200000000"),
        ("share_price", "203.710", "203.710"),
        ("customer_share", "0,25", None),
        ("revenue", "1,5B", None),
        ("revenue", "about 5B", None),
    ],
)
def test_the_number_of_a_metric_may_have_a_scale(metric: str, text: str, value: str | None) -> None:
    stored, problems = stored_form({"type": "metric_reported", "metric": metric, "value": text})
    assert (stored.get("value"), len(problems)) == (value, 0 if value else 1)


def metric(name: str, value: str) -> dict[str, Any]:
    return {
        "type": "metric_reported", "company": "amd", "metric": name, "value": value, "unit": "USD",
        "on": "2026-03-05", "basis": "gaap", "announced_on": "2026-03-05",
    }  # fmt: skip


AMBIGUOUS: list[dict[str, Any]] = [
    PURCHASE | {"amount": "1.080 EUR"},
    PURCHASE | {"amount": {"value": "1.080", "currency": "EUR"}},
    PURCHASE | {"prepaid": {"value": "300.000", "currency": "EUR"}},
    metric("revenue", "1.080"),
    metric("revenue", "1.080B"),
    metric("share_price", "203.710"),
]


@pytest.mark.parametrize("raw", AMBIGUOUS)
def test_the_models_refuse_what_no_ledger_writes_and_people_read_in_two_ways(raw: dict[str, Any]) -> None:
    with pytest.raises(BadValueError, match="is ambiguous"):
        parse(raw)


@pytest.mark.parametrize(
    "raw", [metric("share_price", "203.715"), metric("gpu_utilisation", "0.710"), metric("revenue", "1.125")]
)
def test_a_ratio_and_the_stored_form_may_have_three_decimals(raw: dict[str, Any]) -> None:
    assert as_raw(parse(raw))["value"] == raw["value"].rstrip("0")


@pytest.mark.parametrize(
    ("kind", "text", "unit", "level"),
    [
        ("capacity", "1 GW", None, ("1", "GW")),
        ("capacity", "500MW", None, ("0.5", "GW")),
        ("purchases", "5B", None, ("5000000000", "USD")),
        ("purchases", "€5B", None, ("5000000000", "EUR")),
        ("purchases", "5B", "EUR", ("5000000000", "EUR")),
        ("share_price", "$600.1250", None, ("600.125", "USD")),
        ("share_price", "600", "USD a share", ("600", "USD a share")),
        ("date", "2026-12-31", None, ("2026-12-31", None)),
        ("other", "5M", "tokens", ("5000000", "tokens")),
    ],
)
def test_thresholds_are_read_by_the_kind_of_their_condition(
    kind: str, text: str, unit: str | None, level: tuple[str, str | None]
) -> None:
    assert threshold(kind, text, unit) == level


def test_megawatts_beside_a_threshold_are_gigawatts_in_it() -> None:
    """A level is compared with gigawatts, so that `500` of `MW` would be a thousandfold."""
    warrant = {"type": "warrant_granted", "tranches": [{"tranche": "a", "conditions": [
        {"kind": "capacity", "threshold": "500", "unit": "MW"}, {"kind": "purchases", "threshold": "1,5B"},
    ]}]}  # fmt: skip
    stored, (problem,) = stored_form(warrant)
    assert stored["tranches"][0]["conditions"] == [
        {"kind": "capacity", "threshold": "0.5", "unit": "GW"}, {"kind": "purchases"}
    ]  # fmt: skip
    assert (problem.field, problem.advice) == ("tranches.0.conditions.1.threshold", "write 1.5B")
