"""The address holds a view whole, and nothing it says can hurt."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard import i18n
from dashboard.state import CUSTOM, MAX_SEARCH_CHARS, State, read, read_brand, read_language
from store.rollups import Facets
from store.tables import UNPLACED

FACETS = Facets(
    ("A&B", "Ürün"), ("google_play", "x"), ("id", "en"), date(2026, 1, 1), date(2026, 10, 31), 3
)
BRANDS = ("Ürün", "A&B")
TOUCHPOINTS = ("delivery", "price")


def parse(query: dict[str, list[str]]) -> tuple[State, list[str]]:
    return read(query, lang="en", brands=BRANDS, facets=FACETS, touchpoints=TOUCHPOINTS)


def address(state: State) -> dict[str, list[str]]:
    return {k: [v] if isinstance(v, str) else list(v) for k, v in state.query().items()}


def test_an_empty_address_is_the_last_90_days_of_the_first_brand() -> None:
    state, notes = parse({})
    assert (state.brand, state.period, notes) == ("Ürün", "90", [])
    filter = state.filter(FACETS.last)
    assert (filter.since, filter.until) == (date(2026, 8, 3), date(2026, 10, 31))


DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))
STATES = st.builds(
    State,
    lang=st.just("en"),
    brand=st.sampled_from(BRANDS),
    period=st.sampled_from(("30", "90", "365", "all")),
    channels=st.lists(st.sampled_from(FACETS.channels), unique=True).map(tuple),
    languages=st.lists(st.sampled_from(FACETS.languages), unique=True).map(tuple),
    copies=st.booleans(),
    metric=st.sampled_from(("complaint_rate", "net_sentiment", "stars")),
    every=st.sampled_from((None, "day", "week", "month")),
    sentiments=st.lists(st.sampled_from(("negative", "untagged")), unique=True).map(tuple),
    complaint=st.sampled_from((None, True, False)),
    touchpoint=st.sampled_from((*TOUCHPOINTS, UNPLACED)),
    polarity=st.sampled_from((None, "negative")),
    search=st.none() | st.text('abc "*&=#é', min_size=1).map(str.strip).filter(bool),
    has_rating=st.booleans(),
    same=st.none() | st.text("0123456789abcdef", min_size=32, max_size=32),
    copies_of=st.none() | st.integers(0, 2**31 - 1),
    after=st.none()
    | st.tuples(st.datetimes(datetime(1900, 1, 1), timezones=st.just(UTC)), st.integers(1, 10**9)),
) | st.builds(
    State,
    lang=st.just("en"),
    brand=st.just("A&B"),
    order=st.just("useful"),
    after=st.none() | st.tuples(st.floats(0, 1e9), st.integers(1, 2**62)),
)


@given(STATES)
@settings(deadline=None)
def test_a_view_survives_its_address(state: State) -> None:
    assert parse(address(state)) == (state, [])


@given(st.tuples(DAYS, DAYS).map(sorted))
@settings(deadline=None)
def test_own_dates_survive_too(days: list[date]) -> None:
    state = State(lang="en", brand="A&B", period=CUSTOM, since=days[0], until=days[1])
    assert parse(address(state)) == (state, [])


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("brand", "nobody"),
        ("days", "12"),
        ("since", "yesterday"),
        ("since", "0001-01-01"),
        ("until", "9999-12-31"),
        ("channel", "<script>"),
        ("language", "xx"),
        ("lang", "fr"),
        ("metric", "profit"),
        ("every", "hour"),
        ("sentiment", "angry"),
        ("complaint", "maybe"),
        ("touchpoint", "nothing"),
        ("polarity", "up"),
        ("after", "2026-01-01"),
        ("after", "2026-01-01T00:00:00_5"),
        ("after", "9999-99-99_x"),
        ("after", f"2026-01-01T00:00:00+00:00_{10**20}"),
        ("after", "2.5_7"),
        ("order", "oldest"),
        ("rating", "no"),
        ("same", "../etc"),
        ("copies", "yes"),
        ("copies_of", "all"),
        ("copies_of", "-1"),
        ("copies_of", str(2**31)),
    ],
)
def test_what_is_not_known_is_left_out_with_a_note(key: str, value: str) -> None:
    i18n.use("en")
    state, notes = parse({key: [value]})
    assert state == parse({})[0]
    assert len(notes) == 1
    assert key in notes[0]
    assert value in notes[0]


@pytest.mark.parametrize(
    "after", ["2026-01-01T00:00:00+00:00_5", "nan_5", "inf_5", "2.5", f"2.5_{10**20}"]
)
def test_a_page_of_the_other_order_is_left_out(after: str) -> None:
    state, notes = parse({"order": ["useful"], "after": [after]})
    assert (state.order, state.after) == ("useful", None)
    assert len(notes) == 1


def test_dates_the_wrong_way_round_are_left_out() -> None:
    state, notes = parse({"since": ["2026-05-02"], "until": ["2026-05-01"]})
    assert state.period == "90"
    assert len(notes) == 1


@given(
    st.dictionaries(
        st.sampled_from(
            [
                "lang",
                "brand",
                "days",
                "since",
                "until",
                "channel",
                "after",
                "q",
                "order",
                "same",
                "copies",
                "copies_of",
            ]
        ),
        st.lists(st.text(), max_size=3),
    )
)
@settings(deadline=None)
def test_no_address_raises(query: dict[str, Any]) -> None:
    state, _notes = parse(query)
    state.list_filter(FACETS.last)
    assert read_language(query, "id") in ("id", "en")
    assert read_brand(query, BRANDS) in BRANDS


def test_a_search_is_cut() -> None:
    assert len(parse({"q": ["a" * 5_000]})[0].search or "") == MAX_SEARCH_CHARS


def test_pages_share_the_filters_but_not_their_own_choices() -> None:
    state = State(
        lang="en",
        brand="A&B",
        channels=("x",),
        copies=False,
        touchpoint="price",
        search="a",
        metric="stars",
        has_rating=True,
        order="useful",
        same="0" * 32,
        copies_of=7,
    )
    assert state.shared() == State(lang="en", brand="A&B", channels=("x",), copies=False)


def test_a_polarity_without_its_touchpoint_filters_nothing() -> None:
    assert State(lang="en", polarity="negative").list_filter(None).polarity is None
