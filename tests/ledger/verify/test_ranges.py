"""The fast way through a bundle says what the ordinary way says, whatever is in it."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from ledger.bundle.package import open_package
from ledger.verify import ranges as verify_ranges
from ledger.verify.bundle import verify_bundle
from ledger.verify.ranges import ranges_of, read_in_place
from tests.ledger.attacks import ATTACKS, Scene, make_scene, write
from tests.ledger.audit_scenes import KEY


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return make_scene(tmp_path_factory.mktemp("ranges"))


@pytest.fixture(autouse=True)
def short_ranges(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut even a small log into several ranges."""
    monkeypatch.setattr(verify_ranges, "CHUNK", 4)


def zipped(files: dict[str, bytes], place: Path, packed: int) -> Path:
    with zipfile.ZipFile(place, "w", packed) as archive:
        for name, content in files.items():
            archive.writestr(f"deals-audit/{name}", content)
    return place


def test_the_ranges_are_the_files_from_end_to_end(scene: Scene, tmp_path: Path) -> None:
    folder = write(scene.whole, tmp_path / "folder")
    stored = zipped(scene.whole, tmp_path / "stored.zip", zipfile.ZIP_STORED)
    for place in (folder, stored):
        with open_package(place) as package:
            ranges = ranges_of(package)
        assert ranges is not None
        assert [part.count(b"\n") for part in (places[0].read() for places in ranges)] == [4, 4, 3]
        for number, name in enumerate(("events.jsonl", "facts.csv", "cloudevents.jsonl")):
            joined = b"".join(places[number].read() for places in ranges)
            header = scene.whole[f"data/{name}"].partition(b"\n")[0] + b"\n" if name == "facts.csv" else b""
            assert header + joined == scene.whole[f"data/{name}"]
        chunks = [chunk for _, _, chunk in read_in_place(ranges, "ledger.example/deals", processes=2)]
        assert [chunk is None for chunk in chunks] == [False, False, False]


def test_what_is_packed_or_uneven_has_no_ranges(scene: Scene, tmp_path: Path) -> None:
    packed = zipped(scene.whole, tmp_path / "packed.zip", zipfile.ZIP_DEFLATED)
    lines = scene.whole["data/events.jsonl"]
    uneven = write(scene.whole | {"data/events.jsonl": lines + lines.split(b"\n")[0] + b"\n"}, tmp_path / "uneven")
    no_end = write(scene.whole | {"data/events.jsonl": lines[:-1]}, tmp_path / "no-end")
    header = write(scene.whole | {"data/facts.csv": b"x" + scene.whole["data/facts.csv"]}, tmp_path / "header")
    gone = write({name: said for name, said in scene.whole.items() if name != "data/facts.csv"}, tmp_path / "gone")
    for place in (packed, uneven, no_end, header, gone):
        with open_package(place) as package:
            assert ranges_of(package) is None
    assert verify_bundle(packed, processes=2).verified


def _tries() -> list[tuple[int, str]]:
    names = {"flip one bit at every byte of events.jsonl", "delete a line", "re-date an event", "swap two lines",
             "let facts.csv say something else", "let cloudevents.jsonl say something else", "let prov.json say something else",
             "roll back to an older state that was valid"}  # fmt: skip
    return [(number, attack.name) for number, attack in enumerate(ATTACKS) if attack.name in names]


@pytest.mark.parametrize("number", [number for number, _ in _tries()], ids=[name for _, name in _tries()])
def test_both_ways_say_the_same_of_an_altered_bundle(scene: Scene, tmp_path: Path, number: int) -> None:
    tries = list(ATTACKS[number].tries(scene))
    kept = scene.whole["data/checkpoint"]
    place = write(tries[len(tries) // 2], tmp_path / "altered")
    one = verify_bundle(place, vkey=KEY.verifier.vkey, remembered=kept)
    two = verify_bundle(place, vkey=KEY.verifier.vkey, remembered=kept, processes=2)
    assert one.as_json() == two.as_json()
    assert not one.verified


@pytest.mark.parametrize("name", ["whole", "earlier", "rewritten", "part"])
def test_both_ways_say_the_same_of_an_honest_bundle(scene: Scene, tmp_path: Path, name: str) -> None:
    place = write(getattr(scene, name), tmp_path / name)
    kept = scene.earlier["data/checkpoint"] if name == "whole" else None
    one = verify_bundle(place, remembered=kept)
    assert one.as_json() == verify_bundle(place, remembered=kept, processes=2).as_json()
    assert one.verified
