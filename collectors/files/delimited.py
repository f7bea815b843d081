"""CSV and TSV: finds the separator, and reads rows that other programs wrote carelessly."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from collectors.files.table import Row, bad_row
from simak.errors import BadRecord
from simak.reasons import RAGGED

SEPARATORS = (",", ";", "\t", "|")

ONE_COLUMN = "\x1f"
"""The separator of a file that has none: no text holds this character (unit separator)."""

MAX_FIELD_CHARS = 16_000_000
"""A field longer than this is an opened quotation mark that nothing closes."""

_SAMPLE_ROWS = 100
_MAX_LINES_OF_CARELESS_ROW = 100


def detect_separator(sample: str, known: Callable[[Sequence[str]], int]) -> str:
    """Return what separates the columns.

    The separator that makes the most column names known wins, then the one that gives most rows
    the header's width, then the one that makes most columns: texts are full of commas, headers
    are not.

    Args:
        sample: the file's beginning.
        known: counts the names in a header that are known.

    Example:
        >>> detect_separator("text;stars\\nmurah, cepat, ramah;5\\n", len)
        ';'
    """
    lines = list(io.StringIO(sample, newline=""))
    if lines and lines[0].startswith("sep=") and len(lines[0].strip()) == 5:
        return lines[0][4]  # Excel's own mark
    best, best_score = ONE_COLUMN, (0, 0.0, 1)
    for separator in SEPARATORS:
        reader = csv.reader(lines, delimiter=separator, skipinitialspace=True)
        try:
            rows = list(islice((row for row in reader if row), _SAMPLE_ROWS))
        except csv.Error:
            continue
        width = len(rows[0]) if rows else 0
        if width < 2:
            continue
        even = sum(len(row) == width for row in rows) / len(rows)
        score = (known(rows[0]), even, width)
        if score > best_score:
            best, best_score = separator, score
    return best


def read_delimited(
    lines: Iterator[str], separator: str
) -> tuple[list[str], Iterator[Row | BadRecord]]:
    """Return the header, and the rows below it as they are asked for.

    A quotation mark that nothing closes would swallow rows up to the next one, silently. So the
    format is held to strictly, and where a row breaks it, that row alone is read again with
    marks taken as plain characters; the lines after it are not lost.
    """
    csv.field_size_limit(MAX_FIELD_CHARS)
    source = _Lines(lines)
    rows = _rows(source, separator)
    for number, header in rows:
        if number == 1 and header[0].startswith("sep="):
            continue
        width = len(header)
        least = max(place for place, name in enumerate(header, start=1) if name)
        return header, (
            _even(number, row, least, width) for number, row in _rows(source, separator, width)
        )
    return [], iter(())


class _Lines:
    """Feeds the csv module, and remembers the lines of the row at hand."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._again: list[str] = []
        self.taken: list[str] = []
        self.number = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._again.pop() if self._again else next(self._lines)
        self.number += 1
        self.taken.append(line)
        return line

    def give_back(self, keep: int) -> None:
        """Hand out all but the first `keep` lines of this row again."""
        back = self.taken[keep:]
        self.taken = self.taken[:keep]
        self.number -= len(back)
        self._again.extend(reversed(back))


def _rows(source: _Lines, separator: str, width: int = 0) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(source, delimiter=separator, skipinitialspace=True, strict=True)
    while True:
        source.taken = []
        start = source.number + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:
            row = _read_again(source, separator, width)
        if any(row):
            yield start, row


def _read_again(source: _Lines, separator: str, width: int) -> list[str]:
    """Read the row at hand leniently; leave `source` after it."""
    first = source.taken[0].rstrip("\r\n").replace("\r", " ")
    plain = first.split(separator)
    if len(plain) == width:
        source.give_back(1)
        return [value.strip().strip('"') for value in plain]
    source.give_back(0)
    try:
        row = next(csv.reader(source, delimiter=separator, skipinitialspace=True))
    except csv.Error:
        row = []
    if len(row) != width or len(source.taken) > _MAX_LINES_OF_CARELESS_ROW:
        source.give_back(1)
        return plain
    return row


def _even(number: int, row: list[str], least: int, width: int) -> Row | BadRecord:
    if len(row) == width:
        return number, row
    if least <= len(row) < width:
        return number, row + [""] * (width - len(row))  # the header ends in separators
    if len(row) > width and not any(row[width:]):
        return number, row[:width]  # the row does
    return bad_row(RAGGED, number, row)
