"""Every reason for which the ledger refuses an event, by name, and the nearest case that it accepts."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from events.base import Event
from events.errors import BadInputError, DealsError
from ledger.clock import FixedClock
from ledger.record import refusals
from ledger.record.refusals import (
    AmendsAnotherLegError,
    AnnouncedInFutureError,
    CompanyLooksAlikeError,
    CompanyNameTakenError,
    ContradictionError,
    DanglingReferenceError,
    DayOutOfReachError,
    DeceptiveNameError,
    IdentifierTakenError,
    LegExistsError,
    LegTypeDiffersError,
    NotAStandInError,
    PartCircleError,
    PerformanceTypeError,
    RefusedError,
    StandInCircleError,
    StandInIdentifiedError,
    StandInNotRegisteredError,
    UnknownCompanyError,
    UnknownLegError,
    UnknownTrancheError,
)
from tests.ledger.scenes import START, company, delivery, event, ledger_with, purchase, warrant

LATER = "2025-12-01"
LEI = "549300S4KLFTLO7GSQ80"


def guarantee(**fields: object) -> Event:
    body = {"guarantor": "amd", "obligor": "openai", "status": "definitive"}
    return event("guarantee_given", deal="two", leg="promise", **{**body, **fields})


def loan(**fields: object) -> Event:
    return event("loan_arranged", deal="two", leg="loan", **{"borrower": "openai", "status": "definitive", **fields})


def status(**fields: object) -> Event:
    return event("status_changed", **{"deal": "one", "status": "terminated", **fields})


def vested(**fields: object) -> Event:
    return event("tranche_vested", deal="one", leg="warrant", **fields)


def identified(**fields: object) -> Event:
    return event("party_identified", **{"placeholder": "customer-4", "company": "openai", **fields})


def marked() -> Event:
    body = {"company": "openai", "name": "OpenAI", "layer": "chips", "stand_in": True}
    replacement = {"type": "company_registered", "key": "company/openai", "announced_on": "2025-10-06", **body}
    return event(
        "event_corrected", key="marked", corrects="company/openai", replacement=replacement, reason="forgotten"
    )


def moved(**fields: object) -> Event:
    closes = {"close": {"value": "203.71", "currency": "USD"}, "prior_close": {"value": "164.67", "currency": "USD"}}
    return event("price_moved", company="amd", session="2025-10-06", **{"basis": "close", **closes, **fields})


def amended(*, amends: str = "one/supply/2025-10-06", announced_on: str = LATER, **fields: str) -> Event:
    return purchase(announced_on=announced_on, amends=amends, **fields)


# The class, the field it names, the value it shows, what the advice tells, and the event on top of one/supply and
# one/warrant.
REFUSED: list[tuple[type[RefusedError], str, str, str, Event]] = [
    (UnknownCompanyError, "supplier", "amdd", "did you mean 'amd'?", purchase("two", supplier="amdd")),
    (UnknownCompanyError, "supplier", "\u0430md", "did you mean 'amd'? what was typed looks the same and is another name: \\u0430md",
     purchase("two", supplier="\u0430md")),
    (UnknownCompanyError, "lenders.1.company", "zz", "company_registered",
     loan(lenders=[{"company": "amd"}, {"company": "zz"}])),
    (UnknownCompanyError, "parent", "nvidia", "company_registered", company("mellanox", parent="nvidia")),
    (UnknownCompanyError, "company", "開放人工智慧", "company_registered", identified(placeholder="customer-2", company="開放人工智慧")),
    (StandInNotRegisteredError, "placeholder", "customer-4", "stand_in: true", identified()),
    (ContradictionError, "return", "23.71", "write 0.2371", moved(**{"return": "23.71"})),
    (CompanyNameTakenError, "aliases", "AmD", "", company("other", aliases=["x", "AmD"])),
    (CompanyNameTakenError, "name", " 超微", "", company("other", name=" 超微")),
    (CompanyNameTakenError, "ticker", "AMD", "", company("other", ticker="AMD")),
    (CompanyNameTakenError, "company", "amd-corp", "", company("amd-corp", name="Another")),
    (CompanyNameTakenError, "name", "A\\xadMD", "", company("other", name="A\u00adMD")),
    (CompanyLooksAlikeError, "name", "OpenAl", "if the company is openai", company("other", name="OpenAl")),
    (CompanyLooksAlikeError, "aliases", "\\u0410\\u041cD2".replace("D2", "\\u0501"), "", company("other", aliases=["\u0410\u041c\u0501"])),
    (CompanyLooksAlikeError, "company", "0penai", "", company("0penai", name="Another")),
    (DeceptiveNameError, "name", "\\u0410MD", "one alphabet", company("other", name="\u0410MD")),
    (DeceptiveNameError, "aliases", "\\u3164", "hidden", company("other", aliases=["\u3164"])),
    (IdentifierTakenError, "cik", "0000002488", "other company's", company("other", cik="2488")),
    (IdentifierTakenError, "lei", LEI, "other company's", company("other", lei=LEI)),
    (StandInIdentifiedError, "placeholder", "customer-1", "deals correct party/customer-1", identified(placeholder="customer-1", announced_on=LATER)),
    (StandInCircleError, "company", "customer-2", "", identified(placeholder="customer-2", company="customer-2")),
    (StandInCircleError, "company", "customer-3", "", identified(placeholder="customer-2", company="customer-3")),
    (NotAStandInError, "placeholder", "openai", "deals correct company/openai --set stand_in=true", identified(placeholder="openai", company="amd")),
    (NotAStandInError, "placeholder", "amd", "deals correct company/amd/more --set", identified(placeholder="amd", company="customer-2")),
    (NotAStandInError, "stand_in", "false", "deals retract party/customer-1/2025-10-06", company("customer-1", key="again")),
    (LegExistsError, "amends", "", "amends: one/supply/2025-10-06", purchase(announced_on=LATER)),
    (LegExistsError, "amends", "", "amends: one/supply/2025-10-06", purchase(key="same-day")),
    (LegTypeDiffersError, "type", "warrant_granted", "leg of its own", warrant(leg="supply", announced_on=LATER)),
    (LegTypeDiffersError, "type", "warrant_granted", "leg of its own", warrant(leg="supply", announced_on="2024-01-01")),
    (PartCircleError, "part_of", "whole/site", "holds nothing else", amended(part_of="whole/site")),
    (PartCircleError, "part_of", "whole/campus", "",
     purchase("whole", "site", key="mended", announced_on=LATER, amends="whole/site/2025-10-06", part_of="whole/campus")),
    (AmendsAnotherLegError, "amends", "one/warrant/2025-10-06", "same leg", amended(amends="one/warrant/2025-10-06")),
    (DanglingReferenceError, "amends", "one/supply/2024", "deals log", amended(amends="one/supply/2024")),
    (DanglingReferenceError, "amends", "company/amd", "name the terms", amended(amends="company/amd")),
    (DanglingReferenceError, "amends", "me", "name the terms", amended(key="me", amends="me")),
    (DanglingReferenceError, "covers", "one/suply", "did you mean 'supply'?", guarantee(covers="one/suply")),
    (DanglingReferenceError, "covers", "one/zzz", "legs of one: equity, supply, warrant", guarantee(covers="one/zzz")),
    (DanglingReferenceError, "covers", "onne/supply", "did you mean 'one'?", guarantee(covers="onne/supply")),
    (DanglingReferenceError, "relies_on.1", "x/y", "terms first", loan(relies_on=["one/supply", "x/y"])),
    (DanglingReferenceError, "superseded_by", "x/y", "", status(leg="supply", superseded_by="x/y")),
    (DanglingReferenceError, "tranches.0.conditions.0.leg", "x/y", "",
     warrant("two", tranches=[{"tranche": "t", "conditions": [{"kind": "capacity", "leg": "x/y"}]}])),
    (DanglingReferenceError, "about", "nothing", "deals log",
     event("document_attached", about="nothing", sha256="0" * 64, media_type="text/plain", bytes=1)),
    (UnknownLegError, "leg", "one/sup", "did you mean 'supply'?", delivery(leg="sup")),
    (UnknownLegError, "leg", "oen/supply", "did you mean 'one'?", delivery("oen")),
    (UnknownLegError, "leg", "one/sup", "", status(leg="sup")),
    (UnknownLegError, "deal", "zero", "", status(deal="zero")),
    (UnknownTrancheError, "tranche", "third", "tranches: first, second", vested(tranche="third")),
    (UnknownTrancheError, "tranche", "first", "no tranches",
     event("tranche_funded", deal="one", leg="equity", tranche="first")),
    (PerformanceTypeError, "leg", "one/warrant", "purchase_committed", delivery(leg="warrant")),
    (PerformanceTypeError, "leg", "one/supply", "warrant_granted", event("tranche_vested", deal="one", leg="supply")),
    (DayOutOfReachError, "ends_on", "9999-12-31", "no end", purchase("two", ends_on="9999-12-31")),
    (DayOutOfReachError, "schedule.0.from", "0001-01-01", "misprint",
     purchase("two", schedule=[{"from": "0001-01-01", "to": "2026-01-01", "share": "1"}])),
    (DayOutOfReachError, "tranches.0.conditions.0.threshold", "3000-01-01", "leave the day out",
     warrant("two", tranches=[{"tranche": "t", "conditions": [{"kind": "date", "threshold": "3000-01-01"}]}])),
    (DayOutOfReachError, "announced_time", "9999-12-31T23:59:59-14:00", "misprint",
     purchase("two", announced_time="9999-12-31T23:59:59-14:00")),
    (DayOutOfReachError, "source.published_on", "1799-12-31", "misprint",
     purchase("two", source={"kind": "press", "publisher": "The Times", "published_on": "1799-12-31"})),
    (AnnouncedInFutureError, "announced_on", "2026-02-01", "effective_on", purchase("two", announced_on="2026-02-01")),
]  # fmt: skip

SCENE = [
    company("amd", key="company/amd/more", ticker="AMD", cik="2488", lei=LEI, aliases=["超微", "AMD-Corp"]),
    company("customer-1", stand_in=True),
    company("customer-2", stand_in=True),
    company("customer-3", stand_in=True),
    identified(placeholder="customer-3", company="customer-2"),
    identified(placeholder="customer-1", company="amd"),
    purchase(),
    warrant(),
    event("investment_committed", deal="one", leg="equity", investor="amd", investee="openai", status="definitive"),
    purchase("whole", "site", part_of="one/supply"),
    purchase("whole", "campus", part_of="whole/site"),
]


@pytest.mark.parametrize(("error", "field", "got", "advice", "refused"), REFUSED)
def test_it_is_refused_by_name(
    tmp_path: Path, error: type[RefusedError], field: str, got: str, advice: str, refused: Event
) -> None:
    with ledger_with(tmp_path, SCENE) as ledger:
        ledger.clock = FixedClock(START)
        with pytest.raises(RefusedError) as caught:
            ledger.record([refused])
    found = caught.value
    assert (type(found), found.key, found.field, found.got) == (error, refused.key, field, got)
    assert found.message.startswith(f"{refused.key}: {field}: {found.what}")
    assert advice in found.advice
    assert found.exit_code == 65


def test_every_refusal_has_a_case() -> None:
    elsewhere = {
        "RefusedError",
        "KeyConflictError",
        "NotLastOfChainError",
        "RepeatedRowError",
        "ReplacementDiffersError",
    }
    assert {error.__name__ for error, *_ in REFUSED} == set(refusals.__all__) - elsewhere


ACCEPTED: list[list[Event]] = [
    [purchase("two", supplier="超微")],
    [company("mellanox", parent="nvidia"), company("nvidia", parent="mellanox")],
    [company("customer-4", stand_in=True), identified()],
    # Who was registered without the mark gets it in the same input: registered again, or corrected, before or after.
    [identified(placeholder="openai", company="amd"), company("openai", key="again", name="OpenAI", stand_in=True)],
    [identified(placeholder="openai", company="amd"), marked()],
    [marked(), identified(placeholder="openai", company="amd")],
    [company("customer-2", key="again")],
    # A second registration of a company adds names and keeps the earlier ones.
    [company("amd", key="company/amd/again", aliases=["AMD Inc"]), purchase("two", supplier="amd inc")],
    # An original that arrives late precedes all the leg's terms.
    [purchase(announced_on="2025-10-05")],
    [purchase(announced_on="2025-12-01", effective_on="2025-10-05")],
    [amended(), amended(key="second", announced_on="2025-12-02", amends=f"one/supply/{LATER}")],
    [amended(amends="two-steps"), amended(key="two-steps", announced_on="2025-11-01")],
    [guarantee(covers="one/supply"), loan(relies_on=["two/promise", "one/supply"])],
    [status(), status(leg="supply", superseded_by="one/warrant")],
    [vested(tranche="first"), vested(tranche=None, announced_on=LATER)],
    # A tranche of the leg's older terms can still vest after the amendment that no longer names it.
    [warrant(announced_on=LATER, amends="one/warrant/2025-10-06", tranches=[]), vested(tranche="first")],
    # A price may react to a deal that is not recorded yet.
    [event("price_moved", company="amd", session="2025-10-06", basis="close", about="unheard-of", **{"return": "0.2"})],
    [moved(**{"return": "0.2371"})],
    [purchase("two", announced_on="2026-01-31", effective_on="2040-01-01")],
    [purchase("two", starts_on="1800-01-01", ends_on="2999-12-31", note="9999-12-31")],
]


@pytest.mark.parametrize("accepted", ACCEPTED)
def test_its_neighbour_is_accepted(tmp_path: Path, accepted: list[Event]) -> None:
    with ledger_with(tmp_path, SCENE) as ledger:
        ledger.clock = FixedClock(START)
        assert len(ledger.check(accepted)) == len(accepted)
        assert len(ledger.record(accepted).keys) == len(accepted)


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (dt.datetime(2026, 1, 31, 9, 59, 59, tzinfo=dt.UTC), "2026-01-31"),
        (dt.datetime(2026, 1, 31, 10, 0, 0, tzinfo=dt.UTC), "2026-02-01"),
        (dt.datetime(2026, 1, 31, 23, 59, 59, tzinfo=dt.UTC), "2026-02-01"),
    ],
)
def test_the_last_announced_day_is_that_of_the_furthest_zone(tmp_path: Path, at: dt.datetime, day: str) -> None:
    after = (dt.date.fromisoformat(day) + dt.timedelta(days=1)).isoformat()
    with ledger_with(tmp_path) as ledger:
        ledger.clock = FixedClock(at)
        with pytest.raises(AnnouncedInFutureError):
            ledger.record([purchase(announced_on=after)])
        ledger.record([purchase(announced_on=day)])


def test_a_replacement_must_not_contradict_itself_either(tmp_path: Path) -> None:
    with ledger_with(tmp_path, [*SCENE, moved(**{"return": "0.24"})]) as ledger:
        right = moved(**{"return": "-0.2371"})
        with pytest.raises(ContradictionError) as caught:
            ledger.correct(right.key, right, reason="a misprint")
    assert (caught.value.field, caught.value.got) == ("replacement.return", "-0.2371")


def test_only_the_future_is_open_to_what_if(tmp_path: Path) -> None:
    with ledger_with(tmp_path, SCENE) as ledger:
        future = purchase("two", announced_on="2040-01-01")
        assert ledger.check([future], hypothetical=True) == [future]
        with pytest.raises(UnknownLegError):
            ledger.check([delivery("two", announced_on="2040-01-01")], hypothetical=True)
        with pytest.raises(LegExistsError):
            ledger.check([purchase(announced_on="2040-01-01")], hypothetical=True)


def test_parts_never_lead_in_a_circle(tmp_path: Path) -> None:
    ring = [purchase("d", name, part_of=f"d/{whole}") for name, whole in (("a", "b"), ("b", "c"), ("c", "a"))]
    for order in (ring, ring[::-1], [ring[1], ring[2], ring[0]]):
        with ledger_with(tmp_path / str(ring.index(order[0])), SCENE) as ledger:
            with pytest.raises(DealsError, match=r"leads back to the leg: d/[abc]( is part of d/[abc]){3}"):
                ledger.record(order)
            with pytest.raises(DealsError, match="leads back to the leg"):
                ledger.check(order, hypothetical=True)


def test_a_correction_makes_no_circle_of_parts(tmp_path: Path) -> None:
    with ledger_with(tmp_path, SCENE) as ledger:
        wrong = purchase(part_of="whole/campus")
        with pytest.raises(PartCircleError) as caught:
            ledger.correct(wrong.key, wrong, reason="x")
        assert caught.value.field == "replacement.part_of"
        assert caught.value.what == (
            "leads back to the leg: one/supply is part of whole/campus is part of whole/site is part of one/supply"
        )
        # A leg that is no longer a part may become the whole.
        ledger.correct("whole/site/2025-10-06", purchase("whole", "site"), reason="it stands alone")
        assert ledger.correct(wrong.key, wrong, reason="x").keys


def test_amends_never_lead_in_a_circle(tmp_path: Path) -> None:
    circle = [
        amended(key="a", amends="c"),
        amended(key="b", amends="a", announced_on="2025-12-02"),
        amended(key="c", amends="b", announced_on="2025-12-03"),
    ]
    with ledger_with(tmp_path) as ledger, pytest.raises(DanglingReferenceError, match="leads back to itself"):
        ledger.record(circle)


def test_hints_stay_quick_for_thousands_of_mistakes(tmp_path: Path) -> None:
    names = [company(f"company-{number}") for number in range(300)]
    wrong = [purchase(f"deal-{number}", supplier=f"compny-{number}") for number in range(1_000)]
    with ledger_with(tmp_path, names) as ledger, pytest.raises(BadInputError) as caught:
        ledger.record(wrong)
    findings = caught.value.findings
    assert {finding.name for finding in findings} == {"UnknownCompanyError"}
    assert (len(findings), findings[7].advice) == (1_000, "did you mean 'company-7'?")
