"""Mentions as cards: the customer's words first, with the evidence marked, then what was found."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import escape

import streamlit as st

from dashboard import i18n, labels
from dashboard.i18n import _, ngettext
from dashboard.labels import SENTIMENTS, SYMBOLS
from dashboard.links import linked
from dashboard.markup import folded, highlighted, safe_link
from dashboard.parts.shell import View
from dashboard.state import USEFUL
from simak.tags import SENTIMENTS as POLARITIES
from simak.tags import SIGNALS, least_sure
from store.filter import Filter
from store.lists import MentionRow
from store.mentions import versions

_FULL_STARS = 5


def draw(view: View, rows: Sequence[MentionRow]) -> None:
    """Draw `rows`, one card each."""
    st.html("".join(_card(view, row) for row in rows))


def legend() -> None:
    """Say what the marks in the texts mean."""
    marks = " ".join(
        f'<mark class="ev {key}">{escape(f"{SYMBOLS[key]} {labels.name(SENTIMENTS, key)}")}</mark>'
        for key in POLARITIES
    )
    words = escape(_("Marked in the text: what speaks for a touchpoint, and how"))
    st.html(f'<p class="sm-note">{words}: {marks}</p>')


def _card(view: View, row: MentionRow) -> str:
    return (
        f'<article class="sm-card {escape(row.sentiment)}" data-id="{row.id}">'
        f'<div class="head">{_head(view, row)}</div>'
        f"{_body(view, row)}{_chips(view, row)}{_reply(view, row)}{_past(view, row)}</article>"
    )


def _head(view: View, row: MentionRow) -> str:
    tone = f"{SYMBOLS.get(row.sentiment, '')} {labels.name(SENTIMENTS, row.sentiment)}"
    if row.complaint:
        tone += " · " + _("complaint")
    parts = [] if row.deleted_at else [f'<span class="tone">{escape(tone)}</span>']
    if row.stars is not None:
        full = max(0, min(_FULL_STARS, round(row.stars)))
        words = _(
            "{stars} of 5 stars", stars=i18n.number(row.stars, 0 if row.stars % 1 == 0 else 1)
        )
        parts.append(
            f'<span role="img" aria-label="{escape(words)}" title="{escape(words)}">'
            f"{'★' * full}{'☆' * (_FULL_STARS - full)}</span>"
        )
    when = i18n.moment(row.published_at, view.store.zone) if row.published_at else _("undated")
    facts = [row.brand, labels.channel(row.channel), when]
    facts += [
        text
        for text in (
            row.product,
            row.version and _("version {version}", version=row.version),
            labels.spoken(row.language) if row.language != "unknown" else None,
            row.corrected_by and _("corrected by {name}", name=row.corrected_by),
        )
        if text
    ]
    parts += [f'<span dir="auto">{escape(fact)}</span>' for fact in facts]
    link = safe_link(row.url)
    if link:
        words = escape(_("At the source"))
        parts.append(
            f'<a href="{escape(link)}" target="_blank" rel="noopener noreferrer">{words} ↗</a>'
        )
    return "".join(parts)


def _body(view: View, row: MentionRow) -> str:
    if row.deleted_at is not None:
        when = i18n.moment(row.deleted_at, view.store.zone)
        words = _(
            "Deleted at the source; noticed {when}. The text is gone, the count stays.", when=when
        )
        return f'<p class="gone">{escape(words)}</p>'
    if not row.text:
        words = _("Stars alone, without a text")
        return f'<p class="gone">{escape(words)}</p>'
    names = {id: labels.touchpoint(view.taxonomy, id) for id in row.touchpoints}
    marked = highlighted(row.text, row.touchpoints, names, SYMBOLS)
    more = _("Show all {n} characters", n=i18n.number(len(row.text)))
    return folded(row.text, marked, more)


def _chips(view: View, row: MentionRow) -> str:
    chips = []
    for id, tag in row.touchpoints.items():
        about = view.filter.but(brands=(row.brand,), touchpoints=(id,), polarity=tag.polarity)
        words = f"{SYMBOLS.get(tag.polarity, '')} {labels.touchpoint(view.taxonomy, id)}"
        kind = f"chip {tag.polarity}"
        chips.append(
            linked(words, view.to(about), kind=kind)
            if id in view.taxonomy.ids
            else f'<span class="{escape(kind)}">{escape(words)}</span>'
        )
    chips += [
        f'<span class="chip signal">⚑ {escape(labels.signal(signal))}</span>'
        for signal in row.signals
    ]
    if row.copied > 1:
        words = ngettext("copied text: {n} mention", "copied text: {n} mentions", row.copied)
        chips.append(linked(f"≈ {words}", view.to(copied(row)), row.copied, kind="chip"))
    if row.alike > 1 and row.alike != row.copied:
        words = ngettext(
            "{n} mention says exactly this", "{n} mentions say exactly this", row.alike
        )
        chips.append(linked(f"= {words}", view.to(same(row)), row.alike, kind="chip"))
    if view.state.order == USEFUL:
        chips.append(f'<span class="chip doubt">? {escape(_doubt(view, row))}</span>')
    return f'<div class="chips">{"".join(chips)}</div>' if chips else ""


def same(row: MentionRow) -> Filter:
    """Return the mentions of a brand that say the same as this one."""
    return Filter(brands=(row.brand,), text_hash=row.text_hash)


def copied(row: MentionRow) -> Filter:
    """Return the mentions that share a copied text with this one, this one too."""
    return Filter(brands=(row.brand,), copy_group=row.copy_group)


def _doubt(view: View, row: MentionRow) -> str:
    """Say which label the model is least sure of."""
    label = (least_sure(row.scores) or ("sentiment", 1.0))[0]
    likely = [label]
    if label == "sentiment":
        likely = sorted(POLARITIES, key=lambda key: -row.scores.get(key, 0.0))[:2]
    shares = ", ".join(
        f"{_label(view, name)} {i18n.percent(row.scores.get(name, 0.0))}" for name in likely
    )
    return _("least sure: {shares}", shares=shares)


def _label(view: View, name: str) -> str:
    if name in POLARITIES:
        return labels.name(SENTIMENTS, name)
    if name == "complaint":
        return _("complaint")
    return labels.signal(name) if name in SIGNALS else labels.touchpoint(view.taxonomy, name)


def _when(view: View, at: datetime) -> str:
    return i18n.moment(at, view.store.zone)


def _reply(view: View, row: MentionRow) -> str:
    if not row.reply:
        return ""
    title = _("Reply of the brand")
    when = f" · {_when(view, row.reply_at)}" if row.reply_at else ""
    return f'<div class="reply" dir="auto"><b>{escape(title + when)}</b>{escape(row.reply)}</div>'


def _past(view: View, row: MentionRow) -> str:
    if row.deleted_at is not None:
        return ""
    earlier = view.ask(versions, row.id)
    if not earlier:
        return ""
    texts = ""
    for text, at in reversed(earlier):
        when = _("until {day}", day=_when(view, at))
        texts += f'<div class="past" dir="auto"><b>{escape(when)}</b>{escape(text)}</div>'
    words = escape(_("Edited: earlier versions ({n})", n=i18n.number(len(earlier))))
    return f'<details><summary class="more">{words}</summary>{texts}</details>'
