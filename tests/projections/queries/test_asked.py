"""Finding what a question names: companies by one rule, deals, legs and layers, or the nearest that there is."""

from __future__ import annotations

import datetime as dt

import pytest

from events.errors import NotFoundError
from projections.clocks import Clocks
from projections.queries.asked import (
    known_deal,
    known_layer,
    known_leg,
    main_currency,
    resolve,
    rests_on,
    unregistered,
    unseen,
)
from projections.queries.demand.demand import demand
from projections.queries.legs import legs
from projections.queries.over_time.explain import explain_leg
from projections.queries.over_time.vintage import vintage_of_leg, vintage_of_metric
from projections.queries.reaction.reaction import reaction
from projections.queries.status import status
from projections.result import Result
from projections.warehouse import Warehouse
from tests.oracle.fold import Raw
from tests.oracle.pieces import DAY, event, purchase, usd
from tests.oracle.recording import recorded
from tests.projections.comparison import warehouse_of

ON_THE_DAY = Clocks.on(dt.date.fromisoformat(DAY))
BEFORE = Clocks.on(dt.date(2025, 5, 31))


def company(slug: str, name: str, **fields: object) -> Raw:
    return event("company_registered", company=slug, name=name, layer="cloud", **fields)


EVENTS = (
    company("openai", "OpenAI", ticker="OAI"),
    company("oracle", "Oracle", aliases=["甲骨文", "Oracle\u00a0Corp"]),
    company("meta", "Meta  Platforms"),
    company("customer-1", "Customer 1", stand_in=True),
    company("customer-2", "Customer 2", stand_in=True),
    event("party_identified", placeholder="customer-1", company="customer-2", announced_on="2025-06-10"),
    event("party_identified", placeholder="customer-2", company="meta", announced_on="2025-06-20"),
    purchase(amount=usd("1")),
    event("metric_reported", company="openai", metric="revenue", value="1", unit="USD", on=DAY, basis="gaap"),
    event("price_moved", company="openai", session=DAY, basis="close", about="only-a-price", **{"return": "0.2"}),
    purchase("gone", deal="taken-back", amount=usd("1")),
)
RETRACTED = {
    "type": "event_retracted", "key": "gone", "announced_on": DAY, "corrects": EVENTS[-1]["key"], "reason": "x",
}  # fmt: skip
LAST = company("late", "Late")


@pytest.fixture
def warehouse() -> Warehouse:
    return warehouse_of(recorded([*EVENTS, RETRACTED, LAST]))


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("oracle", "oracle"),
        ("\uff2f\uff32\uff21\uff23\uff2c\uff25", "oracle"),
        ("甲骨文", "oracle"),
        ("oracle  corp", "oracle"),
        ("Ora\u00adcle", "oracle"),
        ("oai", "openai"),
        ("META PLATFORMS", "meta"),
        ("Meta\u3000Platforms", "meta"),
    ],
)
def test_a_company_goes_by_any_spelling(warehouse: Warehouse, name: str, slug: str) -> None:
    assert resolve(warehouse, ON_THE_DAY, name) == slug


@pytest.mark.parametrize("name", ["", " ", "\u3164"])
def test_a_name_that_shows_nothing_names_nobody(warehouse: Warehouse, name: str) -> None:
    with pytest.raises(NotFoundError, match="no company goes by"):
        resolve(warehouse, ON_THE_DAY, name)


def test_a_stand_in_is_followed_as_far_as_it_is_known(warehouse: Warehouse) -> None:
    days = ("2025-06-09", "2025-06-10", "2025-06-19", "2025-06-20")
    found = [resolve(warehouse, Clocks.on(dt.date.fromisoformat(day)), "Customer 1") for day in days]
    assert found == ["customer-1", "customer-2", "customer-2", "meta"]


def test_a_company_registered_later_is_no_unknown_one(warehouse: Warehouse) -> None:
    earlier = Clocks.on(dt.date.fromisoformat(DAY), recorded_by=3)
    assert resolve(warehouse, earlier, "Late") == "late"
    assert unregistered(warehouse, earlier, "late") == (
        "late is registered only from number 13 of the log on, which is later than these clocks.",
    )
    assert unregistered(warehouse, ON_THE_DAY, "late") == ()


@pytest.mark.parametrize("deal", ["d", "only-a-price", "taken-back"])
def test_a_deal_is_known_by_any_event_about_it(warehouse: Warehouse, deal: str) -> None:
    assert known_deal(warehouse, deal) == deal


