"""Learns from people's corrections, and uses of it what is better and nowhere worse."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from models.adapt.adaptation import Adaptation
from models.adapt.background import read_background
from models.adapt.corrections import fit_heads
from models.adapt.features import read
from models.adapt.heads import CorrectedHeads, read_heads, remove_heads, write_heads
from models.adapt.linear import Linear, read_linear
from models.evaluation.metrics import complaint_confusion, confusion, head_metrics
from models.labels import SENTIMENTS, TOUCHPOINTS
from models.onnx_tagger import tags_of
from models.package import Package
from models.runtime import Runtime
from models.training.rows import Row, key
from simak.errors import ConfigurationError
from simak.tags import Tags

FEWEST = 20
"""Corrected texts below which nothing is learned."""

CHANCE = 0.05
"""From here on what was learned may be chance."""

_HELD_OUT = 5
"""One correction in so many only measures."""


@dataclass(frozen=True)
class Verdict:
    """One head before and after; a figure is in [0, 1], or not a number where there is none.

    Attributes:
        head: one of `HEADS`.
        contradicted, chance: as in `models.adapt.corrections.Lesson`.
        check_before, check_after: on the check set.
        own_before, own_after: on the corrections that were held out.
    """

    head: str
    contradicted: int
    chance: float
    check_before: float
    check_after: float
    own_before: float
    own_after: float

    @property
    def harms(self) -> bool:
        """Whether the new head is worse on the check set."""
        return _rank(self.check_after) < _rank(self.check_before)

    @property
    def helps(self) -> bool:
        """Whether the new head is better on the corrections that were held out."""
        return _rank(self.own_after) > _rank(self.own_before)

    @property
    def kept(self) -> bool:
        """Whether the new head is used.

        It helps, harms nothing, and what corrections taught of one another is no mere chance:
        a fifth of them are often too few to tell.
        """
        return self.helps and not self.harms and self.chance < CHANCE


@dataclass(frozen=True)
class Outcome:
    """What came of learning from corrections.

    Attributes:
        learned, held_out, check: how many texts there were of each.
        verdicts: of each of `HEADS`.
    """

    learned: int
    held_out: int
    check: int
    verdicts: tuple[Verdict, ...]


def retrain(
    package: Package,
    folder: Path,
    corrections: Sequence[tuple[str, Tags]],
    check: Sequence[Row],
    *,
    threads: int | None = None,
) -> Outcome:
    """Learn from corrections; of equal texts the last one counts.

    The new heads are compared with those in use, one after the other, on the check set and on a
    fifth of the corrections. A hash of the text holds these out, so that they are the same each
    time, and no head ever learns from them.

    Args:
        package: the model.
        folder: `Settings.data`, where the heads are kept.
        corrections: texts and what people say of them, oldest first.
        check: labelled for every head; a corrected text that is in it is left out.
        threads: texts read at a time; None for one a core.

    Raises:
        ConfigurationError: there are fewer than `FEWEST` corrected texts, or the heads in use
            are damaged or cannot be written.
        ModelError: the model cannot be loaded.
    """
    runtime = Runtime(package.directory, package.max_length, threads=threads)
    known = {key(row.text) for row in check}
    last = {key(text): _row(text, tags) for text, tags in corrections}
    rows = [row for name, row in last.items() if name not in known]
    if len(rows) < FEWEST:
        raise ConfigurationError(
            f"{len(rows)} corrected texts are too few to learn from: at least {FEWEST} different "
            "ones are needed; correct more of what the model got wrong"
        )
    in_use = read_heads(folder)
    stale = in_use is not None and in_use.model != package.version
    heads = {} if in_use is None or stale else dict(in_use.heads)

    held_out = [row for row in rows if _is_held_out(row)]
    taught = [row for row in rows if not _is_held_out(row)]
    pairs = [
        (row, reading)
        for row, reading in zip(taught, read(runtime, [row.text for row in taught]), strict=True)
        if reading is not None
    ]
    background = read_background(runtime).without(row.text for row in (*rows, *check))
    lessons = fit_heads(
        [row for row, _ in pairs], [reading for _, reading in pairs], background, package
    )

    exams = (_Exam(package, runtime, check), _Exam(package, runtime, held_out))
    before = [exam.figures(heads) for exam in exams]
    verdicts = []
    for name, lesson in lessons.items():
        trial, after = heads, before
        if lesson.head is not None:
            # As it is written, so that what is measured is what will be used.
            trial = {**heads, name: read_linear(lesson.head.record())}
            after = [exam.figures(trial) for exam in exams]
        figures = [
            one.get(name, math.nan) for pair in zip(before, after, strict=True) for one in pair
        ]
        verdicts.append(Verdict(name, lesson.contradicted, lesson.chance, *figures))
        if verdicts[-1].kept:
            heads, before = trial, after
    if any(verdict.kept for verdict in verdicts):
        errors = exams[0].errors(heads)
        write_heads(folder, CorrectedHeads(package.version, len(pairs), heads, errors))
    elif stale:
        remove_heads(folder)
    return Outcome(len(pairs), len(held_out), len(check), tuple(verdicts))


class _Exam:
    """Labelled texts on which heads are compared; the encoder reads them once."""

    def __init__(self, package: Package, runtime: Runtime, rows: Sequence[Row]) -> None:
        self._package = package
        self._rows = rows
        self._read = list(runtime.run([row.text for row in rows], states=True))

    def figures(self, heads: Mapping[str, Linear]) -> dict[str, float]:
        return head_metrics(self._rows, self._tags(heads))

    def errors(self, heads: Mapping[str, Linear]) -> dict[str, list[list[int]]]:
        tags = self._tags(heads)
        tables = {
            "sentiment": confusion(self._rows, tags),
            "complaint": complaint_confusion(self._rows, tags),
        }
        return {name: table for name, table in tables.items() if name in heads}

    def _tags(self, heads: Mapping[str, Linear]) -> list[Tags]:
        made = Adaptation({}, heads)
        return [tags_of(self._package, encoded, logits, made) for encoded, logits in self._read]


def _is_held_out(row: Row) -> bool:
    return int(key(row.text)[:8], 16) % _HELD_OUT == 0


def _row(text: str, tags: Tags) -> Row:
    # Touchpoints of the house's own have heads of their own.
    given = ((name, tag.polarity) for name, tag in tags.touchpoints.items() if name in TOUCHPOINTS)
    return Row(
        text,
        "correction",
        sentiment=SENTIMENTS.index(tags.sentiment),
        complaint=int(tags.complaint),
        touchpoints=tuple(given),
        known=frozenset(TOUCHPOINTS),
        signals=tags.signals,
    )


def _rank(figure: float) -> float:
    """Return a figure that can be compared: nothing to find and nothing said is all right."""
    return 1.0 if math.isnan(figure) else figure
