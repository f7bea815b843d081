"""The job: from night to night, over all that may happen to texts in between."""

import itertools
from datetime import timedelta

import pytest

from insights.themes.find import find_themes
from store.engine import Store
from store.mentions import text_hash
from store.theme_texts import placed
from store.themes import changes, kept_space, living
from tests.builders import NOW, put, review, tag_all, tagged
from tests.insights.themes.said import MATTERS, Words, put_texts, texts_about
from tests.stores import empty_store

TEXTS = [text for matter in ("otp", "refund", "courier") for text in texts_about(matter, 40)]


def _where(store: Store, texts: list[str]) -> list[str | None]:
    found = placed(store, 1, "negative", [text_hash(text) for text in texts])
    return [found.get(text_hash(text)) for text in texts]


def _phrases(store: Store) -> set[str]:
    return {theme.words[0] for theme in living(store, (), "negative")}


def test_matters_are_found_named_and_kept(store: Store) -> None:
    put_texts(store, TEXTS, prefix="a")
    embed = Words()
    negative, positive = find_themes(store, embed)
    assert (negative.grouped, negative.placed, negative.embedded) == (True, 120, 120)
    assert (positive.themes, positive.placed) == (0, 0)
    assert {change.change for change in negative.changes} == {"new"}
    assert negative.themes == len(living(store, (), "negative")) >= 3
    for matter in ("otp", "refund", "courier"):
        assert any(name in MATTERS[matter][0] for name in _phrases(store))
    before = _where(store, TEXTS)
    assert None not in before
    assert sum(name == "negative-other" for name in before) <= 0.25 * len(TEXTS)
    asked, found = len(embed.asked), find_themes(store, embed)
    assert [one.placed for one in found] == [0, 0]
    assert (len(embed.asked), _where(store, TEXTS)) == (asked, before)


def test_the_same_data_gives_the_same_themes(store: Store, tmp_path) -> None:  # type: ignore[no-untyped-def]
    put_texts(store, TEXTS, prefix="a")
    find_themes(store, Words())
    other = empty_store(tmp_path / "other.db")
    put_texts(other, list(reversed(TEXTS)), prefix="b")
    find_themes(other, Words())
    assert _where(store, TEXTS) == _where(other, TEXTS)
    assert _phrases(store) == _phrases(other)
    other.close()


def test_a_night_reads_only_what_is_new(sqlite_store: Store) -> None:
    put_texts(sqlite_store, TEXTS, prefix="a")
    embed = Words()
    find_themes(sqlite_store, embed, now=lambda: NOW)
    embed.asked.clear()
    new = texts_about("otp", 3, seed=9)
    later = NOW + timedelta(days=1)
    put(sqlite_store, [review(f"n{i}", text) for i, text in enumerate([*new, TEXTS[0], "jelek"])])
    _tag_later(sqlite_store, [*new, TEXTS[0], "jelek"], later)
    (found, _) = find_themes(sqlite_store, embed, now=lambda: later)
    assert (found.grouped, found.placed) == (False, 5)
    assert sorted(embed.asked) == sorted([*new, "jelek"])
    otp = {name for name in _where(sqlite_store, texts_about("otp", 40)) if name.isdigit()}  # type: ignore[union-attr]
    assert set(_where(sqlite_store, new)) <= otp | {"negative-other"}
    assert _where(sqlite_store, ["jelek"]) == ["negative-short"]


def _tag_later(store: Store, texts, at) -> None:  # type: ignore[no-untyped-def]
    from store.tags import save_tags, waiting

    for batch in waiting(store, "test-model"):
        tags = [tagged("negative", {"app": "negative"}) for _ in batch]
        save_tags(store, batch, tags, model="test-model", now=at)


def test_a_theme_keeps_its_id_as_its_texts_grow(sqlite_store: Store) -> None:
    put_texts(sqlite_store, TEXTS, prefix="a")
    find_themes(sqlite_store, Words())
    before = _where(sqlite_store, TEXTS)
    more = [text for matter in ("otp", "refund", "courier") for text in texts_about(matter, 9, 5)]
    put_texts(sqlite_store, more, prefix="b")
    (found, _) = find_themes(sqlite_store, Words())
    assert found.grouped
    after = _where(sqlite_store, TEXTS)
    themed = [(a, b) for a, b in zip(before, after, strict=True) if a is not None and a.isdigit()]
    assert sum(a == b for a, b in themed) >= 0.9 * len(themed)


