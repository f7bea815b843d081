"""The zone and language of the display, and where everything of this installation is kept."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING
from zoneinfo import available_timezones

import streamlit as st

from dashboard.i18n import _
from dashboard.parts import tables, words
from dashboard.parts.configuring import saving
from simak.settings_file import SettingsFile
from simak.taxonomy import INTERFACE_LANGUAGES

if TYPE_CHECKING:
    from dashboard.parts.shell import View

_NAMES = {"id": "Indonesia", "en": "English"}
_FIRST = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")
"""The zones of Indonesia, before all others."""


def draw(view: View, file: SettingsFile) -> None:
    """Draw the form and the table."""
    settings = view.settings
    zones = [*_FIRST, *sorted(available_timezones() - set(_FIRST))]
    language_key, zone_key = f"language_{file.stamp}", f"zone_{file.stamp}"
    with st.form("display", border=False):
        st.selectbox(
            _("First language of the dashboard"),
            INTERFACE_LANGUAGES,
            index=INTERFACE_LANGUAGES.index(settings.language),
            format_func=_NAMES.__getitem__,
            key=language_key,
            help=_("Each reader may still take the other one."),
        )
        st.selectbox(
            _("Zone that days are counted and shown in"),
            zones,
            index=zones.index(settings.timezone),
            key=zone_key,
            disabled=bool(view.brands),
            help=_("Days are counted as mentions are stored: it is chosen before the first one."),
        )
        st.form_submit_button(
            _("Save"), type="primary", on_click=_save,
            args=(view, file.stamp, language_key, zone_key),
        )  # fmt: skip
    if view.brands:
        words.note(
            _(
                "This store counts its days in {zone}; for another zone import into a new store.",
                zone=settings.timezone,
            )
        )
    saving.where(file, _("Changes language and timezone in [display]."))
    _draw_places(view, file)


def _save(view: View, stamp: str, language_key: str, zone_key: str) -> None:
    language, zone = st.session_state[language_key], st.session_state[zone_key]

    def change(file: SettingsFile) -> None:
        if language != view.settings.language:
            file.put("display", "language", language)
        if zone != view.settings.timezone:
            file.put("display", "timezone", zone)

    saving.save(view, stamp, change)


def _draw_places(view: View, file: SettingsFile) -> None:
    st.header(_("Where everything is kept"), anchor=False)
    settings = view.settings
    raw = (
        _("Names and numbers are kept as they come.")
        if settings.keep_raw
        else _("Names become keys; phone numbers, e-mails and the like are masked.")
    )
    rows = [
        (_("Settings"), str(file.path.resolve())),
        (_("Store"), view.store.engine.url.render_as_string(hide_password=True)),
        (_("Own touchpoints, what was learned, keys"), str(settings.data.resolve())),
        (_("Model"), settings.model or _("the bundled one")),
        (_("Privacy"), raw),
    ]
    tables.table(
        [_("What"), _("Where")],
        [([escape(what), f"<code>{escape(where)}</code>"], False) for what, where in rows[:4]]
        + [([escape(what), escape(where)], False) for what, where in rows[4:]],
        text=2,
    )
