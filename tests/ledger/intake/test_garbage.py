"""Whatever bytes come in, events or located findings come out: no crash, no hang, nothing recorded by half."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ledger.intake.located import Located, Rejected
from ledger.intake.rows import InputDefaults
from ledger.intake.sources import FORMATS, read_rows
from tests.effort import examples
from tests.events.samples import SAMPLES

FORMAT = st.sampled_from([None, *FORMATS])
READING = st.sampled_from(
    [InputDefaults(), InputDefaults(type_name="loan_arranged"), InputDefaults(defaults={"announced_on": "2026-01-01"})]
)

# Pieces that mean something in one format or another.
PIECES = [
    b'{"type":', b'"loan_arranged"', b"[", b"]", b"{", b"}", b",", b":", b"\n", b"\r\n", b"\t", b'"', b"'", b"\\ud800",
    b"\xff", b"\xef\xbb\xbf", b"- ", b"? ", b"&a ", b"*a", b"!!python/object ", b"%YAML 9.9\n", b"---", b"...", b"|", b">",
    b"1e999", b"-0", b"9" * 400, b"NaN", b"\x00", b"type,key\n", b"amount.value", b"lenders.0.company", b"=1", "輝達".encode(),
    b"\xc2\x85", b"\xe2\x80\xa8", b"#", b"@", b"`", b"<<: *a", b"true", b"null", b"2025-10-06",
]  # fmt: skip


def come_through(data: bytes, format_name: str | None, reading: InputDefaults) -> None:
    found = rejected = 0
    for row in read_rows(["-"], reading, format_name=format_name, stdin=io.BytesIO(data)):
        assert row.line >= 1
        rejected += isinstance(row, Rejected)
        if isinstance(row, Rejected):
            found += len(row.findings)
            assert all(str(finding) and finding.line >= 1 for finding in row.findings)
        else:
            assert isinstance(row, Located)
    assert bool(found) == bool(rejected)  # rows may be blameless where the head of their table is at fault


@given(st.binary(max_size=200), FORMAT, READING)
def test_any_bytes(data: bytes, format_name: str | None, reading: InputDefaults) -> None:
    come_through(data, format_name, reading)


@examples(300)
@given(st.lists(st.sampled_from(PIECES), max_size=25).map(b"".join), FORMAT, READING)
@example(b"*a", "yaml", InputDefaults())
@example(b"&a &a x", "yaml", InputDefaults())
@example(b"%YAML 9.9\n---\na: 1\n", "yaml", InputDefaults())
@example(b"? [a, b]\n: c\n", "yaml", InputDefaults())
@example(b'{"key": "\\ud800", "type": "loan_arranged"}', "json", InputDefaults())
@example(b'type: loan_arranged\nkey: "\\ud800"\nannounced_on: 2026-01-01\n', "yaml", InputDefaults())
def test_pieces_of_every_format(data: bytes, format_name: str | None, reading: InputDefaults) -> None:
    come_through(data, format_name, reading)


@given(st.sampled_from(sorted(SAMPLES)), st.data())
def test_events_with_a_few_bytes_changed(name: str, data: st.DataObject) -> None:
    text = bytearray(json.dumps(SAMPLES[name], ensure_ascii=False).encode())
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(text) - 1))
        text[place : place + data.draw(st.integers(0, 3))] = data.draw(
            st.one_of(st.binary(max_size=3), st.sampled_from(PIECES))
        )
    for format_name in ("jsonl", "json", "yaml"):
        come_through(bytes(text), format_name, InputDefaults())


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)),
    max_leaves=6,
)


@given(st.sampled_from(sorted(SAMPLES)), st.data())
def test_events_with_anything_for_a_field(name: str, data: st.DataObject) -> None:
    raw: dict[str, Any] = dict(SAMPLES[name])
    for field in data.draw(st.lists(st.sampled_from([*raw, "unheard_of"]), min_size=1, max_size=3)):
        raw[field] = data.draw(JSON)
    if data.draw(st.booleans()):
        raw.pop("key", None)
    come_through(json.dumps(raw).encode(), "jsonl", InputDefaults())
    come_through(json.dumps(raw).encode("utf-8", "surrogatepass"), "yaml", InputDefaults())


@pytest.mark.parametrize("format_name", FORMATS)
def test_nothing_at_all_is_said_to_be_nothing(format_name: str) -> None:
    for data in (b"", b"\n\n", b"\xef\xbb\xbf", *NOTHING.get(format_name, ())):
        [row] = read_rows(["-"], format_name=format_name, stdin=io.BytesIO(data))
        assert isinstance(row, Rejected)
        [finding] = row.findings
        assert (finding.line, finding.field) == (1, "file")
        assert finding.what.endswith("nothing was read")


NOTHING = {
    "json": [b"[]", b" [ ]\n"],
    "yaml": [b"# only a remark\n", b"---\n...\n", b"---\n---\n", b"null\n", b"[]\n"],
    "csv": [b"type,announced_on,deal\n", b"\xef\xbb\xbftype;deal\r\n\r\n", b"sep=;\n", b"type,deal\n,\n"],
    "tsv": [b"type\tdeal\n"],
}
