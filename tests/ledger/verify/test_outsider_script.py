"""The script in the documentation verifies a bundle with strangers' tools, and notices what was altered."""

from __future__ import annotations

import os
import subprocess
import zipfile
from pathlib import Path

import pytest

from ledger.bundle.part import Part
from tests.ledger.audit_scenes import KEY, STRANGER, copied, export, reseal, resigned, tiny_ledger
from tests.services import GO_SOURCES, needs_go, needs_openssl, needs_ssh

SCRIPT = Path(__file__).parents[3] / "docs" / "outsider" / "verify.sh"
VKEY = KEY.verifier.vkey


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Unpack what an outsider was sent: the whole log, a part, and the log as it was earlier."""
    place = tmp_path_factory.mktemp("sent")
    with tiny_ledger(place) as ledger:
        for name, part, upto in (("whole", None, None), ("part", Part(company="oracle"), None), ("earlier", None, 8)):
            export(ledger.path, place / f"{name}.zip", part=part, upto=upto)
            with zipfile.ZipFile(place / f"{name}.zip") as archive:
                archive.extractall(place / name)
    return place


def run(bundle: Path, vkey: str = VKEY, *older: str) -> tuple[int, str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GO")}
    environment |= {"VERIFY_GOPATH": str(GO_SOURCES.parents[5])}
    command = ["sh", str(SCRIPT), str(bundle), vkey, *older]
    done = subprocess.run(command, capture_output=True, check=False, timeout=300, text=True, env=environment)
    return done.returncode, done.stdout + done.stderr


@needs_go
@needs_ssh
@needs_openssl
def test_what_was_sent_verifies(folder: Path) -> None:
    whole = folder / "whole" / "deals-audit"
    code, said = run(whole)
    assert (code, "VERIFIED\nnot checked: whether the log was rolled back" in said) == (0, True), said
    earlier = folder / "earlier" / "deals-audit"
    code, said = run(whole, VKEY, str(earlier / "data" / "checkpoint"))
    assert (code, "it extends the earlier checkpoint of 8 records" in said) == (0, True), said
    code, said = run(folder / "part" / "deals-audit")
    assert (code, "these are 3 of the 11 records" in said) == (0, True), said


@needs_go
@needs_ssh
@needs_openssl
def test_a_roll_back_passes_without_a_kept_checkpoint_and_fails_with_one(folder: Path) -> None:
    earlier = folder / "earlier" / "deals-audit"
    assert run(earlier)[0] == 0
    code, said = run(earlier, VKEY, str(folder / "whole" / "deals-audit" / "data" / "checkpoint"))
    assert (code, "the log was rolled back" in said) == (1, True), said


def _word(data: Path) -> None:
    events = data / "events.jsonl"
    events.write_bytes(events.read_bytes().replace(b'"100"', b'"900"', 1))


def _text(data: Path) -> None:
    (data / "checkpoint.text").write_bytes(b"something else\n")


def _extra(data: Path) -> None:
    (data / "slipped-in").write_bytes(b"")


@needs_go
@needs_ssh
@needs_openssl
def test_each_step_notices_what_it_is_for(folder: Path, tmp_path: Path) -> None:
    whole = folder / "whole" / "deals-audit"
    code, said = run(copied(whole, tmp_path / "damaged", _word))
    assert (code, "does not have the SHA-256" in said) == (1, True), said
    code, said = run(reseal(copied(whole, tmp_path / "word", _word)))
    assert (code, "the first 11 records have the root" in said) == (1, True), said
    code, said = run(reseal(copied(whole, tmp_path / "text", _text)))
    assert (code, "the bare signature does not hold" in said) == (1, True), said
    code, said = run(copied(whole, tmp_path / "extra", _extra))
    assert (code, "no manifest lists" in said) == (1, True), said
    code, said = run(resigned(copied(whole, tmp_path / "resigned", _word), STRANGER))
    assert (code, "the SSH signature does not hold" in said) == (1, True), said
    assert run(whole, STRANGER.verifier.vkey)[0] == 1
    assert run(whole, "no key")[0] == 1


def test_the_python_in_the_bundle_recomputes_the_root(folder: Path, tmp_path: Path) -> None:
    """Whoever has nothing but Python runs what VERIFY.md says, word for word."""
    whole = folder / "whole" / "deals-audit"
    text = (whole / "data" / "VERIFY.md").read_text()
    script = text.partition("```python\n")[2].partition("```")[0]
    done = subprocess.run(["python3", "-I", "-c", script], cwd=whole, capture_output=True, text=True, check=True)
    assert done.stdout == "the root is that of the checkpoint: 11 events of ledger.example/deals\n"
    altered = copied(whole, tmp_path / "altered", _word)
    done = subprocess.run(["python3", "-I", "-c", script], cwd=altered, capture_output=True, text=True, check=False)
    assert (done.returncode, "altered or moved" in done.stderr) == (1, True)


@needs_ssh
@needs_openssl
def test_the_commands_in_the_bundle_work_as_they_stand(folder: Path) -> None:
    whole = folder / "whole" / "deals-audit"
    text = (whole / "data" / "VERIFY.md").read_text().replace("\\\n", " ")
    blocks = [line.strip() for line in text.splitlines() if line.startswith("    ")]
    commands = [line for line in blocks if line.startswith(("sha256sum", "ssh-keygen", "openssl", "head"))]
    assert len(commands) == 5
    for command in commands:
        subprocess.run(["sh", "-ec", command], cwd=whole, check=True, capture_output=True)
