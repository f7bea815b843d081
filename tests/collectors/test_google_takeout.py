from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from collectors.sources.google_takeout import GoogleTakeoutSource, mention_of
from simak.errors import BadRecord, ConfigurationError, SourceChanged
from simak.mention import RawMention
from simak.reasons import NOT_ABOUT

URL = "https://www.google.com/maps/place//data=!4m2!3m1!1s0x0:0x70db"


def review(**more: Any) -> dict[str, Any]:
    given = {"date": "2026-02-13T12:36:27.561312Z", "five_star_rating_published": 2,
             "google_maps_url": URL, "review_text_published": "Antrenya lama",
             "location": {"name": "Senandika Dago", "address": "Jl. Dago 1",
                          "country_code": "ID"}}  # fmt: skip
    properties = {key: value for key, value in (given | more).items() if value is not ...}
    return {"geometry": {"coordinates": [1, 2]}, "type": "Feature", "properties": properties}


def probe() -> Any:
    return SimpleNamespace(probe=True)


def mention(feature: Any) -> RawMention:
    result = mention_of(feature)
    assert isinstance(result, RawMention)
    return result


def test_a_review_becomes_a_mention() -> None:
    found = mention(review())
    assert len(found.external_id) == 32
    assert found == RawMention(
        external_id=found.external_id,
        text="Antrenya lama",
        stars=2,
        channel="google_maps",
        published_at=datetime(2026, 2, 13, 12, 36, 27, 561312, tzinfo=UTC),
        url=URL,
        product="Senandika Dago",
        attributes={"address": "Jl. Dago 1", "country": "ID"},
    )


def test_keys_of_an_older_export_mean_the_same() -> None:
    older = {
        "type": "Feature",
        "properties": {
            "Google Maps URL": URL,
            "Published": "2026-02-13T12:36:27.561312Z",
            "Star Rating": "TWO",
            "Review Comment": "Antrenya lama",
            "Location": {
                "Business Name": "Senandika Dago",
                "Address": "Jl. Dago 1",
                "Country Code": "ID",
            },
        },
    }
    assert mention_of(older) == mention_of(review())


def test_what_is_missing_is_done_without() -> None:
    assert mention(review(review_text_published=...)).text == ""
    assert mention(review(five_star_rating_published=...)).stars is None
    assert mention(review(location=...)).product is None
    assert mention(review(date=...)).published_at is None
    assert mention(review(google_maps_url="javascript:x")).url is None
    nothing = review(review_text_published=..., five_star_rating_published=0)
    for wrong in (
        nothing,
        None,
        5,
        {},
        {"properties": []},
        review(google_maps_url=..., location={}),
    ):
        with pytest.raises(BadRecord):
            mention_of(wrong)


def test_identity_is_of_place_and_time() -> None:
    first = mention(review()).external_id
    assert mention(review(review_text_published="Antrenya lama sekali")).external_id == first
    assert mention(review(date="2026-02-14T12:36:27Z")).external_id != first
    assert mention(review(google_maps_url=URL + "1")).external_id != first
    unlinked = mention(review(google_maps_url=...))
    assert unlinked.external_id == mention(review(google_maps_url=...)).external_id != first


def test_only_the_brands_places_are_read_where_they_are_named(tmp_path: Path) -> None:
    path = tmp_path / "Ulasan.json"
    other = review(location={"name": "Warung Lain"}, google_maps_url=URL + "2")
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [review(), other]}))
    source = GoogleTakeoutSource(
        name="ulasan", brand="Senandika", options={"path": str(path), "places": ["SENANDIKA"]}
    )
    (page,) = source.collect({}, probe())
    assert [raw.product for raw in page.mentions] == ["Senandika Dago"]
    assert page.skipped == {NOT_ABOUT: 1}


def test_it_is_read_on_request_alone_and_names_a_missing_file(tmp_path: Path) -> None:
    source = GoogleTakeoutSource(
        name="ulasan", brand="Senandika", options={"path": str(tmp_path / "Ulasan.json")}
    )
    assert source.facts.opt_in
    with pytest.raises(ConfigurationError, match=r"Ulasan\.json.*no such file"):
        list(source.collect({}, probe()))


def test_keys_of_another_language_are_an_error_and_not_nothing(tmp_path: Path) -> None:
    given = review(review_text_published=..., five_star_rating_published=...)
    given["properties"] |= {"teks_ulasan": "Antrenya lama", "rating_bintang": 2}
    path = tmp_path / "Ulasan.json"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [given]}))
    source = GoogleTakeoutSource(name="ulasan", brand="Senandika", options={"path": str(path)})
    with pytest.raises(SourceChanged, match="can be read"):
        list(source.collect({}, probe()))
