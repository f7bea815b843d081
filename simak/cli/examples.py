"""Reads the example texts of a touchpoint from a file."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from collectors.files.encoding import detect_encoding
from simak.errors import ConfigurationError
from simak.own_touchpoints import Example
from store.privacy import mask

MOST = 500
"""Examples beyond this are a data set; they would only make the file slow to read."""

_LABELS = {"1": True, "true": True, "0": False, "false": False}


def read_examples(path: Path, *, raw: bool = False) -> tuple[Example, ...]:
    """Read a file of texts: one a line, CSV with a column `text`, or JSONL with that key.

    Which of the three it is shows in its first line. `label` is 1 (the default) where the text
    speaks of the touchpoint, 0 where it does not. Equal texts are taken once.

    Args:
        path: the file, in any encoding that is found out.
        raw: keep phone numbers and the like, as the setting `privacy.keep_raw` has it.

    Raises:
        ConfigurationError: the file cannot be read, has more than `MOST` texts, or a line is
            wrong.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ConfigurationError(f"cannot be read: {error.strerror}", path=path) from error
    text = content.decode(detect_encoding(content), "replace").removeprefix("\ufeff")
    labels: dict[str, bool] = {}
    for line, found, label in _records(text, path):
        example = found.strip() if raw else mask(found.strip())
        present = _LABELS.get(label.strip().lower())
        if present is None:
            raise ConfigurationError(
                f"label {label!r} is neither 1 nor 0, 1 where the text speaks of the touchpoint",
                path=path,
                line=line,
            )
        if example and labels.setdefault(example, present) != present:
            raise ConfigurationError(
                "this text stands there with both labels; keep one", path=path, line=line
            )
    if len(labels) > MOST:
        raise ConfigurationError(
            f"{len(labels)} texts are too many: take the {MOST} that tell most", path=path
        )
    return tuple(Example(text, present) for text, present in labels.items())


def _records(text: str, path: Path) -> Iterator[tuple[int, str, str]]:
    """Yield line, text and label."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    columns = next(csv.reader([first], delimiter=_delimiter(first)), [])
    if first.lstrip().startswith("{"):
        yield from _jsonl(text, path)
    elif "text" in [column.strip().lower() for column in columns]:
        yield from _csv(text, path, _delimiter(first))
    else:
        for number, line in enumerate(text.splitlines(), 1):
            yield number, line, "1"


def _delimiter(line: str) -> str:
    return max(",;\t", key=line.count)


def _csv(text: str, path: Path, delimiter: str) -> Iterator[tuple[int, str, str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    columns: list[str] | None = None
    try:
        for row in reader:
            if not any(row):
                continue
            if columns is None:
                columns = [column.strip().lower() for column in row]
                continue
            record = dict(zip(columns, row, strict=False))
            yield reader.line_num, record.get("text", ""), record.get("label", "1") or "1"
    except csv.Error as error:
        raise ConfigurationError(
            f"this is not CSV: {error}", path=path, line=reader.line_num
        ) from error


def _jsonl(text: str, path: Path) -> Iterator[tuple[int, str, str]]:
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            record: Any = json.loads(line)
            found = record["text"]
            if not isinstance(found, str):
                raise TypeError("'text' is no string")
        except (ValueError, KeyError, TypeError) as error:
            raise ConfigurationError(
                f'not a line such as {{"text": "…", "label": 1}} ({error})', path=path, line=number
            ) from error
        # Halves of a character, which JSON can spell and no file can hold, are replaced.
        yield number, found.encode("utf-8", "replace").decode(), str(record.get("label", 1))
