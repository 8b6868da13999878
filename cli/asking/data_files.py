"""Reads the small files that questions take: weights, scenarios, indicators; JSON or YAML, numbers kept exact."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from cli.errors import FileMissingError, UsageMistakeError
from events.errors import BadValueError

_WHOLE = re.compile(r"-?[0-9]{1,60}\Z")

__all__ = ["json_of", "weights_of", "weights_option"]

weights_option = click.option(
    "--weights",
    metavar="FILE",
    help="Your own weights from 0 to 1 by status (JSON or YAML): adds what was announced, so weighted, as `expected`.",
)


def weights_of(path: str | None) -> dict[str, Decimal] | None:
    """Return the weights of a file by status, None without a file.

    Raises as `json_of` does, and BadValueError for what is no status or no weight.
    """
    from projections.queries.weighing import checked_weights

    if path is None:
        return None
    try:
        return checked_weights(json_of(path))
    except BadValueError as error:
        raise BadValueError(f"{path}: {error.message}", advice=error.advice) from None


def json_of(path: str) -> dict[str, Any]:
    """Return a file's one document as plain values; decimals stay exact.

    Raises FileMissingError or UsageMistakeError.
    """
    import json

    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise FileMissingError(f"{path}: {error}", advice="name a file that can be read") from error
    try:
        document = (
            _yaml(text)
            if Path(path).suffix in {".yaml", ".yml"}
            else json.loads(text, parse_float=Decimal, parse_constant=_no_number)
        )
    except ValueError as error:
        raise UsageMistakeError(f"{path}: not a JSON or YAML document: {error}", advice="mend the file") from error
    if not isinstance(document, dict):
        raise UsageMistakeError(f"{path}: not a group of fields", advice="write one document of names and values")
    return document


def _no_number(name: str) -> Any:  # noqa: ANN401 - json's own hook, which never returns
    raise ValueError(f"{name} is no number")


def _yaml(text: str) -> Any:  # noqa: ANN401 - whatever the file holds
    """Read YAML with its numbers as the texts they were written as: 0x10, 1_000 and 1e3 are for nobody to guess."""
    from ruamel.yaml import YAML
    from ruamel.yaml.constructor import SafeConstructor
    from ruamel.yaml.error import YAMLError

    class Exact(SafeConstructor):
        pass

    Exact.add_constructor("tag:yaml.org,2002:float", lambda _, node: node.value)
    Exact.add_constructor(
        "tag:yaml.org,2002:int",
        lambda _, node: int(node.value) if _WHOLE.match(node.value) else node.value,
    )
    reader = YAML(typ="safe", pure=True)
    reader.Constructor = Exact
    try:
        return reader.load(text)
    except YAMLError as error:
        raise ValueError(str(error)) from error
