"""What every format is turned into: named columns, and rows of text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from simak.errors import BadRecord

Row = tuple[int, list[str]]
"""The line (or sheet row) it starts at, from 1; as many values as there are columns."""

_KEPT_CHARS = 2_000


@dataclass(slots=True)
class Table:
    """An open file.

    Attributes:
        columns: names as written, made unique; "" where there is none. JSONL adds to it while
            it is read.
        rows: the file's rows in order, read as they are asked for; what is no row comes as a
            `BadRecord` in its place.
        warnings: remark to count, on what was read so far.
    """

    columns: list[str]
    rows: Iterator[Row | BadRecord]
    warnings: Counter[str] = field(default_factory=Counter)


def bad_row(reason: str, line: int, content: object) -> BadRecord:
    """Return a `BadRecord` that keeps the line's number and the beginning of its content."""
    if isinstance(content, str):
        content = content[:_KEPT_CHARS]
    elif isinstance(content, list):
        content = [str(value)[:_KEPT_CHARS] for value in content]
    elif isinstance(content, dict):
        content = {key: str(value)[:_KEPT_CHARS] for key, value in content.items() if value}
    return BadRecord(reason, record={"line": line, "content": content})


def unique_names(header: Sequence[str]) -> list[str]:
    """Return the header's names without surrounding blanks, repeated ones numbered.

    Example:
        >>> unique_names([" date", "text", "date", ""])
        ['date', 'text', 'date (2)', '']
    """
    names: list[str] = []
    for raw in header:
        name = base = " ".join(raw.split())
        number = 2
        while name and name in names:
            name, number = f"{base} ({number})", number + 1
        names.append(name)
    return names
