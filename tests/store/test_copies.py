from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import select

from simak.mention import RawMention
from simak.near_duplicates import Groups, Said, month_of
from store import rollups
from store.copies import Repeats, copy_groups, find_copies, repeats
from store.engine import Store
from store.filter import Filter
from store.lists import count, get_mentions, list_mentions
from store.sketches import sketches as sketches_of
from store.tables import copy, mention, sketch
from tests.builders import put, review, tag_all, tagged

CAMPAIGN = "jangan pernah belanja di senandika karena barangnya palsu dan uang tidak kembali"
OWN = "paket saya sudah dua minggu belum sampai dan cs tidak membalas sama sekali"


def copies(*days: str, start: int = 0, text: str = CAMPAIGN) -> list[RawMention]:
    return [
        review(f"c{start + n}", f"{text}{'!' * n}", day, author=f"akun{start + n}", stars=1)
        for n, day in enumerate(days)
    ]


@pytest.fixture
def campaign(store: Store) -> Store:
    put(store, copies("2026-05-03", "2026-05-04", "2026-05-04", "2026-05-20"))
    put(
        store,
        [review("own", OWN, "2026-05-04", author="budi", stars=2), review("none", "", stars=1)],
    )
    put(store, copies("2026-05-04", start=50), brand="Lain")
    tag_all(
        store,
        {
            f"{CAMPAIGN}{'!' * n}": tagged(touchpoints={"product_quality": "negative"})
            for n in range(4)
        }
        | {OWN: tagged(touchpoints={"delivery": "negative", "customer_service": "negative"})},
    )
    assert find_copies(store) == 3
    return store


ALL = Filter(brands=("Senandika",))
WITHOUT = ALL.but(copies=False)


def test_copies_are_grouped_and_nothing_is_left_out_by_itself(campaign: Store) -> None:
    (group,) = copy_groups(campaign, ALL)
    assert (group.n, group.accounts, group.brand, group.text) == (4, 4, "Senandika", CAMPAIGN)
    assert (group.first.day, group.last.day) == (3, 20)
    assert count(campaign, ALL).n == 6
    listed = list_mentions(campaign, ALL.but(copy_group=group.id))
    assert {row.external_id for row in listed} == {"c0", "c1", "c2", "c3"}
    assert count(campaign, ALL.but(copy_group=group.id)).n == 4


def test_without_copies_the_first_is_left(campaign: Store) -> None:
    listed = list_mentions(campaign, WITHOUT)
    assert {row.external_id for row in listed} == {"c0", "own", "none"}
    assert count(campaign, WITHOUT).n == 3


@pytest.mark.parametrize(
    "narrowed",
    [
        {},
        {"since": date(2026, 5, 4), "until": date(2026, 5, 4)},
        {"since": date(2026, 4, 20), "until": date(2026, 5, 19)},
        {"since": date(2026, 3, 1), "until": date(2026, 6, 20)},
        {"complaint": True},
        {"complaint": False},
        {"has_rating": True},
        {"sentiments": ("negative",)},
        {"channels": ("google_play",)},
        {"channels": ("x",)},
        {"touchpoints": ("product_quality",)},
        {"touchpoints": ("delivery",), "polarity": "negative"},
        {"touchpoints": ("product_quality",), "complaint": True},
        {"brands": ()},
        {"brands": ("Lain",)},
    ],
)
def test_a_count_without_copies_is_that_of_its_list(campaign: Store, narrowed: dict) -> None:  # type: ignore[type-arg]
    filter = WITHOUT.but(**narrowed)
    assert count(campaign, filter).n == len(list_mentions(campaign, filter))


def test_the_rollups_without_copies_count_what_the_list_shows(campaign: Store) -> None:
    rows = list_mentions(campaign, WITHOUT)
    by_day = rollups.counts(campaign, WITHOUT, by=("day", "sentiment"))
    counted = {(cell["day"], cell["sentiment"]): (cell["n"], cell["stars_n"]) for cell in by_day}
    expected = Counter((row.published_at.date(), row.sentiment) for row in rows if row.published_at)
    assert {key: n for key, (n, _) in counted.items()} == expected
    (cell,) = rollups.counts(campaign, WITHOUT)
    assert (cell["n"], cell["complaints"], cell["stars_sum"]) == (3, 2, 4.0)
    cells = rollups.touchpoint_counts(campaign, WITHOUT)
    assert {cell["touchpoint"]: cell["n"] for cell in cells} == {
        "product_quality": 1, "delivery": 1, "customer_service": 1,
    }  # fmt: skip


def test_a_listed_mention_knows_its_group_and_how_large_it_is(campaign: Store) -> None:
    (group,) = copy_groups(campaign, ALL)
    rows = {row.external_id: row for row in list_mentions(campaign, ALL)}
    assert {(rows[f"c{n}"].copy_group, rows[f"c{n}"].copied) for n in range(4)} == {(group.id, 4)}
    assert (rows["own"].copy_group, rows["own"].copied) == (None, 0)
    (first,) = list_mentions(campaign, WITHOUT.but(since=date(2026, 5, 3), until=date(2026, 5, 3)))
    assert (first.id, first.copied) == (group.id, 4)


