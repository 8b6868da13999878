"""Changes of single fields that name no item there is."""

from __future__ import annotations

import pytest

from cli.recording.patch import patched
from events.errors import BadValueError
from tests.events.samples import sample


@pytest.mark.parametrize("place", ["9" * 5_000, "1000000", "7", "²", "٣", "-1", "first"])
def test_an_item_that_is_not_there_is_refused_in_few_words(place: str) -> None:
    with pytest.raises(BadValueError) as caught:
        patched(sample("warrant_granted"), [f"tranches.{place}.shares=5"])
    assert len(caught.value.message) < 200


def test_a_change_cannot_turn_an_event_into_one_of_another_type() -> None:
    for change in ("type=loan", "type=warrant_granted", "type="):
        with pytest.raises(BadValueError) as caught:
            patched(sample("warrant_granted"), [change])
        assert caught.value.message.startswith("--set type: an event keeps its type")
