from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.normalise import MAX_CHARACTERS, emoji_words, normalise

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=80)
TYPICAL = st.text(st.sampled_from("abAB  .,!?\n\t\u200b\ufe0f🥲😀👍🏻é\ud800\x00İ:/"), max_size=60)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Bagus   BANGET\n\n gan", "bagus banget gan"),
        ("mantappp bangettt", "mantap banget"),
        ("so goooood", "so good"),
        ("barang ok , cepat !", "barang ok, cepat!"),
        ("kecewa!!!!!!!", "kecewa!!!"),
        ("lihat https://contoh.id/a?b=1 ya", "lihat http ya"),
        ("hadeh🥲", "hadeh senyum sedih"),
        ("👍🏻 ❤️", "👍 ❤"),
        ("1000000", "1000000"),
        ("a\x00b\ud83dc", "a b c"),
        (" \u200b ", ""),
    ],
)
def test_what_the_model_reads(text: str, expected: str) -> None:
    assert normalise(text).text == expected


@given(ANY_TEXT | TYPICAL)
def test_every_character_has_an_origin(text: str) -> None:
    result = normalise(text)
    assert len(result.starts) == len(result.ends) == len(result.text)
    for start, end in zip(result.starts, result.ends, strict=True):
        assert 0 <= start < end <= len(text)
    assert result.starts == sorted(result.starts)
    assert result.ends == sorted(result.ends)


@given(ANY_TEXT | TYPICAL)
def test_result_can_be_written_and_has_no_loose_spaces(text: str) -> None:
    result = normalise(text).text
    result.encode("utf-8")
    assert "\x00" not in result
    assert result == result.strip(" ")


@given(ANY_TEXT | TYPICAL, st.data())
def test_span_points_at_what_was_there(text: str, data: st.DataObject) -> None:
    result = normalise(text)
    if not result.text:
        return
    index = data.draw(st.integers(0, len(result.text) - 1))
    start, end = result.span(index, index + 1)
    character = result.text[index]
    if character.isalpha() and character not in "".join(emoji_words().values()) + "htp":
        assert character in text[start:end] + text[start:end].lower()


def test_long_text_keeps_head_and_tail() -> None:
    text = "awal " + "x y " * 300_000 + "akhir"
    result = normalise(text)
    assert len(result.text) <= MAX_CHARACTERS + 1
    assert result.text.startswith("awal")
    assert result.text.endswith("akhir")
    assert text[slice(*result.span(len(result.text) - 5, len(result.text)))] == "akhir"


def test_no_emoji_is_listed_twice_or_without_words() -> None:
    from models import normalise as module

    lines = module.Path(module.__file__).with_name("emoji.tsv").read_text("utf-8").splitlines()
    assert len(lines) == len(emoji_words())
    assert all(len(emoji) == 1 and words for emoji, words in emoji_words().items())
