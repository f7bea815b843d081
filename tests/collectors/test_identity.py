from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from collectors.services.feeds.identity import MEMORY, Entry, Identities

FEED = "https://www.kabar.example/rss"
DAY = datetime(2026, 6, 1, 5, tzinfo=UTC)


def entry(guid: str, link: str, title: str = "Judul berita", hours: float | None = 0) -> Entry:
    return Entry(guid, link, title, None if hours is None else DAY + timedelta(hours=hours))


class Feed:
    """A feed that is polled again and again."""

    def __init__(self) -> None:
        self.state: dict[str, Any] = {}
        self.lost: list[int] = []

    def poll(self, *entries: Entry) -> list[str]:
        identities = Identities(self.state, FEED)
        names = identities.names(entries)
        self.lost.append(identities.lost)
        self.state = identities.state()
        return names


SAME = {
    "unchanged": (entry("1", "https://kabar.example/a-711111"),) * 2,
    "ordinal guid, moved down": (
        entry("1", "https://kabar.example/satu-dua-tiga"),
        entry("4", "https://kabar.example/satu-dua-tiga"),
    ),
    "moved to another host of the site": (
        entry("1", "https://www.kabar.example/bisnis/judul-711111"),
        entry("1", "https://bisnis.kabar.example/judul-711111"),
    ),
    "moved to another site, no guid": (
        entry("", "https://kabar.example/bisnis/judul-berita"),
        entry("", "https://kabar-baru.example/judul-berita"),
    ),
    "slug edited, number kept": (
        entry("1", "https://kabar.example/judul-lama-711111", "Lama"),
        entry("1", "https://kabar.example/judul-baru-711111", "Baru"),
    ),
    "slug edited, number kept, published again": (
        entry("1", "https://kabar.example/judul-lama-711111", "Lama", 0),
        entry("2", "https://kabar.example/judul-baru-711111", "Baru", 9),
    ),
    "slug edited, guid kept": (
        entry("https://kabar.example/?p=88", "https://kabar.example/lama", "Lama", 0),
        entry("https://kabar.example/?p=88", "https://kabar.example/baru", "Baru", 0),
    ),
    "slug edited, own number kept": (
        entry("88123", "https://kabar.example/lama", "Lama", 0),
        entry("88123", "https://kabar.example/baru", "Baru", 0),
    ),
    "all but a guid that is one of a kind": (
        entry("tag:kabar.example,2026:x", "https://kabar.example/lama", "Lama", 0),
        entry("tag:kabar.example,2026:x", "https://kabar.example/baru", "Lama", 7),
    ),
    "slug edited, nothing else known": (
        entry("1", "https://kabar.example/satu-kata", "Judul sama", 0),
        entry("2", "https://kabar.example/dua-kata", "Judul sama", 0),
    ),
    "title and time edited under one link": (
        entry("1", "https://kabar.example/langsung", "Menit ke-10", 0),
        entry("1", "https://kabar.example/langsung", "Menit ke-80", 1),
    ),
    "guid that changes with each edit": (
        entry("rev-a", "https://kabar.example/langsung", "Judul", 0),
        entry("rev-b", "https://kabar.example/langsung", "Judul", 0),
    ),
    "tracked link": (
        entry("", "https://kabar.example/judul?utm_campaign=a", "Satu", 0),
        entry("", "http://m.kabar.example/judul/?fbclid=b", "Dua", 1),
    ),
    "no link, guid of its own": (entry("kabar-x", "", "Satu", 0), entry("kabar-x", "", "Dua", 0)),
    "no link, no guid": (entry("", "", "Satu", 0), entry("", "", "Satu", 0)),
}

DIFFERENT = {
    "ordinal guid reused": (
        entry("1", "https://kabar.example/satu-kopi", "Kopi", 0),
        entry("1", "https://kabar.example/dua-teh", "Teh", 24),
    ),
    "long guid reused": (
        entry("berita-utama-1", "https://kabar.example/satu-kopi", "Kopi", 0),
        entry("berita-utama-1", "https://kabar.example/dua-teh", "Teh", 24),
    ),
    "guid that is an address, reused": (
        entry("https://kabar.example/rss/1", "https://kabar.example/satu-kopi", "Kopi", 0),
        entry("https://kabar.example/rss/1", "https://kabar.example/dua-teh", "Teh", 24),
    ),
    "same title each day": (
        entry("1", "https://kabar.example/harga-emas-711111", "Harga emas hari ini", 0),
        entry("1", "https://kabar.example/harga-emas-711222", "Harga emas hari ini", 24),
    ),
    "same title and time, other number": (
        entry("1", "https://kabar.example/foto-711111", "Galeri", 0),
        entry("2", "https://kabar.example/foto-711112", "Galeri", 0),
    ),
    "same slug on two sites of a collection": (
        entry("tag:x,2026:1", "https://satu.example/harga-naik", "Harga naik", 0),
        entry("tag:x,2026:2", "https://dua.example/harga-naik", "Harga naik", 0),
    ),
    "one page for all, guids of their own": (
        entry("tag:x,2026:1", "https://status.example/now", "Gangguan", 0),
        entry("tag:x,2026:2", "https://status.example/now", "Pulih", 5),
    ),
    "two comments on one post": (
        entry("", "https://kabar.example/a-711111#comment-1", "Oleh: Budi", 0),
        entry("", "https://kabar.example/a-711111#comment-2", "Oleh: Rani", 0),
    ),
    "number counted anew each day": (
        entry("1", "https://kabar.example/read/2026/06/01/06000041/kopi", "Kopi", 0),
        entry("1", "https://kabar.example/read/2026/06/02/06000041/teh", "Teh", 24),
    ),
    "no link, no guid, other text": (entry("", "", "Satu", 0), entry("", "", "Dua", 0)),
}


