"""The report as PDF, two pages A4 at most, set by Typst from `report.typ`.

Nothing that comes from outside is pasted into the template: it reads all of it as data.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typst

from dashboard.report import pictures
from dashboard.report.content import Content, Section
from dashboard.report.tables import Table
from insights.brief import MOST

_TEMPLATE = Path(__file__).with_name("report.typ")

PAGES = 2
"""Pages at most, where fewer customers are quoted the more there is to say."""

_MADE = datetime(2000, 1, 1, tzinfo=UTC)
"""What the file says of its making: the same brief gives the same bytes."""

_WIDTHS = {"moves": (700, 170), "half": (380, None)}
"""Pixels of a chart's width and height, from which its letters get their size on paper."""


def pdf(content: Content) -> bytes:
    """Return the report as a tagged PDF in the report's language."""
    data = _data(content)
    for most in range(MOST, -1, -1):
        compiler = typst.Compiler(
            _TEMPLATE,
            font_paths=[pictures.FONTS],
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
        "sections": {section.key: _section(section) for section in content.sections},
    }


def _section(section: Section) -> dict[str, Any]:
    width, height = _WIDTHS["moves" if section.key == "moved" else "half"]
    assert width is not None
    picture = section.picture
    drawn = None if picture is None else pictures.svg(picture, width, height)
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
        "heads": [head for head, _number in heads],
        "numbers": [number for _head, number in heads],
        "rows": table.words()[: pictures.MOST_ROWS],
        "few": list(table.few),
    }
