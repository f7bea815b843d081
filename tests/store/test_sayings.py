"""What was said of one mention, and what of it is read for a whole page at once."""

from __future__ import annotations

from datetime import date, timedelta

from store import cases
from store.corrections import TagChange, correct_many
from store.engine import Store
from store.filter import Filter
from store.lists import list_ids, list_mentions
from store.mentions import edited
from store.sayings import sayings
from tests.builders import NOW, put, review, tag_all, tagged

LATER = NOW + timedelta(hours=1)


def test_the_model_speaks_first_and_people_after_it(store: Store) -> None:
    put(store, [review("1", "lama"), review("2", "cepat")])
    tag_all(store, {"lama": tagged("negative", {"delivery": "negative"})})
    (id,) = [row.id for row in list_mentions(store, Filter()) if row.text == "lama"]
    assert [(one.by, one.sentiment) for one in sayings(store, id)] == [(None, "negative")]
    for by, at, sentiment in (("ana", NOW, "neutral"), ("budi", LATER, "positive")):
        change = TagChange(sentiment, touchpoints={"delivery": None, "price": "neutral"})
        assert correct_many(store, [id], change, by=by, now=at) == 1
    model, ana, budi = sayings(store, id)
    assert (model.complaint, model.touchpoints) == (True, {"delivery": "negative"})
    assert (ana.by, ana.at, ana.sentiment) == ("ana", NOW, "neutral")
    assert (budi.by, budi.at, budi.touchpoints) == ("budi", LATER, {"price": "neutral"})
    (row,) = [row for row in list_mentions(store, Filter()) if row.id == id]
    assert (row.corrected_by, row.corrected_at) == ("budi", LATER)
    assert sayings(store, 999) == []


def test_ids_are_those_of_the_list_and_no_more_than_asked(store: Store) -> None:
    put(store, [review(str(n), f"t{n}", f"2026-05-{n + 1:02}") for n in range(12)])
    tag_all(store, {f"t{n}": tagged("negative", {"price": "negative"}) for n in range(0, 12, 2)})
    for filter in (Filter(), Filter(touchpoints=("price",)), Filter(search="t3 OR t4")):
        whole = [row.id for row in list_mentions(store, filter, limit=50)]
        assert list_ids(store, filter, limit=50) == whole
        assert list_ids(store, filter, limit=2) == whole[:2]


def test_a_page_learns_at_once_what_was_edited_and_who_is_on_it(store: Store) -> None:
    put(store, [review("1", "lama"), review("2", "cepat")])
    put(store, [review("1", "lama sekali")])
    first, second = sorted(row.id for row in list_mentions(store, Filter()))
    assert edited(store, [first, second]) == {first}
    assert cases.cases_of(store, [first, second]) == {}
    cases.save_cases(store, [second], by="ana", now=NOW, owner="Budi", due=date(2026, 6, 2))
    (kept,) = cases.cases_of(store, [first, second]).items()
    assert (kept[0], kept[1].owner, kept[1].due) == (second, "Budi", date(2026, 6, 2))
    cases.save_cases(store, [first], by="ana", now=NOW, owner="Ana")
    assert cases.owners(store) == ["Ana", "Budi"]
