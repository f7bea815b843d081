"""How fresh every source is, a line each."""

from __future__ import annotations

from datetime import UTC, datetime
from html import escape

import streamlit as st

from dashboard import i18n, links, standing
from dashboard.i18n import _, ngettext
from dashboard.markup import filled
from dashboard.parts.shell import View
from store.runs import latest_runs

_FILES = 3
"""Imported files that are named."""

_SIGNS = {"good": "●", "late": "◐", "bad": "▲"}
_ORDER = ("bad", "late", "good")


def draw(view: View) -> None:
    """Draw a line for each source, those that are amiss first."""
    st.header(_("How fresh this is"), anchor=False)
    sources = links.href("sources", view.state.shared())
    lines, files = [*_night(view), *_collected(view)], _imported(view)
    if not lines and not files:
        text = _("Nothing was imported or collected yet: run {command}.")
        lines = [escape(text.format(command="simak import FILE --brand NAME"))]
    named = files[:_FILES]
    if len(files) > _FILES:
        n = len(files) - _FILES
        named.append(escape(ngettext("and {n} older file", "and {n} older files", n)))
    items = "".join(f"<li>{line}</li>" for line in [*lines, *named])
    about = _("All about the sources")
    more = f'<a href="{sources}">{escape(about)}</a>'
    st.html(f'<ul class="sm-fresh">{items}</ul><p class="sm-note">{more}</p>')


def _night(view: View) -> list[str]:
    now, zone = datetime.now(UTC), view.store.zone
    return [
        escape(" ".join(filter(None, standing.night(run, success, now, zone))))
        for run, success in latest_runs(view.store)
        if run.kind == standing.NIGHTLY
    ]


def _collected(view: View) -> list[str]:
    now = datetime.now(UTC)
    entries = {entry.name: entry for entry in view.settings.sources}
    latest = [pair for pair in latest_runs(view.store) if pair[0].kind == "collect"]
    found = []
    for run, success in latest:
        text, tone = standing.light(run, success, now, entries.get(run.source))
        when = _("never collected so far")
        if success:
            when = _("last collected {ago}", ago=i18n.ago(success, now))
        found.append((tone, _line(tone, text, run.source, when)))
    seen = {run.source for run, _success in latest}
    found += [
        ("late", _line("late", _("Waiting"), entry.name, standing.never(entry)))
        for entry in view.settings.sources
        if entry.name not in seen
    ]
    return [line for _tone, line in sorted(found, key=lambda one: _ORDER.index(one[0]))]


def _imported(view: View) -> list[str]:
    now = datetime.now(UTC)
    found = []
    for run, success in latest_runs(view.store):
        if run.kind == "import":
            text, tone = standing.light(run, success, now)
            when = _("imported {ago}", ago=i18n.ago(run.finished_at or run.started_at, now))
            found.append(_line(tone, text, run.source, when))
    return found


def _line(tone: str, text: str, source: str, when: str) -> str:
    return filled(
        "{light} {source} {when}",
        light=f'<span class="light {tone}">{_SIGNS[tone]} {escape(text)}</span>',
        source=f'<b dir="auto">{escape(source)}</b>',
        when=f"<span>{escape(when)}</span>",
    )
