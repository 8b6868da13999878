"""The shipped catalogue: every line valid and in its written form, in order, sourced, and consistent with the rest."""

from __future__ import annotations

import itertools
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import Any

import orjson
import pytest

from events.base import Event
from events.codec import parse
from events.companies import CompanyRegistered
from events.keys import derived_key
from events.observations import MetricReported, PriceMoved
from events.performance import PerformanceEvent
from events.terms import LoanArranged, PurchaseCommitted, StatusChanged, TermsEvent
from tests.events.catalogue_form import CATALOGUE, counts_table, read_catalogue, written_form
from tests.events.catalogue_mends import MENDS

# The research that the catalogue was made from lies beside the repository where it was made, and nowhere else. Later
# readings lie in files of their own there.
RESEARCH = Path(__file__).parents[3] / "shared" / "data"
FIRST_READING = (
    "announcements-openai",
    "announcements-others",
    "announcements-supply",
    "companies-openai",
    "companies-others",
    "companies-supply",
    "metrics",
    "metrics-balance",
)


@cache
def catalogue() -> tuple[Event, ...]:
    """Return all events in the order of an import: companies, then the announcements by file and line."""
    return tuple(parse(orjson.loads(line)) for _, _, line in read_catalogue())


def of_type(cls: type[Any]) -> list[Any]:
    return [event for event in catalogue() if isinstance(event, cls)]


@cache
def legs() -> dict[str, list[TermsEvent]]:
    """Return the terms of each leg in the order of the catalogue."""
    found: dict[str, list[TermsEvent]] = defaultdict(list)
    for event in of_type(TermsEvent):
        found[event.leg_ref].append(event)
    return dict(found)


def test_every_line_is_in_its_written_form() -> None:
    for path, number, line in read_catalogue():
        expected = written_form(parse(orjson.loads(line)))
        assert line == expected, f"{path.name}:{number} should read:\n{expected}"


def test_files_end_with_a_line_feed_and_hold_what_their_names_say() -> None:
    for path, number, line in read_catalogue():
        event = parse(orjson.loads(line))
        place = f"{path.name}:{number}"
        if path.name == "companies.jsonl":
            assert event.type == "company_registered", place
        else:
            assert event.type != "company_registered", place
            assert path.stem == str(event.announced_on.year), place
    for path in {path for path, _, _ in read_catalogue()}:
        content = path.read_bytes()
        assert content.endswith(b"}\n")
        assert b"\r" not in content


def test_each_file_is_in_order_of_announcement() -> None:
    by_file: dict[str, list[str]] = defaultdict(list)
    for path, _, line in read_catalogue():
        by_file[path.name].append(orjson.loads(line)["announced_on"])
    for name, days in by_file.items():
        assert days == sorted(days), name


def test_every_event_says_where_it_was_read_and_how_far_to_trust_it() -> None:
    for event in catalogue():
        assert event.source, event.key
        assert event.source.publisher, event.key
        assert event.confidence, event.key
        assert event.note, event.key
        addresses = [event.source.url, *(other.url for other in event.contested)]
        assert all(address.startswith(("https://", "http://")) for address in addresses if address), event.key
        published = event.source.published_on
        assert published is None or published >= event.announced_on, event.key


def test_keys_are_unique() -> None:
    keys = [event.key for event in catalogue()]
    assert len(keys) == len(set(keys))


def test_no_fact_stands_there_twice() -> None:
    """Take away what names and sources an event: nothing may then be left twice."""
    seen: dict[bytes, str] = {}
    for _, _, line in read_catalogue():
        raw = orjson.loads(line)
        told = {"key", "source", "confidence", "contested", "note", "date_precision", "qualifier"}
        fact = orjson.dumps(
            {name: value for name, value in raw.items() if name not in told}, option=orjson.OPT_SORT_KEYS
        )
        assert fact not in seen, f"{raw['key']} repeats {seen[fact]}"
        seen[fact] = raw["key"]


