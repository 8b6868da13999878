"""What pages say of the code itself: the tree of errors, and which formulas the product calls.

`cog -r -I . docs/errors.md docs/measures-functions.md`, from the top of the repository, brings the pages up to date.
"""

from __future__ import annotations

import ast
import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path

from events.errors import DealsError

__all__ = ["error_tree", "errors", "for_reference"]

_ROOT = Path(__file__).parents[1]
_ROOMS = ("events", "ledger", "projections", "cli")
_FORMULAS = _ROOT / "projections" / "measures"


def errors() -> list[tuple[int, type[DealsError]]]:
    """List every error of the product with its depth in the tree, each behind its base, siblings by name."""
    for room in _ROOMS:
        package = importlib.import_module(room)
        for module in pkgutil.walk_packages(package.__path__, f"{room}."):
            if not module.name.endswith("__main__"):
                importlib.import_module(module.name)
    return [(0, DealsError), *_below(DealsError, 1)]


def _below(base: type[DealsError], depth: int) -> Iterator[tuple[int, type[DealsError]]]:
    for child in sorted(base.__subclasses__(), key=lambda cls: cls.__name__):
        if child.__module__.partition(".")[0] in _ROOMS:
            yield depth, child
            yield from _below(child, depth + 1)


def error_tree() -> str:
    """Write the tree as a table: name, exit code, where it is defined, what it means."""
    rows = ["| error | exit | in | what |", "|---|---|---|---|"]
    for depth, cls in errors():
        place = cls.__module__.replace(".", "/") + ".py"
        first = (cls.__doc__ or "").strip().splitlines()[0]
        rows.append(f"| {'· ' * depth}`{cls.__name__}` | {cls.exit_code} | `{place}` | {first} |")
    return "\n".join(rows) + "\n"


def for_reference() -> str:
    """List the formulas that nothing in the product calls, as words in backticks."""
    called = _called()
    public = {name for path in _FORMULAS.glob("*.py") for name in _functions(path)} & _exported()
    return ", ".join(f"`{name}`" for name in sorted(public - called))


def _exported() -> set[str]:
    from projections import measures

    return set(measures.__all__)


def _called() -> set[str]:
    """Find the functions that questions or verbs import, and what the formulas import from one another for them."""
    waiting = {name for room in _ROOMS for path in (_ROOT / room).rglob("*.py") if path.parent != _FORMULAS
               for name in _imported(path)}  # fmt: skip
    found: set[str] = set()
    inner = {path: (_functions(path), _imported(path)) for path in _FORMULAS.glob("*.py") if path.stem != "__init__"}
    while waiting - found:
        found |= waiting
        waiting = {name for functions, imported in inner.values() if functions & found for name in imported}
    return found


def _functions(path: Path) -> set[str]:
    return {node.name for node in ast.parse(path.read_text("utf-8")).body if isinstance(node, ast.FunctionDef)}


def _imported(path: Path) -> set[str]:
    """Give what a module imports from the formulas."""
    return {
        alias.name
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("projections.measures")
        for alias in node.names
    }
