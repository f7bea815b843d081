"""Which touchpoint comes first, over time, closely and by channel: by hand, on small stores."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from insights.journey.compare import compare
from insights.lifts import channel_cells
from insights.one_touchpoint import one_touchpoint
from insights.priorities import priorities, theme_lead
from insights.significance import shares_differ
from insights.touchpoint_trends import touchpoint_trends
from insights.touchpoints import touchpoints
from simak.errors import ConfigurationError
from simak.mention import RawMention
from simak.tags import Tags
from simak.taxonomy import load_taxonomy
from store.engine import Store
from store.filter import Filter
from store.lists import count
from tests.builders import put, review, tag_all, tagged

TAXONOMY = load_taxonomy()
OWN = Filter(brands=("Senandika",))
MAY = OWN.but(since=date(2026, 5, 1), until=date(2026, 5, 31))

Said = list[tuple[str, int, str | None, Tags, dict[str, object]]]

LATE = tagged("negative", {"delivery": "negative"})
DEAR = tagged("negative", {"price": "negative"})
BOTH = tagged("negative", {"delivery": "negative", "price": "negative"}, signals=("anxiety",))
BROKEN = tagged("negative", {"packaging": "negative"})
GOOD = tagged("positive", {"delivery": "positive"})

SAID: Said = [
    ("telat", 40, "2026-05-04", LATE, {"channel": "x", "stars": 1}),
    ("mahal", 10, "2026-05-12", DEAR, {"channel": "email", "stars": 3}),
    ("telat mahal", 6, "2026-05-12", BOTH, {"channel": "x", "stars": 2}),
    ("pecah", 35, "2026-05-20", BROKEN, {"channel": "email", "stars": 2}),
    ("cepat", 20, "2026-05-20", GOOD, {"channel": "x", "stars": 5}),
    ("dulu telat", 10, "2026-04-20", LATE, {"channel": "x"}),
    ("dulu pecah", 30, "2026-04-20", BROKEN, {"channel": "x"}),
]


def fill(store: Store, said: Said = SAID, *, brand: str = "Senandika") -> None:
    rows: list[RawMention] = []
    for text, times, day, _tags, more in said:
        rows += [
            review(f"{brand}{text}{i}", f"{brand} {text} {i}", day, **more) for i in range(times)
        ]
    put(store, rows, brand=brand)
    tag_all(
        store, {f"{brand} {text} {i}": tags for text, n, _d, tags, _m in said for i in range(n)}
    )


def test_the_first_is_held_against_each_of_the_others(store: Store) -> None:
    fill(store)
    found = priorities(store, TAXONOMY, MAY)
    assert (found.complaints.k, count(store, found.behind).n) == (91, 91)
    assert [(row.id, row.value.k, row.value.n) for row in found.rows] == [
        ("delivery", 46, 91), ("packaging", 35, 91), ("price", 16, 91),
    ]  # fmt: skip
    assert [count(store, row.behind).n for row in found.rows] == [46, 35, 16]
    packaging, price = found.rows[1:]
    # 46 against 35 of the same 91, none of both: (46 − 35)² / 81 = 1.49, which chance explains.
    assert packaging.lead.value == pytest.approx(11 / 91)
    assert packaging.tied
    # 40 against 10 that blame one of the two alone: 30² / 50 = 18.
    assert price.lead.value == pytest.approx(30 / 91)
    assert not price.tied
    assert found.first is found.rows[0]
    assert found.tied == (packaging,)
    assert not found.first.tied


def test_impact_counts_what_is_blamed_alone(store: Store) -> None:
    fill(store)
    found = priorities(store, TAXONOMY, MAY, by="impact")
    shown = [(row.id, row.value.k, row.value.n, row.enough) for row in found.rows]
    # Price is spoken of by 16: too few, and last whatever it weighs.
    assert shown == [
        ("delivery", 40, 111, True), ("packaging", 35, 111, True), ("price", 10, 111, False),
    ]  # fmt: skip
    assert [count(store, row.behind).n for row in found.rows] == [40, 35, 10]
    assert [row.id for row in found.tied] == ["packaging"]


def test_a_function_sees_its_own(store: Store) -> None:
    fill(store)
    logistics = priorities(store, TAXONOMY, MAY, owner="logistics")
    assert [(row.id, row.value.k, row.value.n) for row in logistics.rows] == [("delivery", 46, 91)]
    assert logistics.first is not None
    assert logistics.first.lead.value is None
    assert priorities(store, TAXONOMY, MAY, owner="marketing").first is None
    with pytest.raises(ConfigurationError, match="gudang"):
        priorities(store, TAXONOMY, MAY, owner="gudang")


def test_few_complaints_have_no_first(store: Store) -> None:
    fill(store, [("telat", 29, "2026-05-04", LATE, {})])
    found = priorities(store, TAXONOMY, MAY)
    assert (len(found.rows), found.first, found.tied) == (1, None, ())
    one_more: Said = [("telat lagi", 1, "2026-05-04", LATE, {})]
    fill(store, one_more)
    first = priorities(store, TAXONOMY, MAY).first
    assert first is not None
    assert first.id == "delivery"


def test_themes_of_one_mention_each_are_told_apart_or_not() -> None:
    from insights import intervals
    from insights.themes.reading import ThemeRow

    def row(id: int, k: int) -> ThemeRow:
        share = intervals.share(k, 100)
        return ThemeRow(id, "Senandika", f"t{id}", (), share, None, None, False, (), (), None, OWN)

    lead = theme_lead([row(1, 40), row(2, 10)])
    assert lead.value == pytest.approx(0.3)
    assert (lead.low or 0) > 0
    close = theme_lead([row(1, 20), row(2, 15)])
    assert close.low is not None
    assert close.low < 0
    # Exclusive shares vary against each other: wider than for two samples.
    apart = intervals.difference(intervals.share(20, 100), intervals.share(15, 100))
    assert close.low < (apart.low or 0)
    assert theme_lead([row(1, 40)]).value is None


@pytest.mark.parametrize("every", ["week", "month"])
def test_trends_add_up_and_open_their_complaints(store: Store, every: str) -> None:
    fill(store)
    undated: Said = [("entah kapan", 3, None, LATE, {})]
    fill(store, undated)
    found = touchpoint_trends(store, TAXONOMY, OWN, every=every)  # type: ignore[arg-type]
    assert [row.id for row in found.rows] == ["packaging", "delivery", "price"]
    for row in found.rows:
        assert all(count(store, point.behind).n == point.share.k for point in row.points)
    assert [sum(point.share.k or 0 for point in row.points) for row in found.rows] == [65, 56, 16]
    delivery = found.rows[1].points
    if every == "month":
        assert [(p.start.isoformat(), p.share.k, p.share.n) for p in delivery] == [
            ("2026-04-20", 10, 40), ("2026-05-01", 46, 91),
        ]  # fmt: skip
        assert delivery[-1].end == date(2026, 5, 20)
    else:
        assert [p.start.weekday() for p in delivery] == [0, 0, 0, 0]
        assert [p.share.n for p in delivery] == [40, 40, 16, 35]


def test_a_trend_stays_within_the_filter(store: Store) -> None:
    fill(store)
    inside = OWN.but(since=date(2026, 5, 6), until=date(2026, 5, 21))
    found = touchpoint_trends(store, TAXONOMY, inside)
    assert found.every == "week"
    points = found.rows[0].points
    assert (points[0].start, points[-1].end) == (date(2026, 5, 11), date(2026, 5, 21))
    long = OWN.but(since=date(2025, 1, 1), until=date(2026, 5, 31))
    assert touchpoint_trends(store, TAXONOMY, long).every == "month"


def test_one_touchpoint_closely(store: Store) -> None:
    fill(store)
    found = one_touchpoint(store, TAXONOMY, "delivery", MAY)
    assert (found.mentions.value.k, found.complaint_share.value.k) == (66, 46)
    assert (found.negative_rate.value.k, found.negative_rate.value.n) == (46, 66)
    assert found.mentions.change is None  # the data begin within the period before
    assert found.complaint_share.change is not None
    assert found.complaint_share.change.value == pytest.approx(46 / 91 - 10 / 40)
    rate = found.complaint_rate
    assert (rate.here.k, rate.here.n, rate.others.k, rate.others.n) == (46, 66, None, 45)
    assert rate.difference.value == pytest.approx(46 / 66 - 1)
    stars = found.stars
    assert stars.here.value == pytest.approx((40 * 1 + 6 * 2) / 46)
    assert stars.others.value == pytest.approx((10 * 3 + 35 * 2 + 20 * 5) / 65)
    assert count(store, stars.behind).n == stars.here.n == 46
    x, email = found.channels
    assert (x.channel, x.share.k, x.share.n) == ("x", 46, 46)
    assert (email.share.k, email.share.n, email.times.value) == (0, 45, 0.0)
    assert x.p is not None
    assert x.p < 0.001
    for row in found.channels:
        assert count(store, row.behind).n == row.share.k


def test_growth_needs_data_from_all_of_the_period_before(store: Store) -> None:
    fill(store)
    older: Said = [("lama sekali", 1, "2026-03-01", LATE, {})]
    fill(store, older)
    change = one_touchpoint(store, TAXONOMY, "delivery", MAY).mentions.change
    assert change is not None
    assert change.value == pytest.approx(66 / 10 - 1)


def test_what_is_said_with_it(store: Store) -> None:
    fill(store)
    found = one_touchpoint(store, TAXONOMY, "delivery", MAY)
    (anxiety,) = found.signals
    assert (anxiety.name, anxiety.share.k, anxiety.share.n) == ("anxiety", 6, 46)
    assert anxiety.behind is not None
    assert count(store, anxiety.behind).n == 6
    (price,) = found.touchpoints
    assert (price.name, price.share.value, price.share.k) == ("price", 6 / 46, None)
    # 6 of 46 against 10 of the 45 others: less often, so it does not stand out.
    assert price.times.value == pytest.approx((6 / 46) / (10 / 45))
    assert not price.stands_out
    assert price.behind is None
    # Two touchpoints of 18 and one signal of 6 are said: all were looked at, and are corrected for.
    raw = shares_differ(6, 46, 0, 45)
    assert anxiety.p is not None
    assert raw < anxiety.p <= 1
    with pytest.raises(ConfigurationError, match="gudang"):
        one_touchpoint(store, TAXONOMY, "gudang", MAY)


def test_a_channel_is_held_against_the_others(store: Store) -> None:
    fill(store)
    cells = {
        (cell.touchpoint, cell.channel): cell
        for cell in channel_cells(touchpoints(store, TAXONOMY, MAY))
    }
    price = cells["price", "email"]
    assert (price.share.k, price.share.n) == (10, 45)
    assert price.times.value == pytest.approx((10 / 45) / (6 / 46))
    assert cells["price", "x"].times.value == pytest.approx((6 / 46) / (10 / 45))
    for cell in cells.values():
        assert count(store, cell.behind).n == cell.share.k


def test_too_few_to_compare_channels(store: Store) -> None:
    fill(store, [*SAID[:1], ("mahal", 29, "2026-05-05", DEAR, {"channel": "email"})])
    for cell in channel_cells(touchpoints(store, TAXONOMY, MAY)):
        assert (cell.times.value, cell.p) == (None, None)


def test_two_periods_and_two_brands(store: Store) -> None:
    fill(store)
    rival: Said = [
        ("telat", 10, "2026-05-04", LATE, {}),
        ("cepat", 40, "2026-05-04", GOOD, {}),
    ]
    fill(store, rival, brand="Griyakita")
    before = MAY.previous()
    assert before is not None
    periods = compare(store, TAXONOMY, MAY, before)
    parts = {part.id: part for part in periods.phases}
    transaction = parts["transaction"]
    assert (transaction.here.rate.k, transaction.here.rate.n) == (91, 111)
    assert (transaction.there.rate.k, transaction.there.rate.n) == (40, 40)
    assert parts["awareness"].p is None
    assert parts["awareness"].difference.value is None
    brands = compare(store, TAXONOMY, MAY, MAY.but(brands=("Griyakita",)))
    (told,) = brands.told
    assert told.id == "transaction"
    assert told.difference.value == pytest.approx(91 / 111 - 10 / 50)
    (only,) = [part for part in brands.touchpoints if part.id == "delivery"]
    assert (only.here.rate.k, only.there.rate.k) == (46, 10)
    for part in (*periods.phases, *brands.touchpoints, *brands.stages, brands.whole):
        for side in (part.here, part.there):
            assert count(store, side.behind).n == (side.rate.k or 0)
    with pytest.raises(ValueError, match="all touchpoints"):
        compare(store, TAXONOMY, MAY, MAY.but(touchpoints=("price",)))


def test_a_difference_that_chance_explains_is_not_told(store: Store) -> None:
    fill(store)
    yesterday = MAY.but(until=MAY.until and MAY.until - timedelta(days=1))
    alike: Said = [
        ("telat", 90, "2026-05-04", LATE, {}),
        ("cepat", 20, "2026-05-04", GOOD, {}),
    ]
    fill(store, alike, brand="Griyakita")
    same = compare(store, TAXONOMY, yesterday, yesterday.but(brands=("Griyakita",)))
    assert same.told == ()
    assert not any(part.clear for part in same.phases)
