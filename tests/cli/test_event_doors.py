"""What real announcements say, said at every door: options with their short forms, a table, YAML and JSON lines store the same event."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from typing import Any

import pytest

from cli.recording.flags import flags_of, texts_of
from events.codec import as_raw
from events.type_names import full_type, short_type
from ledger.intake.csv_table import csv_rows
from ledger.intake.json_lines import json_line_rows
from ledger.intake.located import Located, Row
from ledger.intake.rows import InputDefaults, row_of_texts
from ledger.intake.yaml_documents import yaml_rows

Raw = dict[str, Any]
ON = {"announced_on": "2026-03-05", "deal": "example-2026", "leg": "main"}


def usd(value: str, qualifier: str = "exactly") -> Raw:
    return {"value": value, "currency": "USD", "qualifier": qualifier}


# Each story: the short name of its type, the options as typed (several: a repeated option), and the event that is meant.
STORIES: dict[str, tuple[str, dict[str, str | list[str]], Raw]] = {
    "a warrant exercised by net settlement": (
        "exercised",
        {"shares": "100", "shares_issued": "75", "shares_withheld": "25"},
        {"shares": 100, "shares_issued": 75, "shares_withheld": 25},
    ),
    "a purchase with milestones": (
        "purchase",
        {
            "status": "definitive", "buyer": "novartis", "supplier": "example-bio", "subject": "licence", "amount": "up_to 1.2B USD",
            "firm": "200M USD", "cancellable_from": "2028-H2",
            "tranches": ["upfront=200M USD", 'approval=400M USD:other "approved by the FDA"', "sales=600M USD:purchases>=5B USD"],
        },
        {
            "status": "definitive", "buyer": "novartis", "supplier": "example-bio", "subject": "licence",
            "amount": usd("1200000000", "up_to"), "firm": usd("200000000"), "cancellable_from": "2028-H2",
            "tranches": [
                {"tranche": "upfront", "amount": usd("200000000")},
                {"tranche": "approval", "amount": usd("400000000"), "conditions": [{"kind": "other", "text": "approved by the FDA"}]},
                {"tranche": "sales", "amount": usd("600000000"),
                 "conditions": [{"kind": "purchases", "threshold": "5000000000", "unit": "USD"}]},
            ],
        },
    ),
    "a licence with a share of sales": (
        "royalty",
        {"status": "definitive", "payer": "novartis", "payee": "example-bio", "share": "12.5%", "of": "net sales", "cap": "3B USD",
         "ends_on": "2041"},
        {"status": "definitive", "payer": "novartis", "payee": "example-bio", "share": "0.125", "of": "net sales",
         "cap": usd("3000000000"), "ends_on": "2041"},
    ),
    "a backstop of unknown size against a warrant": (
        "guarantee",
        {"status": "definitive", "guarantor": "google", "obligor": "fluidstack", "beneficiary": "terawulf", "kind": "capacity_backstop",
         "paid_with": "example-2026/warrant", "steps": ["2027-03=1.8B USD", "2030=900M USD"]},
        {"status": "definitive", "guarantor": "google", "obligor": "fluidstack", "beneficiary": "terawulf", "kind": "capacity_backstop",
         "paid_with": "example-2026/warrant",
         "steps": [{"from": "2027-03", "amount": usd("1800000000")}, {"from": "2030", "amount": usd("900000000")}]},
    ),
    "a takeover for shares and an earn-out": (
        "acquisition",
        {"status": "definitive", "conditional": "true", "acquirer": "amd", "target": "zt-systems", "amount": "4.9B USD", "cash": "3.3750B USD",
         "contingent": "up_to 400M USD", "shares": "8335849", "stake": "1", "sellers": ["one", "two"]},
        {"status": "definitive", "conditional": True, "acquirer": "amd", "target": "zt-systems", "amount": usd("4900000000"),
         "cash": usd("3375000000"), "contingent": usd("400000000", "up_to"), "shares": 8335849, "stake": "1", "sellers": ["one", "two"]},
    ),
    "an option on a company": (
        "option",
        {"status": "definitive", "holder": "spacex", "grantor": "anysphere", "amount": "60B USD", "otherwise": "10B USD", "on": "the company",
         "expires_on": "2026-Q4"},
        {"status": "definitive", "holder": "spacex", "grantor": "anysphere", "amount": usd("60000000000"), "otherwise": usd("10000000000"),
         "on": "the company", "expires_on": "2026-Q4"},
    ),
    "one issue of notes with five maturities": (
        "loan",
        {"status": "definitive", "borrower": "meta", "instrument": "notes", "amount": "30B USD", "issued_on": "2025-11-03",
         "tranches": [f"t{year}=6B USD @{rate}% due {year}" for year, rate in
                      ((2030, "4.2"), (2032, "4.6"), (2035, "4.875"), (2045, "5.5"), (2065, "5.75"))]},
        {"status": "definitive", "borrower": "meta", "instrument": "notes", "amount": usd("30000000000"), "issued_on": "2025-11-03",
         "tranches": [{"tranche": f"t{year}", "amount": usd("6000000000"), "percent": rate, "matures_on": year} for year, rate in
                      (("2030", "4.2"), ("2032", "4.6"), ("2035", "4.875"), ("2045", "5.5"), ("2065", "5.75"))]},
    ),
    "racks delivered on two legs": (
        "delivered",
        {"units": "64", "unit": "racks", "legs": ["example-2026/other"]},
        {"units": 64, "unit": "racks", "legs": ["example-2026/other"]},
    ),
    "a part of a round": (
        "investment",
        {"status": "definitive", "investor": "a16z", "investee": "openai", "amount": "at_least 1B USD", "part_of": "example-2026/round"},
        {"status": "definitive", "investor": "a16z", "investee": "openai", "amount": usd("1000000000", "at_least"),
         "part_of": "example-2026/round"},
    ),
}  # fmt: skip


def settled(rows: Iterable[Row]) -> Raw:
    """Return the event of the one row of an input, without what is derived."""
    (row,) = rows
    assert isinstance(row, Located), row
    return {name: value for name, value in told(as_raw(row.event)).items() if name not in {"key", "effective_on"}}


def told(value: Any) -> Any:  # noqa: ANN401 - any part of an event
    """Return an event without the empty lists and the falses that stand for what was left out."""
    if isinstance(value, dict):
        return {name: told(part) for name, part in value.items() if part is not False and part != []}
    return [told(part) for part in value] if isinstance(value, list) else value


def flat(value: Any, path: str = "") -> dict[str, str]:  # noqa: ANN401 - any part of an event
    """Return the cells of a table for an event's fields: dotted, items of lists numbered, words of a list in one cell."""
    if isinstance(value, dict):
        if "currency" in value:
            return {path: f"{value['qualifier']} {value['value']} {value['currency']}"}
        return {
            name: text
            for key, part in value.items()
            for name, text in flat(part, f"{path}.{key}" if path else key).items()
        }
    if isinstance(value, list):
        if all(isinstance(item, str) for item in value):
            return {path: ";".join(value)}
        return {name: text for i, part in enumerate(value) for name, text in flat(part, f"{path}.{i}").items()}
    return {path: str(value).lower() if isinstance(value, bool) else str(value)}


