"""What a test module gives for each published case of its module: a function from the case's inputs to the figures found."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

__all__ = ["Answers", "Found", "Given"]

Given = Mapping[str, Any]
Found = Mapping[str, Any]
Answers = dict[str, Callable[[Given], Found]]
"""Functions by the id of a case in finance.jsonl."""
