"""What is known of one mention, below its card: as HTML with everything escaped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from dashboard import i18n, labels
from dashboard.i18n import _, ngettext
from dashboard.labels import SENTIMENTS, SYMBOLS
from dashboard.markup import excerpt
from dashboard.parts import cards
from dashboard.parts.mentions import case_form, like
from dashboard.parts.mentions.card import name_of
from dashboard.parts.mentions.versions import changed
from dashboard.parts.shell import View
from simak.tags import SENTIMENTS as POLARITIES
from store.cases import Case
from store.lists import MentionRow
from store.mentions import versions
from store.sayings import Saying, sayings
from store.threads import thread

_LEAST_SHOWN = 0.1
"""Scores below are counted and not drawn, but for what was tagged."""

_THREAD_ROWS = 50


def details(view: View, row: MentionRow, case: Case | None, *, alike: bool) -> str:
    """Return the details of a mention.

    Args:
        alike: whether the reader has asked for the mentions like this one.
    """
    said = sayings(view.store, row.id)
    left = [*_scores(view, row), *_evidence(view, row), *_history(view, row, said)]
    right = [case_form.section(view, row, case), *_attributes(view, row)]
    below = [*_versions(view, row), *_thread(view, row)]
    link = escape(cards.permalink(view, row))
    words = escape(_("Link to this mention"))
    others = like.section(view, row, asked=alike) if view.may("analyst") else ""
    return (
        f'<section class="details"><div class="like">{others}</div>'
        f'<div class="half">{"".join(left)}</div>'
        f'<div class="half">{"".join(right)}</div><div class="rest">{"".join(below)}'
        f'<p><a href="{link}">{words}</a></p></div></section>'
    )


def _part(title: str, body: str) -> str:
    return f"<h2>{escape(title)}</h2>{body}"


def _scores(view: View, row: MentionRow) -> Iterator[str]:
    """Draw how likely each label is to the model, the likely ones first."""
    if not row.scores:
        return
    tagged = {row.sentiment, *row.touchpoints, *row.signals}
    first = [*POLARITIES, "complaint"]
    rest = sorted((k for k in row.scores if k not in first), key=lambda k: -row.scores[k])
    shown = [k for k in rest if row.scores[k] >= _LEAST_SHOWN or k in tagged]
    bars = "".join(
        _bar(view, key, row.scores[key]) for key in (*first, *shown) if key in row.scores
    )
    left = len(rest) - len(shown)
    note = ""
    if left:
        words = ngettext("{n} more below {share}", "{n} more below {share}", left,
                         share=i18n.percent(_LEAST_SHOWN))  # fmt: skip
        note = f'<p class="quiet">{escape(words)}</p>'
    yield _part(_("What the model makes of it"), f'<ul class="scores">{bars}</ul>{note}')


def _bar(view: View, key: str, score: float) -> str:
    style = key if key in POLARITIES else ""
    return (
        f"<li><span>{escape(name_of(view, key))}</span>"
        f'<span class="track"><i class="{style}" style="width:{100 * score:.0f}%"></i></span>'
        f"<b>{escape(i18n.percent(score))}</b></li>"
    )


def _evidence(view: View, row: MentionRow) -> Iterator[str]:
    """Draw which words of the text speak for each touchpoint."""
    if not row.touchpoints:
        return
    items = []
    for id, tag in row.touchpoints.items():
        name = f"{SYMBOLS.get(tag.polarity, '')} {labels.touchpoint(view.taxonomy, id)}"
        words = row.text[slice(*tag.span)].strip() if tag.span else ""
        none = escape(_("no words of the text alone"))
        proof = f"<q>{escape(words)}</q>" if words else none
        kind = escape(tag.polarity)
        items.append(
            f'<li><span class="chip {kind}">{escape(name)}</span> '
            f'<span dir="auto">{proof}</span></li>'
        )
    yield _part(_("What speaks for it"), f'<ul class="evidence">{"".join(items)}</ul>')


def _history(view: View, row: MentionRow, said: Sequence[Saying]) -> Iterator[str]:
    """Draw what the model said, and what people made of that."""
    if not row.corrected_by:
        return
    items = []
    for one in said:
        who = one.by or _("the model")
        when = i18n.moment(one.at, view.store.zone)
        items.append(
            f'<li><b dir="auto">{escape(who)}</b> <span class="quiet">{escape(when)}</span><br>'
            f"{escape(_said(view, one))}</li>"
        )
    yield _part(_("Who said what"), f'<ol class="past">{"".join(items)}</ol>')


def _said(view: View, one: Saying) -> str:
    parts = [f"{SYMBOLS.get(one.sentiment, '')} {labels.name(SENTIMENTS, one.sentiment)}"]
    parts.append(_("complaint") if one.complaint else _("no complaint"))
    parts += [
        f"{SYMBOLS.get(polarity, '')} {labels.touchpoint(view.taxonomy, name)}"
        for name, polarity in one.touchpoints.items()
    ]
    return " · ".join(parts)


def _attributes(view: View, row: MentionRow) -> Iterator[str]:
    known = {
        _("Source"): row.source,
        _("Id at the source"): row.external_id,
        _("Product"): row.product,
        _("Version"): row.version,
        _("Edited at the source"): (
            i18n.moment(row.edited_at, view.store.zone) if row.edited_at else None
        ),
        _("Model"): row.model,
        **{labels.facet(name): value for name, value in row.attributes.items()},
    }
    items = "".join(
        f'<dt dir="auto">{escape(name)}</dt><dd dir="auto">{escape(value)}</dd>'
        for name, value in known.items()
        if value
    )
    yield _part(_("What came with it"), f"<dl>{items}</dl>")


def _versions(view: View, row: MentionRow) -> Iterator[str]:
    """Draw the texts it once had, each with what the next one changed."""
    earlier = [] if row.deleted_at else list(versions(view.store, row.id))
    if not earlier:
        return
    texts = [text for text, _at in earlier] + [row.text]
    items = []
    for place in range(len(earlier), 0, -1):
        when = i18n.moment(earlier[place - 1][1], view.store.zone)
        title = escape(_("Edited; noticed {when}", when=when))
        marked = changed(texts[place - 1], texts[place])
        items.append(f'<li><b>{title}</b><div class="version" dir="auto">{marked}</div></li>')
    first = escape(_("At first"))
    items.append(f'<li><b>{first}</b><div class="version" dir="auto">{escape(texts[0])}</div></li>')
    yield _part(_("How the text has changed"), f'<ol class="versions">{"".join(items)}</ol>')


def _thread(view: View, row: MentionRow) -> Iterator[str]:
    """Draw the conversation that it is part of."""
    rows = thread(view.store, row.id, limit=_THREAD_ROWS)
    if len(rows) < 2:
        return
    items = []
    for one in rows:
        if one.id == row.id:
            itself = escape(_("this mention"))
            aside = f"<b>{itself}</b>"
        else:
            link = escape(cards.permalink(view, one))
            words = escape(_("Details"))
            aside = f'<a href="{link}">{words}</a>'
        gone = _("deleted at the source") if one.deleted_at else ""
        text = gone or excerpt(one.text) or _("Stars alone, without a text")
        reply = cards.reply(view, one) if one.id != row.id else ""
        items.append(
            f'<li><span class="quiet">{escape(cards.tone(one))} · {escape(cards.when(view, one))}'
            f'</span> {aside}<div class="version" dir="auto">{escape(text)}</div>{reply}</li>'
        )
    yield _part(_("The conversation"), f'<ol class="thread">{"".join(items)}</ol>')
