from __future__ import annotations

from models.encoding import Encoded
from models.evidence import MAX_WORDS, evidence_span
from models.normalise import normalise


def encoded(text: str, pieces: list[str]) -> Encoded:
    """A text cut into the pieces given, special tokens at both ends."""
    normalised = normalise(text)
    offsets, at = [(0, 0)], 0
    for piece in pieces:
        start = normalised.text.index(piece, at)
        at = start + len(piece)
        offsets.append((start, at))
    return Encoded([0] * (len(pieces) + 2), [*offsets, (0, 0)], normalised)


TEXT = "Barang OKE,   kurir   LAMBAT sekali"
PIECES = ["bar", "ang", "oke", ",", "kurir", "lam", "bat", "sekali"]


def test_run_of_words_around_the_strongest_is_taken() -> None:
    brought = [9.0, 0.1, 0.1, 0.0, 0.0, 1.0, 1.0, 1.0, 0.2, 9.0]  # special tokens at the ends
    span = evidence_span(encoded(TEXT, PIECES), brought)
    assert span is not None
    assert TEXT[slice(*span)] == "kurir   LAMBAT"


def test_no_word_that_speaks_for_it_is_no_span() -> None:
    one = encoded("barang oke", ["barang", "oke"])
    assert evidence_span(one, [5.0, -0.1, 0.0, 5.0]) is None


def test_span_is_never_longer_than_the_bound() -> None:
    words = [f"kata{letter}" for letter in "abcdefghijklmnopqrstuvw"]
    one = encoded(" ".join(words), words)
    span = evidence_span(one, [0.0, *[1.0] * len(words), 0.0])
    assert span is not None
    assert len(" ".join(words)[slice(*span)].split()) == MAX_WORDS


def test_weak_words_between_two_strong_ones_are_kept() -> None:
    one = encoded("cs nya tidak ramah ya", ["cs", "nya", "tidak", "ramah", "ya"])
    span = evidence_span(one, [0.0, 1.0, 0.1, 0.2, 1.0, 0.0, 0.0])
    assert span == (0, len("cs nya tidak ramah"))