def test_no_metric_is_reported_twice_on_one_day() -> None:
    seen: dict[tuple[object, ...], str] = {}
    for event in of_type(MetricReported):
        subject = (event.company, event.market, event.metric, event.metric_name, event.counterparty, event.unit)
        period = (event.basis, event.on, event.period_from, event.period_to)
        identity = (*subject, *period, event.announced_on)
        assert identity not in seen, f"{event.key} repeats {seen[identity]}"
        seen[identity] = event.key


def test_companies_are_known_by_the_day_they_are_named() -> None:
    registered = {event.company: event.announced_on for event in of_type(CompanyRegistered)}
    for event in catalogue():
        for field, company in event.companies().items():
            assert company in registered, f"{event.key}: {field}: {company}"
            assert registered[company] <= event.announced_on, f"{event.key}: {field}: {company}"


def test_every_company_takes_part_in_something() -> None:
    named = {name for event in catalogue() if event.type != "company_registered" for name in event.companies().values()}
    assert {event.company for event in of_type(CompanyRegistered)} == named


def test_no_name_stands_for_two_companies() -> None:
    owners: dict[str, str] = {}
    for event in of_type(CompanyRegistered):
        for name in (event.company, event.name, *event.aliases, event.ticker):
            if name is not None:
                assert owners.setdefault(name.casefold(), event.company) == event.company, name
    for field in ("cik", "lei"):
        numbers = [number for event in of_type(CompanyRegistered) if (number := getattr(event, field))]
        assert len(numbers) == len(set(numbers))


def test_stand_ins_are_marked_and_what_was_identified_was_one() -> None:
    companies = {event.company: event for event in of_type(CompanyRegistered)}
    for event in companies.values():
        assert event.stand_in == (event.note or "").startswith("Stand-in"), event.key
    for event in catalogue():
        if event.type == "party_identified":
            assert companies[event.companies()["placeholder"]].stand_in
            assert not companies[event.companies()["company"]].stand_in


def test_terms_of_a_known_leg_amend_the_ones_before() -> None:
    for leg, terms in legs().items():
        assert len({event.type for event in terms}) == 1, leg
        assert terms[0].amends is None, leg
        for before, after in itertools.pairwise(terms):
            assert after.amends == before.key, after.key
            assert (before.effective_on, before.announced_on) < (after.effective_on, after.announced_on), after.key


def test_references_to_legs_resolve() -> None:
    for event in catalogue():
        for field, leg in event.leg_references().items():
            assert leg in legs(), f"{event.key}: {field}: {leg}"


def test_references_to_events_resolve_to_earlier_lines() -> None:
    seen: set[str] = set()
    for event in catalogue():
        for field, key in event.key_references().items():
            assert key in seen, f"{event.key}: {field}: {key}"
        seen.add(event.key)


def test_performance_stands_after_terms_that_it_fits() -> None:
    known: dict[str, TermsEvent] = {}
    tranches: dict[str, set[str]] = defaultdict(set)
    for event in catalogue():
        if isinstance(event, TermsEvent):
            known[event.leg_ref] = event
            tranches[event.leg_ref] |= set(event.tranche_names())
        if isinstance(event, PerformanceEvent):
            assert known[event.leg_ref].type in event.ON, event.key
            tranche = event.tranche_reference()
            assert tranche is None or tranche in tranches[event.leg_ref], event.key
        if isinstance(event, StatusChanged):
            named = [leg for leg in known if leg.startswith(f"{event.deal}/")]
            assert f"{event.deal}/{event.leg}" in named if event.leg else named, event.key


def test_a_price_reacts_to_a_deal_that_exists_in_a_session_that_was_held() -> None:
    deals = {event.deal for terms in legs().values() for event in terms}
    for event in of_type(PriceMoved):
        assert event.about is None or event.about in deals, event.key
        assert event.session.weekday() < 5, event.key
        assert event.effective_on == event.session, event.key


def test_only_what_is_definitive_hangs_on_conditions() -> None:
    for event in [*of_type(TermsEvent), *of_type(StatusChanged)]:
        assert not event.conditional or event.status == "definitive", event.key


