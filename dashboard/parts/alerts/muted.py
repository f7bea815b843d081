"""What is not sent for a while: how it is muted, and how that is taken back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import streamlit as st

from alerts.language import Language
from dashboard import i18n, labels, reader
from dashboard.i18n import N_, _, ngettext
from dashboard.parts import fields, words
from dashboard.parts.shell import View
from store.alerts import Alert, Mute, mute, mutes, unmute

_DAYS = (7, 30, 90)

_BRAND, _KIND, _TOUCHPOINT = "brand", "kind", "touchpoint"
_ASKED = {
    _TOUCHPOINT: N_("about the same touchpoint"),
    _KIND: N_("of this kind"),
    _BRAND: N_("of this brand"),
}


def draw(view: View) -> None:
    """Draw what is muted today, each with the way to take it back."""
    found = mutes(view.store, datetime.now(view.store.zone).date())
    if not found:
        return
    language = Language(i18n.language(), view.taxonomy)
    st.header(_("Muted"), anchor=False)
    words.note(_("Alerts of these stand above, and are sent to no channel."))
    for one in found:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(labels.plain(_said(one, language)), width="content")
            if view.may("analyst"):
                st.button(
                    _("Take back"), key=f"unmute_{one.id}", on_click=_unmute, args=(view, one.id)
                )


def draw_button(view: View, one: Alert, language: Language) -> None:
    """Draw the button that mutes what is like an alert."""
    asked = [key for key in _ASKED if key != _TOUCHPOINT or any(one.touchpoints[:1])]
    names = {
        _TOUCHPOINT: language.touchpoint(one.touchpoints[0]) if one.touchpoints else "",
        _KIND: language.text(f"kind_{one.kind}"),
        _BRAND: one.brand,
    }
    with st.popover(_("Mute"), icon=":material/notifications_off:", key=f"mute-ask_{one.id}"):
        st.radio(
            _("Send no alerts"),
            asked,
            key=f"mute_what_{one.id}",
            format_func=lambda key: labels.plain(f"{_(_ASKED[key])}: {names[key]}"),
        )
        st.selectbox(
            _("For"),
            _DAYS,
            key=f"mute_days_{one.id}",
            format_func=lambda n: ngettext("{n} day", "{n} days", n),
        )
        st.button(_("Mute them"), key=f"mute_{one.id}", on_click=_mute, args=(view, one))


def _mute(view: View, one: Alert) -> None:
    i18n.use(view.state.lang)  # a callback runs before the page does
    what = st.session_state[f"mute_what_{one.id}"]
    days = int(st.session_state[f"mute_days_{one.id}"])
    made = mute(
        view.store,
        # A kind or touchpoint is muted for the brand whose alert it was.
        brand=one.brand,
        kind=one.kind if what == _KIND else None,
        touchpoint=one.touchpoints[0] if what == _TOUCHPOINT else None,
        until=datetime.now(view.store.zone).date() + timedelta(days=days),
        by=reader.name(),
        now=datetime.now(UTC),
    )
    fields.done(_("Muted until {day}.", day=i18n.day(made.until)))


def _unmute(view: View, id: int) -> None:
    i18n.use(view.state.lang)
    unmute(view.store, id)
    fields.done(_("It is muted no longer."))


def _said(one: Mute, language: Language) -> str:
    parts = [
        one.brand or _("every brand"),
        *([language.text(f"kind_{one.kind}")] if one.kind else []),
        *([language.touchpoint(one.touchpoint)] if one.touchpoint else []),
    ]
    return _(
        "{what}: until {day}, by {name}",
        what=" · ".join(parts),
        day=i18n.day(one.until),
        name=one.muted_by,
    )
