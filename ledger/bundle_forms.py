"""One recorded event in the forms of two public standards: CloudEvents 1.0 in JSON, and W3C PROV in JSON.

Like the rows of `facts.csv` these are functions of the leaf, its position and the log's name, which is what lets a
verifier make them again. https://github.com/cloudevents/spec, https://www.w3.org/submissions/prov-json/
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Any
from urllib.parse import quote

import orjson

__all__ = ["cloud_event", "event_bytes", "prov_head", "prov_of"]


def event_bytes(leaf: bytes, tail: int) -> bytes:
    """Cut the event out of a canonical leaf, byte for byte; `tail` is the length of all that follows it."""
    return leaf[len(b'{"event":') : -tail]


def cloud_event(position: int, leaf: bytes, parts: dict[str, Any], source: bytes) -> bytes:
    """Write an event as a CloudEvent, one line, with the event as it was recorded for its data.

    `source` is the log's name as a JSON string. Raises AttributeError, KeyError or TypeError where the leaf is not one.
    """
    event = parts["event"]
    recorder = orjson.dumps(parts["recorder"])
    at = orjson.dumps(parts["recorded_at"])
    version = b"%d" % parts["schema_version"]
    # `,"recorded_at":` + at + `,"recorder":` + recorder + `,"schema_version":` + version + `}`
    tail = 15 + len(at) + 12 + len(recorder) + 18 + len(version) + 1
    return (
        b'{"data":%b,"datacontenttype":"application/json","dealsposition":%d,"dealsrecorder":%b,"dealsschema":%b,'
        b'"id":%b,"source":%b,"specversion":"1.0","time":%b,"type":%b}\n'
        % (
            event_bytes(leaf, tail),
            position,
            recorder,
            version,
            orjson.dumps(event["key"]),
            source,
            at,
            orjson.dumps("deals." + event["type"]),
        )
    )


def prov_head(origin: str) -> bytes:
    """Give the beginning of `prov.json`, up to the first section."""
    names = {
        "deals": "urn:deals:vocabulary:",
        "document": "urn:sha256:",
        "event": f"urn:deals:log:{quote(origin, safe='')}:event:",
        "recorder": f"urn:deals:log:{quote(origin, safe='')}:recorder:",
        "recording": f"urn:deals:log:{quote(origin, safe='')}:recording:",
    }
    return b'{"prefix":' + orjson.dumps(names)


class _Recording:
    """The ids of who recorded when, made once for all the events of one recording."""

    def __init__(self) -> None:
        self._said: tuple[str, str] = ("", "")
        self._generated = b""
        self.seen: dict[bytes, list[tuple[str, bytes]]] = {}

    def generated(self, at: str, recorder: str) -> bytes:
        """Give the middle of a generation: the activity and its time."""
        if (at, recorder) != self._said:
            agent = sha256(recorder.encode()).hexdigest()[:16]
            activity = f"recording:{at}/{agent}"
            self._said = at, recorder
            quoted = orjson.dumps(activity)
            time = orjson.dumps(at)
            self._generated = b'{"prov:activity":%b,"prov:time":%b,"prov:entity":' % (quoted, time)
            if quoted not in self.seen:
                self.seen[quoted] = [
                    ("agent", b'"recorder:%b":{"prov:label":%b}' % (agent.encode(), orjson.dumps(recorder))),
                    ("activity", b'%b:{"prov:startTime":%b,"prov:endTime":%b}' % (quoted, time, time)),
                    (
                        "wasAssociatedWith",
                        b'"_:a/%b/%b":{"prov:activity":%b,"prov:agent":"recorder:%b"}'
                        % (at.encode(), agent.encode(), quoted, agent.encode()),
                    ),
                ]
        return self._generated


_TYPED = b'{"$":%b,"type":"prov:QUALIFIED_NAME"}'


def _derivation(position: int, kind: bytes, entity: bytes, used: bytes, prov_type: str) -> bytes:
    typed = _TYPED % orjson.dumps(prov_type)
    return b'"_:%b%d":{"prov:generatedEntity":%b,"prov:usedEntity":%b,"prov:type":%b}' % (
        kind,
        position,
        entity,
        used,
        typed,
    )


def prov_of(
    positions: Sequence[int], hashes: Sequence[str], leaves: Sequence[dict[str, Any]]
) -> Iterator[tuple[str, bytes]]:
    """Give the entries of a run of events as `(stream, entry)`, entries without separators; see `ledger.bundle_prov`.

    Agents, activities and documents may come more than once; the same entry always has the same bytes.
    """
    recording = _Recording()
    for position, leaf_hash, parts in zip(positions, hashes, leaves, strict=True):
        event = parts["event"]
        entity = orjson.dumps("event:" + event["key"])
        generated = recording.generated(parts["recorded_at"], parts["recorder"])
        typed = orjson.dumps("deals:" + event["type"])
        yield (
            "entity",
            b'%b:{"deals:leafHash":"%b","deals:position":%d,"prov:type":{"$":%b,"type":"prov:QUALIFIED_NAME"}}'
            % (entity, leaf_hash.encode(), position, typed),
        )
        yield "wasGeneratedBy", b'"_:g%d":%b%b}' % (position, generated, entity)
        if "corrects" in event or "amends" in event or "sha256" in event or "source" in event:
            yield from _relations(position, entity, generated, event)
    for entries in recording.seen.values():
        yield from entries


def _relations(position: int, entity: bytes, generated: bytes, event: dict[str, Any]) -> Iterator[tuple[str, bytes]]:
    """Give what an event says of others: what it corrects, replaces or rests on."""
    if "corrects" in event:
        corrected = orjson.dumps("event:" + event["corrects"])
        yield "wasDerivedFrom", _derivation(position, b"c", entity, corrected, "prov:Revision")
        yield "wasInvalidatedBy", b'"_:i%d":%b%b}' % (position, generated, corrected)
    if "amends" in event:
        amended = orjson.dumps("event:" + event["amends"])
        yield "wasDerivedFrom", _derivation(position, b"t", entity, amended, "deals:Amendment")
    documents = [event.get("sha256"), (event.get("source") or {}).get("sha256")]
    for kind, digest in zip((b"d", b"s"), documents, strict=True):
        if digest is not None:
            document = orjson.dumps("document:" + digest)
            yield "document", b'%b:{"prov:type":%b}' % (document, _TYPED % b'"deals:Document"')
            yield "wasDerivedFrom", _derivation(position, kind, entity, document, "prov:PrimarySource")
