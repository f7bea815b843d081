import random
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import statsmodels.api as sm

from insights.drivers import Part, drivers
from insights.values import plain
from simak.tags import SENTIMENTS
from simak.taxonomy import load_taxonomy
from store.engine import Store
from store.filter import Filter
from store.lists import MentionRow, count, list_mentions
from tests.builders import put, review, tag_all, tagged
from tests.stores import empty_store

TAXONOMY = load_taxonomy()
SENANDIKA = Filter(brands=("Senandika",))
SPOKEN = ("delivery", "price", "payment", "website_app", "promotion", "packaging")


def fill(store: Store, n: int, *, brand: str = "Senandika", seed: int = 1) -> None:
    """Mentions of all kinds, as likely as not with touchpoints and stars; some wait for tags."""
    chance = random.Random(seed)
    said = {}
    mentions = []
    for i in range(n):
        polarities = {
            name: chance.choice(SENTIMENTS)
            for name in chance.sample(SPOKEN, chance.choice([0, 1, 1, 2, 3]))
        }
        text = f"{brand} {i}"
        sentiment = chance.choice(SENTIMENTS)
        blamed = "negative" in polarities.values()
        said[text] = tagged(
            sentiment, polarities, complaint=chance.random() < (0.8 if blamed else 0.2)
        )
        stars = min(5, max(1, 4 - 2 * blamed + chance.randint(-1, 1)))
        mentions.append(
            review(
                text,
                text,
                f"2026-05-{1 + i % 28:02}",
                channel=chance.choice(["x", "google_play"]),
                stars=float(stars) if chance.random() < 0.8 else None,
                product=chance.choice(["kopi", "teh", None]),
            )
        )
    put(store, mentions, brand=brand)
    tag_all(store, said)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = empty_store(tmp_path_factory.mktemp("drivers") / "simak.db")
    fill(store, 700)
    put(store, [review("waiting", "belum", stars=1.0)])
    yield store
    store.close()


def approximately(result: Any) -> Any:
    """Return it for comparison with another, numbers to nine digits."""
    if isinstance(result, dict):
        return {key: approximately(value) for key, value in result.items()}
    if isinstance(result, list):
        return [approximately(value) for value in result]
    return pytest.approx(result) if isinstance(result, float) else result


def all_tagged(store: Store, filter: Filter) -> list[MentionRow]:
    rows = list_mentions(store, filter, limit=10_000)
    return [row for row in rows if row.sentiment != "untagged"]


def blamed(row: MentionRow) -> set[str]:
    return {name for name, tag in row.touchpoints.items() if tag.polarity == "negative"}


def check_by_hand(store: Store, part: Part, groups: dict[str, set[str]]) -> None:
    """Leave the complaints about each row out of the list of mentions, one by one."""
    rows = all_tagged(store, part.filter)
    owner = {id: name for name, ids in groups.items() for id in ids}
    complaints = sum(row.complaint for row in rows)
    stars = [row.stars for row in rows if row.stars is not None]
    assert (part.complaint_share.k, part.complaint_share.n) == (complaints, len(rows))
    assert {row.id for row in part.rows} == {owner[id] for row in rows for id in row.touchpoints}
    for found in part.rows:
        gone = [
            row for row in rows if row.complaint and {owner[i] for i in blamed(row)} == {found.id}
        ]
        left = (complaints - len(gone)) / len(rows)
        assert found.impact.value == pytest.approx(complaints / len(rows) - left)
        rest = [row.stars for row in rows if row.stars is not None and row not in gone]
        assert found.stars.value == pytest.approx(np.mean(rest) - np.mean(stars), abs=1e-9)


def test_impact_is_what_is_left_without_each_touchpoint(filled: Store) -> None:
    (part,) = drivers(filled, TAXONOMY, SENANDIKA).parts
    check_by_hand(filled, part, {id: {id} for id in SPOKEN})
    impacts = [row.impact.value for row in part.rows]
    assert impacts == sorted(impacts, reverse=True)
    assert part.stars.n == sum(row.stars is not None for row in all_tagged(filled, SENANDIKA))


def test_functions_are_left_out_with_all_their_touchpoints(filled: Store) -> None:
    (part,) = drivers(filled, TAXONOMY, SENANDIKA, by="owner").parts
    groups: dict[str, set[str]] = {}
    for id in SPOKEN:
        groups.setdefault(TAXONOMY[id].owner, set()).add(id)
    assert max(len(ids) for ids in groups.values()) > 1
    check_by_hand(filled, part, groups)


@pytest.mark.parametrize("by", ["channel", "facet:product"])
def test_parts_say_what_a_filter_on_them_says(filled: Store, by: str) -> None:
    result = drivers(filled, TAXONOMY, SENANDIKA, by=by)
    assert len(result.parts) == 2
    for part in result.parts:
        (alone,) = drivers(filled, TAXONOMY, part.filter).parts
        assert plain(part) == approximately(plain(replace(alone, name=part.name)))
        check_by_hand(filled, part, {id: {id} for id in SPOKEN})


def test_every_number_opens_its_mentions(store: Store) -> None:
    fill(store, 60)
    for by in (None, "owner", "channel", "facet:product"):
        for part in drivers(store, TAXONOMY, SENANDIKA, by=by).parts:
            assert count(store, part.filter.but(complaint=True)).n == part.complaint_share.k
            assert count(store, part.behind_unplaced).n == part.unplaced.k
            assert part.rows
            for row in part.rows:
                assert count(store, row.behind).n == row.complaints.k
                assert count(store, row.behind_impact).n == row.impact.k
                opened = list_mentions(store, row.behind_impact, limit=100)
                assert len(opened) == row.impact.k


