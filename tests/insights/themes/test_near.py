"""The vectors that "like this one" reads: who has one, whatever happens to texts."""

import itertools
from datetime import timedelta

import numpy as np
import pytest
from sqlalchemy import delete, func, select

from insights.themes import near, space
from insights.themes.find import find_themes
from insights.themes.near import Nearness, fit
from simak.mention import RawMention
from store import theme_texts
from store.engine import Store
from store.labels import rebuild
from store.mentions import text_hash
from store.tables import mark, vector, vector_space
from store.tags import save_tags, waiting
from store.themes import brand_names
from store.vectors import hashes_with, kept_space
from tests.builders import NOW, put, review, tagged
from tests.insights.themes.said import MATTERS, Words, night, put_texts, texts_about

TEXTS = [text for matter in ("otp", "refund", "courier") for text in texts_about(matter, 40)]


def _there(store: Store, brand: str = "Senandika") -> set[str]:
    (id,) = [id for id, name in brand_names(store).items() if name == brand]
    kept = kept_space(store, id, "negative")
    return set() if kept is None else hashes_with(store, kept.id)


def _hashes(texts: list[str]) -> set[str]:
    return {text_hash(text) for text in texts}


def _vectors(store: Store) -> dict[bytes, bytes]:
    with store.read() as connection:
        rows = connection.execute(select(vector.c.text_hash, vector.c.vector))
        return {bytes(row.text_hash): bytes(row.vector) for row in rows}


def test_a_vector_says_nearly_what_the_whole_says() -> None:
    texts = [text for matter in MATTERS for text in texts_about(matter, 60)]
    states = Words()(texts)
    fitted = space.fit(texts, states, "Senandika")
    features = fitted.features(texts, states)
    short = fit(fitted, features)
    vectors = short.vectors(texts, states)
    assert vectors.dtype == np.int8
    assert vectors.shape[1] <= near.DIMS
    assert (np.abs(vectors).max(axis=1) == 127).all()
    again = Nearness.from_bytes(short.to_bytes())
    np.testing.assert_allclose(again.vectors(texts, states), vectors, atol=1)
    whole, kept = _nearest(features), _nearest(vectors.astype(np.float32))
    agree = np.mean([len(set(a) & set(b)) / 5 for a, b in zip(whole, kept, strict=True)])
    assert agree > 0.8


def _nearest(rows: np.ndarray) -> list[list[int]]:
    unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    cosines = unit @ unit.T
    np.fill_diagonal(cosines, -1)
    found: list[list[int]] = np.argsort(-cosines, axis=1)[:, :5].tolist()
    return found


def test_every_text_that_is_looked_at_gets_one(store: Store) -> None:
    put_texts(store, [*TEXTS, TEXTS[0], "jelek"], prefix="a")
    put_texts(store, ["netral"], prefix="n", tags=tagged("neutral"))
    night(store, 0)
    assert _there(store) == _hashes([*TEXTS, "jelek"])
    before = _vectors(store)
    new = texts_about("otp", 3, seed=9)
    put_texts(store, new, prefix="b", hour=1)
    embed = Words()
    night(store, 1, embed)
    assert sorted(embed.asked) == sorted(new)
    assert _there(store) == _hashes([*TEXTS, "jelek", *new])
    assert before.items() <= _vectors(store).items()


def test_an_erased_or_edited_text_has_none_at_once(store: Store) -> None:
    put_texts(store, TEXTS, prefix="a")
    put_texts(store, TEXTS[:2], prefix="again")
    put_texts(store, TEXTS, prefix="other", brand="B")
    find_themes(store, Words(), now=lambda: NOW + timedelta(minutes=30))
    assert _there(store) == _there(store, "B") == _hashes(TEXTS)
    gone = [RawMention(external_id=id, deleted=True) for id in ("a0", "a1", "a2", "again0")]
    put(store, [*gone, review("a3", "yang lain sama sekali")])
    # The second is still said by another mention, and the other brand's were not touched.
    assert _there(store) == _hashes(TEXTS) - _hashes([TEXTS[0], TEXTS[2], TEXTS[3]])
    assert _there(store, "B") == _hashes(TEXTS)


