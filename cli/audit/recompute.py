"""Computes the numbers of a bundle anew from its events and compares them with those that it carries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from events.envelope import Batch
    from ledger.bundle.package import Package
    from ledger.verify.report import Report

__all__ = ["check_numbers"]

_NAME = "numbers"
_BATCH = 10_000
_FILE_BYTES_MAX = 1 << 30


def check_numbers(place: Path, report: Report) -> None:
    """Compute the numbers of a whole log anew at the clocks that the bundle names, and note whether they agree.

    They are compared in the form that the bundle names; of a newer form nothing is said but that it was not checked.
    """
    import orjson

    from ledger.bundle.package import open_package
    from ledger.verify.bundle import NUMBERS_NOT_CHECKED
    from projections.bundle_numbers import FORMS, UNNAMED, number_files
    from projections.clocks import NO_LOOKING_AHEAD, Clocks
    from projections.warehouse import Warehouse

    if not report.verified:
        report.absent(_NAME, "not computed, because the events are not verified")
        return
    with open_package(place) as package:
        scope = orjson.loads(package.read("data/scope.json", most=_FILE_BYTES_MAX))
        names = [name.removeprefix("data/projections/") for name in package.names("data/projections/")]
        if not names or not scope["whole"]:
            report.absent(_NAME, "can be computed anew only from a whole log that has some")
            return
        version = scope.get("numbers_version", UNNAMED)
        if version not in FORMS:
            report.absent(_NAME, _unknown(version, sorted(FORMS)))
            return
        at = scope["clocks"]
        known_by = NO_LOOKING_AHEAD if at["known_by"] == "latest" else dt.date.fromisoformat(at["known_by"])
        clocks = Clocks(dt.date.fromisoformat(at["as_of"]), known_by, at["recorded_by"])
        with Warehouse.in_memory(_feed(package)) as warehouse:
            files = number_files(warehouse, clocks, version=version)
        found = {name: package.read(f"data/projections/{name}", most=_FILE_BYTES_MAX) for name in names}
    if NUMBERS_NOT_CHECKED in report.not_checked:
        report.not_checked.remove(NUMBERS_NOT_CHECKED)
    wrong = sorted(name for name in files.keys() | found.keys() if files.get(name) != found.get(name))
    if wrong:
        report.failed(_NAME, f"projections/{wrong[0]} is not what the events amount to")
    else:
        report.ok(_NAME, f"computed anew, all of {', '.join(sorted(found))} are what the events amount to")


def _unknown(version: int, known: list[int]) -> str:
    return (
        f"not computed: they are in form {version}, and this version of deals knows "
        f"{', '.join(map(str, known))}; ask a newer one"
    )


def _feed(package: Package) -> Iterator[Batch]:
    from ledger.exchange.restore import bundle_lines

    lines = enumerate(bundle_lines(package), 1)
    while batch := list(islice(lines, _BATCH)):
        yield batch
