"""Reads RSS and Atom documents with feedparser: entries out, and never a silent nothing."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from typing import Any

import feedparser

from collectors.html_text import plain_text, tidy
from collectors.http import looks_like
from collectors.services.feeds.links import host_of, unwrapped
from simak.errors import BadRecord, SourceChanged
from simak.reasons import ENTRY_WITHOUT_TEXT

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8})*")

# These say how a document was sent or named its encoding, not that something of it is missing.
_HARMLESS = (feedparser.CharacterEncodingOverride, feedparser.NonXMLContentType)


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One entry, as plain text.

    Attributes:
        link: where the article is; Google Alerts' redirects and FeedBurner's are resolved.
        outlet: who published it, where the feed is a collection.
        text: never empty.
    """

    guid: str
    link: str
    title: str
    text: str
    published: datetime | None
    updated: datetime | None
    author: str | None
    outlet: str | None


@dataclass(frozen=True, slots=True)
class Feed:
    """A document that was a feed.

    Attributes:
        notes: what was wrong with it but did not keep it from being read.
        is_whole: whether all of it could be read.
    """

    entries: tuple[FeedEntry, ...]
    bad: tuple[BadRecord, ...]
    notes: tuple[str, ...]
    is_whole: bool
    language: str | None


def parse_feed(body: bytes, *, url: str, place: str, headers: Mapping[str, str]) -> Feed:
    """Read a feed of any version that feedparser knows.

    Args:
        url: where it came from; relative links are relative to it.
        place: what errors call it.
        headers: of the answer; the content type may name the encoding.

    Raises:
        SourceChanged: it is empty, no feed, or too broken to hold an entry.

    Example:
        >>> feed = parse_feed(
        ...     b"<rss version='2.0'><channel><item><title>Baru</title></item></channel></rss>",
        ...     url="https://example.org/feed", place="the feed", headers={},
        ... )
        >>> feed.entries[0].text
        'Baru'
    """
    if not body.strip():
        raise SourceChanged(f"{place} answered with an empty document: check the address")
    given = {"content-location": url}
    if "content-type" in headers:
        given["content-type"] = headers["content-type"]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            # No markup is kept, so none needs to be made safe or complete.
            parsed = feedparser.parse(
                io.BytesIO(body),
                response_headers=given,
                sanitize_html=False,
                resolve_relative_uris=False,
            )
    except Exception as error:
        # A parser of what anyone may write: whatever it stumbles over is the document's fault.
        raise SourceChanged(
            f"{place} answered with a feed that cannot be parsed ({type(error).__name__})"
        ) from error
    if not parsed.version and not parsed.entries:
        raise SourceChanged(
            f"{place} answered with {looks_like(body)} where a feed was due: check the address"
        )
    flaw = parsed.get("bozo_exception") if parsed.bozo else None
    is_whole = flaw is None or isinstance(flaw, _HARMLESS)
    reason = "" if flaw is None else tidy(str(flaw))[:200] or type(flaw).__name__
    if not parsed.entries and not is_whole:
        raise SourceChanged(f"{place} answered with a broken feed without any entry: {reason}")
    entries, bad = [], []
    for raw in parsed.entries:
        entry = _entry(raw)
        if entry is None:
            bad.append(BadRecord(ENTRY_WITHOUT_TEXT, record=_remains(raw)))
        else:
            entries.append(entry)
    language = str(parsed.feed.get("language") or "")
    return Feed(
        entries=tuple(entries),
        bad=tuple(bad),
        notes=() if is_whole else (f"{place}: the feed is ill-formed ({reason})",),
        is_whole=is_whole,
        language=language if _LANGUAGE.fullmatch(language) else None,
    )


def _entry(raw: Mapping[str, Any]) -> FeedEntry | None:
    link = unwrapped(_text(raw, "feedburner_origlink") or _text(raw, "link"))
    outlet = tidy(str((raw.get("source") or {}).get("title") or "")) or None
    title = _title(raw)
    if outlet and title.endswith(f" - {outlet}"):
        title = title.removesuffix(f" - {outlet}").rstrip()
    text = _body(raw)
    if _is_echo(text, title, outlet):
        text = title
    if not (text or title):
        return None
    published, updated = _time(raw, "published_parsed"), _time(raw, "updated_parsed")
    return FeedEntry(
        guid=_text(raw, "id"),
        link=link if host_of(link) else "",
        title=title,
        text=text or title,
        published=published or updated,
        updated=updated if published and updated and updated > published else None,
        author=tidy(_text(raw, "author")) or None,
        outlet=outlet,
    )


def _text(raw: Mapping[str, Any], key: str) -> str:
    value = raw.get(key)
    return value.strip() if isinstance(value, str) else ""


def _title(raw: Mapping[str, Any]) -> str:
    value = _text(raw, "title")
    if "html" in (raw.get("title_detail") or {}).get("type", ""):
        return plain_text(value).replace("\n", " ")
    # Many feeds escape their titles twice.
    return tidy(unescape(value)).replace("\n", " ")


def _body(raw: Mapping[str, Any]) -> str:
    """The fullest text that an entry carries."""
    details = [*(raw.get("content") or ()), raw.get("summary_detail") or {}]
    texts = [
        tidy(value) if detail.get("type") == "text/plain" else plain_text(value)
        for detail in details
        if isinstance(value := detail.get("value"), str)
        and (detail.get("type") or "text/html").startswith(("text/", "application/xhtml"))
    ]
    return max(texts, key=len, default="")


def _is_echo(text: str, title: str, outlet: str | None) -> bool:
    """Whether the text says no more than the title, as in Google News."""

    def letters(value: str) -> str:
        return re.sub(r"\W+", "", value).casefold()

    return bool(title) and letters(text) in (letters(title), letters(title + (outlet or "")))


def _time(raw: Mapping[str, Any], key: str) -> datetime | None:
    # Past feedparser's own `get`, which gives one time for another.
    parts = dict.get(raw, key) if isinstance(raw, dict) else None
    if not parts:
        return None
    try:
        year, month, day, hour, minute, second = parts[:6]
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except (ValueError, TypeError, OverflowError):
        return None


def _remains(raw: Mapping[str, Any]) -> dict[str, str]:
    return {key: _text(raw, key) for key in ("id", "link", "published") if _text(raw, key)}
