"""Reads YAML: one event a document, or lists of them, with the line of every field for messages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from events.errors import Finding
from events.numerals import meant, read_digits
from ledger.intake.located import Rejected, Row, rejected
from ledger.intake.rows import NO_NUMBER, InputDefaults, row_of, shown

__all__ = ["yaml_rows"]

_CORE = "tag:yaml.org,2002:"
_WHOLE = re.compile(r"-?(?:0|[1-9][0-9]{0,39})\Z")  # 010 is ten to some readers of YAML and eight to others
_NO_NUMBER = re.compile(r"[-+]?\.(?:nan|inf)\Z", re.IGNORECASE)
_HALF = re.compile("[\ud800-\udfff]")
# Far more than any event has; a small text with aliases of aliases can stand for billions.
_VALUES_MAX = 20_000
_DEPTH_MAX = 40
_SHOWN_MAX = 60


class _Event:
    """The plain values of one event as they are taken from the nodes of a document."""

    def __init__(self, file: str, line: int) -> None:
        self.file = file
        self.line = line
        self.lines: dict[str, int] = {}
        self.findings: list[Finding] = []
        self._values = 0

    def _find(self, node: Node, path: str, what: str, got: str, advice: str) -> None:
        line = node.start_mark.line + 1
        self.findings.append(Finding(self.file, line, path or "row", what, got, "BadValueError", advice))

    def take(self, node: Node, path: str = "", depth: int = 0) -> Any:  # noqa: ANN401 - any plain value
        """Take a node's plain value and note what is wrong with it."""
        self._values += 1
        if self._values > _VALUES_MAX or depth > _DEPTH_MAX:
            if not any(finding.what.startswith("holds") for finding in self.findings):
                self._find(node, "", "holds far more values than an event has", "", "write it without aliases")
            return None
        self.lines.setdefault(path, node.start_mark.line + 1)
        if isinstance(node, MappingNode):
            return self._group(node, path, depth)
        if isinstance(node, SequenceNode):
            dotted = f"{path}." if path else ""
            return [self.take(item, f"{dotted}{place}", depth + 1) for place, item in enumerate(node.value)]
        return self._scalar(node, path) if isinstance(node, ScalarNode) else None

    def _group(self, node: MappingNode, path: str, depth: int) -> dict[str, Any]:
        group: dict[str, Any] = {}
        for name_node, value_node in node.value:
            name = _joined(name_node.value) if isinstance(name_node, ScalarNode) else None
            inner = f"{path}.{name}" if path else str(name)
            if name is None:
                self._find(name_node, path, "has a name that is not plain text", "", "write each field as name: value")
            elif name in group:
                self._find(name_node, inner, "stands twice in one group of fields", "", "leave one of them")
            else:
                self.lines[inner] = name_node.start_mark.line + 1
                group[name] = self.take(value_node, inner, depth + 1)
        return group

    def _scalar(self, node: ScalarNode, path: str) -> object:
        kind, text = str(node.tag).removeprefix(_CORE), _joined(node.value)
        # A day is taken for a time stamp, and is wanted as the text it was written as.
        if kind in {"str", "timestamp"}:
            return text
        if kind == "null":
            return None
        if kind == "bool":
            return text.casefold() == "true"
        if kind == "int" and _WHOLE.match(text):
            return int(text)
        if kind in {"int", "float"}:
            got = text if len(text) <= _SHOWN_MAX else text[:_SHOWN_MAX] + " …"
            if _NO_NUMBER.match(text):
                self._find(node, path, "is no number", got, NO_NUMBER)
            else:
                self._find(node, path, "is a number without quotes that YAML would round or recode", got, _quote(got))
        else:
            tag = kind if len(kind) <= _SHOWN_MAX else kind[:_SHOWN_MAX] + " …"
            self._find(node, path, f"has the tag !{tag}, which no event needs", shown(text), "leave the tag out")
        return None


def _quote(text: str) -> str:
    """Say how a number is written in quotes, in a form that can be read."""
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    if digits.isdecimal():
        digits = digits.lstrip("0") or "0"
    said = [digits] if read_digits(digits, "ratio") is not None else meant(digits, "ratio") or [digits]
    ways = " or ".join(f'"{sign}{option}"' for option in said)
    return f"put it in quotes: {ways}; YAML would turn 2.50 into 2.5 and lose cents of large amounts"


def _joined(text: str) -> str:
    """Join the two halves by which JSON escapes a character beyond the first 65,536; YAML's own reader does not."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass") if _HALF.search(text) else text


def yaml_rows(file: str, text: str, reading: InputDefaults) -> Iterator[Row]:
    """Yield a row for each event; after what is not YAML nothing more can be read."""
    documents = YAML(typ="safe", pure=True).compose_all(text)
    while True:
        try:
            document = next(documents, None)
        except YAMLError as error:
            yield _not_yaml(file, error)
            return
        except (RecursionError, ValueError, AttributeError, TypeError, KeyError, IndexError) as error:
            # The library's own slips on text that is not YAML at all.
            yield rejected(file, 1, f"is not YAML: {type(error).__name__}", got=shown(text[:200]))
            return
        if document is None:
            return
        for node in document.value if isinstance(document, SequenceNode) else [document]:
            yield from _event(file, node, reading)


def _event(file: str, node: Node, reading: InputDefaults) -> Iterator[Row]:
    line = node.start_mark.line + 1
    if isinstance(node, ScalarNode) and str(node.tag) == f"{_CORE}null":
        return  # an empty document between two separators
    if not isinstance(node, MappingNode):
        got = shown(node.value) if isinstance(node, ScalarNode) else ""
        yield rejected(file, line, "is not an event: fields as name: value", got=got)
        return
    event = _Event(file, line)
    raw = event.take(node)
    if not event.findings:
        yield row_of(file, line, raw, reading, lines=event.lines)
        return
    row = row_of(file, line, raw, reading, lines=event.lines)
    named = {finding.field for finding in event.findings}
    others = [finding for finding in row.findings if finding.field not in named] if isinstance(row, Rejected) else []
    yield Rejected(file, line, raw, (*event.findings, *others))


def _not_yaml(file: str, error: YAMLError) -> Rejected:
    mark = error.problem_mark or error.context_mark if isinstance(error, MarkedYAMLError) else None
    problem = (error.problem if isinstance(error, MarkedYAMLError) else str(error).splitlines()[0]) or "unreadable"
    return rejected(file, mark.line + 1 if mark else 1, f"is not YAML: {problem}")
