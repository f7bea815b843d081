"""All formats say the same, in both languages, whatever customers wrote."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree
from zipfile import ZipFile

import pypdf
import pytest
from openpyxl import load_workbook
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE

from dashboard import i18n, labels
from dashboard.charts import units
from dashboard.report import FORMATS, Format, file_name, report
from dashboard.report.content import content
from dashboard.report.slides import slide
from insights.brief import Brief
from insights.values import Value
from simak.taxonomy import Taxonomy
from tests.dashboard.report import opened
from tests.dashboard.report.conftest import BRAND, ESSAY, FORMULA, SCRIPT

LANGUAGES = ("id", "en")
RICH: tuple[Format, ...] = ("pdf", "pptx", "xlsx", "html")


@pytest.fixture(scope="session")
def made(week: Brief, taxonomy: Taxonomy) -> dict[tuple[str, Format], bytes]:
    """The week in every language and format."""
    found = {}
    for language in LANGUAGES:
        i18n.use(language)
        found |= {(language, format): report(week, taxonomy, format) for format in FORMATS}
    return found


def values(week: Brief) -> Iterator[tuple[str, Value]]:
    """Every rate that a report tells, with its metric."""
    for metric in ("complaint_rate", "net_sentiment", "stars"):
        yield metric, week.reputation.now[metric]
        for brand in week.around.brands.values():
            yield metric, brand[metric]
    for row in week.around.ranking.rows:
        if row.complaint_share.k:
            yield "complaint_rate", row.complaint_share
    for one in week.promises:
        yield "complaint_rate", one.kept.rate
    for effect in week.actions:
        assert effect.negative is not None
        yield "complaint_rate", effect.negative.before
        yield "complaint_rate", effect.negative.after


def told(week: Brief) -> set[str]:
    """Every number of the brief as it is written for a reader."""
    found = {i18n.number(week.reputation.now["volume"].n)}
    for metric, value in values(week):
        unit = units.METRIC_UNITS[metric]
        found |= {units.show(v, unit) for v in (value.value, value.low, value.high)}
        found.add(i18n.number(value.n))
    for happened in week.events:
        head = happened.event.head
        found |= {i18n.number(head.seen.k or 0), i18n.number(head.expected.value or 0)}
    assert week.praised is not None
    counted = [week.praised.share, *(one.value for one in week.look_at if one.kind != "touchpoint")]
    found |= {i18n.number(value.k or 0) for value in counted}
    return found


def test_the_week_holds_all_there_is_to_tell(week: Brief) -> None:
    assert week.enough
    assert {one.kind for one in week.look_at} >= {"event", "touchpoint", "promise"}
    assert week.events
    assert week.promises
    assert week.actions
    assert len(week.around.brands) == 2
    assert len(week.around.weeks) == 10
    assert week.around.events
    assert len(set(week.around.places.by_channel["channel"])) == 3


@pytest.mark.parametrize("format", ["pdf", "pptx", "html"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_number_is_there(
    week: Brief, made: dict[tuple[str, Format], bytes], language: str, format: Format
) -> None:
    i18n.use(language)
    text = opened.TEXT[format](made[language, format])
    wanted = told(week)
    assert len(wanted) > 25
    numbers = set(re.findall(r"[+−]?\d[\d.,]*\d%?|[+−]?\d%?", text))
    assert {one for one in wanted if one not in numbers and one not in text} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_workbook_holds_the_numbers_themselves(
    week: Brief, made: dict[tuple[str, Format], bytes], language: str
) -> None:
    found = [
        round(cell, 9)
        for cell in opened.cells(made[language, "xlsx"])
        if isinstance(cell, int | float)
    ]
    for _metric, value in values(week):
        for number in (value.value, value.low, value.high, value.n):
            assert number is None or round(number, 9) in found
    days = {c.date() for c in opened.cells(made[language, "xlsx"]) if isinstance(c, datetime)}
    assert {date(2026, 5, 28), date(2026, 5, 25)} <= days
    for row in week.around.weeks.to_dict("records"):
        assert round(row["complaint_rate_low"], 9) in found


@pytest.mark.parametrize("format", RICH)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_there_in_its_language(
    week: Brief,
    taxonomy: Taxonomy,
    made: dict[tuple[str, Format], bytes],
    language: str,
    format: Format,
) -> None:
    i18n.use(language)
    found = content(week, taxonomy)
    text = re.sub(r"\W", "", opened.TEXT[format](made[language, format]))

    def said(sentence: str) -> bool:
        # Right-to-left text is extracted from a PDF in the order it is drawn in.
        parts = re.split(r"[\u0600-\u06ff]+(?: [\u0600-\u06ff]+)*", sentence)
        return all(re.sub(r"\W", "", part) in text for part in parts)

    assert [one for one in (found.headline, *found.further) if not said(one)] == []
    assert {one.key for one in found.sections} >= {
        "look", "moved", "why", "touchpoints", "places", "praised", "kept", "brands", "basis",
    }  # fmt: skip
    for section in found.sections:
        assert said(section.heading) or format == "xlsx"
        if section.key != "moved":  # the figures say the same
            assert [line.text for line in section.lines if not said(line.text)] == []
    assert said(labels.touchpoint(taxonomy, "delivery"))
    assert said(labels.owner("logistics"))
    other = {"id": "Complaint rate", "en": "Tingkat keluhan"}[language]
    assert not said(other)


@pytest.mark.parametrize("format", FORMATS)
def test_the_same_brief_gives_the_same_bytes(
    week: Brief, taxonomy: Taxonomy, made: dict[tuple[str, Format], bytes], format: Format
) -> None:
    i18n.use("en")
    assert report(week, taxonomy, format) == made["en", format]


def test_another_process_on_another_day_gives_the_same_slides() -> None:
    code = (
        "import altair as alt, hashlib; from dashboard.report.slides import slide;"
        "from dashboard.charts import bars, theme; from insights.values import Value;"
        "f = bars.ranked([bars.Bar('a', 'A', Value(.5, .4, .6, 50, 25))], title='t', dark=False);"
        "print(hashlib.sha256(slide('S', f, 'of', 'n')).hexdigest())"
    )
    root = Path(__file__).parents[3]
    found = {
        subprocess.run(
            [sys.executable, "-c", code], cwd=root, check=True, capture_output=True, text=True
        ).stdout
        for _time in range(2)
    }
    assert len(found) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_becomes_a_formula(made: dict[tuple[str, Format], bytes], language: str) -> None:
    file = made[language, "xlsx"]
    book = load_workbook(BytesIO(file))
    tricks = [
        cell
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str) and cell.value.startswith(("=", "+", "-", "@", "\t"))
    ]
    assert {FORMULA, BRAND, "=kurir baru", "@sampai besok"} <= {cell.value for cell in tricks}
    # openpyxl takes any text with = before it for a formula: the file itself says what it is.
    with ZipFile(BytesIO(file)) as packed:
        sheets = [name for name in packed.namelist() if name.startswith("xl/worksheets/sheet")]
        assert len(sheets) == len(book.sheetnames) > 8
        for name in sheets:
            tags = {
                node.tag.split("}")[1] for node in ElementTree.fromstring(packed.read(name)).iter()
            }
            assert not tags & {"f", "hyperlink"}
        assert not [name for name in packed.namelist() if "externalLink" in name]


def test_sheets_filter_and_stay_in_view(made: dict[tuple[str, Format], bytes]) -> None:
    book = load_workbook(BytesIO(made["en", "xlsx"]))
    tables = [sheet for sheet in book if sheet.title not in ("Summary", "Notes")]
    assert {sheet.title for sheet in tables} >= {
        "Figures", "Week by week", "Touchpoints", "By channel", "Brands", "Promises", "Actions",
    }  # fmt: skip
    for sheet in tables:
        assert sheet.freeze_panes == "B2"
        assert sheet.auto_filter.ref
    ranking = book["Touchpoints"]
    heads = [cell.value for cell in ranking[1]]
    assert heads[3:7] == [
        "Share of complaints", "Share of complaints: low", "Share of complaints: high",
        "Share of complaints: n",
    ]  # fmt: skip
    assert ranking["D2"].number_format == "0.0%"
    assert book["Week by week"]["A2"].number_format == "yyyy-mm-dd"
    drawn = [sheet for sheet in book if sheet._images]
    assert len(drawn) == 4


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_runs_nothing_and_fetches_nothing(
    made: dict[tuple[str, Format], bytes], language: str
) -> None:
    page = opened.Page(made[language, "html"])
    names = [name for name, _attributes in page.tags]
    assert not {"script", "iframe", "link", "img", "object", "embed", "image"} & set(names)
    for _name, attributes in page.tags:
        for key, value in attributes.items():
            assert not key.startswith("on")
            if key in ("href", "src", "xlink:href"):
                assert value
                assert value.startswith("#")
    assert dict(page.tags)["html"] == {"lang": language}
    assert names.count("svg") == 4
    for name, attributes in page.tags:
        assert name != "svg" or attributes["role"] == "img"
    titles = [n for n, (name, _a) in enumerate(page.tags) if name == "svg"]
    assert all(page.tags[n + 1][0] == "title" for n in titles)
    ids = [attributes["id"] for _name, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    used = re.findall(r"url\(#([^)]+)\)", made[language, "html"].decode())
    assert set(used) <= set(ids)
    assert SCRIPT.split()[0] in " ".join(page.words)
    assert b"default-src 'none'" in made[language, "html"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pdf_is_two_pages_in_its_language_and_tagged(
    made: dict[tuple[str, Format], bytes], language: str
) -> None:
    found = pypdf.PdfReader(BytesIO(made[language, "pdf"]))
    assert 1 <= len(found.pages) <= 2
    root = found.trailer["/Root"]
    assert root["/Lang"] == language
    assert root["/MarkInfo"]["/Marked"]
    assert found.metadata is not None
    assert found.metadata.title is not None
    assert found.metadata.title.startswith(BRAND)
    fonts = {
        str(font["/BaseFont"])
        for page in found.pages
        for font in (f.get_object() for f in page["/Resources"]["/Font"].values())
    }
    assert any("SourceSans" in font for font in fonts)
    assert any("Arabic" in font for font in fonts)
    assert any("Emoji" in font for font in fonts)
    assert "sign that this file has no font for" not in opened.pdf(made["en", "pdf"])


def test_the_pdf_says_what_it_cannot_draw(week: Brief, taxonomy: Taxonomy) -> None:
    i18n.use("en")
    javanese = replace(week, brand="ꦗꦮ")
    assert "sign that this file has no font for" in opened.pdf(report(javanese, taxonomy, "pdf"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_slides_show_tell_and_can_be_edited(
    made: dict[tuple[str, Format], bytes], language: str
) -> None:
    deck = Presentation(BytesIO(made[language, "pptx"]))
    assert deck.slide_width * 9 == pytest.approx(deck.slide_height * 16, rel=0.001)
    pictures, tables = [], []
    for one in deck.slides:
        assert one.shapes.title is not None
        assert one.shapes.title.text_frame.text
        for shape in one.shapes:
            assert shape.left >= 0
            assert shape.top >= 0
            assert shape.left + shape.width <= deck.slide_width
            assert shape.top + shape.height <= deck.slide_height
            if shape.shape_type == MSO_SHAPE_TYPE.PICTURE:
                pictures.append(shape)
            if shape.has_table:
                tables.append(shape.table)
    assert len(pictures) == 4
    assert all(p._element.nvPicPr.cNvPr.get("descr") for p in pictures)
    assert all(p.image.size[0] > 450 for p in pictures)
    assert len(tables) >= 4
    notes = " ".join(
        one.notes_slide.notes_text_frame.text for one in deck.slides if one.has_notes_slide
    )
    assert FORMULA in notes
    assert SCRIPT in notes
    assert "panjang sekali panjang" in notes


def test_one_chart_makes_one_slide(week: Brief, taxonomy: Taxonomy) -> None:
    i18n.use("en")
    section = content(week, taxonomy).section("places")
    assert section is not None
    assert section.picture is not None
    deck = Presentation(
        BytesIO(slide("Instagram \x0bversus WhatsApp", section.picture.figure, "Senandika", "say"))
    )
    (only,) = deck.slides
    assert only.shapes.title.text_frame.text == "Instagram versus WhatsApp"
    assert only.notes_slide.notes_text_frame.text == "say"
    assert "Senandika" in [s.text_frame.text for s in only.shapes if s.has_text_frame]
    (picture,) = [s for s in only.shapes if s.shape_type == MSO_SHAPE_TYPE.PICTURE]
    assert picture._element.nvPicPr.cNvPr.get("descr")


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_week_without_a_mention_says_so(
    quiet: Brief, taxonomy: Taxonomy, language: str, format: Format
) -> None:
    i18n.use(language)
    made = report(quiet, taxonomy, format)
    text = opened.TEXT[format](made) if format != "md" else made.decode()
    words = {"id": "tidak berarti tidak ada", "en": "does not mean that nothing was said"}
    assert words[language] in text
    assert "%" not in text.replace("95%", "")


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_one_mention_is_too_few(
    single: Brief, taxonomy: Taxonomy, language: str, format: Format
) -> None:
    i18n.use(language)
    made = report(single, taxonomy, format)
    text = opened.TEXT[format](made) if format != "md" else made.decode()
    words = {"id": "terlalu sedikit", "en": "too few to speak of a rate"}
    assert words[language] in text
    assert "ongkirnya makin mahal" in text


def test_a_long_text_is_whole_where_there_is_room(
    made: dict[tuple[str, Format], bytes],
) -> None:
    assert len(ESSAY) > 5_000
    assert opened.plain(ESSAY).strip() in opened.xlsx(made["id", "xlsx"])
    for format in ("pdf", "html"):
        text = opened.TEXT[format](made["id", format])  # type: ignore[index]
        assert "panjang sekali panjang" in text
        assert "panjang sekali " * 20 not in text


def test_the_name_of_the_file_is_safe() -> None:
    day = date(2026, 5, 25)
    assert file_name("../Kopi & Teh\n", day, "pdf") == "simak-kopi-teh-2026-05-25.pdf"
    assert file_name("مرحبا", day, "xlsx") == "simak-2026-05-25.xlsx"