@pytest.mark.parametrize(("one", "other"), SAME.values(), ids=SAME)
def test_one_article_keeps_its_id(one: Entry, other: Entry) -> None:
    feed = Feed()
    first = feed.poll(one)
    assert feed.poll(other) == first
    # And once more, the way it came first.
    assert feed.poll(one) == first


@pytest.mark.parametrize(("one", "other"), DIFFERENT.values(), ids=DIFFERENT)
def test_two_articles_get_two_ids(one: Entry, other: Entry) -> None:
    feed = Feed()
    first, second = feed.poll(one), feed.poll(other)
    assert first != second
    assert feed.poll(one, other) == first + second
    assert len(set(Feed().poll(one, other))) == 2


TOLD_APART = [
    name
    for name, (one, other) in SAME.items()
    if one.title == other.title or one.published == other.published
]


@pytest.mark.parametrize("name", TOLD_APART)
def test_two_forms_of_one_article_in_one_poll_are_one(name: str) -> None:
    assert len(set(Feed().poll(*SAME[name]))) == 1


def test_a_window_of_ordinals_that_moves_neither_doubles_nor_swallows() -> None:
    feed = Feed()
    articles = [
        (f"https://kabar.example/berita/judul-nomor-{n}", f"Judul nomor {n}", n) for n in range(40)
    ]
    found: dict[str, set[str]] = {}
    for start in range(0, 31, 3):
        window = articles[start : start + 9]
        entries = [entry(str(i), *article) for i, article in enumerate(window, 1)]
        for name, (link, _, _) in zip(feed.poll(*entries), window, strict=True):
            found.setdefault(name, set()).add(link)
    assert len(found) == 39
    assert all(len(links) == 1 for links in found.values())


def test_numbers_in_the_path_that_all_share_are_no_ids() -> None:
    feed = Feed()
    links = [f"https://kabar.example/blogs/123456/judul-{word}" for word in ("satu", "dua", "tiga")]
    names = feed.poll(*(entry("", link, link[-4:], n) for n, link in enumerate(links)))
    assert len(set(names)) == 3
    assert feed.poll(entry("", links[1], "baru", 50)) == [names[1]]


def test_a_window_that_rolled_over_is_noticed() -> None:
    feed = Feed()
    feed.poll(*(entry("", f"https://kabar.example/lama-{n}", f"Lama {n}", n) for n in range(5)))
    feed.poll(
        entry("", "https://kabar.example/lama-4", "Lama 4", 4),
        entry("", "https://kabar.example/baru-1", "Baru", 9),
    )
    feed.poll(entry("", "https://kabar.example/baru-2", "Baru 2", 30))
    assert feed.lost == [0, 0, 2]


def test_the_memory_is_bounded_and_quick() -> None:
    feed = Feed()
    many = [entry("", f"https://kabar.example/judul-{n}", f"Judul {n}", n) for n in range(5_000)]
    names = feed.poll(*many)
    assert len(set(names)) == 5_000
    assert len(feed.state["known"]) == MEMORY
    assert feed.poll(*many) == names
    assert feed.lost == [0, 0]


def test_an_empty_poll_is_no_error() -> None:
    feed = Feed()
    assert feed.poll() == []
    assert feed.lost == [0]


def test_guids_that_are_dealt_anew_show_also_where_all_dates_are_the_same() -> None:
    feed = Feed()
    articles = [
        entry("", f"https://kabar.example/artikel-{name}", f"Judul {name}") for name in "abcde"
    ]
    named = [
        feed.poll(
            *(
                replace(article, guid=f"https://kabar.example/{n}")
                for n, article in enumerate(articles[start : start + 3])
            )
        )
        for start in range(3)
    ]
    assert named[0][1:] == named[1][:2]
    assert named[1][1:] == named[2][:2]
    assert len({name for poll in named for name in poll}) == 5
