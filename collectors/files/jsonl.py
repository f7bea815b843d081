"""JSON Lines: one object a line; nested ones become columns such as `attributes.rating`."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import chain, islice
from typing import Any

from collectors.files.table import Row, bad_row
from simak.errors import BadRecord
from simak.reasons import NOT_JSON

LATE_COLUMN = "columns that first appear far down the file (kept as attributes)"

_LINES_FOR_COLUMNS = 1_000


def read_jsonl(
    lines: Iterator[str], warnings: Counter[str]
) -> tuple[list[str], Iterator[Row | BadRecord]]:
    """Return the columns of the first lines, and the rows as they are asked for.

    The list of columns grows where a later line has another key.
    """
    numbered = enumerate(lines, start=1)
    head = list(islice(numbered, _LINES_FOR_COLUMNS))
    columns: dict[str, int] = {}
    for _, line in head:
        for key in _parse(line) or ():
            columns.setdefault(key, len(columns))
    names = list(columns)
    return names, _rows(chain(head, numbered), columns, names, warnings)


def _rows(
    numbered: Iterator[tuple[int, str]],
    columns: dict[str, int],
    names: list[str],
    warnings: Counter[str],
) -> Iterator[Row | BadRecord]:
    for number, line in numbered:
        if not line.strip():
            continue
        record = _parse(line)
        if record is None:
            yield bad_row(NOT_JSON, number, line)
            continue
        row = [""] * len(names)
        for key, value in record.items():
            place = columns.get(key)
            if place is None:
                columns[key] = len(names)
                names.append(key)
                row.append(value)
                warnings[LATE_COLUMN] += 1
            else:
                row[place] = value
        yield number, row


def _parse(line: str) -> dict[str, str] | None:
    try:
        value = json.loads(line)
        if not isinstance(value, dict):
            return None
        record = dict(_flatten(value))
    except (ValueError, RecursionError):
        return None
    if "\\u" in line:
        # Escapes can spell what no encoding holds: NUL, halves of a surrogate pair.
        return {_clean(key): _clean(value) for key, value in record.items()}
    return record


def _flatten(record: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for key, value in record.items():
        if isinstance(value, str):
            yield prefix + key, value
        elif isinstance(value, dict):
            yield from _flatten(value, f"{prefix}{key}.")
        else:
            yield prefix + key, _text(value)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return json.dumps(value, ensure_ascii=False)


def _clean(text: str) -> str:
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
