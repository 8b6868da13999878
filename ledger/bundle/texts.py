"""The small files of a bundle that describe it: the scope, the data package, and how to verify without our software."""

from __future__ import annotations

import base64
from typing import Any, NamedTuple

import orjson

from ledger.bundle.facts import COLUMNS
from ledger.bundle.part import Part, ranges_text
from ledger.proof.sshsig import NAMESPACE

__all__ = ["BUNDLE_VERSION", "PROOF_DIGITS", "SCOPE_FIELDS", "Scope", "data_package", "scope_json", "verify_text"]

BUNDLE_VERSION = 1

PROOF_DIGITS = 12
"""How many digits a position has in the name of its proof, so that names sort as positions do."""

_WHY_WHOLE = (
    "These are all events of the log up to the size that the checkpoint names; the root over them shows that none is "
    "missing, added or altered."
)
_WHY_PART = (
    "Each line has a proof that it stands in the log at its position, unaltered. Nothing here proves that no other "
    "event matches the filter: a hash tree proves what is in it, not what a filter would have found. Whoever holds the "
    "whole log can select the part again and compare; the positions left out are named for that."
)


class Scope(NamedTuple):
    """What a bundle holds: the log's name, size and root, the clocks of its numbers, and the part, where it is one.

    `clocks` are texts by name (`as_of`, `known_by`), empty where the bundle has no numbers; `numbers_version` is the form
    of the numbers, None where there are none.
    """

    origin: str
    size: int
    root: str
    clocks: dict[str, str]
    part: Part
    positions: list[int]
    numbers_version: int | None = None


SCOPE_FIELDS = frozenset(
    {"bundle_version", "origin", "size", "root", "clocks", "numbers_version", "whole", "filter", "events", "positions"}
    | {"left_out", "why"}
)
"""All that `scope.json` may say; only `numbers_version` may be missing: from bundles without numbers, and from old ones."""


