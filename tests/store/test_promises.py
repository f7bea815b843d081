from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from simak.errors import ConfigurationError
from simak.relevance import parse_query
from store.actions import actions, add_action, remove_action
from store.corrections import correct
from store.engine import Store
from store.filter import Filter
from store.lists import count
from store.marks import add_to_mark
from store.promises import (
    SIDES,
    Promise,
    add_promise,
    counting,
    end_promise,
    find_promise,
    matching,
    promises,
    refresh_promises,
    remove_promise,
)
from store.tables import mark, mention
from tests.builders import NOW, put, review, tag_all, tagged
from tests.stores import empty_store

SAID = {
    "same day sampai sore, mantap": tagged("positive", {"delivery": "positive"}),
    "Same-day apanya, besoknya baru sampai": tagged("negative", {"delivery": "negative"}),
    "sameday tapi barangnya rusak": tagged("negative", {"product_quality": "negative"}),
    "kirim cepat": tagged("positive", {"delivery": "positive"}),
}
QUERY = '"same day" OR sameday'


@pytest.fixture
def said(store: Store) -> Store:
    put(store, [review(str(i), text) for i, text in enumerate(SAID)])
    put(store, [review("r", "same day sampai sore, mantap")], brand="Griyakita")
    tag_all(store, SAID)
    return store


def promised(store: Store, **fields: object) -> Promise:
    given = {"text": "dikirim hari ini", "since": date(2026, 5, 1), "broken": QUERY, "kept": QUERY}
    return add_promise(store, brand="Senandika", touchpoint="delivery", now=NOW, **given | fields)  # type: ignore[arg-type]


def told(store: Store, promise: Promise) -> dict[str, int]:
    return {side: count(store, promise.behind(Filter(), side)).n for side in SIDES}


def test_a_query_and_the_touchpoint_must_hold(said: Store) -> None:
    promise = promised(said)
    assert told(said, promise) == {"broken": 1, "kept": 1}
    assert matching(said, "Senandika", {"kept": QUERY})["kept"] == [1, 2, 3]
    assert matching(said, "Senandika", {"kept": QUERY}, since=date(2026, 5, 11)) == {"kept": []}
    assert counting(said, "delivery", "broken", [1, 2, 3]) == {1: False, 2: True}
    assert counting(said, "delivery", "kept", [1, 2, 3]) == {1: True, 2: False}


def test_praise_in_a_text_that_is_bad_over_all_does_not_count(said: Store) -> None:
    text = "same day yang ga same day"
    put(said, [review("7", text)])
    tag_all(said, {text: tagged("negative", {"delivery": "positive"})})
    assert told(said, promised(said)) == {"broken": 1, "kept": 1}
    (id,) = set(matching(said, "Senandika", {"kept": QUERY})["kept"]) - {1, 2, 3}
    assert counting(said, "delivery", "kept", [id]) == {id: False}


def test_what_comes_later_and_what_is_edited_is_found_once(said: Store) -> None:
    promise = promised(said)
    assert refresh_promises(said) == 4
    assert refresh_promises(said) == 0
    late = "Same day, dua hari belum sampai"
    put(
        said, [review("9", late), review("0", "sampai sore, mantap"), review("3", "same day cepat")]
    )
    tags = {
        late: tagged("negative", {"delivery": "negative"}),
        "sampai sore, mantap": tagged("positive", {"delivery": "positive"}),
        "same day cepat": tagged("positive", {"delivery": "positive"}),
    }
    tag_all(said, tags)
    assert refresh_promises(said) > 0
    assert told(said, promise) == {"broken": 2, "kept": 1}
    assert refresh_promises(said) == 0


QUERIES = ['"same day" OR sameday', "Kirím* -lama", "NOT (NOT kirim)", "#cod (@senja OR a)",
           '"tak_ada janji"', "lama AND (kirim OR day OR cod)"]  # fmt: skip
PIECES = ["same", "day", "sameday", "kirimnya", "KIRÍM", "lama", "#cod", "cod", "@senja", "janjiku",
          "tak_ada", "a", " ", "-", ".", "_", "🙏"]  # fmt: skip


@settings(max_examples=20, deadline=None)
@given(texts=st.lists(st.lists(st.sampled_from(PIECES), min_size=1).map("".join), max_size=30))
def test_the_index_passes_nothing_over(texts: list[str]) -> None:
    with TemporaryDirectory() as folder:
        store = empty_store(Path(folder) / "simak.db")
        put(store, [review(str(place), text) for place, text in enumerate(texts, 1)])
        put(store, [review("0", "")])
        with store.read() as connection:
            stored = connection.execute(select(mention.c.id, mention.c.text)).all()
        for query in QUERIES:
            about = parse_query(query)
            hits = [row.id for row in stored if row.text and about(row.text)]
            assert matching(store, "Senandika", {"kept": query})["kept"] == hits
        store.close()