@pytest.mark.parametrize(
    ("narrowed", "wanted"),
    [
        ({}, Repeats(3, 1)),
        ({"copies": False}, Repeats(3, 1)),
        ({"since": date(2026, 5, 4), "until": date(2026, 5, 4)}, Repeats(2, 1)),
        ({"until": date(2026, 5, 3)}, Repeats(0, 0)),
        ({"touchpoints": ("product_quality",), "polarity": "negative"}, Repeats(3, 1)),
        ({"touchpoints": ("delivery",)}, Repeats(0, 0)),
        ({"channels": ("x",)}, Repeats(0, 0)),
        ({"brands": ()}, Repeats(3, 1)),
        ({"brands": ("Lain",)}, Repeats(0, 0)),
    ],
)
def test_repeats_are_counted_within_the_filter(
    campaign: Store, narrowed: dict[str, Any], wanted: Repeats
) -> None:
    assert repeats(campaign, ALL.but(**narrowed)) == wanted


def stored(store: Store) -> set[tuple[int, int, bool]]:
    with store.read() as connection:
        return {tuple(row)[:1] + tuple(row)[2:] for row in connection.execute(copy.select())}


def test_found_again_with_nothing_new_nothing_changes(campaign: Store) -> None:
    before = stored(campaign)
    assert find_copies(campaign) == 3
    assert stored(campaign) == before
    put(campaign, [review("late", OWN, "2026-05-06", author="sari")])
    assert find_copies(campaign) == 3
    assert stored(campaign) == before


def test_a_later_copy_joins_its_group(campaign: Store) -> None:
    (before,) = copy_groups(campaign, ALL)
    put(campaign, copies("2026-06-10", start=9))
    assert find_copies(campaign) == 4
    (after,) = copy_groups(campaign, ALL)
    assert (after.id, after.n) == (before.id, 5)


def test_a_group_is_the_same_found_night_by_night_or_at_once(store: Store) -> None:
    days = [f"2026-{month:02}-{day:02}" for month in (1, 2, 3) for day in (1, 12, 23)]
    everything = [*copies(*days), review("own", OWN, days[0], author="budi")]
    for raw in everything:
        put(store, [raw])
        find_copies(store)
    nightly = stored(store)
    with store.write() as connection:
        connection.execute(copy.delete())
        connection.exec_driver_sql("DELETE FROM meta WHERE key = 'copies'")
    assert find_copies(store) == len(days) - 1
    assert stored(store) == nightly


def test_an_edited_copy_leaves_its_group(campaign: Store) -> None:
    put(
        campaign,
        [review("c3", "maaf, saya salah toko, yang ini bagus kok", "2026-05-20", author="akun3")],
    )
    assert find_copies(campaign) == 2
    (group,) = copy_groups(campaign, ALL)
    assert group.n == 3


def test_a_group_that_loses_its_accounts_is_none(store: Store) -> None:
    put(store, copies("2026-05-03", "2026-05-04", "2026-05-05"))
    assert find_copies(store) == 2
    put(store, [review("c1", OWN, "2026-05-04", author="akun1")])
    assert find_copies(store) == 0
    assert copy_groups(store, ALL) == []


