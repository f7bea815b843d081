"""Findings in words, with their numbers: what a reader takes away before any chart."""

from __future__ import annotations

from dashboard import i18n
from dashboard.charts import units
from dashboard.i18n import _, ngettext
from dashboard.labels import touchpoint as touchpoint_name
from insights.reputation import Reputation
from insights.touchpoints import TouchpointRow, Touchpoints
from insights.values import MIN_N, Value
from simak.taxonomy import Taxonomy
from store.copies import Repeats

_NAMED = 3
"""Touchpoints a sentence names."""

_CLEAR = 0.05


def is_clear(change: Value | None) -> bool:
    """Whether the change's interval lies on one side of zero."""
    if change is None or change.low is None or change.high is None:
        return False
    return change.low > 0 or change.high < 0


def has_moved(row: TouchpointRow) -> bool:
    """Whether its share of the complaints clearly changed, for all touchpoints looked at."""
    return row.change_p is not None and row.change_p < _CLEAR


def complaints(result: Reputation) -> str:
    """Say how the complaint rate stands and whether it moved."""
    now = result.now["complaint_rate"]
    if now.value is None:
        return _("None of these mentions is tagged yet, so nothing can be said of complaints.")
    if not now.enough:
        return ngettext(
            "Only {n} tagged mention: too few to speak of a rate (at least {least}).",
            "Only {n} tagged mentions: too few to speak of a rate (at least {least}).",
            now.n,
            least=MIN_N,
        )
    figures = {
        "now": i18n.percent(now.value),
        "low": i18n.percent(now.low or 0),
        "high": i18n.percent(now.high or 0),
        "n": i18n.number(now.n),
    }
    before = result.before["complaint_rate"] if result.before else None
    if before is None or before.value is None:
        return _(
            "{now} of what is said is a complaint (95% interval {low}–{high}, n = {n}).", **figures
        )
    figures |= {"before": i18n.percent(before.value), "days": i18n.number(_days(result))}
    if not before.enough:
        return _(
            "{now} of what is said is a complaint (95% interval {low}–{high}, n = {n}); the "
            "{days} days before hold too few mentions to compare with.",
            **figures,
        )
    if not is_clear(result.change.get("complaint_rate")):
        return _(
            "Complaints stand at {now} (95% interval {low}–{high}, n = {n}): no clear change from "
            "{before} in the {days} days before.",
            **figures,
        )
    if now.value > before.value:
        return _(
            "Complaints rose from {before} to {now} (95% interval {low}–{high}, n = {n}) compared "
            "with the {days} days before.",
            **figures,
        )
    return _(
        "Complaints fell from {before} to {now} (95% interval {low}–{high}, n = {n}) compared "
        "with the {days} days before.",
        **figures,
    )


def behind(result: Touchpoints, taxonomy: Taxonomy) -> str:
    """Say which touchpoints are behind most complaints."""
    if not result.complaints:
        return _("There are no complaints in this selection.")
    named = [
        f"{touchpoint_name(taxonomy, row.id)} ({i18n.percent(row.complaint_share.value or 0)})"
        for row in result.rows[:_NAMED]
        if row.complaint_share.k
    ]
    if not named:
        return ngettext(
            "The {n} complaint speaks badly of no touchpoint.",
            "None of the {n} complaints speaks badly of a touchpoint.",
            result.complaints,
        )
    return ngettext(
        "Behind the {n} complaint: {touchpoints}.",
        "Behind the {n} complaints, most often: {touchpoints}.",
        result.complaints,
        touchpoints=", ".join(named),
    )


def moved(result: Touchpoints, taxonomy: Taxonomy) -> str | None:
    """Say which touchpoint moved most against the period before, if any clearly did."""
    clear = [
        (row, row.change)
        for row in result.rows
        if row.change is not None and row.change.value is not None and has_moved(row)
    ]
    if not clear:
        return None
    row, change = max(clear, key=lambda pair: abs(pair[1].value or 0))
    text = (
        _("The clearest move: {touchpoint}, {points} points more of the complaints than before.")
        if (change.value or 0) > 0
        else _(
            "The clearest move: {touchpoint}, {points} points less of the complaints than before."
        )
    )
    return text.format(
        touchpoint=touchpoint_name(taxonomy, row.id),
        points=i18n.number(abs(100 * (change.value or 0))),
    )


def copied(found: Repeats, total: int, *, left_out: bool) -> str:
    """Say how much only repeats what others wrote.

    Args:
        total: of how many mentions, the repeats among them.
        left_out: whether the repeats are counted nowhere else.
    """
    figures = {
        "total": i18n.number(total),
        "texts": ngettext("{n} text", "{n} texts", found.texts),
    }
    if left_out:
        return ngettext(
            "Left out: {n} of {total} mentions, which repeats what others wrote, word for word or "
            "nearly ({texts}).",
            "Left out: {n} of {total} mentions, which repeat what others wrote, word for word or "
            "nearly ({texts}).",
            found.n,
            **figures,
        )
    return ngettext(
        "{n} of {total} mentions repeats what others wrote, word for word or nearly ({texts}).",
        "{n} of {total} mentions repeat what others wrote, word for word or nearly ({texts}).",
        found.n,
        **figures,
    )


def change(metric: str, value: Value | None, before: Value | None = None) -> tuple[str, str]:
    """Return a change in words, and whether it is `better`, `worse` or the `same`.

    Args:
        before: what it changed from, where that may rest on too few to be clear of.

    Colour never speaks alone: an arrow and the words say the same.
    """
    if value is None or value.value is None:
        return _("no comparison"), "same"
    if metric == "volume":
        text, size = i18n.signed_percent(value.value), round(value.value, 2)
        return f"{arrow(size)} {text}", "same"
    if metric == "stars":
        size = round(value.value, 2)
        text = _("{change} stars", change=i18n.signed(value.value, 2))
    else:
        size = round(100 * value.value)
        text = _("{change} points", change=i18n.signed(100 * value.value))
    text = f"{arrow(size)} {text}"  # what rounds to nothing points nowhere
    if not is_clear(value) or (before is not None and not before.enough):
        return _("{change}, not clear", change=text), "same"
    good = (value.value > 0) == (metric != "complaint_rate")
    return text, "better" if good else "worse"


def sureness(metric: str, value: Value) -> str:
    """Say on how much a figure rests, and in which range it truly lies."""
    if value.value is None:
        return _("no stars here") if metric == "stars" else _("nothing tagged yet")
    n = i18n.number(value.n)
    if not value.enough:
        return _("n = {n}: fewer than {least}, too few", n=n, least=MIN_N)
    if value.low is None or value.high is None:
        return _("n = {n}", n=n)
    low, high = (units.show(end, units.METRIC_UNITS[metric]) for end in (value.low, value.high))
    return rests(low, high, value.n)


def rests(low: str, high: str, n: int) -> str:
    """Return what a figure rests on, in a line that does not break within `n = 3,928`."""
    text = _("95% interval {interval}, n = {n}", interval=i18n.between(low, high), n=i18n.number(n))
    return text.replace("n = ", "n\u00a0=\u00a0")


def arrow(value: float) -> str:
    """Return the sign of a change."""
    return "▲" if value > 0 else "▼" if value < 0 else "="


def _days(result: Reputation) -> int:
    since, until = result.filter.since, result.filter.until
    return (until - since).days + 1 if since and until else 0
