"""Where a ledger lies when nobody says: `deals.db` in the user's data folder of the platform."""

from __future__ import annotations

import os
import sys
from pathlib import Path

__all__ = ["data_folder", "default_db", "projection_file"]


def data_folder() -> Path:
    """Return the folder for a user's data: XDG_DATA_HOME, macOS's Application Support, or Windows's LOCALAPPDATA."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "deals"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "deals"
    # The specification says that a relative path is to be ignored.
    named = os.environ.get("XDG_DATA_HOME", "")
    return (Path(named) if Path(named).is_absolute() else Path.home() / ".local" / "share") / "deals"


def default_db() -> str:
    """Return the ledger that commands use without `--db` and without DEALS_DB."""
    return str(data_folder() / "deals.db")


def projection_file(db: str) -> Path:
    """Return the file beside a ledger that keeps its tables for queries; it can be deleted at any moment."""
    return Path(db + ".projection.duckdb")
