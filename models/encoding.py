"""Texts into token ids, with the way back to the characters of the original."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tokenizers import Tokenizer as Vocabulary

from models.normalise import Normalised, normalise


@dataclass(frozen=True, slots=True)
class Encoded:
    """One text as the network reads it.

    Attributes:
        ids: token ids, special tokens included; at most `max_length`.
        offsets: [start, end) of each token in the normalised text; (0, 0) for special tokens.
        normalised: the text and its map to the original.
    """

    ids: list[int]
    offsets: list[tuple[int, int]]
    normalised: Normalised


def encode(vocabulary: Vocabulary, texts: Sequence[str], max_length: int) -> list[Encoded]:
    """Encode texts; of a long one the first three quarters and the end are kept.

    Customers put the verdict at either end of a long text, rarely in the middle.

    Args:
        vocabulary: without truncation or padding of its own.
        texts: any strings.
        max_length: the most tokens of a text, special ones included.
    """
    normalised = [normalise(text) for text in texts]
    encodings = vocabulary.encode_batch([one.text for one in normalised])
    tail = max_length // 4
    result = []
    for one, encoding in zip(normalised, encodings, strict=True):
        ids, offsets = encoding.ids, encoding.offsets
        if len(ids) > max_length:
            ids = ids[: max_length - tail] + ids[-tail:]
            offsets = offsets[: max_length - tail] + offsets[-tail:]
        result.append(Encoded(ids, offsets, one))
    return result
