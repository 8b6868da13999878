"""What the command line knows of the types without loading them is what the models say."""

from __future__ import annotations

import pytest

from cli.recording.flags import missing_of, terms_of, texts_of
from events.performance import PerformanceEvent
from events.registry import event_class
from events.type_names import EVENT_TYPES


@pytest.mark.parametrize("kind", [kind.type for kind in EVENT_TYPES.values()])
def test_where_a_type_can_happen_is_what_its_model_says(kind: str) -> None:
    cls = event_class(kind)
    assert terms_of(kind) == set(cls.ON if issubclass(cls, PerformanceEvent) else ())


def test_every_option_that_cannot_be_read_is_told_and_none_is_missing_for_it() -> None:
    texts, unread = texts_of(
        "warrant_granted",
        {"deal_": "one", "tranches_": ("first: capcity>=1",), "date_precision_": ("week",), "note_": None},
    )
    assert texts == {"deal": "one"}
    assert [(field, error.exit_code) for field, error in unread.items()] == [("date_precision", 65), ("tranches", 65)]
    assert missing_of("warrant_granted", [*texts, *unread]) == ["announced_on", "leg", "status", "issuer", "holder"]
    assert missing_of("warrant_granted", ["announced_on", "deal", "leg", "status", "issuer", "holder.0"]) == []
