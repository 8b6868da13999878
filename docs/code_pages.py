"""What pages say of the code itself: the tree of errors.

`cog -r -I . docs/errors.md`, from the top of the repository, brings the pages up to date.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator

from events.errors import DealsError

__all__ = ["error_tree", "errors"]

_ROOMS = ("events", "ledger", "projections", "cli")


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
