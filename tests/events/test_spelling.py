"""Fields by the headers that people write over them."""

from __future__ import annotations

import pytest

from events.registry import TYPES, event_class
from events.spelling import field_path, field_paths, plain_spelling, required_fields


@pytest.mark.parametrize(
    ("kind", "written", "path"),
    [
        ("payment_made", "Type", "type"),
        ("payment_made", "\ufeffAnnounced On", "announced_on"),
        ("payment_made", "announcedOn", "announced_on"),
        ("payment_made", "ANNOUNCED-ON", "announced_on"),
        ("payment_made", "\uff41mount . Value", "amount.value"),
        ("payment_made", "source publisher", None),
        ("payment_made", "Source.Publisher", "source.publisher"),
        ("price_moved", "Return", "return"),
        ("purchase_committed", "schedule.01.From", "schedule.1.from"),
        ("purchase_committed", "schedule.from", None),
        ("purchase_committed", "schedule.0", "schedule.0"),
        ("loan_arranged", "lenders.0.amount.currency", "lenders.0.amount.currency"),
        ("loan_arranged", "lenders.0.0", None),
        ("loan_arranged", "rate.spread bp", "rate.spread_bp"),
        ("warrant_granted", "tranches.2.conditions.0.threshold", "tranches.2.conditions.0.threshold"),
        ("warrant_granted", "tranches.1000.shares", None),
        ("warrant_granted", "tranches.²", None),
        ("warrant_granted", "tranches." + "9" * 5_000, None),
        ("company_registered", "aliases.0", "aliases.0"),
        ("company_registered", "aliases.0.more", None),
        ("event_corrected", "replacement.type", "replacement.type"),
        ("payment_made", "buyer", None),
        ("payment_made", "", None),
        ("payment_made", ".", None),
    ],
)
def test_a_header_names_a_field_in_any_spelling(kind: str, written: str, path: str | None) -> None:
    assert field_path(event_class(kind), written) == path


@pytest.mark.parametrize("kind", TYPES)
def test_every_field_is_found_by_its_own_path_and_by_no_other(kind: str) -> None:
    paths = list(field_paths(event_class(kind)))
    assert [field_path(event_class(kind), path) for path in paths] == paths
    assert len({plain_spelling(path) for path in paths}) == len(paths)
    assert set(required_fields(event_class(kind))) <= set(paths) - {"key"}