def test_nothing_is_announced_before_it_can_be_known_and_nothing_lies_ahead() -> None:
    for event in catalogue():
        assert event.effective_on <= event.announced_on, event.key
        assert "2024-01-01" <= event.announced_on.isoformat() <= "2026-07-31", event.key


def test_firm_parts_do_not_exceed_the_headline() -> None:
    for terms in legs().values():
        for event in terms:
            amount, firm = getattr(event, "amount", None), getattr(event, "firm", None)
            if amount and firm:
                assert float(firm.value) <= float(amount.value), event.key
            if isinstance(event, LoanArranged) and amount and amount.qualifier != "at_least":
                assert sum(float(lender.amount.value) for lender in event.lenders if lender.amount) <= float(
                    amount.value
                )


def test_magnitudes_are_those_of_this_trade() -> None:
    """Catch units slipped by a thousand: a gigawatt costs 10 to 60 billion dollars, and a leg has at most 10."""
    for event in of_type(PurchaseCommitted):
        if event.capacity_gw is not None:
            assert 0.1 <= float(event.capacity_gw) <= 10, event.key
        for money in (event.amount, event.firm, event.prepaid):
            if money and float(money.value) and money.currency == "USD":
                assert 1e8 <= float(money.value) <= 3e11, event.key
    bounds = {"fraction": (-1, 2), "GW": (0.1, 50), "USD": (-6e10, 6e12), "JPY": (-1e12, 5e13), "shares": (0, 3e10)}
    for event in of_type(MetricReported):
        low, high = bounds.get(event.unit, (0, 1e16))
        assert low <= float(event.value) <= high, event.key
        if event.low and event.high:
            assert float(event.low) <= float(event.value) <= float(event.high), event.key
        if event.unit == "USD" and float(event.value):
            assert abs(float(event.value)) >= 1e7 or event.metric in {"share_price", "other"}, event.key


def test_one_capacity_lot_is_one_place() -> None:
    """Legs that share a lot share at least one party, or they would not carry the same gigawatts."""
    lots: dict[str, list[set[str]]] = defaultdict(list)
    for event in of_type(PurchaseCommitted):
        if event.capacity_lot:
            lots[event.capacity_lot].append(set(event.companies().values()))
    for lot, parties in lots.items():
        joined, rest = parties[0], parties[1:]
        while rest:
            touching = [party for party in rest if party & joined]
            assert touching, f"{lot}: {rest} meet none of {joined}"
            joined = joined.union(*touching)
            rest = [party for party in rest if not party & joined]


@pytest.mark.parametrize(
    ("key", "unlike"),
    [
        # Told again by the project's article; the first telling has the plain key.
        ("price/oracle/2025-09-10/intraday-2", "price/oracle/2025-09-10/intraday"),
    ],
)
def test_keys_that_stray_from_the_derived_ones_are_known(key: str, unlike: str) -> None:
    raw = next(orjson.loads(line) for _, _, line in read_catalogue() if orjson.loads(line)["key"] == key)
    assert derived_key(raw) == unlike


def test_the_readme_counts_right() -> None:
    table = counts_table(catalogue())
    assert table in (CATALOGUE / "README.md").read_text(encoding="utf-8"), f"the README's table should read:\n{table}"


def test_the_catalogue_is_the_research_but_for_the_mends_written_down() -> None:
    if not RESEARCH.is_dir():
        return  # nothing to compare with: the research is not part of the repository
    told = [
        orjson.loads(line) for name in FIRST_READING for line in (RESEARCH / f"{name}.jsonl").read_bytes().splitlines()
    ]
    by_key = {event.key: event for event in catalogue()}
    researched = {raw["key"]: parse({**raw, **MENDS.get(raw["key"], {})}) for raw in told}
    assert len(told) == len(researched)
    # Whatever was found since stays out of the comparison; whatever was found then stays in the catalogue.
    assert {key: by_key.get(key) for key in researched} == researched
    assert set(MENDS) <= set(researched)
    assert all(parse(raw) != researched[raw["key"]] for raw in told if raw["key"] in MENDS)