def test_only_texts_with_its_words_are_read(said: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []

    def noted(text: str) -> str:
        read.append(text)
        return text

    about = parse_query(QUERY)
    monkeypatch.setattr("store.promises.parse_query", lambda _: lambda text: about(noted(text)))
    assert matching(said, "Senandika", {"kept": QUERY})["kept"] == [1, 2, 3]
    assert len(read) == (3 if said.is_sqlite else 4)


def test_a_promise_that_is_cut_off_leaves_nothing(
    said: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr("store.promises._name", killed)
    with pytest.raises(KeyboardInterrupt):
        promised(said)
    assert promises(said) == []


def test_a_removal_that_was_cut_off_is_in_nobodys_way(said: Store) -> None:
    add_to_mark(said, "promise", "1:broken", [1, 2])
    promise = promised(said)
    assert promise.id == 1
    assert told(said, promise) == {"broken": 1, "kept": 1}


def test_a_correction_counts_at_once(said: Store) -> None:
    promise = promised(said)
    correct(said, 1, tagged("negative", {"delivery": "negative"}), by="R", now=NOW)
    assert told(said, promise) == {"broken": 2, "kept": 0}


def test_without_a_query_words_of_any_promise_are_looked_for(store: Store) -> None:
    texts = {
        "tepat waktu terus": tagged("positive", {"delivery": "positive"}),
        "estimasinya mundur lagi": tagged("negative", {"delivery": "negative"}),
        "katanya cepat": tagged("negative", {"delivery": "negative"}),
        "cepat": tagged("positive", {"delivery": "positive"}),
    }
    put(store, [review(str(i), text) for i, text in enumerate(texts)])
    tag_all(store, texts)
    assert told(store, promised(store, broken="", kept="")) == {"broken": 1, "kept": 1}


def test_a_promise_that_has_ended_counts_no_later_text(said: Store) -> None:
    promise = promised(said)
    put(said, [review("later", "same day sampai sore, mantap", "2026-09-01")])
    tag_all(said, SAID)
    refresh_promises(said)
    whole = Filter(since=promise.since, until=date(2026, 12, 31))
    held = promise.while_held(whole)
    assert held is not None
    assert count(said, promise.behind(held, "kept")).n == 2
    ended = end_promise(said, promise.id, date(2026, 8, 31))
    assert ended == find_promise(said, promise.id)
    assert ended.until == date(2026, 8, 31)
    held = ended.while_held(whole)
    assert held is not None
    assert count(said, ended.behind(held, "kept")).n == 1
    with pytest.raises(ConfigurationError, match="before it begins"):
        end_promise(said, promise.id, date(2026, 4, 30))
    assert find_promise(said, promise.id) == ended
    with pytest.raises(ConfigurationError, match="no promise 99"):
        end_promise(said, 99, date(2026, 8, 31))


def test_a_promise_that_is_removed_leaves_nothing(said: Store) -> None:
    promise = promised(said)
    assert promises(said, ("Senandika",)) == [promise]
    assert promises(said, ("Griyakita",)) == []
    remove_promise(said, promise.id)
    assert promises(said) == []
    with said.read() as connection:
        assert connection.execute(select(mark)).all() == []
    with pytest.raises(ConfigurationError, match="no promise"):
        remove_promise(said, promise.id)


@pytest.mark.parametrize(
    ("fields", "sign"),
    [
        ({"broken": "((("}, "cannot be read"),
        ({"kept": "NOT a"}, "must not occur"),
        ({"until": date(2026, 4, 1)}, "before it begins"),
    ],
)
def test_what_cannot_be_a_promise_is_not_stored(
    said: Store, fields: dict[str, object], sign: str
) -> None:
    with pytest.raises(ConfigurationError, match=sign):
        promised(said, **fields)
    assert promises(said) == []


def test_a_brand_nobody_spoke_of_has_neither_promises_nor_actions(said: Store) -> None:
    fields = {"text": "x", "touchpoint": "delivery", "now": NOW}
    with pytest.raises(ConfigurationError, match=r"'Nol'.*Griyakita, Senandika"):
        add_promise(said, brand="Nol", since=date(2026, 5, 1), **fields)  # type: ignore[arg-type]
    with pytest.raises(ConfigurationError, match="'Nol'"):
        add_action(said, brand="Nol", day=date(2026, 5, 1), by="R", **fields)  # type: ignore[arg-type]


def test_actions_are_kept_by_brand_and_day(said: Store) -> None:
    def add(brand: str, day: int, touchpoint: str | None = None) -> object:
        return add_action(
            said, brand=brand, text="x", touchpoint=touchpoint, day=date(2026, 5, day), by="Rina",
            now=NOW,
        )  # fmt: skip

    late, early, other = add("Senandika", 9), add("Senandika", 2, "delivery"), add("Griyakita", 5)
    assert actions(said) == [other, early, late]
    assert actions(said, ("Senandika",)) == [early, late]
    remove_action(said, 1)
    assert actions(said, ("Senandika",)) == [early]
    with pytest.raises(ConfigurationError, match="no action 1"):
        remove_action(said, 1)
