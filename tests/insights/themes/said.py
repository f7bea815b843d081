"""Texts about known matters, and an encoder that knows nothing but their words."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import timedelta
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from insights.themes.find import Found, find_themes
from insights.themes.words import words_of
from simak.mention import RawMention
from simak.tags import Tags
from store.engine import Store
from store.tags import save_tags, waiting
from tests.builders import MODEL, NOW, put, review, tagged

MATTERS = {
    "otp": ("kode otp tidak masuk", "login akun nomor verifikasi sms daftar"),
    "refund": ("pengembalian dana ditolak", "uang refund retur bukti proses"),
    "courier": ("kurir paket hilang", "alamat kirim antar ekspedisi resi"),
    "crash": ("aplikasi keluar sendiri", "update bug error layar versi"),
}
_FILLER = ["saya", "sudah", "yang", "ini", "banget", "tolong", "min", "kenapa", "ya", "padahal"]


class Words:
    """An encoder: the sum of a random direction for each word; counts what it is asked."""

    version = "words-1"

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.asked += texts
        vectors = np.zeros((len(texts), 24), np.float32)
        for row, text in enumerate(texts):
            for word in words_of(text):
                vectors[row] += np.random.default_rng(crc32(word.encode())).normal(size=24)
        return vectors


def texts_about(matter: str, n: int, seed: int = 0) -> list[str]:
    """Return n different texts about a matter."""
    phrase, words = MATTERS[matter]
    draw = random.Random(f"{matter} {seed}")
    return [
        " ".join([*draw.sample(_FILLER, 2), phrase, *draw.sample(words.split(), 3), f"x{seed}{i}"])
        for i in range(n)
    ]


def put_texts(
    store: Store,
    texts: Sequence[str],
    *,
    prefix: str,
    days: Sequence[str] = ("2026-05-10",),
    brand: str = "Senandika",
    tags: Tags | None = None,
    hour: int = 0,
) -> None:
    """Store texts as tagged complaints, or as what `tags` says, spread over days and channels.

    Args:
        hour: when they were tagged; a night of `find` at a later hour finds them.
    """
    rows: list[RawMention] = [
        review(f"{prefix}{i}", text, days[i % len(days)], channel=("google_play", "x")[i % 3 == 0])
        for i, text in enumerate(texts)
    ]
    put(store, rows, brand=brand)
    one = tags or tagged("negative", {"app": "negative"})
    for batch in waiting(store, MODEL):
        save_tags(store, batch, [one] * len(batch), model=MODEL, now=NOW + timedelta(hours=hour))


def night(
    store: Store, hour: int, embed: Words | None = None, renew: Callable[[], None] = lambda: None
) -> Found:
    """Run the job half past an hour; return what it did for complaints."""
    at = NOW + timedelta(hours=hour, minutes=30)
    found, _ = find_themes(
        store, embed or Words(), brands=("Senandika",), renew=renew, now=lambda: at
    )
    return found
