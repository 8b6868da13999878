"""The page of a bundle that a person reads first: what was recorded, what was corrected and why, and what vouches for it.

One self-contained file without scripts; everything recorded is escaped, and the page may load nothing from anywhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any, NamedTuple

from ledger.bundle.texts import Scope

__all__ = ["ROWS_MAX", "Reported", "report_page"]

ROWS_MAX = 2_000
"""Events that the page lists; a page of a million rows opens nowhere, and events.jsonl has them all."""


class Reported(NamedTuple):
    """An event as the page shows it."""

    position: int
    parts: dict[str, Any]


_STYLE = """
:root{color-scheme:light dark}
body{font:16px/1.5 system-ui,sans-serif;max-width:75rem;margin:0 auto;padding:1rem}
table{border-collapse:collapse;width:100%;font-size:.85rem}
th,td{text-align:left;vertical-align:top;padding:.3rem .6rem;border-bottom:1px solid #8886;overflow-wrap:anywhere}
th{position:sticky;top:0;background:Canvas}
code{overflow-wrap:anywhere}
dt{font-weight:600;margin-top:.5rem}dd{margin:0}
.scroll{overflow-x:auto}
"""

_HEAD = (
    '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">\n'
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
    "base-uri 'none'; form-action 'none'\">\n"
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
)


_INTRODUCTION = (
    "<p>What was recorded, when and by whom, and why some of it was corrected later. An entry is never changed: a "
    "correction or retraction is an entry of its own, and the original keeps its place.</p>\n"
)
_HOW_TO_VERIFY = (
    "<h2>How to verify</h2>\n<p>This page is for reading; nothing proves it. <code>VERIFY.md</code> beside it says how "
    "to check the events with <code>sha256sum</code>, <code>ssh-keygen</code>, <code>openssl</code>, a few lines of "
    "Python or Go. An older log that was valid once passes these checks too: only a checkpoint that somebody "
    "remembered shows that there was more.</p>\n"
)


def _cells(tag: str, values: Iterable[object]) -> str:
    return "".join(f"<{tag}>{escape(str(value))}</{tag}>" for value in values)


def _table(caption: str, columns: tuple[str, ...], rows: Iterable[Iterable[object]]) -> str:
    head = "".join(f'<th scope="col">{escape(column)}</th>' for column in columns)
    body = "\n".join(f"<tr>{_cells('td', row)}</tr>" for row in rows)
    return (
        f'<div class="scroll"><table><caption>{escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>\n{body}\n</tbody></table></div>\n"
    )


def _listed(reported: Reported) -> list[object]:
    parts, event = reported.parts, reported.parts["event"]
    source = event.get("source") or {}
    said = ", ".join(str(source[name]) for name in ("publisher", "title", "url", "locator") if name in source)
    return [
        reported.position,
        parts["recorded_at"],
        parts["recorder"],
        event["type"],
        event["key"],
        event["effective_on"],
        event["announced_on"],
        event.get("reason", event.get("note", "")),
        said,
    ]


_COLUMNS = ("position", "recorded at", "recorder", "type", "key", "effective", "announced", "reason or note", "source")


def _definitions(pairs: Iterable[tuple[str, str]]) -> str:
    return (
        "<dl>"
        + "".join(f"<dt>{escape(name)}</dt><dd><code>{escape(text)}</code></dd>" for name, text in pairs)
        + "</dl>"
    )


def report_page(scope: Scope, events: list[Reported], corrections: list[Reported], *, vkey: str, count: int) -> bytes:
    """Write `report.html`; `events` and `corrections` hold at most `ROWS_MAX` each, of `count` events in the bundle."""
    what = "A part of the log" if scope.part else "The whole log"
    conditions = ", ".join(f"{name} {value}" for name, value in scope.part.conditions().items())
    facts = [
        ("Log", scope.origin),
        ("Holds", f"{what}: {count} of {scope.size} events" + (f" ({conditions})" if conditions else "")),
        ("Root (SHA-256, RFC 9162)", scope.root),
        ("Public key of the log", vkey),
        *((name.replace("_", " "), text) for name, text in scope.clocks.items()),
    ]
    shown = (
        f"The first {len(events)} of {count} events"
        if count > len(events)
        else "Every event, in the order of recording"
    )
    body = [
        f"<h1>Audit trail of {escape(scope.origin)}</h1>\n",
        _INTRODUCTION,
        _definitions(facts),
        _HOW_TO_VERIFY,
        "<p>The proofs show that nothing in this part was altered; they cannot show that nothing else matched.</p>\n"
        if scope.part
        else "",
        f"<h2>Corrections and retractions</h2>\n<p>{len(corrections) or 'None.'}</p>\n",
        _table("What was corrected, by whom and why", _COLUMNS, map(_listed, corrections)) if corrections else "",
        f"<h2>The log</h2>\n<p>{shown}; <code>events.jsonl</code> has the exact bytes.</p>\n",
        _table(shown, _COLUMNS, map(_listed, events)),
    ]
    title = f"<title>Audit trail of {escape(scope.origin)}</title>\n<style>{_STYLE}</style></head>\n<body><main>\n"
    return (_HEAD + title + "".join(body) + "</main></body></html>\n").encode()
