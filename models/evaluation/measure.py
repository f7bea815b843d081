"""How good a model is, as one dict that can be written as JSON.

`measure` returns the whole report; `write_metrics` puts all of it but the mistakes, which hold
texts, into `metrics.json` of a model directory. Shares, probabilities and F1 are in [0, 1], rounded
to four decimals, None where there is nothing to divide by. Sentiments are in the order negative,
neutral, positive.

| field | what it holds |
|---|---|
| `version`, `date` | the model's version; the day (UTC) it was measured |
| `texts_per_second` | distinct texts tagged a second, on the machine that measured |
| `rows` | set to the number of its rows |
| `main` | the set that `labels` and `evidence` are of |
| `figures` | list of `set`, `head`, `metric`, `value`, `low`, `high` (95 % bootstrap), `n` (rows) |
| `labels` | touchpoint or signal to `precision`, `recall`, `f1`, `n` (true cases), on `main` |
| `confusion` | set to 3 x 3 rows: a line a true sentiment, a column a sentiment said |
| `errors` | the rows labelled in every head: `sentiment` (3 x 3) and `complaint` (2 x 2: none, a \
complaint), lines true, columns said; absent where a line would be empty |
| `calibration` | of sentiment, all sets together: `n`, `after` and, for the project's own format, \
`before` temperature scaling, each `ece` and 15 `bins` of `low`, `high`, `n`, `confidence`, \
`accuracy`; `sets`, a list of `set`, `n`, `before`, `after` (ECE) |
| `by` | `language`, `source`, `length` (words): lists of `group`, `sentiment`, `sentiment_n`, \
`touchpoints`, `touchpoints_n`, over all sets |
| `language` | true language to `n` and `detected`, language to share |
| `evidence` | the deletion test on `main`: `n`, `span`, `chance`, `words`; absent without spans |
| `mistakes` | the twenty worst, see `models.evaluation.mistakes` |
| `int8` | where `float32` stands beside the model directory: its `version`, and `figures` of \
`set`, `head`, `metric`, `value` (int8), `float32`, `difference` (int8 - float32) |
| `baseline` | of TF-IDF with linear classifiers, where it was asked for: `version`, `figures` |

A field without rows for it is empty. Heads and metrics are those of `models.evaluation.metrics`.
Heads that a model does not have (a sentiment checkpoint has no touchpoints) are not measured.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from models.checkpoint import load_tagger
from models.evaluation.breakdown import Answer, breakdown, languages_detected
from models.evaluation.calibration import certainty, probabilities_of, reliability, untempered
from models.evaluation.figures import figures_of, heads_of, predict
from models.evaluation.metrics import (
    METRICS,
    complaint_confusion,
    confusion,
    label_metrics,
    labelled,
)
from models.evaluation.mistakes import worst_mistakes
from models.evaluation.sets import HELD_BACK, LabelledSet
from models.evaluation.spans import deletion_test
from models.labels import SENTIMENTS, TOUCHPOINTS
from models.package import DESCRIPTION, QUALITY
from models.tagger import Tagger
from simak.errors import ConfigurationError
from simak.tags import Tags

_FLOAT = "float32"
"""The directory that the export writes beside the model, before quantisation."""

_DECIMALS = 4

Report = dict[str, Any]


def measure(
    tagger: Tagger,
    sets: Sequence[LabelledSet],
    *,
    directory: Path | None = None,
    baseline: Tagger | None = None,
    threads: int | None = None,
) -> Report:
    """Return the report on a model, as this module's docstring has it.

    Args:
        tagger: the model.
        sets: at least one, each with rows; their names differ.
        directory: of the model, where it is in the project's format: it is measured before
            temperature scaling too, and against float32 where that stands beside it.
        baseline: measured on the same sets.
        threads: of the float32 model.

    Raises:
        ModelError: the float32 model cannot be loaded.

    Example:
        >>> from models.evaluation.sets import LabelledSet
        >>> from models.training.rows import Row
        >>> one = LabelledSet("file", (Row("barang bagus", "mine", sentiment=2),), ("id",))
        >>> measure(load_tagger(), [one])["confusion"]["file"]
        [[0, 0, 0], [0, 0, 0], [0, 0, 1]]
    """
    said, speed = predict(tagger, sets)
    heads = heads_of(said)
    answers = [
        Answer(one.name, row, language, tags)
        for one, told in zip(sets, said, strict=True)
        for row, language, tags in zip(one.rows, one.languages, told, strict=True)
    ]
    place = next((place for place, one in enumerate(sets) if one.name == HELD_BACK), 0)
    main, of_main = sets[place], said[place]
    figures = figures_of(sets, said, heads)
    labels = label_metrics(main.rows, of_main)
    report: Report = {
        "version": tagger.version,
        "date": datetime.now(UTC).date().isoformat(),
        "texts_per_second": speed,
        "rows": {one.name: len(one.rows) for one in sets},
        "main": main.name,
        "figures": figures,
        "labels": {
            name: values
            for name, values in labels.items()
            if ("touchpoints" if name in TOUCHPOINTS else "signals") in heads
        },
        "confusion": {
            one.name: confusion(one.rows, told)
            for one, told in zip(sets, said, strict=True)
            if any(labelled("sentiment", row) for row in one.rows)
        },
        **_errors(answers),
        "calibration": _calibration(answers, directory),
        "by": breakdown(answers, heads),
        "language": languages_detected(answers),
        **_evidence(tagger, main, of_main),
        "mistakes": worst_mistakes(answers),
        **_int8(directory, sets, figures, threads),
    }
    if baseline is not None:
        told, _speed = predict(baseline, sets)
        report["baseline"] = {
            "version": baseline.version,
            "figures": figures_of(sets, told, heads_of(told)),
        }
    rounded: Report = _rounded(report)
    return rounded


def write_metrics(directory: Path, report: Report) -> Path:
    """Write a report into a model directory, without the mistakes: no text is in it.

    Returns:
        The file.

    Raises:
        ConfigurationError: it cannot be written.
    """
    path = directory / QUALITY
    kept = {name: value for name, value in report.items() if name != "mistakes"}
    try:
        path.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    except OSError as error:
        raise ConfigurationError(f"it cannot be written: {error.strerror}", path=path) from error
    return path


def _errors(answers: Sequence[Answer]) -> dict[str, Any]:
    full = [answer for answer in answers if all(labelled(head, answer.row) for head in METRICS)]
    rows, tags = [answer.row for answer in full], [answer.tags for answer in full]
    tables = {"sentiment": confusion(rows, tags), "complaint": complaint_confusion(rows, tags)}
    complete = all(sum(line) for table in tables.values() for line in table)
    return {"errors": tables} if complete else {}


def _calibration(answers: Sequence[Answer], directory: Path | None) -> dict[str, Any]:
    known = [
        answer
        for answer in answers
        if labelled("sentiment", answer.row) and answer.tags.scores.keys() >= set(SENTIMENTS)
    ]
    if not known:
        return {}
    rows = [answer.row for answer in known]
    after = certainty(rows, probabilities_of([answer.tags for answer in known]))
    measured = {"after": after}
    if directory is not None:
        measured["before"] = certainty(rows, untempered(directory, [row.text for row in rows]))
    result: dict[str, Any] = {"n": len(known), "sets": []}
    for name, (top, right) in measured.items():
        error, bins = reliability(top, right)
        result[name] = {"ece": error, "bins": bins}
    for name in dict.fromkeys(answer.set for answer in known):
        places = [place for place, answer in enumerate(known) if answer.set == name]
        line: dict[str, Any] = {"set": name, "n": len(places), "before": None}
        for when, (top, right) in measured.items():
            line[when], _bins = reliability(
                [top[place] for place in places], [right[place] for place in places]
            )
        result["sets"].append(line)
    return result


def _evidence(tagger: Tagger, main: LabelledSet, said: Sequence[Tags]) -> dict[str, Any]:
    if not any(one.span for tags in said for one in tags.touchpoints.values()):
        return {}
    result = deletion_test(tagger, [row.text for row in main.rows])
    return {"evidence": asdict(result)} if result.n else {}


def _int8(
    directory: Path | None,
    sets: Sequence[LabelledSet],
    figures: Sequence[dict[str, Any]],
    threads: int | None,
) -> dict[str, Any]:
    if directory is None or directory.resolve().name == _FLOAT:
        return {}
    beside = directory.resolve().parent / _FLOAT
    if not (beside / DESCRIPTION).is_file():
        return {}
    floating = load_tagger(str(beside), threads=threads)
    said, _speed = predict(floating, sets)
    lines = [
        {name: own[name] for name in ("set", "head", "metric", "value")}
        | {"float32": other["value"], "difference": own["value"] - other["value"]}
        for own, other in zip(figures, figures_of(sets, said, heads_of(said)), strict=True)
    ]
    return {"int8": {"version": floating.version, "figures": lines}}


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _rounded(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_rounded(one) for one in value]
    if isinstance(value, float):
        return None if math.isnan(value) else round(value, _DECIMALS)
    return value
