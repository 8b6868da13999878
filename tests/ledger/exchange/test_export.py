"""What is handed out: the same bytes every time, readable by strangers' tools, and safe to open."""

from __future__ import annotations

import csv
import hashlib
import io
import re
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import bagit
import orjson
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from events.spreadsheet import neutralised
from ledger.bundle.facts import COLUMNS, facts_line
from ledger.bundle.part import Part, ranges_text, read_ranges
from ledger.exchange.export import Request, export_bundle
from ledger.memory.errors import BundleExistsError, EmptyLogError, NothingMatchesError
from ledger.proof.checkpoint import parse_receipt, verify_receipt
from ledger.reader import LedgerReader
from ledger.store.errors import DocumentDamagedError, LedgerDamagedError
from ledger.verify.bundle import verify_bundle
from tests.ledger.attacks import files_of
from tests.ledger.audit_scenes import AT, DOCUMENT, KEY, export, tiny_ledger
from tests.ledger.scenes import new_ledger


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exported")
    with tiny_ledger(folder) as ledger:
        return ledger.path


@pytest.fixture(scope="module")
def bundle(place: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("bundle") / "whole"
    export(place, target)
    return target


def leaves(bundle: Path) -> list[dict[str, Any]]:
    return [orjson.loads(line) for line in (bundle / "data" / "events.jsonl").read_bytes().splitlines()]


def test_the_lines_are_the_leaves_in_order(place: Path, bundle: Path) -> None:
    with LedgerReader(place) as reader:
        recorded = [leaf for batch in reader.feed() for _, leaf in batch]
    lines = (bundle / "data" / "events.jsonl").read_bytes().split(b"\n")
    assert lines == [*recorded, b""]
    assert [rfc8785.dumps(orjson.loads(line)) for line in recorded] == recorded


def test_the_same_ledger_gives_the_same_bytes(place: Path, bundle: Path, tmp_path: Path) -> None:
    export(place, tmp_path / "again")
    assert files_of(tmp_path / "again") == files_of(bundle)
    export(place, tmp_path / "one.zip")
    export(place, tmp_path / "two.zip")
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "one.zip") as archive:
        entries = archive.infolist()
        assert {name.removeprefix("deals-audit/"): archive.read(name) for name in archive.namelist()} == files_of(
            bundle
        )
    assert {(e.date_time, e.external_attr >> 16, e.compress_type) for e in entries} == {
        ((2026, 1, 31, 0, 0, 0), 0o100644, 0)
    }


def test_several_processes_write_what_one_does(place: Path, bundle: Path, tmp_path: Path) -> None:
    numbers = (bundle / "data" / "projections" / "exposure.csv").read_bytes()
    clocks = {"as_of": "2026-01-31", "known_by": "2026-01-31"}
    with LedgerReader(place) as reader:
        request = Request(None, Part(), {"exposure.csv": numbers}, clocks)
        export_bundle(reader, tmp_path / "two", request, at=AT, key=KEY, processes=2)
    assert files_of(tmp_path / "two") == files_of(bundle)
    assert verify_bundle(tmp_path / "two", processes=2).as_json() | {"what": ""} == verify_bundle(bundle).as_json() | {
        "what": ""
    }


def test_the_library_of_congress_finds_a_valid_bag(bundle: Path) -> None:
    bag = bagit.Bag(str(bundle))
    bag.validate()
    assert bag.version_info == (1, 0)
    assert bag.info["Bagging-Date"] == "2026-01-31"
    assert bag.info["External-Identifier"] == "ledger.example/deals"


def test_facts_say_what_the_events_say(bundle: Path) -> None:
    rows = list(csv.DictReader(io.StringIO((bundle / "data" / "facts.csv").read_text(), newline="")))
    assert [row["position"] for row in rows] == [str(n) for n in range(1, 12)]
    third, corrected, retracted = rows[2], rows[8], rows[9]
    assert (third["source_publisher"], third["source_url"]) == ('\'=Example, "Inc"', "https://example.test/a?b=1,2")
    assert (third["note"], third["amount"], third["parties"]) == (
        "'-5 % in the first year",
        "100",
        "buyer openai; supplier amd",
    )
    assert (rows[7]["metric"], rows[7]["value"], rows[7]["period_to"]) == ("cash_burn", "-8000000000", "2025-12-31")
    assert (corrected["corrects"], corrected["reason"], corrected["amount"], corrected["deal"]) == (
        "two/supply/2025-10-06", "The amount was a misprint.", "", "two")  # fmt: skip
    assert (retracted["reason"], rows[10]["document_sha256"]) == (
        "'=It never happened",
        hashlib.sha256(DOCUMENT).hexdigest(),
    )
    for row, leaf in zip(rows, leaves(bundle), strict=True):
        line = orjson.dumps(leaf, option=orjson.OPT_SORT_KEYS)
        assert row["leaf_hash"] == hashlib.sha256(b"\0" + line).hexdigest()
        assert (row["key"], row["recorded_at"], row["recorder"]) == (
            leaf["event"]["key"],
            leaf["recorded_at"],
            "tester",
        )


