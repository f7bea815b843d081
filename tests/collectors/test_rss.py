from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from collectors.services.feeds.feed import parse_feed
from collectors.sources.rss import RssSource
from simak.errors import ConfigurationError, SourceChanged
from store import runs
from store.engine import Store
from store.runs import Run
from tests.collectors.conformance import gather, row, rows
from tests.collectors.replay import Answer, Replay, recording

HEAD = '<?xml version="1.0"?><rss version="2.0"><channel><title>Kabar</title>'
TAIL = "</channel></rss>"


def rss(*items: str) -> Answer:
    return Answer((HEAD + "".join(f"<item>{item}</item>" for item in items) + TAIL).encode())


def item(guid: str, link: str, title: str, body: str = "isi", day: int = 1) -> str:
    return (
        f"<title>{title}</title><link>{link}</link><guid>{guid}</guid>"
        f"<pubDate>Mon, {day:02} Jun 2026 05:00:00 GMT</pubDate><description>{body}</description>"
    )


def poll(store: Store, replay: Replay, answer: Answer, **options: Any) -> Run:
    replay.serve({"GET /feed": answer})
    source = RssSource(
        name="kabar", brand="Senandika", options={"url": f"{replay.url}/feed", **options}
    )
    return gather(store, source)[0]


def test_an_entry_becomes_plain_text(sqlite_store: Store, replay: Replay) -> None:
    poll(sqlite_store, replay, Answer(recording("rss/kabar.xml")))
    found = row(sqlite_store, having="Makassar")
    assert found["text"] == (
        "Senandika buka gerai ke-40 di Makassar\nAntrean mengular sejak subuh, parkir penuh."
    )
    assert found["published_at"] == datetime(2026, 6, 1, 2, 15, tzinfo=UTC)
    assert (found["kind"], found["channel"], found["language"]) == ("article", "news", "id-ID")
    assert row(sqlite_store, having="Resep")["published_at"] is None


def test_google_news_names_the_outlet_apart(sqlite_store: Store, replay: Replay) -> None:
    poll(sqlite_store, replay, Answer(recording("rss/google_news.xml")), channel="google_news")
    found = {r["text"]: r for r in rows(sqlite_store)}
    assert set(found) == {
        "Senandika janji perbaiki layanan pelanggan",
        "Harga kopi naik - apa kata Senandika",
    }
    first = found["Senandika janji perbaiki layanan pelanggan"]
    assert first["attributes"] == {"outlet": "Warta Kota Baru"}
    assert first["url"].startswith("https://news.google.com/rss/articles/CBMiXkFVX3lxTE9aYzR0")
    assert first["channel"] == "google_news"


def test_google_alerts_are_unwrapped(sqlite_store: Store, replay: Replay) -> None:
    poll(sqlite_store, replay, Answer(recording("rss/alert.xml")))
    found = row(sqlite_store, having="keluar sendiri")
    assert found["text"] == (
        "Aplikasi Senandika sering keluar sendiri\n"
        "Versi baru Senandika membuat pesanan hilang di tengah jalan ..."
    )
    assert found["url"] == "https://gawai.example/ulasan/aplikasi-senandika"
    assert row(sqlite_store, having="Kurir")["url"] == (
        "https://kota.example/2026/05/kurir-senandika?id=9"
    )


def test_a_feed_of_reddit(sqlite_store: Store, replay: Replay) -> None:
    poll(sqlite_store, replay, Answer(recording("rss/reddit.xml")), channel="reddit")
    found = row(sqlite_store, having="terpotong dua kali, CS tidak membalas")
    assert found["channel"] == "reddit"
    assert found["author_key"]
    assert found["url"].endswith("/comments/1q2w3e/saldo_terpotong_dua_kali/")


