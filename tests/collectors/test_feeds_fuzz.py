"""Whatever a feed holds: an entry, a word about there being none, or an error made for it."""

from __future__ import annotations

import json
from datetime import UTC

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from collectors.html_text import plain_text
from collectors.services.feeds.feed import parse_feed
from collectors.services.feeds.identity import Entry, Identities
from collectors.services.feeds.links import article_id, canonical_link, last_part, unwrapped
from collectors.services.reddit.items import mention_of
from simak.errors import BadRecord, SourceChanged
from store.mentions import storable
from tests.collectors.replay import FIXTURES

FEEDS = [path.read_bytes() for path in sorted((FIXTURES / "rss").iterdir())]
SLOW = settings(deadline=None, max_examples=150, suppress_health_check=list(HealthCheck))

TAGS = st.sampled_from(
    ["rss", "channel", "item", "feed", "entry", "title", "link", "guid", "id", "description",
     "content", "summary", "pubDate", "published", "updated", "author", "source", "rdf:RDF",
     "dc:date", "content:encoded"]
)  # fmt: skip
WORDS = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        ["1", "https://kabar.example/a-711111", "http://[::1", "tag:x,2026:1", "&lt;b&gt;", "&#0;",
         "<![CDATA[", "]]>", "<!DOCTYPE x [", "<!ENTITY a 'b'>", "&a;", "<script>", "\x00",
         "\ud800", "Mon, 01 Jun 2026 05:00:00 +0700", "99999-99-99T99:99:99Z", "<![<",
         "<?xml version='1.0'?>"]
    ),
)  # fmt: skip


def _element(children: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds(
        lambda tag, attribute, parts: f"<{tag} href={attribute!r}>{''.join(parts)}</{tag}>",
        TAGS,
        WORDS,
        st.lists(children, max_size=5),
    )


DOCUMENTS = st.one_of(
    st.binary(max_size=400),
    st.recursive(WORDS, _element, max_leaves=25).map(lambda text: text.encode("utf-8", "replace")),
)


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A feed with a piece missing, doubled or replaced."""
    body = draw(st.sampled_from(FEEDS))
    start = draw(st.integers(0, len(body)))
    end = draw(st.integers(start, min(len(body), start + 300)))
    return body[:start] + draw(st.binary(max_size=20)) + body[end:]


def check(body: bytes) -> None:
    try:
        feed = parse_feed(body, url="https://kabar.example/rss", place="the feed", headers={})
    except SourceChanged:
        return
    if not feed.entries and not feed.bad:
        # Nothing in it, and nothing wrong with it: only a whole feed may say so.
        assert feed.is_whole
    for entry in feed.entries:
        assert entry.published is None or entry.published.tzinfo is UTC
        assert storable(entry.text)
    identities = Identities({}, "https://kabar.example/rss")
    names = identities.names(
        [Entry(e.guid, e.link, e.title or e.text, e.published) for e in feed.entries]
    )
    assert all(name.isascii() and len(name) < 40 for name in names)
    json.dumps(identities.state())


@SLOW
@given(DOCUMENTS)
@example(b"<rss")
@example(b"<item<title>\x00</title<")
@example(b"<feed/>")
@example(b"\xff\xfe")
@example(b"<rss><channel><item><link>http://[::1</link><title>a</title></item></channel></rss>")
def test_any_document(body: bytes) -> None:
    check(body)


@SLOW
@given(damaged())
def test_a_damaged_feed(body: bytes) -> None:
    check(body)


@SLOW
@given(st.one_of(WORDS, st.recursive(WORDS, _element, max_leaves=10)))
def test_any_html(html: str) -> None:
    text = plain_text(html)
    assert text == text.strip()


@SLOW
@given(st.one_of(st.text(), st.from_regex(r"https?://[a-z.\[\]:@]{0,12}(/[^\s]{0,9}){0,4}")))
def test_any_link(url: str) -> None:
    canonical, number = canonical_link(url), article_id(url)
    assert number is None or canonical is not None
    assert isinstance(last_part(url) + unwrapped(url), str)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3)
    ),
    max_leaves=8,
)
FIELDS = ("author", "title", "selftext", "body", "created_utc", "edited", "permalink", "link_id",
          "subreddit", "parent_id", "removed_by_category")  # fmt: skip


@SLOW
@given(
    st.sampled_from(["t1", "t3", "more"]),
    st.sampled_from(["t1_a", "t3_b", "t5_c", "", "t1_\x00"]) | JSON,
    st.fixed_dictionaries({}, optional=dict.fromkeys(FIELDS, JSON)),
)
def test_any_item_of_reddit(kind: str, name: object, fields: dict[str, object]) -> None:
    try:
        raw = mention_of({"kind": kind, "data": {"name": name, **fields}})
    except BadRecord:
        return
    assert raw.deleted or storable(raw.text)
    assert raw.published_at is None or raw.published_at.tzinfo is UTC
