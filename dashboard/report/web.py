"""The report as one web page that needs nothing but itself: no script, nothing from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

from dashboard.i18n import _
from dashboard.report import pictures
from dashboard.report.content import Content, Figure, Section
from dashboard.report.quotes import Quote
from dashboard.report.tables import IN_WORDS, Kind, Table

_WIDTH = 740
_READABLE = 540
"""Pixels to which a chart shrinks on a phone; what does not fit is scrolled to."""

_CSS = """
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2rem 1.2rem 3rem; max-width: 54rem; background: #fff;
  color: #1f2023; font: 16px/1.5 "Source Sans 3", "Source Sans Pro", system-ui, sans-serif; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .6rem; overflow-wrap: anywhere; }
h2 { font-size: 1.25rem; margin: 2.2rem 0 .5rem; padding-top: .5rem; border-top: 2px solid #00609a;
  break-after: avoid; }
p, li { overflow-wrap: anywhere; }
.lead { font-size: 1.2rem; margin: 0 0 .4rem; }
.quiet { color: #5c5f66; font-size: .92rem; }
.figures { display: grid; grid-template-columns: repeat(4, minmax(0, 1fr)); gap: .7rem;
  margin: 1.2rem 0; padding: 0; list-style: none; }
.figures li { border: 1px solid #d9dbe0; border-radius: .5rem; padding: .7rem .8rem;
  break-inside: avoid; }
.figures span { display: block; }
.figures .name, .figures .rest { color: #5c5f66; font-size: .86rem; }
.figures .value { font-size: 1.7rem; font-weight: 600; line-height: 1.25; }
.figures .few { color: #5c5f66; }
.worse { color: #b34700; font-weight: 600; } .better { color: #00609a; font-weight: 600; }
ul { padding-left: 1.2rem; } li { margin: .35rem 0; }
blockquote { margin: .3rem 0; padding: .1rem 0 .1rem .8rem; border-left: 3px solid #c9ccd2;
  color: #3d3f45; font-size: .95rem; break-inside: avoid; }
blockquote cite { color: #5c5f66; font-style: normal; }
figure { margin: .8rem 0; overflow-x: auto; break-inside: avoid; }
figcaption { font-weight: 600; }
figure svg { max-width: 100%; height: auto; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; margin: .6rem 0; }
caption { text-align: left; font-weight: 600; padding-bottom: .2rem; }
th, td { text-align: left; padding: .35rem .8rem .35rem 0; border-bottom: 1px solid #e2e3e7;
  vertical-align: top; overflow-wrap: anywhere; }
th { overflow-wrap: normal; color: #5c5f66; font-weight: 600; font-size: .86rem; }
.num { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
tr.few td { color: #5c5f66; }
tr { break-inside: avoid; }
summary { cursor: pointer; color: #00558a; }
@media (max-width: 40rem) { .figures { grid-template-columns: repeat(2, minmax(0, 1fr)); } }
@media print { body { padding: 0; max-width: none; font-size: 10pt; }
  figure svg { min-width: 0 !important; } details { display: none; } }
"""


def web(content: Content) -> bytes:
    """Return the report as a page of HTML in UTF-8."""
    further = "".join(f'<p dir="auto">{escape(text)}</p>' for text in content.further)
    figures = "".join(map(_figure, content.figures))
    sections = "".join(map(_section, content.sections))
    return (
        f'<!doctype html><html lang="{content.language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "style-src 'unsafe-inline'\">"
        f"<title>{escape(content.title)}</title><style>{_CSS}</style></head><body><main>"
        f'<h1 dir="auto">{escape(content.title)}</h1>'
        f'<p class="lead">{escape(content.headline)}</p>{further}'
        f'<ul class="figures">{figures}</ul>{sections}</main></body></html>\n'
    ).encode()


def _figure(one: Figure) -> str:
    few = " few" if one.few else ""
    return (
        f'<li><span class="name">{escape(one.name)}</span>'
        f'<span class="value{few}">{escape(one.value)}</span>'
        f'<span class="{one.tone}">{escape(one.change)}</span>'
        f'<span class="rest">{escape(one.rest)}</span></li>'
    )


def _section(section: Section) -> str:
    return f"<section><h2>{escape(section.heading)}</h2>{''.join(_parts(section))}</section>"


def _parts(section: Section) -> Iterator[str]:
    if section.picture is not None:
        drawn = _own_ids(pictures.svg(section.picture, _WIDTH), section.key)
        least = min(_READABLE, round(pictures.width_of(drawn)))
        drawn = drawn.replace("<svg ", f'<svg style="min-width:{least}px" ', 1)
        caption = section.picture.caption and (
            f"<figcaption>{escape(section.picture.caption)}</figcaption>"
        )
        yield f'<figure tabindex="0">{caption}{drawn}</figure>'
    for note in section.notes:
        yield f'<p class="quiet">{escape(note)}</p>'
    if section.lines and section.key != "moved":  # its lines say what the figures above say
        lines = (
            f'<li><span dir="auto">{escape(line.text)}</span>'
            f"{''.join(map(_quote, line.quotes))}</li>"
            for line in section.lines
        )
        yield f"<ul>{''.join(lines)}</ul>"
    for table in section.tables:
        yield _table(table)
    for table in section.behind:
        if table.rows:
            words = escape(_("The same as a table"))
            yield f"<details><summary>{words}</summary>{_table(table)}</details>"


def _quote(quote: Quote) -> str:
    return (
        f'<blockquote dir="auto">{escape(quote.short)} '
        f"<cite>({escape(quote.where)})</cite></blockquote>"
    )


def _table(table: Table) -> str:
    heads = "".join(
        f'<th scope="col"{_num(kind)}>{escape(head)}</th>' for head, kind in table.heads()
    )
    rows = ""
    for words, few in zip(table.words(), table.few, strict=True):
        cells = "".join(
            f'<td dir="auto"{_num(kind)}>{escape(text)}</td>'
            for text, (_head, kind) in zip(words, table.heads(), strict=True)
        )
        start = '<tr class="few">' if few else "<tr>"
        rows += f"{start}{cells}</tr>"
    return (
        f'<div class="scroll" tabindex="0"><table><caption>{escape(table.title)}</caption>'
        f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _num(kind: Kind) -> str:
    return "" if kind in IN_WORDS else ' class="num"'


def _own_ids(svg: str, key: str) -> str:
    """Number the ids of a picture anew, apart from those of the others on the page."""
    numbers = {id: f"{key}-{n}" for n, id in enumerate(re.findall(r' id="([^"]+)"', svg))}
    return re.sub(
        r'( id="|url\(#|href="#)([^")]+)',
        lambda found: found[1] + numbers.get(found[2], found[2]),
        svg,
    )
