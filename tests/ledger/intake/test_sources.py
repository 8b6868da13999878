"""JSON lines, JSON documents, YAML and tables say the same events, each with the place it was read at."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from ruamel.yaml import YAML

from events.codec import encode
from ledger.intake.input_errors import InputNotFoundError, NoEventsError, UnknownFormatError
from ledger.intake.located import Located, Rejected, Row
from ledger.intake.rows import InputDefaults
from ledger.intake.sources import read_rows
from tests.events.strategies import any_raw

Raw = dict[str, Any]

DELIVERY: Raw = {
    "type": "capacity_delivered", "key": "d", "announced_on": "2026-01-01", "deal": "one", "leg": "supply",
    "capacity_gw": "0.50", "source": {"kind": "press", "publisher": '輝達, "the" paper', "title": "=1+1"},
}  # fmt: skip
METRIC: Raw = {
    "type": "metric_reported", "key": "m", "announced_on": "2026-01-01", "company": "amd", "metric": "revenue",
    "value": "-0.5", "unit": "USD", "on": "2025-12-31", "basis": "gaap",
}  # fmt: skip
METRIC["metric"] = "net_income"


def rows_of(data: str | bytes, format_name: str | None = None, reading: InputDefaults | None = None) -> list[Row]:
    stdin = io.BytesIO(data.encode() if isinstance(data, str) else data)
    return list(read_rows(["-"], reading, format_name=format_name, stdin=stdin))


def events(
    data: str | bytes, format_name: str | None = None, reading: InputDefaults | None = None
) -> list[tuple[int, bytes]]:
    rows = rows_of(data, format_name, reading)
    assert [row for row in rows if isinstance(row, Rejected)] == []
    return [(row.line, encode(row.event)) for row in rows if isinstance(row, Located)]


def bad(
    data: str | bytes, format_name: str | None = None, reading: InputDefaults | None = None
) -> list[tuple[int, str, str, str]]:
    rows = rows_of(data, format_name, reading)
    found = [finding for row in rows if isinstance(row, Rejected) for finding in row.findings]
    assert all(finding.file == "stdin" for finding in found)
    return [(finding.line, finding.field, finding.what, finding.got) for finding in found]


def cells(value: object, path: str = "") -> dict[str, str]:
    """Flatten an event into the cells of a table."""
    if isinstance(value, dict | list):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        found: dict[str, str] = {}
        for name, item in items:
            found |= cells(item, f"{path}.{name}" if path else str(name))
        return found
    if value is None:
        return {}
    return {path: str(value).lower() if isinstance(value, bool) else str(value)}


def table(*rows: Raw, delimiter: str = ",", guard: bool = False) -> str:
    flat = [cells(row) for row in rows]
    header = list(dict.fromkeys(name for row in flat for name in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, header, restval="", delimiter=delimiter)
    writer.writeheader()
    for row in flat:
        writer.writerow({name: f"'{cell}" if guard and cell[:1] in "=+-@" else cell for name, cell in row.items()})
    return text.getvalue()


def block_yaml(raw: Raw) -> str:
    text = io.StringIO()
    writer = YAML(typ="safe", pure=True)
    writer.default_flow_style = False
    writer.width = 10_000
    writer.dump(raw, text)
    return text.getvalue()


def one_line(raw: Raw) -> str:
    """Write JSON with only what YAML forbids escaped."""
    text = json.dumps(raw, ensure_ascii=False)
    return "".join(char if char not in "\ufffe\uffff" else f"\\u{ord(char):04x}" for char in text)


@given(any_raw())
def test_every_format_says_the_same(raw: Raw) -> None:
    expected = [encode(row.event) for row in rows_of(one_line(raw), "jsonl") if isinstance(row, Located)]
    assert len(expected) == 1
    for text, format_name in (
        (json.dumps(raw, indent=2), "json"),
        (json.dumps([raw], ensure_ascii=False), "json"),
        (one_line(raw), "yaml"),
        (block_yaml(raw), "yaml"),
    ):
        assert [said for _, said in events(text, format_name)] == expected
    flat = cells(raw)
    # A level that is typed without its unit gets the usual one; a program's stands as it is.
    assume(not any(path.endswith(".threshold") and not flat.get(f"{path[:-9]}unit") for path in flat))
    # A cell has no blanks around it, and an empty group cannot be told from none.
    assume(all(cell == cell.strip() and not cell.startswith("'") for cell in flat.values()))
    assume("{}" not in json.dumps(raw))
    assert [said for _, said in events(table(raw), "csv")] == expected
    assert [said for _, said in events(table(raw, delimiter="\t", guard=True), "tsv")] == expected


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (f"\ufeff{json.dumps(DELIVERY)}\r\n\r\n  \n{json.dumps(METRIC)}", [1, 4]),
        (json.dumps(DELIVERY, indent=1), [1]),
        (json.dumps([DELIVERY, METRIC], indent=1), [2, 15]),
        (f"[{json.dumps(DELIVERY)},\n\n{json.dumps(METRIC)}]\n", [1, 3]),
        (f"\n# a comment\n{block_yaml(DELIVERY)}---\n---\n{block_yaml(METRIC)}...\n", [3, 15]),
        (f"- {one_line(DELIVERY)}\n\n- {one_line(METRIC)}\n", [1, 3]),
        ("\ufeff" + table(DELIVERY, METRIC), [2, 3]),
        (table(DELIVERY, {}, METRIC, delimiter="\t"), [2, 4]),
    ],
)
def test_the_format_is_told_by_the_first_bytes_and_each_event_by_its_line(text: str, lines: list[int]) -> None:
    expected = dict(events(f"{json.dumps(DELIVERY)}\n{json.dumps(METRIC)}", "jsonl"))
    found = events(text)
    assert [line for line, _ in found] == lines
    assert [said for _, said in found] == list(expected.values())[: len(lines)]


def test_quoted_line_breaks_in_a_table_are_counted() -> None:
    header = "type,announced_on,deal,leg,capacity_gw,note"
    text = f'{header}\ncapacity_delivered,2026-01-01,one,supply,1,"two\nlines"\ncapacity_delivered,2026-01-01,one,supply,x,\n'
    assert [(line, field) for line, field, _, _ in bad(text)] == [(2, "note"), (4, "capacity_gw")]


def test_one_type_may_be_given_for_all_rows() -> None:
    rest = {name: value for name, value in DELIVERY.items() if name != "type"}
    reading = InputDefaults(type_name="capacity_delivered")
    expected = events(json.dumps(DELIVERY))
    for text in (json.dumps(rest), block_yaml(rest), table(rest), table(DELIVERY)):
        assert [said for _, said in events(text, reading=reading)] == [expected[0][1]]
    assert bad(json.dumps(METRIC), reading=reading)[0][1:3] == (
        "type", "is another than the capacity_delivered that was asked for"
    )  # fmt: skip
    assert bad(json.dumps(rest))[0][1:3] == ("type", "is required")


BAD_TEXTS: list[tuple[str, str | bytes, list[tuple[int, str, str]]]] = [
    ("jsonl", b'{"type": "\xff"}\n', [(1, "row", "is not UTF-8 text at byte 11")]),
    ("jsonl", '\n{"a": NaN}', [(2, "row", "holds what is no number")]),
    ("jsonl", '{"a": -Infinity}', [(1, "row", "holds what is no number")]),
    ("json", '[{"a": "NaN"},\n{"a": Infinity}]', [(1, "type", "is required"), (1, "announced_on", "is required"), (2, "row", "holds what is no number")]),
    ("yaml", "a: .nan\nb: -.inf", [(1, "a", "is no number"), (2, "b", "is no number"), (1, "type", "is required"), (1, "announced_on", "is required")]),
    ("jsonl", '{"a": 010}', [(1, "row", "is not JSON")]),
    ("jsonl", '{"key":"a","key":"b"}', [(1, "key", "stands twice in one group of fields")]),
    ("jsonl", '{"source":{"kind":"press","kind":"press"},"note":"\\""}', [(1, "kind", "stands twice in one group of fields")]),
    ("jsonl", "[]\n5\nnull\n", [(line, "row", "is not an event: a JSON object in braces") for line in (1, 2, 3)]),
    ("jsonl", "[" * 5_000, [(1, "row", "is not JSON")]),
    ("json", "[" * 5_000, [(1, "row", "is nested too deeply")]),
    ("json", '{"a":' * 50_000, [(1, "row", "is nested too deeply")]),
    ("json", f'\n{{"a": {"9" * 5_000}}}', [(2, "row", "holds a number of thousands of digits")]),
    ("json", '[{"a": 1,\n "a": 2}', [(1, "a", "stands twice in one group of fields"), (1, "row", "is a list without its closing bracket")]),
    ("json", "[] 5", [(1, "row", "stands after the end of the list")]),
    ("json", '{"a"\n 5}', [(2, "row", "is not JSON")]),
    ("yaml", "type: x\n\tkey: y\n", [(2, "row", "is not YAML")]),
    ("yaml", "just words", [(1, "row", "is not an event: fields as name: value")]),
    ("yaml", "a: 1\n---\n- 5\n", [(1, "type", "is required"), (1, "announced_on", "is required"), (3, "row", "is not an event: fields as name: value")]),
    ("csv", "type,type\nx,y\n", [(1, "type", "heads two columns")]),
    ("csv", "type,key\nx,y,z\n", [(2, "row", "has 3 cells under 2 headers")]),
    ("csv", "type,\nx,y\n", [(2, "row", "has a cell under no header")]),
    ("csv", 'type,key\n"x"y,z\n', [(2, "row", "is not a row of a table")]),
    ("csv", b"type,key\n\xff,y\n", [(2, "row", "is not UTF-8 text at byte 10")]),
]  # fmt: skip


@pytest.mark.parametrize(("format_name", "data", "expected"), BAD_TEXTS)
def test_what_cannot_be_read_is_told_with_its_line(
    format_name: str, data: str | bytes, expected: list[tuple[int, str, str]]
) -> None:
    # What a parser says after the colon is its own and changes with its versions.
    assert [(line, field, what.partition(":")[0]) for line, field, what, _ in bad(data, format_name)] == [
        (line, field, what.partition(":")[0]) for line, field, what in expected
    ]


def test_yaml_numbers_want_quotes() -> None:
    text = """\