@pytest.mark.parametrize("story", STORIES)
def test_a_story_is_the_same_event_at_every_door(story: str) -> None:
    short, typed, fields = STORIES[story]
    full = str(full_type(short))
    meant = {"type": full, **ON, **fields}
    texts, unread = texts_of(full, {f"{name}_": value for name, value in (ON | typed).items()})
    assert not unread
    stored = settled([row_of_texts("flags", 1, {"type": full, **texts}, InputDefaults())])
    assert stored == meant
    # A file may name the type shortly, and amounts as people type them.
    short_forms = {"type": short_type(full), **ON, **fields} | {
        name: text for name, text in typed.items() if isinstance(fields.get(name), dict) and isinstance(text, str)
    }
    assert settled(yaml_rows("file", json.dumps(short_forms), InputDefaults())) == stored
    assert settled(json_line_rows("file", [json.dumps(meant).encode()], InputDefaults())) == stored
    table = io.StringIO()
    cells = flat({"type": short, **ON, **fields})
    csv.writer(table).writerows([[*cells], [*cells.values()]])
    assert settled(csv_rows("file", table.getvalue(), InputDefaults())) == stored


def test_the_stories_use_options_that_exist() -> None:
    for short, typed, _ in STORIES.values():
        assert set(typed) <= {flag.field for flag in flags_of(str(full_type(short)))}
