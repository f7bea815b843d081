"""The list of alerts: those nobody has taken note of, or all."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from alerts.language import Language
from dashboard import i18n, reader
from dashboard.i18n import _, ngettext
from dashboard.parts import fields, filters, words
from dashboard.parts.alerts import card, muted
from dashboard.parts.shell import View
from store.alerts import Alert, acknowledge, alerts
from store.deliveries import FAILED, UNSURE

CHOICE = "show"

_KEPT = 500
"""Alerts that are counted, the latest."""

_SHOWN = 30


def draw(view: View) -> None:
    """Draw the sentence, the choice and the alerts."""
    found = view.ask(alerts, limit=_KEPT)
    unseen = [one for one in found if one.acknowledged_at is None]
    _draw_finding(found, unseen)
    if not found:
        _draw_nothing(view)
        return
    chosen = view.choice(CHOICE, ("open", "all"), "open")
    _draw_choice(chosen, len(unseen), len(found))
    shown = unseen if chosen == "open" else found
    language = Language(i18n.language(), view.taxonomy)
    for one in shown[:_SHOWN]:
        with st.container(key=f"alert_{one.id}", gap=None):
            st.html(card.html(view, one, language))
            _draw_buttons(view, one, language)
    if len(shown) > _SHOWN:
        n = len(shown) - _SHOWN
        words.note(ngettext("{n} older one is not shown.", "{n} older ones are not shown.", n))


def _draw_finding(found: list[Alert], unseen: list[Alert]) -> None:
    text = (
        ngettext(
            "{n} alert waits for somebody to take note of it.",
            "{n} alerts wait for somebody to take note of them.",
            len(unseen),
        )
        if unseen
        else _("No alert waits to be taken note of.")
    )
    lost = sum(sent.status in (FAILED, UNSURE) for one in found for sent in one.deliveries)
    further = (
        ngettext(
            "{n} message did not arrive, or may not have: see below where.",
            "{n} messages did not arrive, or may not have: see below where.",
            lost,
        )
        if lost
        else ""
    )
    words.finding(text, further)


def _draw_nothing(view: View) -> None:
    if view.brands:
        words.note(
            _(
                "Nothing stood out so far. After each night, and whenever {command} runs, the "
                "rules are held against what is new; Settings shows them.",
                command="simak alert run",
            )
        )
    else:
        text = _("Nothing was imported or collected yet: run {command}.")
        words.note(text.format(command="simak import FILE --brand NAME"))


def _draw_choice(chosen: str, unseen: int, n: int) -> None:
    names = {
        "open": _("Open ({n})", n=i18n.number(unseen)),
        "all": _("All ({n})", n=i18n.number(n)),
    }
    st.segmented_control(
        _("Which alerts"),
        tuple(names),
        required=True,
        key=filters.put("w_alerts", chosen),
        format_func=names.__getitem__,
        label_visibility="collapsed",
        on_change=lambda: filters.choose(CHOICE, st.session_state["w_alerts"]),
    )


def _draw_buttons(view: View, one: Alert, language: Language) -> None:
    if not view.may("analyst"):
        return
    with st.container(horizontal=True, gap="small"):
        if one.acknowledged_at is None:
            st.button(
                _("Take note"),
                key=f"ack_{one.id}",
                icon=":material/check:",
                help=_("Says to all that {name} looks after it.", name=reader.name()),
                on_click=_acknowledge,
                args=(view, one.id),
            )
        muted.draw_button(view, one, language)


def _acknowledge(view: View, id: str) -> None:
    i18n.use(view.state.lang)  # a callback runs before the page does
    known = acknowledge(view.store, id, by=reader.name(), now=datetime.now(UTC))
    fields.done(_("{name} has taken note of it.", name=known.acknowledged_by or ""))
