"""No second company that looks like another comes in, and a stand-in is one company, in one import or over several."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from events.base import Event
from events.codec import as_raw, parse
from events.errors import BadInputError
from ledger.application import Ledger
from ledger.exchange.merge import merge_bundle
from ledger.exchange.restore import restore_bundle
from ledger.reader import LedgerReader
from ledger.record.refusals import (
    CompanyLooksAlikeError,
    CompanyNameTakenError,
    DeceptiveNameError,
    IdentifierTakenError,
    NotAStandInError,
    RefusedError,
    StandInCircleError,
    StandInIdentifiedError,
)
from tests.ledger.audit_scenes import export
from tests.ledger.scenes import company, event, new_ledger, purchase

CATALOGUE = Path(__file__).parents[3] / "events" / "catalogue"
LEI = "549300S4KLFTLO7GSQ80"
NVIDIA = company("nvidia", name="Nvidia", ticker="NVDA", aliases=["輝達"], cik="1045810", lei=LEI)
STAND_INS = [company(name, stand_in=True) for name in ("a", "b", "c")]


def named(placeholder: str, who: str, **fields: object) -> Event:
    return event("party_identified", placeholder=placeholder, company=who, **fields)


def refused(ledger: Ledger, events: Sequence[Event]) -> list[tuple[str, str, str]]:
    """Record what is to be refused; gives the error's class, the field and what was wrong, for each event at fault."""
    with pytest.raises((RefusedError, BadInputError)) as caught:
        ledger.record(events)
    error = caught.value
    if isinstance(error, RefusedError):
        return [(type(error).__name__, error.field, error.what)]
    assert isinstance(error, BadInputError)
    return [(finding.name, finding.field, finding.what) for finding in error.findings]


ALIKE = [
    ("Nvi\u00addia", CompanyNameTakenError),
    ("Nvi\u200ddia", CompanyNameTakenError),
    ("Nvi\ufe0fdia", CompanyNameTakenError),
    ("Nvi\u034fdia", CompanyNameTakenError),
    ("Nvi\U000e0100dia", CompanyNameTakenError),
    ("ＮＶＩＤＩＡ", CompanyNameTakenError),  # noqa: RUF001 - wide letters
    (" nVIDIA\u00a0", CompanyNameTakenError),
    ("輝\ufe00達", CompanyNameTakenError),
    ("Nvi\u3164dia", DeceptiveNameError),
    ("Nvi\u115fdia", DeceptiveNameError),
    ("Nvidia\U000e0041", DeceptiveNameError),
    ("Nvidia\u2800", DeceptiveNameError),
    ("NV\u0406DIA", DeceptiveNameError),
    ("\u039dvidia", DeceptiveNameError),
    ("NVlDIA", CompanyLooksAlikeError),
    ("Nv\u0131dia", CompanyLooksAlikeError),
    ("\u0274\u1d20\u026a\u1d05\u026a\u1d00", CompanyLooksAlikeError),
    ("Nvidia\u00ae", CompanyLooksAlikeError),
]


@pytest.mark.parametrize(("name", "error"), ALIKE)
@pytest.mark.parametrize("together", [True, False])
def test_no_second_company_that_looks_the_same_comes_in(
    tmp_path: Path, name: str, error: type[RefusedError], *, together: bool
) -> None:
    second = company("second", name=name)
    with new_ledger(tmp_path) as ledger:
        if not together:
            ledger.record([NVIDIA])
        found = refused(ledger, [NVIDIA, second] if together else [second])
    assert [(kind, field) for kind, field, _ in found] == [(error.__name__, "name")]
    assert error is DeceptiveNameError or "nvidia" in found[0][2]


