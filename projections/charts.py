"""Charts outside the browser: a timeline as steps with the events at which it jumps, drawn offline as SVG or PNG."""

from __future__ import annotations

from decimal import Decimal
from importlib.util import find_spec
from typing import Any, Literal

from events.errors import DealsError
from projections.kinds import Kind, Listed, inner
from projections.result import Result

__all__ = ["ChartsMissingError", "draw_timeline", "require_charts"]

_WIDTH, _HEIGHT = 720, 320
_EVENTS_MARKED_MAX = 40
_PLAIN: dict[str, Any] = {"format": ","}
_SCALES: dict[Kind | None, dict[str, Any]] = {
    "money": {"format": "~s", "labelExpr": "replace(datum.label, 'G', 'B')"},
    "share": {"format": "~%"},
}


class ChartsMissingError(DealsError):
    """The libraries that draw charts are not installed."""

    exit_code = 73


def require_charts() -> None:
    """Look whether charts can be drawn. Raises ChartsMissingError without the extra `charts`."""
    missing = next((name for name in ("altair", "vl_convert") if find_spec(name) is None), None)
    if missing:
        raise ChartsMissingError(
            f"charts need a library that is not installed: {missing}",
            advice="install the extra: pip install 'deals[charts]'",
        )


def draw_timeline(result: Result, form: Literal["svg", "png"]) -> bytes:
    """Return a timeline's series drawn, as the bytes of an SVG or PNG file.

    Figures of one kind share a panel with a scale of its own, so that no multiple is flattened by an amount. Raises
    ChartsMissingError without the extra `charts`.
    """
    require_charts()
    import altair as alt
    import vl_convert

    summary = result.summary
    panels = []
    parts = _panels(result)
    for kind, names in parts:
        base = alt.Chart({"values": _points(summary, names)})
        x = alt.X("date:T", title=None)
        lines = base.mark_line(interpolate="step-after", point=True).encode(
            x=x,
            y=alt.Y("value:Q", title=None, axis=alt.Axis(**_SCALES.get(kind, _PLAIN))),
            color=alt.Color("figure:N", title=None),
            strokeDash=alt.StrokeDash("figure:N", title=None),  # never by colour alone
        )
        rules = (
            alt.Chart({"values": _jumps(result)}).mark_rule(opacity=0.25).encode(x=x, tooltip=[alt.Tooltip("events:N")])
        )
        panels.append((rules + lines).properties(width=_WIDTH, height=_HEIGHT // len(parts)))
    title = f"{summary['measure']} from {summary['from']} to {summary['to']}"
    chart = alt.vconcat(*panels).properties(title=title).resolve_scale(color="independent", strokeDash="independent")
    spec = chart.to_json()
    if form == "svg":
        return str(vl_convert.vegalite_to_svg(spec)).encode()
    return bytes(vl_convert.vegalite_to_png(spec, scale=2))


def _panels(result: Result) -> list[tuple[Kind | None, list[str]]]:
    """Part the figures by kind, in the order in which they are drawn; one that is never known is left out."""
    series, form = result.summary["series"], result.form["series"]
    panels: dict[Kind | None, list[str]] = {}
    for name, values in series.items():
        shape = inner(form, name)
        if any(value is not None for value in values):
            panels.setdefault(
                shape.each if isinstance(shape, Listed) and isinstance(shape.each, str) else None, []
            ).append(name)
    return list(panels.items()) or [(None, list(series))]


def _points(summary: dict[str, Any], names: list[str]) -> list[dict[str, Any]]:
    return [
        # A picture, not an amount: the axis takes what a screen can show.
        {"date": str(day), "figure": name.replace("_", " "), "value": float(value)}
        for name in names
        for day, value in zip(summary["dates"], summary["series"][name], strict=True)
        if isinstance(value, Decimal | int)
    ]


def _jumps(result: Result) -> list[dict[str, str]]:
    """List the dates on which some row gained events, the first one left out: there everything is new."""
    by_day: dict[str, list[str]] = {}
    for row in result.rows:
        if row["events"] and row["date"] != result.summary["from"]:
            by_day.setdefault(str(row["date"]), []).extend(row["events"])
    marked = list(by_day.items())[-_EVENTS_MARKED_MAX:]
    return [{"date": day, "events": ", ".join(dict.fromkeys(events))} for day, events in marked]
