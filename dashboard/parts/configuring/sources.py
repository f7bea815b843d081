"""The sources of simak.toml without their secrets: whether they are on, their limits, how they
stand; one more."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from html import escape
from typing import TYPE_CHECKING, Any

import streamlit as st

from dashboard import i18n, standing
from dashboard.i18n import N_, _, ngettext
from dashboard.jobs import Step
from dashboard.parts import tables, words, working
from dashboard.parts.configuring import adding, saving
from dashboard.parts.configuring.kinds import KINDS, OPT_IN
from simak.secrets import is_reference
from simak.settings import SourceSettings
from simak.settings_file import SettingsFile, is_secret
from store.runs import latest_runs

if TYPE_CHECKING:
    from dashboard.parts.shell import View

_SHARED = ("name", "type", "brand", "enabled", "max_items", "max_minutes")
_COLLECT, _CHECK = N_("Collecting"), N_("Trying the source")
_HIDDEN = "••••••"


def draw(view: View, file: SettingsFile) -> None:
    """Draw the table, one source to change, and the form of a new one."""
    entries = view.settings.sources
    words.finding(
        ngettext("{n} source is set up.", "{n} sources are set up.", len(entries))
        if entries
        else _("No source is set up yet."),
        _("Where the mentions come from by themselves: every night, or when you collect."),
    )
    if entries:
        _draw_table(view)
        chosen = st.selectbox(_("Source"), [entry.name for entry in entries], key="source")
        entry = next(entry for entry in entries if entry.name == chosen)
        _draw_one(view, file, entry)
    st.header(_("Add a source"), anchor=False)
    adding.draw(view, file, job="collect")


def _draw_table(view: View) -> None:
    latest = {
        run.source: (run, success)
        for run, success in latest_runs(view.store)
        if run.kind == "collect"
    }
    now, zone = datetime.now(UTC), view.store.zone
    rows = []
    for entry in view.settings.sources:
        state, when = _("never collected"), "–"
        if not is_on(entry):
            state = _("Turned off")
        if entry.name in latest:
            run, success = latest[entry.name]
            state = standing.light(run, success, now, entry)[0]
            when = i18n.moment(success, zone) if success else _("never so far")
        kind = KINDS.get(entry.type)
        rows.append(
            (
                [
                    escape(entry.name),
                    escape(_(kind.title) if kind else entry.type),
                    escape(entry.brand),
                    escape(state),
                    f'<span class="day">{escape(when)}</span>',
                ],
                False,
            )
        )
    tables.table([_("Name"), _("Kind"), _("Brand"), _("State"), _("Last success")], rows, text=5)


def _draw_one(view: View, file: SettingsFile, entry: SourceSettings) -> None:
    written = next(one for one in file.entries("source") if one["name"] == entry.name)
    rows = options(written)
    if rows:
        tables.table(
            [_("Option"), _("Value")],
            [([escape(key), f"<code>{escape(value)}</code>"], False) for key, value in rows],
            text=2,
        )
    if entry.error is not None:
        words.alert(str(entry.error))
    key = f"{file.stamp}_{entry.name}"
    with st.form(f"source_{key}", border=False):
        st.toggle(
            _("Collect from it"),
            is_on(entry),
            key=f"on_{key}",
            help=_("Unofficial sources are collected only where this is said in the file."),
        )
        places = st.columns(2)
        places[0].number_input(
            _("Records that one run takes at most"),
            min_value=1,
            value=entry.max_items,
            step=1_000,
            key=f"items_{key}",
        )
        places[1].number_input(
            _("Minutes that one run takes at most"),
            min_value=1.0,
            value=float(entry.max_minutes),
            step=5.0,
            format="%.0f",
            key=f"minutes_{key}",
        )
        st.form_submit_button(
            _("Save"), type="primary", on_click=_save, args=(view, file.stamp, entry, key)
        )
    saving.where(file, _("Changes this [[source]]; its other options are changed in the file."))
    with st.container(horizontal=True):
        st.button(
            _("Try it"),
            key="source_try",
            help=_("Asks for the first page and stores nothing."),
            on_click=working.start,
            args=(view, "check", [Step(("sources", "check", entry.name), _CHECK)]),
        )
        st.button(
            _("Collect now"),
            key="source_collect",
            on_click=working.start,
            args=(view, "collect", [Step(("collect", entry.name), _COLLECT), working.TAG]),
        )
        with st.popover(_("Remove")):
            words.note(_("Its mentions stay; only the entry in the file goes."))
            st.button(
                _("Remove it"),
                key="source_remove",
                on_click=_remove,
                args=(view, file.stamp, entry.name),
            )


def is_on(entry: SourceSettings) -> bool:
    """Whether a source is collected."""
    return entry.type not in OPT_IN if entry.enabled is None else entry.enabled


def options(written: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the options of a source as they are written; a secret that stands there is hidden.

    Example:
        >>> options({"name": "x", "key": "abc", "client_id": "env:ID", "search": ["a", "b"]})
        [('key', '••••••'), ('client_id', 'env:ID'), ('search', 'a, b')]
    """
    shown = []
    for key, value in written.items():
        if key in _SHARED:
            continue
        text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
        if is_secret(key) and not is_reference(text):
            text = _HIDDEN
        shown.append((key, text))
    return shown


def _save(view: View, stamp: str, entry: SourceSettings, key: str) -> None:
    enabled = bool(st.session_state[f"on_{key}"])
    items = int(st.session_state[f"items_{key}"])
    minutes = float(st.session_state[f"minutes_{key}"])

    def change(file: SettingsFile) -> None:
        if enabled != is_on(entry):
            file.put_source(entry.name, "enabled", enabled)
        if items != entry.max_items:
            file.put_source(entry.name, "max_items", items)
        if minutes != entry.max_minutes:
            file.put_source(
                entry.name, "max_minutes", int(minutes) if minutes.is_integer() else minutes
            )

    saving.save(view, stamp, change)


def _remove(view: View, stamp: str, name: str) -> None:
    saving.save(view, stamp, lambda file: file.remove("source", name))
