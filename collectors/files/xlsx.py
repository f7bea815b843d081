"""XLSX: the first sheet that holds a table, values as they are shown."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any, BinaryIO

from openpyxl import load_workbook

from collectors.files.table import Row, bad_row
from simak.errors import BadRecord
from simak.reasons import RAGGED

_EXACT_DIGITS = 10**15


def read_xlsx(stream: BinaryIO) -> tuple[list[str], Iterator[Row | BadRecord]]:
    """Return the header of the first sheet that is not empty, and its rows as they are asked for.

    Formulas give the values that were computed when the file was saved.

    Raises:
        Exception: whatever openpyxl and its parsers raise on a damaged file.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # styles and extensions that do not concern values
        book = load_workbook(stream, read_only=True, data_only=True)
    for sheet in book.worksheets:
        sheet.reset_dimensions()  # some writers state a size that is not so
        rows = enumerate(sheet.iter_rows(values_only=True), start=1)
        for _, cells in rows:
            header = [_text(cell) for cell in cells]
            while header and not header[-1].strip():
                header.pop()
            if header:
                return header, _rows(rows, len(header))
    return [], iter(())


def _rows(rows: Iterator[tuple[int, tuple[Any, ...]]], width: int) -> Iterator[Row | BadRecord]:
    for number, cells in rows:
        row = [_text(cell) for cell in cells]
        if not any(row):
            continue
        if any(row[width:]):
            yield bad_row(RAGGED, number, row)
            continue
        # A sheet does not store the empty cells at the end of a row.
        yield number, row[:width] + [""] * (width - len(row))


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell.replace("\0", "")
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, int | float):
        if abs(cell) >= _EXACT_DIGITS:
            return f"{cell:.5E}"  # a sheet holds 15 digits: this number is not what was written
        return str(int(cell)) if cell == int(cell) else repr(cell)
    if isinstance(cell, datetime | date | time):
        return cell.isoformat()
    return str(cell)
