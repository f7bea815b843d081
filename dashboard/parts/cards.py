"""Mentions as cards: the customer's words first, with the evidence marked, then what was found.

`draw` shows them on any page. The list of mentions makes its own of the same parts, with buttons.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from dashboard import i18n, labels
from dashboard.i18n import _, ngettext
from dashboard.labels import SENTIMENTS, SYMBOLS
from dashboard.links import MENTIONS, linked, query_string
from dashboard.markup import folded, highlighted, safe_link
from dashboard.parts.shell import View
from simak.tags import SENTIMENTS as POLARITIES
from store.filter import Filter
from store.lists import MentionRow
from store.mentions import edited

_FULL_STARS = 5


def draw(view: View, rows: Sequence[MentionRow]) -> None:
    """Draw `rows`, one card each, to be read."""
    changed = view.ask(edited, tuple(row.id for row in rows)) if rows else set()
    st.html("".join(_card(view, row, row.id in changed) for row in rows))


def legend() -> None:
    """Say what the marks in the texts mean."""
    st.html(f'<p class="sm-note">{marks()}</p>')


def marks() -> str:
    """Return what the marks in the texts mean, as HTML."""
    signs = " ".join(
        f'<mark class="ev {key}">{escape(f"{SYMBOLS[key]} {labels.name(SENTIMENTS, key)}")}</mark>'
        for key in POLARITIES
    )
    words = escape(_("Marked in the text: what speaks for a touchpoint, and how"))
    return f"{words}: {signs}"


def tone(row: MentionRow) -> str:
    """Return the sentiment of a mention in words, and whether it complains."""
    words = f"{SYMBOLS.get(row.sentiment, '')} {labels.name(SENTIMENTS, row.sentiment)}"
    return words + " · " + _("complaint") if row.complaint else words


def facts(view: View, row: MentionRow) -> str:
    """Return where and when it was said, of what, and the way to its source, as HTML."""
    parts = []
    if row.stars is not None:
        words = stars(row.stars)
        full = max(0, min(_FULL_STARS, round(row.stars)))
        parts.append(
            f'<span role="img" aria-label="{escape(words)}" title="{escape(words)}">'
            f"{'★' * full}{'☆' * (_FULL_STARS - full)}</span>"
        )
    said = [
        row.brand,
        labels.channel(row.channel),
        when(view, row),
        row.product,
        row.version and _("version {version}", version=row.version),
        labels.spoken(row.language) if row.language != "unknown" else None,
    ]
    parts += [f'<span dir="auto">{escape(fact)}</span>' for fact in said if fact]
    link = safe_link(row.url)
    if link:
        words = escape(_("At the source"))
        parts.append(
            f'<a class="source" href="{escape(link)}" target="_blank" rel="noopener noreferrer">'
            f"{words} ↗</a>"
        )
    return "".join(parts)


def stars(value: float) -> str:
    """Return `4 of 5 stars`."""
    return _("{stars} of 5 stars", stars=i18n.number(value, 0 if value % 1 == 0 else 1))


def when(view: View, row: MentionRow) -> str:
    """Return the time it was said at, in the reader's zone."""
    return i18n.moment(row.published_at, view.store.zone) if row.published_at else _("undated")


def body(view: View, row: MentionRow) -> str:
    """Return the text with its evidence marked, as HTML; or why there is none."""
    if row.deleted_at is not None:
        noticed = i18n.moment(row.deleted_at, view.store.zone)
        words = _(
            "Deleted at the source, or erased here; noticed {when}. "
            "The text is gone, the count stays.",
            when=noticed,
        )
        return f'<p class="gone">{escape(words)}</p>'
    if not row.text:
        words = _("Stars alone, without a text")
        return f'<p class="gone">{escape(words)}</p>'
    names = {id: labels.touchpoint(view.taxonomy, id) for id in row.touchpoints}
    marked = highlighted(row.text, row.touchpoints, names, SYMBOLS)
    more = _("Show all {n} characters", n=i18n.number(len(row.text)))
    return folded(row.text, marked, more)


def of_touchpoint(view: View, row: MentionRow, id: str) -> str:
    """Return the parameters of the list of what speaks so of the same touchpoint."""
    polarity = row.touchpoints[id].polarity
    return view.to(view.filter.but(brands=(row.brand,), touchpoints=(id,), polarity=polarity))


def signals(row: MentionRow) -> list[str]:
    """Return a chip for each signal, as HTML."""
    return [
        f'<span class="chip signal">⚑ {escape(labels.signal(signal))}</span>'
        for signal in row.signals
    ]


def repeats(view: View, row: MentionRow) -> list[str]:
    """Return a chip for each way in which others say the same, as HTML."""
    chips = []
    if row.copied > 1:
        words = ngettext("copied text: {n} mention", "copied text: {n} mentions", row.copied)
        chips.append(linked(f"≈ {words}", view.to(copied(row)), row.copied, kind="chip"))
    if row.alike > 1 and row.alike != row.copied:
        words = ngettext(
            "{n} mention says exactly this", "{n} mentions say exactly this", row.alike
        )
        chips.append(linked(f"= {words}", view.to(same(row)), row.alike, kind="chip"))
    return chips


def same(row: MentionRow) -> Filter:
    """Return the mentions of a brand that say the same as this one."""
    return Filter(brands=(row.brand,), text_hash=row.text_hash)


def copied(row: MentionRow) -> Filter:
    """Return the mentions that share a copied text with this one, this one too."""
    return Filter(brands=(row.brand,), copy_group=row.copy_group)


def reply(view: View, row: MentionRow) -> str:
    """Return the brand's reply, as HTML; nothing where there is none."""
    if not row.reply:
        return ""
    at = f" · {i18n.moment(row.reply_at, view.store.zone)}" if row.reply_at else ""
    title = escape(_("Reply of the brand") + at)
    return f'<div class="reply" dir="auto"><b>{title}</b>{escape(row.reply)}</div>'


def permalink(view: View, row: MentionRow) -> str:
    """Return the address of a mention with its details open, not escaped."""
    state = view.state.listing(Filter(brands=(row.brand,)), view.facets.last)
    return f"{MENTIONS}?{query_string(state.choosing('open', str(row.id)))}"


def _card(view: View, row: MentionRow, changed: bool) -> str:
    said = "" if row.deleted_at else f'<span class="tone">{escape(tone(row))}</span>'
    chips = [
        linked(
            f"{SYMBOLS.get(tag.polarity, '')} {labels.touchpoint(view.taxonomy, id)}",
            of_touchpoint(view, row, id),
            kind=f"chip {tag.polarity}",
        )
        for id, tag in row.touchpoints.items()
    ]
    chips += [*signals(row), *repeats(view, row)]
    facts_too = [
        _("corrected by {name}", name=row.corrected_by) if row.corrected_by else None,
        _("edited since") if changed else None,
    ]
    aside = "".join(f"<span>{escape(fact)}</span>" for fact in facts_too if fact)
    words, link = escape(_("Details")), escape(permalink(view, row))
    opened = f'<a class="source" href="{link}">{words}</a>'
    return (
        f'<article class="sm-card {escape(row.sentiment)}" data-id="{row.id}">'
        f'<div class="head">{said}{facts(view, row)}{aside}{opened}</div>{body(view, row)}'
        f'<div class="chips">{"".join(chips)}</div>{reply(view, row)}</article>'
    )
