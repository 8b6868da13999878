"""Every attack of the documentation as a list of altered bundles, each with the check that has to catch it.

A bundle is held as a dictionary from names to contents, so that thousands of altered ones cost no disk.
"""

from __future__ import annotations

import base64
import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import orjson

from ledger.bundle.package import Package
from ledger.bundle.part import Part
from ledger.proof.checkpoint import parse_receipt
from tests.ledger.audit_scenes import STRANGER, export, resigned, tiny_ledger
from tests.ledger.hostile_zips import HOSTILE
from tests.ledger.scenes import company, delivery, new_ledger

__all__ = [
    "ATTACKS",
    "MADE",
    "ZIP_STEP",
    "Attack",
    "Files",
    "InMemory",
    "Scene",
    "files_of",
    "make_scene",
    "make_zip",
    "matrix",
    "write",
]

Files = dict[str, bytes]

EVENTS = "data/events.jsonl"
CHECKPOINT = "data/checkpoint"
FACTS = "data/facts.csv"


class InMemory(Package):
    """A bundle that lies in memory."""

    def __init__(self, files: Files) -> None:
        super().__init__(Path("memory"), {name: len(content) for name, content in files.items()})
        self._files = files

    def _open(self, name: str) -> IO[bytes]:
        return io.BytesIO(self._files[name])

    def close(self) -> None:
        """Nothing is held open."""


def files_of(bundle: Path) -> Files:
    """Read a bundle folder."""
    return {str(path.relative_to(bundle)): path.read_bytes() for path in sorted(bundle.rglob("*")) if path.is_file()}


def write(files: Files, folder: Path) -> Path:
    """Write a bundle to a folder."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


@dataclass(frozen=True)
class Scene:
    """What attackers work on: the whole log, a part of it, and the log as it was earlier; and what its owner could make.

    `fork` is another log of the same size, `rewritten` one that goes on longer from a changed event; both are whole in
    every respect and signed with the right key.
    """

    whole: Files
    part: Files
    earlier: Files
    fork: Files
    rewritten: Files
    folder: Path


@dataclass(frozen=True)
class Attack:
    """A kind of attack: what is altered, and the check that catches it.

    `key` and `remembered` say what the verifier was given: the published key, a checkpoint kept from before.
    `outsider` is the tool of strangers that catches it too, empty where there is none.
    """

    name: str
    tries: Callable[[Scene], Iterator[Files]]
    caught_by: str
    outsider: str = "verify.go"
    key: bool = False
    remembered: bool = False


def _lines(files: Files) -> list[bytes]:
    return files[EVENTS].split(b"\n")[:-1]


def _with_lines(files: Files, lines: list[bytes]) -> Files:
    return files | {EVENTS: b"".join(line + b"\n" for line in lines)}


def _flipped(content: bytes, place: int) -> bytes:
    return content[:place] + bytes([content[place] ^ 1 << place % 8]) + content[place + 1 :]


def _flips(name: str) -> Callable[[Scene], Iterator[Files]]:
    def tries(scene: Scene) -> Iterator[Files]:
        for place in range(len(scene.whole[name])):
            yield scene.whole | {name: _flipped(scene.whole[name], place)}

    return tries


def _flips_elsewhere(scene: Scene) -> Iterator[Files]:
    for name, content in scene.whole.items():
        if name not in {EVENTS, CHECKPOINT}:
            for place in range(0, len(content), 61):
                yield scene.whole | {name: _flipped(content, place)}


def _truncations(name: str) -> Callable[[Scene], Iterator[Files]]:
    def tries(scene: Scene) -> Iterator[Files]:
        for length in range(1, len(scene.whole[name])):
            yield scene.whole | {name: scene.whole[name][:length]}

    return tries


def _deleted(scene: Scene) -> Iterator[Files]:
    lines = _lines(scene.whole)
    for place in range(len(lines)):
        yield _with_lines(scene.whole, lines[:place] + lines[place + 1 :])


def _inserted(scene: Scene) -> Iterator[Files]:
    lines = _lines(scene.whole)
    for place in range(len(lines) + 1):
        like = orjson.loads(lines[max(place - 1, 0)])
        like["event"]["key"] = "slipped/in"
        yield _with_lines(scene.whole, [*lines[:place], _canonical(like), *lines[place:]])


def _canonical(value: object) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def _swapped(scene: Scene) -> Iterator[Files]:
    lines = _lines(scene.whole)
    for one in range(len(lines)):
        for other in range(one + 1, len(lines)):
            moved = lines.copy()
            moved[one], moved[other] = moved[other], moved[one]
            yield _with_lines(scene.whole, moved)


def _duplicated(scene: Scene) -> Iterator[Files]:
    lines = _lines(scene.whole)
    for place in range(len(lines)):
        yield _with_lines(scene.whole, [*lines[: place + 1], *lines[place:]])


def _redated(scene: Scene) -> Iterator[Files]:
    lines = _lines(scene.whole)
    for place, line in enumerate(lines):
        for old, new in (
            (b'"recorded_at":"2026', b'"recorded_at":"2025'),
            (b'"announced_on":"202', b'"announced_on":"201'),
        ):
            yield _with_lines(scene.whole, [*lines[:place], line.replace(old, new), *lines[place + 1 :]])


def _misquoted(scene: Scene) -> Iterator[Files]:
    """Change every cell of facts.csv that says something, one at a time."""
    rows = list(csv.reader(io.StringIO(scene.whole[FACTS].decode(), newline="")))
    for number in range(1, len(rows)):
        for column, cell in enumerate(rows[number]):
            if cell:
                altered = [row.copy() for row in rows]
                altered[number][column] = cell + "0"
                text = io.StringIO(newline="")
                csv.writer(text).writerows(altered)
                yield scene.whole | {FACTS: text.getvalue().encode()}


def _retold(name: str) -> Callable[[Scene], Iterator[Files]]:
    def tries(scene: Scene) -> Iterator[Files]:
        content = scene.whole[name]
        for place in range(0, len(content), 61):
            yield scene.whole | {name: _flipped(content, place)}

    return tries


def _document(scene: Scene) -> Iterator[Files]:
    for name in [name for name in scene.whole if name.startswith("data/documents/")]:
        yield scene.whole | {name: b"The parties do not agree.\n"}
        yield scene.whole | {name: scene.whole[name] + b" "}
        yield scene.whole | {name: b""}


def _bad_proofs(scene: Scene) -> Iterator[Files]:
    """Move every proof of a part to another index, past the log's end too, and spoil one of its hashes."""
    for name in [name for name in scene.part if name.endswith(".tlog-proof")]:
        receipt = parse_receipt(scene.part[name])
        head = scene.part[name]
        for index in (receipt.index + 1, 11, 12, 2**62):
            yield scene.part | {name: head.replace(b"\nindex %d\n" % receipt.index, b"\nindex %d\n" % index)}
        first = base64.b64encode(receipt.proof[0])
        yield scene.part | {name: head.replace(first, base64.b64encode(bytes(32)))}
        yield scene.part | {name: head.replace(first + b"\n", b"")}


