"""A ledger whose names an older release compared otherwise: its companies are found, and their names stay taken."""

from __future__ import annotations

import sqlite3
import unicodedata
from pathlib import Path

import pytest

from ledger.application import Ledger
from ledger.reader import LedgerReader
from ledger.record.refusals import CompanyNameTakenError
from ledger.store.company_names import NameRow, older_names
from tests.ledger.scenes import company, new_ledger, purchase


def older_form(name: str) -> str:
    """Fold a name as the first release did: hidden characters and typographic signs counted."""
    once = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    return " ".join(once.split())


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Return a ledger as the first release left it, with a second company that looks like the first."""
    with new_ledger(tmp_path) as ledger:
        ledger.record(
            [company("loreal", name="L\u2019Oréal", aliases=["L\u00adOréal SA"]), company("nvidia", name="Nvidia")]
        )
        ledger.record([company("double", name="Another")])
    with sqlite3.connect(tmp_path / "deals.db") as database:
        database.execute("UPDATE company_name SET written = 'Nvi\u00addia' WHERE company = 'double' AND kind = 'name'")
        for written, slot, kind in database.execute("SELECT written, slot, kind FROM company_name").fetchall():
            database.execute(
                "UPDATE company_name SET folded = ? WHERE slot = ? AND kind = ?", (older_form(written), slot, kind)
            )
    database.close()
    return tmp_path / "deals.db"


def test_companies_are_found_by_any_spelling(place: Path) -> None:
    with LedgerReader(place) as reader:
        names = ("L'Oréal", "L\u2019ORÉAL", "loréal sa", "L\u00adOréal SA", "nvidia", "Nvi\u00addia", "double", "x")
        assert [reader.company(name) for name in names] == [
            "loreal", "loreal", "loreal", "loreal", "nvidia", "nvidia", "double", None,
        ]  # fmt: skip


def test_rows_name_them_and_their_names_stay_taken(place: Path) -> None:
    with Ledger.open(place) as ledger:
        ledger.record([purchase(buyer="L'Oréal", supplier="NVIDIA")])
        for name in ("L'Oréal", "Loréal SA", "L\u2019oréal"):
            with pytest.raises(CompanyNameTakenError, match="is a name of loreal already"):
                ledger.record([company("other", name=name)])
        # A correction writes the names anew, in today's form.
        ledger.correct("company/loreal", company("loreal", name="L'Oréal"), reason="x")
        ledger.record([company("free", name="Loréal SA")])
    with LedgerReader(place) as reader:
        assert [entry.companies for entry in reader.entries(deal="one")] == [("loreal", "nvidia")]
        assert [reader.company(name) for name in ("L\u2019Oréal", "Lo\u00adréal SA")] == ["loreal", "free"]


def test_only_what_is_stored_in_another_form_is_given() -> None:
    rows = [("輝達", 1, "nvidia", "alias", "輝達", 0), ("l\u2019oréal", 2, "loreal", "name", "L\u2019Oréal", 1)]
    assert list(older_names(rows)) == [NameRow("l'oréal", 2, "loreal", "name", "L\u2019Oréal", stand_in=True)]
