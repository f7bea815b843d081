import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insights.journey import Journey, Part, journey
from simak.mention import RawMention
from simak.tags import SENTIMENTS, Tags
from simak.taxonomy import load_taxonomy
from store.engine import Store
from store.filter import Filter
from store.lists import count
from tests.builders import put, review, tag_all, tagged
from tests.stores import empty_store

TAXONOMY = load_taxonomy()
BRANDS = ("Senandika", "Griyakita")
CHANNELS = ("x", "email", "instagram")
MAY = Filter(since=date(2026, 5, 1), until=date(2026, 5, 31))

GOOD_BUT_DELIVERY = [
    ("lama", 40, "2026-05-03", tagged("negative", {"delivery": "negative"})),
    ("cepat", 10, "2026-05-04", tagged("positive", {"delivery": "positive"})),
    ("lama tapi murah", 10, "2026-05-05",
     tagged("neutral", {"delivery": "negative", "price": "positive"}, complaint=True)),
    ("murah", 60, "2026-05-06", tagged("positive", {"price": "positive"})),
    ("mahal", 10, "2026-05-07", tagged("negative", {"price": "negative"})),
    ("awet", 80, "2026-05-08", tagged("positive", {"product_quality": "positive"})),
    ("rusak, uang tak kembali", 4, "2026-05-09",
     tagged("negative", {"product_quality": "negative", "returns_refunds": "negative"})),
    ("kecewa", 6, "2026-05-10", tagged("negative")),
    ("dulu cepat", 35, "2026-04-10", tagged("positive", {"delivery": "positive"})),
    ("dulu lama", 5, "2026-04-11", tagged("negative", {"delivery": "negative"})),
]  # fmt: skip
"""Text, how often, on which day, and what it says."""


def fill(store: Store, said: list[tuple[str, int, str | None, Tags]]) -> None:
    rows: list[RawMention] = []
    for text, times, day, _ in said:
        rows += [review(f"{text}{i}", f"{text} {i}", day) for i in range(times)]
    put(store, rows)
    tag_all(store, {f"{text} {i}": tags for text, times, _, tags in said for i in range(times)})


@pytest.fixture
def told(store: Store) -> Journey:
    fill(store, GOOD_BUT_DELIVERY)
    return journey(store, TAXONOMY, MAY)


def part(parts: tuple[Part, ...], id: str) -> Part:
    return next(one for one in parts if one.id == id)


def test_phases_by_hand(told: Journey) -> None:
    assert (told.mentions.n, told.complaints.n) == (214, 70)
    transaction = part(told.phases, "transaction")
    # 10 speak of both delivery and price, and count once.
    assert transaction.volume.k == 130
    assert (transaction.negative_rate.k, transaction.negative_rate.n) == (60, 130)
    assert (transaction.complaint_share.k, transaction.complaint_share.n) == (60, 70)
    assert (transaction.against.k, transaction.against.n) == (4, 84)
    assert transaction.difference.value == pytest.approx(60 / 130 - 4 / 84)
    assert transaction.before is not None
    assert (transaction.before.k, transaction.before.n) == (5, 40)
    assert transaction.change is not None
    assert transaction.change.value == pytest.approx(60 / 130 - 5 / 40)
    delivery = part(told.touchpoints, "delivery")
    assert (delivery.against.k, delivery.against.n) == (10, 80)  # of its phase's others: price
    assert (delivery.elsewhere.k, delivery.elsewhere.n) == (14, 164)
    assert part(told.phases, "retention").negative_rate.value is None


def test_stages_roll_phases_up_as_the_taxonomy_says(told: Journey, store: Store) -> None:
    after = part(told.stages, "after")
    assert after.touchpoints == TAXONOMY.in_phases(*TAXONOMY.stages["after"])
    assert (after.volume.k, after.negative_rate.k) == (84, 4)
    moved = replace(TAXONOMY, stages={"before": (), "during": ("after_sales",), "after": ()})
    (during,) = journey(store, moved, MAY).stages
    assert (during.id, during.volume.k) == ("during", 84)


def test_what_fails_in_a_good_journey_is_found(told: Journey) -> None:
    found = {(one.kind, one.phase, one.touchpoint): one for one in told.findings}
    delivery = found["weak", "transaction", "delivery"]
    assert delivery.otherwise_good
    assert (delivery.here.k, delivery.against.k) == (50, 10)
    assert delivery.p < 0.001
    assert found["worse", "transaction", "delivery"].against.k == 5
    assert found["strong", "after_sales", None].difference.value < 0  # type: ignore[operator]
    # That price does better than delivery is no news beside that.
    assert ("strong", "transaction", "price") not in found
    # Returns are spoken of four times: too few to say anything of.
    assert not {one.touchpoint for one in told.findings} & {"returns_refunds", "product_quality"}


