"""Names in prose: which files, modules, functions and sections the documentation, comments and docstrings speak of."""

from __future__ import annotations

import ast
import functools
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

from tests.cli.running import ROOT

__all__ = ["Named", "headings", "python_texts", "resolves", "said_in", "sections_named", "written_pages"]

ROOMS = ("events", "ledger", "projections", "cli", "tests", "docs", "benchmarks")
_GENERATED = re.compile(r"<!-- \[\[\[cog.*?\[\[\[end\]\]\] -->", re.DOTALL)
_FENCED = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
_TICKED = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
_PATH = re.compile(r"[\w./-]+\.(?:py|sql)(?::[\w.]+)?\Z")
_FOLDER = re.compile(r"[\w./-]+/\Z")
_IN_ROOM = re.compile(rf"(?:{'|'.join(ROOMS)})/[\w./-]+\Z")
_DOTTED = re.compile(r"[a-z_]\w*(?:\.\w+)+(?<!\.csv)(?<!\.db)(?<!\.json)(?<!\.jsonl)(?<!\.md)(?<!\.zip)\Z")
# A part in capitals stands for any name: `cli/verbs/NAME.py`.
_PLACEHOLDER = re.compile(r"(?:^|[/_.])(?:NN|NAME|TYPE|ROOM|FOLDER|MODULE|MEASURE|VERB)(?:[/_.]|$)")
_SECTION = re.compile(r"(docs/[\w-]+\.md), ([A-Z][\w ,:-]*?)(?=[.;)\"]|$|\n)")

Named = tuple[Path, str]
"""A file, and what it says between backticks."""


def written_pages() -> list[Path]:
    """List the pages that are written by hand, at least in part."""
    rooms = [path for room in ROOMS for path in (ROOT / room).rglob("README.md")]
    return sorted({ROOT / "README.md", ROOT / "CONTRIBUTING.md", *rooms, *(ROOT / "docs").glob("*.md")})


def said_in(text: str) -> list[str]:
    """List what stands between backticks in a page, outside its generated parts and blocks of code."""
    return _TICKED.findall(_FENCED.sub("", _GENERATED.sub("", text)))


def python_texts(path: Path) -> Iterator[str]:
    """Yield the comments and docstrings of a module."""
    source = path.read_text(encoding="utf-8")
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.string
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield ast.get_docstring(node) or ""


def sections_named(text: str) -> list[tuple[str, str]]:
    """List the sections that a text refers to as `docs/page.md, Heading`, by page and heading."""
    return [(page, heading.strip()) for page, heading in _SECTION.findall(" ".join(text.split()))]


@functools.cache
def headings(page: str) -> frozenset[str]:
    """Return the headings of a page."""
    text = (ROOT / page).read_text(encoding="utf-8")
    return frozenset(re.findall(r"^#+ (.+)$", text, re.MULTILINE))


def resolves(name: str, source: Path) -> bool:
    """Say whether a name that looks like a file, a module or something in one is there; other words always are."""
    if _PLACEHOLDER.search(name) or any(sign in name for sign in "*<>{}…="):
        return True
    # Only these pages speak of folders of ours alone; others name those of ledgers and bundles.
    folder = _FOLDER.match(name) and source.name in {"README.md", "CONTRIBUTING.md"}
    if folder or _PATH.match(name) or (_IN_ROOM.match(name) and not _FOLDER.match(name)):
        path, _, member = name.partition(":")
        return any(_has(place / path, member) for place in _places(source))
    if _DOTTED.match(name):
        return _dotted(name, source)
    return True


def _places(source: Path) -> list[Path]:
    """List where a relative path may start: the folder of the page or module, its room, and the repository."""
    room = ROOT / source.relative_to(ROOT).parts[0]
    return [source.parent, *([room] if room.is_dir() else []), ROOT]


def _has(path: Path, member: str) -> bool:
    if not path.exists() or not member:
        return path.exists()
    return path.suffix == ".py" and _defines(path, member)


@functools.cache
def _defines(path: Path, member: str) -> bool:
    """Say whether a module defines a name, or a class in it one of its own (`Ledger.record`)."""
    body = ast.parse(path.read_text(encoding="utf-8")).body
    for part in member.split("."):
        found = next((node for node in body if part in _names_of(node)), None)
        if found is None:
            return False
        body = found.body if isinstance(found, ast.ClassDef) else []
    return True


def _names_of(node: ast.stmt) -> set[str]:
    if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        return {node.name}
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    if isinstance(node, ast.ImportFrom | ast.Import):
        return {alias.asname or alias.name for alias in node.names}
    return {target.id for target in targets if isinstance(target, ast.Name)}


def _dotted(name: str, source: Path) -> bool:
    """Look a dotted name up from the top (`events.codec`) or, in a page or module, from its folder (`codec.encode`)."""
    first, *rest = name.split(".")
    if first in ROOMS and (ROOT / first).is_dir():
        known = {path.stem for path in (ROOT / first).iterdir()}
        return rest[0] not in known or _walk(ROOT / first, rest)
    for place in _places(source):
        if (place / f"{first}.py").exists() or ((place / first).is_dir() and place != ROOT):
            return _walk(place, [first, *rest])
    return True


def _walk(folder: Path, parts: list[str]) -> bool:
    for i, part in enumerate(parts):
        if (folder / part).is_dir():
            folder = folder / part
        elif (folder / f"{part}.py").exists():
            return i + 1 == len(parts) or _defines(folder / f"{part}.py", ".".join(parts[i + 1 :]))
        else:
            return _has(folder / "__init__.py", ".".join(parts[i:]))
    return True
