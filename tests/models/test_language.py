from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.language import detect
from simak.tags import LANGUAGES


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("mantap", "id"),
        ("bagus", "id"),
        ("JELEK!!!", "id"),
        ("kecewaaaa", "id"),
        ("brg blm smp jg nih min, udh 2 minggu", "id"),
        ("gak nyesel beli di sini, penjualnya ramah", "id"),
        ("kurirnya muter-muter ga ketemu rumah gw", "id"),
        ("Kinerja perusahaan meningkat signifikan", "id"),
        ("fast respon, barang sesuai pesanan", "id"),
        ("worst app ever", "en"),
        ("good", "en"),
        ("The parcel arrived two days late and nobody told me why.", "en"),
        ("OTP never arrives, fix it please", "en"),
        ("kurirnya ramah but the package was broken and nobody cares", "mixed"),
        ("aku suka banget sama app ini, it's so easy to use", "mixed"),
        ("panganane enak tenan, regane ora larang, kudu mrene maneh", "jv"),
        ("aku wis tuku ping pindho nang kene, barange apik", "jv"),
        ("kadaharanana ngeunah pisan, hargana oge teu mahal", "su"),
        ("tempatna sae pisan, abdi resep kana suasana dieu", "su"),
        ("awak kat mana, nak tengok kedai tu", "ms"),
        ("korang kena cuba, sedap dan berbaloi sangat", "ms"),
        ("👍👍👍", "unknown"),
        ("12345 !!!", "unknown"),
        ("", "unknown"),
        ("ok", "unknown"),
        ("Очень хорошо, спасибо большое", "unknown"),
        ("非常好用的应用程序", "unknown"),
    ],
)
def test_language_of(text: str, language: str) -> None:
    assert detect(text) == language


@settings(deadline=None)  # the first text loads the detector
@given(st.text(st.characters(exclude_categories=()), max_size=200))
def test_any_string_has_a_language(text: str) -> None:
    assert detect(text) in LANGUAGES


@pytest.mark.parametrize("text", ["\ud800", "\x00" * 50, "a" * 1_000_000, "\xff\xfe", "مرحبا " * 9])
def test_strange_strings_do_not_raise(text: str) -> None:
    assert detect(text) in LANGUAGES


def test_links_and_handles_say_nothing() -> None:
    assert detect("@theshop https://www.good.com/the/best #love") == "unknown"


def test_public_sets_are_told_apart(shared: Path) -> None:
    from models.training.sources import sentiment

    for name, language, least in (
        ("indonesian", "id", 0.95),
        ("english", "en", 0.95),
        ("javanese", "jv", 0.8),
        ("sundanese", "su", 0.75),
    ):
        found = [detect(row.text) for row in sentiment(shared / "data", f"nusax_{name}_valid")]
        assert found.count(language) / len(found) >= least
