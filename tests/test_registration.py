"""Whatever has to be entered in several places is entered in all of them; what is missing is named with its file.

To add an event type, a measure or a verb, write its first file and let these tests lead to the others.
"""

from __future__ import annotations

import datetime as dt
import functools
import importlib
import re
from collections.abc import Iterator
from typing import Any

import click
import pytest

from cli.main import deals
from cli.recording.examples import EXAMPLES
from cli.recording.flags_from_schema import flags_json
from cli.verb_table import SECTIONS
from events import registry
from events.base import Event
from events.codec import encode, parse
from events.envelope import leaf_bytes
from events.keys import derived_key
from events.registry import TYPES
from events.type_names import EVENT_TYPES, full_type, short_type
from projections.clocks import Clocks
from projections.queries.over_time.timeline import pivot, timeline
from projections.queries.registry import MEASURES, Measure
from projections.result import Result
from projections.shred import LEAF_SCHEMA, TYPES_OF_TABLE
from projections.warehouse import Warehouse
from tests.cli.help_examples import all_lines, not_run
from tests.cli.running import ROOT
from tests.events.samples import SAMPLES
from tests.events.strategies import raws
from tests.golden.write import FOLDER as GOLDEN
from tests.oracle.recording import recorded
from tests.projections.catalogue import catalogue_raws
from tests.projections.comparison import warehouse_of
from tests.projections.queries.test_twins import TWINS

GENERATED = "run: make generated"
SNAPSHOTS = (ROOT / "tests" / "cli" / "__snapshots__" / "test_golden.ambr").read_text(encoding="utf-8")
EVENTS_PAGE = (ROOT / "docs" / "events.md").read_text(encoding="utf-8")
MEASURES_PAGE = (ROOT / "docs" / "measures.md").read_text(encoding="utf-8")

# Fields that no question reads, so that no table has a column for them.
NOT_READ = {
    "announced_time": "the hour decides nothing: clocks are days",
    "note": "the recorder's words, shown with the event and never queried",
    "stake": "told beside the price, and computed from nothing",
    "valuation_post": "told beside the price, and computed from nothing",
    "replacement": "parsed by itself, as the event that it is",
    "replacement_schema_version": "brought up to date before the tables are filled",
    "media_type": "of the document, not of the deal",
    "bytes": "of the document, not of the deal",
    "retrieved_at": "of the document, not of the deal",
    "url": "of the document, not of the deal",
}
# What the ledger says about its own entries changes how others are read, and fills no table of its own.
FILLS_NO_TABLE = {"event_corrected", "event_retracted"}


def models() -> dict[str, type[Event]]:
    """Find every model of a type by the name it is stored under, listed or not."""

    def below(cls: type[Event]) -> Iterator[type[Event]]:
        for child in cls.__subclasses__():
            yield child
            yield from below(child)

    importlib.import_module(registry.__name__)
    own = [cls for cls in below(Event) if cls.__module__.startswith("events.") and "type" in cls.__annotations__]
    return {cls.topic().removeprefix("deals."): cls for cls in own}


def key_tells_the_type(cls: type[Event], name: str) -> bool:
    """Say whether a derived key tells a type from the others on its leg: only terms keep the plain name."""
    key = derived_key({"type": name, "deal": "a-deal", "leg": "a-leg", "announced_on": "2026-01-01"})
    if "deal" not in cls.model_fields:
        return "a-deal" not in key
    if cls.FAMILY == "terms":
        return key == "a-deal/a-leg/2026-01-01"
    return f"/{name.replace('_', '-')}/" in key or key.startswith(f"{short_type(name)}/")


def missing_of_type(name: str, cls: type[Event]) -> Iterator[str]:
    """Say what a type lacks, and where it belongs."""
    if TYPES.get(name) is not cls:
        yield f"events/registry.py: {cls.__name__} is not in _CLASSES"
        return
    if not cls.__doc__:
        yield f"{cls.__module__.replace('.', '/')}.py: {cls.__name__} has no docstring, which opens its reference"
    if not key_tells_the_type(cls, name):
        yield "events/keys.py: derived_key gives no key of its own"
    if f"### `{name}`\n" not in EVENTS_PAGE:
        yield f"docs/events.md: no section; {GENERATED}"
    yield from missing_of_samples(name, cls)
    yield from missing_of_tables(name, cls)
    if cls.FAMILY not in {"correction", "attachment"}:
        yield from missing_of_flags(name)


def missing_of_samples(name: str, cls: type[Event]) -> Iterator[str]:
    """Say what the tests lack of a type."""
    fields = {field.alias or given for given, field in cls.model_fields.items()}
    # These cannot stand beside the others of their type.
    left_out = fields - SAMPLES.get(name, {}).keys() - {"metric_name", "on", "market", "average", "share_class"}
    if left_out:
        yield f"tests/events/samples.py: the sample of {name} leaves out {', '.join(sorted(left_out))}"
    try:
        raws(name)
    except LookupError as error:
        yield f"tests/events/strategies.py: {error}"
    for version in range(1, cls.SCHEMA_VERSION + 1):
        if not (GOLDEN / name / f"v{version}.json").exists():
            yield f"tests/golden/{name}/v{version}.json: {GENERATED}"


