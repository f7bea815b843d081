"""The parts of the Sources page: where the data comes from, and how far it can be trusted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from html import escape

import streamlit as st

from dashboard import i18n
from dashboard.i18n import N_, _, ngettext
from dashboard.labels import name, reason
from dashboard.parts import tables, words
from dashboard.parts.shell import View
from store.runs import DONE, FAILED, INTERRUPTED, RUNNING, Run

FRESH = timedelta(hours=36)
STALE = timedelta(days=7)
"""A source that is collected is fresh, late or stale by the time since its last success."""

_RECENT = 50
_RECORD_CHARS = 500

_KINDS = {"collect": N_("collected"), "import": N_("imported"), "tag": N_("tagged")}
_STATUSES = {
    RUNNING: N_("running"),
    DONE: N_("done"),
    FAILED: N_("failed"),
    INTERRUPTED: N_("interrupted"),
}


def light(run: Run, success: datetime | None, now: datetime) -> tuple[str, str]:
    """Return how fresh a source is, in words, and `good`, `late` or `bad`."""
    if run.status == RUNNING:
        return _("At work"), "good"
    if run.status == FAILED:
        return _("Failed"), "bad"
    if run.status == INTERRUPTED:
        return _("Interrupted"), "bad"
    if run.kind != "collect":
        return _("Complete"), "good"
    age = now - success if success else None
    if age is None or age > STALE:
        return _("Stale"), "bad"
    return (_("Fresh"), "good") if age <= FRESH else (_("Late"), "late")


def got(run: Run) -> str:
    """Say what a run brought; nothing collected is never told as nothing said."""
    if run.kind == "tag":
        return ngettext("{n} mention tagged.", "{n} mentions tagged.", run.new or run.got)
    if run.got:
        return ngettext(
            "{n} record received: {new} new, {edited} edited, {unchanged} unchanged, "
            "{deleted} deleted.",
            "{n} records received: {new} new, {edited} edited, {unchanged} unchanged, "
            "{deleted} deleted.",
            run.got,
            new=i18n.number(run.new),
            edited=i18n.number(run.edited),
            unchanged=i18n.number(run.unchanged),
            deleted=i18n.number(run.deleted),
        )
    if run.status == DONE and run.kind == "import":
        return _("The file holds no record.")
    if run.status == DONE:
        return _("The source answered and had nothing new: nothing was said there since.")
    if run.status == RUNNING:
        return _("Nothing received so far.")
    return _("Nothing was collected. That does not mean that nothing was said.")


def draw_waiting(view: View) -> None:
    """Say how many mentions carry no tag."""
    n = view.queries.untagged() if view.brands else 0
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
    latest, now = view.queries.latest_runs(), datetime.now(UTC)
    found = "".join(_card(view, run, success, now) for run, success in latest)
    st.html(f'<div class="sm-grid">{found}</div>')
    seen = {run.source for run, _success in latest if run.kind == "collect"}
    silent = [source.name for source in view.settings.sources if source.name not in seen]
    for source in silent:
        text = _(
            "{source} is set up and was never collected: run {command}.",
            source=source,
            command=f"simak collect {source}",
        )
        words.alert(text)
    if not latest and not silent:
        text = _("Nothing was imported or collected yet: run {command}.")
        words.note(text.format(command="simak import FILE --brand NAME"))
    return [run for run, _success in latest]


def draw_recent(view: View) -> None:
    """Draw the latest runs, and the records that one of them could not read."""
    recent = view.queries.runs(_RECENT)
    if not recent:
        return
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
                    escape(name(_KINDS, run.kind)),
                    f'<span class="day">{escape(_when(view, run.started_at))}</span>',
                    escape(name(_STATUSES, run.status)),
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
            f"{i18n.moment(by_id[id].started_at, view.queries.store.zone)} · "
            f"{i18n.number(sum(by_id[id].skipped.values()))}"
        ),
    )
    records = view.queries.bad_records(chosen)
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
    return i18n.moment(at, view.queries.store.zone)


def _card(view: View, run: Run, success: datetime | None, now: datetime) -> str:
    text, tone = light(run, success, now)
    sign = {"good": "●", "late": "◐", "bad": "▲"}[tone]
    zone = view.queries.store.zone
    lines = [
        f'<div class="head"><span class="light {tone}">{sign} {escape(text)}</span>'
        f"<b>{escape(run.source)}</b><span>{escape(name(_KINDS, run.kind))} "
        f"{escape(i18n.moment(run.finished_at or run.started_at, zone))}</span></div>",
        f"<div>{escape(got(run))}</div>",
        _line(_("Asked for"), run.asked),
    ]
    if run.skipped:
        reasons = "; ".join(f"{reason(key)} ({i18n.number(n)})" for key, n in run.skipped.items())
        lines.append(_line(_("Skipped"), reasons))
    lines += [_line(_("Note"), note) for note in run.notes]
    if run.error:
        lines.append(_line(_("Error"), run.error))
    if run.retry_at:
        lines.append(_line(_("Try again from"), i18n.moment(run.retry_at, zone)))
    when = (
        f"{i18n.moment(success, zone)} ({i18n.ago(success, now)})" if success else _("never so far")
    )
    lines.append(_line(_("Last success"), when))
    card = "negative" if tone == "bad" else "neutral"
    return f'<article class="sm-card {card}">{"".join(lines)}</article>'


def _line(title: str, text: str) -> str:
    return f'<div><b>{escape(title)}:</b> <span dir="auto">{escape(text)}</span></div>'
