"""Typing announcements in: by options, from files and standard input, in an editor; and looking before recording."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Any

import pytest

from cli.input.event_types import full_name
from cli.recording.compact import BadCompactError, spread
from cli.recording.examples import EXAMPLES
from cli.recording.flags import flags_of, option_name, options_of
from cli.recording.flags_from_schema import flags_json
from events.type_names import EVENT_TYPES, EventType, short_type
from tests.cli.running import ROOT, Run, invoke


def test_the_table_of_options_is_what_the_models_say() -> None:
    written = (ROOT / "cli" / "recording" / "flags.json").read_bytes()
    assert written == flags_json(), "run: python -m cli.recording.flags_from_schema"


@pytest.mark.parametrize("kind", EVENT_TYPES.values(), ids=lambda kind: kind.type)
def test_every_field_has_an_option_with_help_and_no_name_twice(kind: EventType) -> None:
    flags = flags_of(kind.type)
    names = [name for option in options_of(kind.type) for name in option.opts]
    assert len(names) == len(set(names))
    assert all(option.help for option in options_of(kind.type))
    assert {option_name(flag.field) for flag in flags} <= set(names)


def test_types_go_by_short_and_full_names() -> None:
    for short, kind in EVENT_TYPES.items():
        assert full_name(short) == full_name(kind.type) == kind.type
        assert short_type(kind.type) == short


def test_every_example_of_a_help_page_records(tmp_path: Path) -> None:
    db = tmp_path / "new.db"
    assert invoke(["init"], db=db).exit_code == 0
    slugs = (
        "openai",
        "nvidia",
        "oracle",
        "coreweave",
        "vantage",
        "jpmorgan",
        "mufg",
        "zt-systems",
        "acme",
        "globex",
        "tesla",
        "oracle-customer-2025",
    )
    companies = [
        {"type": "company_registered", "company": slug, "name": slug, "layer": "other", "announced_on": "2024-01-01"}
        | ({"stand_in": True} if slug == "oracle-customer-2025" else {})
        for slug in slugs
    ]
    made = invoke(["import", "-", "--format", "jsonl"], db=db, stdin="\n".join(map(json.dumps, companies)))
    assert made.exit_code == 0, made.stderr
    for lines in EXAMPLES.values():
        words = shlex.split(" ".join(line.strip() for line in lines))
        told = invoke(words[1:], db=db)
        assert told.exit_code == 0, (words, told.stderr)
        assert told.stdout.startswith("recorded  ")


def event(run: Run, key: str) -> dict[str, Any]:
    stored: dict[str, Any] = run.json("show", key)["rows"][0]["event"]
    return stored


def test_a_warrant_from_a_newspaper(run: Run) -> None:
    said = run.ok(
        *("append", "warrant", "--deal", "amd-nvidia-2026", "--leg", "warrant", "--status", "letter_of_intent"),
        *("--issuer", "Advanced Micro Devices", "--holder", "輝達", "--shares", "160M", "--price", "$0.01"),
        *("--tranche", "first=26,666,667: capacity>=1 GW & share_price>=200"),
        *("--tranche", 'last: purchases>=$5bn @amd-openai-2025/supply & other "further things & more"'),
        *("--source-kind", "press", "--source-publisher", "Reuters", "--source-date", "2026-01-05"),
        *("--contested", "150 million shares | Bloomberg | https://example.org/a | 1.5B USD"),
        *("--date-precision", "effective_on=month", "--confidence", "low", "--note", "typed in"),
        *("--announced-on", "2026-01-05", "--effective-on", "2026-01-01"),
    )
    assert said.splitlines()[0] == "recorded  19  amd-nvidia-2026/warrant/2026-01-05"
    assert event(run, "amd-nvidia-2026/warrant/2026-01-05") == {
        "type": "warrant_granted",
        "key": "amd-nvidia-2026/warrant/2026-01-05",
        "announced_on": "2026-01-05",
        "effective_on": "2026-01-01",
        "date_precision": {"effective_on": "month"},
        "source": {"kind": "press", "publisher": "Reuters", "published_on": "2026-01-05"},
        "confidence": "low",
        "contested": [
            {
                "value": "150 million shares",
                "publisher": "Bloomberg",
                "url": "https://example.org/a",
                "amount": {"value": "1500000000", "currency": "USD", "qualifier": "exactly"},
            }
        ],
        "note": "typed in",
        "deal": "amd-nvidia-2026",
        "leg": "warrant",
        "status": "letter_of_intent",
        "conditional": False,
        "issuer": "amd",
        "holder": "nvidia",
        "shares_max": 160000000,
        "exercise_price": {"value": "0.01", "currency": "USD", "qualifier": "exactly"},
        "tranches": [
            {
                "tranche": "first",
                "shares": 26666667,
                "conditions": [
                    {"kind": "capacity", "threshold": "1", "unit": "GW"},
                    {"kind": "share_price", "threshold": "200", "unit": "USD"},
                ],
            },
            {
                "tranche": "last",
                "conditions": [
                    {"kind": "purchases", "threshold": "5000000000", "unit": "USD", "leg": "amd-openai-2025/supply"},
                    {"kind": "other", "text": "further things & more"},
                ],
            },
        ],
    }


def test_a_loan_with_lenders_and_a_purchase_with_a_schedule(run: Run) -> None:
    run.ok(
        *("append", "loan", "--deal", "oracle-loan-2026", "--leg", "loan", "--status", "definitive"),
        *("--borrower", "ORCL", "--lender", "jpmorgan=$20bn", "--lender", "Valor Compute Infrastructure"),
        *("--amount", "about 38 billion USD", "--rate", "SOFR+225bp", "--rate-spread-bp", "225"),
        *("--relies-on", "oracle-openai-2025/compute", "--relies-on", "amd-openai-2025/supply"),
        *("--announced-on", "2026-01-05"),
    )
    loan = event(run, "oracle-loan-2026/loan/2026-01-05")
    assert loan["lenders"] == [
        {"company": "jpmorgan", "amount": {"value": "20000000000", "currency": "USD", "qualifier": "exactly"}},
        {"company": "valor-compute-infrastructure"},
    ]
    assert loan["rate"] == {"text": "SOFR+225bp", "spread_bp": "225"}
    assert loan["relies_on"] == ["oracle-openai-2025/compute", "amd-openai-2025/supply"]
    run.ok(
        *("append", "purchase_committed", "--deal", "amd-openai-2026", "--leg", "chips", "--status", "definitive"),
        *("--buyer", "openai", "--supplier", "amd", "--subject", "chips", "--amount", "undisclosed", "--gw", "1.5"),
        *("--schedule", "2027-01-01..2028-01-01=0.25", "--conditional", "--announced-on", "2026-01-05"),
    )
    purchase = event(run, "amd-openai-2026/chips/2026-01-05")
    assert "amount" not in purchase
    assert purchase["schedule"] == [{"from": "2027-01-01", "to": "2028-01-01", "share": "0.25"}]
    assert (purchase["capacity_gw"], purchase["conditional"]) == ("1.5", True)


def test_an_existing_leg_needs_amends_and_the_error_says_which(run: Run) -> None:
    again = (
        *("append", "purchase", "--deal", "oracle-openai-2025", "--leg", "compute", "--status", "definitive"),
        *("--buyer", "openai", "--supplier", "oracle", "--subject", "compute", "--amount", "300B USD"),
        *("--announced-on", "2026-01-05"),
    )
    refused = run(*again)
    assert refused.exit_code == 65
    assert "--amends: is required" in refused.stderr
    assert "add --amends oracle-openai-2025/compute/2025-09-10" in refused.stderr
    run.ok(*again, "--amends", "last")
    assert event(run, "oracle-openai-2025/compute/2026-01-05")["amends"] == "oracle-openai-2025/compute/2025-09-10"


def test_the_leg_is_found_where_only_one_fits(run: Run) -> None:
    told = run.ok("append", "delivered", "--deal", "amd-openai-2025", "--gw", "0.5", "--announced-on", "2026-01-05")
    assert "amd-openai-2025/supply/capacity-delivered/2026-01-05" in told
    nothing = run("append", "delivered", "--deal", "oracle-loan-2025", "--gw", "0.5", "--announced-on", "2026-01-05")
    assert nothing.exit_code == 65
    assert "--leg" in nothing.stderr


def test_amends_last_needs_terms(run: Run) -> None:
    refused = run(
        *("append", "purchase", "--deal", "new-deal", "--leg", "compute", "--status", "announced"),
        *("--buyer", "openai", "--supplier", "oracle", "--subject", "compute"),
        *("--announced-on", "2026-01-05", "--amends", "last"),
    )
    assert refused.exit_code == 65
    assert "has no terms yet" in refused.stderr


def test_a_dry_run_shows_what_would_change_and_records_nothing(run: Run) -> None:
    before = run.json("log")
    said = run.ok(
        *("append", "warrant", "--deal", "amd-nvidia-2026", "--leg", "warrant", "--status", "definitive"),
        *("--issuer", "amd", "--holder", "nvidia", "--shares", "160M", "--announced-on", "2026-01-05", "--dry-run"),
    )
    assert said.startswith("would record  amd-nvidia-2026/warrant/2026-01-05\n")
    assert "dilution  amd · nvidia · amd-nvidia-2026 · warrant: added: shares max 160,000,000;" in said
    assert "post issue 8.94 % → 8.21 %" in said
    said = run.ok(
        *("append", "purchase", "--deal", "oracle-openai-2025", "--leg", "compute", "--status", "definitive"),
        *("--buyer", "openai", "--supplier", "oracle", "--subject", "compute", "--amount", "300B USD"),
        *("--announced-on", "2026-01-05", "--amends", "last", "--dry-run"),
    )
    assert "exposure  oracle · openai · purchase · USD: binding 0 → 300 B; gross 0 → 300 B" in said
    assert run.json("log") == before


def test_recording_the_same_again_changes_nothing(run: Run) -> None:
    line = ("append", "delivered", "--deal", "amd-openai-2025", "--gw", "0.5", "--announced-on", "2026-01-05")
    run.ok(*line)
    head = run.json("log")["root"]
    assert "already known  amd-openai-2025/supply/capacity-delivered/2026-01-05" in run.ok(*line)
    assert run.json("log")["root"] == head


YAML = """
type: capacity_delivered
announced_on: 2026-01-05
deal: amd-openai-2025
leg: supply
capacity_gw: "0.5"
"""


def test_a_file_or_standard_input_in_any_format(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "event.yaml"
    path.write_text(YAML)
    assert "would record  amd-openai-2025/supply/capacity-delivered/2026-01-05" in run.ok(
        "append", str(path), "--dry-run"
    )
    assert run.ok("append", str(path)).startswith("recorded  19  ")
    assert run.ok("append", "-", stdin=YAML).startswith("already known  ")
    line = json.dumps({"type": "metric_reported", "announced_on": "2026-01-05", "company": "amd", "metric": "revenue"})
    assert run("append", "-", stdin=line).exit_code == 65
    table = "deal,leg,announced_on,capacity_gw\namd-openai-2025,supply,2026-01-06,0.25\n"
    assert run.ok("append", "-", "--type", "delivered", "--format", "csv", stdin=table).startswith("recorded  20  ")


def test_an_unquoted_amount_in_yaml_is_refused_and_says_why(run: Run) -> None:
    refused = run("append", "-", stdin=YAML.replace('"0.5"', "0.5"))
    assert refused.exit_code == 65
    assert "stdin:6: capacity_gw: " in refused.stderr
    assert "put it in quotes" in refused.stderr


def test_importing_counts_what_is_new_and_what_is_known(run: Run, tmp_path: Path) -> None:
    story = Path(__file__).parents[1] / "story.jsonl"
    assert run.ok("import", str(story)).splitlines()[0] == "already known  18 events"
    folder = tmp_path / "more"
    folder.mkdir()
    (folder / "a.yaml").write_text(YAML)
    (folder / "b.jsonl").write_text(story.read_text())
    assert run.ok("import", str(folder)).splitlines()[:2] == [
        "recorded  19  amd-openai-2025/supply/capacity-delivered/2026-01-05",
        "already known  18 events",
    ]


def editor(tmp_path: Path, script: str) -> dict[str, str]:
    """Return an editor that changes the text by a program."""
    program = tmp_path / "editor.py"
    program.write_text(
        f"import pathlib, re, sys\npath = pathlib.Path(sys.argv[1])\ntext = path.read_text()\n{script}\n"
    )
    import sys

    return {"EDITOR": f"{sys.executable} {program}", "VISUAL": f"{sys.executable} {program}"}


FILL_IN = """
(path.parent / "template.yaml")
seen = pathlib.Path(__file__).with_name("seen.yaml")
seen.write_text(text)
for field, value in {
    "announced_on": "2026-01-05", "deal": "amd-openai-2025", "leg": "supply", "capacity_gw": VALUE,
}.items():
    text = re.sub(rf"(?m)^(# )?{field}:.*$", f"{field}: {value}", text, count=1)
