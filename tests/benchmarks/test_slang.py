from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.slang import LIST, slang_words, write_out
from models.normalise import normalise

PARTS = st.sampled_from([*list(slang_words())[::40], "gk", "u", "cs", "im", "enak", "x", "i"])
BETWEEN = st.sampled_from([" ", "  ", ".", "-", "'", "@", "#", "/", "\n", ".id", "!!!!", "🥲", ""])
CHAT = st.lists(PARTS | BETWEEN | st.text(max_size=3), max_size=30).map("".join)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("brg blm sampe, CS gk bales", "barang belum sampai, customer service tidak balas"),
        ("bgttt kecewa bgt.kapok", "banget kecewa banget.kapok"),
        ("pls tell ur friends, dont buy", "please tell your friends, don't buy"),
        ("ongkir gpp", "ongkir tidak apa-apa"),
        ("ora enak, teu aya, mung siji", "ora enak, teu aya, mung siji"),
        ("@gw #yg tp-link u.s. shop.org jd.id", "@gw #yg tp-link u.s. shop.org jd.id"),
        ("bgtulah sdhana", "bgtulah sdhana"),
    ],
)
def test_listed_words_are_written_out_as_whole_words_alone(text: str, expected: str) -> None:
    assert write_out(normalise(text)).text == expected


def test_span_of_a_standard_form_is_the_word_that_was_written() -> None:
    text = "Udh   lapor CS🥲tp GKKK ada yg bales"
    result = write_out(normalise(text))
    assert result.text == "sudah lapor customer service senyum sedih tapi tidak ada yang balas"
    for standard, written in (
        ("sudah", "Udh"),
        ("lapor", "lapor"),
        ("customer service", "CS"),
        ("service", "CS"),
        ("senyum", "🥲"),
        ("tidak", "GKKK"),
        ("lapor customer", "lapor CS"),
        ("ada yang", "ada yg"),
    ):
        start = result.text.index(standard)
        assert text[slice(*result.span(start, start + len(standard)))] == written


@given(CHAT)
def test_every_character_keeps_an_origin(text: str) -> None:
    before = normalise(text)
    after = write_out(before)
    assert len(after.starts) == len(after.ends) == len(after.text)
    assert after.starts == sorted(after.starts)
    assert after.ends == sorted(after.ends)
    assert all(0 <= a < b <= len(text) for a, b in zip(after.starts, after.ends, strict=True))
    if before.text:
        assert after.span(0, len(after.text)) == before.span(0, len(before.text))


@given(CHAT)
def test_twice_is_once(text: str) -> None:
    once = write_out(normalise(text))
    assert write_out(once) == once


def test_list_has_a_version_and_is_sorted_without_repeats() -> None:
    first, *lines = LIST.read_text(encoding="utf-8").splitlines()
    assert re.match(r"# version [1-9]\d*: ", first)
    keys = [line.split("\t")[0] for line in lines]
    assert keys == sorted(set(keys))
    assert len(keys) == len(slang_words())


def test_every_listed_word_can_occur_and_leads_to_no_other() -> None:
    for word, standard in slang_words().items():
        assert re.fullmatch(r"\w+", word)
        assert normalise(word).text == word
        assert normalise(standard).text == standard != word
        assert not set(re.findall(r"\w+", standard)) & set(slang_words())
