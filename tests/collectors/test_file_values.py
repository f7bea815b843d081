from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.files.dates import has_ambiguous, month_comes_first, read_time
from collectors.files.values import (
    content_id,
    id_in_url,
    is_damaged_id,
    read_channel,
    read_id,
    read_language,
    read_stars,
)


@pytest.mark.parametrize(
    ("written", "utc"),
    [
        ("2026-05-22 07:40:04", "2026-05-22T07:40:04"),
        ("2026-05-22T07:40:04Z", "2026-05-22T07:40:04"),
        ("2026-05-22", "2026-05-22T00:00:00"),
        ("2026-05-22 7:40", "2026-05-22T07:40:00"),
        ("2026-05-22 07:40:04 UTC", "2026-05-22T07:40:04"),
        ("2026-05-22T07:40:04+0700", "2026-05-22T00:40:04"),
        ("2026-03-08T13:22:08-07:00", "2026-03-08T20:22:08"),
        ("2015-02-24 11:35:52 -0800", "2015-02-24T19:35:52"),
        ("2024-05-03T23:59:14.000Z", "2024-05-03T23:59:14"),
        ("2026/5/3 1:02:03", "2026-05-03T01:02:03"),
        ("Tue, 24 Feb 2015 11:35:52 -0800", "2015-02-24T19:35:52"),
        ("24 Feb 2015 11:35 PST", "2015-02-24T19:35:00"),
        ("Wed Aug 27 13:08:45 +0000 2008", "2008-08-27T13:08:45"),
        ("3 Mei 2026", "2026-05-03T00:00:00"),
        ("Minggu, 3 Mei 2026 pukul 14.05 WIB", "2026-05-03T07:05:00"),
        ("Jum'at, 17 Agustus 2025 10:00 WITA", "2025-08-17T02:00:00"),
        ("1 Agu 2025", "2025-08-01T00:00:00"),
        ("15-Des-25", "2025-12-15T00:00:00"),
        ("May 3rd, 2026 2:05 PM", "2026-05-03T14:05:00"),
        ("26 Mei 2026 10:00 GMT+7", "2026-05-26T03:00:00"),
        ("5/3/2026 12:05 AM", "2026-03-05T00:05:00"),
        ("31.12.25", "2025-12-31T00:00:00"),
        ("1762353632", "2025-11-05T14:40:32"),
        ("1762353632542", "2025-11-05T14:40:32.542000"),
        ("46145", "2026-05-03T00:00:00"),
        ("46145.5", "2026-05-03T12:00:00"),
        ("20260503", "2026-05-03T00:00:00"),
    ],
)
def test_time_is_read_as_utc(written: str, utc: str) -> None:
    time = read_time(written)
    assert time is not None
    assert time.isoformat() == f"{utc}+00:00"


@pytest.mark.parametrize(
    "written",
    [
        *("2 hari lalu", "0", "2026-13-45", "31/31/2026", "9999-12-31", "0001-01-01", "10:20"),
        *("3 Foo 2026", "13/2026", "1" * 17, "26 Mei 2026 10:00 XYZ", "13:00 PM 3 Mei 2026"),
        *("3 Mei 2026 13:00 PM", "x" * 1000, "2026-05-22T25:00:00", "1899-01-01", "²/³/2026"),
    ],
)
def test_time_that_is_none_is_not_guessed(written: str) -> None:
    assert read_time(written) is None


def test_month_first_is_read_where_it_is_meant() -> None:
    day, month = read_time("3/5/2026"), read_time("3/5/2026", month_first=True)
    assert day is not None
    assert month is not None
    assert (day.month, month.month) == (5, 3)


@pytest.mark.parametrize(
    ("written", "month_first"),
    [
        (["3/5/2026", "25/5/2026"], False),
        (["3/5/2026", "5/25/2026"], True),
        (["3/5/2026", "4-6-2026"], None),
        (["5/25/2026", "5/26/2026", "25/5/2026"], True),
        (["2026-05-25", "3 Mei 2026", ""], None),
    ],
)
def test_order_of_day_and_month_is_what_the_numbers_show(
    written: list[str], month_first: bool | None
) -> None:
    assert month_comes_first(written) is month_first


def test_only_numbers_up_to_twelve_are_ambiguous() -> None:
    assert has_ambiguous(["25/5/2026", "3/5/2026"])
    assert not has_ambiguous(["25/5/2026", "2026-03-05", "3 Mei 2026"])


@given(st.text(max_size=80))
def test_any_text_is_a_time_in_utc_or_none(text: str) -> None:
    time = read_time(text)
    assert time is None or time.utcoffset().total_seconds() == 0  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("written", "stars"),
    [
        *(("5", 5.0), ("4,5", 4.5), ("4.0", 4.0), (" 3 ", 3.0), ("5 stars", 5.0), ("1 star", 1.0)),
        *(("bintang 4", 4.0), ("4 bintang", 4.0), ("★★★★☆", 4.0), ("⭐⭐⭐", 3.0), ("⭐️⭐️", 2.0)),
        *(("4/5", 4.0), ("4 out of 5", 4.0), ("4 dari 5", 4.0), ("5 of 5 stars", 5.0)),
        *(("0", None), ("6", None), ("-1", None), ("8/10", None), ("☆☆☆☆☆", None)),
        *(("bagus", None), ("", None), ("1e1", None), ("5 kali", None), ("nan", None)),
    ],
)
def test_stars(written: str, stars: float | None) -> None:
    assert read_stars(written) == stars


@given(st.text(max_size=20))
def test_any_text_is_stars_from_1_to_5_or_none(text: str) -> None:
    stars = read_stars(text)
    assert stars is None or 1 <= stars <= 5


@pytest.mark.parametrize(
    ("written", "tag"),
    [
        *(("id", "id"), ("in", "id"), ("Indonesian", "id"), ("Bahasa Indonesia", "id")),
        *(("EN_us", "en-US"), ("zh-Hant-TW", "zh-Hant-TW"), ("", None), ("null", None)),
        ("<script>", None),
    ],
)
def test_language(written: str, tag: str | None) -> None:
    assert read_language(written) == tag


def test_channels_are_written_one_way() -> None:
    assert [read_channel(name) for name in ("Google Play", "WhatsApp ", "google-play", "-")] == [
        "google_play",
        "whatsapp",
        "google_play",
        None,
    ]


def test_an_id_that_a_spreadsheet_rounded_is_no_id() -> None:
    assert is_damaged_id("5.70306E+17")
    assert is_damaged_id("5,70306E+17")
    assert read_id("5.70306E+17") == ""
    assert not is_damaged_id("gp:AOqpTOE+12")
    assert read_id("570306133677760513") == "570306133677760513"


def test_a_very_long_id_is_shortened_to_one_of_its_own() -> None:
    assert len(read_id("x" * 10_000)) < 100
    assert read_id("x" * 10_000) != read_id("x" * 10_001)


def test_id_in_a_link() -> None:
    assert id_in_url("https://example.org/a?reviewId=d2b0%2F1&x=2", "reviewId") == "d2b0/1"
    assert id_in_url("https://example.org/a?otherId=1", "reviewId") == ""
    assert id_in_url("http://[reviewId=1", "reviewId") == ""


def test_content_id_tells_its_parts_apart() -> None:
    assert content_id("a", "b") == content_id("a", "b")
    assert content_id("ab", "") != content_id("a", "b")
    assert content_id("\ud800")
