"""For how long texts are kept, of all and of each source, and what the next night erases."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from dashboard.i18n import _, ngettext
from dashboard.jobs import CommandFailed, ask
from dashboard.parts import fields, tables, words
from dashboard.parts.configuring import saving
from simak.settings import Settings
from simak.settings_file import SettingsFile
from store.engine import Store
from store.expiry import LIFETIME

if TYPE_CHECKING:
    from dashboard.parts.shell import View

_EVERY = ""
"""In place of a source's name."""


def draw(view: View, file: SettingsFile) -> None:
    """Draw what goes next, the table, and the form."""
    settings = view.settings
    own = {entry.name: entry.retention_days for entry in settings.sources}
    ends = any(days is not None for days in (settings.retention_days, *own.values()))
    words.finding(
        _goes(view)[0] if ends else _("Texts are kept for ever."),
        _(
            "A text older than it is kept is erased with its versions, author, address and reply; "
            "its day, stars and labels stay, so that no count changes."
        ),
    )
    _draw_table(settings)
    _draw_form(view, file, {_EVERY: settings.retention_days, **own})
    saving.where(file, _("Changes retention_days in [privacy] or in a [[source]]."))


def _draw_table(settings: Settings) -> None:
    every = _lasting(settings.retention_days)
    rows = [[_("All texts"), "", every]]
    for entry in settings.sources:
        own = _("as all: {time}", time=every)
        if entry.retention_days is not None:
            own = _lasting(entry.retention_days)
        rows.append([entry.name, entry.brand, own])
    tables.table(
        [_("Source"), _("Brand"), _("Kept for")],
        [([f'<span dir="auto">{escape(cell)}</span>' for cell in row], False) for row in rows],
        text=3,
    )


def _draw_form(view: View, file: SettingsFile, kept: dict[str, int | None]) -> None:
    left, right = st.columns(2)
    chosen = left.selectbox(
        _("Texts of"),
        tuple(kept),
        key="retention_of",
        format_func=lambda name: name or _("all sources"),
    )
    key = f"retention_{file.stamp}_{chosen}"
    st.session_state.setdefault(key, kept[chosen])  # as its value it could not be emptied
    days = right.number_input(
        _("Days that they are kept"),
        min_value=1,
        max_value=max(LIFETIME, kept[chosen] or 0),
        value=None,
        step=1,
        key=key,
        placeholder=_("as long as all") if chosen else _("for ever"),
        help=_("Empty: a source's as long as all, all for ever. A source's own time goes first."),
    )
    if days == kept[chosen]:
        return
    of = ("--source", chosen) if chosen else ()
    text, something = _goes(view, "--days", str(days or 0), *of)
    (fields.say if something else words.alert)(_("Once saved: {text}", text=text))
    with st.popover(_("Save"), type="primary", key=f"retention-ask_{file.stamp}"):
        words.note(_("What is erased stays erased, even if more days are set later."))
        st.button(
            _("Yes: save these days"),
            key=f"retention_save_{file.stamp}",
            on_click=_save,
            args=(view, file.stamp, chosen, days),
        )


def _save(view: View, stamp: str, source: str, days: int | None) -> None:
    def change(file: SettingsFile) -> None:
        if source:
            file.put_source(source, "retention_days", days)
        else:
            file.put("privacy", "retention_days", days)

    saving.save(view, stamp, change, typed="" if days is None else days)


def _goes(view: View, *arguments: str) -> tuple[str, bool]:
    """Say how much the next night erases, and whether that is anything, or not known.

    Args:
        arguments: of `simak erase --expired --dry-run`, where it is to count with other days.
    """
    try:
        with st.spinner(_("Counting what would be erased")):
            mentions, unread = view.ask(_counted, view.settings, arguments)
    except CommandFailed as error:
        return _("It cannot be counted: {error}", error=str(error)), True
    told = []
    if mentions:
        told.append(
            ngettext(
                "The next night erases the text of {n} mention.",
                "The next night erases the texts of {n} mentions.",
                mentions,
            )
        )
    if unread:
        told.append(
            ngettext(
                "The next night erases {n} record that could not be read.",
                "The next night erases {n} records that could not be read.",
                unread,
            )
        )
    if not told:
        return _("The next night erases nothing by its age."), False
    return " ".join([*told, _("Erased texts cannot be brought back.")]), True


def _counted(_store: Store, settings: Settings, arguments: Sequence[str]) -> tuple[int, int]:
    """Return how many mentions and unread records would be erased now."""
    found = ask(settings, ("erase", "--expired", "--dry-run", *arguments))["expired"]
    return found["mentions"], found["bad_records"]


def _lasting(days: int | None) -> str:
    return _("for ever") if days is None else ngettext("{n} day", "{n} days", days)
