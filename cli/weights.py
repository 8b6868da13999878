"""Weights by status from a file of the user's own: no authority sets them, so they are never built in."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from pathlib import Path

from cli.errors import UsageMistakeError

__all__ = ["read_weights"]


def read_weights(path: Path) -> dict[str, Decimal]:
    """Read a mapping of statuses to fractions, YAML or JSON; numbers are read exactly as written.

    Raises UsageMistakeError for a file that is no such mapping.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        # The base loader leaves every scalar as it is written: 0.1 is a tenth, and not the nearest binary fraction.
        read = YAML(typ="base", pure=True).load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, YAMLError) as error:
        raise UsageMistakeError(f"--weights: {path}: cannot be read ({type(error).__name__})", advice=_EXAMPLE) from error
    if not isinstance(read, dict) or not read:
        raise UsageMistakeError(f"--weights: {path}: is no mapping of statuses to fractions", advice=_EXAMPLE)
    weights = {}
    for status, text in read.items():
        try:
            weights[str(status)] = Decimal(str(text))
        except InvalidOperation:
            raise UsageMistakeError(
                f"--weights: {path}: {status}: is no number (got {text!r})", advice=_EXAMPLE
            ) from None
    return weights


_EXAMPLE = "write one status a line, e.g.\n    letter_of_intent: 0.25\n    term_sheet: 0.5"