def test_the_complaint_share_is_the_sum_of_its_parts(filled: Store) -> None:
    for by in (None, "owner", "channel"):
        for part in drivers(filled, TAXONOMY, SENANDIKA, by=by).parts:
            alone = sum(row.impact.k or 0 for row in part.rows)
            # Nothing selects the shared ones, so that no click may promise to.
            assert part.shared.k is None
            shared = round(part.shared.value * part.shared.n)
            assert alone + shared + part.unplaced.k == part.complaint_share.k


def test_other_mentions_change_nothing(sqlite_store: Store) -> None:
    fill(sqlite_store, 200)
    before = drivers(sqlite_store, TAXONOMY, SENANDIKA, by="channel")
    fill(sqlite_store, 80, brand="Griyakita", seed=2)
    after = drivers(sqlite_store, TAXONOMY, SENANDIKA, by="channel")
    for part, same in zip(after.parts, before.parts, strict=True):
        assert part.rows
        assert plain(part) == approximately(plain(same))


def test_the_regression_is_that_of_statsmodels_on_the_mentions(filled: Store) -> None:
    (part,) = drivers(filled, TAXONOMY, SENANDIKA).parts
    rows = [row for row in all_tagged(filled, SENANDIKA) if row.stars is not None]
    sides = [(id, side) for id in SPOKEN for side in ("negative", "positive")]
    columns = {
        (id, side): [id in row.touchpoints and row.touchpoints[id].polarity == side for row in rows]
        for id, side in sides
    }
    columns["unplaced", "negative"] = [row.complaint and not blamed(row) for row in rows]
    columns = {side: said for side, said in columns.items() if sum(said) >= 30}
    assert len(columns) > 10, {side: sum(said) for side, said in columns.items()}
    x = sm.add_constant(np.array(list(columns.values()), dtype=float).T)
    theirs = sm.OLS([row.stars for row in rows], x).fit(cov_type="HC3", use_t=True)
    assert part.regression is not None
    assert part.regression.r2 == pytest.approx(theirs.rsquared)
    assert part.regression.n == len(rows)
    effects = {row.id: row.effect for row in part.rows} | {"unplaced": part.regression.unplaced}
    ranges = theirs.conf_int()
    for (id, side), slope, (low, high), said in zip(
        columns, theirs.params[1:], ranges[1:], columns.values(), strict=False
    ):
        effect = effects[id]
        assert effect is not None
        value = effect.blamed if side == "negative" else effect.praised
        assert (value.value, value.low, value.high) == pytest.approx((slope, low, high))
        assert value.n == sum(said)
    explained = sum(effect.explained for effect in effects.values() if effect)
    assert explained == pytest.approx(theirs.rsquared)


def test_a_touchpoint_that_few_speak_of_is_not_ranked(sqlite_store: Store) -> None:
    said = {f"mahal {i}": tagged("negative", {"price": "negative"}) for i in range(29)}
    said |= {
        f"lambat {i}": tagged("positive", {"delivery": "negative"}, complaint=False)
        for i in range(30)
    }
    put(sqlite_store, [review(text, text, stars=1.0 + (i % 2)) for i, text in enumerate(said)])
    tag_all(sqlite_store, said)
    (part,) = drivers(sqlite_store, TAXONOMY, SENANDIKA).parts
    assert [row.id for row in part.rows] == ["delivery", "price"]  # though price alone is blamed
    assert [row.enough for row in part.rows] == [True, False]
    assert part.rows[1].impact.k == 29
    assert part.rows[1].effect is None
    assert part.rows[0].effect is not None


def test_touchpoints_that_always_go_together_are_named(sqlite_store: Store) -> None:
    both = {"price": "negative", "delivery": "negative"}
    said = {f"a {i}": tagged("negative", both) for i in range(40)}
    said |= {f"b {i}": tagged("positive") for i in range(40)}
    put(sqlite_store, [review(t, t, stars=1.0 + i % 3) for i, t in enumerate(said)])
    tag_all(sqlite_store, said)
    (part,) = drivers(sqlite_store, TAXONOMY, SENANDIKA).parts
    assert part.regression is not None
    (apart,) = part.regression.effects
    assert part.regression.together == tuple({"price", "delivery"} - {apart})
    put(sqlite_store, [review("c", "c", stars=2.0)])  # one mention tells them apart, hardly
    tag_all(sqlite_store, {"c": tagged("negative", {"delivery": "negative"})})
    (part,) = drivers(sqlite_store, TAXONOMY, SENANDIKA).parts
    assert part.regression is not None
    assert part.regression.together == ()
    assert all(effect.inflation > 5 for effect in part.regression.effects.values())


def test_no_stars_no_regression_and_nothing_at_all(sqlite_store: Store) -> None:
    (part,) = drivers(sqlite_store, TAXONOMY, SENANDIKA).parts
    assert (part.rows, part.regression) == ((), None)
    assert (part.complaint_share.value, part.stars.value) == (None, None)
    assert drivers(sqlite_store, TAXONOMY, SENANDIKA, by="channel").parts == ()
    said = {f"mahal {i}": tagged("negative", {"price": "negative"}) for i in range(40)}
    put(sqlite_store, [review(text, text) for text in said])
    tag_all(sqlite_store, said)
    (part,) = drivers(sqlite_store, TAXONOMY, SENANDIKA).parts
    assert part.regression is None
    assert part.rows[0].impact.value == 1
    assert part.rows[0].stars.value is None
