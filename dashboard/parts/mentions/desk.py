"""The list in the browser: cards with buttons and keys, as one component.

The cards are written here and in the modules beside; the script shows them and reports what was
pressed. What it reports is read with care: it comes from a browser.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

import streamlit as st

from dashboard import labels, reader
from dashboard.i18n import N_, _, language
from dashboard.labels import SENTIMENTS, SYMBOLS
from dashboard.parts import cards
from dashboard.parts.mentions import card, case_form, done, press
from dashboard.parts.mentions.changes import MOST
from dashboard.parts.mentions.details import details
from dashboard.parts.shell import View
from dashboard.state import USEFUL
from simak.tags import SENTIMENTS as POLARITIES
from store.cases import cases_of
from store.lists import Count, MentionRow
from store.mentions import edited

_FOLDER = Path(__file__).parent
_KEY = "desk"

_show = st.components.v2.component(
    "simak_desk",
    html='<div class="sm-desk"></div>',
    css=(_FOLDER / "desk.css").read_text(encoding="utf-8"),
    js="\n".join((_FOLDER / name).read_text(encoding="utf-8") for name in ("desk.js", "menus.js")),
    # The cards look as those of other pages do.
    isolate_styles=False,
)

KEYS = (
    ("j  k", N_("next and previous mention (on a card the arrows too)")),
    ("x", N_("select")),
    ("a", N_("select all shown, or none")),
    ("1  2  3", N_("negative, neutral, positive")),
    ("c", N_("complaint or not")),
    ("t", N_("touchpoints: choose with the arrows, or 1, 2, 3")),
    ("e", N_("open or close the details")),
    ("u", N_("undo")),
    ("?", N_("these keys")),
)

_READING = ("j  k", "e", "?")
"""Those of them that change nothing."""


def draw(
    view: View, rows: Sequence[MentionRow], *, name: str, total: Count, linked: MentionRow | None
) -> None:
    """Draw a page of the list.

    Args:
        name: tells one list, or page of it, from another: what is selected belongs to it.
        total: how many mentions the list has.
        linked: a mention that a link has opened and that is not among `rows`; drawn first.
    """
    shown = [linked, *rows] if linked else list(rows)
    ids = [row.id for row in shown]
    cases, changed = cases_of(view.store, ids), edited(view.store, ids)
    opened = press.opened(view)
    shown_cards = [
        (
            row.id,
            card.card(
                view,
                row,
                place=place,
                of=len(shown),
                case=cases.get(row.id),
                edited=row.id in changed,
                details=(
                    details(view, row, cases.get(row.id), alike=press.asked_alike(row.id))
                    if row.id == opened
                    else ""
                ),
            ),
        )
        for place, row in enumerate(shown, 1)
    ]
    last, writes = done.last(), view.may("analyst")
    # In the order by usefulness a text stands for all that say the same.
    every = 0 if view.state.order == USEFUL else min(total.n, MOST)
    _show(
        key=_KEY,
        on_did_change=lambda: press.follow(view, _did(), every),
        data={
            "list": name,
            "turn": press.turn(),
            "lang": language(),
            "writes": writes,
            "head": _head(writes=writes),
            "cards": shown_cards,
            "open": opened,
            "linked": linked is not None,
            "total": every,
            "all": every if every > len(rows) else 0,
            "touchpoints": [(id, labels.touchpoint(view.taxonomy, id)) for id in view.taxonomy.ids],
            "done": done.told(view, last) if last else None,
            "form": case_form.form(view, many=True) if writes else "",
            "keys": _keys(writes=writes),
            "reader": reader.name(),
            "words": _words(capped=every < total.n or total.capped),
        },
    )


def _did() -> Mapping[str, Any]:
    return st.session_state[_KEY].get("did") or {}


def _words(*, capped: bool) -> Mapping[str, Any]:
    return {
        "list": _("Mentions"),
        "bulk": _("What is selected"),
        "selected": _("{n} selected"),
        "everything": _("the newest {n} selected") if capped else _("all {n} selected"),
        "page": _("This page ({n})"),
        "all": _("The newest {n}") if capped else _("All {n} that match"),
        "clear": _("Clear"),
        "sentiment": _("Sentiment"),
        "complaint": _("Complaint"),
        "touchpoint": _("Touchpoint"),
        "touchpoints": _("Touchpoints"),
        "case": _("Case"),
        "is_complaint": _("Complaint"),
        "no_complaint": _("No complaint"),
        "away": _("Not spoken of"),
        "list_all": _("List all of these"),
        "polarities": {key: f"{SYMBOLS[key]} {labels.name(SENTIMENTS, key)}" for key in POLARITIES},
    }


def _head(*, writes: bool) -> str:
    """Say what the marks mean, offer all that is shown at once, and say that there are keys."""
    every = card.button(_("Select all shown"), "shown") if writes else ""
    keys = card.button(_("Keys"), "keys", kind="plain")
    return f'<p class="sm-note">{cards.marks()}</p><div class="ways">{every}{keys}</div>'


def _keys(*, writes: bool) -> str:
    shown = KEYS if writes else tuple(line for line in KEYS if line[0] in _READING)
    rows = "".join(
        "<dt>"
        + " ".join(f"<kbd>{escape(key)}</kbd>" for key in keys.split())
        + f"</dt><dd>{escape(_(words))}</dd>"
        for keys, words in shown
    )
    title = escape(_("Keys"))
    shut = card.button(_("Close"), "shut", kind="main")
    return f"<h2>{title}</h2><dl>{rows}</dl>{shut}"
