"""Changes of single fields that name no item there is."""

from __future__ import annotations

import pytest

from cli.errors import UsageMistakeError
from cli.recording.patch import patched
from tests.events.samples import sample


@pytest.mark.parametrize("place", ["9" * 5_000, "1000000", "7", "²", "٣", "-1", "first"])
def test_an_item_that_is_not_there_is_refused_in_few_words(place: str) -> None:
    with pytest.raises(UsageMistakeError) as caught:
        patched(sample("warrant_granted"), [f"tranches.{place}.shares=5"])
    assert len(caught.value.message) < 200
