from __future__ import annotations

import pytest

from collectors.files.columns import parse_mapping, plain_name, recognise
from collectors.files.presets import FIELDS, PRESETS
from simak.errors import ConfigurationError

SCRAPER = [
    *("reviewId", "userName", "userImage", "content", "score", "thumbsUpCount"),
    *("reviewCreatedVersion", "at", "replyContent", "repliedAt", "appVersion"),
]
CONSOLE = [
    *("Package Name", "App Version Code", "App Version Name", "Reviewer Language", "Device"),
    *("Review Submit Date and Time", "Review Submit Millis Since Epoch"),
    *("Review Last Update Date and Time", "Review Last Update Millis Since Epoch"),
    *("Star Rating", "Review Title", "Review Text", "Developer Reply Date and Time"),
    *("Developer Reply Millis Since Epoch", "Developer Reply Text", "Review Link"),
]


def test_google_play_scraper() -> None:
    found = recognise(SCRAPER)
    assert found.preset.name == "google_play_scraper"
    assert (found.preset.source, found.preset.channel) == ("google_play", "google_play")
    assert found.fields == {
        "text": "content",
        "stars": "score",
        "time": "at",
        "id": "reviewId",
        "author": "userName",
        "reply": "replyContent",
        "reply_time": "repliedAt",
        "version": "reviewCreatedVersion",
    }
    assert found.attributes == ("thumbsUpCount", "appVersion")
    assert found.left_out == ("userImage",)


def test_google_play_scraper_of_node() -> None:
    found = recognise(
        [
            *("id", "userName", "userImage", "date", "score", "scoreText", "url", "title", "text"),
            *("replyDate", "replyText", "version", "thumbsUp"),
        ]
    )
    assert found.preset.name == "google_play_scraper"
    assert found.fields["text"] == "text"
    assert found.fields["reply_time"] == "replyDate"
    assert found.fields["time"] == "date"


def test_google_play_console() -> None:
    found = recognise(CONSOLE)
    assert found.preset.name == "google_play_console"
    assert found.fields == {
        "text": "Review Text",
        "title": "Review Title",
        "stars": "Star Rating",
        "time": "Review Submit Date and Time",
        "edit_time": "Review Last Update Date and Time",
        "url": "Review Link",
        "reply": "Developer Reply Text",
        "reply_time": "Developer Reply Date and Time",
        "language": "Reviewer Language",
        "product": "Package Name",
        "version": "App Version Name",
    }
    assert found.attributes == ("App Version Code", "Device")
    assert len(found.left_out) == 3


@pytest.mark.parametrize(
    "columns",
    [
        ["id", "rating", "title", "body", "reviewerNickname", "createdDate", "territory"],
        [
            *("type", "id", "attributes.rating", "attributes.title", "attributes.body"),
            *("attributes.reviewerNickname", "attributes.createdDate", "attributes.territory"),
            *("links.self", "relationships.response.links.self"),
        ],
    ],
)
def test_app_store_connect(columns: list[str]) -> None:
    found = recognise(columns)
    assert found.preset.name == "app_store_connect"
    assert found.preset.source == "app_store"
    assert set(found.fields) == {"text", "title", "stars", "time", "id", "author"}
    assert [plain_name(name).removeprefix("attributes") for name in found.attributes] == [
        "territory"
    ]


@pytest.mark.parametrize(
    ("columns", "fields"),
    [
        (
            ["No", "Tanggal", "Ulasan", "Bintang", "Produk", "Kanal", "Nama Pelanggan", "Kota"],
            {
                "text": "Ulasan",
                "stars": "Bintang",
                "time": "Tanggal",
                "author": "Nama Pelanggan",
                "product": "Produk",
                "channel": "Kanal",
            },
        ),
        (
            ["tweet_id", "airline", "text", "tweet_created", "user_location"],
            {"text": "text", "time": "tweet_created", "id": "tweet_id"},
        ),
        (
            ["waktu", "isi pesan", "balasan"],
            {"text": "isi pesan", "time": "waktu", "reply": "balasan"},
        ),
        (["komentar"], {"text": "komentar"}),
    ],
)
def test_generic_names(columns: list[str], fields: dict[str, str]) -> None:
    found = recognise(columns)
    assert found.preset.name == "generic"
    assert found.fields == fields
    assert set(found.attributes) == set(columns) - set(fields.values())


def test_a_preset_may_be_named_and_generic_names_fill_its_gaps() -> None:
    found = recognise(["review", "rating", "waktu"], preset="google_play_scraper")
    assert found.preset.source == "google_play"
    assert found.fields == {"text": "review", "stars": "rating", "time": "waktu"}


def test_a_mapping_wins_and_spelling_may_differ_in_case() -> None:
    found = recognise(
        ["text", "Note", "score"], mapping={"text": "note", "stars": "", "title": "text"}
    )
    assert found.fields == {"text": "Note", "title": "text"}
    assert found.attributes == ("score",)


def test_a_brand_column_is_no_attribute_and_is_suggested_where_it_is_not_named() -> None:
    columns = ["text", "airline", "city"]
    assert recognise(columns).brand_like == ("airline",)
    named = recognise(columns, brand_column="Airline")
    assert named.attributes == ("city",)
    assert named.brand_like == ()


def test_no_column_of_texts_lists_what_is_there() -> None:
    with pytest.raises(ConfigurationError, match=r"'foo', 'stars'.*--map text=COLUMN"):
        recognise(["foo", "stars", ""])


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        ({"text": "contnt"}, r"no column 'contnt' \(did you mean 'content'\?\)"),
        ({"text": "zzzz"}, r"no column 'zzzz'; columns are 'content'"),
        ({"txt": "content"}, r"no field 'txt' \(did you mean 'text'\?\); fields are text, title"),
    ],
)
def test_a_wrong_mapping_names_the_nearest(mapping: dict[str, str], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        recognise(["content", "at"], mapping=mapping)


def test_a_wrong_brand_column_or_preset_is_named() -> None:
    with pytest.raises(ConfigurationError, match="--brand-column: there is no column 'brnd'"):
        recognise(["text", "brand"], brand_column="brnd")
    with pytest.raises(ConfigurationError, match="preset 'play' is not known; there are google_"):
        recognise(["text"], preset="play")


def test_map_option() -> None:
    assert parse_mapping("text=Isi, stars = Nilai") == {"text": "Isi", "stars": "Nilai"}
    assert parse_mapping("text=Isi, singkat,title=") == {"text": "Isi, singkat", "title": ""}
    assert parse_mapping("text=a=b") == {"text": "a=b"}
    for wrong in ("text", "isi=text", "text=a,sterne=b", ""):
        with pytest.raises(ConfigurationError, match="--map"):
            parse_mapping(wrong)


def test_presets_speak_of_fields_that_exist_and_find_themselves() -> None:
    for preset in PRESETS:
        assert set(preset.names) <= set(FIELDS)
        for signature in preset.signatures:
            assert recognise(signature).preset is preset