@pytest.mark.parametrize("name", ["輝達", "台積電", "삼성전자", "Société Générale", "L\u2019Oréal", "Ünvan", "Яндекс"])
def test_an_honest_name_in_any_script_comes_in_and_is_found(tmp_path: Path, name: str) -> None:
    with new_ledger(tmp_path) as ledger:
        ledger.record([company("honest", name=name), company("other")])
        ledger.record([purchase(buyer=f" {name.lower()} ", supplier="other")])
    with LedgerReader(tmp_path / "deals.db") as reader:
        assert reader.company(name) == "honest"
        assert [entry.companies for entry in reader.entries(deal="one")] == [("honest", "other")]


def test_a_deceptive_name_is_no_refuge_in_a_correction(tmp_path: Path) -> None:
    other = company("other", name="Other")
    with new_ledger(tmp_path) as ledger:
        ledger.record([NVIDIA, other])
        for name, error in ALIKE:
            with pytest.raises(error) as caught:
                ledger.correct("company/other", company("other", name=name), reason="x")
            assert caught.value.field == "replacement.name"
        ledger.correct("company/other", company("other", name="Another"), reason="x")


@pytest.mark.parametrize(
    ("field", "mine", "shown"), [("cik", "0001045810", "0001045810"), ("lei", LEI, LEI), ("ticker", "NVDA", "NVDA")]
)
def test_an_identifier_of_another_company_is_refused_while_it_stands(
    tmp_path: Path, field: str, mine: str, shown: str
) -> None:
    second = company("second", name="Second", **{field: mine})
    words = "a name of nvidia already" if field == "ticker" else f"the {field.upper()} of nvidia already"
    kind = CompanyNameTakenError if field == "ticker" else IdentifierTakenError
    with new_ledger(tmp_path) as ledger:
        assert refused(ledger, [NVIDIA, second]) == [(kind.__name__, field, f"is {words}")]
        ledger.record([NVIDIA])
        with pytest.raises(kind, match=words) as caught:
            ledger.record([second])
        assert caught.value.got == shown
        # The same company may be registered again, with the same identifier.
        ledger.record([company("nvidia", key="again", name="Nvidia", aliases=["NV"], **{field: mine})])
        assert len(refused(ledger, [second])) == 1
        # What does not stand any more clashes with nothing: corrected away in one, retracted in the other.
        ledger.correct("company/nvidia", company("nvidia", name="Nvidia"), reason="typed wrong")
        assert len(refused(ledger, [second])) == 1
        ledger.retract("again", reason="twice")
        ledger.record([second])


def test_identifiers_that_one_import_corrects_are_free_in_it(tmp_path: Path) -> None:
    mended = {"type": "event_corrected", "key": "mended", "announced_on": "2025-10-06", "corrects": "company/nvidia"}
    replacement = {"type": "company_registered", "key": "company/nvidia", "company": "nvidia", "layer": "chips"}
    replacement |= {"announced_on": "2025-10-06", "name": "Nvidia"}
    with new_ledger(tmp_path) as ledger:
        ledger.record([NVIDIA])
        ledger.record([parse({**mended, "reason": "x", "replacement": replacement})])
        ledger.record([company("second", name="Second", cik="1045810", lei=LEI)])


def test_the_shipped_catalogue_holds_no_name_that_deceives(tmp_path: Path) -> None:
    raws = [
        json.loads(line) for file in sorted(CATALOGUE.rglob("*.jsonl")) for line in file.read_text("utf-8").splitlines()
    ]
    companies = [parse(raw) for raw in raws if raw["type"] == "company_registered"]
    with new_ledger(tmp_path) as ledger:
        assert len(ledger.check(companies, hypothetical=True)) == len(companies) > 80