type: purchase_committed
key: p
announced_on: 2025-10-06
deal: one
leg: supply
status: definitive
buyer: openai
supplier: amd
subject: chips
amount:
  value: 2.50
  currency: USD
capacity_gw: 6
cancellable_days: 0x1F
conditional: yes
buyer: amd
schedule:
  - {from: 2025-01-01, to: 2026-01-01, share: !share 1}
"""
    found = {(line, field): (what, got) for line, field, what, got in bad(text)}
    assert found == {
        (11, "amount.value"): ("is a number without quotes that YAML would round or recode", "2.50"),
        (13, "capacity_gw"): ("an unquoted number where an exact decimal string belongs; quote it", "6"),
        (14, "cancellable_days"): ("is a number without quotes that YAML would round or recode", "0x1F"),
        (15, "conditional"): ("must be true or false", '"yes"'),
        (16, "buyer"): ("stands twice in one group of fields", ""),
        (18, "schedule.0.share"): ("has the tag !!share, which no event needs", "'1'"),
    }


@pytest.mark.parametrize(
    ("number", "ways"),
    [
        ("010", '"10"'),
        ("1e9", '"1000000000"'),
        ("2.50", '"2.50"'),
        ("-0.50", '"-0.50"'),
        (".5", '"0.5"'),
        ("0x1F", '"31"'),
    ],
)
def test_a_number_that_yaml_would_recode_is_shown_as_typed_with_what_to_put_in_quotes(number: str, ways: str) -> None:
    [row] = rows_of(json.dumps(DELIVERY).replace('"0.50"', number), "yaml")
    assert isinstance(row, Rejected)
    assert [(one.field, one.got, one.advice.partition(";")[0]) for one in row.findings] == [
        ("capacity_gw", number, f"put it in quotes: {ways}")
    ]


def test_what_is_no_json_is_shown_where_it_goes_wrong() -> None:
    text = json.dumps(DELIVERY).replace('"0.50"', "010")
    for form in ("jsonl", "json"):
        assert "010" in bad(text, form)[0][3]


def test_yaml_aliases_cannot_blow_up() -> None:
    levels = "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12))
    assert "holds far more values than an event has" in {what for _, _, what, _ in bad(f"a0: &a0 x\n{levels}", "yaml")}
    assert "holds far more values than an event has" in {what for _, _, what, _ in bad("a: &a [*a]\n", "yaml")}


def test_inputs_that_are_not_there_are_named(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for sources, error, code in (
        ([tmp_path / "missing.jsonl"], InputNotFoundError, 3),
        ([tmp_path / "empty"], NoEventsError, 65),
    ):
        with pytest.raises(error) as caught:
            list(read_rows(sources))
        assert caught.value.exit_code == code
    with pytest.raises(UnknownFormatError, match="'xml'"):
        list(read_rows(["-"], format_name="xml"))


def test_a_file_is_read_by_its_name_or_by_what_it_holds(tmp_path: Path) -> None:
    texts = {
        "a.jsonl": json.dumps(DELIVERY), "b.ndjson": json.dumps(DELIVERY), "c.json": json.dumps([DELIVERY]),
        "d.yaml": block_yaml(DELIVERY), "e.yml": block_yaml(DELIVERY), "f.csv": table(DELIVERY),
        "g.tsv": table(DELIVERY, delimiter="\t"), "h.txt": table(DELIVERY), "i": block_yaml(DELIVERY),
    }  # fmt: skip
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
        [row] = read_rows([tmp_path / name])
        assert isinstance(row, Located)
        assert row.file == str(tmp_path / name)
    assert len({encode(row.event) for row in read_rows([tmp_path]) if isinstance(row, Located)}) == 1
    assert len(list(read_rows([tmp_path]))) == 7  # the last two are of no known name
