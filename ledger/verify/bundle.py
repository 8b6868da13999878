"""Verifies a bundle: makes everything in it again from its events, and says what it checked and what nobody can."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import orjson

from ledger.bundle.package import Package, open_package
from ledger.bundle.part import ranges_text, read_ranges
from ledger.bundle.texts import BUNDLE_VERSION, SCOPE_FIELDS
from ledger.memory.errors import EmptyLogError
from ledger.proof.checkpoint import Checkpoint, open_checkpoint
from ledger.proof.errors import VerificationError
from ledger.proof.keys import VerifierKey, parse_vkey
from ledger.verify.files import (
    SMALL,
    check_checkpoint,
    check_data_package,
    check_documents,
    check_manifests,
    check_projections,
    digests_of,
)
from ledger.verify.lines import Expected, LinesRead, read_lines
from ledger.verify.report import Report
from ledger.verify.stamp import STAMP_NOT_CHECKED

__all__ = ["NUMBERS_NOT_CHECKED", "bundle_events", "verify_bundle", "verify_package"]

_SCOPE_BYTES_MAX = 64 * SMALL

_ROLL_BACK = (
    "whether the log was rolled back: an older checkpoint that was valid once passes every check above; only a "
    "remembered checkpoint (--checkpoint), a witness or a time stamp can tell"
)
_WHOSE_KEY = "whose key it is: compare it with the one that the log's owner published, and give that with --key"
_ALWAYS = (
    "when events were really typed in: recorded_at is the word of the ledger's own clock",
    "whether what the events say is true",
    "report.html and VERIFY.md, which are for reading and vouched for by the bag's checksums alone",
)
_PART = "whether other events match the filter too: a proof shows what is in a log, not what a filter would find"
NUMBERS_NOT_CHECKED = "whether the numbers in projections/ follow from the events: they can be computed anew from them"


def verify_bundle(
    place: Path,
    *,
    remembered: bytes | None = None,
    vkey: str | None = None,
    processes: int = 1,
    progress: Callable[[int], None] | None = None,
) -> Report:
    """Check a bundle, a folder or a zip; nothing is written anywhere.

    `remembered` is an older signed checkpoint of the same log, `vkey` the key that its owner published. What does not
    hold is in the report; raised are only BundleNotFoundError, BundleUnreadableError and UnsafeBundleError for what
    cannot be read at all, EmptyLogError, and MalformedKeyError for the key given.
    """
    with open_package(place) as package:
        return verify_package(package, remembered=remembered, vkey=vkey, processes=processes, progress=progress)


def verify_package(
    package: Package,
    *,
    remembered: bytes | None = None,
    vkey: str | None = None,
    processes: int = 1,
    progress: Callable[[int], None] | None = None,
) -> Report:
    """Check a bundle that is open already, as `verify_bundle` does."""
    given = parse_vkey(vkey) if vkey else None
    report = Report(what=str(package.place))
    # Hashing gives the processor's other half work: it needs Python only between its blocks.
    with ThreadPoolExecutor(1) as beside:
        hashing = beside.submit(digests_of, package)
        read, whole = _verify_log(package, report, given, remembered, processes, progress)
        digests = hashing.result()
    check_manifests(package, digests, report)
    check_data_package(package, digests, report)
    if read.count:  # otherwise nothing is known of what the log names
        check_documents(package, digests, read, report)
        check_projections(package, read, report, whole=whole)
    _say_what_was_not(package, report, given=given, remembered=remembered, whole=whole)
    return report


def bundle_events(place: Path) -> int:
    """Return how many events a bundle says that it has, for a progress bar; nothing is believed of it.

    Raises BundleNotFoundError, BundleUnreadableError or UnsafeBundleError.
    """
    with open_package(place) as package:
        if "data/scope.json" not in package:
            return 0
        try:
            said = orjson.loads(package.read("data/scope.json", most=_SCOPE_BYTES_MAX))
            return min(max(int(said["events"]), 0), package.sizes.get("data/events.jsonl", 0))
        except (KeyError, TypeError, ValueError):
            return 0


def _verify_log(
    package: Package,
    report: Report,
    given: VerifierKey | None,
    remembered: bytes | None,
    processes: int,
    progress: Callable[[int], None] | None,
) -> tuple[LinesRead, bool]:
    """Check the checkpoint, the scope and the lines; says whether the bundle claims to be the whole log."""
    if package.sizes.get("data/events.jsonl") == 0:
        raise EmptyLogError("the bundle has no events: there is nothing to verify")
    checkpoint = check_checkpoint(package, report, given)
    if "data/events.jsonl" not in package:
        report.failed("lines", "events.jsonl is not there")
        return LinesRead(), True
    if checkpoint is None:
        return LinesRead(), True
    if checkpoint.size == 0:
        raise EmptyLogError("the checkpoint is of an empty log: there is nothing to verify")
    report.origin, report.size, report.root = checkpoint.origin, checkpoint.size, checkpoint.root.hex()
    positions, whole = _scope(package, checkpoint, report)
    older = _older(remembered, given, package, checkpoint, report)
    note = package.read("data/checkpoint", most=SMALL)
    expected = Expected(checkpoint, note, None if whole else positions, older.size if older else None)
    read = read_lines(package, expected, report, processes=processes, progress=progress)
    report.events = read.count
    if whole:
        _check_root(checkpoint, read, report)
    if older is not None:
        _check_older(older, checkpoint, read, report, whole=whole)
    return read, whole


def _check_root(checkpoint: Checkpoint, read: LinesRead, report: Report) -> None:
    if read.count != checkpoint.size:
        said = f"there are {read.count:,} lines, but the checkpoint vouches for {checkpoint.size:,}"
        report.failed("root", said)
    elif read.root != checkpoint.root:
        said = f"the lines have the root {read.root.hex()}, but the checkpoint says {checkpoint.root.hex()}"
        report.failed("root", f"{said}: a line was altered, or lines were moved")
    else:
        report.ok("root", f"recomputed from every line, it is that of the checkpoint: {checkpoint.root.hex()}")


def _scope(package: Package, checkpoint: Checkpoint, report: Report) -> tuple[list[int], bool]:
    """Read `scope.json`; gives the positions of a part, and whether the bundle is the whole log."""
    try:
        said: dict[str, Any] = orjson.loads(package.read("data/scope.json", most=_SCOPE_BYTES_MAX))
        whole = said["whole"] is True and not said["filter"]
        positions = read_ranges(said["positions"], size=checkpoint.size) if not whole else []
        chosen = set(positions)
        left_out = ranges_text(n for n in range(1, checkpoint.size + 1) if n not in chosen) if not whole else ""
        fits = (
            said["bundle_version"] == BUNDLE_VERSION
            and (said["origin"], said["size"], said["root"])
            == (checkpoint.origin, checkpoint.size, checkpoint.root.hex())
            and said["events"] == (checkpoint.size if whole else len(positions))
            and (whole or (said["filter"] and said["left_out"] == left_out))
        )
        strange = _strange(said)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        report.failed("scope", f"scope.json is missing or does not say what the bundle holds: {error}")
        return [], True
    if strange:
        report.failed("scope", strange)
    elif not fits:
        report.failed("scope", "scope.json and the checkpoint disagree on what the bundle holds")
    elif whole:
        report.ok("scope", f"the whole log of {checkpoint.size:,} events")
    else:
        conditions = ", ".join(f"{name} {value}" for name, value in said["filter"].items())
        report.ok("scope", f"a part of the log ({conditions}): {len(positions):,} of {checkpoint.size:,} events")
    return positions, whole


def _strange(said: dict[str, Any]) -> str:
    """Say what in `scope.json` this version of the bundle does not have; empty where there is nothing of the kind."""
    bundle, numbers = said["bundle_version"], said.get("numbers_version", 1)
    if type(bundle) is not int or bundle > BUNDLE_VERSION:
        return f"the bundle is of version {bundle!r}, and this version of deals knows none after {BUNDLE_VERSION}"
    if said.keys() - SCOPE_FIELDS:
        return f"scope.json has a field that no bundle of version {bundle} has: {min(said.keys() - SCOPE_FIELDS)}"
    if type(numbers) is not int or numbers < 1:
        return f"scope.json: numbers_version {numbers!r} is no version"
    return ""


def _older(
    remembered: bytes | None, given: VerifierKey | None, package: Package, checkpoint: Checkpoint, report: Report
) -> Checkpoint | None:
    """Open the remembered checkpoint, under the key given or, without one, that of the bundle."""
    if remembered is None:
        return None
    try:
        key = given or parse_vkey(package.read("data/keys/log.vkey", most=SMALL).decode().removesuffix("\n"))
        older = open_checkpoint(remembered, [key])
    except VerificationError as error:
        report.failed("remembered checkpoint", error.message)
        return None
    if older.origin != checkpoint.origin:
        report.failed("remembered checkpoint", f"it speaks for another log, {older.origin}")
        return None
    return older


def _check_older(older: Checkpoint, checkpoint: Checkpoint, read: LinesRead, report: Report, *, whole: bool) -> None:
    """Check that the log extends what was remembered of it."""
    name = "remembered checkpoint"
    if older.size > checkpoint.size:
        said = f"the log was rolled back: it had {older.size:,} events and now has {checkpoint.size:,}"
        report.failed(name, said)
    elif older.size == checkpoint.size and older.root != checkpoint.root:
        report.failed(name, f"the log was forked: two different logs of {older.size:,} events were signed")
    elif not whole and older.size != checkpoint.size:
        report.absent(name, "a part cannot show that the log extends it; ask for the whole log")
    elif whole and read.older_root != older.root:
        said = "the log was rewritten: its first {:,} events have the root {}, but {} was remembered"
        found = read.older_root.hex() if read.older_root else "that cannot be computed"
        report.failed(name, said.format(older.size, found, older.root.hex()))
    else:
        report.ok(name, f"the log begins with the {older.size:,} events that were remembered")


def _say_what_was_not(
    package: Package, report: Report, *, given: VerifierKey | None, remembered: bytes | None, whole: bool
) -> None:
    report.not_checked += [] if remembered else [_ROLL_BACK]
    report.not_checked += [] if given else [_WHOSE_KEY]
    report.not_checked += [] if whole else [_PART]
    report.not_checked += [NUMBERS_NOT_CHECKED] if package.names("data/projections/") else []
    if "data/checkpoint.tsr" in package:
        report.not_checked.append(STAMP_NOT_CHECKED)
    report.not_checked += _ALWAYS