def test_a_new_matter_is_a_new_theme(sqlite_store: Store) -> None:
    put_texts(sqlite_store, TEXTS, prefix="a")
    find_themes(sqlite_store, Words())
    old = {theme.id for theme in living(sqlite_store, (), "negative")}
    put_texts(sqlite_store, texts_about("crash", 40), prefix="c")
    (found, _) = find_themes(sqlite_store, Words())
    fresh = {change.theme_id for change in found.changes if change.change in ("new", "split")}
    assert fresh
    assert not fresh & old
    crashes = [name for name in _where(sqlite_store, texts_about("crash", 40)) if name is not None]
    assert sum(name.isdigit() and int(name) in fresh for name in crashes) >= 25


def test_a_theme_that_nobody_speaks_of_any_more_is_gone(sqlite_store: Store) -> None:
    texts = [*TEXTS, *texts_about("crash", 40)]
    put_texts(sqlite_store, texts, prefix="a")
    find_themes(sqlite_store, Words())
    themes = {theme.id for theme in living(sqlite_store, (), "negative")}
    # All of them were edited, to speak of something else.
    others = texts_about("refund", 40, seed=3)
    more = texts_about("courier", 40, seed=3)
    put(sqlite_store, [review(f"a{120 + i}", text) for i, text in enumerate(others)])
    put(sqlite_store, [review(f"m{i}", text) for i, text in enumerate(more)])
    tag_all(sqlite_store, dict.fromkeys([*others, *more], tagged("negative")))
    (found, _) = find_themes(sqlite_store, Words())
    ended = {c.theme_id for c in found.changes if c.change in ("gone", "merged")}
    assert found.grouped
    assert ended | {theme.id for theme in living(sqlite_store, (), "negative")} >= themes
    assert all(where is not None for where in _where(sqlite_store, [*others, *more]))


def test_an_edited_text_moves(sqlite_store: Store) -> None:
    put_texts(sqlite_store, TEXTS, prefix="a")
    find_themes(sqlite_store, Words())
    (refund,) = texts_about("refund", 1, seed=7)
    put(sqlite_store, [review("a0", refund)])
    tag_all(sqlite_store, {refund: tagged("negative")})
    find_themes(sqlite_store, Words())
    assert _where(sqlite_store, [TEXTS[0]]) == [None]
    of_refund = set(_where(sqlite_store, texts_about("refund", 40)))
    assert _where(sqlite_store, [refund])[0] in of_refund | {"negative-other"}


def test_a_run_that_was_cut_off_is_completed(sqlite_store: Store) -> None:
    put_texts(sqlite_store, [*TEXTS, "jelek", "parah"], prefix="a")

    class Stopped(RuntimeError):
        pass

    calls = itertools.count()

    def renew() -> None:
        if next(calls) == 1:
            raise Stopped

    with pytest.raises(Stopped):
        find_themes(sqlite_store, Words(), renew=renew)
    kept = kept_space(sqlite_store, 1, "negative")
    assert kept is not None
    assert kept.looked_at is None
    (found, _) = find_themes(sqlite_store, Words())
    assert not found.grouped
    assert None not in _where(sqlite_store, [*TEXTS, "jelek", "parah"])
    assert sum(theme.n for theme in living(sqlite_store, (), "negative")) == sum(
        where is not None and where.isdigit()
        for where in _where(sqlite_store, [*TEXTS, "jelek", "parah"])
    )


def test_another_encoder_groups_anew_and_keeps_the_ids(sqlite_store: Store) -> None:
    put_texts(sqlite_store, TEXTS, prefix="a")
    find_themes(sqlite_store, Words())
    before = _where(sqlite_store, TEXTS)
    other = Words()
    other.version = "words-2"
    (found, _) = find_themes(sqlite_store, other)
    assert (found.grouped, found.embedded) == (True, 120)
    assert _where(sqlite_store, TEXTS) == before
    assert {change.change for change in changes(sqlite_store, (), "negative")} == {"new"}


def test_few_texts_have_no_themes(store: Store) -> None:
    put_texts(store, texts_about("otp", 40), prefix="a")
    assert [one.themes for one in find_themes(store, Words())] == [0, 0]
