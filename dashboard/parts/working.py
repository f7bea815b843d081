"""A job at work and how it ended, on any page, for every reader."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from dashboard import i18n, member
from dashboard.i18n import N_, _, ngettext
from dashboard.jobs import CANCELLED, DONE, Job, Progress, Step, jobs
from dashboard.parts import outcomes, words
from simak.errors import StoreBusy

if TYPE_CHECKING:
    from dashboard.parts.shell import View

EVERY_SECONDS = 1.0

_SHOWN_FOR = timedelta(hours=1)
_SEEN, _REFUSED = "job_seen", "job_refused"

TAG = Step(("tag",), N_("Tagging the texts"))
THEMES = Step(("themes",), N_("Finding the themes"))

_CSS = """
<style>
.sm-busy { height: .5rem; border-radius: .25rem; overflow: hidden; margin: .3rem 0 .6rem;
  background: var(--neu-soft); }
.sm-busy i { display: block; height: 100%; width: 30%; background: var(--pos);
  animation: sm-busy 1.6s ease-in-out infinite alternate; }
@keyframes sm-busy { from { margin-left: 0; } to { margin-left: 70%; } }
@media (prefers-reduced-motion: reduce) { .sm-busy i { animation: none; width: 100%;
  opacity: .5; } }
.stApp ol.sm-jobsteps { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem;
  padding: 0; margin: .2rem 0;
  list-style: none; font-size: .92rem; color: var(--quiet); }
.stApp .sm-jobsteps li { margin: 0; }
.sm-jobsteps .now { font-weight: 650; color: var(--pos); }
</style>
"""


def start(view: View, kind: str, steps: Sequence[Step]) -> None:
    """Begin a job; for callbacks."""
    begin(view, kind, steps)


def begin(
    view: View, kind: str, steps: Sequence[Step], *, clean: Callable[[], None] | None = None
) -> bool:
    """Begin a job; returns False where another is at work, which the next page says.

    Args:
        clean: called when the job has ended, and not where it does not begin.
    """
    try:
        email = member.email(view.settings)
        jobs().start(view.settings, kind, steps, clean=clean, member=email)
    except StoreBusy:
        st.session_state[_REFUSED] = True
        return False
    return True


def draw(view: View) -> bool:
    """Draw the job at work, or how the last one ended; returns whether one is at work."""
    if st.session_state.pop(_REFUSED, False):
        words.alert(_("Something else is at work on this store: wait until it ends."))
    job = jobs().last(view.settings)
    if job is None or not view.may_collect:  # its outcome may be of another's brands
        return False
    if job.running:
        _watch(job)
        return True
    ended = job.standing.ended_at
    fresh = ended is not None and datetime.now(UTC) - ended < _SHOWN_FOR
    if fresh and st.session_state.get(_SEEN) != job.started_at:
        _draw_outcome(view, job)
    return False


def _watch(job: Job) -> None:
    language = i18n.language()

    @st.fragment(run_every=EVERY_SECONDS)
    def look() -> None:
        i18n.use(language)  # the fragment alone is run again
        if not job.running:
            st.rerun()
        _draw_running(job)

    look()


def _draw_running(job: Job) -> None:
    now = job.standing
    st.html(_CSS)
    with st.container(border=True):
        shown = "".join(_step(place, step, now.step) for place, step in enumerate(job.steps))
        st.html(f'<ol class="sm-jobsteps">{shown}</ol>')
        title = _(job.steps[now.step].title)
        progress = now.progress
        if progress is not None and progress.total:
            part = min(1.0, progress.done / progress.total)
            st.progress(part, text=f"{title}: {_counted(progress)} ({i18n.percent(part)})")
        else:
            said = f"{title}: {_counted(progress)}" if progress and progress.done else f"{title} …"
            st.html(
                f'<p class="sm-note" role="status">{escape(said)}</p>'
                f'<div class="sm-busy" role="progressbar" aria-label="{escape(title)}">'
                "<i></i></div>"
            )
        st.button(
            _("Cancel"),
            key="job_cancel",
            icon=":material/stop_circle:",
            on_click=job.cancel,
            help=_("What was stored stays; the next run goes on from there."),
        )


def _step(place: int, step: Step, now: int) -> str:
    sign = "✓" if place < now else "●" if place == now else "○"
    current = ' class="now" aria-current="step"' if place == now else ""
    return f"<li{current}>{sign} {escape(_(step.title))}</li>"


def _counted(progress: Progress) -> str:
    if progress.total:
        return _(
            "{done} of {total}",
            done=i18n.number(progress.done),
            total=i18n.number(progress.total),
        )
    if progress.unit == "rows":
        return ngettext("{n} row read", "{n} rows read", progress.done)
    return ngettext("{n} record received", "{n} records received", progress.done)


def _draw_outcome(view: View, job: Job) -> None:
    now = job.standing
    with st.container(border=True):
        if now.state == DONE:
            words.finding("✓ " + _("Done."), " ".join(outcomes.said(now.results)))
            examples = "".join(outcomes.marked(now.results))
            if examples:
                st.html(examples)
        elif now.state == CANCELLED:
            words.finding(
                "■ " + _("Stopped."),
                _("What was stored stays, and nothing is lost: the next run goes on from there."),
            )
        else:
            title = _(job.steps[now.step].title)
            words.finding(
                "▲ " + _("This went wrong: {step}.", step=title), _(now.error) if now.error else ""
            )
        with st.container(horizontal=True):
            if now.state != DONE and TAG in job.steps[now.step :] and view.brands:
                st.button(
                    _("Tag what waits"),
                    key="job_tag",
                    type="primary",
                    on_click=start,
                    args=(view, "tag", [TAG]),
                )
            if now.state == DONE and outcomes.asks_for_tags(now.results):
                st.button(
                    _("Tag again"), key="job_retag", type="primary", on_click=start,
                    args=(view, "tag", [TAG]),
                )  # fmt: skip
            if now.state == DONE and job.steps[-1] == TAG:
                st.page_link(
                    "views/reputation.py",
                    label=_("See how the reputation moves"),
                    icon=":material/monitoring:",
                    query_params=view.state.shared().query(),
                )
                st.button(
                    _("Find the themes"),
                    key="job_themes",
                    help=_("What complaints and praise are about, in their own words: minutes."),
                    on_click=start,
                    args=(view, "themes", [THEMES]),
                )
            st.button(_("Close"), key="job_close", on_click=_seen, args=(job,))


def _seen(job: Job) -> None:
    st.session_state[_SEEN] = job.started_at
