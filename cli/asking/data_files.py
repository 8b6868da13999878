"""Reads the small files that questions take: weights, scenarios, indicators; JSON or YAML, numbers kept exact."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import click

from cli.errors import FileMissingError, UsageMistakeError

__all__ = ["json_of", "weights_of", "weights_option"]

weights_option = click.option(
    "--weights",
    metavar="FILE",
    help="Your own weights from 0 to 1 by status (JSON or YAML): adds what was announced, so weighted, as `expected`.",
)


def weights_of(path: str | None) -> dict[str, Decimal] | None:
    """Give the weights of a file by status, None without a file. Raises UsageMistakeError for what is no number."""
    if path is None:
        return None
    try:
        return {name: Decimal(str(value)) for name, value in json_of(path).items()}
    except InvalidOperation as error:
        raise UsageMistakeError(f"{path}: a weight is no number", advice="write numbers from 0 to 1") from error


def json_of(path: str) -> dict[str, Any]:
    """Give a file's one document as plain values; decimals stay exact.

    Raises FileMissingError or UsageMistakeError.
    """
    import json

    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise FileMissingError(f"{path}: {error}", advice="name a file that can be read") from error
    try:
        document = _yaml(text) if Path(path).suffix in {".yaml", ".yml"} else json.loads(text, parse_float=Decimal)
    except ValueError as error:
        raise UsageMistakeError(f"{path}: not a JSON or YAML document: {error}", advice="mend the file") from error
    if not isinstance(document, dict):
        raise UsageMistakeError(f"{path}: not a group of fields", advice="write one document of names and values")
    return document


def _yaml(text: str) -> Any:  # noqa: ANN401 - whatever the file holds
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    reader = YAML(typ="safe", pure=True)
    try:
        return reader.load(text)
    except YAMLError as error:
        raise ValueError(str(error)) from error