@pytest.mark.parametrize(
    ("ask", "said", "advice"),
    [
        (lambda w: known_deal(w, "taken-bak"), "no deal is called 'taken-bak'", "did you mean 'taken-back'?"),
        (lambda w: known_deal(w, ""), "no deal is called ''", "list them with: deals legs --include-ended"),
        (lambda w: known_leg(w, "d/suply"), "no leg is called 'd/suply'", "did you mean 'd/supply'?"),
        (lambda w: known_leg(w, "d/x"), "no leg is called 'd/x'", "legs of d: d/supply"),
        (lambda w: known_leg(w, "d"), "no leg is called 'd'", "legs of d: d/supply"),
        (lambda w: known_leg(w, "taken-bck/gone"), "no deal is called 'taken-bck'", "did you mean 'taken-back'?"),
        (lambda w: known_layer(w, "clod"), "no company is in a layer called 'clod'", "did you mean 'cloud'?"),
        (lambda w: resolve(w, ON_THE_DAY, "orcle"), "no company goes by 'orcle'", "did you mean 'oracle'?"),
        (lambda w: legs(w, ON_THE_DAY, deal="taken-bak"), "no deal is called 'taken-bak'", "did you mean 'taken-back'?"),
        (lambda w: status(w, ON_THE_DAY, deal="taken-bak"), "no deal is called 'taken-bak'", "did you mean 'taken-back'?"),
        (lambda w: demand(w, ON_THE_DAY, deal="taken-bak"), "no deal is called 'taken-bak'", "did you mean 'taken-back'?"),
        (lambda w: reaction(w, ON_THE_DAY, deal="taken-bak"), "no deal is called 'taken-bak'", "did you mean 'taken-back'?"),
        (lambda w: vintage_of_leg(w, ON_THE_DAY, "d/suply"), "no leg is called 'd/suply'", "did you mean 'd/supply'?"),
        (lambda w: explain_leg(w, ON_THE_DAY, "d/suply"), "no leg is called 'd/suply'", "did you mean 'd/supply'?"),
        (
            lambda w: vintage_of_metric(w, ON_THE_DAY, "openai", "revenu"),
            "openai has no metric called 'revenu'",
            "did you mean 'revenue'?",
        ),
        (lambda w: vintage_of_metric(w, ON_THE_DAY, "openai", "x"), "openai has no metric called 'x'", "told of openai: revenue"),
        (lambda w: vintage_of_metric(w, ON_THE_DAY, "meta", "x"), "meta has no metric called 'x'", "see: deals log --company meta"),
        (
            lambda w: vintage_of_metric(w, ON_THE_DAY, "openai", "revenue", period="1999", basis="gaap"),
            "openai has no 'revenue' for 1999 as gaap in this ledger",
            f"there is: {DAY}.. gaap",
        ),
    ],
)  # fmt: skip
def test_what_is_not_there_is_told_the_nearest(warehouse: Warehouse, ask: object, said: str, advice: str) -> None:
    with pytest.raises(NotFoundError) as caught:
        ask(warehouse)  # type: ignore[operator]  # a function of the warehouse
    assert (caught.value.message, caught.value.advice) == (said, advice)


NOT_YET = (
    f"Nothing of d is to be seen at these clocks: its first terms were announced on {DAY}, hold from {DAY} and are "
    "number 8 of the log."
)
TAKEN_BACK = (
    f"Nothing of taken-back is to be seen at these clocks: its first terms were announced on {DAY}, hold from {DAY} and "
    "are number 11 of the log, and were taken back since."
)


@pytest.mark.parametrize(
    ("clocks", "deal", "note"),
    [
        (BEFORE, "d", NOT_YET),
        (Clocks.on(dt.date.fromisoformat(DAY), recorded_by=7), "d", NOT_YET),
        (ON_THE_DAY, "taken-back", TAKEN_BACK),
        (ON_THE_DAY, "only-a-price", "The ledger holds no terms of only-a-price."),
    ],
)
def test_a_deal_that_is_not_visible_gives_an_empty_answer_that_says_so(
    warehouse: Warehouse, clocks: Clocks, deal: str, note: str
) -> None:
    answers: list[Result] = [ask(warehouse, clocks, deal=deal) for ask in (legs, status, demand)]
    assert [(answer.rows, answer.notes[0]) for answer in answers] == [([], note)] * 3
    assert unseen(warehouse, [clocks, ON_THE_DAY], "d") == ()


def test_legs_say_why_nothing_of_a_visible_deal_shows() -> None:
    ended = event("status_changed", deal="d", status="terminated", announced_on="2025-06-02")
    with warehouse_of(recorded([*EVENTS, ended])) as warehouse:
        later = Clocks.on(dt.date(2025, 6, 2))
        notes = [
            legs(warehouse, later, deal="d").notes,
            legs(warehouse, later, deal="d", company="meta").notes,
            legs(warehouse, later, deal="d", company="meta", include_ended=True).notes,
        ]
        assert [note[0] for note in notes] == [
            "All legs of d have ended by then; --include-ended lists them.",
            "No leg of d is of the company or status asked for and has not ended.",
            "No leg of d is of the company or status asked for.",
        ]
        assert legs(warehouse, later, deal="d", include_ended=True).notes == ()


def test_a_move_on_a_deal_that_is_not_visible_is_said_so(warehouse: Warehouse) -> None:
    answer = reaction(warehouse, BEFORE, deal="only-a-price")
    assert (answer.rows, answer.notes[0]) == ([], "No move on only-a-price is to be seen at these clocks.")


def test_a_leg_and_a_metric_recorded_later_are_told_by_nobody_yet(warehouse: Warehouse) -> None:
    early = Clocks.on(dt.date.fromisoformat(DAY), recorded_by=5)
    leg = vintage_of_leg(warehouse, early, "d/supply")
    assert (leg.rows, leg.notes) == ([], (NOT_YET.replace("of d is", "of d/supply is"),))
    metric = vintage_of_metric(warehouse, early, "openai", "revenue")
    said = "revenue of openai is told only from number 9 of the log on, which is later than these clocks."
    assert (metric.rows, metric.notes) == ([], (said,))
    explained = explain_leg(warehouse, BEFORE, "d/supply")
    assert (explained.lines, explained.events) == ((NOT_YET.replace("of d is", "of d/supply is"),), ())


@pytest.mark.parametrize(
    ("codes", "main"),
    [
        (["EUR", "USD", "CNY"], "USD"),
        (["TWD", "EUR"], "EUR"),
        (["EUR", None], "EUR"),
        ([None], None),
        ([], None),
    ],
)
def test_the_usual_currency_comes_first_then_the_first_by_name(codes: list[str | None], main: str | None) -> None:
    assert main_currency(codes) == main


def test_a_corrected_reading_rests_on_the_event_and_on_its_correction() -> None:
    rows = [{"slot": 3, "read_at": 3}, {"slot": 4, "read_at": 9}]
    assert rests_on(rows) == {3, 4, 9}
    assert rests_on([]) == set()
