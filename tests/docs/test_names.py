"""What pages, comments and docstrings name is there: files, modules, functions, sections of other pages."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

import pytest

from tests.cli.running import ROOT
from tests.docs.names import ROOMS, headings, python_texts, resolves, said_in, sections_named, written_pages

MODULES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
SCRIPTS = sorted((ROOT / "projections" / "sql").glob("*.sql"))
COMMENT = re.compile(r"--[^\n]*(?:\n\s*--[^\n]*)*")


def short(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("page", written_pages(), ids=short)
def test_a_page_names_what_is_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert [name for name in said_in(text) if not resolves(name, page)] == []
    for name, heading in sections_named(text):
        assert heading in headings(name), f"{name} has no section {heading!r}"


@pytest.mark.parametrize("page", written_pages(), ids=short)
def test_links_to_our_own_files_lead_somewhere(page: Path) -> None:
    for target, anchor in re.findall(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)", page.read_text(encoding="utf-8")):
        place = page.parent / target if target else page
        assert place.exists(), f"{target} is not there"
        if anchor:
            known = {re.sub(r"[^\w\- ]", "", told.lower()).replace(" ", "-") for told in headings(short(place))}
            assert anchor in known, f"{short(place)} has no section #{anchor}"


@pytest.mark.parametrize("room", ROOMS)
def test_comments_and_docstrings_name_what_is_there(room: str) -> None:
    lost = []
    for path in MODULES:
        if short(path).startswith(f"{room}/"):
            for text in python_texts(path):
                lost += [f"{short(path)}: {name}" for name in said_in(text) if not resolves(name, path)]
                lost += [
                    f"{short(path)}: {page}, {heading}"
                    for page, heading in sections_named(text)
                    if heading not in headings(page)
                ]
    assert lost == []


@pytest.mark.parametrize("path", SCRIPTS, ids=short)
def test_comments_in_sql_name_sections_that_are_there(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    comments = " ".join(re.sub(r"\n\s*--", " ", block) for block in COMMENT.findall(text))
    assert "MEASURES" not in comments, "write docs/measures.md, and the heading"
    for page, heading in sections_named(comments):
        assert heading in headings(page), f"{page} has no section {heading!r}"


def test_what_is_not_there_is_found() -> None:
    here = ROOT / "ledger" / "README.md"
    there = (
        "application.py",
        "record/rules.py:judge",
        "application.py:Ledger.record",
        "ledger.record.rules",
        "record/",
    )
    gone = ("refusals.py", "record/rules.py:judged", "application.py:Ledger.store", "ledger.record.rulez", "records/")
    assert [name for name in (*there, "clock.SystemClock", "1.5", "events.key") if not resolves(name, here)] == []
    assert [name for name in (*gone, "clock.TheClock") if resolves(name, here)] == []
    assert sections_named("as docs/measures.md, The state of\n  a leg. And more") == [
        ("docs/measures.md", "The state of a leg")
    ]


def libraries_of(path: Path) -> set[str]:
    """Return the packages that a module imports anywhere in it and that are neither ours nor Python's."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []
        found |= {name.partition(".")[0] for name in names}
    return found - {*ROOMS, *sys.stdlib_module_names}


@pytest.mark.parametrize("room", ["ledger", "projections"])
def test_a_room_names_the_libraries_that_it_imports(room: str) -> None:
    page = (ROOT / room / "README.md").read_text(encoding="utf-8")
    [said] = re.findall(r"It may import (.*?)(?:never|standard library)", page, re.DOTALL)
    named = {name.partition(".")[0] for name in re.findall(r"`([\w.]+)`", said)} - {"events", "charts", "timestamp"}
    imported = set().union(*(libraries_of(path) for path in MODULES if short(path).startswith(f"{room}/")))
    assert imported == named


def test_the_page_names_every_file_that_touches_the_event_store() -> None:
    page = (ROOT / "ledger" / "README.md").read_text(encoding="utf-8")
    [said] = re.findall(r"^All contact with `eventsourcing` is in (.*)$", page, re.MULTILINE)
    touching = {short(path) for path in MODULES if "eventsourcing" in libraries_of(path)}
    touching = {name for name in touching if not name.startswith(("tests/", "benchmarks/"))}
    assert touching == {f"ledger/{name}" for name in re.findall(r"`([\w./]+\.py)`", said)}
    assert len(touching) == 7