@pytest.mark.parametrize(
    ("first", "then", "error", "field", "what"),
    [
        ([], named("a", "a"), StandInCircleError, "company", "is the stand-in itself"),
        ([named("a", "b")], named("b", "a"), StandInCircleError, "company", "leads back to the stand-in: b is a is b"),
        (
            [named("a", "b"), named("b", "c")],
            named("c", "a"),
            StandInCircleError,
            "company",
            "leads back to the stand-in: c is a is b is c",
        ),
        (
            [named("a", "nvidia")],
            named("a", "amd", announced_on="2025-12-01"),
            StandInIdentifiedError,
            "placeholder",
            "was identified as nvidia already, by party/a/2025-10-06",
        ),
        # Not even as what the first turned out to be, which says the same in another way.
        (
            [named("a", "b"), named("b", "nvidia")],
            named("a", "nvidia", announced_on="2025-12-01"),
            StandInIdentifiedError,
            "placeholder",
            "was identified as b already, by party/a/2025-10-06",
        ),
    ],
)
@pytest.mark.parametrize("together", [True, False])
def test_a_stand_in_is_one_company_and_no_ring_closes(
    tmp_path: Path,
    first: list[Event],
    then: Event,
    error: type[RefusedError],
    field: str,
    what: str,
    *,
    together: bool,
) -> None:
    with new_ledger(tmp_path) as ledger:
        ledger.record([NVIDIA, company("amd"), *STAND_INS])
        if not together:
            ledger.record(first)
        assert refused(ledger, [*first, then] if together else [then]) == [(error.__name__, field, what)]


def test_a_stand_in_is_another_one_first_and_a_company_later(tmp_path: Path) -> None:
    with new_ledger(tmp_path) as ledger:
        ledger.record([NVIDIA, *STAND_INS, named("b", "nvidia"), named("a", "b"), named("c", "b")])
        ledger.record([named("a", "b", announced_on="2025-12-01")])  # told again


def test_what_was_identified_wrong_is_mended_first(tmp_path: Path) -> None:
    with new_ledger(tmp_path) as ledger:
        ledger.record([NVIDIA, company("amd"), *STAND_INS, named("a", "nvidia"), named("b", "a")])
        second = named("a", "amd", announced_on="2025-12-01")
        with pytest.raises(StandInIdentifiedError) as caught:
            ledger.record([second])
        assert "deals correct party/a/2025-10-06, or deals retract party/a/2025-10-06" in caught.value.advice
        with pytest.raises(StandInIdentifiedError) as caught:
            ledger.record([named("b", "nvidia", announced_on="2025-12-01")])
        assert caught.value.advice.endswith("deals retract party/b/2025-10-06; if not, say who a is")
        with pytest.raises(StandInCircleError, match="a is b is a"):
            ledger.correct("party/a/2025-10-06", named("a", "b"), reason="x")
        with pytest.raises(StandInCircleError, match="is the stand-in itself"):
            ledger.correct("party/a/2025-10-06", named("a", "a"), reason="x")
        ledger.retract("party/a/2025-10-06", reason="a guess of the press")
        ledger.record([second])
        # Correcting the retraction would restore the first beside the second.
        with pytest.raises(StandInIdentifiedError, match="was identified as amd already"):
            ledger.correct("party/a/2025-10-06", named("a", "nvidia"), reason="x")
        ledger.correct(second.key, named("a", "nvidia", announced_on="2025-12-01"), reason="misread")
        ledger.correct("party/a/2025-10-06", named("a", "nvidia"), reason="it was right")


def test_one_import_may_mend_and_identify_anew(tmp_path: Path) -> None:
    gone = event("event_retracted", corrects="party/a/2025-10-06", reason="a guess")
    with new_ledger(tmp_path) as ledger:
        ledger.record([NVIDIA, company("amd"), *STAND_INS, named("a", "nvidia")])
        ledger.record([gone, named("a", "amd", announced_on="2025-12-01")])
        assert refused(ledger, [named("a", "nvidia", announced_on="2025-12-02")])[0][0] == "StandInIdentifiedError"


def test_a_stand_in_that_is_not_registered_is_refused_for_that_alone(tmp_path: Path) -> None:
    with new_ledger(tmp_path) as ledger:
        ledger.record([NVIDIA])
        assert [kind for kind, *_ in refused(ledger, [named("x", "x")])] == [
            "StandInNotRegisteredError",
            "UnknownCompanyError",
        ]


