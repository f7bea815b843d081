"""The parts of the Sources page: where the data comes from, and how far it can be trusted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from html import escape

import streamlit as st

from dashboard import i18n, standing
from dashboard.i18n import _, ngettext
from dashboard.labels import reason
from dashboard.parts import tables, words
from dashboard.parts.shell import View
from simak.settings import SourceSettings
from store.filter import Filter
from store.lists import count
from store.runs import Run, bad_records, latest_runs, runs
from store.tables import UNTAGGED

_RECENT = 50
_RECORD_CHARS = 500


def draw_night(view: View) -> None:
    """Say how the last night went, where there was one."""
    now = datetime.now(UTC)
    for run, success in latest_runs(view.store):
        if run.kind == standing.NIGHTLY:
            words.finding(*standing.night(run, success, now, view.store.zone))


def draw_waiting(view: View) -> None:
    """Say how many mentions carry no tag."""
    n = view.ask(count, Filter(sentiments=(UNTAGGED,))).n if view.brands else 0
    text = (
        ngettext(
            "{n} mention has no tag: deleted, without a text, or waiting for “simak tag”.",
            "{n} mentions have no tag: deleted, without a text, or waiting for “simak tag”.",
            n,
        )
        if n
        else _("No mention waits to be tagged.")
    )
    words.finding(text, count=n)


def draw_latest(view: View) -> list[Run]:
    """Draw the latest run of each source; returns these runs."""
    st.header(_("Where each source stands"), anchor=False)
    latest = [pair for pair in latest_runs(view.store) if pair[0].kind != standing.NIGHTLY]
    now = datetime.now(UTC)
    entries = {entry.name: entry for entry in view.settings.sources}
    found = "".join(
        _card(view, run, success, now, entries.get(run.source) if run.kind == "collect" else None)
        for run, success in latest
    )
    st.html(f'<div class="sm-grid">{found}</div>')
    seen = {run.source for run, _success in latest if run.kind == "collect"}
    silent = [
        entry
        for entry in view.settings.sources
        if entry.name not in seen and (view.may_collect or entry.brand in view.brands)
    ]
    for entry in silent:
        words.alert(standing.never(entry))
    if not latest and not silent and not view.may_collect:
        words.note(_("No run of your brands' sources is on record."))
    elif not latest and not silent:
        text = _("Nothing was imported or collected yet: run {command}.")
        words.note(text.format(command="simak import FILE --brand NAME"))
    return [run for run, _success in latest]


def draw_recent(view: View) -> None:
    """Draw the latest runs, and the records that one of them could not read."""
    recent = runs(view.store, limit=_RECENT)
    if not recent:
        return
    now, zone = datetime.now(UTC), view.store.zone
    st.header(_("Recent runs"), anchor=False)
    tables.table(
        [
            _("Source"),
            _("What"),
            _("Began"),
            _("Result"),
            _("Received"),
            _("New"),
            _("Edited"),
            _("Unchanged"),
            _("Skipped"),
        ],
        [
            (
                [
                    escape(run.source),
                    escape(standing.done(run)),
                    f'<span class="day">{escape(_when(view, run.started_at))}</span>',
                    escape(standing.result(run, now, zone)),
                    *(
                        i18n.number(n)
                        for n in (
                            run.got,
                            run.new,
                            run.edited,
                            run.unchanged,
                            sum(run.skipped.values()),
                        )
                    ),
                ],
                False,
            )
            for run in recent
        ],
        text=4,
    )
    _draw_bad(view, [run for run in recent if run.skipped])


def _draw_bad(view: View, runs: Sequence[Run]) -> None:
    if not runs:
        return
    st.header(_("Records that could not be read"), anchor=False)
    by_id = {run.id: run for run in runs}
    chosen = st.selectbox(
        _("Run"),
        tuple(by_id),
        format_func=lambda id: (
            f"{by_id[id].source} · "
            f"{_when(view, by_id[id].started_at)} · "
            f"{i18n.number(sum(by_id[id].skipped.values()))}"
        ),
    )
    records = bad_records(view.store, chosen)
    if not records:
        text = _("The records themselves were not kept.")
        words.note(text)
        return
    tables.table(
        [_("Reason"), _("Record")],
        [
            ([escape(reason(key)), f"<code>{escape(text[:_RECORD_CHARS])}</code>"], False)
            for key, text in records
        ],
        text=2,
    )


def _when(view: View, at: datetime) -> str:
    return i18n.moment(at, view.store.zone)


def _card(
    view: View, run: Run, success: datetime | None, now: datetime, entry: SourceSettings | None
) -> str:
    text, tone = standing.light(run, success, now, entry)
    sign = {"good": "●", "late": "◐", "bad": "▲"}[tone]
    zone = view.store.zone
    lines = [
        f'<div class="head"><span class="light {tone}">{sign} {escape(text)}</span>'
        f"<b>{escape(run.source)}</b><span>{escape(standing.done(run, entry))} "
        f"{escape(i18n.moment(run.finished_at or run.started_at, zone))}</span></div>",
        f"<div>{escape(standing.got(run, entry))}</div>",
        _line(_("Asked for"), run.asked),
    ]
    if run.skipped:
        reasons = "; ".join(f"{reason(key)} ({i18n.number(n)})" for key, n in run.skipped.items())
        lines.append(_line(_("Skipped"), reasons))
    lines += [_line(_("Note"), note) for note in run.notes]
    waits = standing.is_waiting(run, now)
    if run.error:
        lines.append(_line(_("Why it waits") if waits else _("Error"), run.error))
    if run.retry_at:
        title = _("Waits until") if waits else _("Try again from")
        lines.append(_line(title, i18n.moment(run.retry_at, zone)))
    if run.quota_left is not None:
        lines.append(_line(_("Quota left"), i18n.number(run.quota_left)))
    when = (
        f"{i18n.moment(success, zone)} ({i18n.ago(success, now)})" if success else _("never so far")
    )
    lines.append(_line(_("Last success"), when))
    card = "negative" if tone == "bad" else "neutral"
    return f'<article class="sm-card {card}">{"".join(lines)}</article>'


def _line(title: str, text: str) -> str:
    return f'<div><b>{escape(title)}:</b> <span dir="auto">{escape(text)}</span></div>'
