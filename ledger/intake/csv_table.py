"""Reads a table: one event on each row, its fields in columns with dotted headers such as `amount.value`."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO

from events.spreadsheet import unguarded
from events.type_names import full_type, near_type
from ledger.intake.csv_header import Header, delimiter_of
from ledger.intake.located import Rejected, Row, rejected
from ledger.intake.rows import InputDefaults, row_of_texts, shown

__all__ = ["csv_rows"]


def csv_rows(file: str, text: str, reading: InputDefaults, *, delimiter: str = ",") -> Iterator[Row]:
    """Yield a row for each line of the table; an empty cell is a field left out, and numbers stay text.

    Cells may be parted by commas, semicolons, tabs or bars, whichever fits the headers; `delimiter` decides where none
    does. What is wrong with the headers is said once, as one bad row, after the others.
    """
    delimiter, skipped = delimiter_of(text, delimiter)
    table = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    header: Header | None = None
    while True:
        line = table.line_num + 1
        try:
            cells = next(table)
        except StopIteration:
            break
        except csv.Error as error:
            yield rejected(file, line, f"is not a row of a table: {error}", advice="quote cells with commas or quotes")
            break
        if line <= skipped or not any(cell.strip() for cell in cells):
            continue
        if header is None:
            header = Header(file, line, cells, delimiter, reading)
            if header.fatal:
                break
        else:
            yield _row(file, line, header, cells, reading)
    if header is not None and header.findings():
        yield Rejected(file, header.line, None, tuple(header.findings()))


def _row(file: str, line: int, header: Header, cells: list[str], reading: InputDefaults) -> Row:
    if len(cells) != len(header.cells):  # of which nobody can say which cells are missing, or belong together
        what = f"has {len(cells)} {'cell' if len(cells) == 1 else 'cells'} under {len(header.cells)} headers"
        mark = repr(header.delimiter)
        advice = (
            f"quote cells that hold {mark}"
            if len(cells) > len(header.cells)
            else f"leave no cell out: an empty one still has its {mark}"
        )
        return rejected(file, line, what, got=shown(header.delimiter.join(cells)), advice=advice)
    filled = {place: unguarded(cell.strip()) for place, cell in enumerate(cells) if cell.strip()}
    blank = next((cell for place, cell in filled.items() if not header.cells[place]), None)
    if blank is not None:
        return rejected(file, line, "has a cell under no header", got=shown(blank), advice="give the column a header")
    typed = header.type_in(filled) or reading.type_name
    known = full_type(typed) or near_type(typed)
    row = row_of_texts(file, line, header.texts(known, filled), reading)
    if isinstance(row, Rejected):
        return row._replace(findings=tuple(found for found in row.findings if not header.explains(known, found)))
    return row
