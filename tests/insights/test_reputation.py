from datetime import UTC, date, datetime, timedelta

import pytest

from insights.reputation import by, reputation
from insights.values import plain
from simak.mention import RawMention
from store.engine import Store
from store.filter import Filter
from store.lists import count
from store.models import Model, latest_model, save_model
from tests.builders import put, review, tag_all, tagged

MAY = Filter(since=date(2026, 5, 1), until=date(2026, 5, 31))


@pytest.fixture
def may(store: Store) -> Store:
    """April: 2 of 4 complain. May: 6 of 8, one waits; one undated; stars 1 and 5."""
    april = [review(f"a{i}", f"a{i}", f"2026-04-{i + 1:02}", stars=5.0) for i in range(4)]
    may = [review(f"m{i}", f"m{i}", f"2026-05-{i * 4 + 1:02}", stars=1.0) for i in range(8)]
    put(store, [review("first", "first", "2026-03-01"), review("u", "u", None), *april, *may])
    tags = {f"a{i}": tagged("negative" if i < 2 else "positive") for i in range(4)}
    tags |= {f"m{i}": tagged("negative" if i < 6 else "neutral") for i in range(8)}
    tag_all(store, tags)
    put(store, [review("w", "menunggu", "2026-05-31")])
    put(store, [review("x", "other", "2026-05-02")], brand="Griyakita", source="rss")
    return store


def test_figures_by_hand(may: Store) -> None:
    result = reputation(may, MAY.but(brands=("Senandika",)))
    assert (result.now["volume"].value, result.untagged) == (9, 1)
    assert (result.now["complaint_rate"].k, result.now["complaint_rate"].n) == (6, 8)
    assert result.now["net_sentiment"].value == -6 / 8
    assert (result.now["stars"].value, result.now["stars"].n) == (1, 8)
    assert result.before is not None
    assert result.before["complaint_rate"].value == 0.5
    assert result.change["complaint_rate"].value == 0.25
    assert result.change["volume"].value == pytest.approx(9 / 4 - 1)
    assert result.change["stars"].value == -4


def test_each_period_of_the_trend_opens_its_mentions(may: Store) -> None:
    for every in ("day", "week", "month"):
        filter = Filter(since=date(2026, 4, 2), until=date(2026, 5, 30))
        trend = reputation(may, filter, every=every).trend  # type: ignore[arg-type]
        assert list(trend["start"])[1:] == [end + timedelta(days=1) for end in trend["end"]][:-1]
        assert trend["volume"].sum() == count(may, filter).n
        for row in trend.to_dict("records"):
            period = filter.but(since=row["start"], until=row["end"])
            assert count(may, period).n == row["volume"]
            assert count(may, period.but(complaint=True)).n == row["complaints"]
            assert count(may, period.but(sentiments=("neutral",))).n == row["neutral"]


def test_an_empty_period_has_no_rate_rather_than_zero(may: Store) -> None:
    trend = reputation(may, MAY.but(brands=("Senandika",)), every="day").trend
    empty = trend[trend["volume"] == 0]
    assert len(empty) > 10
    assert empty["complaint_rate"].isna().all()


def test_growth_is_not_claimed_over_days_before_the_data(may: Store) -> None:
    whole = Filter(since=date(2026, 3, 1), until=date(2026, 5, 31))
    assert reputation(may, whole).before is None
    part = Filter(since=date(2026, 4, 1), until=date(2026, 5, 31))
    result = reputation(may, part)
    assert result.before is not None
    assert result.change["volume"].value is None


def test_an_unbounded_filter_counts_the_undated_and_compares_nothing(may: Store) -> None:
    result = reputation(may, Filter())
    assert result.now["volume"].value == count(may, Filter()).n == 16
    assert result.before is None
    assert result.change == {}
    assert result.trend["volume"].sum() == 15


def test_nothing_is_no_data(store: Store) -> None:
    result = reputation(store, MAY)
    assert [result.now[name].value for name in ("net_sentiment", "stars", "complaint_rate")] == [
        None,
        None,
        None,
    ]
    assert len(result.trend) == 0
    put(store, [RawMention(external_id="1", text="kapan")])
    assert len(reputation(store, Filter()).trend) == 0


