"""The event reference: up to date with the models, complete, and every example in it can be recorded as it stands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from cogapp import Cog
from ruamel.yaml import YAML

from cli.recording.examples import EXAMPLES as TYPED
from docs.reference import examples, typed_event
from events.codec import parse
from events.registry import TYPES

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "events.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)


def test_the_page_is_what_the_models_say(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.syspath_prepend(ROOT)
    code = Cog().main(["cog", "--check", "docs/events.md"])
    assert code == 0, f"{capsys.readouterr()}\nrun: cog -r docs/events.md"


@pytest.mark.parametrize("name", TYPES)
def test_every_type_has_its_section_with_every_field_of_its_own(name: str) -> None:
    section = PAGE.split(f"### `{name}`\n", maxsplit=1)[1].split("\n### ", maxsplit=1)[0]
    described = set(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE))
    common = {"type", "key", "announced_on", "effective_on", "date_precision", "announced_time"}
    common |= {"source", "confidence", "contested", "note"}
    assert described == {field.alias or given for given, field in TYPES[name].model_fields.items()} - common


def test_every_example_can_be_recorded_as_it_stands() -> None:
    read = [YAML(typ="safe").load(text) for text in EXAMPLES]
    assert [raw["type"] for raw in read] == list(TYPES)
    told = examples()
    for raw in read:
        assert parse(raw) == parse(told[raw["type"]][0])


@pytest.mark.parametrize("name", TYPED)
def test_a_type_for_which_no_example_is_chosen_shows_its_worked_command_line(name: str) -> None:
    raw = typed_event(name)
    assert raw["type"] == name
    assert parse(raw).type == name


def test_links_inside_the_page_lead_somewhere() -> None:
    headings = {heading.lower().replace(" ", "-") for heading in re.findall(r"^#+ (.+)$", PAGE, re.MULTILINE)}
    assert set(re.findall(r"\]\(#([\w-]+)\)", PAGE)) <= headings
