"""Checks the time stamp that a bundle carries for its checkpoint."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ledger.bundle.package import open_package
from ledger.memory.timestamp import verify_stamp
from ledger.proof.errors import VerificationError

if TYPE_CHECKING:
    from ledger.verify.report import Report

__all__ = ["STAMP_NOT_CHECKED", "check_stamp"]

STAMP_NOT_CHECKED = "the time stamp in checkpoint.tsr: give the authority's certificates to check it (--authority)"

_NAME = "time stamp"
_SMALL = 1 << 20


def check_stamp(bundle: Path, roots: bytes, report: Report) -> None:
    """Check the stamp against the certificates that are trusted (PEM), and note the instant.

    Raises TimestampUnavailableError where the software for it is not installed.
    """
    with open_package(bundle) as package:
        if "data/checkpoint.tsr" not in package:
            report.absent(_NAME, "the bundle has none")
            return
        stamp = package.read("data/checkpoint.tsr", most=_SMALL)
        note = package.read("data/checkpoint", most=_SMALL)
    if STAMP_NOT_CHECKED in report.not_checked:
        report.not_checked.remove(STAMP_NOT_CHECKED)
    try:
        at = verify_stamp(stamp, note, roots)
    except VerificationError as error:
        report.failed(_NAME, error.message)
    else:
        report.ok(_NAME, f"a trusted authority saw this checkpoint at {at.isoformat()}: the log stood so by then")
