"""One recorded event in the forms of two public standards: CloudEvents 1.0 in JSON, and W3C PROV in JSON.

Like the rows of `facts.csv` these are functions of the leaf, its position and the log's name, which is what lets a
verifier make them again. https://github.com/cloudevents/spec, https://www.w3.org/submissions/prov-json/
"""

from __future__ import annotations

from collections import defaultdict
from hashlib import sha256
from typing import Any
from urllib.parse import quote

import orjson

__all__ = ["EventForms", "event_bytes", "prov_head"]

_BEGIN = len(b'{"event":')


def event_bytes(leaf: bytes, tail: int) -> bytes:
    """Cut the event out of a canonical leaf, byte for byte; `tail` is the length of all that follows it."""
    return leaf[_BEGIN:-tail]


def prov_head(origin: str) -> bytes:
    """Return the beginning of `prov.json`, up to the first section."""
    names = {
        "deals": "urn:deals:vocabulary:",
        "document": "urn:sha256:",
        "event": f"urn:deals:log:{quote(origin, safe='')}:event:",
        "recorder": f"urn:deals:log:{quote(origin, safe='')}:recorder:",
        "recording": f"urn:deals:log:{quote(origin, safe='')}:recording:",
    }
    return b'{"prefix":' + orjson.dumps(names)


def _typed(name: str) -> bytes:
    return b'{"$":%b,"type":"prov:QUALIFIED_NAME"}' % orjson.dumps(name)


class EventForms:
    """Writes events in both forms, one after the other; what does not change from one to the next is kept.

    `cloud` collects the lines of `cloudevents.jsonl`, `prov` the entries of `prov.json` by stream (see
    `ledger.bundle.prov`), where agents, activities and documents may come more than once, with the same bytes.
    """

    def __init__(self, origin: str) -> None:
        self.cloud: list[bytes] = []
        self.prov: defaultdict[str, list[bytes]] = defaultdict(list)
        self._entities = self.prov["entity"]
        self._generations = self.prov["wasGeneratedBy"]
        self._source = orjson.dumps(origin)
        self._said: tuple[Any, ...] = ()
        self._types: dict[str, tuple[bytes, bytes]] = {}
        self._tail = 0
        self._before_key = self._after_key = self._generated = b""

    def add(self, position: int, leaf: bytes, digest: str, parts: dict[str, Any]) -> None:
        """Write one event; `digest` is its leaf hash in hexadecimal, `parts` the parsed leaf.

        Raises AttributeError, KeyError or TypeError where the leaf is not one.
        """
        event = parts["event"]
        said = (parts["recorded_at"], parts["recorder"], parts["schema_version"])
        if said != self._said:
            self._recording(*said)
            self._said = said
        kind = event["type"]
        cloud_type, prov_type = self._types.get(kind) or self._type(kind)
        key = orjson.dumps(event["key"])
        entity = b'"event:' + key[1:]
        self.cloud.append(
            b'{"data":%b,"datacontenttype":"application/json","dealsposition":%d%b%b%b%b}\n'
            % (event_bytes(leaf, self._tail), position, self._before_key, key, self._after_key, cloud_type)
        )
        self._entities.append(
            b'%b:{"deals:leafHash":"%b","deals:position":%d,"prov:type":%b}'
            % (entity, digest.encode(), position, prov_type)
        )
        self._generations.append(b'"_:g%d":%b%b}' % (position, self._generated, entity))
        source = event.get("source")
        if "corrects" in event or "amends" in event or "sha256" in event or (source and "sha256" in source):
            self._relations(position, entity, event)

    def _type(self, kind: str) -> tuple[bytes, bytes]:
        """Write a type as a CloudEvent and as PROV name it."""
        self._types[kind] = orjson.dumps("deals." + kind), _typed("deals:" + kind)
        return self._types[kind]

    def _recording(self, at: str, recorder: str, version: int) -> None:
        """Write what is the same for all events that one recorder recorded at one instant."""
        when, who = orjson.dumps(at), orjson.dumps(recorder)
        self._tail = len(b',"recorded_at":%b,"recorder":%b,"schema_version":%d}' % (when, who, version))
        self._before_key = b',"dealsrecorder":%b,"dealsschema":%d,"id":' % (who, version)
        self._after_key = b',"source":%b,"specversion":"1.0","time":%b,"type":' % (self._source, when)
        agent = sha256(recorder.encode()).hexdigest()[:16]
        activity = orjson.dumps(f"recording:{at}/{agent}")
        named = orjson.dumps(f"recorder:{agent}")
        self._generated = b'{"prov:activity":%b,"prov:time":%b,"prov:entity":' % (activity, when)
        self.prov["agent"].append(b'%b:{"prov:label":%b}' % (named, who))
        self.prov["activity"].append(b'%b:{"prov:startTime":%b,"prov:endTime":%b}' % (activity, when, when))
        self.prov["wasAssociatedWith"].append(
            b'%b:{"prov:activity":%b,"prov:agent":%b}' % (orjson.dumps(f"_:a/{at}/{agent}"), activity, named)
        )

    def _relations(self, position: int, entity: bytes, event: dict[str, Any]) -> None:
        """Write what an event says of others: what it corrects, replaces or rests on."""
        if "corrects" in event:
            corrected = orjson.dumps("event:" + event["corrects"])
            self._derived(b"c", position, entity, corrected, "prov:Revision")
            self.prov["wasInvalidatedBy"].append(b'"_:i%d":%b%b}' % (position, self._generated, corrected))
        if "amends" in event:
            self._derived(b"t", position, entity, orjson.dumps("event:" + event["amends"]), "deals:Amendment")
        documents = (event.get("sha256"), (event.get("source") or {}).get("sha256"))
        for kind, digest in zip((b"d", b"s"), documents, strict=True):
            if digest is not None:
                document = orjson.dumps("document:" + digest)
                self.prov["document"].append(b'%b:{"prov:type":%b}' % (document, _typed("deals:Document")))
                self._derived(kind, position, entity, document, "prov:PrimarySource")

    def _derived(self, kind: bytes, position: int, entity: bytes, used: bytes, prov_type: str) -> None:
        self.prov["wasDerivedFrom"].append(
            b'"_:%b%d":{"prov:generatedEntity":%b,"prov:usedEntity":%b,"prov:type":%b}'
            % (kind, position, entity, used, _typed(prov_type))
        )