_CELL = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@given(key=_CELL, recorder=_CELL, note=_CELL, publisher=_CELL, value=st.none() | _CELL)
def test_any_text_comes_back_from_its_row(
    key: str, recorder: str, note: str, publisher: str, value: str | None
) -> None:
    event = {"key": key, "type": "t", "effective_on": "e", "announced_on": "a", "note": note, "value": value,
             "source": {"publisher": publisher}}  # fmt: skip
    line = facts_line(7, "hash", {"event": event, "recorded_at": "at", "recorder": recorder, "schema_version": 1})
    assert line.endswith("\r\n")
    (row,) = csv.reader(io.StringIO(line, newline=""))
    said = dict(zip((column.name for column in COLUMNS), row, strict=True))
    expected = {"position": "7", "leaf_index": "6", "leaf_hash": "hash", "type": "t", "effective_on": "e", "announced_on": "a",
                "recorded_at": "at", "schema_version": "1", "key": neutralised(key, 1), "recorder": neutralised(recorder, 1),
                "note": neutralised(note, 1), "value": neutralised(value or "", 1), "source_publisher": neutralised(publisher, 1)}  # fmt: skip
    assert {name: cell for name, cell in said.items() if cell or name in expected} == expected


def test_cloudevents_have_what_the_standard_asks_for(bundle: Path) -> None:
    lines = (bundle / "data" / "cloudevents.jsonl").read_bytes().splitlines()
    for position, (line, leaf) in enumerate(zip(lines, leaves(bundle), strict=True), 1):
        assert rfc8785.dumps(orjson.loads(line)) == line
        assert orjson.loads(line) == {
            "specversion": "1.0",
            "id": leaf["event"]["key"],
            "source": "ledger.example/deals",
            "type": f"deals.{leaf['event']['type']}",
            "time": leaf["recorded_at"],
            "datacontenttype": "application/json",
            "data": leaf["event"],
            "dealsposition": position,
            "dealsrecorder": "tester",
            "dealsschema": leaf["schema_version"],
        }


def test_prov_tells_who_recorded_corrected_and_derived_what(bundle: Path) -> None:
    prov = orjson.loads((bundle / "data" / "prov.json").read_bytes())
    keys = [leaf["event"]["key"] for leaf in leaves(bundle)]
    document = f"document:{hashlib.sha256(DOCUMENT).hexdigest()}"
    assert set(prov["entity"]) == {f"event:{key}" for key in keys} | {document}
    assert [agent["prov:label"] for agent in prov["agent"].values()] == ["tester"]
    assert len(prov["activity"]) == len({leaf["recorded_at"] for leaf in leaves(bundle)})
    generated = prov["wasGeneratedBy"]
    assert {g["prov:entity"]: g["prov:time"] for g in generated.values()} == {
        f"event:{leaf['event']['key']}": leaf["recorded_at"] for leaf in leaves(bundle)
    }
    assert {g["prov:activity"] for g in generated.values()} == set(prov["activity"])
    revised = {(d["prov:generatedEntity"], d["prov:usedEntity"]) for d in prov["wasDerivedFrom"].values()}
    assert revised == {
        ("event:two/supply/2025-10-06/corrected-2026-01-30", "event:two/supply/2025-10-06"),
        (
            "event:one/supply/capacity-delivered/2025-10-06/retracted-2026-01-30",
            "event:one/supply/capacity-delivered/2025-10-06",
        ),
        (f"event:{keys[10]}", document),
    }
    assert {i["prov:entity"] for i in prov["wasInvalidatedBy"].values()} == {
        "event:two/supply/2025-10-06", "event:one/supply/capacity-delivered/2025-10-06"}  # fmt: skip
    prefixes = {name.partition(":")[0] for section in prov.values() for name in section if ":" in name}
    assert prefixes - {"_"} <= set(prov["prefix"])


