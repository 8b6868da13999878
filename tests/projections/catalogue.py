"""The shipped catalogue as plain events in the order of import: companies first, then each file."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

__all__ = ["catalogue_raws"]


def catalogue_raws() -> list[dict[str, Any]]:
    """Read every event of the catalogue."""
    folder = resources.files("events") / "catalogue"
    files = [folder / "companies.jsonl", *sorted((folder / "announcements").iterdir(), key=lambda file: file.name)]
    return [
        json.loads(line)
        for file in files
        if file.name.endswith(".jsonl")
        for line in file.read_text(encoding="utf-8").splitlines()
    ]
