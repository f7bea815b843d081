"""The report as PDF, two pages A4 at most, set by Typst from `report.typ`.

Nothing that comes from outside is pasted into the template: it reads all of it as data.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unicodedata import name

import typst

from dashboard.i18n import _
from dashboard.report import pictures
from dashboard.report.content import Content, Section, told_quotes
from dashboard.report.tables import IN_WORDS, Table
from insights.brief import MOST

_TEMPLATE = Path(__file__).with_name("report.typ")

PAGES = 2
"""Pages at most, where fewer customers are quoted the more there is to say."""

_MADE = datetime(2000, 1, 1, tzinfo=UTC)
"""What the file says of its making: the same brief gives the same bytes."""

_SCRIPTS = frozenset(
    (
        *("LATIN", "FULLWIDTH", "MODIFIER", "MICRO", "FEMININE", "MASCULINE", "MATHEMATICAL"),
        *("GREEK", "CYRILLIC", "ARABIC", "HEBREW", "ARMENIAN", "GEORGIAN", "ETHIOPIC", "BENGALI"),
        *("DEVANAGARI", "GUJARATI", "GURMUKHI", "KANNADA", "MALAYALAM", "ORIYA", "SINHALA"),
        *("TAMIL", "TELUGU", "KHMER", "LAO", "MYANMAR", "THAI"),
    )
)
"""How the names of letters begin that the fonts have."""

_WIDTHS = {"moved": 700, "touchpoints": 350, "places": 0, "brands": 560}
"""Pixels of a chart's width, from which its letters get their size on paper."""


def pdf(content: Content) -> bytes:
    """Return the report as a tagged PDF in the report's language."""
    data = _data(content)
    for most in range(MOST, -1, -1):
        compiler = typst.Compiler(
            _TEMPLATE,
            font_paths=list(pictures.FONTS),
            ignore_system_fonts=True,
            sys_inputs={"data": json.dumps(data | {"most": most})},
        )
        pages = int(json.loads(compiler.query("<pages>", field="value", one=True)))
        if pages <= PAGES or not most:
            break
    made = compiler.compile(format="pdf", timestamp=_MADE)
    assert isinstance(made, bytes)
    return made


def _data(content: Content) -> dict[str, Any]:
    return {
        "title": content.title,
        "language": content.language,
        "font": pictures.FONT,
        "headline": content.headline,
        "further": list(content.further),
        "figures": [
            {
                "name": one.name,
                "value": one.value,
                "change": one.change,
                "tone": one.tone,
                "rest": one.rest,
                "few": one.few,
            }
            for one in content.figures
        ],
        "undrawn": _undrawn(content),
        "sections": {section.key: _section(section) for section in content.sections},
    }


def _undrawn(content: Content) -> str:
    """Say that there are signs which no font of the package has, where there are."""
    told = [content.title, *content.further]
    told += [quote.short for _heading, _line, quote in told_quotes(content.sections)]
    told += [line.text for section in content.sections for line in section.lines]
    letters = {sign for text in told for sign in text if sign.isalpha()}
    if all(name(sign, "").split(" ")[0].split("-")[0] in _SCRIPTS for sign in letters):
        return ""
    return _("An empty box is a sign that this file has no font for; the other formats hold it.")


def _section(section: Section) -> dict[str, Any]:
    picture = section.picture
    drawn = None if picture is None else pictures.print_svg(picture, _WIDTHS[section.key])
    return {
        "heading": section.heading,
        "picture": drawn,
        "width": 0 if drawn is None else pictures.width_of(drawn),
        "caption": "" if picture is None else picture.caption,
        "about": "" if picture is None else picture.about,
        "notes": list(section.notes),
        "lines": [
            {
                "text": line.text,
                "quotes": [{"text": q.short, "where": q.where} for q in line.quotes],
            }
            for line in section.lines
        ],
        "tables": [_table(table) for table in section.tables],
    }


def _table(table: Table) -> dict[str, Any]:
    heads = table.heads()
    return {
        "title": table.title,
        "heads": [head for head, _kind in heads],
        "kinds": [kind if kind in IN_WORDS else "number" for _head, kind in heads],
        "rows": table.words()[: pictures.MOST_ROWS],
        "few": list(table.few),
        "more": table.cut(pictures.MOST_ROWS),
    }
