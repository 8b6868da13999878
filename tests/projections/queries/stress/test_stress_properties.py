"""What holds of every market: recovery never hurts, nothing owed is nothing lost, and draws can be had again."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections.clocks import Clocks
from projections.measures import executory_claim, furfine
from projections.queries.fields import ScenarioError
from projections.queries.stress.book import Book, Figure
from projections.queries.stress.legs import Promise
from projections.queries.stress.methods import Spread, spread
from projections.queries.stress.net import Net
from projections.queries.stress.scenario import METHODS, Parameters, Scenario
from projections.queries.stress.shocks import CompanyFails
from projections.queries.stress.strike import Struck
from tests.projections.market_parts import Raw, market, metric, on, purchase, run

NAMES = ("a", "b", "c", "d", "e")
AMOUNTS = st.integers(0, 50).map(Decimal)
SHARES = st.integers(0, 100).map(lambda number: Decimal(number) / 100)
KINDS = st.sampled_from(("purchase", "loan", "investment", "prepayment"))


@st.composite
def promises(draw: st.DrawFn) -> Promise:
    creditor, debtor = draw(st.permutations(NAMES))[:2]
    kind = draw(KINDS)
    return Promise(
        creditor=draw(st.sampled_from((creditor, None))) if kind == "loan" else creditor,
        debtor=debtor,
        kind=kind,
        leg_ref="deal/leg",
        settled=draw(AMOUNTS),
        remaining=draw(AMOUNTS) if kind == "purchase" else Decimal(0),
        undrawn=draw(AMOUNTS) if kind == "loan" else Decimal(0),
        due=draw(AMOUNTS) if kind in {"purchase", "loan"} else Decimal(0),
    )


@st.composite
def books(draw: st.DrawFn) -> Book:
    """Draw a market of five companies; some keep their cash or equity to themselves."""
    figures: dict[tuple[str, str], Figure] = {}
    for name in NAMES:
        for what in ("cash", "equity"):
            value = draw(st.one_of(st.none(), AMOUNTS))
            if value is not None:
                figures[name, what] = Figure(value, ())
    day = dt.date(2025, 1, 1)
    return Book(
        clocks=Clocks.on(day),
        end=dt.date(2026, 1, 1),
        legs=[],
        loans=[],
        promises=draw(st.lists(promises(), max_size=12)),
        figures=figures,
        metrics=[],
        prices=[],
        positions={},
        registered={},
    )


def after(book: Book, method: str, kind: type, **terms: Any) -> Spread:  # noqa: ANN401 - terms of a scenario
    """Let the first company fail."""
    recovery = terms.pop("recovery", Decimal(0))
    terms.setdefault("relet_price", Decimal(0))
    scenario = Scenario("x", "x", (CompanyFails("a", recovery),), parameters=Parameters(**terms))
    net = Net(book, scenario, kind, NAMES)
    return spread(method, net, scenario, Struck(failed={"a": recovery}), {name: name for name in NAMES})


def _losses(found: Spread) -> list[float]:
    return [float("nan") if loss is None else float(loss) for loss in found.loss]


def mild_and_harsh(
    book: Book, method: str, mild: dict[str, Decimal], harsh: dict[str, Decimal]
) -> tuple[list[float], list[float]]:
    """Return the losses on milder terms, and the greatest that they may be for all that harsher terms would cost.

    DebtRank of 2012 lets each company pass its loss on once, in the round after it is first hit. As long as the same
    companies are hit in the same rounds, it passes on more where claims are worth less. But whoever harsher terms hit
    early and lightly has passed on little when the heavy loss arrives, and those behind it are better off than on milder
    terms. What holds then is that one pass costs at most what repeated passes do, and these never fall.
    """
    better, worse = after(book, method, Decimal, **mild), after(book, method, Decimal, **harsh)
    if method == "debtrank-2012" and better.turn != worse.turn:
        worse = after(book, "debtrank-differential", Decimal, **harsh)
    return _losses(better), _losses(worse)


@pytest.mark.parametrize("method", METHODS)
@given(book=books(), low=SHARES, high=SHARES)
def test_recovery_never_worsens_a_loss(method: str, book: Book, low: Decimal, high: Decimal) -> None:
    low, high = sorted((low, high))
    better, worse = map(np.array, mild_and_harsh(book, method, {"recovery": high}, {"recovery": low}))
    assert np.array_equal(np.isnan(worse), np.isnan(better))
    assert (better[~np.isnan(better)] <= worse[~np.isnan(worse)] + 1e-5).all()


@pytest.mark.parametrize("method", METHODS[1:])
@given(book=books(), relet=SHARES, low=SHARES, high=SHARES)
def test_milder_terms_never_worsen_a_loss(method: str, book: Book, relet: Decimal, low: Decimal, high: Decimal) -> None:
    low, high = sorted((low, high))
    harsh = {"relet_price": relet * low, "loss_given_default": high, "drawdown": high}
    mild = {"relet_price": relet, "loss_given_default": low, "drawdown": low}
    pairs = zip(*mild_and_harsh(book, method, mild, harsh), strict=True)
    assert all(not one > other + 1e-5 for one, other in pairs)


def test_a_loss_that_is_passed_on_once_may_shrink_where_less_is_recovered() -> None:
    """C has lent A a little and B much. Where A repays nothing, C is hit in round 1, and has told D when B's loss comes."""
    promises = [
        Promise(creditor, debtor, kind, f"{creditor}-{debtor}/leg", settled=Decimal(amount))
        for creditor, debtor, kind, amount in (
            ("b", "a", "investment", 10),
            ("c", "a", "loan", 1),
            ("c", "b", "loan", 10),
            ("d", "c", "loan", 10),
        )
    ]
    figures = {(name, "equity"): Figure(Decimal(10), ()) for name in NAMES}
    day = dt.date(2025, 1, 1)
    book = Book(Clocks.on(day), dt.date(2026, 1, 1), [], [], promises, figures, [], [], {}, {})

    def loss_of_d(method: str, recovery: int) -> Decimal:
        return Decimal(after(book, method, Decimal, recovery=Decimal(recovery)).loss[NAMES.index("d")])

    assert [loss_of_d("debtrank-2012", recovery) for recovery in (0, 1)] == [1, 10]
    assert [loss_of_d("debtrank-differential", recovery) for recovery in (0, 1)] == [10, 10]


