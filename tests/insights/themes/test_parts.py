"""The pure parts: words, weights, matching, grouping, names, the space."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import adjusted_rand_score

from insights.themes.grouping import LEFT_OUT, Groups, group
from insights.themes.matching import match
from insights.themes.naming import names
from insights.themes.space import Space, fit
from insights.themes.weights import class_weights
from insights.themes.words import NOT, is_name, stop_words, terms, words_of
from tests.insights.themes.said import MATTERS, Words, texts_about

TEXTS = [text for matter in MATTERS for text in texts_about(matter, 40)]
TRUTH = np.repeat(np.arange(len(MATTERS)), 40)


def test_what_turns_a_phrase_around_is_no_stop_word() -> None:
    assert not stop_words() & NOT
    assert list(terms(["saldo", "tidak"], longest=2)) == ["saldo"]
    assert "tidak bisa login" in list(terms(["tidak", "bisa", "login"], longest=3))


def test_a_phrase_is_contiguous_and_bounded() -> None:
    found = list(terms(words_of("Driver minta ongkos lebih, padahal dekat!"), longest=4))
    assert "driver minta ongkos" in found
    assert all(1 <= len(term.split()) <= 4 for term in found)
    assert not {term.split()[0] for term in found} & stop_words()
    assert not {term.split()[-1] for term in found} & stop_words()


@pytest.mark.parametrize(("word", "brand", "is_one"), [
    ("gojeknya", "Gojek", True), ("gojek", "Gojek", True), ("kopi", "Kopi Kenangan", True),
    ("tokopedianya", "Tokopedia", True), ("toko", "Tokopedia", False), ("driver", "Delta", False),
])  # fmt: skip
def test_names_of_the_brand(word: str, brand: str, is_one: bool) -> None:
    assert is_name(word, brand) is is_one


@given(st.permutations(range(3)), st.lists(st.integers(0, 9), min_size=12, max_size=12))
def test_the_order_of_groups_changes_no_weight(order: list[int], values: list[int]) -> None:
    counts = np.array(values, float).reshape(3, 4)
    np.testing.assert_allclose(class_weights(counts[order]), class_weights(counts)[order])


@given(st.lists(st.integers(0, 4), min_size=10, max_size=60), st.permutations(range(5)))
def test_groups_under_other_numbers_are_the_same_themes(
    groups: list[int], order: list[int]
) -> None:
    matched = match([10 + group for group in groups], [order[group] for group in groups])
    assert matched.changes == ()
    assert matched.same == {order[group]: 10 + group for group in groups}


def test_what_becomes_of_themes() -> None:
    before = [1] * 40 + [2] * 40 + [3] * 10 + [4] * 20 + [None] * 30
    now = [0] * 25 + [1] * 15 + [2] * 40 + [2] * 10 + [None] * 20 + [3] * 30
    matched = match(before, now)
    assert matched.same == {0: 1, 2: 2}
    assert {(change.kind, change.old, change.group) for change in matched.changes} == {
        ("split", 1, 1),
        ("merged", 3, 2),
        ("gone", 4, None),
        ("new", None, 3),
    }


def test_a_theme_without_a_text_left_is_gone() -> None:
    matched = match([1, 1], [0, 0], themes=(1, 2))
    assert matched.same == {0: 1}
    assert [(change.kind, change.old) for change in matched.changes] == [("gone", 2)]


def test_each_old_theme_and_group_is_matched_once() -> None:
    draw = np.random.default_rng(1)
    before, now = draw.integers(0, 6, 300).tolist(), draw.integers(0, 9, 300).tolist()
    matched = match(before, now)
    assert len(set(matched.same.values())) == len(matched.same)
    ended = {change.old for change in matched.changes if change.kind in ("merged", "gone")}
    begun = {change.group for change in matched.changes if change.kind in ("new", "split")}
    assert ended | set(matched.same.values()) == set(before)
    assert begun | set(matched.same) == set(now)


def test_planted_matters_are_found_and_named() -> None:
    embed = Words()
    space = fit(TEXTS, embed(TEXTS), "Senandika")
    features = space.features(TEXTS, embed(TEXTS))
    groups = group(features)
    found = groups.assign(features)
    placed = found >= 0
    assert placed.mean() == pytest.approx(1 - LEFT_OUT, abs=0.01)
    assert adjusted_rand_score(TRUTH[placed], found[placed]) > 0.85
    named = [one[0] for one in names(TEXTS, found.tolist(), len(groups.centroids), "Senandika")]
    assert len(set(named)) == len(named)
    for phrase, _ in MATTERS.values():
        assert any(name in phrase for name in named)


def test_the_same_texts_are_grouped_the_same() -> None:
    embed = Words()
    features = fit(TEXTS, embed(TEXTS), "x").features(TEXTS, embed(TEXTS))
    one, other = group(features), group(features)
    assert one.cut == other.cut
    np.testing.assert_array_equal(one.centroids, other.centroids)


def test_groups_that_begin_where_they_lay_keep_their_places() -> None:
    embed = Words()
    features = fit(TEXTS, embed(TEXTS), "x").features(TEXTS, embed(TEXTS))
    means = np.stack([features[one == TRUTH].mean(axis=0) for one in range(len(MATTERS))])
    found = group(features, means).assign(features)
    kept = found >= 0
    assert (found[kept] == TRUTH[kept]).mean() > 0.9


def test_a_space_is_stored_as_it_is_used() -> None:
    embed = Words()
    space = fit(TEXTS, embed(TEXTS), "Senandika")
    again = Space.from_bytes(space.to_bytes())
    assert again.to_bytes() == space.to_bytes()
    features = again.features(TEXTS, embed(TEXTS))
    np.testing.assert_allclose(features, space.features(TEXTS, embed(TEXTS)), atol=5e-3)
    assert (np.linalg.norm(features, axis=1) <= 1 + 1e-5).all()
    nothing = again.features(["", "zzz"], np.zeros((2, 24), np.float32))
    assert np.isfinite(nothing).all()


def test_a_text_far_from_all_groups_is_of_none() -> None:
    groups = Groups(np.eye(2, 3, dtype=np.float32), 0.5)
    features = np.array([[0.9, 0.1, 0], [0.1, 0.4, 0.9]], np.float32)
    assert groups.assign(features).tolist() == [0, -1]


def test_a_name_leaves_out_the_brand_and_comes_with_words() -> None:
    texts = [f"tokopedia saldo refund belum masuk {word}" for word in "abcdefghi"]
    (name,) = names(texts, [0] * 9, 1, "Tokopedia")
    assert name[0] == "saldo refund belum masuk"
    assert not any("tokopedia" in word for word in name)


def test_one_word_twice_is_no_phrase() -> None:
    texts = ["hati hati penipu", "awas hati hati", "penipuan hati hati"] * 3
    (name,) = names(texts, [0] * 9, 1, "Senandika")
    assert "hati hati" not in name[0]
    assert "hati" in name[0]
