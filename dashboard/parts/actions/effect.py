"""What became of the actions on record: all of them in a table, one of them in full."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from dashboard import i18n, labels
from dashboard.i18n import _
from dashboard.parts import fields, filters, tables, words
from dashboard.parts.actions import one, sentences
from dashboard.parts.shell import View
from insights.actions import ActionEffect, Actions, actions
from store import actions as record
from store.actions import Action, remove_action

_NONE = "none"


def recorded(view: View) -> list[Action]:
    """Return the actions of the brand."""
    return view.ask(record.actions, (view.state.brand or "",))


def draw(view: View) -> None:
    """Draw what became of the brand's actions."""
    found = _measured(view, _rival(view))
    rows = sorted(found.rows, key=lambda row: (row.action.day, row.action.id), reverse=True)
    chosen = _chosen(view, rows)
    words.finding(
        sentences.finding(chosen, view.taxonomy), sentences.certainty(chosen),
    )  # fmt: skip
    _draw_choices(view, rows, chosen)
    one.draw(view, chosen)
    if len(rows) > 1:
        _draw_all(view, rows)
    _draw_record(view, rows)


def _measured(view: View, rival: str) -> Actions:
    # An action has its own days: the period above would cut off the weeks before it.
    filter = view.filter.but(since=None, until=None)
    return view.ask(actions, filter, rivals=() if rival == _NONE else (rival,))


def _rival(view: View) -> str:
    others = [name for name in view.brands if name != view.state.brand]
    return view.choice("rival", [*others, _NONE], _NONE)


def _chosen(view: View, rows: Sequence[ActionEffect]) -> ActionEffect:
    """Return the action that the address names, else the newest that could be judged."""
    by_id = {str(row.action.id): row for row in rows}
    judged = [id for id, row in by_id.items() if row.verdict != "not_enough_data"]
    return by_id[view.choice("action", list(by_id), (judged or list(by_id))[0])]


def _draw_choices(view: View, rows: Sequence[ActionEffect], chosen: ActionEffect) -> None:
    others = [name for name in view.brands if name != view.state.brand]
    by_id = {str(row.action.id): row.action for row in rows}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        if len(rows) > 1:
            st.selectbox(
                _("Action"),
                list(by_id),
                key=filters.put("w_action", str(chosen.action.id)),
                format_func=lambda id: f"{i18n.day(by_id[id].day)}: {by_id[id].text}",
                width=360,
                on_change=lambda: filters.choose("action", st.session_state["w_action"]),
            )
        if others:
            st.selectbox(
                _("Rival it may be held against"),
                [_NONE, *others],
                key=filters.put("w_rival", _rival(view)),
                format_func=lambda name: _("none") if name == _NONE else name,
                help=_(
                    "A rival that nothing was done at shows what would have been. Name one of the "
                    "same market: no number tells a rival from a stranger."
                ),
                width=280,
                on_change=lambda: filters.choose("rival", st.session_state["w_rival"]),
            )
    words.note(
        _(
            "An action is measured over whole weeks before and after its day, up to 8 on either "
            "side, whatever the period above."
        )
    )


def _draw_all(view: View, rows: Sequence[ActionEffect]) -> None:
    st.header(_("All actions"), anchor=False)
    tables.table(
        [_("Day"), _("Action"), _("Touchpoint"), _("Verdict"), _("Bad before"), _("Bad after"),
         _("Effect, points")],
        [(_cells(view, row), row.verdict == "not_enough_data") for row in rows],
        text=4,
    )  # fmt: skip


def _cells(view: View, row: ActionEffect) -> list[str]:
    sign = sentences.SIGNS[row.verdict]
    verdict = f"{sign} {labels.name(sentences.VERDICTS, row.verdict)}"
    cells = [
        escape(i18n.day(row.action.day)),
        escape(row.action.text),
        escape(sentences.about(row.action, view.taxonomy)),
        f'<span class="{sentences.TONES[row.verdict]}">{escape(verdict)}</span>',
    ]
    if row.negative is None:
        return [*cells, "–", "–", "–"]
    for value, behind in (
        (row.negative.before, row.negative.behind_before),
        (row.negative.after, row.negative.behind_after),
    ):
        cells.append(one.side(view, value, behind))
    effect = row.comparison.effect.effect if row.comparison else row.negative.change
    return [*cells, escape(sentences.change(effect))]


def _draw_record(view: View, rows: Sequence[ActionEffect]) -> None:
    st.header(_("The record"), anchor=False)
    for row in rows:
        action = row.action
        facts = " · ".join(
            (
                i18n.day(action.day),
                sentences.about(action, view.taxonomy),
                _("recorded by {name}", name=action.created_by),
            )
        )
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.html(
                f'<p class="sm-note"><b>{escape(action.text)}</b><br>'
                f"<small>{escape(facts)}</small></p>",
                width=420,
            )
            if view.may("analyst"):
                _remove(view, action)
    if view.state.choice("add") is None and view.may("analyst"):
        st.button(
            _("Add an action"),
            icon=":material/add:",
            type="primary",
            on_click=filters.choose,
            args=("add", "yes"),
        )


def _remove(view: View, action: Action) -> None:
    question = _("Take “{text}” off the record? The mentions stay.", text=action.text)
    if fields.confirmed(_("Remove"), question, key=f"remove-{action.id}", icon=":material/delete:"):
        remove_action(view.store, action.id)
        if view.state.choice("action") == str(action.id):
            filters.choose("action", None)
        fields.done(_("“{text}” is off the record.", text=action.text))
        st.rerun()
