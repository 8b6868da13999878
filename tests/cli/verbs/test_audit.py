"""`deals audit` and `deals import BUNDLE`, as a person and as a script use them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from ledger.proof.checkpoint import parse_receipt, verify_receipt
from ledger.proof.keys import parse_vkey
from tests.cli.running import Run, invoke
from tests.ledger.audit_scenes import copied, reseal

CLOCKS = ("--as-of", "2026-01-31")
GOLDEN = Path(__file__).parents[2] / "golden" / "numbers" / "v1-unnamed.zip"


def exported(run: Run, target: Path, *more: str) -> Path:
    said = run.ok("audit", "export", str(target), *CLOCKS, *more)
    assert said.startswith("wrote ")
    return target


def test_a_bundle_is_verified_and_says_what_was_not_checked(run: Run, tmp_path: Path) -> None:
    bundle = exported(run, tmp_path / "trail.zip")
    vkey = run.ok("audit", "key").strip()
    kept = tmp_path / "kept"
    run.ok("audit", "checkpoint", "--output", str(kept))
    said = run.ok("audit", "verify", str(bundle))
    assert "ok      root: recomputed from every line" in said
    assert "not checked  whether the log was rolled back" in said
    assert "not checked  whose key it is" in said
    said = run.ok("audit", "verify", str(bundle), "--key", vkey, "--checkpoint", str(kept), "--recompute")
    assert "remembered checkpoint: the log begins with the" in said
    assert "rolled back:" not in said
    assert "ok      numbers: computed anew, all of commitments.csv" in said
    assert f"verified: {len(list(_events(run)))} events" in said
    assert max(map(len, said.splitlines())) <= 160  # a key or root is never cut, everything else wraps at 80


def _events(run: Run) -> list[str]:
    return run.ok("log", "--format", "jsonl").splitlines()


def test_verification_as_json_has_every_check(run: Run, tmp_path: Path) -> None:
    bundle = exported(run, tmp_path / "trail")
    answer = json.loads(run.ok("audit", "verify", str(bundle), "--format", "json"))
    assert (answer["verified"], answer["first_bad"]) == (True, None)
    assert {check["outcome"] for check in answer["checks"]} == {"ok"} | {"absent"} & {
        c["outcome"] for c in answer["checks"]
    }
    assert {"root", "signature", "bag", "lines"} <= {check["name"] for check in answer["checks"]}

    def change(data: Path) -> None:
        lines = (data / "events.jsonl").read_bytes().split(b"\n")
        lines[4] = lines[4].replace(b'"recorder":"', b'"recorder":"not ')
        (data / "events.jsonl").write_bytes(b"\n".join(lines))

    altered = reseal(copied(bundle, tmp_path / "altered", change))
    result = run("audit", "verify", str(altered), "--format", "json")
    answer = json.loads(result.stdout)
    assert (result.exit_code, answer["verified"], answer["first_bad"]["position"]) == (4, False, 5)
    assert "NOT VERIFIED" in result.stderr
    result = run("audit", "verify", str(altered))
    assert result.exit_code == 4
    assert "first bad line  event 5 (" in result.stdout


def _scope(bundle: Path, target: Path, **fields: object) -> Path:
    """Copy a bundle and change what its scope says; None takes a field out."""

    def change(data: Path) -> None:
        said = json.loads((data / "scope.json").read_text()) | fields
        kept = {name: value for name, value in said.items() if value is not None}
        (data / "scope.json").write_text(json.dumps(kept))

    return reseal(copied(bundle, target, change))


def test_numbers_are_compared_in_the_form_that_their_bundle_names(run: Run, tmp_path: Path) -> None:
    bundle = exported(run, tmp_path / "trail")
    assert json.loads((bundle / "data" / "scope.json").read_text())["numbers_version"] == 1
    bare = exported(run, tmp_path / "bare", "--no-numbers")
    assert "numbers_version" not in json.loads((bare / "data" / "scope.json").read_text())
    for place in (bundle, _scope(bundle, tmp_path / "old", numbers_version=None), GOLDEN):
        assert "ok      numbers: computed anew, all of" in run.ok("audit", "verify", str(place), "--recompute")


def test_numbers_of_a_newer_form_are_said_to_be_unchecked_and_fail_nothing(run: Run, tmp_path: Path) -> None:
    newer = _scope(exported(run, tmp_path / "trail"), tmp_path / "newer", numbers_version=7)
    said = " ".join(run.ok("audit", "verify", str(newer), "--recompute").split())
    assert (
        "absent numbers: not computed: they are in form 7, and this version of deals knows 1; ask a newer one" in said
    )
    assert "not checked whether the numbers in projections/ follow from the events" in said


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"extra": 1}, "scope.json has a field that no bundle of version 1 has: extra"),
        ({"numbers_version": "1"}, "scope.json: numbers_version '1' is no version"),
        ({"numbers_version": 0}, "scope.json: numbers_version 0 is no version"),
        ({"numbers_version": True}, "scope.json: numbers_version True is no version"),
        ({"bundle_version": 2}, "the bundle is of version 2, and this version of deals knows none after 1"),
    ],
)
def test_a_scope_says_nothing_that_nobody_vouches_for(
    run: Run, tmp_path: Path, fields: dict[str, object], said: str
) -> None:
    odd = _scope(exported(run, tmp_path / "trail"), tmp_path / "odd", **fields)
    result = run("audit", "verify", str(odd))
    assert (result.exit_code, said in " ".join(result.stderr.split())) == (4, True)


def test_numbers_that_do_not_follow_are_found_on_request(run: Run, tmp_path: Path) -> None:
    bundle = exported(run, tmp_path / "trail")

    def change(data: Path) -> None:
        exposure = data / "projections" / "exposure.csv"
        exposure.write_bytes(exposure.read_bytes().replace(b"000", b"001", 1))
        package = data / "datapackage.json"
        described = json.loads(package.read_text())
        for resource in described["resources"]:
            if resource["path"] == "projections/exposure.csv":
                import hashlib

                resource["hash"] = f"sha256:{hashlib.sha256(exposure.read_bytes()).hexdigest()}"
        package.write_text(json.dumps(described))

    altered = reseal(copied(bundle, tmp_path / "altered", change))
    assert run("audit", "verify", str(altered)).exit_code == 0
    result = run("audit", "verify", str(altered), "--recompute")
    assert (result.exit_code, "projections/exposure.csv is not what the events amount to" in result.stderr) == (4, True)


def test_a_part_is_held_against_the_whole(run: Run, tmp_path: Path) -> None:
    whole = exported(run, tmp_path / "whole.zip")
    part = exported(run, tmp_path / "amd", "--company", "AMD")
    said = run.ok("audit", "verify", str(part), "--whole", str(whole))
    assert "ok      nothing left out: selected again from the whole log" in said
    assert "not checked  whether other events match the filter too" in said

    shorter = copied(part, tmp_path / "shorter", _leave_one_out)
    scope = json.loads((shorter / "data" / "scope.json").read_text())
    assert run("audit", "verify", str(reseal(shorter))).exit_code == 4  # what is said of the line is still there
    assert scope["filter"] == {"company": "amd"}


def _leave_one_out(data: Path) -> None:
    lines = (data / "events.jsonl").read_bytes().split(b"\n")
    (data / "events.jsonl").write_bytes(b"\n".join(lines[1:]))
    min((data / "proofs").iterdir()).unlink()


def test_a_ledger_that_was_rolled_back_does_not_answer(run: Run, tmp_path: Path) -> None:
    old = tmp_path / "old.db"
    shutil.copy(run.db, old)
    run.ok("retract", "company/amd", "--reason", "only a test")
    run.ok("audit", "checkpoint")
    shutil.copy(old, run.db)
    result = run("exposure")
    assert (result.exit_code, "was rolled back" in result.stderr, "DEALS_UNSAFE_READ_ONLY=1" in result.stderr) == (
        4,
        True,
        True,
    )
    assert run("exposure", DEALS_UNSAFE_READ_ONLY="1").exit_code == 0
    assert run("retract", "company/amd", "--reason", "x", DEALS_UNSAFE_READ_ONLY="1").exit_code == 4
    result = run("audit", "verify")
    assert (result.exit_code, "the log was rolled back" in result.stderr) == (4, True)


def test_a_kept_checkpoint_is_compared(run: Run, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    run.ok("audit", "checkpoint", "--output", str(kept))
    run.ok("retract", "company/amd", "--reason", "only a test")
    said = run.ok("audit", "witness", str(kept))
    assert f"signed by  {run.ok('audit', 'key').strip()}" in said
    kept.write_bytes(kept.read_bytes().replace(b"\n", b"\n1", 1))
    assert run("audit", "witness", str(kept)).exit_code == 4
    assert run("audit", "witness", str(tmp_path / "nowhere")).exit_code == 3


def test_a_receipt_proves_one_event(run: Run, tmp_path: Path) -> None:
    receipt = tmp_path / "receipt"
    run.ok("audit", "prove", "company/amd", "--output", str(receipt))
    parsed = parse_receipt(receipt.read_bytes())
    key = parse_vkey(run.ok("audit", "key").strip())
    assert verify_receipt(parsed, parsed.extra, [key]).size == len(_events(run))
    assert run("audit", "prove", "no/such/key").exit_code == 3


def test_keys_are_shown_and_replaced(run: Run) -> None:
    first = run.ok("audit", "key", "--name", "ledger.example/deals").strip()
    assert first.startswith("ledger.example/deals+")
    result = run("audit", "key", "--rotate")
    assert result.exit_code == 0
    second = result.stdout.strip()
    assert (second.split("+")[0], second == first) == ("ledger.example/deals", False)
    assert f"deals key rotation\n{first}\n{second}\n" in result.stderr
    assert run("audit", "key", "--name", "another").exit_code == 2


def test_who_did_what_is_listed(run: Run, tmp_path: Path) -> None:
    run.ok("retract", "company/amd", "--reason", "only a test")
    exported(run, tmp_path / "trail", "--no-numbers")
    run.ok("audit", "verify")
    rows = [json.loads(line) for line in run.ok("audit", "log", "--format", "jsonl").splitlines()]
    assert [row["what"] for row in rows][-3:] == ["retracted", "exported", "verified"]
    assert "reason only a test" in rows[-3]["particulars"]


def test_a_bundle_is_restored_to_the_byte(run: Run, tmp_path: Path) -> None:
    bundle = exported(run, tmp_path / "trail.zip")
    other = tmp_path / "other.db"
    assert invoke(["init"], db=other).exit_code == 0
    result = invoke(["import", str(bundle)], db=other)
    assert (result.exit_code, result.stdout.startswith("restored  ")) == (0, True), result.stderr
    assert invoke(["audit", "export", str(tmp_path / "again.zip"), *CLOCKS], db=other).exit_code == 0
    assert (tmp_path / "again.zip").read_bytes() == bundle.read_bytes()
    result = invoke(["import", str(bundle)], db=other)
    assert (result.exit_code, "has" in result.stderr, "--merge" in result.stderr) == (65, True, True)
    result = invoke(["import", str(bundle), "--merge"], db=other)
    assert (result.exit_code, "merged    0 events" in result.stdout) == (0, True), result.stderr


def test_a_bundle_is_merged_with_receipts(run: Run, tmp_path: Path) -> None:
    bundle = exported(run, tmp_path / "trail")
    other = tmp_path / "other.db"
    assert invoke(["init"], db=other).exit_code == 0
    result = invoke(["import", str(bundle), "--merge"], db=other)
    count = len(_events(run))
    assert (result.exit_code, f"merged    {count} events" in result.stdout) == (0, True), result.stderr
    assert f"position  {2 * count}" in result.stdout


@pytest.mark.parametrize("arguments", [["--dry-run"], ["story.jsonl"]])
def test_a_bundle_is_imported_by_itself(run: Run, tmp_path: Path, arguments: list[str]) -> None:
    bundle = exported(run, tmp_path / "trail", "--no-numbers")
    assert run("import", str(bundle), *arguments).exit_code == 2


def test_what_is_there_is_not_written_over(run: Run, tmp_path: Path) -> None:
    bundle = exported(run, tmp_path / "trail.zip", "--no-numbers", "--no-documents")
    assert run("audit", "export", str(bundle)).exit_code == 73
    assert run("audit", "export", str(tmp_path / "part"), "--deal", "no-such-deal").exit_code == 3


def test_a_new_ledger_does_not_take_over_the_memory_of_an_old_one(tmp_path: Path) -> None:
    place = tmp_path / "deals.db"
    assert invoke(["init", "--name", "ledger.example/deals"], db=place).exit_code == 0
    assert invoke(["audit", "key"], db=place).stdout.startswith("ledger.example/deals+")
    place.unlink()
    result = invoke(["init"], db=place)
    assert (result.exit_code, "of an earlier ledger of this name" in result.stderr, place.exists()) == (73, True, False)
    assert invoke(["init", "--name", "no good name"], db=tmp_path / "other.db").exit_code == 4
