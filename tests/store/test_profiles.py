from datetime import date
from itertools import product

import pytest

from insights.said import said
from simak.mention import RawMention
from store import rollups
from store.corrections import correct
from store.engine import Store, open_store
from store.filter import Filter
from store.labels import rebuild
from store.lists import count, list_mentions
from store.marks import add_to_mark, set_mark, take_from_mark
from store.profiles import profile_counts
from store.responses import UNKNOWN, replies
from store.segments import MOST_VALUES, facets_of
from store.speech import profiles
from tests.builders import NOW, put, review, tag_all, tagged

SAID = {
    "kirim lama": tagged("negative", {"delivery": "negative"}, signals=["no_reply", "anxiety"]),
    "kirim lama, mahal": tagged("negative", {"delivery": "negative", "price": "negative"}),
    "bagus": tagged("positive", {"product_quality": "positive"}, signals=["advocacy"]),
    "kecewa": tagged("negative"),
    "murah tapi telat": tagged(
        "neutral", {"price": "positive", "delivery": "negative"}, complaint=True, language="mixed"
    ),
}
DAYS = ("2026-04-02", "2026-04-28", "2026-05-10", "2026-05-31", "2026-06-01", None)


@pytest.fixture
def spoken(store: Store) -> Store:
    """30 mentions of A and 6 of B: each text on each day, with stars, facets and answers."""
    rows = [
        RawMention(
            external_id=f"{day}-{text}",
            text=text,
            published_at=review("x", "x", day).published_at,
            stars=1 + place % 5 if place % 2 else None,
            channel=("x", "instagram")[place % 2],
            product="Wajan" if place % 3 else None,
            attributes={"region": f"R{place % 4}", "first_response_minutes": "30"}
            if place % 2
            else {"region": "R0"},
        )
        for place, (day, text) in enumerate(product(DAYS, SAID))
    ]
    put(store, rows, brand="A")
    put(store, [row for row in rows if row.text == "bagus"], brand="B")
    tag_all(store, SAID)
    return store


FILTERS = [
    Filter(),
    Filter(brands=("A",)),
    Filter(since=date(2026, 4, 20), until=date(2026, 5, 20)),
    Filter(since=date(2026, 4, 1), until=date(2026, 5, 31), channels=("x",)),
    Filter(touchpoints=("delivery", "price"), polarity="negative"),
    Filter(touchpoints=("delivery", "price")),
    Filter(touchpoints=("delivery",), signals=("anxiety", "switching")),
    Filter(touchpoints=("price",), polarity="positive", sentiments=("neutral",), complaint=True),
    Filter(signals=("advocacy",), has_rating=True),
    Filter(touchpoints=("unplaced",), polarity="negative", complaint=True, languages=("id",)),
    Filter(facets=(("region", "R0"),)),
    Filter(facets=(("region", "R1"), ("product", "Wajan")), complaint=True),
    Filter(replied=True, brands=("A",)),
    Filter(replied=False, touchpoints=("delivery",), polarity="negative"),
    Filter(search="kirim", signals=("no_reply",), since=date(2026, 4, 1)),
    Filter(mark=("theme", "1"), touchpoints=("delivery", "price")),
    Filter(mark=("theme", "1"), until=date(2026, 5, 15)),
]


@pytest.mark.parametrize("filter", FILTERS)
def test_a_count_is_that_of_the_list_and_of_the_profiles(spoken: Store, filter: Filter) -> None:
    newest = [row.id for row in list_mentions(spoken, Filter(), limit=100)][:17]
    set_mark(spoken, "theme", "1", newest)
    listed = list_mentions(spoken, filter, limit=100)
    assert len({row.id for row in listed}) == len(listed) > 0
    assert count(spoken, filter).n == len(listed)
    by_profile = profile_counts(spoken, filter.but(has_rating=False))
    value = "stars_n" if filter.has_rating else "n"
    assert getattr(by_profile, value).sum() == len(listed)
    known = profiles(spoken, by_profile.profile.tolist())
    for one in known.values():
        assert one.signals == tuple(sorted(one.signals))
    for name in ("brand", "channel", "language", "source", "month", "day"):
        parts = profile_counts(spoken, filter, by=(name,))
        assert getattr(parts, value).sum() == len(listed)
    stars = [row.stars for row in listed if row.stars is not None]
    assert by_profile.stars_sum.sum() == pytest.approx(sum(stars))
    assert by_profile.stars_squares.sum() == pytest.approx(sum(star**2 for star in stars))


