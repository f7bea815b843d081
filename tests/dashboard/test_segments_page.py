"""The Segments page: which segment differs, how sure that is, and what a version complains of."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from html import escape
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import i18n
from dashboard.parts.segments import sentences
from insights import intervals
from insights.segments import segments
from insights.themes.of_segment import SegmentTheme, SegmentThemes, themes_of_segment
from simak.taxonomy import load_taxonomy
from store.engine import Store, open_store
from store.filter import Filter
from tests.dashboard import themed
from tests.dashboard.conftest import html
from tests.dashboard.themed import BRAND, HOSTILE
from tests.dashboard.walk import charts, doors, listed

Show = Callable[..., AppTest]

ALL = Filter(brands=(BRAND,))
TAXONOMY = load_taxonomy()


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    found = f"sqlite:///{Path(tmp_path_factory.mktemp('segments')) / 'simak.db'}"
    themed.build(found)
    return found


@pytest.fixture(scope="module")
def store(url: str) -> Iterator[Store]:
    opened = open_store(url)
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("query", "least"),
    [
        ({"by": "region", "days": "all"}, 6),
        ({"by": "version", "days": "all", "sort": "rate"}, 4),
        ({"by": "region", "since": "2026-05-01", "until": "2026-05-31", "channel": "x"}, 4),
        ({"by": "version", "days": "all", "about": "=2.10.0"}, 8),
        ({"by": "region", "days": "all", "about": f"={HOSTILE}"}, 8),
        ({"by": "region", "days": "all", "about": "=Aceh"}, 1),
    ],
)
def test_every_mark_and_link_opens_what_it_counts(
    show: Show, url: str, store: Store, query: dict[str, str], least: int
) -> None:
    app = show(url, "segments", lang="en", brand=BRAND, **query)
    assert not app.exception
    found = [door for door in doors(app) if door.count is not None]
    assert len(found) >= least
    for to, n in {(door.to, door.count) for door in found}:
        assert listed(store, TAXONOMY, to) == (n, []), to


@pytest.mark.parametrize("lang", ["id", "en"])
def test_the_sentence_names_what_is_clearly_apart(
    show: Show, url: str, store: Store, lang: str
) -> None:
    rows = {row.value: row for row in segments(store, TAXONOMY, ALL, "region").rows}
    assert {value: sentences.clear(row) for value, row in rows.items()} == {
        HOSTILE: 1, "Jawa": -1, "Aceh": 0,
    }  # fmt: skip
    app = show(url, "segments", lang=lang, brand=BRAND, days="all", by="region")
    said = html(app)
    words = {
        "en": ("Clearly more complaints than the others: ", "Clearly fewer: Jawa (0%)"),
        "id": ("Jelas lebih banyak keluhan daripada yang lain: ", "Jelas lebih sedikit: Jawa (0%)"),
    }[lang]
    assert words[0] + escape(HOSTILE) in said
    assert words[1] in said
    assert HOSTILE not in said  # nothing of a file is markup
    [marks] = charts(app)[:1]
    drawn = {mark["name"]: mark for mark in marks if mark.get("name") in rows}
    assert {name: mark["clear"] for name, mark in drawn.items()} == {
        HOSTILE: True, "Jawa": True, "Aceh": False,
    }  # fmt: skip
    assert not drawn["Aceh"]["enough"]


def test_the_line_is_what_holds_of_all(show: Show, url: str, store: Store) -> None:
    result = segments(store, TAXONOMY, ALL, "region")
    whole = sentences.whole(result)
    assert whole.k == sum(row.complaint_rate.k or 0 for row in result.rows)
    assert whole.n == sum(row.complaint_rate.n for row in result.rows)
    app = show(url, "segments", lang="en", brand=BRAND, days="all", by="region")
    assert f"Over all, {i18n.percent(whole.value or 0)} of what they say" in html(app)


def test_the_facet_with_the_fewest_values_comes_first_and_can_be_changed(
    show: Show, url: str
) -> None:
    app = show(url, "segments", lang="en", brand=BRAND, days="all", about="=nothing")
    assert "about==nothing" in html(app)
    assert app.selectbox(key="w_by").value == "version"  # two versions, three regions
    app.selectbox(key="w_by").set_value("region").run()
    assert not app.exception
    assert app.query_params["by"] == "region"
    assert "about" not in app.query_params
    app.selectbox(key="w_about").set_value("=Jawa").run()
    assert app.query_params["about"] == "=Jawa"
    assert "region Jawa: 0% complain" in html(app)


def test_versions_come_newest_first_by_their_numbers(show: Show, url: str) -> None:
    said = html(show(url, "segments", lang="en", brand=BRAND, days="all", by="version"))
    assert 0 < said.index(">2.10.0</a>") < said.index(">2.9.0</a>")


def test_what_people_complain_of_in_the_last_version_and_whether_it_is_new(
    show: Show, url: str, store: Store
) -> None:
    found = themes_of_segment(store, ALL, "version", "2.10.0")
    new = [row for row in found.rows if sentences.is_new(found, row)]
    assert new
    assert all(row.others.k == 0 for row in new)
    query = {"days": "all", "by": "version", "about": "=2.10.0"}
    app = show(url, "segments", lang="en", brand=BRAND, **query)
    said = html(app)
    assert f"More than in the others: “{new[0].phrase}”" in said
    assert "New since its first day, 12 May 2026: “" in said
    assert said.count("<b>new</b>") == len(new)
    assert "▲ clearly above" in said
    before = {**query, "about": "=2.9.0"}
    older = html(show(url, "segments", lang="id", brand=BRAND, **before))
    assert "<b>baru</b>" not in older
    assert "Baru sejak" not in older  # there is no data from before it


def test_too_few_complaints_are_told_and_never_compared(show: Show, url: str) -> None:
    query = {"days": "all", "by": "region", "about": "=Aceh"}
    said = html(show(url, "segments", lang="en", brand=BRAND, **query))
    assert "region Aceh: 3 of 3 complain, too few to speak of a rate." in said
    assert "clearly" not in said


@pytest.mark.parametrize("lang", ["id", "en"])
def test_without_attributes_the_page_says_where_segments_come_from(
    show: Show, filled_url: str, lang: str
) -> None:
    app = show(filled_url, "segments", lang=lang, brand="Griyakita", days="all")
    assert not app.exception
    words = {"id": "Belum ada dasar untuk segmen", "en": "Nothing to segment by yet"}[lang]
    assert words in html(app)
    assert charts(app) == []


def test_nothing_matches_and_nothing_has_a_value(show: Show, url: str) -> None:
    nothing = show(url, "segments", lang="en", brand=BRAND, since="2020-01-01", until="2020-02-01")
    assert "Nothing matches these filters" in html(nothing)


def known(seen: date | None, p: float | None = 0.001) -> SegmentTheme:
    here, others = intervals.share(30, 60), intervals.share(10, 100)
    return SegmentTheme(1, "kode otp", (), here, others, p, seen, Filter())


@pytest.mark.parametrize(
    ("facet", "seen", "n", "before", "said", "unsaid"),
    [
        ("version", date(2026, 5, 2), 60, True, "New since its first day, 1 May 2026", "None of"),
        ("version", date(2026, 4, 1), 60, True, "None of its themes is new", "New since"),
        ("version", None, 60, True, "More than in the others", "None of its themes"),
        ("version", date(2026, 5, 2), 60, False, "More than in the others", "New since"),
        ("region", date(2026, 5, 2), 60, True, "More than in the others", "New since"),
        ("version", date(2026, 4, 1), 9, True, "9 complaints: too few to say", "More than"),
    ],
)
def test_only_what_begins_can_bring_something_new(
    facet: str, seen: date | None, n: int, before: bool, said: str, unsaid: str
) -> None:
    i18n.use("en")
    p = 0.001 if n >= 30 else None
    first = date(2026, 5, 1)
    found = SegmentThemes(
        Filter(), facet, "2", first, first, before, n, 100, True, (known(seen, p),)
    )
    text = sentences.about(found)
    assert said in text
    assert unsaid not in text
