"""What a ledger's place can be: the path of a file, and nothing else."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ledger.store.errors import UnsupportedStoreError
from ledger.store.sqlite_files import ledger_path


@pytest.mark.parametrize("place", ["/", ".", "..", "../..", "folder/", "a/../"])
def test_a_folder_is_no_ledger(place: str) -> None:
    with pytest.raises(UnsupportedStoreError, match="is a folder, and a ledger is a file") as caught:
        ledger_path(place)
    assert caught.value.exit_code == 2
    assert caught.value.advice.endswith("deals.db")


def test_a_device_is_no_ledger(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for place in ("/dev/null", tmp_path / "pipe"):
        with pytest.raises(UnsupportedStoreError, match="is a device or a pipe"):
            ledger_path(place)


def test_a_file_is_taken_as_it_is_named(tmp_path: Path) -> None:
    (tmp_path / "link.db").symlink_to("there.db")
    for place in ("deals.db", str(tmp_path / "new.db"), tmp_path / "link.db", "..db", "a/..b"):
        assert ledger_path(place) == Path(place)
