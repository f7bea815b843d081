"""The labelled texts a model is measured on."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.evaluation.metrics import METRICS, labelled
from models.evaluation.reserved import CHECK, EXPORTS
from models.labels import SENTIMENTS, SIGNALS, TOUCHPOINTS
from models.training.corpus import Corpus
from models.training.rows import UNLABELLED, Row, key
from simak.errors import ConfigurationError
from simak.tags import LANGUAGES

HELD_BACK, ANNOTATED_EXPORTS, CHECKS, GIVEN = "held_back", "exports", "check", "file"
"""The names of the sets that are no public validation set."""

_NUSAX = {
    "nusax_indonesian": "id",
    "nusax_english": "en",
    "nusax_javanese": "jv",
    "nusax_sundanese": "su",
}
_TEXT_COLUMNS = ("content", "text")


@dataclass(frozen=True, slots=True)
class LabelledSet:
    """Texts with the truth about them.

    Attributes:
        name: `smsa`, `nusax_english`, `held_back`, `exports`, `check` or `file`, for example.
        rows: N of them; of each only the heads it is labelled for are measured.
        languages: (N,), one of `simak.tags.LANGUAGES` each, or "" where nobody said.
    """

    name: str
    rows: tuple[Row, ...]
    languages: tuple[str, ...]


def reference_sets(data: Path, corpus: Corpus) -> list[LabelledSet]:
    """Return the public validation sets, the held-back rows, the annotated exports, the check set.

    Args:
        data: the directory of the data sets.
        corpus: what `models.training.corpus.load_corpus` made of it.

    Raises:
        ConfigurationError: an export is missing, or one of its annotated texts.
    """
    public = [
        LabelledSet(name, rows, (_NUSAX.get(name, ""),) * len(rows))
        for name, rows in corpus.sentiment_sets.items()
    ]
    held_back = LabelledSet(HELD_BACK, corpus.held_back, ("",) * len(corpus.held_back))
    return [*public, held_back, exports_set(data), check_set()]


def exports_set(data: Path) -> LabelledSet:
    """Return the public app reviews and tweets that were annotated for evaluation alone.

    Args:
        data: the directory of the data sets; the texts are in its `exports`.

    Raises:
        ConfigurationError: an export is missing, or one of its annotated texts.
    """
    wanted: dict[str, dict[str, Any]] = {}
    for _number, record in _records(EXPORTS):
        wanted.setdefault(record["source"], {})[record["key"]] = record
    rows: list[Row] = []
    for source, records in wanted.items():
        path = data / "exports" / f"{source}.csv.gz"
        waiting = dict(records)
        for text in _texts(path):
            record = waiting.pop(key(text), None)
            if record is not None:
                rows.append(_row(record, text, source))
        if waiting:
            raise ConfigurationError(
                f"{len(waiting)} of {len(records)} annotated texts are not in it; it must be the "
                "export that was annotated",
                path=path,
            )
    return LabelledSet(ANNOTATED_EXPORTS, tuple(rows), ("",) * len(rows))


def check_set() -> LabelledSet:
    """Return the texts that were written for the project and ship with it.

    Raises:
        ConfigurationError: the file is missing or damaged.
    """
    return read_set(CHECK, name=CHECKS)


def read_set(path: Path, *, name: str = GIVEN) -> LabelledSet:
    """Read a file of one JSON object a line: a text and the labels known of it.

    Beside `text` a line may have `sentiment`, `complaint` (true or false), `touchpoints`
    (touchpoint id to polarity), `signals` (a list), `language` and `source`. A label that is
    missing or null is not measured; touchpoints and signals that are there are complete, empty
    ones say there are none.

    Args:
        path: the file, in UTF-8.
        name: of the set.

    Raises:
        ConfigurationError: it cannot be read, a line is no such object, a label is unknown, or
            there is nothing in it to measure.
    """
    rows: list[Row] = []
    languages: list[str] = []
    for number, record in _records(path):
        try:
            text = record.get("text")
            if not isinstance(text, str) or not text.strip():
                raise ValueError("'text' is missing or empty")
            language = _one_of("language", record.get("language"), LANGUAGES) or ""
            source = record.get("source")
            if source is not None and not isinstance(source, str):
                raise ValueError("'source' is no string")
            rows.append(_row(record, _writable(text), _writable(source or name)))
        except ValueError as error:
            raise ConfigurationError(str(error), path=path, line=number) from error
        languages.append(language)
    if not rows:
        raise ConfigurationError("no text in it: it is empty", path=path)
    if not any(labelled(head, row) for head in METRICS for row in rows):
        raise ConfigurationError(
            "no line has a label to measure by: sentiment, complaint, touchpoints or signals",
            path=path,
        )
    return LabelledSet(name, tuple(rows), tuple(languages))


def _row(record: Mapping[str, Any], text: str, source: str) -> Row:
    sentiment = _one_of("sentiment", record.get("sentiment"), SENTIMENTS)
    complaint = record.get("complaint")
    if complaint is not None and not isinstance(complaint, bool):
        raise ValueError(f"complaint = {complaint!r} is neither true nor false")
    touchpoints = record.get("touchpoints")
    if touchpoints is not None and not isinstance(touchpoints, dict):
        raise ValueError("'touchpoints' is no object of touchpoint ids and polarities")
    for name, polarity in (touchpoints or {}).items():
        _one_of("touchpoints", name, TOUCHPOINTS)
        if _one_of(name, polarity, SENTIMENTS) is None:
            raise ValueError(f"touchpoint {name!r} has no polarity: {', '.join(SENTIMENTS)}")
    signals = record.get("signals")
    if signals is not None and not isinstance(signals, list):
        raise ValueError("'signals' is no list")
    for name in signals or ():
        _one_of("signals", name, SIGNALS)
    return Row(
        text,
        source,
        sentiment=UNLABELLED if sentiment is None else SENTIMENTS.index(sentiment),
        complaint=UNLABELLED if complaint is None else int(complaint),
        touchpoints=tuple((touchpoints or {}).items()),
        known=frozenset() if touchpoints is None else frozenset(TOUCHPOINTS),
        signals=None if signals is None else tuple(signals),
    )


def _one_of(field: str, value: object, allowed: tuple[str, ...]) -> str | None:
    """Return a label that is allowed, None for one that is not there."""
    if value is None:
        return None
    if not isinstance(value, str) or value not in allowed:
        raise ValueError(f"{field}: {value!r} is not known; known are {', '.join(allowed)}")
    return value


def _records(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the number and the object of each line that is not blank."""
    number = 0
    try:
        with path.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                text = line.decode("utf-8-sig")
                if not text.strip():
                    continue
                record = json.loads(text)
                if not isinstance(record, dict):
                    raise ValueError("it is no object")
                yield number, record
    except OSError as error:
        raise ConfigurationError(f"it cannot be read: {error.strerror}", path=path) from error
    except ValueError as error:  # of json and of the decoding alike
        raise ConfigurationError(
            f'not a line of JSON such as {{"text": "…", "sentiment": "negative"}}: {error}',
            path=path,
            line=number,
        ) from error


def _texts(path: Path) -> Iterator[str]:
    if not path.is_file():
        raise ConfigurationError("an export is missing; is --data right?", path=path)
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines)
        column = next((name for name in _TEXT_COLUMNS if name in (reader.fieldnames or ())), None)
        if column is None:
            raise ConfigurationError(f"no column {' or '.join(_TEXT_COLUMNS)}", path=path)
        for record in reader:
            yield record[column] or ""


def _writable(text: str) -> str:
    """Return a text without the halves of characters that JSON can hold and no file can."""
    return text.encode("utf-8", "replace").decode("utf-8")