def test_the_weakest_touchpoint_is_named_where_it_is_sure(told: Journey, store: Store) -> None:
    weakest = part(told.phases, "transaction").weakest
    assert weakest is not None
    assert (weakest.touchpoint, weakest.next, weakest.clear) == ("delivery", "price", True)
    alone = part(told.phases, "after_sales").weakest
    assert alone is not None
    assert (alone.touchpoint, alone.next, alone.clear) == ("product_quality", None, False)
    assert part(told.phases, "awareness").weakest is None
    same = [
        ("bungkus sobek", 20, "2026-06-01", tagged("negative", {"packaging": "negative"})),
        ("bungkus rapi", 20, "2026-06-01", tagged("positive", {"packaging": "positive"})),
        ("bayar gagal", 18, "2026-06-01", tagged("negative", {"payment": "negative"})),
        ("bayar mudah", 20, "2026-06-01", tagged("positive", {"payment": "positive"})),
    ]
    fill(store, list(same))
    june = journey(store, TAXONOMY, Filter(since=date(2026, 6, 1)))
    unclear = part(june.phases, "transaction").weakest
    assert unclear is not None
    assert (unclear.touchpoint, unclear.clear) == ("packaging", False)
    assert june.findings == ()
    assert part(june.phases, "transaction").change is None


def test_months(told: Journey, store: Store) -> None:
    months = journey(store, TAXONOMY, Filter()).by_month
    rows = {(row["phase"], row["month"]): row for row in months.to_dict("records")}
    april = rows["transaction", date(2026, 4, 1)]
    assert (april["mentions"], april["negative"], april["all_complaints"]) == (40, 5, 5)
    assert ("after_sales", date(2026, 4, 1)) not in rows
    for row in rows.values():
        assert count(store, row["behind"]).n == row["negative"]
        assert count(store, row["behind"].but(complaint=True)).n == row["complaints"]
        assert count(store, row["behind"].but(polarity=None)).n == row["mentions"]
    assert set(told.by_month["month"]) == {date(2026, 5, 1)}


def test_an_empty_store_has_no_findings(store: Store) -> None:
    empty = journey(store, TAXONOMY, MAY)
    assert (empty.mentions.n, empty.findings, empty.touchpoints) == (0, (), ())
    assert all(one.negative_rate.value is None and one.p is None for one in empty.phases)
    assert empty.by_month.empty
    with pytest.raises(ValueError, match="all touchpoints"):
        journey(store, TAXONOMY, Filter(touchpoints=("delivery",)))


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """120 mentions of anything, of two brands in three channels, some undated."""
    store = empty_store(tmp_path_factory.mktemp("journey") / "simak.db")
    draw = random.Random(5)
    said: dict[str, Tags] = {}
    for brand in BRANDS:
        rows = []
        for i in range(60):
            spoken = draw.sample(("delivery", "price", "trust", "customer_service", "loyalty"), 3)
            touchpoints = {id: draw.choice(SENTIMENTS) for id in spoken[: draw.randint(0, 3)]}
            said[f"{brand} {i}"] = tagged("neutral", touchpoints, complaint=draw.random() < 0.6)
            day = draw.choice(("2026-04-20", "2026-05-02", "2026-05-31", None))
            rows.append(review(f"{i}", f"{brand} {i}", day, channel=draw.choice(CHANNELS)))
        put(store, rows, brand=brand)
    tag_all(store, said)
    yield store
    store.close()


FILTERS = st.builds(
    lambda brands, channels, days, complaint: Filter(
        brands=tuple(brands), channels=tuple(channels), complaint=complaint, **days
    ),
    st.sets(st.sampled_from(BRANDS), max_size=2),
    st.sets(st.sampled_from(CHANNELS), max_size=2),
    st.sampled_from(({}, {"since": date(2026, 5, 1), "until": date(2026, 5, 31)})),
    st.sampled_from((None, True)),
)


@settings(max_examples=15, deadline=None)
@given(filter=FILTERS)
def test_every_number_opens_its_mentions(mixed: Store, filter: Filter) -> None:
    result = journey(mixed, TAXONOMY, filter)
    for one in (*result.stages, *result.phases, *result.touchpoints):
        assert count(mixed, one.behind).n == (one.negative_rate.k or 0)
        assert count(mixed, one.behind.but(complaint=True)).n == (one.complaint_share.k or 0)
        assert count(mixed, one.behind.but(polarity=None)).n == one.volume.k
    # Every mention that speaks of something is in a phase; none is twice in one.
    assert result.mentions.n <= sum(one.volume.n for one in result.phases)
    assert all(one.volume.n <= result.mentions.n for one in result.phases)


def test_mentions_of_others_change_nothing(mixed: Store) -> None:
    both = journey(mixed, TAXONOMY, Filter())
    each = [journey(mixed, TAXONOMY, Filter(brands=(brand,))) for brand in BRANDS]
    for place, part in enumerate(both.phases):
        assert part.volume.n == sum(one.phases[place].volume.n for one in each)
        bad = [one.phases[place].negative_rate.k or 0 for one in each]
        assert (part.negative_rate.k or 0) == sum(bad)