def test_the_data_package_describes_every_table(bundle: Path) -> None:
    package = orjson.loads((bundle / "data" / "datapackage.json").read_bytes())
    resources = {resource["path"]: resource for resource in package["resources"]}
    assert set(resources) == {"cloudevents.jsonl", "events.jsonl", "facts.csv", "projections/exposure.csv", "prov.json"}
    for path, resource in resources.items():
        content = (bundle / "data" / path).read_bytes()
        assert (resource["bytes"], resource["hash"]) == (len(content), f"sha256:{hashlib.sha256(content).hexdigest()}")
        assert re.fullmatch(r"[a-z0-9._-]+", resource["name"])
    header = (bundle / "data" / "facts.csv").read_text().splitlines()[0].split(",")
    assert [field["name"] for field in resources["facts.csv"]["schema"]["fields"]] == header


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)

    def handle_data(self, data: str) -> None:
        self.text += f" {data}"


def test_the_report_runs_nothing_and_loads_nothing(tmp_path: Path) -> None:
    from tests.ledger.scenes import company

    with new_ledger(tmp_path) as ledger:
        ledger.record([company("evil", name="<script>alert(1)</script>", note='"><img src=x onerror=alert(1)>')])
        export(ledger.path, tmp_path / "bundle", numbers=b"")
    html = (tmp_path / "bundle" / "data" / "report.html").read_text()
    page = _Page()
    page.feed(html)
    assert not page.tags & {"script", "img", "link", "iframe", "object", "embed", "form", "base"}
    assert not {name for name in page.attributes if name.startswith("on") or name in {"src", "href"}}
    assert "default-src 'none'" in html
    assert '"><img src=x onerror=alert(1)>' in page.text
    assert "company/evil" in page.text


def test_the_report_shows_corrections_with_their_reasons(bundle: Path) -> None:
    page = _Page()
    page.feed((bundle / "data" / "report.html").read_text())
    for said in ("The amount was a misprint.", "=It never happened", "two/supply/2025-10-06", KEY.verifier.vkey):
        assert said in page.text


PARTS = {
    # What touches Oracle: its registration, its leg, the correction of that.
    "company": (Part(company="oracle"), [6, 7, 9]),
    # The delivery and its retraction are on a leg of the deal, and the document is about one of its events.
    "deal": (Part(deal="one"), [3, 4, 5, 10, 11]),
    "type": (Part(type="capacity_delivered"), [5, 10]),
    "party to legs": (Part(company="openai"), [2, 3, 4, 5, 8, 10, 11]),
    "both": (Part(company="openai", type="warrant_granted"), [4]),
}


@pytest.mark.parametrize("name", PARTS)
def test_a_part_has_all_that_touches_it_each_with_a_receipt(
    place: Path, bundle: Path, tmp_path: Path, name: str
) -> None:
    part, positions = PARTS[name]
    export(place, tmp_path / "part", part=part)
    data = tmp_path / "part" / "data"
    whole = (bundle / "data" / "events.jsonl").read_bytes().splitlines()
    lines = data.joinpath("events.jsonl").read_bytes().splitlines()
    assert lines == [whole[position - 1] for position in positions]
    scope = orjson.loads((data / "scope.json").read_bytes())
    assert read_ranges(scope["positions"], size=11) == positions
    assert read_ranges(scope["left_out"], size=11) == sorted(set(range(1, 12)) - set(positions))
    assert "no other event matches" in scope["why"]
    for position, line in zip(positions, lines, strict=True):
        receipt = parse_receipt((data / "proofs" / f"{position:012d}.tlog-proof").read_bytes())
        assert receipt.index == position - 1
        assert verify_receipt(receipt, line, [KEY.verifier]).size == 11
    assert verify_bundle(tmp_path / "part", vkey=KEY.verifier.vkey).verified


def test_a_stand_in_that_was_named_counts_as_the_company(tmp_path: Path) -> None:
    from tests.ledger.scenes import company, event, purchase

    with new_ledger(tmp_path) as ledger:
        ledger.record([company("amd"), company("oracle"), company("customer-4", stand_in=True)])
        ledger.record([purchase("secret", buyer="customer-4", supplier="amd")])
        ledger.record([event("party_identified", placeholder="customer-4", company="oracle")])
        export(ledger.path, tmp_path / "part", part=Part(company="oracle"))
    scope = orjson.loads((tmp_path / "part" / "data" / "scope.json").read_bytes())
    assert scope["positions"] == "2-5"


