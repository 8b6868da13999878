"""The models themselves: everything described, every field used by the samples, immutable, references in one place."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

import events
from events.base import Event
from events.codec import parse
from events.explain import model_in
from events.housekeeping import EventCorrected
from events.registry import TYPES
from tests.events.samples import SAMPLES, SECOND_SAMPLES, sample

MODULES = [importlib.import_module(f"events.{item.name}") for item in pkgutil.iter_modules(events.__path__)]


def models() -> list[type[BaseModel]]:
    """Find every model that an event is made of."""
    found: list[type[BaseModel]] = []
    waiting: list[type[BaseModel]] = list(TYPES.values())
    while waiting:
        model = waiting.pop()
        if model not in found:
            found.append(model)
            inner = (model_in(field.annotation) for field in model.model_fields.values())
            waiting.extend(item for item in inner if item is not None)
    return sorted(found, key=lambda model: model.__name__)


@pytest.mark.parametrize("model", models(), ids=lambda model: model.__name__)
def test_every_model_and_field_says_in_one_line_what_it_is(model: type[BaseModel]) -> None:
    described = {name: field.description for name, field in model.model_fields.items()}
    for name, text in described.items():
        assert text, f"{model.__name__}.{name} has no description"
        assert text.endswith(".")
        assert "\n" not in text
        assert len(text) <= 125
    assert model.__doc__
    assert model.__doc__ != model.__base__.__doc__


def test_the_samples_fill_in_every_field_of_every_model() -> None:
    missing: set[str] = set()
    used: set[str] = set()

    def walk(raw: dict[str, Any], model: type[BaseModel]) -> None:
        for name, field in model.model_fields.items():
            place, value = f"{model.__name__}.{name}", raw.get(field.alias or name)
            (missing if value is None else used).add(place)
            inner = model_in(field.annotation)
            for item in value if isinstance(value, list) else [value]:
                if inner and isinstance(item, dict):
                    walk(item, TYPES[item["type"]] if inner is Event else inner)

    for raw in [*SAMPLES.values(), *SECOND_SAMPLES]:
        walk(raw, TYPES[raw["type"]])
    assert missing - used == set()


@pytest.mark.parametrize("name", TYPES)
def test_events_cannot_be_changed(name: str) -> None:
    event = parse(SAMPLES[name])
    with pytest.raises(ValidationError, match="frozen"):
        event.key = "another"


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_all_names_what_a_module_defines_for_others(module: Any) -> None:  # noqa: ANN401 - a module
    exported = set(module.__all__)
    defined = {
        name
        for name, value in vars(module).items()
        if not name.startswith("_")
        and (inspect.isclass(value) or inspect.isfunction(value))
        and value.__module__ == module.__name__
    }
    assert defined <= exported
    assert all(hasattr(module, name) for name in exported)


def test_reading_a_leaf_needs_no_validation_library() -> None:
    source = inspect.getsource(importlib.import_module("events.envelope"))
    assert "import pydantic" not in source
    assert "from pydantic" not in source


def test_references_are_given_by_field() -> None:
    purchase, loan = parse(SAMPLES["purchase_committed"]), parse(SAMPLES["loan_arranged"])
    assert purchase.companies() == {"buyer": "openai", "supplier": "amd"}
    assert purchase.key_references() == {"amends": "earlier/terms"}
    assert loan.companies() == {"borrower": "vantage", "lenders.0.company": "jpmorgan", "lenders.1.company": "mufg"}
    assert loan.leg_references() == {
        "part_of": "another-2025/whole",
        "tranches.0.conditions.0.leg": "amd-openai-2025/supply",
        "conditions.0.leg": "amd-openai-2025/supply",
        "pledged.0": "vantage-oracle-2025/lease",
        "relies_on.0": "vantage-oracle-2025/lease",
        "relies_on.1": "oracle-openai-2025/compute",
    }
    assert parse(SAMPLES["warrant_granted"]).leg_references() == {
        "part_of": "another-2025/whole",
        "tranches.0.conditions.0.leg": "amd-openai-2025/supply",
    }
    assert parse(SAMPLES["investment_committed"]).leg_references() == {
        "part_of": "another-2025/whole",
        "tranches.0.conditions.0.leg": "amd-openai-2025/supply",
    }
    assert parse(SAMPLES["guarantee_given"]).leg_references() == {
        "part_of": "another-2025/whole",
        "covers": "google-cipher-2025/lease",
        "paid_with": "google-cipher-2025/warrant",
    }
    assert parse(SAMPLES["capacity_delivered"]).leg_references() == {"legs.0": "amd-openai-2025/second-hall"}
    option = sample("option_granted", on="acme-2026/campus", part_of=...)
    assert parse(option).leg_references() == {"on": "acme-2026/campus"}
    assert parse(SAMPLES["acquisition_agreed"]).companies() == {
        "acquirer": "amd",
        "target": "zt-systems",
        "sellers.0": "zt-owners",
    }
    assert parse(SAMPLES["status_changed"]).leg_references() == {"superseded_by": "nvidia-openai-2026/equity"}
    assert parse(SAMPLES["company_registered"]).companies() == {"parent": "someone"}
    assert parse(SAMPLES["event_retracted"]).key_references() == {"corrects": "amd-openai-2025/warrant/2025-10-06"}
    assert parse(SAMPLES["document_attached"]).key_references() == {"about": "amd-openai-2025/warrant/2025-10-06"}


def test_a_correction_speaks_for_its_replacement() -> None:
    correction = parse(SAMPLES["event_corrected"])
    assert correction.companies() == {
        "replacement.borrower": "vantage",
        "replacement.lenders.0.company": "jpmorgan",
        "replacement.lenders.1.company": "mufg",
    }
    assert correction.leg_references() == {
        "replacement.part_of": "another-2025/whole",
        "replacement.tranches.0.conditions.0.leg": "amd-openai-2025/supply",
        "replacement.conditions.0.leg": "amd-openai-2025/supply",
        "replacement.pledged.0": "vantage-oracle-2025/lease",
        "replacement.relies_on.0": "vantage-oracle-2025/lease",
        "replacement.relies_on.1": "oracle-openai-2025/compute",
    }
    assert correction.key_references() == {"corrects": "jpmorgan-vantage-2025/texas/2025-10-06"}
    resolved = correction.with_companies({"vantage": "vantage-dc", "jpmorgan": "jpm", "mufg": "mufg"})
    assert isinstance(resolved, EventCorrected)
    assert resolved.replacement.companies() == {
        "borrower": "vantage-dc",
        "lenders.0.company": "jpm",
        "lenders.1.company": "mufg",
    }


def test_the_ledger_writes_the_replacements_schema_version() -> None:
    without = parse(sample("event_corrected", replacement_schema_version=...))
    assert without == parse(SAMPLES["event_corrected"])


@pytest.mark.parametrize(
    ("raw", "tranches"),
    [
        (SAMPLES["warrant_granted"], ("first", "final")),
        (SAMPLES["investment_committed"], ("first", "second")),
        (SAMPLES["purchase_committed"], ("first",)),
        (SAMPLES["loan_arranged"], ("a",)),
        (SAMPLES["guarantee_given"], ()),
    ],
    ids=["warrant", "investment", "purchase", "loan", "guarantee"],
)
def test_terms_name_their_tranches(raw: dict[str, Any], tranches: tuple[str, ...]) -> None:
    assert parse(raw).tranche_names() == tranches  # type: ignore[attr-defined]  # terms have it


@pytest.mark.parametrize(
    ("name", "tranche"),
    [
        ("tranche_funded", "first"),
        ("tranche_vested", "first"),
        ("tranche_lapsed", "final"),
        ("capacity_delivered", None),
        ("loan_repaid", None),
    ],
)
def test_performance_names_its_tranche(name: str, tranche: str | None) -> None:
    assert parse(SAMPLES[name]).tranche_reference() == tranche  # type: ignore[attr-defined]  # performance has it


def test_performance_fits_only_terms_that_exist() -> None:
    terms = {name for name, cls in TYPES.items() if cls.FAMILY == "terms"}
    for cls in TYPES.values():
        if cls.FAMILY == "performance":
            assert set(cls.ON) <= terms  # type: ignore[attr-defined]  # performance has it