def test_the_condition_of_a_filter_is_what_it_says(spoken: Store) -> None:
    blamed = Filter(touchpoints=("delivery", "price"), polarity="negative")
    texts = {row.text for row in list_mentions(spoken, blamed, limit=100)}
    assert texts == {"kirim lama", "kirim lama, mahal", "murah tapi telat"}
    worried = Filter(signals=("anxiety",))
    assert {row.text for row in list_mentions(spoken, worried, limit=100)} == {"kirim lama"}


def test_a_facet_splits_the_mentions_that_have_it(spoken: Store) -> None:
    assert facets_of(spoken) == {"product": 1, "region": 3}
    for filter in (Filter(), Filter(brands=("A",), complaint=True), Filter(search="kirim")):
        cells = profile_counts(spoken, filter, by=("facet:region",))
        for region in ("R0", "R1", "R3"):
            found = cells.n[cells.keys["facet:region"] == region].sum()
            assert found == count(spoken, filter.but(facets=(("region", region),))).n


def test_a_month_is_its_days(spoken: Store) -> None:
    whole = Filter(brands=("A",), since=date(2026, 4, 20), until=date(2026, 5, 20))
    months = set(profile_counts(spoken, whole, by=("month",)).keys["month"])
    assert months == {date(2026, 4, 1), date(2026, 5, 1)}
    undated = set(profile_counts(spoken, Filter(), by=("month",)).keys["month"])
    assert None in undated
    nowhen = profile_counts(
        spoken, Filter(since=date(2001, 1, 1), until=date(2001, 1, 2)), ("day",)
    )
    assert nowhen.n.size == nowhen.keys["day"].size == 0
    with pytest.raises(ValueError, match="one facet"):
        profile_counts(spoken, Filter(), by=("facet:a", "facet:b"))


def test_without_copies_only_the_first_counts(spoken: Store) -> None:
    with spoken.write() as connection:
        from sqlalchemy import insert

        from store.tables import copy

        rows = list_mentions(spoken, Filter(brands=("A",), search="mahal"), limit=10)
        connection.execute(
            insert(copy),
            [
                {"mention_id": row.id, "brand_id": 1, "group_id": rows[-1].id, "repeat": place > 0}
                for place, row in enumerate(reversed(rows))
            ],
        )
    for filter in (
        Filter(copies=False),
        Filter(copies=False, signals=("no_reply",)),
        Filter(copies=False, touchpoints=("price", "delivery"), since=date(2026, 4, 10)),
    ):
        assert profile_counts(spoken, filter).n.sum() == count(spoken, filter).n
        faceted = profile_counts(spoken, filter, by=("facet:region",))
        assert faceted.n.sum() == count(spoken, filter).n


def _stars_of_months(store: Store) -> list[tuple[object, ...]]:
    found = profile_counts(store, Filter(), by=("month",))
    cells = zip(found.keys["month"], found.n, found.stars_n, found.stars_sum, strict=True)
    return sorted(cells, key=str)


def test_edits_corrections_and_a_rebuild_keep_everything_in_step(spoken: Store) -> None:
    first = list_mentions(spoken, Filter(search="kecewa"), limit=1)[0]
    correct(
        spoken,
        first.id,
        tagged("negative", {"price": "negative"}, signals=["switching"]),
        by="Sari",
        now=NOW,
    )
    assert count(spoken, Filter(signals=("switching",), touchpoints=("price",))).n == 1
    put(spoken, [review(first.external_id, "kecewa berat", "2026-05-01")], brand="A")
    rollups.verify(spoken)
    before = _stars_of_months(spoken)
    answered = len(replies(spoken, Filter()))
    rebuild(spoken)
    rollups.verify(spoken)
    assert _stars_of_months(spoken) == before
    assert len(replies(spoken, Filter())) == answered > 0


