"""One week of a brand as a page of text, in the reader's language.

It fits one page: where much has happened, fewer customers are quoted of each thing, and nobody
twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dashboard import labels
from dashboard.i18n import _
from dashboard.report import told
from dashboard.report.quotes import Quote, Quotes
from insights.brief import MOST, Brief
from simak.taxonomy import Taxonomy

PAGE_LINES = 62
"""Lines of a page, where one holds `_LINE` characters."""

_LINE = 100


def page(brief: Brief, taxonomy: Taxonomy) -> str:
    """Return the brief as Markdown, in the language that `i18n.use` has set."""
    for most in range(MOST, 0, -1):
        text = _page(brief, taxonomy, Quotes(most))
        if sum(1 + len(line) // _LINE for line in text.splitlines()) <= PAGE_LINES:
            return text
    return _page(brief, taxonomy, Quotes(0))


def _page(brief: Brief, taxonomy: Taxonomy, quotes: Quotes) -> str:
    blocks = [
        [f"# {told.title(brief)}"],
        [f"**{told.headline(brief)}**"],
        _section(_("What moved"), list(_moved(brief))),
        _section(_("Why"), list(_events(brief, taxonomy, quotes))),
        _section(
            _("Touchpoints behind the complaints"),
            list(_touchpoints(brief, taxonomy, quotes)),
        ),
        _section(_("New or growing in the complaints"), list(_themes(brief, quotes))),
        _section(_("What customers praise"), list(_praised(brief, taxonomy, quotes))),
        _section(_("Promises and actions"), list(_kept(brief, quotes))),
        _section(_("What to look at"), [f"- {told.look(one, taxonomy)}" for one in brief.look_at]),
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _section(title: str, lines: Sequence[str]) -> list[str]:
    return [f"## {title}", *lines] if lines else []


def _moved(brief: Brief) -> Iterator[str]:
    for line in told.moved(brief):
        yield f"- {line}"


def _events(brief: Brief, taxonomy: Taxonomy, quotes: Quotes) -> Iterator[str]:
    for one in brief.events:
        yield f"- {told.event(one, taxonomy)}"
        yield from _said(quotes(one.verbatims))


def _touchpoints(brief: Brief, taxonomy: Taxonomy, quotes: Quotes) -> Iterator[str]:
    few = told.too_few(brief)
    if few is not None:
        yield f"- {few}"
        yield from _said(quotes([row for one in brief.touchpoints for row in one.verbatims]))
        return
    for one in brief.touchpoints:
        name = labels.touchpoint(taxonomy, one.touchpoint)
        yield f"- {told.blamed(one, taxonomy).replace(name, f'**{name}**', 1)}"
        yield from _said(quotes(one.verbatims))


def _themes(brief: Brief, quotes: Quotes) -> Iterator[str]:
    for one in brief.themes:
        yield f"- {told.theme(one)}"
        yield from _said(quotes(one.verbatims))


def _praised(brief: Brief, taxonomy: Taxonomy, quotes: Quotes) -> Iterator[str]:
    if brief.praised is not None:
        yield f"- {told.praised(brief.praised, taxonomy)}"
        yield from _said(quotes(brief.praised.verbatims))


def _kept(brief: Brief, quotes: Quotes) -> Iterator[str]:
    for one in brief.promises:
        yield f"- {told.promise(one)}"
        yield from _said(quotes(one.verbatims))
    for row in brief.actions:
        yield f"- {told.action(row)}"


def _said(quotes: Sequence[Quote]) -> Iterator[str]:
    for quote in quotes:
        yield f"  > {quote.short} ({quote.where})"