@pytest.mark.parametrize("method", METHODS)
@given(book=books())
def test_nothing_promised_is_nothing_lost(method: str, book: Book) -> None:
    book.promises.clear()
    found = after(book, method, Decimal)
    assert all(not loss for name, loss in zip(NAMES, found.loss, strict=False) if name != "a")
    assert found.through == [None] * 6


@pytest.mark.parametrize("method", METHODS)
@given(book=books())
def test_draws_reckon_as_the_single_answer_does(method: str, book: Book) -> None:
    exact, drawn = after(book, method, Decimal), after(book, method, float)
    assert _losses(drawn) == pytest.approx(_losses(exact), abs=1e-5, nan_ok=True)
    assert (drawn.defaulted, drawn.turn) == (exact.defaulted, exact.turn)


@given(book=books(), loss_given_default=SHARES)
def test_nobody_loses_more_than_its_claims(book: Book, loss_given_default: Decimal) -> None:
    """An independent sum of what could be lost at most: everything owed, or paid in."""
    found = after(book, "furfine", Decimal, loss_given_default=loss_given_default)
    for name, loss in zip((*NAMES, None), found.loss, strict=True):
        owed = [promise for promise in book.promises if promise.creditor == name]
        most = sum((each.settled + each.remaining + each.undrawn for each in owed), Decimal(0))
        assert name == "a" or loss <= most


@given(
    unpaid=AMOUNTS,
    remaining=AMOUNTS,
    prepaid=AMOUNTS,
    relet=st.integers(0, 150).map(lambda number: Decimal(number) / 100),
    charge=SHARES,
)
def test_contract_is_claimed_as_the_measure_has_it(
    unpaid: Decimal, remaining: Decimal, prepaid: Decimal, relet: Decimal, charge: Decimal
) -> None:
    promise = Promise("b", "a", "purchase", "d/l", settled=unpaid, remaining=remaining, prepaid=prepaid)
    book = Book(Clocks.on(dt.date(2025, 1, 1)), dt.date(2026, 1, 1), [], [], [promise], {}, [], [], {}, {})
    scenario = Scenario("x", "x", (), parameters=Parameters(relet_price=relet, termination_charge=charge))
    values, unknown = Net(book, scenario, Decimal, NAMES).claims_at_failure(scenario, Struck())
    expected = executory_claim(
        unpaid_invoices=unpaid,
        termination_charge=charge * remaining,
        contract_price=Decimal(1),
        relet_price=relet,
        remaining=remaining,
        prepayments=prepaid,
    )
    assert (list(values), list(unknown)) == ([expected], [False])


