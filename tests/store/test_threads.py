import pytest

from store.engine import Store
from store.filter import Filter
from store.lists import list_mentions
from store.threads import thread
from tests.builders import put, review


def _thread(store: Store, text: str, **more: int) -> list[str]:
    (id,) = [row.id for row in list_mentions(store, Filter(), limit=500) if row.text == text]
    return [row.text for row in thread(store, id, **more)]


@pytest.fixture
def talk(store: Store) -> Store:
    put(
        store,
        [
            review("p", "tanya", "2026-05-01"),
            review("a", "jawab", "2026-05-03", parent_id="p"),
            review("b", "lagi", "2026-05-02", parent_id="p"),
            review("c", "jawab jawaban", "2026-05-04", parent_id="a"),
            review("d", "di bawah kiriman", "2026-05-05", parent_id="their post"),
            review("e", "juga di sana", None, parent_id="their post"),
            review("alone", "sendiri"),
        ],
    )
    put(store, [review("x", "merek lain", parent_id="p")], brand="B")
    put(store, [review("x", "sumber lain", parent_id="p")], source="x")
    return store


def test_a_thread_is_whole_from_wherever_it_is_opened(talk: Store) -> None:
    whole = ["tanya", "lagi", "jawab", "jawab jawaban"]
    for text in whole:
        assert _thread(talk, text) == whole


def test_what_answers_the_same_post_belongs_together(talk: Store) -> None:
    assert _thread(talk, "di bawah kiriman") == ["juga di sana", "di bawah kiriman"]


def test_nothing_is_made_up(talk: Store) -> None:
    assert _thread(talk, "sendiri") == ["sendiri"]
    assert _thread(talk, "merek lain") == ["merek lain"]
    assert thread(talk, 9_999) == []


def test_a_long_thread_is_cut_far_from_where_it_is_opened(store: Store) -> None:
    chain = [review(str(i), f"t{i}", f"2026-05-{i + 1:02}", parent_id=str(i - 1)) for i in range(9)]
    put(store, chain)
    near = _thread(store, "t4", limit=3)
    assert near == ["t3", "t4", "t5"]
    assert len(_thread(store, "t4")) == 9


def test_answers_that_go_in_a_circle_end(store: Store) -> None:
    put(store, [review("1", "a", parent_id="2"), review("2", "b", parent_id="1")])
    assert sorted(_thread(store, "a")) == ["a", "b"]
    put(store, [review("3", "c", parent_id="3")])
    assert _thread(store, "c") == ["c"]
