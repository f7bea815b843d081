"""Teaches touchpoints to a model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from models.adapt.background import Background, read_background
from models.adapt.features import Reading, read
from models.adapt.touchpoint import FEWEST, learn
from models.package import Package
from models.runtime import Runtime
from models.training.rows import key
from simak.errors import ConfigurationError
from simak.own_touchpoints import Example


@dataclass(frozen=True)
class Lesson:
    """What came of teaching a touchpoint.

    Attributes:
        learned: for `OwnTouchpoint.learned`: the head, what is expected of it, and the model's
            version it is for.
        by_own: whether `texts` are the house's, not those written for the project.
        texts: how many were looked through, none of them an example.
        marked: those of them that are marked, strongest first: false alarms, or truly meant.
    """

    learned: Mapping[str, Any]
    by_own: bool
    texts: int
    marked: tuple[str, ...]


class Teacher:
    """Teaches touchpoints to one model.

    Args:
        package: the model.
        own: texts of the house, as many as there are up to some thousands.
        threads: texts read at a time; None for one a core.

    Raises:
        ModelError: the model cannot be loaded.
    """

    def __init__(
        self, package: Package, own: Sequence[str] = (), *, threads: int | None = None
    ) -> None:
        self._version = package.version
        self._runtime = Runtime(package.directory, package.max_length, threads=threads)
        self._own = [
            (text, one)
            for text, one in zip(own, read(self._runtime, own), strict=True)
            if one is not None
        ]

    @cached_property
    def _background(self) -> Background:
        return read_background(self._runtime)

    def teach(self, examples: Sequence[Example]) -> Lesson:
        """Learn a touchpoint from examples.

        Raises:
            ConfigurationError: fewer than `FEWEST` of them can be read and speak of it.

        Example:
            >>> from models.checkpoint import adaptable
            >>> words = ("hilang", "error", "baru", "lama", "cepat")
            >>> examples = [Example(f"dompet digital {word}", True) for word in words]
            >>> lesson = Teacher(adaptable(None)).teach(examples)  # doctest: +SKIP
            >>> lesson.learned["examples"]  # doctest: +SKIP
            5
        """
        readings: dict[bool, list[Reading]] = {True: [], False: []}
        for example, reading in zip(
            examples, read(self._runtime, [one.text for one in examples]), strict=True
        ):
            if reading is not None:
                readings[example.present].append(reading)
        if len(readings[True]) < FEWEST:
            raise ConfigurationError(
                f"{len(readings[True])} examples are too few: at least {FEWEST} different texts "
                "that speak of the touchpoint are needed, 20 or more are better"
            )
        taught = {key(one.text) for one in examples}
        background = self._background.without(one.text for one in examples)
        own = [(text, one) for text, one in self._own if key(text) not in taught]
        result = learn(
            readings[True], readings[False], background.readings, [one for _, one in own]
        )
        learned = {
            "model": self._version,
            "f1": round(result.f1, 4),
            "found": result.found,
            "examples": result.examples,
            "head": result.head.record(),
        }
        texts = [text for text, _ in own] if result.by_own else [r.text for r in background.rows]
        marked = tuple(texts[place] for place in result.marked)
        return Lesson(learned, result.by_own, len(texts), marked)
