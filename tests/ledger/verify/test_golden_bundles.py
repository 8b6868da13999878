"""What was handed out once verifies for ever, and a whole log of any version can still be taken in."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledger.bundle.texts import BUNDLE_VERSION
from ledger.exchange.restore import restore_bundle
from ledger.verify.bundle import verify_bundle
from tests.golden.write_bundles import FOLDER, SUMS, sums
from tests.ledger.audit_scenes import KEY
from tests.ledger.scenes import new_ledger

BUNDLES = sorted(FOLDER.glob("*.zip"))


def test_no_golden_bundle_was_changed_or_removed() -> None:
    assert sums() == SUMS.read_text(), "golden bundles are for ever; see tests/golden/bundles/README.md"


def test_this_version_has_its_golden_bundles() -> None:
    assert {f"v{BUNDLE_VERSION}-whole.zip", f"v{BUNDLE_VERSION}-part.zip"} <= {path.name for path in BUNDLES}


@pytest.mark.parametrize("place", BUNDLES, ids=lambda place: place.name)
def test_a_golden_bundle_verifies(place: Path) -> None:
    report = verify_bundle(place, vkey=KEY.verifier.vkey)
    assert report.failures == []
    assert report.verified


@pytest.mark.parametrize("place", [p for p in BUNDLES if "whole" in p.name], ids=lambda place: place.name)
def test_a_golden_bundle_can_be_restored(place: Path, tmp_path: Path) -> None:
    with new_ledger(tmp_path) as ledger:
        assert restore_bundle(ledger, place).root == verify_bundle(place).root
