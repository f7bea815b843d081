"""What is like a mention, to be read beside it and to be corrected with it."""

from __future__ import annotations

from html import escape

import streamlit as st

from dashboard import i18n
from dashboard.i18n import N_, _, ngettext
from dashboard.markup import excerpt
from dashboard.parts import cards
from dashboard.parts.mentions.card import button
from dashboard.parts.shell import View
from insights.similar import Similar, similar
from simak.errors import SimakError
from store.engine import Store
from store.filter import Filter
from store.lists import MentionRow, list_ids

TEXTS = 12
_MOST_SAME = 500

_KEPT = "like"

_WHY = {
    "text": N_("It has no text that others could be like."),
    "untagged": N_("It is not tagged yet: run {command}."),
    "neutral": N_("It neither complains nor praises: only complaints and praise are compared."),
    "themes": N_(
        "What is alike is found by {command}, for brands with enough complaints or praise; "
        "it has not come to this text yet."
    ),
}
_COMMANDS = {"untagged": "simak tag", "themes": "simak themes"}


def remember(store: Store, row: MentionRow) -> None:
    """Find what is like a mention before its tags change.

    A complaint is compared with complaints: once corrected, it would be held against others.
    """
    try:
        st.session_state[_KEPT] = (row.id, similar(store, row.id, _of(row), limit=TEXTS))
    except SimakError:  # the correction matters more
        st.session_state.pop(_KEPT, None)


def section(view: View, row: MentionRow, *, asked: bool) -> str:
    """Return the mentions like one; a button that asks for them until `asked`."""
    if not asked:
        words = escape(_("Is a tag wrong? Others may have the same."))
        offer = button(_("Find all like it"), "like")
        return f'<p><span class="quiet">{words}</span> {offer}</p>'
    title = _part(_("Like this one"), "h2")
    kept: tuple[int, Similar] | None = st.session_state.get(_KEPT)
    if kept is None or kept[0] != row.id or kept[1].missing:
        remember(view.store, row)
        kept = st.session_state.get(_KEPT)
    found = kept[1] if kept else Similar((), "themes")
    if found.missing:
        why = _WHY[found.missing]
        command = _COMMANDS.get(found.missing)
        words = _(why, command=command) if command else _(why)
        return title + _part(words)
    if not found.rows:
        return title + _part(_("Nothing is like it."))
    every = [row.id]
    items = []
    for other, cosine in found.rows:
        ids = _ids(view.store, other)
        every += ids
        items.append(_item(view, other, cosine, ids))
    words = _("Select it and these {n}", n=i18n.number(len(every) - 1))
    add = button(words, "add", ids=",".join(map(str, every)), kind="main")
    further = escape(_("Then correct the tag once, for all that is selected."))
    note = _part(_("Similarity is that of the words' meaning to the model, 100% for the same."))
    select = f'<p>{add} <span class="quiet">{further}</span></p>'
    return f'{title}{select}<ol class="alike">{"".join(items)}</ol>{note}'


def _part(words: str, tag: str = "p") -> str:
    return f"<{tag}>{escape(words)}</{tag}>"


def _item(view: View, row: MentionRow, cosine: float, ids: list[int]) -> str:
    link, words = escape(cards.permalink(view, row)), _("Details")
    more = ""
    if len(ids) > 1:
        more = " · " + ngettext(
            "{n} mention says exactly this", "{n} mentions say exactly this", len(ids)
        )
    add = button(_("Select"), "add", ids=",".join(map(str, ids)), focus=f"add-{row.id}")
    return (
        f"<li><b>{escape(i18n.percent(cosine))}</b> "
        f'<span class="quiet">{escape(cards.tone(row))} · {escape(cards.when(view, row))}'
        f'{escape(more)}</span> <a href="{link}">{escape(words)}</a> {add}'
        f'<div class="version" dir="auto">{escape(excerpt(row.text))}</div></li>'
    )


def _ids(store: Store, row: MentionRow) -> list[int]:
    """Return the mentions that say what this one says, itself among them."""
    return list_ids(store, cards.same(row), limit=_MOST_SAME) if row.alike > 1 else [row.id]


def _of(row: MentionRow) -> Filter:
    return Filter(brands=(row.brand,))
