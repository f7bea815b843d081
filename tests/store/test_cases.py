"""A case, all that became of it, and what its counts open."""

from datetime import date, timedelta
from typing import Any

import pytest

from simak.errors import ConfigurationError, StoreError
from simak.mention import RawMention
from store import cases as desk
from store.case_list import cases, count_cases, late, place
from store.cases import UNFINISHED, cases_of, history, save_cases
from store.engine import Store
from store.filter import CaseIs, Filter
from store.lists import count, list_mentions
from tests.builders import NOW, put, review, tag_all, tagged

LATER = NOW + timedelta(hours=3)
TODAY = date(2026, 6, 1)


def _ids(store: Store, filter: Filter = Filter()) -> list[int]:  # noqa: B008
    return sorted(row.id for row in list_mentions(store, filter, limit=500))


@pytest.fixture
def ten(store: Store) -> Store:
    put(store, [review(str(i), f"t{i}", channel="x" if i % 2 else "web") for i in range(10)])
    tag_all(store, {f"t{i}": tagged("negative", {"price": "negative"}) for i in range(6)})
    return store


def test_all_that_becomes_of_a_case_is_kept(ten: Store) -> None:
    id = _ids(ten)[0]
    assert cases_of(ten, [id]).get(id) is None
    due = date(2026, 6, 3)
    assert save_cases(ten, [id], by="ana", now=NOW, owner=" Budi ", due=due, note="telepon") == 1
    done: dict[str, Any] = {"status": "done", "note": "sudah diganti", "due": None}
    assert save_cases(ten, [id], by="budi", now=LATER, **done) == 1
    assert save_cases(ten, [id], by="cici", now=LATER, status="done", owner="Budi") == 0
    found = cases_of(ten, [id]).get(id)
    assert found == desk.Case(id, "Budi", "done", "sudah diganti", None, "ana", NOW, "budi", LATER)
    assert [(one.field, one.before, one.after, one.by, one.at) for one in history(ten, id)] == [
        ("status", None, "open", "ana", NOW),
        ("owner", None, "Budi", "ana", NOW),
        ("due", None, "2026-06-03", "ana", NOW),
        ("note", None, "telepon", "ana", NOW),
        ("status", "open", "done", "budi", LATER),
        ("due", "2026-06-03", None, "budi", LATER),
        ("note", "telepon", "sudah diganti", "budi", LATER),
    ]
    assert history(ten, _ids(ten)[1]) == []


def test_many_at_once_open_or_change(ten: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk, "ROWS_PER_WRITE", 3)
    ids = _ids(ten)
    save_cases(ten, ids[:4], by="ana", now=NOW, owner="Ana", note="satu")
    assert save_cases(ten, ids, by="budi", now=LATER, owner="Ana") == 6
    assert cases_of(ten, [ids[0]])[ids[0]].changed_by == "ana"
    assert [cases_of(ten, [id])[id].note for id in ids[3:5]] == ["satu", None]
    assert save_cases(ten, [], by="ana", now=NOW) == 0


def test_what_cannot_be_is_refused_and_nothing_written(ten: Store) -> None:
    ids = _ids(ten)
    with pytest.raises(ConfigurationError, match="in_progress"):
        save_cases(ten, ids, by="ana", now=NOW, status="closed")
    with pytest.raises(StoreError, match="no mention 9999"):
        save_cases(ten, [*ids, 9999], by="ana", now=NOW)
    assert cases(ten, Filter()) == []


def test_an_edited_or_erased_mention_keeps_its_case(ten: Store) -> None:
    first, second = _ids(ten)[:2]
    save_cases(ten, [first, second], by="ana", now=NOW, note="x")
    put(ten, [review("0", "diubah"), RawMention(external_id="1", deleted=True)])
    assert [one.mention_id for one in cases(ten, Filter())] == [first, second]
    assert len(history(ten, second)) == 2
    assert count(ten, Filter(case=CaseIs())).n == 2


def test_every_count_opens_its_mentions(ten: Store) -> None:
    ids = _ids(ten)
    yesterday = TODAY - timedelta(days=1)
    for some, fields in (
        (ids[:3], {"owner": "Ana", "due": yesterday}),
        (ids[3:5], {"owner": "Budi", "due": TODAY}),
        (ids[5:7], {"status": "waiting"}),
        (ids[7:8], {"status": "done", "owner": "Ana", "due": yesterday}),
    ):
        save_cases(ten, some, by="ana", now=NOW, **fields)  # type: ignore[arg-type]
    for filter in (Filter(), Filter(channels=("x",)), Filter(touchpoints=("price",))):
        counts = count_cases(ten, filter, today=TODAY)
        opened = [(n, CaseIs(statuses=(status,))) for status, n in counts.statuses.items()]
        opened += [
            (n, CaseIs(statuses=UNFINISHED, owner=owner)) for owner, n in counts.owners.items()
        ]
        opened += [(counts.overdue, late(TODAY)), (sum(counts.statuses.values()), CaseIs())]
        for n, wanted in opened:
            assert count(ten, filter.but(case=wanted)).n == n
            found = cases(ten, filter.but(case=wanted))
            assert sorted(one.mention_id for one in found) == _ids(ten, filter.but(case=wanted))
            assert len(found) == n
    counts = count_cases(ten, Filter(), today=TODAY)
    assert counts.statuses == {"open": 5, "waiting": 2, "done": 1}
    assert list(counts.owners.items()) == [("Ana", 3), ("", 2), ("Budi", 2)]
    assert counts.overdue == 3 == sum(one.overdue(TODAY) for one in cases(ten, Filter()))


def test_what_is_due_first_comes_first_and_pages_cover_it(ten: Store) -> None:
    ids = _ids(ten)
    days = [None, 3, 1, None, 2, 1, 3, None, None, 1]
    for id, day in zip(ids, days, strict=True):
        due = None if day is None else date(2026, 6, day)
        save_cases(ten, [id], by="ana", now=NOW, due=due)
    pages, after = [], None
    while page := cases(ten, Filter(), limit=3, after=after):
        pages += page
        after = place(page[-1])
    assert [one.mention_id for one in pages] == [
        id for _, id in sorted((day or 99, id) for day, id in zip(days, ids, strict=True))
    ]


def test_no_rollup_counts_cases(ten: Store) -> None:
    save_cases(ten, _ids(ten)[:2], by="ana", now=NOW)
    day = date(2026, 5, 10)
    for filter in (Filter(), Filter(since=day, until=day), Filter(brands=("Senandika",))):
        assert count(ten, filter.but(case=CaseIs(statuses=("open",)))).n == 2
        assert count(ten, filter.but(case=CaseIs(owner="Ana"))).n == 0