def test_the_rules_hold_for_what_if(tmp_path: Path) -> None:
    with new_ledger(tmp_path) as ledger:
        ledger.record([NVIDIA, *STAND_INS, named("a", "nvidia")])
        later = named("a", "b", announced_on="2040-01-01")
        for supposed in (named("b", "b"), named("nvidia", "b"), later, company("x", name="NVlDIA")):
            with pytest.raises(RefusedError):
                ledger.check([supposed], hypothetical=True)


NOT_MARKED = ("NotAStandInError", "placeholder", "is registered as a company, not as a stand-in, and keeps its deals")


def test_only_a_stand_in_turns_out_to_be_another(tmp_path: Path) -> None:
    with new_ledger(tmp_path) as ledger:
        assert refused(ledger, [NVIDIA, company("openai"), named("openai", "nvidia")]) == [NOT_MARKED]
        ledger.record([NVIDIA, company("openai"), *STAND_INS, named("a", "nvidia")])
        assert refused(ledger, [named("openai", "nvidia")]) == [NOT_MARKED]
        assert refused(ledger, [named("openai", "a")]) == [NOT_MARKED]
        # Nor by way of a correction of what was said of a stand-in.
        moved = parse({**as_raw(named("openai", "nvidia")), "key": "party/a/2025-10-06"})
        with pytest.raises(NotAStandInError) as caught:
            ledger.correct("party/a/2025-10-06", moved, reason="x")
        assert (caught.value.field, caught.value.got) == ("replacement.placeholder", "openai")
        # Of several registrations the latest counts.
        ledger.record([company("openai", key="again", stand_in=True)])
        assert len(ledger.check([named("openai", "nvidia")])) == 1
        ledger.retract("again", reason="a slip")
        assert refused(ledger, [named("openai", "nvidia")]) == [NOT_MARKED]


def test_who_was_identified_stays_a_stand_in(tmp_path: Path) -> None:
    said = "was identified as nvidia, by party/a/2025-10-06, which only a stand-in can be"
    with new_ledger(tmp_path) as ledger:
        ledger.record([NVIDIA, *STAND_INS, named("a", "nvidia")])
        assert refused(ledger, [company("a", key="again")]) == [("NotAStandInError", "stand_in", said)]
        with pytest.raises(NotAStandInError) as caught:
            ledger.correct("company/a", company("a"), reason="x")
        assert (caught.value.field, caught.value.what) == ("replacement.stand_in", said)
        ledger.record([company("a", key="again", aliases=["the customer"], stand_in=True)])
        ledger.correct("company/a", company("a"), reason="an older registration than the one that counts")
        ledger.correct("company/b", company("b"), reason="nobody said who it is")
        ledger.retract("party/a/2025-10-06", reason="a guess")
        ledger.correct("again", company("a", key="again"), reason="a company after all")


def test_what_an_older_ledger_says_of_a_company_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An older release asked for no mark: what it recorded is read, restored and mended, and not said anew."""
    events = [NVIDIA, company("openai"), named("openai", "nvidia")]
    with new_ledger(tmp_path) as ledger:
        with monkeypatch.context() as patch:
            patch.setattr("ledger.record.references._stand_in", lambda *_: [])
            ledger.record(events)
        assert ledger.record(events).already_known == tuple(event.key for event in events)
        ledger.correct("company/openai", company("openai", aliases=["Open AI"]), reason="another name")
        bundle = tmp_path / "bundle.zip"
        export(ledger.path, bundle, numbers=b"")
        for folder in ("restored", "other"):
            (tmp_path / folder).mkdir()
        with new_ledger(tmp_path / "restored") as restored:
            assert restore_bundle(restored, bundle).size == 4
        with new_ledger(tmp_path / "other") as other, pytest.raises(NotAStandInError):
            merge_bundle(other, bundle)
        ledger.correct("company/openai", company("openai", stand_in=True), reason="it was one")
        export(ledger.path, tmp_path / "mended.zip", numbers=b"")
        (tmp_path / "third").mkdir()
        with new_ledger(tmp_path / "third") as third:
            assert merge_bundle(third, tmp_path / "mended.zip").events == 5
