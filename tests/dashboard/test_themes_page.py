"""The Themes page: what complaints are about, since when, how it moves, and what is missing."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import i18n, jobs
from insights.themes.reading import Themes, themes
from simak.taxonomy import load_taxonomy
from store.engine import Store, open_store
from store.filter import Filter
from store.lists import count
from tests.dashboard import themed
from tests.dashboard.conftest import html
from tests.dashboard.themed import BRAND, LATE, TOUCHPOINTS
from tests.dashboard.walk import charts, doors, listed

Show = Callable[..., AppTest]

ALL = Filter(brands=(BRAND,))
MAY = {"since": "2026-05-01", "until": "2026-05-31"}
IN_MAY = ALL.but(since=date(2026, 5, 1), until=date(2026, 5, 31))


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    found = f"sqlite:///{Path(tmp_path_factory.mktemp('themes')) / 'simak.db'}"
    themed.build(found)
    return found


@pytest.fixture(scope="module")
def store(url: str) -> Iterator[Store]:
    opened = open_store(url)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def result(store: Store) -> Themes:
    return themes(store, ALL)


def id_of(result: Themes, word: str) -> str:
    """Return the theme that a word tells."""
    found = [row.id for row in result.rows if word in " ".join((row.phrase, *row.words))]
    assert found, [row.phrase for row in result.rows]
    return str(found[0])


def assert_doors(store: Store, app: AppTest, least: int) -> None:
    assert not app.exception
    found = [door for door in doors(app) if door.count is not None]
    assert len(found) >= least
    taxonomy = load_taxonomy()
    for door in {(door.to, door.count) for door in found}:
        assert listed(store, taxonomy, door[0]) == (door[1], []), door


@pytest.mark.parametrize(
    ("query", "least"),
    [
        ({"days": "all"}, 12),
        (MAY, 12),
        ({"days": "all", "channel": "x", "language": "id"}, 4),
        ({"days": "all", "said": "praise"}, 4),
        ({"days": "all", "of": "delivery"}, 3),
        ({**MAY, "of": "delivery", "said": "praise"}, 2),
    ],
)
def test_every_mark_and_link_opens_what_it_counts(
    show: Show, url: str, store: Store, query: dict[str, str], least: int
) -> None:
    assert_doors(store, show(url, "themes", lang="en", brand=BRAND, **query), least)


@pytest.mark.parametrize("every", ["auto", "week", "month"])
@pytest.mark.parametrize("said", ["complaints", "praise"])
def test_a_theme_opens_what_it_counts_and_its_periods_add_up(
    show: Show, url: str, store: Store, every: str, said: str
) -> None:
    polarity = "negative" if said == "complaints" else "positive"
    row = themes(store, ALL, polarity=polarity).rows[0]
    query = {"days": "all", "said": said, "about": str(row.id), "every": every}
    app = show(url, "themes", lang="en", brand=BRAND, **query)
    assert_doors(store, app, 6)
    [marks] = charts(app)[:1]
    points = {(mark["start"], mark["count"]) for mark in marks if mark.get("start")}
    assert len(points) > 1
    assert sum(n for _start, n in points) == row.share.k
    assert f"“{row.phrase}”" in html(app)


def test_the_sentence_says_the_largest_with_its_interval_and_n(
    show: Show, url: str, result: Themes
) -> None:
    first, n = result.rows[0], result.mentions[BRAND]
    for lang, words in (("en", "Complaints are most often about"), ("id", "Keluhan paling sering")):
        app = show(url, "themes", lang=lang, brand=BRAND, days="all")
        said = html(app)
        assert words in said
        i18n.use(lang)
        assert f"“{first.phrase}”: {i18n.percent(first.share.value or 0)}" in said
        assert i18n.number(n) in said
    assert first.share.n == n == count_of_complaints(url)


def count_of_complaints(url: str) -> int:
    store = open_store(url)
    try:
        return count(store, ALL.but(complaint=True)).n
    finally:
        store.close()


def test_what_is_new_and_what_grew_is_said_and_all_else_is_not(
    show: Show, url: str, store: Store
) -> None:
    found = themes(store, IN_MAY)
    new = [row for row in found.rows if row.is_new]
    assert new
    for row in new:  # whoever speaks of it has version 2.10.0, which came in May
        assert count(store, row.behind.but(facets=(("version", "2.10.0"),))).n == row.share.k
    said = html(show(url, "themes", lang="en", brand=BRAND, **MAY))
    assert f"New in this period: “{new[0].phrase}”" in said
    assert "Clearly growing" not in said
    assert said.count("<b>new</b>") == len(new)
    ever = html(show(url, "themes", lang="en", brand=BRAND, days="all"))
    assert "There is no period before to compare with." in ever
    assert "New in this period" not in ever
    assert "<b>new</b>" not in ever


def test_a_touchpoint_leads_to_its_themes_alone(show: Show, url: str, store: Store) -> None:
    own = ALL.but(touchpoints=("delivery",), polarity="negative")
    found = themes(store, own)
    app = show(url, "themes", lang="en", brand=BRAND, days="all", of="delivery")
    [rows] = charts(app)[:1]
    shown = {row["name"]: row["count"] for row in rows if row.get("to")}
    assert shown == {row.phrase: row.share.k for row in found.rows}
    assert 0 < sum(shown.values()) <= count(store, own.but(complaint=True)).n < 60


@pytest.mark.parametrize("page", ["touchpoints", "journey"])
def test_a_touchpoint_looked_at_closely_leads_to_its_own_themes(
    show: Show, url: str, page: str
) -> None:
    about = {"about": "delivery"} if page == "touchpoints" else {}
    app = show(url, page, lang="en", brand=BRAND, days="all", **about)
    links = [one.proto for one in app.get("page_link") if "themes" in one.proto.label]
    assert [link.page for link in links] == ["themes"]
    query = parse_qs(links[0].query_string)
    own = {key: values[0] for key, values in query.items()}
    assert own.pop("of") in ({"delivery"} if about else set(TOUCHPOINTS.values()))
    assert own == {"lang": "en", "brand": BRAND, "days": "all"}


def test_a_theme_shows_its_words_channels_and_verbatims(
    show: Show, url: str, store: Store, result: Themes
) -> None:
    id = id_of(result, "kurir")
    app = show(url, "themes", lang="id", brand=BRAND, days="all", about=id)
    said = html(app)
    assert "Kata-kata mereka: " in said
    assert "Google Play" in said
    assert said.count("<article") == 5
    assert said.count("kurir") >= 5


def test_complaints_and_praise_are_a_choice(show: Show, url: str) -> None:
    app = show(url, "themes", lang="en", brand=BRAND, days="all")
    app.button_group(key="w_said").set_value("praise").run()
    assert not app.exception
    assert app.query_params["said"] == "praise"
    assert "Praise is most often about" in html(app)


def test_choosing_a_theme_and_all_again_writes_the_address(
    show: Show, url: str, result: Themes
) -> None:
    app = show(url, "themes", lang="en", brand=BRAND, days="all")
    id = id_of(result, "refund")
    app.selectbox(key="w_about").set_value(id).run()
    assert app.query_params["about"] == id
    assert not app.exception
    app.selectbox(key="w_about").set_value("all").run()
    assert "about" not in app.query_params
    assert "What complaints are about" in [head.value for head in app.header]


def test_a_theme_that_is_not_known_and_one_that_nobody_speaks_of(
    show: Show, url: str, result: Themes
) -> None:
    unknown = html(show(url, "themes", lang="en", brand=BRAND, days="all", about="99999"))
    assert "about=99999" in unknown
    assert "Complaints are most often about" in unknown
    april = {"since": "2026-04-01", "until": "2026-04-30"}
    crash = id_of(result, "aplikasi")
    said = html(show(url, "themes", lang="en", brand=BRAND, about=crash, **april))
    assert "Nobody speaks of" in said


def test_what_was_tagged_since_is_said_to_wait(show: Show, url: str, result: Themes) -> None:
    assert result.waiting == LATE
    app = show(url, "themes", lang="en", brand=BRAND, days="all")
    assert f"{LATE} mentions have not been grouped yet" in html(app)
    assert [button.key for button in app.button].count("find_themes") == 1


def test_what_the_grouping_brought_is_told(show: Show, url: str, result: Themes) -> None:
    said = html(show(url, "themes", lang="id", brand=BRAND, days="all"))
    assert "tema baru, di antaranya" in said


@pytest.mark.parametrize("lang", ["id", "en"])
def test_where_none_are_found_yet_they_are_explained_and_offered(
    show: Show, filled_url: str, monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    asked: list[tuple[str, ...]] = []

    def command(arguments: jobs.Arguments) -> list[str]:
        asked.append(tuple(arguments))
        return [sys.executable, "-c", "print('[]')"]

    monkeypatch.setattr(jobs, "command", command)
    jobs.jobs.clear()
    app = show(filled_url, "themes", lang=lang, brand="Senandika", days="all")
    assert not app.exception
    assert {"id": "Belum ada tema", "en": "No themes yet"}[lang] in html(app)
    assert charts(app) == []
    app.button(key="find_themes").click().run()
    job = next(iter(jobs.jobs()._last.values()))
    assert job.wait(60).state == jobs.DONE
    assert asked == [("themes",)]
    jobs.jobs.clear()


def test_too_few_different_texts_are_said_and_nothing_is_offered(
    show: Show, filled_url: str
) -> None:
    app = show(filled_url, "themes", lang="en", brand="Griyakita", days="all")
    assert "themes need at least 80" in html(app)
    assert "find_themes" not in [button.key for button in app.button]


def test_nothing_matches_and_no_complaints(show: Show, url: str) -> None:
    nothing = show(url, "themes", lang="en", brand=BRAND, since="2020-01-01", until="2020-01-31")
    assert "Nothing matches these filters" in html(nothing)
    none = show(url, "themes", lang="en", brand=BRAND, days="all", of="loyalty")
    assert not none.exception
    assert "There are no complaints in this selection." in html(none)
