"""Exports that are known by their columns, and the names that columns go by elsewhere.

Names are compared without case, blanks and punctuation: `reviewId`, `review_id` and `Review ID`
are one. Sources: the google-play-scraper packages for Python and Node.js; Google's help page
"View & analyze your app's ratings & reviews"; the App Store Connect API's `customerReviews`;
Trustpilot's export of service reviews.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

TEXT = "text"

FIELDS = (
    TEXT,
    "title",
    "stars",
    "time",
    "edit_time",
    "id",
    "url",
    "author",
    "reply",
    "reply_time",
    "language",
    "product",
    "version",
    "channel",
    "parent_id",
)
"""What a column can be mapped to, in the order they are shown."""

TIME_FIELDS = ("time", "edit_time", "reply_time")


@dataclass(frozen=True, slots=True)
class Preset:
    """One kind of export.

    Attributes:
        source: what `mention.source` becomes: reviews of one store are stored once, however
            they came.
        channel: where its customers spoke.
        names: field to column names, the best first.
        signatures: sets of columns; a header that has all of one is of this preset.
        id_in_url: the query parameter of the url column that holds the id.
        left_out: columns that are not kept, as `fnmatch` patterns of their plain names: what is
            said twice, technical, or a person's picture.
    """

    name: str
    source: str
    channel: str
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    signatures: tuple[tuple[str, ...], ...] = ()
    id_in_url: str | None = None
    left_out: tuple[str, ...] = ()


GENERIC = Preset(
    name="generic",
    source="file",
    channel="file",
    names={
        TEXT: (
            *("text", "full_text", "review text", "review", "reviews", "content", "body"),
            *("comment", "comments", "komentar", "ulasan", "isi ulasan", "teks ulasan", "teks"),
            *("isi", "isi komentar", "isi pesan", "pesan", "message", "tweet", "tweet text"),
            *("post", "caption", "keluhan", "masukan", "kritik dan saran", "saran"),
            *("testimoni", "feedback", "verbatim", "description", "deskripsi"),
        ),
        "title": ("title", "review title", "judul", "judul ulasan", "subject", "subjek"),
        "stars": (
            *("stars", "star", "star rating", "rating", "review rating", "score", "bintang"),
            *("jumlah bintang", "nilai", "skor", "penilaian"),
        ),
        "time": (
            *("time", "at", "date", "datetime", "date time", "timestamp", "created_at"),
            *("created", "created date", "created time", "creation date", "published_at"),
            *("published", "publish date", "posted_at", "post date", "review date"),
            *("review time", "submitted_at", "tweet_created", "tanggal", "tanggal ulasan"),
            *("tanggal dibuat", "tanggal waktu", "waktu", "waktu ulasan", "tgl", "dibuat"),
        ),
        "edit_time": ("edited_at", "edit_time", "updated_at", "last updated", "diubah"),
        "id": (
            *("id", "review_id", "tweet_id", "comment_id", "post_id", "message_id"),
            *("ticket_id", "ticket number", "external_id", "id ulasan", "id komentar"),
            *("nomor tiket", "id tiket"),
        ),
        "url": ("url", "link", "permalink", "review link", "review url", "tautan"),
        "author": (
            *("author", "author name", "username", "user name", "user", "screen_name", "handle"),
            *("reviewer", "reviewer name", "nickname", "customer", "customer name", "penulis"),
            *("pengguna", "nama pengguna", "pelanggan", "nama pelanggan", "pembeli", "nama"),
            "name",
        ),
        "reply": (
            *("reply", "reply text", "reply content", "response", "owner reply"),
            *("owner response", "developer reply", "developer response", "seller reply"),
            *("balasan", "balasan penjual", "tanggapan", "tanggapan penjual", "jawaban"),
        ),
        "reply_time": (
            *("reply_time", "reply date", "replied_at", "reply_at", "response date"),
            *("developer response date", "tanggal balasan", "waktu balasan"),
        ),
        "language": ("language", "lang", "bahasa", "locale", "reviewer language"),
        "product": (
            *("product", "product name", "produk", "nama produk", "item", "barang"),
            *("nama barang", "app", "app name", "app id", "aplikasi"),
        ),
        "version": ("version", "app version", "app version name", "versi", "versi aplikasi"),
        "channel": ("channel", "kanal", "platform", "saluran", "media", "sumber", "source"),
        "parent_id": (
            *("parent_id", "in_reply_to", "in_reply_to_id", "in_reply_to_status_id"),
            "reply to id",
        ),
    },
    left_out=("*avatar*", "*userimage*", "*profileimage*", "*profilepic*", "unnamed*"),
)

PRESETS = (
    Preset(
        name="google_play_scraper",
        source="google_play",
        channel="google_play",
        names={
            "id": ("reviewId",),
            "author": ("userName",),
            TEXT: ("content", "text"),
            "stars": ("score", "rating"),
            "time": ("at", "date", "review_date"),
            "version": ("reviewCreatedVersion", "appVersion"),
            "reply": ("replyContent", "replyText"),
            "reply_time": ("repliedAt", "replyDate"),
        },
        signatures=(
            ("reviewId", "content", "score", "at"),
            ("reviewId", "content", "thumbsUpCount"),
            ("reviewId", "content", "thumbs_up"),
            ("id", "userName", "text", "score", "thumbsUp"),
        ),
    ),
    Preset(
        name="google_play_console",
        source="google_play",
        channel="google_play",
        names={
            TEXT: ("Review Text",),
            "title": ("Review Title",),
            "stars": ("Star Rating",),
            "time": ("Review Submit Date and Time",),
            "edit_time": ("Review Last Update Date and Time",),
            "url": ("Review Link",),
            "reply": ("Developer Reply Text",),
            "reply_time": ("Developer Reply Date and Time",),
            "language": ("Reviewer Language",),
            "product": ("Package Name",),
            "version": ("App Version Name",),
        },
        signatures=(("Package Name", "Star Rating", "Review Text"),),
        id_in_url="reviewId",
        left_out=("*millissinceepoch",),
    ),
    Preset(
        name="app_store_connect",
        source="app_store",
        channel="app_store",
        names={
            "id": ("id",),
            TEXT: ("body", "review", "attributes.body"),
            "title": ("title", "attributes.title"),
            "stars": ("rating", "attributes.rating"),
            "time": ("createdDate", "date", "attributes.createdDate"),
            "author": ("reviewerNickname", "nickname", "attributes.reviewerNickname"),
            "reply": ("responseBody", "developer response"),
            "reply_time": ("lastModifiedDate", "developer response date"),
        },
        signatures=(
            ("rating", "body", "reviewerNickname"),
            ("attributes.rating", "attributes.body"),
            ("rating", "review", "nickname", "territory"),
        ),
        left_out=("type", "links*", "relationships*"),
    ),
    Preset(
        name="trustpilot",
        source="trustpilot",
        channel="trustpilot",
        names={
            "id": ("Review Id",),
            TEXT: ("Review Content",),
            "title": ("Review Title",),
            "stars": ("Review Stars",),
            "time": ("Review Created (UTC)",),
            "author": ("Review Username",),
            "reply": ("Business Reply Content", "Business Reply"),
            "reply_time": ("Business Reply Date (UTC)",),
            "language": ("Review Language",),
        },
        signatures=(("Review Id", "Review Stars", "Review Content"),),
        left_out=("*email*", "*userid*", "businessunitid", "locationid"),
    ),
    GENERIC,
)

BRAND_NAMES = ("brand", "brand name", "merek", "merk", "airline", "maskapai", "company")
"""Columns that may hold the brand of each row; suggested, never taken unasked."""