def test_only_what_changed_is_asked_for(sqlite_store: Store, replay: Replay) -> None:
    stamp = "Mon, 01 Jun 2026 03:00:00 GMT"
    body = recording("rss/kabar.xml")
    poll(sqlite_store, replay, Answer(body, headers={"ETag": '"v1"', "Last-Modified": stamp}))
    assert "if-none-match" not in replay.asked[0].headers
    before = rows(sqlite_store)

    run = poll(sqlite_store, replay, Answer(status=304))
    asked = replay.asked[0].headers
    assert (asked["if-none-match"], asked["if-modified-since"]) == ('"v1"', stamp)
    assert (run.status, run.got) == (runs.DONE, 0)
    assert "not changed" in run.notes[0]
    assert rows(sqlite_store) == before

    poll(sqlite_store, replay, Answer(status=304))
    assert replay.asked[0].headers["if-none-match"] == '"v1"'
    poll(sqlite_store, replay, Answer(body))
    poll(sqlite_store, replay, Answer(body))
    assert "if-none-match" not in replay.asked[0].headers


def test_a_broken_feed_gives_what_it_has_and_is_asked_for_whole_again(
    sqlite_store: Store, replay: Replay
) -> None:
    whole = recording("rss/kabar.xml")
    cut = whole[: whole.index(b"<guid>3</guid>")]
    run = poll(sqlite_store, replay, Answer(cut, headers={"ETag": '"v1"'}))
    assert (run.status, run.new) == (runs.DONE, 3)
    assert any("ill-formed" in note for note in run.notes)
    run = poll(sqlite_store, replay, Answer(whole, headers={"ETag": '"v1"'}))
    assert "if-none-match" not in replay.asked[0].headers
    assert run.new == 0
    assert "tiga bahan" in row(sqlite_store, having="Resep")["text"]


def test_daily_numbers_neither_double_nor_swallow(sqlite_store: Store, replay: Replay) -> None:
    links = [f"https://kabar.example/berita/judul-{word}" for word in "abcdefghijkl"]
    for start in (0, 2, 3, 3):
        window = list(enumerate(links[start : start + 9], start))
        items = [
            item(str(n), link, f"Judul {place}", day=place + 1)
            for n, (place, link) in enumerate(window, 1)
        ]
        poll(sqlite_store, replay, rss(*items))
    assert sorted(r["url"] for r in rows(sqlite_store)) == links


def test_one_article_under_two_hosts_is_one(sqlite_store: Store, replay: Replay) -> None:
    run = poll(
        sqlite_store,
        replay,
        rss(
            item("1", "https://www.kabar.example/cek/judul-711111", "Judul"),
            item("2", "https://cek.kabar.example/judul-711111", "Judul"),
            item("3", "https://www.kabar.example/cek/lain-711112", "Lain"),
        ),
    )
    assert (run.got, run.new, run.skipped) == (3, 2, {"duplicate": 1})


def test_an_edit_under_an_unchanged_date_is_seen(sqlite_store: Store, replay: Replay) -> None:
    link = "https://kabar.example/judul-711111"
    poll(sqlite_store, replay, rss(item("1", link, "Judul", "sebelum")))
    run = poll(sqlite_store, replay, rss(item("1", link, "Judul", "sesudah")))
    assert (run.new, run.edited) == (0, 1)


def test_one_instant_in_two_zones_is_no_edit(sqlite_store: Store, replay: Replay) -> None:
    text = item("1", "https://kabar.example/judul-711111", "Judul")
    poll(sqlite_store, replay, rss(text))
    run = poll(sqlite_store, replay, rss(text.replace("05:00:00 GMT", "12:00:00 +0700")))
    assert (run.edited, run.unchanged) == (0, 1)


def test_a_hundred_entries_at_once(sqlite_store: Store, replay: Replay) -> None:
    items = [item(str(n), f"https://kabar.example/j-{711000 + n}", f"J {n}") for n in range(450)]
    run = poll(sqlite_store, replay, rss(*items))
    assert (run.new, len(rows(sqlite_store))) == (450, 450)


