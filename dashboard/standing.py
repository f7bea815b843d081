"""How a source and a night stand, in words; nothing collected is never told as nothing said."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from dashboard import i18n
from dashboard.i18n import N_, _, ngettext
from dashboard.labels import name
from simak.settings import SourceSettings
from store.runs import DONE, FAILED, FRESH, INTERRUPTED, RUNNING, STALE, Run

NIGHTLY = "nightly"
"""Kind of the run that `simak nightly` keeps of a whole night."""

WEBHOOK = "webhook"
"""Type of the sources that are not collected: their service sends to `simak serve-webhooks`."""

_KINDS = {
    "collect": N_("collected"),
    "import": N_("imported"),
    "tag": N_("tagged"),
    NIGHTLY: N_("a whole night"),
}
_STATUSES = {
    RUNNING: N_("running"),
    DONE: N_("done"),
    FAILED: N_("failed"),
    INTERRUPTED: N_("interrupted"),
}


def is_waiting(run: Run, now: datetime) -> bool:
    """Whether the run ended because its service said to come back later, and it is not yet."""
    return run.status == FAILED and run.retry_at is not None and run.retry_at > now


def light(
    run: Run, success: datetime | None, now: datetime, entry: SourceSettings | None = None
) -> tuple[str, str]:
    """Return how fresh a source is, in words, and `good`, `late` or `bad`.

    Args:
        entry: what the settings say of it, where they do.
    """
    if run.status == RUNNING:
        return _("At work"), "good"
    if entry is not None and entry.enabled is False:
        return _("Turned off"), "late"
    if is_waiting(run, now):
        return _("Waits"), "late"
    if run.status == FAILED:
        return _("Failed"), "bad"
    if run.status == INTERRUPTED:
        return _("Interrupted"), "bad"
    if run.kind != "collect":
        return _("Complete"), "good"
    age = now - success if success else None
    if entry is not None and entry.type == WEBHOOK and (age is None or age > FRESH):
        return _("Nothing received lately"), "late"  # it cannot be seen whether all is well
    if age is None or age > STALE:
        return _("Stale"), "bad"
    return (_("Fresh"), "good") if age <= FRESH else (_("Late"), "late")


def got(run: Run, entry: SourceSettings | None = None) -> str:
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
    if run.status == DONE and entry is not None and entry.type == WEBHOOK:
        return _("Its service sent nothing that a customer said.")
    if run.status == DONE:
        return _("The source answered and had nothing new: nothing was said there since.")
    if run.status == RUNNING:
        return _("Nothing received so far.")
    return _("Nothing was collected. That does not mean that nothing was said.")


def done(run: Run, entry: SourceSettings | None = None) -> str:
    """Say what was done: collected, received, imported …"""
    sent = entry is not None and entry.type == WEBHOOK
    return _("received") if sent else name(_KINDS, run.kind)


def result(run: Run, now: datetime, zone: ZoneInfo) -> str:
    """Say how a run ended."""
    if is_waiting(run, now) and run.retry_at is not None:
        return _("waits until {when}", when=i18n.moment(run.retry_at, zone))
    return name(_STATUSES, run.status)


def never(entry: SourceSettings) -> str:
    """Say of a source without a run what it waits for."""
    if entry.enabled is False:
        return _("{source} is turned off in the settings.", source=entry.name)
    if entry.type == WEBHOOK:
        return _(
            "{source} is set up and has received nothing yet: its service sends to {command}, "
            "which must be running.",
            source=entry.name,
            command="simak serve-webhooks",
        )
    return _(
        "{source} is set up and was never collected: run {command}.",
        source=entry.name,
        command=f"simak collect {entry.name}",
    )


def night(run: Run, success: datetime | None, now: datetime, zone: ZoneInfo) -> tuple[str, str]:
    """Say how a night went, and what was amiss or is to be done."""
    at = run.finished_at or run.started_at
    times = {"when": i18n.moment(at, zone), "ago": i18n.ago(at, now)}
    if run.status == DONE:
        further = ""
        if now - at > FRESH:
            further = _(
                "There was none since: is {command} still running?", command="simak schedule"
            )
        text = ngettext(
            "● The last night ended {when} ({ago}): all went well, {n} new mention.",
            "● The last night ended {when} ({ago}): all went well, {n} new mentions.",
            run.new,
            **times,
        )
        return text, further
    good = ""
    if success is not None:
        good = _("The last one that went well ended {when}.", when=i18n.moment(success, zone))
    if run.status == RUNNING:
        return _("◐ A night began {when} ({ago}) and has not ended.", **times), good
    if run.status == INTERRUPTED:
        return _("▲ A night was interrupted; that was noticed {when} ({ago}).", **times), good
    text = ngettext(
        "▲ The last night ended {when} ({ago}): not all went well, {n} new mention.",
        "▲ The last night ended {when} ({ago}): not all went well, {n} new mentions.",
        run.new,
        **times,
    )
    why = f"{run.error.rstrip('.')}." if run.error else ""
    return text, f"{why} {good}".strip()