def _other_key(scene: Scene) -> Iterator[Files]:
    folder = scene.folder / "other-key"
    if not folder.exists():
        resigned(write(scene.whole, folder), STRANGER)
    yield files_of(folder)


def _rolled_back(scene: Scene) -> Iterator[Files]:
    yield scene.earlier


def _forked(scene: Scene) -> Iterator[Files]:
    yield scene.fork


def _rewritten(scene: Scene) -> Iterator[Files]:
    yield scene.rewritten


ATTACKS: tuple[Attack, ...] = (
    Attack("flip one bit at every byte of events.jsonl", _flips(EVENTS), "root"),
    Attack("flip one bit at every byte of the checkpoint", _flips(CHECKPOINT), "signature"),
    Attack("flip one bit at every 61st byte of every other file", _flips_elsewhere, "bag", "sha256sum"),
    Attack("truncate events.jsonl at every byte", _truncations(EVENTS), "root"),
    Attack("truncate the checkpoint at every byte", _truncations(CHECKPOINT), "signature"),
    Attack("delete a line", _deleted, "root"),
    Attack("insert a line", _inserted, "root"),
    Attack("swap two lines", _swapped, "root"),
    Attack("duplicate a line", _duplicated, "root"),
    Attack("re-date an event", _redated, "root"),
    Attack("re-sign everything with another key", _other_key, "signature", key=True),
    Attack("roll back to an older state that was valid", _rolled_back, "remembered checkpoint", remembered=True),
    Attack("fork: two signed logs of one size", _forked, "remembered checkpoint", remembered=True),
    Attack("rewrite an event and sign anew with the right key", _rewritten, "remembered checkpoint", remembered=True),
    Attack("let facts.csv say something else", _misquoted, "facts.csv = events.jsonl"),
    Attack(
        "let cloudevents.jsonl say something else",
        _retold("data/cloudevents.jsonl"),
        "cloudevents.jsonl = events.jsonl",
        "",
    ),
    Attack("let prov.json say something else", _retold("data/prov.json"), "prov.json = events.jsonl", ""),
    Attack("replace a document", _document, "documents", "sha256sum"),
    Attack("give a proof another index, one past the end, or other hashes", _bad_proofs, "inclusion proofs"),
)


MADE = ("whole", "part", "earlier", "fork", "rewritten")
"""The bundles of a scene; nothing is wrong with any of them by itself."""

ZIP_STEP = 61


def make_scene(folder: Path) -> Scene:
    """Make the ledgers and export the bundles of a scene."""
    with tiny_ledger(folder) as ledger:
        export(ledger.path, folder / "whole")
        export(ledger.path, folder / "part", part=Part(deal="one"))
        export(ledger.path, folder / "earlier", upto=8)
    (folder / "other").mkdir()
    with new_ledger(folder / "other") as other:
        other.record([company(f"company-{number}") for number in range(11)])
        export(other.path, folder / "fork", numbers=b"")
    (folder / "again").mkdir()
    with tiny_ledger(folder / "again", amount="900") as again:
        again.record([delivery(announced_on="2026-01-30")])
        export(again.path, folder / "rewritten")
    made = {name: files_of(folder / name) for name in MADE}
    return Scene(**made, folder=folder / "altered")


def make_zip(folder: Path) -> bytes:
    """Export the small ledger as a zip."""
    with tiny_ledger(folder) as ledger:
        export(ledger.path, folder / "whole.zip")
    return (folder / "whole.zip").read_bytes()


def matrix(scene: Scene, zip_bytes: int) -> str:
    """Write the table of the documentation."""
    rows = ["| attack | tries | caught by our check | and by an outsider's |", "|---|---:|---|---|"]
    for attack in ATTACKS:
        count = sum(1 for _ in attack.tries(scene))
        given = " (given the published key)" if attack.key else " (given a kept one)" if attack.remembered else ""
        rows.append(f"| {attack.name} | {count:,} | {attack.caught_by}{given} | {attack.outsider or '—'} |")
    cuts = len(range(0, zip_bytes, ZIP_STEP))
    rows.append(f"| truncate the zip at every {ZIP_STEP}st byte | {cuts:,} | refused on opening | — |")
    rows.append(f"| zip slips, links, bombs and the like | {len(HOSTILE):,} | refused before anything is read | — |")
    return "\n".join(rows) + "\n"