def test_an_empty_feed_is_told_from_no_feed(sqlite_store: Store, replay: Replay) -> None:
    run = poll(sqlite_store, replay, rss())
    assert (run.status, run.got) == (runs.DONE, 0)
    assert any("no entries" in note for note in run.notes)
    assert not any("are gone" in note for note in run.notes)
    poll(sqlite_store, replay, rss(item("1", "https://kabar.example/a-711111", "Judul")))
    run = poll(sqlite_store, replay, rss())
    assert any("the 1 entries of the last run are gone" in note for note in run.notes)


def test_an_entry_without_a_text_is_kept_for_inspection(
    sqlite_store: Store, replay: Replay
) -> None:
    link = "https://kabar.example/kosong"
    run = poll(
        sqlite_store, replay, rss(f"<link>{link}</link>", item("2", f"{link}-711112", "Judul"))
    )
    assert (run.got, run.new, run.skipped) == (2, 1, {"entry without a text": 1})
    assert link in runs.bad_records(sqlite_store, run.id)[0][1]


def test_one_feed_that_fails_does_not_stop_the_others(sqlite_store: Store, replay: Replay) -> None:
    replay.serve(
        {
            "GET /a": Answer(b"<html>"),
            "GET /b": Answer(recording("rss/kabar.xml")),
            "GET /c": Answer(status=404),
        }
    )
    source = RssSource(
        name="kabar",
        brand="Senandika",
        options={"url": [f"{replay.url}/{path}" for path in "abc"]},
    )
    run = gather(sqlite_store, source)[0]
    assert (run.status, run.new) == (runs.FAILED, 3)
    assert run.error is not None
    assert "/a answered with a web page" in run.error
    assert "/c is not there" in run.error


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "'url'"),
        ({"url": ""}, "'url'"),
        ({"url": 3}, "'url'"),
        ({"url": ["https://a.example", 3]}, "'url'"),
        ({"url": "kabar.example/feed"}, "https://"),
        ({"url": "https://a.example", "urls": "x"}, "'urls' is not known"),
        ({"url": "https://a.example", "channel": 1}, "'channel'"),
    ],
)
def test_a_wrong_option_is_named(options: dict[str, Any], words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        RssSource(name="kabar", brand="Senandika", options=options)


@pytest.mark.parametrize(
    ("when", "published"),
    [
        ("Mon, 01 Jun 2026 12:00:00 +0700", datetime(2026, 6, 1, 5, tzinfo=UTC)),
        ("2026-06-01T12:00:00+07:00", datetime(2026, 6, 1, 5, tzinfo=UTC)),
        ("2026-06-01 05:00:00", datetime(2026, 6, 1, 5, tzinfo=UTC)),
        ("Senin, 1 Juni 2026", None),
        ("0000-00-00", None),
        ("", None),
    ],
)
def test_dates(when: str, published: datetime | None) -> None:
    body = f"{HEAD}<item><title>J</title><pubDate>{when}</pubDate></item>{TAIL}".encode()
    (entry,) = parse_feed(body, url="https://a.example/", place="x", headers={}).entries
    assert entry.published == published


def test_encodings() -> None:
    text = '<?xml version="1.0" encoding="{}"?><rss version="2.0"><channel><item><title>Café “enak”</title></item></channel></rss>'  # noqa: E501
    for encoding in ("utf-8", "windows-1252", "utf-16"):
        body = text.format(encoding).encode(encoding)
        feed = parse_feed(body, url="https://a.example/", place="x", headers={})
        assert feed.entries[0].title == "Café “enak”", encoding


def test_relative_links_are_made_whole() -> None:
    body = f"{HEAD}<item><title>J</title><link>/berita/1</link></item>{TAIL}".encode()
    feed = parse_feed(body, url="https://a.example/rss/all", place="x", headers={})
    assert feed.entries[0].link == "https://a.example/berita/1"


def test_a_web_page_says_so() -> None:
    with pytest.raises(SourceChanged, match="a web page where a feed was due"):
        parse_feed(b"<html><body>Masuk</body></html>", url="", place="x", headers={})