def scope_json(scope: Scope) -> bytes:
    """Write `scope.json`."""
    whole = not scope.part
    chosen = set(scope.positions)
    left_out = [] if whole else [number for number in range(1, scope.size + 1) if number not in chosen]
    fields = {
        "bundle_version": BUNDLE_VERSION,
        "origin": scope.origin,
        "size": scope.size,
        "root": scope.root,
        "clocks": {**scope.clocks, "recorded_by": scope.size},
        **({} if scope.numbers_version is None else {"numbers_version": scope.numbers_version}),
        "whole": whole,
        "filter": scope.part.conditions(),
        "events": scope.size if whole else len(chosen),
        "positions": f"1-{scope.size}" if whole and scope.size > 1 else "1" if whole else ranges_text(scope.positions),
        "left_out": ranges_text(left_out),
        "why": _WHY_WHOLE if whole else _WHY_PART,
    }
    return orjson.dumps(fields, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _resource(name: str, path: str, digest: str, size: int, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    return {"name": name, "path": path, "bytes": size, "hash": f"sha256:{digest}", **more}


def _field(name: str, kind: str, description: str) -> dict[str, str]:
    return {"name": name, "type": kind, "description": description}


def data_package(origin: str, files: dict[str, tuple[str, int]], headers: dict[str, list[str]]) -> bytes:
    """Write `datapackage.json` (Frictionless Data Package, version 1).

    `files` gives digest and size of what it describes, by path; `headers` the columns of each projection.
    """
    resources = []
    for path, (digest, size) in sorted(files.items()):
        name = path.rpartition(".")[0].replace("/", "-").replace("_", "-").lower()
        if path == "facts.csv":
            fields = [_field(*column) for column in COLUMNS]
            schema = {"fields": fields, "primaryKey": "position", "missingValues": [""]}
            more = {"profile": "tabular-data-resource", "format": "csv", "encoding": "utf-8", "schema": schema}
        elif path in headers:
            columns = [_field(column, "string", "") for column in headers[path]]
            schema = {"fields": columns, "missingValues": [""]}
            more = {"profile": "tabular-data-resource", "format": "csv", "encoding": "utf-8", "schema": schema}
        else:
            kind = "application/x-ndjson" if path.endswith(".jsonl") else "application/json"
            more = {"mediatype": kind, "encoding": "utf-8"}
        resources.append(_resource(name, path, digest, size, **more))
    package = {
        "profile": "data-package",
        "name": "deals-audit",
        "title": f"Audit trail of {origin}",
        "description": "Every event as it was recorded, flat for spreadsheets, and with proofs. VERIFY.md says how to "
        "check it. A leading ' before = + - @ keeps spreadsheets from running a text as a formula.",
        "resources": resources,
    }
    return orjson.dumps(package, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


_SCRIPT = """import base64, hashlib
def root(leaves):
    if len(leaves) == 1:
        return hashlib.sha256(b"\\0" + leaves[0]).digest()
    k = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b"\\1" + root(leaves[:k]) + root(leaves[k:])).digest()
lines = open("data/events.jsonl", "rb").read().split(b"\\n")[:-1]
origin, size, expected = open("data/checkpoint", encoding="utf-8").read().split("\\n")[:3]
assert len(lines) == int(size), "lines are missing or were added"
assert base64.b64encode(root(lines)).decode() == expected, "a line was altered or moved"
print("the root is that of the checkpoint:", size, "events of", origin)"""

_HEAD = """# How to verify this bundle without trusting us

Everything below runs offline with tools that exist elsewhere. Run it in the folder that holds this bag
(`bagit.txt`, `data/`). The log is named `{origin}`; the checkpoint vouches for {size} events with the root
`{root}` (base64), `{root_hex}` in hexadecimal.

**First compare the key.** Whoever alters a bundle can sign it anew with a key of their own and put that key here. The
checks below mean something only if this line is the one that the log's owner published elsewhere:

    {vkey}

## 1. Nothing was damaged on the way: `sha256sum`

    sha256sum --check --quiet tagmanifest-sha256.txt
    sha256sum --check --quiet manifest-sha256.txt

This finds accidents. It does not find intent: whoever alters a file can write the manifest anew.

## 2. The checkpoint was signed by the key: `ssh-keygen` or `openssl`

    ssh-keygen -Y verify -f data/keys/allowed_signers -I '{origin}' -n {namespace} \\
        -s data/checkpoint.sshsig < data/checkpoint
    openssl pkeyutl -verify -pubin -inkey data/keys/log.pem -rawin \\
        -in data/checkpoint.text -sigfile data/checkpoint.sig
    head -c "$(wc -c < data/checkpoint.text)" data/checkpoint | cmp - data/checkpoint.text

The second form checks the same statement as a bare Ed25519 signature; `checkpoint.text` is the part of `checkpoint`
above its empty line.
"""

_WHOLE = """
## 3. The events are those that the checkpoint vouches for

The root is the Merkle tree hash of RFC 9162 over the lines of `data/events.jsonl`, without their line ends. Any
implementation will do; this is one in the Python standard library:

```python
{script}
```

With Go's own transparency-log packages (`golang.org/x/mod/sumdb/note` and `.../tlog`) the program
`docs/outsider/verify.go` of our sources checks signature, root, receipts and `facts.csv` at once:

    go run verify.go -vkey '{vkey}' -bundle .

**What an alteration looks like.** Change one word of an event and the manifest (step 1) and the root (step 3) are
wrong, while the signatures (step 2) stay valid: they are over the checkpoint, which was not touched. Change the
checkpoint to fit, and step 2 fails. Sign it anew with another key, and the key is not the published one.
"""

_PART = """
## 3. Each event stands in the log that the checkpoint vouches for

This bundle is a **part** of the log: {filter}. It has {events} of {size} events. Each file in `data/proofs/` is a receipt
(https://c2sp.org/tlog-proof) for the event at the position in its name: it leads from that line of
`data/events.jsonl` to the root in the checkpoint. With Go's own transparency-log packages:

    go run verify.go -vkey '{vkey}' -bundle .

The proofs show that nothing here was altered. They **cannot** show that nothing else matched the filter;
`data/scope.json` names the positions that were left out. Whoever holds the whole log can select the part again.
"""

_STAMP = """
## 4. By when it was signed: `openssl ts`

An authority saw this checkpoint at an hour that is not our word. With its certificates in `roots.pem`:

    openssl ts -verify -data data/checkpoint -in data/checkpoint.tsr -CAfile roots.pem
"""

_TAIL = """
## What none of this can show

- **A roll-back.** An older checkpoint that was valid once passes every check above. Only a checkpoint that somebody
  remembered, a witness, or a time stamp shows that there was more. Keep `data/checkpoint`: it is {checkpoint_bytes}
  bytes, and with it you can hold every later bundle against this one (`-older FILE` with `verify.go`,
  `deals audit verify --checkpoint FILE` with our software).
- **Who holds the key.** Compare the line above with what the owner published.
- **When an event was really typed in.** `recorded_at` is the word of the ledger's own clock; the order is proven, the
  hour is not.
- **Whether an event is true.** Its source, and the document kept of it, are named with it.
- `report.html`, this file and `projections/` are covered by the manifest alone. The numbers can be computed anew from
  the events with our software.
"""


def verify_text(scope: Scope, *, vkey: str, checkpoint_bytes: int, stamped: bool) -> bytes:
    """Write `VERIFY.md` for one bundle."""
    conditions = ", ".join(f"{name} {value}" for name, value in scope.part.conditions().items())
    fields = {
        "origin": scope.origin,
        "size": scope.size,
        "root": base64.b64encode(bytes.fromhex(scope.root)).decode(),
        "root_hex": scope.root,
        "vkey": vkey,
        "namespace": NAMESPACE,
        "script": _SCRIPT,
        "filter": conditions,
        "events": len(scope.positions),
        "checkpoint_bytes": checkpoint_bytes,
    }
    middle = (_PART if scope.part else _WHOLE) + (_STAMP if stamped else "")
    return (_HEAD + middle + _TAIL).format(**fields).encode()
