"""What stands in a text: the pieces of its words, and the letters of its words by threes to fives.

Pieces are those of the encoder's vocabulary. Letter n-grams tell that `kamera`, `camera` and
`kameranya` have much in common, which pieces do not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from models.encoding import Encoded

_WORD = re.compile(r"\w+")
_SHORTEST, _LONGEST = 3, 5


class Signs(NamedTuple):
    """The distinct signs of a text, each with the tokens where it stands.

    Attributes:
        pieces: by vocabulary id.
        grams: by letters; a blank stands for the beginning or end of a word.
    """

    pieces: Mapping[int, list[int]]
    grams: Mapping[str, list[int]]


def signs_of(encoded: Encoded) -> Signs:
    """Return what stands in a text, special tokens and what was cut off left out.

    Example:
        >>> from models.normalise import normalise
        >>> signs = signs_of(Encoded([0, 7, 8, 2], [(0, 0), (0, 2), (2, 3), (0, 0)],
        ...                          normalise("app")))
        >>> signs.pieces
        {7: [1], 8: [2]}
        >>> signs.grams["app"]
        [1, 2]
    """
    pieces: dict[int, list[int]] = {}
    at = {}
    for token, (piece, (start, end)) in enumerate(zip(encoded.ids, encoded.offsets, strict=True)):
        if start < end:
            pieces.setdefault(piece, []).append(token)
            at.update(dict.fromkeys(range(start, end), token))
    grams: dict[str, list[int]] = {}
    for match in _WORD.finditer(encoded.normalised.text):
        tokens = sorted({at[place] for place in range(*match.span()) if place in at})
        for gram in dict.fromkeys(_grams(match.group())) if tokens else ():
            known = grams.setdefault(gram, [])
            known += [token for token in tokens if token not in known]
    return Signs(pieces, grams)


def _grams(word: str) -> Iterator[str]:
    padded = f" {word} "
    for length in range(_SHORTEST, _LONGEST + 1):
        for start in range(len(padded) - length + 1):
            yield padded[start : start + length]
