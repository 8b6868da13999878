"""How long a stress takes on a made-up market: one answer, and a thousand draws of it.

python benchmarks/bench_stress.py [COMPANIES] [DRAWS]
"""

from __future__ import annotations

import datetime as dt
import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from events.codec import encode, parse
from events.envelope import leaf_bytes
from projections.clocks import Clocks
from projections.queries.stress.scenario import METHODS, parse_scenario
from projections.queries.stress.stress import stress
from projections.warehouse import Warehouse

DAY = "2025-01-01"
LEGS_A_COMPANY = 5
BUDGET_SECONDS = 10.0


def usd(rng: random.Random, most: int) -> dict[str, str]:
    return {"value": str(rng.randrange(1, most) * 1_000_000), "currency": "USD"}


def market(companies: int, seed: int = 1) -> Iterator[dict[str, Any]]:
    """Let every company buy, borrow and invest, and publish its cash and equity."""
    rng = random.Random(seed)  # noqa: S311 - the same market every time, not a secret
    names = [f"co-{number:03}" for number in range(companies)]
    for name in names:
        yield {
            "type": "company_registered",
            "key": name,
            "announced_on": DAY,
            "company": name,
            "name": name,
            "layer": "cloud",
        }
        for metric, most in (("cash", 20_000), ("equity", 40_000)):
            value = str(rng.randrange(1, most) * 1_000_000)
            body = {"type": "metric_reported", "key": f"{name}/{metric}", "announced_on": DAY, "company": name}
            yield body | {"metric": metric, "value": value, "unit": "USD", "basis": "gaap", "on": DAY}
    for number in range(companies * LEGS_A_COMPANY):
        one, other = rng.sample(names, 2)
        leg = {
            "key": f"leg-{number}",
            "announced_on": DAY,
            "deal": f"deal-{number}",
            "leg": "leg",
            "status": "definitive",
        }
        kind = number % LEGS_A_COMPANY
        if kind < 3:
            half = [{"from": "2025-01-01", "to": "2026-01-01", "share": "0.5"}]
            body = {"type": "purchase_committed", "buyer": one, "supplier": other, "subject": "compute"}
            yield leg | body | {"amount": usd(rng, 10_000), "schedule": half}
            continue
        amount = usd(rng, 5_000)
        if kind == 3:
            yield leg | {"type": "loan_arranged", "borrower": one, "lenders": [{"company": other, "amount": amount}],
                         "amount": amount, "matures_on": "2025-09-30"}  # fmt: skip
        else:
            yield leg | {"type": "investment_committed", "investor": one, "investee": other, "amount": amount}
        paid = {
            "type": "tranche_funded",
            "key": f"paid-{number}",
            "announced_on": DAY,
            "deal": leg["deal"],
            "leg": "leg",
        }
        yield paid | {"amount": amount}


def leaves(companies: int) -> list[tuple[int, bytes]]:
    batch = []
    for position, raw in enumerate(market(companies), 1):
        event = parse(raw)
        encoded = encode(event)
        batch.append(
            (position, leaf_bytes(encoded, recorded_at=f"{DAY}T00:00:00.000000Z", recorder="bench", schema_version=1))
        )
    return batch


def main() -> int:
    companies = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    draws = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000
    began = time.perf_counter()
    warehouse = Warehouse.in_memory([leaves(companies)])
    print(f"{companies} companies, {companies * LEGS_A_COMPANY} legs: tables in {time.perf_counter() - began:.2f} s")
    print(f"{'what':<34} {'CPU s':>8}")
    clocks = Clocks.on(dt.date(2025, 1, 1))
    shock = {"kind": "company_fails", "company": "co-000", "recovery": ["0.2", "0.6"]}
    parameters: dict[str, Any] = {"relet_price": ["0.5", "0.9"], "loss_given_default": "0.6"}
    slowest = 0.0
    runs: list[tuple[str, list[str], dict[str, str]]] = [(method, [method], {}) for method in METHODS]
    # A default that costs something is cleared by another algorithm.
    runs += [("clearing with costs", ["clearing"], {"alpha": "0.5", "beta": "0.7"}), ("all methods", list(METHODS), {})]
    for name, methods, costs in runs:
        scenario = parse_scenario({"shocks": [shock], "parameters": parameters | costs, "methods": methods})
        for count, label in ((None, f"{name}, once"), (draws, f"{name}, {draws}")):
            began = time.process_time()
            stress(warehouse, clocks, scenario, draws=count)
            seconds = time.process_time() - began
            slowest = max(slowest, seconds)
            print(f"{label:<34} {seconds:>8.2f}")
    print(f"{'within' if slowest <= BUDGET_SECONDS else 'OVER'} the budget of {BUDGET_SECONDS:.0f} s")
    return int(slowest > BUDGET_SECONDS)


if __name__ == "__main__":
    sys.exit(main())
