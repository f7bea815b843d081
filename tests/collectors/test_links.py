from __future__ import annotations

import pytest

from collectors.services.feeds.links import (
    article_id,
    canonical_link,
    host_of,
    last_part,
    site_of,
    unwrapped,
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://www.kabar.example/a/b", "https://kabar.example/a/b/"),
        ("https://kabar.example/a?utm_source=rss&utm_medium=x", "https://kabar.example/a"),
        ("https://kabar.example/a?id=3&fbclid=x", "https://m.kabar.example/a?id=3"),
        ("https://kabar.example/a?b=2&a=1", "https://KABAR.example:443/a?a=1&b=2"),
        ("https://kabar.example/a#atas", "https://amp.kabar.example//a"),
        ("https://kabar.example/a#0", "https://kabar.example/a#1"),
    ],
)
def test_one_article_has_one_canonical_link(one: str, other: str) -> None:
    assert canonical_link(one) == canonical_link(other) is not None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://kabar.example/a", "https://kabar.example/b"),
        ("https://kabar.example/?p=1", "https://kabar.example/?p=2"),
        ("https://kabar.example/a#comment-1", "https://kabar.example/a#comment-2"),
        ("https://satu.blog.example/halo", "https://dua.blog.example/halo"),
        ("https://kabar.example/A", "https://kabar.example/a"),
    ],
)
def test_two_articles_have_two(one: str, other: str) -> None:
    assert canonical_link(one) != canonical_link(other)


@pytest.mark.parametrize(
    "url",
    ["", "1", "tag:x,2026:1", "mailto:a@b.c", "https://a.example/", "http://[::1/a", "//"],
)
def test_what_names_no_page_has_none(url: str) -> None:
    assert canonical_link(url) is None
    assert article_id(url) is None


@pytest.mark.parametrize(
    ("url", "number"),
    [
        ("https://www.tempo.co/cekfakta/keliru-video--2059302", "tempo.co 2059302"),
        ("https://cekfakta.tempo.co/keliru-video-2059302.html", "tempo.co 2059302"),
        ("https://news.detik.com/berita/d-8061234/judul", "detik.com 8061234"),
        ("https://www.liputan6.com/tekno/read/5123456/judul-2025", "liputan6.com 5123456"),
        # Counted anew each day: the day is part of it.
        (
            "https://bola.kompas.com/read/2025/08/17/06000041/judul",
            "kompas.com 2025-08-17 06000041",
        ),
        (
            "https://www.cnnindonesia.com/nasional/20250817123456-20-1234567/judul",
            "cnnindonesia.com 20250817123456-20-1234567",
        ),
        ("https://forum.example.co.id/t/123456#post-7", "example.co.id 123456 post-7"),
        ("https://kabar.example/98765-judul-berita", "kabar.example 98765"),
        # Neither of these is the number of an article.
        ("https://kabar.example/harga-kopi-2026", None),
        ("https://kabar.example/promo-rp-150000", None),
        ("https://kabar.example/20260601/judul", None),
        ("https://kabar.example/2026/06/01/judul", None),
        ("https://jurnal.example/cgi/356/6343/1134-a", None),
    ],
)
def test_the_number_of_an_article_is_found(url: str, number: str | None) -> None:
    assert article_id(url) == number


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://a.b.kabar.example/x", "kabar.example"),
        ("https://bola.kabar.co.id/x", "kabar.co.id"),
        ("https://t.co/x", "t.co"),
        ("http://127.0.0.1:8080/x", "127.0.0.1"),
        ("nowhere", ""),
    ],
)
def test_a_site_is_what_its_hosts_share(url: str, site: str) -> None:
    assert site_of(url) == site


def test_hosts_and_last_parts() -> None:
    assert host_of("https://WWW.Kabar.Example./a") == "kabar.example"
    assert host_of("https://www.id/a") == "www.id"
    assert last_part("https://kabar.example/a/judul-berita.html?x=1") == "judul-berita"
    assert last_part("http://[::1") == ""


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://www.google.com/url?sa=t&url=https://a.example/b?c%3D1&ct=ga", "https://a.example/b?c=1"),
        ("https://google.co.id/url?q=http://a.example/b", "http://a.example/b"),
        ("https://www.google.com/url?url=javascript:alert(1)", None),
        ("https://www.google.com/search?url=https://a.example/", None),
        ("https://notgoogle.com/url?url=https://a.example/", None),
        ("http://[::1/url?url=https://a.example/", None),
    ],
)  # fmt: skip
def test_redirects_of_google_are_unwrapped(url: str, target: str | None) -> None:
    assert unwrapped(url) == (target or url)
