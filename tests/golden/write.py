"""Write the golden files that are missing; those that exist are never touched.

Run as `python -m tests.golden.write` from the top of the repository.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from events.codec import encode, parse
from events.envelope import leaf_bytes
from events.registry import TYPES
from tests.events.samples import SAMPLES

__all__ = ["FOLDER", "SUMS", "current_file", "golden_leaf", "sums_of"]

FOLDER = Path(__file__).parent
SUMS = FOLDER / "SHA256SUMS"
RECORDED_AT = "2026-01-31T09:30:00.000000Z"
RECORDER = "a recorder, 記錄者"


def golden_leaf(raw: dict[str, Any]) -> bytes:
    """Write an example as the leaf that the ledger stores today."""
    event = parse(raw)
    version = event.SCHEMA_VERSION
    return leaf_bytes(encode(event), recorded_at=RECORDED_AT, recorder=RECORDER, schema_version=version)


def current_file(name: str) -> Path:
    """Return the golden file of the form in which a type is stored today; a correction has one for each form of its loan."""
    version = TYPES[name].SCHEMA_VERSION
    if name == "event_corrected":
        return FOLDER / name / f"v{version}-of-loan-v{TYPES['loan_arranged'].SCHEMA_VERSION}.json"
    return FOLDER / name / f"v{version}.json"


def sums_of(folder: Path) -> str:
    """List the golden files with their SHA-256, as `sha256sum` does."""
    files = sorted(folder.glob("*/*.json"))
    return "".join(
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}\n" for path in files
    )


def _write_missing() -> None:
    for name in TYPES:
        path = current_file(name)
        if not path.exists():
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(golden_leaf(SAMPLES[name]))
    known = set(SUMS.read_text().splitlines()) if SUMS.exists() else set()
    now = sums_of(FOLDER)
    if not known <= set(now.splitlines()):
        raise SystemExit("a golden file was changed or removed: put it back before adding others")
    SUMS.write_text(now)


if __name__ == "__main__":
    _write_missing()