@given(data=st.data(), size=st.integers(1, 6))
def test_cascade_of_arrays_is_that_of_decimals(data: st.DataObject, size: int) -> None:
    rows = [[data.draw(AMOUNTS) for _ in range(size)] for _ in range(size)]
    equity = [data.draw(st.integers(-5, 60).map(Decimal)) for _ in range(size)]
    failed = data.draw(st.sets(st.integers(0, size - 1)))
    part = data.draw(SHARES)
    exact = furfine(rows, equity, failed, part)
    arrays: Any = np.array(rows, dtype=float)
    floats = furfine(arrays, [float(own) for own in equity], failed, float(part))
    assert floats.default_round == exact.default_round
    assert list(floats.loss) == pytest.approx([float(loss) for loss in exact.loss])
    assert sorted(floats.defaults) == sorted(exact.defaults)


RANGED: Raw = {
    "methods": ["clearing", "furfine"],
    "shocks": [{"kind": "company_fails", "company": "openai", "recovery": ["0.2", "0.6"]}],
    "parameters": {"relet_price": ["0.5", "0.9"]},
}


def small_market() -> Any:  # noqa: ANN401 - a warehouse
    raws = [
        purchase("a", "openai", "oracle", 100, due={"2025": "1"}),
        purchase("b", "oracle", "nvidia", 40, due={"2025": "1"}),
        metric("oracle", "cash", 10),
        metric("oracle", "equity", 15),
        metric("nvidia", "equity", 100),
    ]
    return market(*raws, names=["openai", "oracle", "nvidia"])


def test_same_seed_same_draws() -> None:
    warehouse = small_market()
    first, again, other = (run(warehouse, RANGED, draws=40, seed=seed) for seed in (7, 7, 8))
    assert (first.rows, first.summary) == (again.rows, again.summary)
    assert first.rows != other.rows
    for row in first.rows:
        percentiles = [row[f"loss_p{percent:02}"] for percent in (5, 25, 50, 75, 95)]
        assert None in percentiles or percentiles == sorted(percentiles)
    assert (first.summary["draws"], first.summary["seed"]) == (40, 7)
    assert first.summary["ranges"] == [[Decimal("0.2"), Decimal("0.6")], [Decimal("0.5"), Decimal("0.9")]]


def test_draws_by_hand() -> None:
    """Oracle loses (1 - recovery) x (1 - re-let price) x 100, uniform by a generator written down here again."""
    import random

    warehouse = small_market()
    rows = {row["company"]: row for row in run(warehouse, RANGED, draws=200, seed=3).rows if row["method"] == "furfine"}
    rng = random.Random(3)
    losses = []
    for _ in range(200):
        recovery, relet = 0.2 + 0.4 * rng.random(), 0.5 + 0.4 * rng.random()
        losses.append((1 - recovery) * (1 - relet) * 100)
    assert float(rows["oracle"]["loss_mean"]) == pytest.approx(np.mean(losses))
    assert float(rows["oracle"]["loss_p95"]) == pytest.approx(np.percentile(losses, 95))
    assert float(rows["oracle"]["default_share"]) == np.mean([loss >= 15 for loss in losses])


def test_a_range_of_one_number_gives_the_single_answer() -> None:
    warehouse = small_market()
    points = RANGED | {
        "shocks": [{"kind": "company_fails", "company": "openai", "recovery": ["0.4", "0.4"]}],
        "parameters": {"relet_price": "0.7"},
        "assumptions": [{"company": "nvidia", "metric": "cash", "value": ["5", "5"], "reason": "a guess"}],
    }
    drawn = run(warehouse, points, draws=3)
    single = run(warehouse, points)
    found = {(row["company"], row["method"]): row["loss_p05"] for row in drawn.rows}
    assert found == {(row["company"], row["method"]): row["loss"] for row in single.rows}
    assert any("count by their middle" in note for note in single.notes)
    assert all(row["events"] for row in drawn.rows)


def test_draws_need_a_range() -> None:
    with pytest.raises(ScenarioError, match="nothing to draw from"):
        run(small_market(), {"shocks": [{"kind": "company_fails", "company": "openai"}]}, draws=10)


def test_progress_is_told_in_batches() -> None:
    told: list[int] = []
    run(small_market(), RANGED, draws=250, step=told.append)
    assert told == [100, 100, 50]
    assert on().as_of == dt.date(2025, 1, 1)
