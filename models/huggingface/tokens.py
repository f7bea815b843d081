"""Reads with a classifier of words: labels, and the place in the text where they stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean

from models.huggingface.labels import check_sentiment, meanings_of
from models.huggingface.loading import Checkpoint
from models.huggingface.reading import (
    Reading,
    Said,
    deciding,
    flag_scores,
    independent_sentiment,
)
from simak.errors import ConfigurationError
from simak.label_map import IGNORE, LabelMap, Meaning

_OUTSIDE = "O"
"""What checkpoints call a word that is nothing."""

_BEGIN = "B-"
_PREFIX = re.compile(r"^[BI]-")


@dataclass(slots=True)
class _Word:
    """A word, [start, end) in characters, and the probability of each column, (L,)."""

    start: int
    end: int
    probabilities: Sequence[float]


class TokenReader:
    """Reads texts word by word; neighbours of one label are one span.

    A word has the label of its first token, and one that begins (`B-`) begins a span: the
    strategy `first` of transformers' `token-classification`. The probability of what a label
    stands for is that at its strongest word.

    Args:
        checkpoint: a classifier of tokens.
        given: what its labels stand for, without their prefixes `B-` and `I-`; `O` is known.

    Raises:
        ConfigurationError: a label is not known, a sentiment lacks negative or positive, or the
            tokenizer does not say where words stand.
    """

    def __init__(self, checkpoint: Checkpoint, given: LabelMap) -> None:
        if not checkpoint.tokenizer.is_fast:
            raise ConfigurationError(
                f"the tokenizer of the model {checkpoint.name!r} does not say where words stand; "
                "one with a tokenizer.json does"
            )
        self._names = [_PREFIX.sub("", label) for label in checkpoint.labels]
        labels = list(dict.fromkeys(self._names))
        outside = {_OUTSIDE: Meaning(IGNORE, IGNORE)} if _OUTSIDE in labels else {}
        meanings = meanings_of(labels, {**outside, **given}, checkpoint.name)
        check_sentiment(meanings, deciding(meanings), checkpoint.name)
        self._checkpoint = checkpoint
        self._known = dict(zip(labels, meanings, strict=True))

    def read(self, texts: Sequence[str]) -> list[Reading]:
        """Return one reading per text, in order."""
        inputs = self._checkpoint.encode(texts, return_offsets_mapping=True)
        offsets = inputs.pop("offset_mapping").tolist()
        probabilities = self._checkpoint.logits(inputs).softmax(-1).tolist()
        return [
            self._reading(_words(text, inputs.word_ids(at), offsets[at], probabilities[at]))
            for at, text in enumerate(texts)
        ]

    def _reading(self, words: Sequence[_Word]) -> Reading:
        strongest = dict.fromkeys(self._known.values(), 0.0)
        for word in words:
            here = dict.fromkeys(strongest, 0.0)
            for name, value in zip(self._names, word.probabilities, strict=True):
                here[self._known[name]] += value
            strongest = {one: max(value, here[one]) for one, value in strongest.items()}
        scores = independent_sentiment(strongest.items()) | flag_scores(strongest.items(), max)
        return Reading(self._spans(words), scores)

    def _spans(self, words: Iterable[_Word]) -> list[Said]:
        """Return each run of words of one label; its score is the mean of theirs."""
        runs: list[tuple[str, list[_Word], list[float]]] = []
        for word in words:
            score = max(word.probabilities)
            column = word.probabilities.index(score)
            begins = self._checkpoint.labels[column].startswith(_BEGIN)
            name = self._names[column]
            if begins or not runs or runs[-1][0] != name:
                runs.append((name, [], []))
            runs[-1][1].append(word)
            runs[-1][2].append(score)
        return [
            Said(self._known[name], fmean(scores), (run[0].start, run[-1].end))
            for name, run, scores in runs
        ]


def _words(
    text: str,
    places: Sequence[int | None],
    offsets: Sequence[tuple[int, int]],
    probabilities: Sequence[Sequence[float]],
) -> list[_Word]:
    """Put tokens together to words; those that stand for no characters are left out.

    Args:
        text: as it was encoded.
        places: (T,), the word of each token as the tokenizer counts them; None of special ones.
        offsets: (T, 2), [start, end) of each token in characters.
        probabilities: (T, L).
    """
    words: list[_Word] = []
    last: int | None = None
    for place, (start, end), values in zip(places, offsets, probabilities, strict=True):
        if place is None:
            continue
        start = end - len(text[start:end].lstrip())
        end = start + len(text[start:end].rstrip())
        # A tokenizer that does not split at spaces takes the whole text for one word.
        if words and place == last and not re.search(r"\s", text[words[-1].end : start]):
            words[-1].end = max(words[-1].end, end)
        else:
            words.append(_Word(start, end, values))
        last = place
    return [word for word in words if word.start < word.end]
