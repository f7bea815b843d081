"""Words that are said more often than before."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from insights.intervals import Z

PRIOR = 200.0
"""How many texts the prior is worth: those of both sides together, scaled down to so many."""

MIN_TEXTS = 3
"""That must say a word."""

_WORD = re.compile(r"\w+")
_ADDRESS = re.compile(r"https?://\S+|@\w+")

_STOP_WORDS = """
ada adalah agar aja akan aku alhasil alias amat anda apa apakah apalagi atas atau awal bagai
bagaimana bagi bahkan bahwa banget banyak baru bawah beberapa begini begitu belum benar berapa
bgt bikin bila bisa boleh buat bukan cuma dah dalam dan dapat dapet dari daripada deh dengan dgn
dia dong dulu engga enggak gak gini gitu gua gue guys hal hampir hanya harus hingga ini itu iya
jadi jangan jgn jika juga kalau kali kalo kami kamu karena kata kek kenapa kepada kita klo kok
krn lagi lah lain lalu langsung lebih malah mana masa masih mau maupun memang mereka meski min
mungkin nah nanti ngga nggak nih nya oleh orang pada padahal paling para pas pasti per pernah
pula pun saat saja sama sampai sana sangat saya sebab sebagai sebelum sedang sedikit sejak
sekali selalu selama semoga semua seperti sering serta sesuai setelah setiap siapa sih sini
suatu sudah supaya sya tadi tak tapi telah tentang tetap tetapi tiap tiba tidak tuh udah udh
untuk utk wah walau yaa yaitu yakni yang yg
about after again all also always and any are because been before being but can could did does
doing don each even every for from get got had has have having her here hers him his how its
just like more most much not now off once only other our out over own please same she should
some such than that the their them then there these they this those through too under until very
was were what when where which while who why will with would you your yours
"""
"""Indonesian, with the short forms of chats, then English."""

_STOP = frozenset(_STOP_WORDS.split())


@dataclass(frozen=True, slots=True)
class Word:
    """A word and how much more often it is said.

    Attributes:
        n: texts that say it now, of `of`.
        before: texts that said it before, of `of_before`.
        z: the log-odds ratio over its standard error.
    """

    word: str
    n: int
    of: int
    before: int
    of_before: int
    z: float


def words_of(text: str) -> set[str]:
    """Return the words of a text that could tell something.

    Example:
        >>> sorted(words_of("Paket saya BELUM dikirim @toko https://t.co/x"))
        ['dikirim', 'paket']
    """
    # Whole words, as the search knows them: what it finds is then what was counted.
    words = _WORD.findall(_ADDRESS.sub(" ", text).lower())
    return {word for word in words if len(word) > 2 and word.isalpha()} - _STOP


def overused(now: Iterable[str], before: Iterable[str], *, limit: int = 8) -> list[Word]:
    """Return the words that more texts say now than before, the surest first.

    The log-odds ratio with an informative Dirichlet prior, over its standard error: Monroe,
    Colaresi and Quinn (2008), Polit. Anal. 16, 372–403, equations 15–22. A text counts a word once,
    so that a long one weighs no more than a short one; what is no surer than 1.96 is left out.

    Example:
        By hand: 4 of 8 words now, 2 of 20 before; of all 28 words 6 are this one, and 200 · 6 / 28
        of the prior. log((4 + 42.857) / (8 + 200 − 4 − 42.857)) = −1.23519 against
        log((2 + 42.857) / (20 + 200 − 2 − 42.857)) = −1.36212, and the root of the variance
        1 / 46.857 + 1 / 44.857 is 0.20889.

        >>> round(score(4, 8, 2, 20), 3)
        0.608
        >>> [word.word for word in overused(["kurir hilang"] * 30, ["kurir cepat"] * 90)]
        ['hilang']
    """
    first, second = ([words_of(text) for text in texts] for texts in (now, before))
    here, there = (Counter(w for words in texts for w in words) for texts in (first, second))
    all_here, all_there = here.total(), there.total()
    found = [
        Word(
            word,
            n,
            len(first),
            there[word],
            len(second),
            score(n, all_here, there[word], all_there),
        )
        for word, n in here.items()
        if n >= MIN_TEXTS
    ]
    telling = [word for word in found if word.z > Z]
    return sorted(telling, key=lambda word: (-word.z, word.word))[:limit]


def score(here: int, all_here: int, there: int, all_there: int) -> float:
    """Return how sure it is that a word is said more often here: z of the log-odds ratio."""
    every = all_here + all_there
    prior = PRIOR * (here + there) / every
    one = math.log((here + prior) / (all_here + PRIOR - here - prior))
    other = math.log((there + prior) / (all_there + PRIOR - there - prior))
    return (one - other) / math.sqrt(1 / (here + prior) + 1 / (there + prior))
