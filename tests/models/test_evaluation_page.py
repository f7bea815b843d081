from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

import pytest

from models.evaluation.measure import measure
from models.evaluation.page import page
from models.evaluation.reliability import diagram
from models.evaluation.sets import LabelledSet
from models.evaluation.summary import sentences
from models.training.rows import Row
from simak.tags import Tags, TouchpointTag
from tests.models.conftest import row

EVIL = "<script>alert('x')</script> & \"<img src=x onerror=y>\""


class Wrong:
    """Calls everything positive, praised for its delivery, and is very sure."""

    version = "wrong<1>"
    quality: Mapping[str, Any] = {}

    def predict(self, texts: Sequence[str]) -> list[Tags]:
        scores = {"negative": 0.0, "neutral": 0.05, "positive": 0.95, "delivery": 0.9}
        touchpoints = {"delivery": TouchpointTag("positive", 0.9, (0, 4))}
        return [Tags("positive", False, touchpoints, (), "id", scores) for _ in texts]


@pytest.fixture(scope="module")
def report() -> dict[str, Any]:
    rows = [
        row(EVIL, 0, {"price": "negative"}, []),
        row("paket cepat sampai sekali, terima kasih kurir", 2, {"delivery": "positive"}, []),
        row("biasa saja", 1, {}, []),
        Row("evil source", "<b>chat</b>", sentiment=0),
    ]
    return measure(Wrong(), [LabelledSet("file", tuple(rows), ("", "id", "", ""))])


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_page_is_whole_escaped_and_fetches_nothing(report: dict[str, Any]) -> None:
    html = page(report)
    parser = Reader()
    parser.feed(html)
    parser.close()
    assert parser.open == []
    names = {tag for tag, _attributes in parser.seen}
    assert not names & {"script", "img", "b", "link", "iframe", "object"}
    assert not [a for _t, attributes in parser.seen for a in attributes if a in ("src", "href")]
    assert not re.search(r"https?:|@import|url\(", html)
    assert "&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt; &amp; &quot;&lt;img" in html
    assert "&lt;b&gt;chat&lt;/b&gt;" in html
    assert "wrong&lt;1&gt;" in html


def test_page_begins_with_sentences_and_names_every_table(report: dict[str, Any]) -> None:
    html = page(report)
    assert html.index("<li>") < html.index("<table>")
    assert html.count("<table>") == html.count("<table><caption>") >= 7
    for column in ("called neutral", "recall", "95 %", "touchpoints, micro-F1"):
        assert f'<th scope="col">{column}</th>' in html
    assert html.count("<h2>") == 7


def test_sentences_say_what_was_measured(report: dict[str, Any]) -> None:
    said = sentences(report)
    assert said[0] == "The file given: the sentiment was right for 1 of 4 texts (25%)."
    assert said[1] == "The commonest mistake there: 2 negative texts were called positive."
    assert any("Complaints are found with an F1 of 0.0" in one for one in said)
    # 0.95 was given to all four, one was right.
    assert any("is 70.0 points away" in one for one in said)
    assert any("At most 100 texts" in one and "(4)" in one for one in said)


def test_sentences_name_weak_labels_and_what_int8_costs(report: dict[str, Any]) -> None:
    weak = {"precision": 0.5, "recall": 0.25, "f1": 1 / 3, "n": 12}
    good = {"precision": 0.9, "recall": 0.9, "f1": 0.9, "n": 12}
    line = {"set": "file", "head": "sentiment", "metric": "macro_f1", "value": 0.8}
    measured = report | {"labels": {"payment": weak, "price": good, "trust": good | {"n": 9}}}
    lower = {"figures": [line | {"float32": 0.804, "difference": -0.004}]}
    said = sentences(measured | {"int8": lower})
    assert "Read these with care, their F1 is below 60%: payment (finds 25% of them)." in said
    assert "Fewer than 10 true cases, too few to judge by: trust." in said
    assert any("by −0.4 points at worst (sentiment, macro-F1, the file" in one for one in said)
    same = {"figures": [line | {"float32": 0.8, "difference": 0.0}]}
    assert any("no figure lower than before" in one for one in sentences(report | {"int8": same}))


def test_diagram_has_a_text_in_its_place(report: dict[str, Any]) -> None:
    svg = ElementTree.fromstring(diagram(report["calibration"]))
    named = (svg.get("aria-labelledby") or "").split()
    texts = {one.get("id"): one.text or "" for one in svg if one.tag in ("title", "desc")}
    assert svg.get("role") == "img"
    assert list(texts) == named
    assert texts["diagram-text"] == "As shipped: 25% right where 95% was given (n = 4)."
    (point,) = svg.iter("circle")
    # 0.95 along and 0.25 up of a square of 300 within a margin of 44.
    assert (point.get("cx"), point.get("cy")) == ("329.0", "269.0")


def test_diagram_shows_both_stages_where_both_are_known(report: dict[str, Any]) -> None:
    after = report["calibration"]["after"]
    svg = diagram({"before": after, "after": after})
    assert svg.count("<polyline") == 2
    assert "Before temperature scaling: " in svg
