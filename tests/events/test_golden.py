"""Every form ever stored still reads, means the same, and is still there, byte by byte."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest
import rfc8785

from events.codec import as_raw, decode, encode, parse
from events.envelope import leaf_bytes, read_leaf
from events.errors import BadValueError
from events.housekeeping import EventCorrected
from events.registry import TYPES
from events.terms import LoanArranged
from events.upcasters import UPCASTERS, current_version, upcast
from tests.golden.write import FOLDER, SUMS, current_file, sums_of

FILES = sorted(FOLDER.glob("*/*.json"))


def name_of(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_every_golden_leaf_reads_as_the_current_form(path: Path) -> None:
    recorded = read_leaf(1, path.read_bytes())
    event = recorded.event
    assert recorded.type == path.parent.name == event.type
    assert path.name.startswith(f"v{recorded.schema_version}")
    assert type(event) is TYPES[path.parent.name]
    again = encode(event)
    assert decode(orjson.loads(again), event.SCHEMA_VERSION) == event


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_golden_leaves_are_canonical(path: Path) -> None:
    assert path.read_bytes() == rfc8785.dumps(orjson.loads(path.read_bytes()))


@pytest.mark.parametrize("name", TYPES)
def test_the_current_form_is_written_as_the_golden_file_has_it(name: str) -> None:
    path = current_file(name)
    recorded = read_leaf(1, path.read_bytes())
    rewritten = leaf_bytes(
        encode(parse(recorded.raw)),
        recorded_at=recorded.recorded_at,
        recorder=recorded.recorder,
        schema_version=TYPES[name].SCHEMA_VERSION,
    )
    assert rewritten == path.read_bytes()


@pytest.mark.parametrize("name", TYPES)
def test_every_version_of_every_type_has_its_golden_file(name: str) -> None:
    for version in range(1, TYPES[name].SCHEMA_VERSION + 1):
        assert (FOLDER / name / f"v{version}.json").exists(), (
            f"{name} is stored in version {version} without a golden file: run python -m tests.golden.write"
        )


def test_no_golden_file_was_changed_or_removed() -> None:
    assert sums_of(FOLDER) == SUMS.read_text(), "golden files are for ever; see tests/golden/README.md"


def test_upcasters_lead_step_by_step_to_the_version_of_the_model() -> None:
    assert {name: current_version(name) for name in TYPES} == {name: cls.SCHEMA_VERSION for name, cls in TYPES.items()}
    steps = {(name, version) for name, cls in TYPES.items() for version in range(1, cls.SCHEMA_VERSION)}
    assert set(UPCASTERS) == steps


def test_a_loan_of_version_1_means_the_loan_of_version_2() -> None:
    old = read_leaf(1, (FOLDER / "loan_arranged" / "v1.json").read_bytes())
    new = read_leaf(1, (FOLDER / "loan_arranged" / "v2.json").read_bytes())
    assert (old.schema_version, new.schema_version) == (1, 2)
    assert old.raw["rate"] == "SOFR+250bp"
    assert new.raw["rate"] == {"text": "SOFR+250bp"}
    assert upcast("loan_arranged", 1, old.raw) == new.raw
    assert old.event
    assert encode(old.event) == encode(new.event) if new.event else False
    assert isinstance(old.event, LoanArranged)


def test_upcasting_leaves_what_was_read_as_it_was() -> None:
    leaf = (FOLDER / "event_corrected" / "v1-of-loan-v1.json").read_bytes()
    recorded = read_leaf(1, leaf)
    assert recorded.event
    assert recorded.raw == orjson.loads(leaf)["event"]


def test_a_correction_to_a_loan_of_version_1_is_brought_up_to_date_inside() -> None:
    recorded = read_leaf(1, (FOLDER / "event_corrected" / "v1-of-loan-v1.json").read_bytes())
    assert recorded.raw["replacement_schema_version"] == 1
    assert recorded.raw["replacement"]["rate"] == "SOFR+250bp"
    event = recorded.event
    assert isinstance(event, EventCorrected)
    assert event.replacement_schema_version == LoanArranged.SCHEMA_VERSION
    assert event.replacement == read_leaf(1, (FOLDER / "loan_arranged" / "v2.json").read_bytes()).event
    assert as_raw(event)["replacement"]["rate"] == {"text": "SOFR+250bp"}


@pytest.mark.parametrize("version", [0, -1])
def test_a_version_that_never_was_is_refused(version: int) -> None:
    raw = read_leaf(1, (FOLDER / "loan_arranged" / "v1.json").read_bytes()).raw
    with pytest.raises(BadValueError, match=f"no schema version {version}"):
        decode(raw, version)


@pytest.mark.parametrize(
    "broken", [{"replacement": None}, {"replacement": "a key"}, {"replacement_schema_version": "2"}]
)
def test_a_broken_correction_is_refused_by_its_field(broken: dict[str, object]) -> None:
    raw = read_leaf(1, (FOLDER / "event_corrected" / "v1.json").read_bytes()).raw
    with pytest.raises(BadValueError, match=next(iter(broken))):
        decode({**raw, **broken}, 1)


def test_a_correction_to_a_form_newer_than_known_is_refused_with_advice() -> None:
    raw = read_leaf(1, (FOLDER / "event_corrected" / "v1.json").read_bytes()).raw
    with pytest.raises(BadValueError, match="loan_arranged: stored in schema version 4") as caught:
        decode({**raw, "replacement_schema_version": 4}, 1)
    assert caught.value.advice == "update the deals package and try again"