def test_a_stand_in_that_was_another_one_first_counts_as_the_company(tmp_path: Path) -> None:
    from tests.ledger.scenes import company, event, purchase

    with new_ledger(tmp_path) as ledger:
        stand_ins = [company(name, stand_in=True) for name in ("customer-4", "customer-5")]
        ledger.record([company("amd"), company("oracle"), company("intel"), *stand_ins])
        ledger.record([purchase("secret", buyer="customer-4", supplier="amd")])
        ledger.record([event("party_identified", placeholder="customer-4", company="customer-5")])
        ledger.record([event("party_identified", placeholder="customer-5", company="oracle")])
        export(ledger.path, tmp_path / "part", part=Part(company="oracle"))
    scope = orjson.loads((tmp_path / "part" / "data" / "scope.json").read_bytes())
    assert scope["positions"] == "2,4-8"


@given(st.sets(st.integers(1, 60)))
def test_ranges_come_back(positions: set[int]) -> None:
    assert read_ranges(ranges_text(sorted(positions)), size=60) == sorted(positions)


@pytest.mark.parametrize("text", ["3-2", "1,1", "2,1", "0", "61", "1-", "a", "1,2", "1-1", " 1", "1-3,4"])
def test_ranges_in_any_other_form_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        read_ranges(text, size=60)


def test_the_log_as_it_was_has_a_checkpoint_of_that_size(place: Path, bundle: Path, tmp_path: Path) -> None:
    done = export(place, tmp_path / "earlier", upto=8)
    assert (done.size, done.checkpoint.size) == (8, 8)
    whole = (bundle / "data" / "events.jsonl").read_bytes()
    assert whole.startswith((tmp_path / "earlier" / "data" / "events.jsonl").read_bytes())
    assert verify_bundle(bundle, remembered=done.checkpoint.note).verified


def test_nothing_is_written_over_and_nothing_is_left_behind(place: Path, tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    with pytest.raises(BundleExistsError):
        export(place, tmp_path / "taken")
    with pytest.raises(NothingMatchesError):
        export(place, tmp_path / "part", part=Part(company="nobody"))
    with new_ledger(tmp_path) as empty, pytest.raises(EmptyLogError):
        export(empty.path, tmp_path / "empty")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["deals.db", "taken"]


def test_documents_absent_are_counted_and_altered_ones_refused(tmp_path: Path) -> None:
    with tiny_ledger(tmp_path) as ledger:
        document = ledger.documents.path(hashlib.sha256(DOCUMENT).hexdigest())
    document.write_bytes(b"The parties do not agree.\n")
    with pytest.raises(DocumentDamagedError):
        export(ledger.path, tmp_path / "altered")
    document.unlink()
    done = export(ledger.path, tmp_path / "absent")
    assert (done.documents, done.documents_absent) == (0, 1)
    report = verify_bundle(tmp_path / "absent")
    assert report.verified
    assert [check.outcome for check in report.checks if check.name == "documents"] == ["absent"]


def test_a_ledger_that_does_not_verify_is_not_handed_out(tmp_path: Path) -> None:
    import sqlite3

    with tiny_ledger(tmp_path) as ledger:
        path = ledger.path
    with sqlite3.connect(path) as database:
        database.execute("DROP TRIGGER stored_events_no_update")
        database.execute(
            "UPDATE stored_events SET state = replace(CAST(state AS TEXT), '\"100\"', '\"900\"') WHERE originator_version = 3"
        )
    database.close()
    with pytest.raises(LedgerDamagedError, match="have the root"):
        export(path, tmp_path / "bundle")
    assert not (tmp_path / "bundle").exists()


def test_a_number_may_rest_on_very_many_events(place: Path, tmp_path: Path) -> None:
    keys = "; ".join(["company/amd"] * 50_000)
    export(place, tmp_path / "bundle", numbers=f"exposed,to,events\r\namd,openai,{keys}\r\n".encode())
    assert verify_bundle(tmp_path / "bundle").verified
    export(place, tmp_path / "unknown", numbers=f"exposed,to,events\r\namd,openai,{keys}; no/such\r\n".encode())
    report = verify_bundle(tmp_path / "unknown")
    assert [check.name for check in report.failures] == ["projections"]


def test_numbers_that_are_no_text_are_found(place: Path, tmp_path: Path) -> None:
    bundle = tmp_path / "bundle"
    export(place, bundle)
    (bundle / "data" / "projections" / "exposure.csv").write_bytes(b"exposed,to,events\r\n\xff\xfe,x,y\r\n")
    assert {"projections", "bag"} <= {check.name for check in verify_bundle(bundle).failures}
