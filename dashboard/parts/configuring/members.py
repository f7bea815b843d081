"""Who may see and do what, and who did what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from dashboard import i18n, labels, reader
from dashboard.i18n import N_, _, ngettext
from dashboard.parts import fields, words
from dashboard.parts.configuring import deeds, saving
from simak.access import ROLES, Role
from simak.errors import SimakError
from store.members import Membership, give_role, members, take_role

if TYPE_CHECKING:
    from dashboard.parts.shell import View

_MAY = (
    N_("Viewer: reads and exports"),
    N_("Analyst: corrects, works on cases, puts promises and actions on record"),
    N_("Admin: gives roles; of all brands: settings and erasing too"),
)
_EMAIL, _ROLE, _BRAND = "member_email", "member_role", "member_brand"


def draw(view: View) -> None:
    """Draw the roles, the form that gives one, and what was done."""
    found = members(view.store)
    if view.settings.login is None:
        words.finding(
            _("Nobody has to log in."),
            _("Whoever reaches this dashboard sees all of it; it listens on this machine alone. "
              "[login] in the settings turns logging in on: docs/operating.md."),
        )  # fmt: skip
    else:
        words.finding(
            ngettext("{n} role is given.", "{n} roles are given.", len(found)),
            _("Who has none sees nothing. What a role leaves out is not there: on no page, in no "
              "number, list or export."),
        )  # fmt: skip
    if found:
        _draw_given(view, found)
    _draw_form(view)
    if view.store.access.is_owner:
        deeds.draw(view)


def _draw_given(view: View, found: Sequence[Membership]) -> None:
    for place, one in enumerate(found):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            where = one.brand or _("all brands")
            facts = _(
                "given by {name}, {day}",
                name=one.given_by,
                day=i18n.day(one.given_at.astimezone(view.store.zone).date()),
            )
            st.html(
                f'<p class="sm-note" dir="auto"><b>{escape(one.email)}</b><br><small>'
                f"{escape(labels.role(one.role))} · {escape(where)} · {escape(facts)}</small></p>",
                width=420,
            )
            question = _("Take the role of {email} away? It holds at their next click.",
                         email=one.email)  # fmt: skip
            if fields.confirmed(
                _("Remove"), question, key=f"member-{place}", icon=":material/person_remove:"
            ):
                _take(view, one)
                st.rerun()


def _take(view: View, one: Membership) -> None:
    try:
        take_role(view.store, one.email, brand=one.brand, by=reader.name(), now=datetime.now(UTC))
    except SimakError as error:
        saving.refuse(str(error))
    else:
        saving.done(_("{email} has no role for {brand} any more.", email=one.email,
                      brand=one.brand or _("all brands")))  # fmt: skip


def _draw_form(view: View) -> None:
    st.header(_("Give a role"), anchor=False)
    everywhere = view.store.access.is_owner
    with st.form("member", border=False):
        left, middle, right = st.columns(3)
        left.text_input(_("E-mail address, as the login knows it"), key=_EMAIL, max_chars=320)
        middle.selectbox(_("Role"), ROLES, format_func=labels.role, key=_ROLE)
        right.selectbox(
            _("Brand"),
            [None, *view.brands] if everywhere else view.brands,
            format_func=lambda brand: brand or _("all brands"),
            key=_BRAND,
        )
        st.html("".join(f'<p class="sm-note">{escape(_(text))}</p>' for text in _MAY))
        st.form_submit_button(_("Give the role"), type="primary", on_click=_give, args=(view,))


def _give(view: View) -> None:
    i18n.use(view.state.lang)
    email, brand = st.session_state[_EMAIL], st.session_state[_BRAND]
    role: Role = st.session_state[_ROLE]
    try:
        give_role(view.store, email, role, brand=brand, by=reader.name(), now=datetime.now(UTC))
    except SimakError as error:
        saving.refuse(str(error), typed=email)
        return
    st.session_state[_EMAIL] = ""
    saving.done(_("{email} is now: {role}, {brand}.", email=email.strip(), role=labels.role(role),
                  brand=brand or _("all brands")))  # fmt: skip
