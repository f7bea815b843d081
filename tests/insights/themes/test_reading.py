"""What is shown of themes: every number opens the mentions that it counts."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from insights.themes.reading import Themes, themes
from insights.themes.verbatims import verbatims
from store.engine import Store
from store.filter import Filter
from store.lists import count
from tests.builders import tagged
from tests.insights.themes.said import MATTERS, night, put_texts, texts_about
from tests.stores import empty_store

MAY = Filter(since=date(2026, 5, 1), until=date(2026, 5, 31))
APRIL_AND_MAY = ("2026-04-10", "2026-05-10", "2026-04-20", "2026-05-20")


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Three matters in April and May, a fourth in May alone, with touchpoints and languages."""
    folder: Path = tmp_path_factory.mktemp("themes")
    store = empty_store(folder / "themes.db")
    for hour, matter in enumerate(("otp", "refund", "courier")):
        about = tagged(
            "negative", {"app": "negative", matter: "negative"}, language=("id", "en")[hour % 2]
        )
        texts = texts_about(matter, 40)
        put_texts(store, texts, prefix=matter, days=APRIL_AND_MAY, tags=about, hour=hour)
    put_texts(store, texts_about("crash", 40), prefix="crash", days=("2026-05-12", "2026-05-25"))
    put_texts(store, ["jelek", "parah sekali"], prefix="short", days=APRIL_AND_MAY)
    praise = tagged("positive", {"app": "positive"})
    put_texts(store, ["mantap", *texts_about("otp", 9, 4)], prefix="good", tags=praise)
    night(store, 4)
    yield store
    store.close()


def _opens_what_it_counts(store: Store, result: Themes) -> None:
    for row in result.rows:
        assert count(store, row.behind).n == row.share.k
        assert row.share.n == result.mentions[row.brand]
        for part in (*row.touchpoints, *row.languages):
            assert count(store, part.behind).n == part.share.k
            assert part.share.n == row.share.k
        assert sum(part.share.k or 0 for part in row.languages) == row.share.k
    for rest in result.rest:
        assert count(store, rest.behind).n == (rest.share.k or 0)
    placed = sum(row.share.k or 0 for row in (*result.rows, *result.rest))  # type: ignore[attr-defined]
    assert placed + result.waiting == sum(result.mentions.values())


@given(
    since=st.sampled_from([None, date(2026, 4, 15), date(2026, 5, 11)]),
    channels=st.sampled_from([(), ("x",), ("x", "google_play")]),
    touchpoints=st.sampled_from([(), ("otp",), ("otp", "refund")]),
    languages=st.sampled_from([(), ("en",)]),
    polarity=st.sampled_from([None, "negative", "positive"]),
)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_every_number_opens_its_mentions(filled: Store, **fields: object) -> None:
    filter = Filter(until=date(2026, 5, 31), **fields)  # type: ignore[arg-type]
    _opens_what_it_counts(filled, themes(filled, filter))


def test_a_mention_is_of_one_theme_or_of_none(filled: Store) -> None:
    result = themes(filled, Filter())
    assert (result.waiting, result.mentions) == (0, {"Senandika": 162})
    assert sum(row.share.value or 0 for row in (*result.rows, *result.rest)) == pytest.approx(1)  # type: ignore[attr-defined]
    short = next(rest for rest in result.rest if rest.why == "short")
    assert short.share.k == 2
    assert all(row.change is None and row.p is None and not row.is_new for row in result.rows)
    assert [row.share.k for row in result.rows] == sorted(
        (row.share.k or 0 for row in result.rows), reverse=True
    )


def test_what_began_in_the_period_is_new(filled: Store) -> None:
    rows = themes(filled, MAY).rows
    new = {row.phrase for row in rows if row.is_new}
    assert new
    about_crashes = set(" ".join(MATTERS["crash"]).split())
    assert {word for phrase in new for word in phrase.split()} <= about_crashes
    for row in rows:
        assert row.change is not None
        if row.is_new:
            assert row.change.low is not None
            assert row.change.low > 0
    in_april = MAY.but(since=date(2026, 4, 1), until=date(2026, 4, 30))
    assert not any(row.is_new for row in themes(filled, in_april).rows)


def test_its_change_is_that_of_its_share(filled: Store) -> None:
    now, before = themes(filled, MAY), themes(filled, MAY.previous())  # type: ignore[arg-type]
    old = {row.id: row.share.value for row in before.rows}
    for row in now.rows:
        assert row.change is not None
        assert row.change.value == pytest.approx((row.share.value or 0) - (old.get(row.id) or 0))


def test_what_others_are_told_changes_nothing(filled: Store) -> None:
    before = themes(filled, MAY.but(brands=("Senandika",)))
    put_texts(filled, texts_about("otp", 9, seed=8), prefix="rival", brand="Griyakita", hour=9)
    assert themes(filled, MAY.but(brands=("Senandika",))) == before


def test_verbatims_speak_of_the_matter(filled: Store) -> None:
    result = themes(filled, MAY)
    texts = verbatims(filled, result.rows, polarity="negative", limit=2)
    assert set(texts) == {row.id for row in result.rows}
    for row in result.rows:
        assert len(texts[row.id]) == 2
        opened = MAY.but(text_hash=texts[row.id][0].text_hash)
        assert count(filled, row.behind.but(text_hash=texts[row.id][0].text_hash)).n >= 1
        assert count(filled, opened).n >= 1
    (new,) = [row for row in result.rows if row.is_new][:1]
    assert all(MATTERS["crash"][0] in mention.text for mention in texts[new.id])


def test_an_empty_store_has_none(store: Store) -> None:
    result = themes(store, MAY)
    assert (result.rows, result.rest, result.waiting) == ((), (), 0)
    assert verbatims(store, result.rows, polarity="negative") == {}


def test_another_mark_cannot_be_asked_for(store: Store) -> None:
    with pytest.raises(ValueError, match="mark"):
        themes(store, Filter(mark=("promise", "1")))