def missing_of_tables(name: str, cls: type[Event]) -> Iterator[str]:
    """Say what the read side lacks of a type."""
    if name not in FILLS_NO_TABLE and not any(name in types for types in TYPES_OF_TABLE.values()):
        yield "projections/shred.py: in no set of TYPES_OF_TABLE"
    for field in sorted({field.alias or given for given, field in cls.model_fields.items()}):
        if field not in LEAF_SCHEMA["event"] and field not in NOT_READ:
            yield f"projections/shred.py: {field} is not in LEAF_SCHEMA (or add it to NOT_READ here, and say why)"


def missing_of_flags(name: str) -> Iterator[str]:
    """Say what the command line lacks of a type that is recorded by hand."""
    short = short_type(name)
    if short == name or full_type(short) != name or not EVENT_TYPES[short].help.endswith("."):
        yield "events/type_names.py: no short name with a line of help in EVENT_TYPES"
    if name not in EXAMPLES:
        yield "cli/recording/examples.py: no worked command line in EXAMPLES"
    if f'"{name}": ['.encode() not in (ROOT / "cli" / "recording" / "flags.json").read_bytes():
        yield f"cli/recording/flags.json: {GENERATED}"
    if f"# name: test_a_types_help[{short}]" not in SNAPSHOTS:
        yield f"tests/cli/__snapshots__: no golden help page of append {short}; {GENERATED}"


@pytest.mark.parametrize("name", models())
def test_an_event_type_is_entered_everywhere(name: str) -> None:
    missing = list(missing_of_type(name, models()[name]))
    assert not missing, "\n".join([f"{name} is not entered everywhere:", *missing])


def test_nothing_is_entered_that_is_no_type() -> None:
    entered = {*SAMPLES, *EXAMPLES, *(kind.type for kind in EVENT_TYPES.values())}
    entered |= {name for types in TYPES_OF_TABLE.values() for name in types}
    entered |= {
        path.name
        for path in GOLDEN.iterdir()
        if path.is_dir() and path.name not in {"bundles", "numbers", "__pycache__"}
    }
    assert entered <= TYPES.keys()


def test_fields_that_no_table_reads_are_fields_that_no_table_reads() -> None:
    fields = {field.alias or given for cls in TYPES.values() for given, field in cls.model_fields.items()}
    assert NOT_READ.keys() <= fields - LEAF_SCHEMA["event"].keys(), "projections/shred.py reads it now: off the list"


def test_flags_are_what_the_models_say() -> None:
    assert (ROOT / "cli" / "recording" / "flags.json").read_bytes() == flags_json(), GENERATED


def test_every_sample_fills_a_row_of_its_tables() -> None:
    at = "2026-01-31T09:30:00.000000Z"
    own = {name: raw for name, raw in SAMPLES.items() if name not in FILLS_NO_TABLE}
    leaves = [
        (
            number,
            leaf_bytes(encode(parse(raw)), recorded_at=at, recorder="r", schema_version=TYPES[name].SCHEMA_VERSION),
        )
        for number, (name, raw) in enumerate(own.items(), 1)
    ]
    with Warehouse.in_memory([leaves]) as warehouse:
        for table, types in TYPES_OF_TABLE.items():
            keys = {row["key"] for row in warehouse.query(f"SELECT key FROM {table}")}  # noqa: S608 - our own names
            assert keys == {own[name]["key"] for name in types}, f"projections/sql/15_load.sql: statement {table}"


# Measures that the naive fold of tests/oracle does not answer yet. The list may only shrink.
NO_TWIN_YET = {
    "leverage": "worked cases in tests/projections/queries/leverage",
    "lookthrough": "worked cases in tests/projections/queries/lookthrough",
    "demand": "worked cases in tests/projections/queries/demand/test_demand.py",
    "reaction": "worked cases in tests/projections/queries/reaction",
    "bubble": "takes single figures out of other measures",
}
# Measures that a test of their own compares with a naive fold.
ELSEWHERE = {"loops": "tests/projections/queries/loops/test_loops_oracle.py"}
ON = dt.date(2026, 3, 5)
ABOUT = {"dilution": "amd", "reaction": "oracle"}


@pytest.fixture(scope="module")
def catalogue() -> Iterator[Warehouse]:
    with warehouse_of(recorded(catalogue_raws())) as warehouse:
        yield warehouse


def about(measure: Measure) -> dict[str, Any]:
    """Ask of a company that has something to tell, where a measure takes one."""
    return {measure.subject: ABOUT.get(measure.name, "openai")} if measure.subject else {}


@functools.cache
def sections() -> list[str]:
    """Return the sections of the page on measures."""
    return re.split(r"^## ", MEASURES_PAGE, flags=re.MULTILINE)[1:]


def has_twin(name: str) -> bool:
    """Say whether a naive twin answers the measure and some test compares the two."""
    by_hand = (ROOT / "tests" / "projections" / "comparison.py").read_text(encoding="utf-8")
    return name in TWINS or name in ELSEWHERE or f"def _{name}(" in by_hand