path.write_text(text)
"""


def test_an_editor_opens_a_template_that_names_its_schema(run: Run, tmp_path: Path) -> None:
    done = run("append", "--edit", "delivered", **editor(tmp_path, FILL_IN.replace("VALUE", "'\"0.5\"'")))
    assert done.exit_code == 0, done.stderr
    assert event(run, "amd-openai-2025/supply/capacity-delivered/2026-01-05")["capacity_gw"] == "0.5"
    first, *rest = (tmp_path / "seen.yaml").read_text().splitlines()
    assert first.startswith("# yaml-language-server: $schema=file://")
    schema = json.loads(Path(first.partition("file://")[2]).read_text())
    assert schema["properties"]["type"]["enum"] == ["capacity_delivered", "delivered"]
    assert "type: capacity_delivered" in rest


def test_a_bad_edit_records_nothing_and_keeps_the_text(run: Run, tmp_path: Path) -> None:
    before = run.json("log")["position"]
    done = run("append", "--edit", "delivered", **editor(tmp_path, FILL_IN.replace("VALUE", "'much'")))
    assert done.exit_code == 65
    assert "capacity_gw" in done.stderr
    kept = Path(done.stderr.rpartition("deals append ")[2].partition("`")[0])
    assert "capacity_gw: much" in kept.read_text()
    kept.unlink()
    assert run.json("log")["position"] == before


@pytest.mark.parametrize(
    "verb", [("append", "--edit", "warrant"), ("correct", "company/amd", "--reason", "x", "--edit")]
)
def test_an_edit_that_leaves_no_event_says_so(run: Run, tmp_path: Path, verb: tuple[str, ...]) -> None:
    done = run(*verb, **editor(tmp_path, "path.write_text('---\\n---\\n')"))
    assert (done.exit_code, done.stdout) == (65, "")
    assert "your text:1: file: holds no event" in done.stderr


@pytest.mark.parametrize("script", ["pass", "path.write_text('')", "path.write_text('# only remarks')", "sys.exit(1)"])
def test_an_aborted_edit_records_nothing(run: Run, tmp_path: Path, script: str) -> None:
    before = run.json("log")["position"]
    done = run("append", "--edit", "warrant", **editor(tmp_path, script))
    assert (done.exit_code, done.stdout) == (1, "")
    assert run.json("log")["position"] == before


@pytest.mark.parametrize("name", list(EVENT_TYPES))
def test_a_template_is_yaml_once_everything_is_opened(run: Run, name: str) -> None:  # noqa: ARG001 - the data folder is the test's
    import ruamel.yaml

    from cli.recording.editing import template

    lines = template(full_name(name)).splitlines()
    opened = [
        line.removeprefix("# ") if line.startswith(("# ", "#   ")) and ": " in line + " " and _is_field(line) else line
        for line in lines
    ]
    read = ruamel.yaml.YAML(typ="safe").load("\n".join(line for line in opened if not line.startswith("#")))
    assert {flag.field.partition(".")[0] for flag in flags_of(full_name(name))} <= set(read)


def _is_field(line: str) -> bool:
    word = line.removeprefix("#").strip().partition(":")
    return bool(word[1]) and word[0].replace("_", "").isalnum() and word[0].islower()


@pytest.mark.parametrize(
    ("kind", "text", "said"),
    [
        ("share-tranche", "first: capcity>=1", "did you mean 'capacity'?"),
        ("share-tranche", "first: >=1", "Conditions are joined by `&`"),
        ("schedule", "2027=1", "FROM..TO=SHARE"),
        ("precision", "week", "month, quarter or year"),
        ("precision", "ends_on=month", "month, quarter or year"),
    ],
)
def test_compact_forms_that_cannot_be_read(kind: str, text: str, said: str) -> None:
    with pytest.raises(BadCompactError) as caught:
        spread("field", kind, [text])
    assert text.partition(": ")[2] in caught.value.message or text in caught.value.message
    assert said in caught.value.advice


def test_a_payment_asks_for_the_leg_where_several_kinds_of_terms_can_be_paid_on(run: Run) -> None:
    parties = ("--payer", "oracle", "--payee", "jpmorgan")
    paid = ("append", "payment", "--deal", "oracle-loan-2025", *parties, "--announced-on", "2026-01-05", "--dry-run")
    assert "oracle-loan-2025/loan/payment-made/2026-01-05" in run.ok(*paid)
    lease = ("--leg", "lease", "--buyer", "oracle", "--supplier", "amd", "--subject", "lease")
    terms = ("--deal", "oracle-loan-2025", "--status", "definitive", "--announced-on", "2026-01-04")
    run.ok("append", "purchase", *terms, *lease)
    asked = run(*paid)
    assert (asked.exit_code, asked.stdout) == (65, "")
    assert asked.stderr == (
        "error: --leg: left out, and the deal oracle-loan-2025 has 2 on which payment_made can happen\n"
        "  next: add --leg and one of: lease (purchase), loan (loan)\n"
        "  next: nothing was recorded\n"
    )