def test_a_group_that_changes_is_whole_wherever_it_was_stopped(
    campaign: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = stored(campaign)
    put(campaign, [review("c0", OWN, "2026-05-03", author="akun0")])

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("store.copies.insert", stop)
        with pytest.raises(KeyboardInterrupt):
            find_copies(campaign)
    assert stored(campaign) == before
    assert find_copies(campaign) == 2
    (group,) = copy_groups(campaign, ALL)
    assert (group.n, group.first.day) == (3, 4)


def test_a_copy_whose_text_was_deleted_stays_counted_where_it_was(campaign: Store) -> None:
    put(campaign, [RawMention(external_id="c1", deleted=True)])
    put(campaign, [review("new", OWN, "2026-05-05", author="sari")])
    assert find_copies(campaign) == 3
    assert count(campaign, WITHOUT).n == 4
    rollups.verify(campaign)


def test_undated_texts_are_left_alone(store: Store) -> None:
    put(store, [review(str(n), CAMPAIGN, None, author=f"a{n}") for n in range(5)])
    assert find_copies(store) == 0


def test_a_label_still_says_how_many_say_the_very_same(campaign: Store) -> None:
    rows = get_mentions(campaign, [row.id for row in list_mentions(campaign, ALL)])
    assert {row.alike for row in rows} == {1}
    assert datetime(2026, 5, 3, 12, tzinfo=UTC) in {row.published_at for row in rows}


def test_an_old_edit_does_not_bring_all_that_was_said_since(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    days = ("2024-01-05", "2025-06-10", "2025-07-01", "2026-05-01")
    put(store, [review(f"m{day}", f"kata {day}", day) for day in days])
    find_copies(store)
    put(store, [review("m2024-01-05", "diubah", "2024-01-05"), review("new", "baru", "2026-05-20")])
    read: list[int] = []

    def sketches(store: Store, brand_id: int, month: int) -> tuple[list[int], list[bytes]]:
        read.append(month)
        return sketches_of(store, brand_id, month)

    monkeypatch.setattr("store.copies.sketches", sketches)
    find_copies(store)
    edited, new = month_of(date(2024, 1, 5)), month_of(date(2026, 5, 20))
    assert sorted(read) == [edited - 1, edited, edited + 1, new - 1, new, new + 1]


def sketched(store: Store) -> set[str]:
    with store.read() as connection:
        return set(
            connection.scalars(
                select(mention.c.external_id).join(sketch, sketch.c.mention_id == mention.c.id)
            )
        )


def test_of_a_text_that_is_gone_no_sketch_is_kept(campaign: Store) -> None:
    own = {"c0", "c1", "c2", "c3", "own", "c50"}
    assert sketched(campaign) == own
    put(campaign, [RawMention(external_id="c1", deleted=True)])
    put(campaign, [review("c3", "sudah beres", "2026-05-20", author="akun3")])
    assert sketched(campaign) == own - {"c1", "c3"}
    find_copies(campaign)
    assert sketched(campaign) == own - {"c1", "c3"}
    put(campaign, [review("c3", OWN, "2026-05-20", author="akun3")])
    find_copies(campaign)
    assert sketched(campaign) == own - {"c1"}


def test_a_corrected_label_leaves_the_sketch(campaign: Store) -> None:
    tag_all(campaign, {CAMPAIGN: tagged("positive")})
    assert "c0" in sketched(campaign)


def test_one_more_joins_a_group_whose_others_were_said_long_before(store: Store) -> None:
    put(store, copies("2026-03-01", "2026-03-20", "2026-04-10"))
    assert find_copies(store) == 2
    put(store, copies("2026-05-05", start=9))
    assert find_copies(store) == 3
    put(store, copies("2026-06-01", start=19))
    assert find_copies(store) == 4


def test_what_is_new_elsewhere_takes_no_group_apart(store: Store) -> None:
    put(store, copies("2026-03-01", "2026-03-20", "2026-04-10"))
    assert find_copies(store) == 2
    # Of the group the first is too early to lie in the span of this.
    put(store, [review("own", OWN, "2026-04-25", author="sari")])
    assert find_copies(store) == 2


def test_one_more_makes_a_group_of_what_lies_beyond_a_month(store: Store) -> None:
    put(store, copies("2026-03-01", "2026-03-29"))
    assert find_copies(store) == 0
    put(store, copies("2026-04-25", start=9))
    assert find_copies(store) == 2


def said_in(store: Store) -> dict[int, Said]:
    """Return what every mention that has a text says."""
    with store.read() as connection:
        rows = connection.execute(select(mention).where(mention.c.text != ""))
        return {row.id: Said(row.id, row.author_key, row.published_at, row.text) for row in rows}


def at_once(texts: Iterable[Said]) -> list[list[int]]:
    """Return the groups that one look at some texts finds."""
    groups = Groups()
    for said in sorted(texts, key=lambda said: (said.at, said.id)):
        groups.add(said)
    return sorted(map(sorted, groups.found().values()))


@pytest.mark.parametrize("deleting", [False, True])
@pytest.mark.parametrize("days", [30, 150])
@pytest.mark.parametrize("seed", range(4))
def test_nights_of_news_and_edits_leave_what_is_found_at_once(
    store: Store, seed: int, days: int, deleting: bool
) -> None:
    source = Random(seed)
    kinds = [" ".join(source.choices([f"kata{n}" for n in range(40)], k=14)) for _ in range(5)]
    deleted: dict[int, Said] = {}

    def one(number: int) -> RawMention:
        words = source.choice(kinds).split()
        if source.random() < 0.6:
            words[source.randrange(14)] = f"lain{number}"
        day = date(2026, 1, 1) + timedelta(days=source.randrange(days))
        return review(
            f"m{number}", " ".join(words), day.isoformat(), author=f"akun{source.randint(1, 12)}"
        )

    for night in range(5):
        fresh = [one(number) for number in range(night * 12, night * 12 + 12)]
        edited = [one(source.randrange(night * 12)) for _ in range(5 if night else 0)]
        put(store, [*fresh, *edited])
        if night and deleting:
            before = said_in(store)
            gone = f"m{source.randrange(night * 12)}"
            put(store, [RawMention(external_id=gone, deleted=True)])
            deleted |= {id: said for id, said in before.items() if id not in said_in(store)}
        find_copies(store)
    said = said_in(store)
    kept: dict[int, set[int]] = defaultdict(set)
    for id, group, _repeat in stored(store):
        if id in said:
            kept[group].add(id)
    found = at_once(said.values())
    assert sum(map(len, found)) > 20
    if not deleting:
        assert sorted(map(sorted, kept.values())) == found
        return
    # A group outlives a text that held it together, until it is compared again.
    everything = at_once([*said.values(), *(deleted[id] for id in deleted.keys() - said.keys())])
    assert all(any(set(ids) <= whole for whole in kept.values()) for ids in found)
    assert all(any(ids <= set(whole) for whole in everything) for ids in kept.values())