def test_a_store_whose_labels_are_to_be_derived_anew_is_completed_when_opened(
    spoken: Store,
) -> None:
    from sqlalchemy import delete, insert

    from store.tables import label, meta

    with spoken.write() as connection:
        connection.execute(delete(label))
        connection.execute(insert(meta).values(key="rebuild", value="1"))
    again = open_store(spoken.engine.url.render_as_string(hide_password=False))
    assert count(again, Filter()).n == len(list_mentions(again, Filter(), limit=100)) == 36
    rollups.verify(again)
    again.close()


def test_an_attribute_with_too_many_values_is_no_segment(store: Store) -> None:
    rows = [review(str(n), attributes={"ticket": str(n)}) for n in range(MOST_VALUES + 10)]
    for start in range(0, len(rows), 60):
        put(store, rows[start : start + 60])
    put(store, [review("p", product="Wajan", attributes={"region": "Bali"})])
    assert facets_of(store, ("Senandika",)) == {"product": 1, "region": 1, "ticket": MOST_VALUES}
    assert facets_of(store, ("B",)) == {}


def test_a_mark_holds_what_it_is_given(spoken: Store) -> None:
    ids = [row.id for row in list_mentions(spoken, Filter(), limit=4)]
    add_to_mark(spoken, "promise", "1:broken", ids)
    add_to_mark(spoken, "promise", "1:broken", ids[:2])
    here = Filter(mark=("promise", "1:broken"))
    assert count(spoken, here).n == 4
    take_from_mark(spoken, "promise", "1:broken", ids[:1])
    set_mark(spoken, "promise", "1:broken", [*ids[2:], ids[0]])
    assert {row.id for row in list_mentions(spoken, here)} == {ids[0], *ids[2:]}
    set_mark(spoken, "promise", "1:broken", [])
    assert count(spoken, here).n == 0


def test_replies_know_their_minutes(store: Store) -> None:
    put(
        store,
        [
            review("a", "a", reply="halo", reply_at=NOW),
            review("b", "b", attributes={"first_response_minutes": "90"}, channel="email"),
            review("c", "c", None, reply="halo"),
            review("d", "d", attributes={"resolution_minutes": "60"}),
            review("e", "e", attributes={"first_response_minutes": "lama"}),
        ],
    )
    found = replies(store, Filter())
    assert len(found) == 4
    mail = found.where(found.channel == "email")
    assert (mail.replied - mail.said).tolist() == [90]
    assert (mail.answered.tolist(), mail.resolved.tolist()) == ([True], [UNKNOWN])
    ticket = found.where(~found.answered)
    assert (ticket.resolved - ticket.said).tolist() == [60]
    assert ticket.channel.tolist() == ticket.source.tolist() == ["google_play"]
    assert len(replies(store, Filter(since=date(2026, 5, 1)))) == 3
    assert len(replies(store, Filter(channels=("email",)))) == 1
    assert len(replies(store, Filter(search="b"))) == 1
    assert count(store, Filter(replied=True)).n == 3


def test_said_adds_up_any_combination(spoken: Store) -> None:
    found = said(spoken, Filter(brands=("A",)), by=("channel",))
    both = found.speaks(("delivery", "price"), "negative")
    behind = Filter(brands=("A",), touchpoints=("delivery", "price"), polarity="negative")
    assert found.count(both) == count(spoken, behind).n == 18
    assert found.count(found.signal("anxiety")) == 6
    assert found.count(found.complaint & both) == 18
    on_x = found.where((found.cells["channel"] == "x").to_numpy())
    assert on_x.count(on_x.tagged) == count(spoken, Filter(brands=("A",), channels=("x",))).n
    n, stars_n, total, squares = found.sums()
    assert n == 30
    assert squares > total > stars_n == 15
