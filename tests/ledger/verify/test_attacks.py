"""Whoever alters a trail is found out, by the check that the documentation names for it."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from ledger.bundle.package import open_package
from ledger.memory.errors import BundleUnreadableError, EmptyLogError, UnsafeBundleError
from ledger.verify.bundle import verify_bundle, verify_package
from ledger.verify.report import NotVerifiedError
from tests.effort import first_of
from tests.ledger.attacks import (
    ATTACKS,
    MADE,
    ZIP_STEP,
    Attack,
    Files,
    InMemory,
    Scene,
    make_scene,
    make_zip,
    matrix,
    write,
)
from tests.ledger.audit_scenes import KEY, reseal
from tests.ledger.hostile_zips import HOSTILE
from tests.ledger.publish_attacks import published
from tests.services import GO_SOURCES, needs_go

DOCS = Path(__file__).parents[3] / "docs"


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return make_scene(tmp_path_factory.mktemp("attacked"))


def remembered(scene: Scene) -> bytes:
    return scene.whole["data/checkpoint"]


@pytest.mark.parametrize("attack", first_of(reversed(ATTACKS), 10), ids=lambda attack: attack.name)
def test_every_try_is_caught_by_the_check_that_is_named(scene: Scene, attack: Attack) -> None:
    kept = remembered(scene) if attack.remembered else None
    vkey = KEY.verifier.vkey if attack.key else None
    tried = 0
    for tried, files in enumerate(attack.tries(scene), 1):
        report = verify_package(InMemory(files), remembered=kept, vkey=vkey)
        assert attack.caught_by in {check.name for check in report.failures}, (tried, report.checks)
        with pytest.raises(NotVerifiedError):
            report.require()
    assert tried


@pytest.mark.parametrize("name", MADE)
def test_what_nobody_altered_verifies(scene: Scene, name: str) -> None:
    files: Files = getattr(scene, name)
    report = verify_package(InMemory(files), vkey=KEY.verifier.vkey)
    assert report.failures == []
    assert report.verified


@pytest.mark.parametrize(
    "attack", [attack for attack in ATTACKS if attack.key or attack.remembered], ids=lambda a: a.name
)
def test_what_only_a_memory_catches_passes_without_it(scene: Scene, attack: Attack) -> None:
    """The documentation says so plainly; were it otherwise, it would be wrong."""
    for files in attack.tries(scene):
        report = verify_package(InMemory(files))
        assert report.verified
        said = " ".join(report.not_checked)
        assert ("whose key" if attack.key else "rolled back") in said


def test_the_first_bad_line_is_named_by_position_and_key(scene: Scene) -> None:
    lines = scene.whole["data/events.jsonl"].split(b"\n")
    lines[6] = lines[6].replace(b'"value":"100"', b'"value":"900"')
    report = verify_package(InMemory(scene.whole | {"data/events.jsonl": b"\n".join(lines)}))
    assert report.first_bad is not None
    assert (report.first_bad.position, report.first_bad.key) == (7, "two/supply/2025-10-06")
    with pytest.raises(NotVerifiedError, match=r"event 7 \(two/supply/2025-10-06\)"):
        report.require()


def test_an_empty_log_is_refused(scene: Scene) -> None:
    with pytest.raises(EmptyLogError):
        verify_package(InMemory(scene.whole | {"data/events.jsonl": b""}))


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_hostile_zips_do_nothing(tmp_path: Path, scene: Scene, name: str) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    hostile = HOSTILE[name](inside / "bundle.zip", scene.whole)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(UnsafeBundleError):
        verify_bundle(hostile)
    assert sorted(tmp_path.rglob("*")) == before


def test_a_folder_with_a_link_in_it_is_refused(tmp_path: Path, scene: Scene) -> None:
    bundle = write(scene.whole, tmp_path / "bundle")
    (bundle / "data" / "facts.csv").unlink()
    (bundle / "data" / "facts.csv").symlink_to("/etc/passwd")
    with pytest.raises(UnsafeBundleError, match="is a link"):
        verify_bundle(bundle)
    (bundle / "data" / "facts.csv").unlink()
    os.mkfifo(bundle / "data" / "facts.csv")
    with pytest.raises(UnsafeBundleError, match="neither a file nor a folder"):
        verify_bundle(bundle)


def test_a_zip_truncated_at_any_byte_is_refused(tmp_path: Path, zipped: bytes) -> None:
    cut = tmp_path / "cut.zip"
    for length in range(0, len(zipped), ZIP_STEP):
        cut.write_bytes(zipped[:length])
        with pytest.raises(BundleUnreadableError):
            verify_bundle(cut)


def test_a_flipped_bit_in_a_zip_never_passes_as_other_content(tmp_path: Path, zipped: bytes) -> None:
    """A flip in a date of the zip itself changes nothing that is said; any other is refused or found."""
    place = tmp_path / "flipped.zip"
    place.write_bytes(zipped)
    right = _contents(place)
    for at in range(0, len(zipped), ZIP_STEP):
        place.write_bytes(zipped[:at] + bytes([zipped[at] ^ 1 << at % 8]) + zipped[at + 1 :])
        try:
            report = verify_bundle(place)
        except (BundleUnreadableError, UnsafeBundleError):
            continue
        assert not report.verified or _contents(place) == right


@pytest.fixture(scope="module")
def zipped(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return make_zip(tmp_path_factory.mktemp("zipped"))


def _contents(place: Path) -> Files:
    with open_package(place) as package:
        return {name: package.read(name, most=1 << 20) for name in package.names()}


@pytest.fixture(scope="module")
def outsider(tmp_path_factory: pytest.TempPathFactory) -> str:
    program = tmp_path_factory.mktemp("outsider") / "verify"
    if shutil.which("go") and GO_SOURCES.exists():
        places = {"GO111MODULE": "off", "GOPATH": "/usr/share/gocode", "GOFLAGS": ""}
        source = DOCS / "outsider" / "verify.go"
        subprocess.run(["go", "build", "-o", program, source], env=os.environ | places, check=True, timeout=300)
    return str(program)


@needs_go
@pytest.mark.parametrize("attack", [a for a in ATTACKS if a.outsider == "verify.go"], ids=lambda attack: attack.name)
def test_an_outsider_catches_it_too(scene: Scene, attack: Attack, outsider: str, tmp_path: Path) -> None:
    """The manifests are written anew first, so that only the mathematics is left to notice."""
    tries = list(attack.tries(scene))
    older = write({"older": remembered(scene)}, tmp_path) / "older"
    for number in sorted({0, len(tries) // 3, len(tries) // 2, len(tries) - 1}):
        bundle = reseal(write(tries[number], tmp_path / str(number)))
        command = [outsider, "-vkey", KEY.verifier.vkey, "-bundle", str(bundle)]
        command += ["-older", str(older)] if attack.remembered else []
        done = subprocess.run(command, capture_output=True, check=False, timeout=120, text=True)
        assert (done.returncode, done.stderr[:12]) == (1, "NOT VERIFIED"), done.stdout


@pytest.mark.parametrize("attack", [a for a in ATTACKS if a.outsider == "sha256sum"], ids=lambda attack: attack.name)
def test_the_manifest_gives_it_away(scene: Scene, attack: Attack, tmp_path: Path) -> None:
    tries = list(attack.tries(scene))
    for number in sorted({0, len(tries) // 3, len(tries) // 2, len(tries) - 1}):
        bundle = write(tries[number], tmp_path / str(number))
        codes = [
            subprocess.run(
                ["sha256sum", "--check", "--quiet", "--strict", name], cwd=bundle, capture_output=True, check=False
            ).returncode
            for name in ("tagmanifest-sha256.txt", "manifest-sha256.txt")
        ]
        assert codes != [0, 0]


def test_the_published_matrix_is_what_is_tried(scene: Scene, zipped: bytes) -> None:
    assert published() == matrix(scene, len(zipped)), "run python -m tests.ledger.publish_attacks"