def missing_of_measure(measure: Measure, answer: Result) -> Iterator[str]:
    """Say what a measure lacks, and where it belongs."""
    entry, module = "projections/queries/registry.py", measure.module.replace(".", "/") + ".py"
    columns = {column.name for column in answer.columns}
    for name in (*measure.keys, *measure.values):
        if name not in columns:
            yield f"{module}: the column {name} that {entry} names is not in COLUMNS"
        if any(name not in row for row in answer.rows):
            yield f"{module}: a row lacks {name}"
    if not answer.rows:
        yield f"{module}: no row about {about(measure) or 'the catalogue'}; name a company with some in ABOUT here"
    keys = {tuple(row.get(name) for name in measure.keys) for row in answer.rows}
    if len(keys) != len(answer.rows):
        yield f"{entry}: the keys {', '.join(measure.keys)} do not tell rows apart"
    figures = {*answer.summary, *(name for part in answer.summary.get("totals", {}).values() for name in part)}
    if not measure.drawn or not figures.issuperset(measure.drawn):
        yield f"{entry}: drawn names {', '.join(measure.drawn) or 'nothing'}, not figures of the summary of {module}"
    if not any(re.search(rf"`deals (timeline )?{measure.name}\b", section) for section in sections()):
        yield f"docs/measures.md: no section that names `deals {measure.name}`"
    if has_twin(measure.name) and measure.name in NO_TWIN_YET:
        yield f"tests/test_registration.py: {measure.name} has its twin now, take it off NO_TWIN_YET"
    if not has_twin(measure.name) and measure.name not in NO_TWIN_YET:
        yield f"tests/oracle/{measure.name}.py: no `twin` to hold the answers against"


@pytest.mark.parametrize("name", MEASURES)
def test_a_measure_is_entered_everywhere(catalogue: Warehouse, name: str) -> None:
    measure = MEASURES[name]
    (answer,) = measure.over(catalogue, [Clocks(as_of=ON, known_by=ON)], **about(measure))
    missing = list(missing_of_measure(measure, answer))
    assert not missing, "\n".join([f"the measure {name} is not entered everywhere:", *missing])


@pytest.mark.parametrize("name", MEASURES)
def test_a_measures_timeline_can_be_shown_in_a_terminal(catalogue: Warehouse, name: str) -> None:
    measure = MEASURES[name]
    course = timeline(catalogue, measure, [ON - dt.timedelta(days=90), ON], **about(measure))
    shown = pivot(course, measure)
    assert [column.name for column in shown.columns] == [*measure.keys, "trend", "first", "last", "jumps"]
    assert len(shown.rows) == len({tuple(row[key] for key in measure.keys) for row in course.rows})
    assert shown.summary["drawn"] in measure.values


def test_the_list_of_measures_without_a_twin_names_measures() -> None:
    assert {*NO_TWIN_YET, *ELSEWHERE} <= MEASURES.keys()
    assert all((ROOT / place).exists() for place in ELSEWHERE.values())


def missing_of_verb(name: str) -> Iterator[str]:
    """Say what a verb lacks, and where it belongs."""
    place, _, attribute = deals.table[name].place.partition(":")
    path = place.replace(".", "/") + ".py"
    if place.removeprefix("cli.verbs.").rstrip("_") != name or attribute.rstrip("_") != name:
        yield f"cli/verb_table.py: {name} lives at {deals.table[name].place}, which is not named like it"
    if not (ROOT / path).exists():
        yield f"{path}: is not there"
        return
    command = deals.get_command(click.Context(deals), name)
    assert command is not None
    told, said = deals.table[name].help, command.help or ""
    if not told.endswith(".") or said.split()[:1] != told.split()[:1]:
        yield f"cli/verb_table.py: {told!r} does not begin like the docstring in {path}: {said.partition('.')[0]!r}"
    if all(not_run(line) for line in all_lines()[name]) and name != "demo":
        yield f"{path}: its epilog has no example that can be run"
    if f"# name: test_a_verbs_help[{name}]" not in SNAPSHOTS and name != "demo":
        yield f"tests/cli/__snapshots__: no golden help page; {GENERATED}"
    if f"\n## deals {name}\n" not in (ROOT / "docs" / "cli.md").read_text(encoding="utf-8"):
        yield f"docs/cli.md: no section; {GENERATED}"


@pytest.mark.parametrize("name", [name for section in SECTIONS.values() for name in section])
def test_a_verb_is_entered_everywhere(name: str) -> None:
    missing = list(missing_of_verb(name))
    assert not missing, "\n".join([f"the verb {name} is not entered everywhere:", *missing])


def test_every_file_of_a_verb_is_in_the_table() -> None:
    files = {path.stem for path in (ROOT / "cli" / "verbs").glob("*.py")} - {"__init__"}
    listed = {verb.place.partition(":")[0].rpartition(".")[2] for verb in deals.table.values()}
    assert files == listed, "cli/verb_table.py: one line for each file of cli/verbs"
