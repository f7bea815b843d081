"""The register of promises, which the page Promises keeps."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from dashboard import i18n, labels
from dashboard.i18n import _, ngettext
from dashboard.parts import tables, words
from store.promises import Promise, promises

if TYPE_CHECKING:
    from dashboard.parts.shell import View


def draw(view: View) -> None:
    """Draw every brand's promises, and the way to where they are added, tried and ended."""
    known = promises(view.store)
    words.finding(
        ngettext("{n} promise is registered.", "{n} promises are registered.", len(known))
        if known
        else _("No promise is registered yet."),
        _("What a brand promises, and how often customers say that it was kept or broken."),
    )
    if known:
        heads = [_("Brand"), _("Promise"), _("Touchpoint"), _("Holds"), _("Query of breaches")]
        tables.table(heads, [(_cells(view, one), False) for one in known], text=5)
    st.page_link(
        "views/promises.py",
        label=_("Add, try, end or remove a promise"),
        icon=":material/handshake:",
        query_params=view.state.shared().query(),
    )


def _cells(view: View, one: Promise) -> list[str]:
    return [
        f'<span dir="auto">{escape(one.brand)}</span>',
        f'<span dir="auto">{escape(one.text)}</span>',
        escape(labels.touchpoint(view.taxonomy, one.touchpoint)),
        escape(_holds(one)),
        escape(one.broken or _("the general one")),
    ]


def _holds(one: Promise) -> str:
    if one.until is None:
        return _("from {day}", day=i18n.day(one.since))
    return i18n.days(one.since, one.until)
