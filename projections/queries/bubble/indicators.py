"""Bubble indicators as data: which figure of which measure, what counts as a warning, and who says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from projections.queries.fields import Fields, ScenarioError, number
from projections.result import Result

__all__ = ["Indicator", "IndicatorError", "Take", "parse_indicators", "read_indicators", "shipped_indicators"]


class IndicatorError(ScenarioError):
    """A file of indicators cannot be read: the message has one line for each field that is wrong."""


@dataclass(frozen=True, slots=True)
class Take:
    """Where a figure stands in an answer: at a path of the summary, in a row, or in a list of the summary.

    `path` is dotted; with `where` the path names a list (empty: the rows) and the figure is the `column` of its last
    entry that has these values; `over` is a path of the summary that the figure is divided by.
    """

    path: str
    where: tuple[tuple[str, Any], ...] = ()
    column: str = ""
    over: str = ""

    def entry(self, result: Result) -> dict[str, Any] | None:
        """Return the row or list entry that the figure stands in; None for a path of the summary."""
        if not self.column:
            return None
        entries = result.rows if not self.path else _at(result.summary, self.path) or []
        fitting = [entry for entry in entries if all(entry.get(name) == value for name, value in self.where)]
        return fitting[-1] if fitting else None

    def figure(self, result: Result) -> Decimal | None:
        """Return the figure, None where the answer does not have it."""
        entry = self.entry(result) or {}
        found = entry.get(self.column) if self.column else _at(result.summary, self.path)
        if found is None or isinstance(found, bool):
            return None
        figure = Decimal(found)
        if not self.over:
            return figure
        from projections.queries.asked import ratio

        return ratio(figure, _at(result.summary, self.over))


@dataclass(frozen=True, slots=True)
class Indicator:
    """One line of the page: a figure, the side of a threshold that is a warning, and the threshold's source.

    `threshold` is a number, another figure of the same answer, or None; `published` says whether others use it.
    """

    name: str
    title: str
    unit: str
    measure: str
    parameters: tuple[tuple[str, Any], ...]
    take: Take
    above: bool
    threshold: Decimal | Take | None
    published: bool
    source: str

    def limit(self, result: Result) -> Decimal | None:
        """Return the threshold for an answer."""
        return self.threshold.figure(result) if isinstance(self.threshold, Take) else self.threshold


def _at(summary: Mapping[str, Any], path: str) -> Any:  # noqa: ANN401 - whatever the summary holds
    found: Any = summary
    for name in path.split("."):
        if not isinstance(found, Mapping) or name not in found:
            return None
        found = found[name]
    return found


def parse_indicators(document: Any, *, name: str = "indicators") -> tuple[Indicator, ...]:  # noqa: ANN401 - whatever a file held
    """Read indicators from a mapping with the list `indicators`. Raises IndicatorError naming every wrong field."""
    fields = Fields(document, where="")
    fields.text("about", default=name)
    found = tuple(_indicator(each) for each in fields.each("indicators"))
    if not found:
        fields.complain("indicators", "needed: a list of at least one")
    try:
        fields.finish()
    except ScenarioError as error:
        raise IndicatorError(error.message, advice="docs/bubble.md lists the fields") from None
    return found


def _indicator(fields: Fields) -> Indicator:
    warning = fields.within("warning")
    sides = [side for side in ("above", "below") if warning.has(side)]
    if len(sides) > 1:
        fields.complain("warning", "either above or below, not both")
    threshold = _threshold(warning, sides[0]) if sides else None
    measure = fields.text("measure")
    if measure == "bubble":
        fields.complain("measure", "a page cannot be a line of itself")
    return Indicator(
        name=fields.text("indicator"),
        title=fields.text("title"),
        unit=fields.text("unit", default=""),
        measure=measure,
        parameters=_scalars(fields.within("parameters")),
        take=_take(fields.within("take")),
        above=sides != ["below"],
        threshold=threshold,
        published=warning.flag("published"),
        source=warning.text("source", default="none") if sides else "",
    )


def _threshold(warning: Fields, side: str) -> Decimal | Take | None:
    if warning.holds_mapping(side):
        return _take(warning.within(side))
    found = warning.number(side, least=None)
    return None if found is None else number(found)


def _take(fields: Fields) -> Take:
    column = fields.text("column", default="") if fields.has("column") else ""
    path = fields.text("summary") if fields.has("summary") else ""
    if not column and not path:
        fields.complain("", "needs a path of the `summary`, or the `column` of a row")
    over = fields.text("over") if fields.has("over") else ""
    return Take(path, _scalars(fields.within("where")), column, over)


def _scalars(fields: Fields) -> tuple[tuple[str, Any], ...]:
    """Take a mapping of plain values as it stands."""
    return tuple(sorted(fields.everything().items()))


def read_indicators(text: str | bytes, *, name: str = "indicators") -> tuple[Indicator, ...]:
    """Read indicators from JSON. Raises IndicatorError."""
    import json

    try:
        document = json.loads(text, parse_float=Decimal)
    except ValueError as error:
        raise IndicatorError(f"{name}: not JSON: {error}", advice="see docs/bubble.md for the form") from None
    return parse_indicators(document, name=name)


def shipped_indicators() -> Sequence[Indicator]:
    """Return the indicators that come with the product."""
    from importlib import resources

    file = resources.files("projections") / "indicators" / "bubble.json"
    return read_indicators(file.read_bytes(), name="bubble.json")
