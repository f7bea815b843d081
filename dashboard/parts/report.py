"""The download of the week as a report; a page that offers it calls `draw`."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from dashboard import i18n, member
from dashboard.i18n import N_, _
from dashboard.parts import words
from dashboard.parts.shell import View
from dashboard.report import FORMATS, MIME, Format, file_name, report
from insights.brief import brief, week_of
from simak.errors import ConfigurationError
from simak.taxonomy import INTERFACE_LANGUAGES

_NAMES: dict[Format, str] = {
    "pdf": "PDF",
    "pptx": "PowerPoint (PPTX)",
    "xlsx": "Excel (XLSX)",
    "html": N_("Web page (HTML)"),
    "md": N_("Text (Markdown)"),
}
_LANGUAGES = {"id": "Bahasa Indonesia", "en": "English"}
"""Each in its own words, so that everybody finds theirs."""


def draw(view: View) -> None:
    """Offer the last whole week of the brand as a file, in the format and language chosen.

    The file is made when it is asked for: a page that nobody downloads from pays nothing.
    """
    st.header(_("The week to hand on"), anchor=False)
    if len(view.filter.brands) != 1:
        words.note(_("A report is about one brand: choose one."))
        return
    brand = view.filter.brands[0]
    try:
        since, until = week_of(view.queries.store, brand)
    except ConfigurationError:
        words.note(_("There is no dated mention of {brand}, so no week to report.", brand=brand))
        return
    words.note(
        _(
            "{brand}, {days}: the last whole week, with charts, intervals and customers’ words.",
            brand=brand,
            days=i18n.days(since, until),
        )
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        format = st.selectbox(
            _("Format"),
            FORMATS,
            format_func=lambda key: _(_NAMES[key]),
            key="w_report_format",
            width=220,
        )
        language = st.selectbox(
            _("Language of the report"),
            INTERFACE_LANGUAGES,
            index=INTERFACE_LANGUAGES.index(i18n.language()),
            format_func=_LANGUAGES.__getitem__,
            key="w_report_language",
            width=220,
        )
        st.download_button(
            _("Download the week"),
            data=maker(view, brand, format, language),
            file_name=file_name(brand, since, format),
            mime=MIME[format],
            icon=":material/download:",
            on_click="ignore",
            key="w_report",
        )


def maker(view: View, brand: str, format: Format, language: str) -> Callable[[], bytes]:
    """Return what makes the file. It runs after the page is drawn, in a thread of its own."""

    record = member.recorder(view.settings)

    def make() -> bytes:
        i18n.use(language)
        record("exported", {"what": "report", "form": format, "brand": brand})
        after = view.settings.unanswered_after_days
        found = brief(view.queries.store, view.taxonomy, brand, after_days=after)
        return report(found, view.taxonomy, format)

    return make
