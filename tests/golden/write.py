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
from tests.events.samples import SAMPLES, sample

__all__ = ["FOLDER", "SUMS", "golden_leaf", "sums_of"]

FOLDER = Path(__file__).parent
SUMS = FOLDER / "SHA256SUMS"
RECORDED_AT = "2026-01-31T09:30:00.000000Z"
RECORDER = "a recorder, 記錄者"

# The second loan form gave the first one's bare words a name; the pair shows the same loan in both.
_EXAMPLES: dict[str, dict[str, Any]] = {
    **SAMPLES,
    "loan_arranged": sample("loan_arranged", rate={"text": "SOFR+250bp"}),
}


def golden_leaf(raw: dict[str, Any]) -> bytes:
    """Write an example as the leaf that the ledger stores today."""
    event = parse(raw)
    version = event.SCHEMA_VERSION
    return leaf_bytes(encode(event), recorded_at=RECORDED_AT, recorder=RECORDER, schema_version=version)


def sums_of(folder: Path) -> str:
    """List the golden files with their SHA-256, as `sha256sum` does."""
    files = sorted(folder.glob("*/*.json"))
    return "".join(
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}\n" for path in files
    )


def _write_missing() -> None:
    for name, cls in TYPES.items():
        path = FOLDER / name / f"v{cls.SCHEMA_VERSION}.json"
        if not path.exists():
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(golden_leaf(_EXAMPLES[name]))
    known = set(SUMS.read_text().splitlines()) if SUMS.exists() else set()
    now = sums_of(FOLDER)
    if not known <= set(now.splitlines()):
        raise SystemExit("a golden file was changed or removed: put it back before adding others")
    SUMS.write_text(now)


if __name__ == "__main__":
    _write_missing()
