"""Where no answer was ever seen: no rate, and never a rate of 0."""

from __future__ import annotations

from html import escape

import streamlit as st

from dashboard import i18n, labels
from dashboard.i18n import _
from dashboard.links import linked
from dashboard.parts import shell, tables, words
from dashboard.parts.shell import View
from insights.response import Response, Unseen


def nowhere(view: View, found: Response) -> None:
    """Say that nothing is known of answers, and how to come by them."""
    file = "simak import FILE --brand NAME --map reply=…,reply_time=…"
    shell.empty(
        _("No answer was ever seen here, so there is no rate and no wait"),
        escape(
            _(
                "That is no data, and does not mean that nobody answers: the sources collected do "
                "not bring answers along."
            )
        ),
        escape(_("A file with the answers and their times can be imported:"))
        + f" <code>{escape(file)}</code>",
        escape(
            _(
                "Google Play Console, App Store Connect, help desks (Zendesk, Freshdesk), Qiscus "
                "and chats bring them by themselves: add them under Data sources."
            )
        ),
    )
    draw(view, found)


def draw(view: View, found: Response) -> None:
    """List the places where no answer was ever seen."""
    if not found.no_data:
        return
    st.header(_("Where no answer was ever seen"), anchor=False)
    words.note(_("No data: whether anybody answers there is not known. It is in no rate here."))
    tables.table(
        [_("Channel"), _("Source"), _("Mentions")],
        [(_row(view, row), False) for row in found.no_data],
        text=2,
    )


def _row(view: View, row: Unseen) -> list[str]:
    there = view.filter.but(channels=(row.channel,), sources=(row.source,))
    number = linked(i18n.number(row.mentions), view.to(there), row.mentions)
    return [escape(labels.channel(row.channel)), escape(row.source), number]
