"""Reads a table: one event on each row, its fields in columns with dotted headers such as `amount.value`."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO

from events.errors import UnknownTypeError
from ledger.intake.located import Rejected, Row, rejected
from ledger.intake.rows import Reading, row_of, shown, with_unread
from ledger.intake.texts import plain_values

__all__ = ["csv_rows", "unguarded"]

# Spreadsheets take a cell that begins so for a formula, so exports put an apostrophe before it.
_GUARDED = ("'=", "'+", "'-", "'@", "'\t", "'\r")


def unguarded(cell: str) -> str:
    """Give a cell as it was before an export made it harmless for spreadsheets."""
    return cell[1:] if cell.startswith(_GUARDED) else cell


def csv_rows(file: str, text: str, reading: Reading, *, delimiter: str = ",") -> Iterator[Row]:
    """Give a row for each line of the table; an empty cell is a field left out, and numbers stay text."""
    table = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    header: list[str] | None = None
    line = 0
    while True:
        line = table.line_num + 1
        try:
            cells = next(table)
        except StopIteration:
            return
        except csv.Error as error:
            yield rejected(file, line, f"is not a row of a table: {error}", advice="quote cells with commas or quotes")
            return
        if not any(cell.strip() for cell in cells):
            continue
        if header is None:
            header = [cell.strip() for cell in cells]
            twice = sorted({name for name in header if name and header.count(name) > 1})
            if twice:
                yield rejected(file, line, "heads two columns", field=", ".join(twice), advice="rename one of them")
                return
        else:
            yield _row(file, line, header, cells, reading)


def _row(file: str, line: int, header: list[str], cells: list[str], reading: Reading) -> Row:
    if len(cells) > len(header):
        what = f"has {len(cells)} cells under {len(header)} headers"
        return rejected(file, line, what, got=shown(",".join(cells)), advice="quote cells that hold commas")
    texts = {name: unguarded(cell.strip()) for name, cell in zip(header, cells, strict=False) if cell.strip()}
    if "" in texts:
        return rejected(
            file, line, "has a cell under no header", got=shown(texts[""]), advice="give the column a header"
        )
    type_name = texts.get("type") or reading.type_name
    if type_name is None:
        return row_of(file, line, dict(texts), reading, texts=True)
    try:
        raw, problems = plain_values(type_name, texts)
    except UnknownTypeError:
        return row_of(file, line, dict(texts), reading, texts=True)
    row = row_of(file, line, raw, reading, texts=True)
    if not problems:
        return row
    others = row.findings if isinstance(row, Rejected) else ()
    return Rejected(file, line, raw, tuple(with_unread(file, line, problems, others)))
