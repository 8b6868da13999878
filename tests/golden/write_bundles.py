"""Write the golden bundles of this version that are missing: `python -m tests.golden.write_bundles`."""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path

from ledger.bundle.part import Part
from ledger.bundle.texts import BUNDLE_VERSION
from tests.ledger.audit_scenes import export, tiny_ledger

__all__ = ["FOLDER", "SUMS", "sums"]

FOLDER = Path(__file__).parent / "bundles"
SUMS = FOLDER / "SHA256SUMS"


def sums() -> str:
    """List the golden bundles with their SHA-256, as `sha256sum` does."""
    return "".join(
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in sorted(FOLDER.glob("*.zip"))
    )


if __name__ == "__main__":
    kinds = {"whole": None, "part": Part(deal="one")}
    with tempfile.TemporaryDirectory() as folder, tiny_ledger(Path(folder)) as ledger:
        for kind, part in kinds.items():
            target = FOLDER / f"v{BUNDLE_VERSION}-{kind}.zip"
            if not target.exists():
                export(ledger.path, target, part=part)
    SUMS.write_text(sums())
