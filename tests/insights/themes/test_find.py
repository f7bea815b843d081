"""The job: from night to night, over all that may happen to texts in between."""

import itertools
from datetime import datetime
from pathlib import Path

import pytest

from store import theme_texts
from store.engine import Store
from store.mentions import text_hash
from store.theme_texts import placed
from store.themes import FIRST_PART, Polarity, changes, kept_space, living
from tests.insights.themes.said import MATTERS, Words, night, put_texts, texts_about
from tests.stores import empty_store

TEXTS = [text for matter in ("otp", "refund", "courier") for text in texts_about(matter, 40)]


def _where(store: Store, texts: list[str]) -> list[str]:
    """Return the mark of each text; "" where it has none."""
    found = placed(store, 1, "negative", [text_hash(text) for text in texts], since=None)
    return [found.get(text_hash(text), "") for text in texts]


def _phrases(store: Store) -> set[str]:
    return {theme.words[0] for theme in living(store, (), "negative")}


def test_matters_are_found_named_and_kept(store: Store) -> None:
    put_texts(store, TEXTS, prefix="a")
    embed = Words()
    found = night(store, 0, embed)
    assert (found.grouped, found.placed, found.embedded) == (True, 120, 120)
    assert {change.change for change in found.changes} == {"new"}
    assert living(store, (), "positive") == []
    assert found.themes == len(living(store, (), "negative")) >= 3
    for matter in ("otp", "refund", "courier"):
        assert any(name in MATTERS[matter][0] for name in _phrases(store))
    before = _where(store, TEXTS)
    assert "" not in before
    assert sum(name == "negative-other" for name in before) <= 0.25 * len(TEXTS)
    embed.asked.clear()
    assert night(store, 2, embed).placed == 0
    assert (embed.asked, _where(store, TEXTS)) == ([], before)


def test_the_same_data_gives_the_same_themes(store: Store, tmp_path: Path) -> None:
    put_texts(store, TEXTS, prefix="a")
    night(store, 0)
    other = empty_store(tmp_path / "other.db")
    put_texts(other, list(reversed(TEXTS)), prefix="b")
    night(other, 0)
    assert _where(store, TEXTS) == _where(other, TEXTS)
    assert _phrases(store) == _phrases(other)
    other.close()


def test_a_night_reads_only_what_is_new(sqlite_store: Store) -> None:
    put_texts(sqlite_store, TEXTS, prefix="a")
    embed = Words()
    night(sqlite_store, 0, embed)
    embed.asked.clear()
    new = texts_about("otp", 3, seed=9)
    put_texts(sqlite_store, [*new, TEXTS[0], "jelek"], prefix="n", hour=1)
    found = night(sqlite_store, 1, embed)
    assert (found.grouped, found.placed) == (False, 5)
    assert sorted(embed.asked) == sorted([*new, "jelek"])
    assert set(_where(sqlite_store, new)) <= {*_where(sqlite_store, TEXTS[:40]), "negative-other"}
    assert _where(sqlite_store, ["jelek"]) == ["negative-short"]


def test_a_theme_keeps_its_id_as_its_texts_grow(sqlite_store: Store) -> None:
    put_texts(sqlite_store, TEXTS, prefix="a")
    night(sqlite_store, 0)
    before = _where(sqlite_store, TEXTS)
    more = [text for matter in ("otp", "refund", "courier") for text in texts_about(matter, 9, 5)]
    put_texts(sqlite_store, more, prefix="b", hour=1)
    assert night(sqlite_store, 1).grouped
    after = _where(sqlite_store, TEXTS)
    themed = [(a, b) for a, b in zip(before, after, strict=True) if a.isdigit()]
    assert sum(a == b for a, b in themed) >= 0.8 * len(themed)


def test_a_new_matter_is_a_new_theme(sqlite_store: Store) -> None:
    put_texts(sqlite_store, TEXTS, prefix="a")
    night(sqlite_store, 0)
    old = {theme.id for theme in living(sqlite_store, (), "negative")}
    put_texts(sqlite_store, texts_about("crash", 40), prefix="c", hour=1)
    found = night(sqlite_store, 1)
    fresh = {change.theme_id for change in found.changes if change.change == "new"}
    assert fresh
    assert not fresh & old
    crashes = _where(sqlite_store, texts_about("crash", 40))
    assert sum(name.isdigit() and int(name) in fresh for name in crashes) >= 25


def test_a_theme_that_nobody_speaks_of_any_more_is_no_more(sqlite_store: Store) -> None:
    put_texts(sqlite_store, [*texts_about("crash", 40), *TEXTS], prefix="a")
    night(sqlite_store, 0)
    themes = {theme.id for theme in living(sqlite_store, (), "negative")}
    # All forty were edited, to speak of something else, and much was said besides.
    edited = texts_about("refund", 40, seed=3)
    put_texts(sqlite_store, edited, prefix="a", hour=1)
    more = texts_about("courier", 40, seed=3)
    put_texts(sqlite_store, more, prefix="m", hour=1)
    found = night(sqlite_store, 1)
    assert found.grouped
    ended = {change.theme_id for change in found.changes if change.change in ("gone", "merged")}
    now = {theme.id for theme in living(sqlite_store, (), "negative")}
    assert ended
    assert themes - now == ended
    assert set(_where(sqlite_store, [*edited, *more])) <= {*map(str, now), "negative-other"}


