"""When somebody is there to answer, and from when a complaint counts as unanswered."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard.i18n import _
from dashboard.parts.configuring import saving
from simak.settings_file import SettingsFile

if TYPE_CHECKING:
    from dashboard.parts.shell import View


def draw(view: View, file: SettingsFile) -> None:
    """Draw the form."""
    hours = view.settings.business_hours
    hours_key, days_key = f"hours_{file.stamp}", f"days_{file.stamp}"
    with st.form("answering", border=False):
        st.text_input(
            _("Business hours (optional)"),
            hours.text if hours else "",
            key=hours_key,
            placeholder="Mon-Fri 09:00-17:00, Sat 09:00-13:00",
            help=_(
                "Waits for a reply are counted in these hours too. Days are Mon, Tue, Wed, Thu, "
                "Fri, Sat, Sun; the clock is that of {zone}.",
                zone=view.settings.timezone,
            ),
        )
        st.number_input(
            _("Days without a reply until a complaint counts as unanswered"),
            min_value=1,
            max_value=365,
            value=view.settings.unanswered_after_days,
            key=days_key,
        )
        st.form_submit_button(
            _("Save"), type="primary", on_click=_save,
            args=(view, file.stamp, hours_key, days_key),
        )  # fmt: skip
    saving.where(file, _("Changes business_hours and unanswered_after_days in [response]."))


def _save(view: View, stamp: str, hours_key: str, days_key: str) -> None:
    hours = str(st.session_state[hours_key]).strip()
    days = int(st.session_state[days_key])

    def change(file: SettingsFile) -> None:
        if hours or file.get("response", "business_hours") is not None:
            file.put("response", "business_hours", hours or None)
        if days != view.settings.unanswered_after_days:
            file.put("response", "unanswered_after_days", days)

    saving.save(view, stamp, change, typed=hours)
