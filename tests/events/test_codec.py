"""Canonical bytes: whatever goes in comes out again, the same on every machine, by the letter of RFC 8785."""

from __future__ import annotations

import hashlib
import os
import random
import subprocess
import sys
from typing import Any

import orjson
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from events.base import Event
from events.codec import as_raw, canonical, decode, encode, parse, same_content
from events.envelope import Recorded, leaf_bytes, read_feed, read_leaf
from events.keys import NAMESPACE, derived_key, event_id
from events.registry import TYPES, event_class, validate_json
from tests.effort import examples
from tests.events.samples import SAMPLES, SECOND_SAMPLES, sample
from tests.events.strategies import any_event, any_raw, events, raws, texts

RECORDED_AT = "2026-01-31T09:30:00.000000Z"


@pytest.mark.parametrize("name", TYPES)
@examples(25)  # the types together make up for it
@given(data=st.data())
def test_what_was_encoded_decodes_to_the_same_event(name: str, data: st.DataObject) -> None:
    event = data.draw(events(name))
    written = encode(event)
    read = decode(orjson.loads(written), event.SCHEMA_VERSION)
    assert read == event
    assert encode(read) == written
    assert type(read) is TYPES[name]


@given(any_event())
def test_encoded_events_are_canonical_by_an_implementation_of_the_rfc(event: Event) -> None:
    assert encode(event) == rfc8785.dumps(as_raw(event))


_JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(2**53) + 1, 2**53 - 1), st.text()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.text(st.characters(max_codepoint=127)), inner, max_size=4)
    ),
)


@given(_JSON)
def test_canonical_agrees_with_the_rfc_on_all_values_that_events_may_hold(value: object) -> None:
    assert canonical(value) == rfc8785.dumps(value)  # type: ignore[arg-type]  # any JSON value


@given(any_event(), texts())
def test_a_leaf_is_canonical_and_reads_back(event: Event, recorder: str) -> None:
    leaf = leaf_bytes(encode(event), recorded_at=RECORDED_AT, recorder=recorder, schema_version=event.SCHEMA_VERSION)
    assert leaf == rfc8785.dumps(orjson.loads(leaf))
    recorded = read_leaf(7, leaf)
    assert recorded == Recorded(7, leaf, RECORDED_AT, recorder, event.SCHEMA_VERSION, as_raw(event))
    assert (recorded.key, recorded.type, recorded.event) == (event.key, event.type, event)
    assert list(read_feed([[(7, leaf)], [], [(8, leaf)]])) == [recorded, read_leaf(8, leaf)]


@given(any_raw(), st.randoms(use_true_random=False))
def test_the_order_of_fields_in_the_input_changes_nothing(raw: dict[str, Any], chance: random.Random) -> None:
    names = list(raw)
    chance.shuffle(names)
    assert encode(parse({name: raw[name] for name in names})) == encode(parse(raw))


@given(any_event())
def test_canonical_values_are_a_fixed_point_of_parsing(event: Event) -> None:
    assert parse(as_raw(event)) == event
    assert validate_json(event.type, encode(event)) == event
    assert same_content(parse(as_raw(event)), event)


@given(any_event(), texts())
def test_another_note_is_another_content(event: Event, note: str) -> None:
    other = event.model_copy(update={"note": note})
    assert same_content(event, other) == (event.note == note)


