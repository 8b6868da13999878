"""Write the table of attacks into the documentation: `python -m tests.ledger.publish_attacks`."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from tests.ledger.attacks import make_scene, make_zip, matrix

__all__ = ["TABLE", "published"]

PAGE = Path(__file__).parents[2] / "docs" / "audit.md"
TABLE = re.compile(r"(?<=<!-- attacks -->\n).*?(?=<!-- end -->)", re.DOTALL)


def published() -> str:
    """Return the table as the documentation has it."""
    found = TABLE.search(PAGE.read_text(encoding="utf-8"))
    assert found is not None
    return found[0]


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "zip").mkdir()
        table = matrix(make_scene(folder), len(make_zip(folder / "zip")))
    PAGE.write_text(TABLE.sub(lambda _: table, PAGE.read_text(encoding="utf-8")), encoding="utf-8")
