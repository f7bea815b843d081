"""Each page, in both languages, in every state it can be in."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from html import escape
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import i18n
from dashboard.i18n import _
from dashboard.pages import PAGES
from simak.mention import RawMention
from simak.tags import Tags, TouchpointTag
from store.engine import open_store
from store.models import Model, save_model
from tests.dashboard.conftest import LAST, PAYLOAD, Rows, fill, html, row

Show = Callable[..., AppTest]

LANGUAGES = ("id", "en")


def titled(page: str, lang: str) -> str:
    i18n.use(lang)
    return _(PAGES[page].title)


@pytest.mark.parametrize("page", PAGES)
def test_page_draws_in_both_languages(show: Show, filled_url: str, page: str) -> None:
    apps = [show(filled_url, page, lang=lang) for lang in LANGUAGES]
    assert not any(app.exception for app in apps)
    assert [app.title[0].value for app in apps] == [titled(page, lang) for lang in LANGUAGES]
    assert html(apps[0]) != html(apps[1])


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("page", PAGES)
def test_an_empty_store_says_what_to_do(
    show: Show, made: Callable[[Rows], str], page: str, lang: str
) -> None:
    app = show(made([]), page, lang=lang)
    assert not app.exception
    if page == "settings":  # there is much to set before the first mention
        return
    assert ("simak tag" if page == "model" else "simak import") in html(app)


@pytest.mark.parametrize("page", PAGES)
def test_one_mention_alone(show: Show, made: Callable[[Rows], str], page: str) -> None:
    app = show(made([row(0)]), page, lang="en")
    assert not app.exception
    if page == "reputation":
        assert "Only 1 tagged mention: too few" in html(app)


@pytest.mark.parametrize("metric", ["stars", "net_sentiment"])
def test_no_stars_and_no_words_of_stars(
    show: Show, made: Callable[[Rows], str], metric: str
) -> None:
    app = show(made([row(n, stars=None) for n in range(60)]), lang="en", metric=metric)
    assert not app.exception
    assert "no stars here" in html(app)


@pytest.mark.parametrize("page", PAGES)
def test_nothing_tagged_yet(show: Show, made: Callable[[Rows], str], page: str) -> None:
    app = show(made([(row(n)[0], None) for n in range(40)]), page, lang="en")
    assert not app.exception
    if page == "reputation":
        assert "None of these mentions is tagged yet" in html(app)
        assert "40 mentions are not tagged yet" in html(app)
    if page == "sources":
        assert 'data-count="40"' in html(app)


@pytest.mark.parametrize("page", PAGES)
def test_nothing_dated(show: Show, made: Callable[[Rows], str], page: str) -> None:
    rows = [row(n, published_at=None) for n in range(5)]
    assert not show(made(rows), page, lang="en", days="all").exception


def test_praise_alone_leaves_nothing_behind_complaints(
    show: Show, made: Callable[[Rows], str]
) -> None:
    tags = Tags("positive", False, {"delivery": TouchpointTag("positive")})
    rows: Rows = [(row(n)[0], tags) for n in range(40)]
    app = show(made(rows), "touchpoints", lang="en")
    assert not app.exception
    assert "There are no complaints in this selection" in html(app)


def test_complaints_that_name_no_touchpoint(show: Show, made: Callable[[Rows], str]) -> None:
    rows: Rows = [(row(n)[0], Tags("negative", True)) for n in range(40)]
    app = show(made(rows), "touchpoints", lang="en")
    assert not app.exception
    assert "None of the 40 complaints speaks badly of a touchpoint" in html(app)


@pytest.mark.parametrize("page", ["reputation", "touchpoints", "mentions"])
def test_nothing_matches(show: Show, filled_url: str, page: str) -> None:
    app = show(filled_url, page, lang="en", since="2001-01-01", until="2001-01-02")
    assert not app.exception
    assert "Nothing matches these filters" in html(app)


def test_what_the_address_does_not_know_is_said(show: Show, filled_url: str) -> None:
    app = show(filled_url, "mentions", lang="en", channel="<b>", sentiment="angry")
    assert not app.exception
    assert escape("channel=<b>") in html(app)
    assert "sentiment=angry" in html(app)


def test_a_text_is_shown_as_it_was_written(show: Show, filled_url: str) -> None:
    shown = html(show(filled_url, "mentions", lang="en", touchpoint="trust"))
    assert 'data-count="1"' in shown
    assert "<img" not in shown
    assert "<script" not in shown
    assert "javascript:" not in shown
    assert shown.count(escape(PAYLOAD)) == 2  # the product and the reply; the text has marks in it
    assert escape(PAYLOAD)[-20:] in shown


def test_records_that_could_not_be_read_are_shown_as_text(show: Show, filled_url: str) -> None:
    shown = html(show(filled_url, "sources", lang="en"))
    assert escape(PAYLOAD) in shown
    assert "<script" not in shown


def test_a_source_that_failed_is_not_a_source_that_said_nothing(
    show: Show, filled_url: str
) -> None:
    shown = html(show(filled_url, "sources", lang="en"))
    assert "Nothing was collected. That does not mean that nothing was said." in shown
    assert "check its address" in shown
    assert "entry without a text (2)" in shown


def test_reasons_are_in_the_readers_language(show: Show, filled_url: str) -> None:
    shown = html(show(filled_url, "sources", lang="id"))
    assert "entri tanpa teks (2)" in shown
    assert "<td>entri tanpa teks</td>" in shown
    assert "entry without a text" not in shown


def test_a_source_that_was_never_collected_is_named(
    show: Show, filled_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    config = tmp_path / "simak.toml"
    config.write_text('[[source]]\nname = "kabar"\ntype = "rss"\nbrand = "Senandika"\n')
    monkeypatch.setenv("SIMAK_CONFIG", str(config))
    assert "simak collect kabar" in html(show(filled_url, "sources", lang="en"))


def test_odd_mentions(show: Show, filled_url: str) -> None:
    app = show(filled_url, "mentions", lang="en", days="all", channel=["x", "مرحبا بالعالم"])
    shown = html(app)
    assert not app.exception
    assert "undated" in shown
    assert "Deleted at the source" in shown
    assert shown.count("edited since") == 1
    assert "Show all 19,500 characters" in shown
    assert "https://example.org/review?id=1&amp;x=2" in shown
    assert 'dir="auto"' in shown
    assert "akan hilang" not in shown


def test_undated_mentions_are_counted_and_said(show: Show, filled_url: str) -> None:
    assert "1 undated mention left out" in html(show(filled_url, lang="en"))
    assert "1 undated mention counted" in html(show(filled_url, lang="en", days="all"))


def test_pages_of_the_list_go_on_and_back(show: Show, filled_url: str) -> None:
    app = show(filled_url, "mentions", lang="en", days="all", complaint="yes")
    first = html(app)
    app.button(key="next").click().run()
    second = html(app)
    assert not app.exception
    assert "after" in app.query_params
    assert first != second
    assert "Page 2" in second
    next(button for button in app.button if button.label == "Previous").click().run()
    assert html(app) == first


def test_a_filter_writes_the_address(show: Show, filled_url: str) -> None:
    app = show(filled_url, lang="en")
    app.selectbox(key="w_brand").set_value("Griyakita").run()
    assert app.query_params["brand"] == "Griyakita"
    assert "Griyakita · " in html(app)
    app.multiselect(key="w_channels").set_value(["google_play"]).run()
    assert app.query_params["channel"] == "google_play"
    assert app.query_params["brand"] == "Griyakita"
    app.selectbox(key="w_brand").set_value("Senandika").run()
    assert app.query_params["channel"] == "google_play"
    assert not app.exception


def test_the_language_switches_in_the_page(show: Show, filled_url: str) -> None:
    app = show(filled_url, lang="id")
    assert app.title[0].value == "Reputasi"
    i18n.use("id")
    app.segmented_control(key="w_lang").set_value("en").run()
    assert app.query_params["lang"] == "en"
    assert app.title[0].value == "Reputation"


def test_a_search_that_is_everywhere_and_one_that_is_nowhere(show: Show, filled_url: str) -> None:
    app = show(filled_url, "mentions", lang="en", days="all", q='"lama sekali" paket*')
    assert 'data-count="120"' in html(app)
    assert "Nothing matches" in html(show(filled_url, "mentions", lang="en", q="zzz"))


def test_new_data_shows(show: Show, made: Callable[[Rows], str]) -> None:
    url = made([row(n) for n in range(3)])
    app = show(url, "mentions", lang="en")
    assert 'data-count="3"' in html(app)
    store = open_store(url)
    fill(store, "Senandika", [row(n, published_at=LAST - timedelta(days=n)) for n in (7, 8)])
    store.close()
    app.run()
    assert 'data-count="5"' in html(app)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_store_that_cannot_be_used_says_why(show: Show, tmp_path: Path, lang: str) -> None:
    broken = tmp_path / "broken.db"
    broken.write_bytes(b"this is no database" * 100)
    app = show(f"sqlite:///{broken}", lang=lang)
    assert not app.exception
    assert "no Simak store" in html(app)


def test_a_wrong_setting_is_named(
    show: Show, filled_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    config = tmp_path / "simak.toml"
    config.write_text("[display]\nlanguage = 'fr'\n")
    monkeypatch.setenv("SIMAK_CONFIG", str(config))
    app = show(filled_url, lang="en")
    assert not app.exception
    assert "simak.toml, line 2" in html(app)


def test_a_mention_without_a_text_shows_its_stars(show: Show, filled_url: str) -> None:
    shown = html(show(filled_url, "mentions", lang="en", sentiment="untagged"))
    assert "Stars alone, without a text" in shown
    assert "4 of 5 stars" in shown


def test_a_raw_mention_of_an_unknown_touchpoint_is_shown_by_its_id(
    show: Show, made: Callable[[Rows], str]
) -> None:
    tags = Tags("negative", True, {"of_an_old_taxonomy": TouchpointTag("negative")})
    rows: Rows = [(RawMention(external_id="o", text="lama", published_at=LAST), tags)]
    url = made(rows)
    assert "of_an_old_taxonomy" in html(show(url, "mentions", lang="en"))
    assert not show(url, "touchpoints", lang="en").exception


def test_model_page_shows_what_was_measured(show: Show, filled_url: str) -> None:
    shown = html(show(filled_url, "model", lang="en"))
    assert "simak-test was measured on 540 texts" in shown
    # 90 of 100 complaints are found; of the 120 named, 90 are complaints.
    assert "finds 90 of 100 complaints; 75 of 100 that it names" in shown
    assert "87 <small>(85–89)</small>" in shown
    assert "Read its tags with most care at: Packaging, Delivery." in shown
    assert "70% <small>(70)</small>" in shown
    assert "&lt;b&gt;" in shown
    assert "<b>app" not in shown


@pytest.mark.parametrize(
    ("lang", "name"), [("en", "Marketplace reviews"), ("id", "Ulasan lokapasar")]
)
def test_model_page_names_its_texts_and_every_part(
    show: Show, filled_url: str, lang: str, name: str
) -> None:
    app = show(filled_url, "model", lang=lang)
    shown = html(app)
    assert f"<td>{name} (PRDECT-ID)</td>" in shown
    assert "<td>&lt;b&gt;own</td>" in shown  # what a house calls its own is its name
    headings = [header.value for header in app.header]
    assert len(headings) > 5
    heads = re.findall(r'<th scope="col">([^<]*)</th>', shown)
    assert not set(headings) & set(heads)
    assert len(set(headings)) == len(headings)


def test_model_that_nobody_measured_says_how_to(show: Show, made: Callable[[Rows], str]) -> None:
    url = made([row(0)])
    store = open_store(url)
    save_model(store, Model("hf-1", {}, LAST))
    store.close()
    assert "Nobody has measured hf-1 yet" in html(show(url, "model", lang="en"))


@pytest.mark.parametrize(
    ("lang", "chip"),
    [
        ("en", "case: open, waiting · with Ana · due before 1 Jun 2026"),
        ("id", "kasus: baru, menunggu · ditangani Ana · tenggat sebelum 1 Jun 2026"),
    ],
)
def test_what_cases_narrow_is_said(show: Show, filled_url: str, lang: str, chip: str) -> None:
    case = '{"due_before":"2026-06-01","owner":"Ana","statuses":["open","waiting"]}'
    app = show(filled_url, "mentions", lang=lang, days="all", case=case)
    assert app.button(key="narrowed-0").label.replace("\\", "") == chip
    app.button(key="narrowed-0").click().run()
    assert "case" not in app.query_params


def test_the_stars_open_the_mentions_that_have_some(show: Show, filled_url: str) -> None:
    shown = html(show(filled_url, lang="en", days="all"))
    stars = shown[shown.index('data-metric="stars"') :]
    link = re.search(r'href="[^"]*rating=yes[^"]*">Read (\d+)<', stars)
    assert link
    app = show(filled_url, "mentions", lang="en", days="all", rating="yes")
    assert f'data-count="{link[1]}"' in html(app)
    assert app.checkbox(key="w_rating").value
    app.checkbox(key="w_rating").uncheck().run()
    assert "rating" not in app.query_params
