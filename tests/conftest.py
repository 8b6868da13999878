"""How hard hypothesis tries, how long it may take to make a failure small, and what a process of many tests does without."""

from __future__ import annotations

import gc
import os

from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import engine

from projections.warehouse import CONFIG

# The cores are the tests': a second thread of DuckDB waits on a handful of rows, at a fifth of the time of every question.
CONFIG["threads"] = "1"

# A failure is worth seconds of making it small, not hypothesis' five minutes; there is no setting for it.
engine.MAX_SHRINKING_SECONDS = 20

# No deadline: the machines that run this are shared, and a slow moment is not a defect. Hypothesis' own default is
# another one where it sees a build server, so it is not built upon.
_PLAIN = settings(settings.get_profile("default"), deadline=None, derandomize=False, report_multiple_bugs=False)

# On every run: other examples each time, and those that failed before first (they are kept in `.hypothesis`).
settings.register_profile("dev", _PLAIN, max_examples=50)
# On a build server: the same examples for the same commit, so that red means the change and never the luck of the draw.
settings.register_profile("steady", _PLAIN, max_examples=50, derandomize=True, database=None, print_blob=True)
# Where time is cheap: other examples each time, and twenty times as many.
settings.register_profile(
    "ci", _PLAIN, max_examples=1000, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("steady" if os.environ.get("CI") else "dev"))


def pytest_collection_finish() -> None:
    """Leave what collecting made, which stays to the end, out of every later search for reference cycles."""
    gc.collect()
    gc.freeze()


def pytest_sessionfinish() -> None:
    """Hand it back, so that the interpreter can take everything down in order."""
    gc.unfreeze()
