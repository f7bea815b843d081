"""The address holds a view whole, and nothing it says can hurt."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import parse_qs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard import i18n
from dashboard.links import query_string
from dashboard.reading import MAX_SEARCH_CHARS, read, read_brand, read_language
from dashboard.state import CUSTOM, State
from simak.tags import SIGNALS
from store.cases import STATUSES
from store.filter import Answered, CaseIs, Filter
from store.rollups import Facets
from store.tables import UNPLACED

FACETS = Facets(
    ("A&B", "Ürün"), ("google_play", "x"), ("id", "en"), date(2026, 1, 1), date(2026, 10, 31), 3
)
BRANDS = ("Ürün", "A&B")
TOUCHPOINTS = ("delivery", "price")


def parse(query: dict[str, list[str]]) -> tuple[State, list[str]]:
    return read(query, lang="en", brands=BRANDS, there=FACETS, touchpoints=TOUCHPOINTS)


def address(state: State) -> dict[str, list[str]]:
    return {k: [v] if isinstance(v, str) else list(v) for k, v in state.query().items()}


def test_an_empty_address_is_the_last_90_days_of_the_first_brand() -> None:
    state, notes = parse({})
    assert (state.brand, state.period, notes) == ("Ürün", "90", [])
    filter = state.filter(FACETS.last)
    assert (filter.since, filter.until) == (date(2026, 8, 3), date(2026, 10, 31))


DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))
WORDS = st.text('abc "*&=#é:+%\\', min_size=1)


def some(values: Iterable[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(tuple(values)), unique=True).map(tuple)


ANSWERED = st.builds(
    Answered,
    metric=st.sampled_from(("nps", "csat", "ces")),
    low=st.integers(0, 1).map(float),
    high=st.integers(5, 10).map(float),
    higher_is_better=st.booleans(),
    at_least=st.floats(0, 5),
    at_most=st.floats(5, 10),
    touchpoint=st.none() | WORDS,
    channels=st.lists(WORDS, max_size=2).map(tuple),
    segment=st.none() | WORDS,
)
CASE = st.builds(
    CaseIs,
    statuses=some(STATUSES),
    owner=st.none() | WORDS | st.just(""),
    due_before=st.none() | DAYS,
)
NARROWED = st.fixed_dictionaries(
    {
        "brands": st.sampled_from((("Ürün",), ("A&B",), ("A&B", "Ürün"))),
        "channels": some(FACETS.channels),
        "sources": st.lists(WORDS, unique=True, max_size=2).map(tuple),
        "languages": some(FACETS.languages),
        "copies": st.booleans(),
        "sentiments": some(("negative", "untagged")),
        "complaint": st.sampled_from((None, True, False)),
        "signals": some(SIGNALS),
        "facets": st.lists(
            st.tuples(st.sampled_from(("product", "a:b % c")), WORDS), unique=True, max_size=2
        ).map(tuple),
        "replied": st.sampled_from((None, True, False)),
        "mark": st.none() | st.tuples(st.just("theme"), WORDS),
        "answered": st.none() | ANSWERED,
        "case": st.none() | CASE,
        "search": st.none() | st.text('abc "*&=#é', min_size=1).map(str.strip).filter(bool),
        "has_rating": st.booleans(),
        "text_hash": st.none() | st.text("0123456789abcdef", min_size=32, max_size=32),
        "copy_group": st.none() | st.integers(0, 2**31 - 1),
    }
)
SPOKEN = st.sampled_from(
    (
        {},
        {"touchpoints": ("price",)},
        {"touchpoints": ("price", UNPLACED), "polarity": "negative"},
        {"touchpoints": TOUCHPOINTS, "polarity": "positive", "alone": True},
    )
)
FILTERS = st.builds(lambda one, other: Filter(**one, **other), NARROWED, SPOKEN)
STATES = st.builds(
    State,
    lang=st.just("en"),
    period=st.sampled_from(("30", "90", "365", "all")),
    chosen=FILTERS,
    choices=st.dictionaries(st.sampled_from(("metric", "every", "rival")), WORDS).map(
        lambda choices: tuple(sorted(choices.items()))
    ),
    after=st.none()
    | st.tuples(st.datetimes(datetime(1900, 1, 1), timezones=st.just(UTC)), st.integers(1, 10**9)),
) | st.builds(
    State,
    lang=st.just("en"),
    chosen=st.just(Filter(brands=("A&B",))),
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
    filter = Filter(brands=("A&B",), since=days[0], until=days[1])
    state = State(lang="en", period=CUSTOM, chosen=filter)
    assert parse(address(state)) == (state, [])


@given(FILTERS, st.none() | st.tuples(DAYS, DAYS).map(sorted))
@settings(deadline=None)
def test_any_filter_has_an_address_that_lists_exactly_it(
    filter: Filter, days: list[date] | None
) -> None:
    if days:
        filter = filter.but(since=days[0], until=days[1])
    here = State(lang="en", period="30", chosen=Filter(brands=("Ürün",)))
    listing = here.listing(filter, FACETS.last)
    query = parse_qs(query_string(listing))
    state, notes = parse(query)
    assert (state.list_filter(FACETS.last), notes) == (filter, [])


def test_the_preset_stays_where_it_means_the_same_days() -> None:
    here = State(lang="en", period="30", chosen=Filter(brands=("A&B",)))
    shown = here.filter(FACETS.last)
    assert here.listing(shown.but(complaint=True), FACETS.last).period == "30"
    assert here.listing(shown.but(brands=("Ürün",)), FACETS.last).period == CUSTOM
    assert here.listing(shown.but(since=None, until=None), FACETS.last).period == "all"


def test_what_a_page_alone_lets_choose_is_kept_by_name() -> None:
    state, notes = parse({"rival": ["Ürün"], "Bad-Name": ["x"], "empty": [""]})
    assert (state.choice("rival"), notes) == ("Ürün", [])
    assert state.choices == (("rival", "Ürün"),)
    assert state.choosing("rival", None).choices == ()


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
        ("signal", "joy"),
        ("with", "product"),
        ("replied", "maybe"),
        ("alone", "no"),
        ("mark", "theme:"),
        ("answered", "{}"),
        ("answered", '{"metric":"nps","low":"nan","high":10,"at_least":0,"at_most":6}'),
        ("answered", '{"metric":"nps","low":0,"high":10,"at_least":0,"at_most":6,"x":1}'),
        ("answered", '{"metric":["nps"],"low":0,"high":10,"at_least":0,"at_most":6}'),
        ("answered", "[1]"),
        ("case", "open"),
        ("case", '{"statuses":["closed"]}'),
        ("case", '{"statuses":[["open"]]}'),
        ("case", '{"due_before":"soon"}'),
        ("case", '{"due_before":5}'),
        ("case", '{"owner":7}'),
        ("case", '{"x":1}'),
        ("case", "[1]"),
        ("answered", "[" * 1_999),
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
    assert value[:60] in notes[0]


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
                "with",
                "mark",
                "answered",
                "case",
                "source",
                "signal",
                "touchpoint",
                "alone",
                "replied",
                "rival",
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
    assert len(parse({"q": ["a" * 5_000]})[0].chosen.search or "") == MAX_SEARCH_CHARS


def test_pages_share_the_filters_but_not_their_own_choices() -> None:
    shared = Filter(brands=("A&B",), channels=("x",), languages=("id",), copies=False)
    state = State(
        lang="en",
        chosen=shared.but(
            brands=("A&B", "Ürün"), touchpoints=("price",), search="a", has_rating=True,
            text_hash="0" * 32, copy_group=7, signals=("advocacy",), replied=True,
            facets=(("product", "x"),), mark=("theme", "7"), sources=("file",),
        ),
        choices=(("metric", "stars"),),
        order="useful",
    )  # fmt: skip
    assert state.shared() == State(lang="en", chosen=shared)


def test_a_polarity_without_its_touchpoint_filters_nothing() -> None:
    state, _notes = parse({"polarity": ["negative"], "alone": ["yes"]})
    assert (state.chosen.polarity, state.chosen.alone) == (None, False)
