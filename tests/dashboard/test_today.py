"""Today, Reputation and Rivals on a store where there is something to say of everything."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from html import escape

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import reader
from dashboard.parts import visits
from simak.mention import RawMention
from simak.tags import Tags, TouchpointTag
from simak.taxonomy import load_taxonomy
from store import mentions, runs
from store.actions import add_action
from store.cases import save_cases
from store.engine import Store, open_store
from store.filter import Filter
from store.lists import list_mentions
from store.models import Model, save_model
from store.promises import add_promise, refresh_promises
from tests.dashboard.conftest import NOW, PAYLOAD, QUALITY, Rows, fill, html
from tests.dashboard.walk import Door, charts, doors, listed

Show = Callable[..., AppTest]

LAST = datetime(2026, 10, 31, 5, tzinfo=UTC)
DAYS = 120
LANGUAGES = ("id", "en")

LATE = Tags("negative", True, {"delivery": TouchpointTag("negative", 0.9)}, (), "id")
DEAR = Tags("negative", True, {"price": TouchpointTag("negative", 0.9)}, (), "id")
GOOD = Tags("positive", False, {"product_quality": TouchpointTag("positive", 0.9)}, (), "id")
GONE = Tags("negative", True, {"price": TouchpointTag("negative", 0.9)}, ("switching",), "id")


def said(brand: str) -> Iterator[tuple[datetime, str, Tags]]:
    """Six mentions a day; of Senandika 25 late parcels more on 29 October, and dearer since."""
    for back in range(DAYS):
        at = LAST - timedelta(days=back)
        yield at, f"paket {back} lama sekali sampainya", LATE
        yield at, f"ongkir {back} makin mahal saja ya", DEAR
        for number in range(4 if back > 6 or brand != "Senandika" else 1):
            yield at, f"wajan {back} {number} bagus, tidak lengket", GOOD
        if brand == "Senandika" and back == 2:
            for number in range(25):
                yield at, f"paket gudang {number} tertahan di gudang", LATE
        if brand == "Senandika" and back in (1, 3):
            yield at, f"dijanjikan sampai hari ini {back}, tidak sampai", LATE
        if brand == "Senandika" and back in (4, 40):
            yield at, f"kecewa {back}, mending pindah ke Griyakita saja", GONE


def rows(brand: str) -> Rows:
    return [
        (
            RawMention(
                external_id=f"{brand}{place}",
                text=text,
                published_at=at,
                channel="google_play" if place % 2 else "instagram",
                stars=1.0 if tags.complaint else 5.0,
                attributes={"region": "Riau" if "gudang" in text else "Bali"},
                parent_id="kiriman" if "gudang" in text else None,
            ),
            tags,
        )
        for place, (at, text, tags) in enumerate(said(brand))
    ]


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    found = f"sqlite:///{tmp_path_factory.mktemp('today') / 'simak.db'}"
    store = open_store(found)
    fill(store, "Senandika", rows("Senandika"), source="play")
    fill(store, "Griyakita", rows("Griyakita"), source="rival")
    waits = RawMention(external_id="w", text="menunggu", published_at=LAST, channel="x")
    fill(store, "Senandika", [(waits, None)], source="late")
    add_promise(
        store, brand="Senandika", text=f"sampai hari ini {PAYLOAD}", touchpoint="delivery",
        since=LAST.date() - timedelta(days=80), now=NOW,
    )  # fmt: skip
    refresh_promises(store)
    add_action(
        store, brand="Senandika", text=f"ongkir {PAYLOAD}", touchpoint="price",
        day=LAST.date() - timedelta(days=45), by="Sari", now=NOW,
    )  # fmt: skip
    failed = runs.start_run(store, source="feed", kind="collect", asked="all", now=NOW)
    failed.status, failed.finished_at, failed.error = runs.FAILED, NOW, "no answer"
    with store.write() as connection:
        runs.save_run(connection, failed)
    save_model(store, Model("simak-test", QUALITY, NOW))
    store.close()
    return found


@pytest.fixture(scope="module")
def store(url: str) -> Iterator[Store]:
    opened = open_store(url)
    yield opened
    opened.close()


@pytest.fixture
def back(monkeypatch: pytest.MonkeyPatch) -> Callable[[date], None]:
    """Let the reader have been here before, at noon of a day."""

    def be(day: date) -> None:
        at = datetime(day.year, day.month, day.day, 5, tzinfo=UTC)
        monkeypatch.setattr(visits, "last", lambda: at)

    return be


def assert_true(store: Store, found: list[Door], least: int) -> None:
    counted = {(door.to, door.count): door for door in found if door.count is not None}
    assert len(counted) >= least
    taxonomy = load_taxonomy()
    for door in counted.values():
        n, notes = listed(store, taxonomy, door.to)
        assert (notes, n) == ([], door.count), door


@pytest.mark.parametrize("day", [None, LAST.date() - timedelta(days=2), LAST.date()])
def test_every_door_of_today(
    show: Show, url: str, store: Store, back: Callable[[date], None], day: date | None
) -> None:
    if day is not None:
        back(day)
    app = show(url, "today", lang="en", brand="Senandika")
    assert not app.exception
    assert_true(store, doors(app), 5)


@pytest.mark.parametrize("errors", ["raw", "corrected"])
@pytest.mark.parametrize("metric", ["complaint_rate", "net_sentiment", "stars"])
def test_every_door_of_reputation(
    show: Show, url: str, store: Store, metric: str, errors: str
) -> None:
    app = show(
        url, lang="en", brand="Senandika", metric=metric, errors=errors, against="Griyakita",
        by="language",
    )  # fmt: skip
    assert not app.exception
    assert_true(store, doors(app), 40)


@pytest.mark.parametrize("figure", ["share", "complaint_rate", "net_sentiment"])
@pytest.mark.parametrize("days", ["90", "all"])
def test_every_door_of_rivals(show: Show, url: str, store: Store, figure: str, days: str) -> None:
    app = show(url, "rivals", lang="en", brand="Senandika", figure=figure, days=days)
    assert not app.exception
    assert_true(store, doors(app), 15)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_today_tells_what_moved(show: Show, url: str, lang: str) -> None:
    shown = html(show(url, "today", lang=lang, brand="Senandika"))
    week = 7 * 3 + 25 + 2 + 1 + 1
    for text in {
        "en": (
            f"{week} new mentions</a> in the last week",
            "clearly more than",
            "Delivery, negative",
            "on 29 Oct 2026, where",
            "known since the evening of 29 Oct 2026",
            ">gudang</a>",
            ">region Riau</a> (25)",
            "25 of them answer one post",
            "2</a> say it was broken, 0 that it was kept",
            "1 mention has no tag",
            "▲ Failed",
            "never collected so far",
        ),
        "id": (
            f"{week} sebutan baru</a> dalam seminggu terakhir",
            "jelas naik dari",
            "pada 29 Okt 2026, wajarnya",
            "25 di antaranya membalas satu kiriman",
            "2</a> menyebutnya dilanggar, 0 menyebutnya ditepati",
            "▲ Gagal",
        ),
    }[lang]:
        assert text in shown, text
    assert "Nothing out of the ordinary" not in shown
    assert "paket gudang" in shown  # in whose words
    assert shown.count("<blockquote") >= 2
    assert escape(PAYLOAD) in shown
    assert "<script>window" not in shown
    assert "<img" not in shown


def test_today_since_the_last_visit(show: Show, url: str, back: Callable[[date], None]) -> None:
    back(LAST.date() - timedelta(days=1))
    app = show(url, "today", lang="en", brand="Senandika")
    shown = html(app)
    assert "8 new mentions</a> since 30 Oct 2026, the day of your last visit" in shown
    assert "29 Oct 2026, where" not in shown  # it was over before
    assert "of the last 7 days" in shown  # a rate of two days would rest on too few
    app.segmented_control(key="w_news").set_value("week").run()
    assert app.query_params["news"] == "week"
    assert "50 new mentions</a> in the last week" in html(app)


def test_a_visit_after_all_of_it_is_told_so(
    show: Show, url: str, back: Callable[[date], None]
) -> None:
    back(LAST.date() + timedelta(days=5))
    shown = html(show(url, "today", lang="en", brand="Senandika"))
    assert "Nothing new since your last visit" in shown
    assert "50 new mentions</a> in the last week" in shown


def test_a_quiet_week_is_told_as_one(show: Show, url: str) -> None:
    shown = html(show(url, "today", lang="en", brand="Griyakita"))
    assert "42 new mentions</a> in the last week" in shown
    assert "Nothing out of the ordinary: in " in shown
    assert "no clear change from" in shown
    assert "sm-event" not in shown


def test_nothing_dated_is_said(show: Show, sqlite_url: str) -> None:
    opened = open_store(sqlite_url)
    raw = RawMention(external_id="u", text="kapan", channel="x")
    with opened.write() as connection:
        mentions.save(
            opened, connection, [raw], brand="Senandika", source="file",
            privacy=mentions.Privacy(b"test"), now=NOW,
        )  # fmt: skip
    opened.close()
    app = show(sqlite_url, "today", lang="en")
    assert not app.exception
    assert "Nothing here is dated" in html(app)


def test_events_and_actions_stand_above_the_trend(show: Show, url: str) -> None:
    trend = charts(show(url, lang="en", brand="Senandika"))[0]
    names = [row["name"] for row in trend if row.get("kind")]
    assert any(name.startswith("Delivery, negative: more") for name in names)
    assert any(name.startswith("ongkir") for name in names)
    assert all(row["to"] for row in trend if row.get("kind"))


def test_only_what_the_model_said_is_corrected(show: Show, url: str) -> None:
    keys = {one.key for one in show(url, lang="en", metric="stars").segmented_control}
    assert "w_errors" not in keys
    app = show(url, lang="en", errors="corrected")
    assert "w_errors" in {one.key for one in app.segmented_control}
    assert "Corrected for how often the model was wrong" in html(app)


def test_rivals_of_one_brand_says_what_to_do(show: Show, sqlite_url: str) -> None:
    opened = open_store(sqlite_url)
    fill(opened, "Senandika", rows("Senandika")[:40])
    opened.close()
    app = show(sqlite_url, "rivals", lang="en")
    assert not app.exception
    assert "There is only one brand in the store" in html(app)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_rivals_tell_who_stands_where(show: Show, url: str, lang: str) -> None:
    app = show(url, "rivals", lang=lang, brand="Senandika", days="all")
    shown = html(app)
    assert "<td>Senandika</td><td>Griyakita</td>" in shown  # one of them says it moves
    assert ("2 mentions of Senandika say" if lang == "en" else "2 sebutan Senandika") in shown
    assert "mending pindah ke" in shown


def test_rivals_that_nobody_knows_are_left_out(show: Show, url: str) -> None:
    app = show(url, "rivals", lang="en", brand="Senandika", days="all", rivals="Nobody,<b>")
    assert not app.exception
    assert app.multiselect(key="w_rivals").value == []
    app.multiselect(key="w_rivals").set_value(["Griyakita"]).run()
    assert app.query_params["rivals"] == "Griyakita"


@pytest.mark.parametrize(
    ("lang", "told"),
    [("en", ["3 cases are not done.", "Yours: 1.", "Budi: 2.", "Overdue: 2."]),
     ("id", ["3 kasus belum selesai.", "Milik Anda: 1.", "Budi: 2.", "Lewat tenggat: 2."])],
)  # fmt: skip
def test_cases_that_are_not_done_are_told_and_open(
    show: Show, sqlite_url: str, monkeypatch: pytest.MonkeyPatch, lang: str, told: list[str]
) -> None:
    monkeypatch.setattr(reader, "name", lambda: "Rina")
    opened = open_store(sqlite_url)
    fill(opened, "Senandika", rows("Senandika")[:40])
    ids = [row.id for row in list_mentions(opened, Filter(), limit=4)]
    for id, owner, due, status in (
        (ids[0], "Rina", date(2000, 1, 1), "open"),
        (ids[1], "Budi", date(2000, 1, 1), "waiting"),
        (ids[2], "Budi", date(2100, 1, 1), "in_progress"),
        (ids[3], "Rina", date(2000, 1, 1), "done"),
    ):
        save_cases(opened, [id], by="Ana", now=NOW, owner=owner, due=due, status=status)
    app = show(sqlite_url, "today", lang=lang)
    assert not app.exception
    links = {
        text: (to, int(n))
        for n, to, text in re.findall(
            r'data-count="(\d+)" href="mentions\?([^"]*case=[^"]*)">([^<]*)<', html(app)
        )
    }
    assert list(links) == told
    for to, n in links.values():
        assert listed(opened, load_taxonomy(), to) == (n, [])
    opened.close()
