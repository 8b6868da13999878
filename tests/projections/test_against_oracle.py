"""Every measure by SQL equals the naive fold at random clock triples, on the catalogue and on generated histories."""

from __future__ import annotations

import random
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.effort import examples, first_of
from tests.oracle.generate import GeneratedLedger, random_clocks, random_ledger, random_what_if
from tests.oracle.recording import recorded
from tests.projections.catalogue import catalogue_raws
from tests.projections.comparison import both_answers, warehouse_of

ASKED_OF = ("alpha", "beta", "customer-1", "customer-3")
TRIPLES = 24
"""For each history: SQL answers all of them at once, and most of a question's time goes into planning it."""


def assert_agree(answers: Iterable[tuple[str, Any, Any]]) -> None:
    for name, by_sql, by_fold in answers:
        assert by_sql == by_fold, name


@pytest.mark.parametrize("seed", first_of(range(8), 2))
def test_generated_histories(seed: int) -> None:
    rng = random.Random(seed)
    ledger = random_ledger(rng)
    with warehouse_of(ledger.entries) as warehouse:
        assert_agree(both_answers(warehouse, ledger.entries, random_clocks(rng, ledger, TRIPLES), ASKED_OF))


@pytest.mark.parametrize("seed", first_of(range(200, 203)))
def test_histories_with_identities_as_older_releases_took_them(seed: int) -> None:
    rng = random.Random(seed)
    ledger = random_ledger(rng, older_identities=True)
    with warehouse_of(ledger.entries) as warehouse:
        assert_agree(both_answers(warehouse, ledger.entries, random_clocks(rng, ledger, TRIPLES), ledger.cast.everyone))


@pytest.mark.parametrize("seed", first_of(range(100, 103)))
def test_generated_what_ifs(seed: int) -> None:
    rng = random.Random(seed)
    ledger = random_ledger(rng)
    what_if = random_what_if(rng, ledger)
    with warehouse_of(ledger.entries, what_if) as warehouse:
        assert_agree(both_answers(warehouse, ledger.entries, random_clocks(rng, ledger, TRIPLES), ASKED_OF, what_if))


@example(2287)  # a loan of which nobody knows what binds, repaid by more than was drawn
@given(st.integers(min_value=1000, max_value=10**9))
@examples(5)  # each asks a dozen questions; a dozen seeds are asked above
def test_any_history(seed: int) -> None:
    rng = random.Random(seed)
    ledger = random_ledger(rng, 25)
    with warehouse_of(ledger.entries) as warehouse:
        assert_agree(both_answers(warehouse, ledger.entries, random_clocks(rng, ledger, 6), ASKED_OF[:1]))


def test_catalogue() -> None:
    """A hundred triples in all, on the real announcements, for the companies with the most entangled deals."""
    entries = recorded(catalogue_raws())
    triples = random_clocks(random.Random(0), GeneratedLedger(entries, cast=None, scribe=None), 102)  # type: ignore[arg-type]  # days and positions only
    with warehouse_of(entries) as warehouse:
        assert_agree(both_answers(warehouse, entries, triples, ("openai", "nvidia", "amd")))
