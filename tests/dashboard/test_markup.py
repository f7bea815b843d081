"""What customers wrote is shown as they wrote it, and never runs."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.labels import plain
from dashboard.markup import FOLD_CHARS, folded, highlighted, safe_link
from simak.tags import TouchpointTag

NAMES = {"a": "Kirim & antar", "b": "Harga"}
SYMBOLS = {"negative": "−", "neutral": "○", "positive": "+"}


class Reader(HTMLParser):
    """Collects the tags and the text of the customer, names of the marks aside."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text, self._names = "", 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self._names += tag == "span"

    def handle_endtag(self, tag: str) -> None:
        self._names -= tag == "span"

    def handle_data(self, data: str) -> None:
        if not self._names:
            self.text += data


def parsed(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader


SPANS = st.tuples(st.integers(-5, 60), st.integers(-5, 60))
TAGS = st.builds(TouchpointTag, st.sampled_from(list(SYMBOLS)), st.just(1.0), st.none() | SPANS)
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\r\x00"), max_size=60)


@given(TEXTS, st.dictionaries(st.sampled_from(["a", "b"]), TAGS))
def test_any_text_with_any_spans_comes_through_whole(
    text: str, touchpoints: dict[str, TouchpointTag]
) -> None:
    reader = parsed(highlighted(text, touchpoints, NAMES, SYMBOLS))
    assert reader.text == text
    assert set(reader.tags) <= {"mark", "span"}


def test_evidence_is_marked_underlined_and_named() -> None:
    html = highlighted("lama <b>", {"a": TouchpointTag("negative", 1, (0, 4))}, NAMES, SYMBOLS)
    assert '<mark class="ev negative">lama' in html
    assert "− Kirim &amp; antar" in html
    assert "&lt;b&gt;" in html


def test_overlapping_evidence_shares_one_mark() -> None:
    tags = {"a": TouchpointTag("negative", 1, (0, 6)), "b": TouchpointTag("positive", 1, (4, 9))}
    html = highlighted("mahal lama", tags, NAMES, SYMBOLS)
    assert html.count("<mark") == 1
    assert "− Kirim &amp; antar · + Harga" in html


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "javascript:alert(1)",
        "data:text/html,x",
        "//evil",
        "ftp://a/b",
        "http://[",
        "http:",
    ],
)
def test_only_web_addresses_become_links(url: str | None) -> None:
    assert safe_link(url) is None


def test_web_addresses_stay_as_they_are() -> None:
    assert safe_link(" https://a.id/x?y=1&z=2 ") == "https://a.id/x?y=1&z=2"


def test_a_long_text_folds_and_keeps_every_character() -> None:
    text = "kata " * 4_000
    html = folded(text, text, "more")
    assert html.count("<details") == 1
    assert text in html
    assert html.index("</summary>") < FOLD_CHARS + 300
    assert "<details" not in folded("pendek", "pendek", "more")


def test_a_label_makes_no_link_of_an_address() -> None:
    for address in ("http://", "HTTPS://", "www.", "ana@"):
        assert address not in plain(f"{address}e.id").replace("\\", "")
    shown = plain("lihat http://e.id *x*").replace("\\", "").replace("\u2060", "")
    assert shown == "lihat http://e.id *x*"