def test_a_text_that_no_longer_complains_loses_it_with_the_next_night(store: Store) -> None:
    put_texts(store, TEXTS, prefix="a")
    night(store, 0)
    neutral = set(TEXTS[:5])
    for batch in waiting(store, "newer"):
        tags = [tagged("neutral" if one.text in neutral else "negative") for one in batch]
        save_tags(store, batch, tags, model="newer", now=NOW + timedelta(hours=1))
    night(store, 1)
    assert _there(store) == _hashes(TEXTS[5:])


def test_counting_anew_keeps_them(store: Store) -> None:
    put_texts(store, TEXTS, prefix="a")
    night(store, 0)
    before = _vectors(store)
    rebuild(store)
    assert _vectors(store) == before


def test_themes_of_before_get_theirs_and_stay_as_they_are(sqlite_store: Store) -> None:
    put_texts(sqlite_store, [*TEXTS, "jelek"], prefix="a")
    night(sqlite_store, 0)

    def marks() -> list[tuple[object, ...]]:
        with sqlite_store.read() as connection:
            return [tuple(row) for row in connection.execute(select(mark).order_by(*mark.c))]

    before, placed = _vectors(sqlite_store), marks()
    with sqlite_store.write() as connection:
        connection.execute(delete(vector))
        connection.execute(delete(vector_space))
    found = night(sqlite_store, 1)
    assert (found.grouped, found.placed, found.embedded) == (False, 0, 121)
    assert _vectors(sqlite_store).keys() == before.keys()
    assert marks() == placed
    assert night(sqlite_store, 2).embedded == 0


def test_what_a_run_that_was_cut_off_has_left_is_done_by_the_next(sqlite_store: Store) -> None:
    put_texts(sqlite_store, [*TEXTS, "jelek", "parah"], prefix="a")
    for stop in itertools.count():
        calls = itertools.count()

        def renew(stop: int = stop, calls: "itertools.count[int]" = calls) -> None:
            if next(calls) == stop:
                raise RuntimeError

        try:
            night(sqlite_store, 0, renew=renew)
        except RuntimeError:
            continue
        break
    assert stop > 2
    assert _there(sqlite_store) == _hashes([*TEXTS, "jelek", "parah"])


def test_a_space_is_made_anew_until_it_comes_of_enough(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(near, "ENOUGH", 150)
    put_texts(sqlite_store, TEXTS, prefix="a")
    said, ids = list(TEXTS), []
    for hour in range(4):
        night(sqlite_store, hour)
        kept = kept_space(sqlite_store, 1, "negative")
        assert kept is not None
        ids.append((kept.id, kept.texts))
        assert _there(sqlite_store) == _hashes(said)
        more = [t for matter in MATTERS for t in texts_about(matter, 12 + 3 * hour, seed=hour + 5)]
        put_texts(sqlite_store, more, prefix=f"n{hour}", hour=hour + 1)
        said += more
    assert [texts for _, texts in ids] == [120, 168, 168, 168]
    with sqlite_store.read() as connection:
        assert connection.scalar(select(func.count(vector.c.space_id.distinct()))) == 1


def test_another_encoder_leaves_none_of_the_old(store: Store) -> None:
    put_texts(store, [*TEXTS, "jelek"], prefix="a")
    night(store, 0)
    before = _vectors(store)
    other = Words()
    other.version = "words-2"
    night(store, 1, other)
    kept = kept_space(store, 1, "negative")
    assert kept is not None
    assert kept.model == "words-2"
    assert _vectors(store).keys() == before.keys()
    assert theme_texts.count_texts(store, 1, "negative") == len(before) > 3
    assert theme_texts.count_texts(store, 1, "negative", at_most=3) == 3
