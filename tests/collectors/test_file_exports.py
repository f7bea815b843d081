"""Reads the reference exports whole; their rows are counted in their README."""

from __future__ import annotations

from pathlib import Path

import pytest

from simak.reasons import ROW_REPEATED
from tests.collectors.reading import read

SCRAPER = {"text": "content", "stars": "score", "time": "at", "id": "reviewId"}
EXPORTS = [
    (
        *("gojek_google_play_reviews", None, 16_880, 0),
        {"text": "content", "stars": "rating", "time": "review_date", "id": "review_id"},
    ),
    ("tokopedia_google_play_reviews", None, 9_965, 0, SCRAPER),
    ("shopee_google_play_reviews", None, 9_971, 0, SCRAPER),
    ("lazada_google_play_reviews", None, 9_964, 0, SCRAPER),
    (
        *("airline_tweets", "airline", 14_557, 153),
        {"text": "text", "time": "tweet_created", "id": "tweet_id"},
    ),
    ("coffee_brand_tweets", "brand", 6_263, 503, {"text": "text", "time": "created_at"}),
]


@pytest.mark.parametrize(("name", "brand_column", "rows", "duplicates", "mapping"), EXPORTS)
def test_exports(
    shared: Path,
    name: str,
    brand_column: str | None,
    rows: int,
    duplicates: int,
    mapping: dict[str, str],
) -> None:
    path = shared / "data" / "exports" / f"{name}.csv.gz"
    result = read(path, brand="" if brand_column else name, brand_column=brand_column)
    assert result.rows == rows
    assert sum(result.skipped.values()) == result.skipped[ROW_REPEATED] == duplicates
    assert not result.bad
    assert not result.warnings
    assert dict(result.source._plan.recognised.fields) == mapping
    assert all(one.text and one.published_at for one in result.mentions)
    is_store = brand_column is None
    assert result.source.source == ("google_play" if is_store else "file")
    assert all((one.stars is not None) == is_store for one in result.mentions)
    assert len(result.brands) == {"airline": 6, "brand": 4, None: 1}[brand_column]


def test_play_console_as_google_writes_it(shared: Path) -> None:
    (path,) = (shared / "fixtures" / "play_console_csv").glob("*.csv")
    result = read(path)
    (one,) = result.mentions
    assert (one.external_id, one.stars, one.text, one.language) == (
        "d2b07a18-68e9-4b8f-8042-4102a5082454",
        5.0,
        "muito bom",
        "pt",
    )
    assert one.reply is not None
    assert one.reply.endswith("😄🙏")
    assert str(one.published_at) == "2025-11-05 14:40:32+00:00"
    assert one.edited_at is None
    assert one.product == "com.biblegamesproject.didacticjesusgame"
    assert not result.warnings
