"""The list of mentions: what it is given to show, what its buttons do, what it exports."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from io import BytesIO, StringIO
from typing import Any

import openpyxl
import pytest
from sqlalchemy import event
from streamlit.testing.v1 import AppTest

from dashboard import i18n
from dashboard.parts.mentions import changes, export
from dashboard.parts.mentions.changes import Change
from dashboard.parts.mentions.export import Wanted
from dashboard.parts.mentions.versions import changed
from simak.mention import RawMention
from simak.tags import Tags
from simak.taxonomy import load_taxonomy
from store.cases import save_cases
from store.corrections import TagChange, correct_many
from store.engine import Store, open_store
from store.filter import CaseIs, Filter
from store.lists import MentionRow, count, list_mentions
from tests.dashboard.conftest import LAST, NOW, PAYLOAD, desk, fill, html, row
from tests.dashboard.walk import doors, listed

Show = Callable[..., AppTest]
BRAND = "Senandika"
TAXONOMY = load_taxonomy()
FORMULA = '=HYPERLINK("http://evil.example","klik")'


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """URL of a store of its own: an edited text, a thread, a correction, a case, a formula."""
    found = f"sqlite:///{tmp_path_factory.mktemp('mentions') / 'simak.db'}"
    store = open_store(found)
    bad = Tags("negative", True, scores={"negative": 0.97, "complaint": 0.9, "delivery": 0.2})

    def said(id: str, text: str, hours: int, **more: Any) -> RawMention:
        at = LAST - timedelta(hours=hours)
        return RawMention(external_id=id, text=text, published_at=at, channel="x", **more)

    fill(
        store,
        BRAND,
        [
            *(row(n) for n in range(40)),
            (said("asked", "kapan sampai?", 5), bad),
            (said("answered", "sudah dikirim", 4, parent_id="asked"), bad),
            (said("formula", FORMULA, 3, product="+62"), bad),
            (said("hostile", PAYLOAD, 2, attributes={"<b>kota": "<i>Medan"}), bad),
            (said("edited", "paket lama sekali", 1), bad),
            *((said(f"twin{n}", "teks kembar", 200 + n), bad) for n in range(3)),
        ],
    )
    edited = said("edited", "paket cepat sekali", 1, edited_at=NOW)
    fill(store, BRAND, [(edited, bad)])
    ids = {one.external_id: one.id for one in list_mentions(store, Filter(), limit=500)}
    change = TagChange(sentiment="positive", touchpoints={"delivery": "positive"})
    correct_many(store, [ids["asked"]], change, by="<b>Ana", now=NOW)
    save_cases(
        store, [ids["asked"]], by="Ana", now=NOW, owner="Budi", due=date(2026, 11, 3), note="<hr>"
    )
    store.close()
    return found


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    opened = open_store(url)
    yield opened
    opened.close()


@pytest.fixture
def mention(store: Store) -> Callable[[str], MentionRow]:
    """The mention with an id at its source."""
    rows = {one.external_id: one for one in list_mentions(store, Filter(), limit=500)}
    return rows.__getitem__


def card(app: AppTest, id: int) -> str:
    """Return the HTML of one card."""
    found: str = dict(desk(app)["cards"])[id]
    return found


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", ("What the model makes of it", "the model", "Taken on by: Budi", "Due: 3 Nov 2026",
                "The conversation", "sudah dikirim", "corrected by &lt;b&gt;Ana")),
        ("id", ("Penilaian model", "Riwayat label", "Ditangani oleh: Budi", "Tenggat: 3 Nov 2026",
                "Percakapannya", "sudah dikirim", "dikoreksi oleh &lt;b&gt;Ana", "97%")),
    ],
)  # fmt: skip
def test_details_tell_all_that_is_known(
    show: Show, url: str, mention: Callable[[str], MentionRow], lang: str, words: tuple[str, ...]
) -> None:
    id = mention("asked").id
    app = show(url, "mentions", lang=lang, days="all", open=str(id))
    assert not app.exception
    shown = card(app, id)
    for said in words:
        assert said in shown
    assert "<hr>" not in shown
    assert "&lt;hr&gt;" in shown
    assert html(app).count('class="details"') == 1


def test_what_an_edit_changed_is_marked(
    show: Show, url: str, mention: Callable[[str], MentionRow]
) -> None:
    id = mention("edited").id
    app = show(url, "mentions", lang="en", days="all", open=str(id))
    assert "paket <del>lama</del><ins>cepat</ins> sekali" in card(app, id)
    assert html(app).count("edited since") == 1
    assert changed("<b>x", "<b>y & z") == "<del>&lt;b&gt;x</del><ins>&lt;b&gt;y &amp; z</ins>"


def test_a_link_opens_a_mention_that_is_not_on_the_page(
    show: Show, url: str, mention: Callable[[str], MentionRow]
) -> None:
    id = mention("r39").id
    app = show(url, "mentions", lang="en", days="all", sentiment="negative", open=str(id))
    first = desk(app)["cards"][0]
    assert first[0] == id
    assert 'class="details"' in first[1]
    assert "A link has opened the first mention" in html(app)
    link = re.search(r'href="mentions\?([^"]*open=\d+)">Link to this mention', first[1])
    assert link


@pytest.mark.parametrize("said", ["x", "-1", "1e9", "99999999999999999999", "123456"])
def test_an_address_may_open_what_is_not_there(show: Show, url: str, said: str) -> None:
    app = show(url, "mentions", lang="en", days="all", open=said)
    assert not app.exception
    assert 'class="details"' not in html(app)


def test_nothing_of_a_mention_is_html(
    show: Show, url: str, mention: Callable[[str], MentionRow]
) -> None:
    id = mention("hostile").id
    app = show(url, "mentions", lang="en", days="all", open=str(id))
    shown = card(app, id)
    for harmful in ("<img", "<script", "<b>kota", "<i>Medan"):
        assert harmful not in shown
    assert "&lt;i&gt;Medan" in shown


def test_every_door_of_the_list_opens_what_it_says(
    show: Show, url: str, store: Store, mention: Callable[[str], MentionRow]
) -> None:
    id = mention("asked").id
    found = doors(show(url, "mentions", lang="en", days="all", open=str(id), q="teks OR sampai"))
    counted = [door for door in found if door.count is not None]
    assert [door.count for door in counted] == [3, 3, 3]
    for door in found:
        n, notes = listed(store, TAXONOMY, door.to)
        assert notes == []
        assert door.count in (None, n)


def test_a_page_asks_as_often_whatever_it_shows(show: Show, url: str, store: Store) -> None:
    asked: list[str] = []
    from dashboard.queries import store_at

    engine = store_at(url, "Asia/Jakarta").engine
    event.listen(engine, "before_cursor_execute", lambda *a: asked.append(a[2]))
    lengths = []
    for search in ("teks", "paket"):
        with store.write():  # what is kept of answers is of another state now
            pass
        asked.clear()
        app = show(url, "mentions", lang="en", days="all", q=search)
        lengths.append((len(desk(app)["cards"]), len(asked)))
    (few, least), (many, most) = lengths
    assert few == 3
    assert many == 25
    assert least == most


def test_a_list_of_cases_says_which(show: Show, url: str) -> None:
    case = json.dumps({"statuses": ["open", "in_progress", "waiting"], "owner": "Budi"})
    app = show(url, "mentions", lang="en", days="all", case=case)
    assert 'data-count="1"' in html(app)
    chip = app.button(key="narrowed-0")
    assert chip.label.replace("\\", "") == "case: open, in progress, waiting · with Budi"
    chip.click().run()
    assert "case" not in app.query_params
    app.selectbox(key="w_case").set_value("owner:Budi").run()
    assert json.loads(app.query_params["case"])["owner"] == "Budi"
    assert app.selectbox(key="w_case").value == "owner:Budi"
    assert "Budi, to be done" in app.selectbox(key="w_case").options
    assert 'data-count="1"' in html(app)
    app.selectbox(key="w_case").set_value("overdue").run()
    assert json.loads(app.query_params["case"])["due_before"]
    assert app.selectbox(key="w_case").value == "overdue"


def test_more_filters_write_the_address(show: Show, url: str) -> None:
    app = show(url, "mentions", lang="en", days="all", open="3")
    app.multiselect(key="w_signals").set_value(["no_reply"]).run()
    assert app.query_params["signal"] == "no_reply"
    assert "open" not in app.query_params
    app.multiselect(key="w_touchpoints").set_value(["delivery", "price"]).run()
    assert sorted(app.query_params["touchpoint"]) == ["delivery", "price"]
    assert not app.exception
    assert "data-count" in html(app)


# ---- what the browser reports


@pytest.mark.parametrize(
    ("did", "wanted"),
    [
        ({"sentiment": "positive"}, TagChange(sentiment="positive")),
        ({"complaint": False}, TagChange(complaint=False)),
        ({"touchpoints": {"delivery": None}}, TagChange(touchpoints={"delivery": None})),
        ({"touchpoints": {"gone": None}}, TagChange(touchpoints={"gone": None})),
        ({"touchpoints": {"gone": "negative"}}, None),
        ({"touchpoints": {"delivery": "great"}}, None),
        ({"touchpoints": ["delivery"]}, None),
        ({"sentiment": "great"}, None),
        ({"complaint": "yes"}, None),
        ({}, None),
    ],
)
def test_only_what_is_known_is_changed(did: dict[str, Any], wanted: TagChange | None) -> None:
    assert changes.read_tags(did, TAXONOMY) == wanted


def test_an_empty_field_of_a_case_takes_away_on_one_and_leaves_on_many() -> None:
    fields = {"status": "", "owner": " ", "due": "", "note": "x"}
    assert changes.read_case(fields, whole=False) == {"note": "x"}
    assert changes.read_case(fields, whole=True) == {"owner": None, "due": None, "note": "x"}
    wrong = {"status": "gone", "due": "31 Nov", "owner": "Ana"}
    assert changes.read_case(wrong, whole=False) == {"owner": "Ana"}
    assert changes.read_case({}, whole=False) is None


@pytest.mark.parametrize(
    ("lang", "words"),
    [("en", "Sentiment: Negative, Delivery: not spoken of"),
     ("id", "Sentimen: Negatif, Pengiriman: tidak dibicarakan")],
)  # fmt: skip
def test_a_change_is_said_in_words(lang: str, words: str) -> None:
    i18n.use(lang)
    change = Change(tags=TagChange(sentiment="negative", touchpoints={"delivery": None}))
    assert changes.in_words(change, TAXONOMY) == words


# ---- what is taken along


def wanted(store: Store, lang: str, **filter: Any) -> Wanted:
    return Wanted(store, Filter(**filter), TAXONOMY, lang, ["Senandika · <x>", "Search: a"])


def test_a_csv_holds_all_that_match_and_no_formula(store: Store) -> None:
    said = export.as_csv(wanted(store, "en")).decode("utf-8-sig")
    rows = list(csv.DictReader(StringIO(said)))
    assert len(rows) == count(store, Filter()).n == 48
    (one,) = [one for one in rows if "HYPERLINK" in one["Text"]]
    assert one["Text"] == "'" + FORMULA
    assert one["Product"] == "'+62"
    assert one["Time (Asia/Jakarta)"] == "2026-10-31 09:00"
    (case,) = [one for one in rows if one["Taken on by"]]
    assert (case["Case"], case["Due"], case["Corrected by"]) == ("open", "2026-11-03", "<b>Ana")
    assert case["Touchpoints"] == "Delivery +"


def test_a_workbook_is_in_the_readers_language_and_says_its_filter(store: Store) -> None:
    data = export.as_xlsx(wanted(store, "id", case=CaseIs()))
    book = openpyxl.load_workbook(BytesIO(data))
    sheet, about = book.worksheets
    heads = [cell.value for cell in sheet[1]]
    assert "Sentimen" in heads
    assert "Waktu (Asia/Jakarta)" in heads
    assert sheet.max_row == 2
    values = dict(zip(heads, (cell.value for cell in sheet[2]), strict=True))
    assert values["Sentimen"] == "Positif"
    assert values["Waktu (Asia/Jakarta)"].isoformat() == "2026-10-31T07:00:00"
    assert [line[0].value for line in about.iter_rows()] == [
        "Senandika · <x>",
        "Search: a",
        "1 sebutan dalam berkas ini",
    ]
    everything = openpyxl.load_workbook(BytesIO(export.as_xlsx(wanted(store, "en"))))
    cells = [cell for line in everything.worksheets[0].iter_rows() for cell in line]
    assert FORMULA in [cell.value for cell in cells]
    assert all(cell.data_type != "f" for cell in cells)


def test_a_file_goes_on_beyond_what_is_read_at_once(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = export.as_csv(wanted(store, "en"))
    monkeypatch.setattr(export, "_AT_ONCE", 7)
    assert export.as_csv(wanted(store, "en")) == whole
    monkeypatch.setattr(export, "MOST", 10)
    assert export.as_csv(wanted(store, "en")).count(b"\r\n") == 11
