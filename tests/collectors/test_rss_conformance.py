from __future__ import annotations

from typing import ClassVar

from collectors.sources.rss import RssSource
from tests.collectors.conformance import HttpConformance
from tests.collectors.replay import Answer, Routes, recording

KEY = "kunci-rahasia-81723"
ATOM = {"Content-Type": "application/atom+xml"}
RSS = {"Content-Type": "application/rss+xml; charset=utf-8"}


class TestRss(HttpConformance):
    pages: ClassVar[int] = 2
    edited: ClassVar[tuple[str, str]] = ("tiga minggu", "lima minggu")
    deleted: ClassVar[str] = "refund"
    secrets: ClassVar[tuple[str, ...]] = (KEY,)
    broken: ClassVar[dict[str, bytes]] = {
        "empty": b"",
        "blank": b" \r\n\t",
        "web page": b"<!DOCTYPE html><html><head><title>Masuk</title></head><body>x</body></html>",
        "json": b'{"items": []}',
        "half a feed": b'<?xml version="1.0"?><rss version="2.0"><channel><title>Ka',
        "binary": bytes(range(256)) * 4,
    }

    def source(self, url: str) -> RssSource:
        return RssSource(
            name="kabar",
            brand="Senandika",
            options={"url": [f"{url}/kabar.xml?key={KEY}", f"{url}/alert.xml"]},
        )

    def first_page(self) -> str:
        return "GET /kabar.xml"

    def routes(self, state: str) -> Routes:
        news = recording("rss/kabar.xml").decode()
        if state == "edited":
            news = news.replace("tiga minggu", "lima minggu")
        elif state == "deleted":
            start = news.index("<item>", news.index("refund") - 200)
            news = news[:start] + news[news.index("</item>", start) + len("</item>") :]
        elif state == "gap":
            news = news.replace("710", "720").replace("Senandika", "Kopi lain")
            for day in ("31 May 2026", "01 Jun 2026"):
                news = news.replace(day, "02 Jun 2026")
            news = news.replace("bisnis/", "bisnis/baru-").replace("gaya/", "gaya/baru-")
        return {
            "GET /kabar.xml": Answer(news.encode(), headers=RSS),
            "GET /alert.xml": Answer(recording("rss/alert.xml"), headers=ATOM),
        }