def test_brands_side_by_side(may: Store) -> None:
    brands = by(may, MAY, "brand")
    assert list(brands) == ["Senandika", "Griyakita"]
    assert sum(metrics["volume"].n for metrics in brands.values()) == count(may, MAY).n


def test_adding_another_brand_changes_nothing(may: Store) -> None:
    before = plain(reputation(may, MAY.but(brands=("Senandika",))))
    put(may, [review(str(i), "x", "2026-05-05") for i in range(9)], brand="Lain")
    assert plain(reputation(may, MAY.but(brands=("Senandika",)))) == before


def test_errors_of_the_model_are_taken_out(may: Store) -> None:
    filter = MAY.but(brands=("Senandika",))
    assert reputation(may, filter).corrected == {}
    errors = {
        "sentiment": [[100, 0, 0], [0, 100, 0], [0, 0, 100]],
        "complaint": [[80, 20], [0, 100]],
    }
    save_model(may, Model("m-1", {"errors": errors}, datetime(2026, 6, 1, tzinfo=UTC)))
    result = reputation(may, filter)
    # 6 of 8 said to complain, a fifth of the others among them: 0.2 + 0.8 p = 0.75.
    assert result.corrected["complaint_rate"].value == pytest.approx(0.6875)
    assert result.corrected["complaint_rate"].n == 8
    assert result.corrected["net_sentiment"].value == pytest.approx(-6 / 8)


def test_model_that_tagged_last_is_the_one_believed(store: Store) -> None:
    assert latest_model(store) is None
    for version, day in (("m-1", 3), ("m-2", 2), ("m-1", 1)):
        save_model(store, Model(version, {"day": day}, datetime(2026, 6, day, tzinfo=UTC)))
    found = latest_model(store)
    assert found is not None
    assert (found.version, found.quality) == ("m-2", {"day": 2})


def test_each_period_is_corrected_for_what_the_model_was_measured_to_miss(may: Store) -> None:
    """It finds 9 of 10 complaints and takes 1 of 10 others for one: (share − 0.1) / 0.8."""
    errors = {
        "complaint": [[9_000, 1_000], [1_000, 9_000]],
        "sentiment": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
    }
    save_model(may, Model("measured", {"errors": errors}, datetime(2026, 6, 1, tzinfo=UTC)))
    both = Filter(brands=("Senandika",), since=date(2026, 4, 1), until=date(2026, 5, 31))
    plain = reputation(may, both, every="month")
    assert "corrected" not in plain.trend
    trend = reputation(may, both, every="month", correct="complaint_rate").trend
    april, late = trend.to_dict("records")
    assert april["corrected"] == pytest.approx((2 / 4 - 0.1) / 0.8, abs=1e-3)
    assert late["corrected"] == pytest.approx((6 / 8 - 0.1) / 0.8, abs=1e-3)
    assert list(trend["complaint_rate"]) == list(plain.trend["complaint_rate"])
    for row in (april, late):
        assert row["corrected_low"] < row["corrected"] < row["corrected_high"]
        # Chance counts as before, and what the model errs comes on top.
        wide = row["corrected_high"] - row["corrected_low"]
        assert wide > row["complaint_rate_high"] - row["complaint_rate_low"]


def test_a_period_without_a_tag_has_nothing_to_correct(may: Store) -> None:
    errors = {"complaint": [[9, 1], [1, 9]], "sentiment": [[9, 1, 0], [1, 8, 1], [0, 1, 9]]}
    save_model(may, Model("measured", {"errors": errors}, datetime(2026, 6, 1, tzinfo=UTC)))
    for metric in ("complaint_rate", "net_sentiment"):
        trend = reputation(may, MAY, every="day", correct=metric).trend  # type: ignore[arg-type]
        empty = trend["complaint_rate_n"] == 0
        assert 0 < empty.sum() < len(trend)
        assert (trend["corrected"].isna() == empty).all()


def test_a_model_that_nobody_measured_corrects_nothing(may: Store) -> None:
    assert "corrected" not in reputation(may, MAY, correct="complaint_rate").trend