def test_an_edited_text_moves(sqlite_store: Store) -> None:
    put_texts(sqlite_store, TEXTS, prefix="a")
    night(sqlite_store, 0)
    refund = texts_about("refund", 1, seed=7)
    put_texts(sqlite_store, refund, prefix="a", hour=1)  # a0 spoke of the OTP
    night(sqlite_store, 1)
    assert _where(sqlite_store, TEXTS[:1]) == [""]
    of_otp = set(_where(sqlite_store, TEXTS[1:40]))
    of_refund = set(_where(sqlite_store, texts_about("refund", 40)))
    assert set(_where(sqlite_store, refund)) <= (of_refund - of_otp) | {"negative-other"}


def test_a_night_with_little_new_asks_nothing_of_all_texts(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_texts(sqlite_store, TEXTS, prefix="a")
    night(sqlite_store, 0)
    assert not night(sqlite_store, 1).placed
    asked: list[str] = []
    hashes, count = theme_texts.hashes, theme_texts.count_texts

    def watched(store: Store, brand: int, polarity: Polarity, since: datetime | None = None):  # type: ignore[no-untyped-def]
        asked.extend(["hashes"] if since is None and polarity == "negative" else [])
        return hashes(store, brand, polarity, since)

    def counted(*of: object, **how: object) -> int:
        asked.append("count")
        return count(*of, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(theme_texts, "hashes", watched)
    monkeypatch.setattr(theme_texts, "count_texts", counted)
    put_texts(sqlite_store, texts_about("otp", 45)[40:], prefix="b", hour=2)
    assert (night(sqlite_store, 2).placed, asked) == (5, [])
    kept = kept_space(sqlite_store, 1, "negative")
    assert kept is not None
    assert (kept.texts, kept.added) == (120, 5)
    put_texts(sqlite_store, texts_about("refund", 70)[40:], prefix="c", hour=3)
    assert night(sqlite_store, 3).grouped
    assert set(asked) == {"hashes", "count"}


def test_a_theme_is_counted_when_enough_has_come(sqlite_store: Store) -> None:
    put_texts(sqlite_store, TEXTS, prefix="a")
    night(sqlite_store, 0)
    more = texts_about("otp", 60)[40:]

    def counts() -> dict[str, int]:
        return {str(one.id): one.n for one in living(sqlite_store, (), "negative")}

    def said() -> dict[str, int]:
        where = _where(sqlite_store, [*TEXTS, *more])
        return {name: where.count(name) for name in set(where) if name.isdigit()}

    first = counts()
    assert first == said()
    for number, text in enumerate(more):
        put_texts(sqlite_store, [text], prefix=f"m{number}", hour=2 + number)
        assert not night(sqlite_store, 2 + number).grouped
        known, there = counts(), said()
        assert known.keys() == there.keys()
        assert all(n <= there[name] <= n + max(1, FIRST_PART * n) for name, n in known.items())
    assert sum(known.values()) > sum(first.values())


def test_a_run_that_was_cut_off_is_completed(sqlite_store: Store) -> None:
    texts = [*TEXTS, "jelek", "parah"]
    put_texts(sqlite_store, texts, prefix="a")

    class Stopped(RuntimeError):
        pass

    calls = itertools.count()

    def renew() -> None:
        if next(calls) == 1:
            raise Stopped

    with pytest.raises(Stopped):
        night(sqlite_store, 0, renew=renew)
    kept = kept_space(sqlite_store, 1, "negative")
    assert kept is not None
    assert kept.looked_at is None
    assert not night(sqlite_store, 0).grouped
    where = _where(sqlite_store, texts)
    assert "" not in where
    counted = {str(theme.id): theme.n for theme in living(sqlite_store, (), "negative")}
    assert counted == {name: where.count(name) for name in set(where) if name.isdigit()}


def test_another_encoder_groups_anew_and_keeps_the_ids(sqlite_store: Store) -> None:
    put_texts(sqlite_store, TEXTS, prefix="a")
    night(sqlite_store, 0)
    before = _where(sqlite_store, TEXTS)
    other = Words()
    other.version = "words-2"
    found = night(sqlite_store, 1, other)
    assert (found.grouped, found.embedded) == (True, 120)
    after = _where(sqlite_store, TEXTS)
    themed = [(a, b) for a, b in zip(before, after, strict=True) if a.isdigit()]
    assert sum(a == b for a, b in themed) >= 0.9 * len(themed)
    assert {change.change for change in changes(sqlite_store, (), "negative")} <= {"new", "renamed"}


def test_few_texts_have_no_themes(store: Store) -> None:
    put_texts(store, texts_about("otp", 40), prefix="a")
    assert night(store, 0).themes == 0