def test_canonical_bytes_do_not_depend_on_the_hash_seed() -> None:
    program = (
        "import hashlib, sys, orjson\n"
        "from events.codec import encode, parse\n"
        "rows = orjson.loads(sys.stdin.buffer.read())\n"
        "print(hashlib.sha256(b'\\n'.join(encode(parse(row)) for row in rows)).hexdigest())\n"
    )
    rows = [*SAMPLES.values(), *SECOND_SAMPLES]
    expected = hashlib.sha256(b"\n".join(encode(parse(row)) for row in rows)).hexdigest()
    for seed in ("0", "4242"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        done = subprocess.run(
            [sys.executable, "-c", program], input=orjson.dumps(rows), env=environment, capture_output=True, check=True
        )
        assert done.stdout.decode().strip() == expected


def test_event_ids_are_name_based_uuids() -> None:
    # RFC 9562, section 5.5, worked by hand: SHA-1 of the namespace and the name, cut, with version and variant set.
    digest = bytearray(hashlib.sha1(NAMESPACE.bytes + b"company/nvidia", usedforsecurity=False).digest()[:16])
    digest[6] = digest[6] & 0x0F | 0x50
    digest[8] = digest[8] & 0x3F | 0x80
    assert event_id("company/nvidia").bytes == bytes(digest)


@pytest.mark.parametrize(
    ("raw", "key"),
    [
        (sample("company_registered"), "company/nvidia"),
        (sample("party_identified"), "party/customer-4/2025-10-06"),
        (sample("warrant_granted"), "amd-openai-2025/warrant/2025-10-06"),
        (sample("guarantee_given"), "google-cipher-2025/guarantee/2025-10-06"),
        (sample("loan_arranged"), "jpmorgan-vantage-2025/texas/2025-10-06"),
        (sample("investment_committed"), "softbank-openai-2025/equity/2025-10-06"),
        (sample("purchase_committed"), "amd-openai-2025/supply/2025-10-06"),
        (sample("status_changed"), "nvidia-openai-2025/equity/status-changed/2025-10-06"),
        (sample("status_changed", leg=...), "nvidia-openai-2025/all-legs/status-changed/2025-10-06"),
        (sample("tranche_funded"), "softbank-openai-2025/equity/tranche-funded/first/2025-10-06"),
        (
            sample("metric_reported"),
            "metric/coreweave/customer_share/microsoft/gaap/2025-01-01--2026-01-01/2025-10-06",
        ),
        (SECOND_SAMPLES[0], "metric/h100-rental/spot_price:USD_per_gpu_hour/estimate/2025-10-01/2025-10-06"),
        (sample("price_moved"), "price/amd/2025-10-06/close"),
        (
            sample("event_corrected"),
            "jpmorgan-vantage-2025/texas/2025-10-06/corrected-2025-10-06",
        ),
        (sample("event_retracted"), "amd-openai-2025/warrant/2025-10-06/retracted-2025-10-06"),
        (sample("document_attached"), "amd-openai-2025/warrant/2025-10-06/document-9f86d081884c"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_key_left_out_is_derived_from_what_the_event_is_about(raw: dict[str, Any], key: str) -> None:
    without = {name: value for name, value in raw.items() if name != "key"}
    assert parse(without).key == key


@given(any_raw())
def test_every_valid_event_gets_a_valid_key_the_same_every_time(raw: dict[str, Any]) -> None:
    without = {name: value for name, value in raw.items() if name != "key"}
    assert parse(without).key == derived_key(without)


def test_a_company_named_in_another_script_still_gets_a_key_of_plain_letters() -> None:
    raw = sample("price_moved", company="輝達", key=...)
    assert parse(raw).key.isascii()
    assert parse(raw).key != parse({**raw, "company": "超微"}).key


def test_topics_are_the_vocabulary_names_and_no_python_names() -> None:
    assert {cls.topic() for cls in TYPES.values()} == {f"deals.{name}" for name in SAMPLES}
    assert all(event_class(name).topic() == f"deals.{name}" for name in TYPES)


@given(raws("loan_arranged"))
def test_companies_are_replaced_by_slugs_wherever_they_stand(raw: dict[str, Any]) -> None:
    event = parse(raw)
    slugs = {name: f"slug-{number}" for number, name in enumerate(sorted(set(event.companies().values())))}
    resolved = event.with_companies(slugs)
    assert resolved.companies() == {field: slugs[name] for field, name in event.companies().items()}
    assert event.with_companies({name: name for name in slugs}) is event
    restored = resolved.with_companies({slug: name for name, slug in slugs.items()})
    assert restored == event
