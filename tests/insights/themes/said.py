"""Texts about known matters, and an encoder that knows nothing but their words."""

from __future__ import annotations

import random
from collections.abc import Sequence
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from insights.themes.words import words_of
from simak.mention import RawMention
from simak.tags import Tags
from store.engine import Store
from tests.builders import put, review, tag_all, tagged

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
) -> None:
    """Store texts as tagged complaints, or as what `tags` says, spread over days and channels."""
    rows: list[RawMention] = [
        review(f"{prefix}{i}", text, days[i % len(days)], channel=("google_play", "x")[i % 3 == 0])
        for i, text in enumerate(texts)
    ]
    put(store, rows, brand=brand)
    default = tags or tagged("negative", {"app": "negative"})
    tag_all(store, dict.fromkeys(texts, default))
