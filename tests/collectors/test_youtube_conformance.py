from __future__ import annotations

from typing import Any, ClassVar

from collectors.sources.youtube import YouTubeSource
from tests.collectors.conformance import HttpConformance
from tests.collectors.replay import Routes, as_json
from tests.collectors.youtube_service import (
    CHANNEL,
    CHANNELS,
    KEY,
    OWN,
    PLAYLIST,
    REPLIES,
    SEARCH,
    THREADS,
    UPLOADS,
    comment,
    hit,
    named,
    page,
    thread,
    upload,
    youtube,
)

OURS, CHANNELS_OWN, FOUND = "vidSenan001", "vidKelil001", "vidReview01"


def threads() -> dict[str, list[Any]]:
    """The threads of each video, the newest first; and all replies of the one with most."""
    answer = comment(
        "UgA.r1", "Kak, maaf ya. Sudah kami cek 🙏", "2026-06-01T08:00:00Z", channel=OWN
    )
    late = [
        comment("UgB.r1", "sama, punyaku juga", "2026-05-30T11:00:00Z"),
        comment("UgB.r2", "udah 2 minggu loh ini", "2026-05-30T12:00:00Z"),
        comment("UgB.r3", "up", "2026-05-30T13:00:00Z"),
    ]
    return {
        OURS: [
            thread(
                comment("UgA", "Senandika kok makin lama kirimnya?", "2026-06-01T07:00:00Z"),
                [answer],
                video=OURS,
            ),
            # Two of three replies came along.
            thread(
                comment("UgB", "paket ga nyampe2 min", "2026-05-30T10:00:00Z"),
                late[1:],
                video=OURS,
                total=3,
            ),
            thread(comment("UgC", "mantap kopinya", "2026-05-29T10:00:00Z"), video=OURS),
        ],
        CHANNELS_OWN: [
            thread(
                comment("UgD", "enakan Senandika Gayo sih", "2026-05-31T10:00:00Z"),
                video=CHANNELS_OWN,
            )
        ],
        FOUND: [
            thread(
                comment("UgE", "beli dimana bang?", "2026-05-28T10:00:00Z"),
                [comment("UgE.r1", "di tokonya langsung", "2026-05-28T11:00:00Z")],
                video=FOUND,
            )
        ],
        "replies": late,
    }


class TestYouTube(HttpConformance):
    pages: ClassVar[int] = 7
    edited: ClassVar[tuple[str, str]] = ("mantap kopinya", "kopinya asem")
    deleted: ClassVar[str] = "di tokonya langsung"
    secrets: ClassVar[tuple[str, ...]] = (KEY,)
    broken: ClassVar[dict[str, bytes]] = {
        "empty": b"",
        "web page": b"<!doctype html><title>Sign in - Google Accounts</title>",
        "half": b'{"kind": "youtube#commentThreadListResponse", "items": [{"ki',
        "null": b"null",
        "a list": b"[]",
        "no items": b'{"kind": "youtube#commentThreadListResponse"}',
        "items of null": b'{"items": null}',
        "strange items": b'{"items": [3, {"id": "x"}, null]}',
        "an error in a success": b'{"error": "invalid_request"}',
        "utf-16": '{"items": []}'.encode("utf-16"),
        "deep": b"[" * 200_000,
    }

    def source(self, url: str) -> YouTubeSource:
        return youtube(url, videos=[OURS], channels=[CHANNEL], search=["senandika"])

    def first_page(self) -> str:
        return f"{THREADS}?videoId={OURS}"

    def routes(self, state: str) -> Routes:
        found = threads()
        if state == "edited":
            snippet = found[OURS][2]["snippet"]["topLevelComment"]["snippet"]
            snippet |= {
                "textOriginal": "Edit: kopinya asem",
                "updatedAt": "2026-06-01T09:00:00Z",
            }
        elif state == "deleted":
            del found[FOUND][0]["replies"]
            found[FOUND][0]["snippet"]["totalReplyCount"] = 0
        replies = found.pop("replies")
        known = [one for video in found.values() for one in video]
        return {
            f"{THREADS}?videoId={OURS}": as_json(page(found[OURS][:2], "halaman-2")),
            f"{THREADS}?videoId={OURS}&pageToken=halaman-2": as_json(page(found[OURS][2:])),
            f"{THREADS}?videoId={CHANNELS_OWN}": as_json(page(found[CHANNELS_OWN])),
            f"{THREADS}?videoId={FOUND}": as_json(page(found[FOUND])),
            THREADS: named(known),
            f"{REPLIES}?parentId=UgB": as_json(page(replies[:2], "balasan-2")),
            f"{REPLIES}?parentId=UgB&pageToken=balasan-2": as_json(page(replies[2:])),
            f"{CHANNELS}?id={CHANNEL}": as_json(
                page([{"contentDetails": {"relatedPlaylists": {"uploads": UPLOADS}}}])
            ),
            f"{PLAYLIST}?playlistId={UPLOADS}": as_json(
                page([upload(CHANNELS_OWN, "2026-05-25T10:00:00Z")])
            ),
            f"{SEARCH}?q=senandika": as_json(page([hit(FOUND, "2026-05-27T10:00:00Z")])),
        }
