"""What customers say of promises, in words."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard import i18n, labels, sentences
from dashboard.charts import units
from dashboard.i18n import _, ngettext
from insights import intervals
from insights.promises import PromiseRow, Start
from insights.values import MIN_N, Value
from simak.taxonomy import Taxonomy
from store.promises import Promise


def of_those() -> str:
    """Say what the shares are of, and so what can be read from them."""
    return _(
        "Of those who speak of it, not of all customers: who gets what was promised seldom "
        "writes. Read how it moves and where it is lower; its height says little."
    )


def finding(rows: Sequence[PromiseRow], taxonomy: Taxonomy) -> str:
    """Say how the promises are kept: of several, which one is kept least."""
    if len(rows) == 1:
        return kept(rows[0], taxonomy)
    known = [row for row in rows if row.all.rate.enough]
    if not known:
        return _(
            "None of the {n} promises is spoken of often enough to say whether it is kept.",
            n=i18n.number(len(rows)),
        )
    least, *others = sorted(known, key=lambda row: row.all.rate.value or 0)
    apart = [intervals.difference(row.all.rate, least.all.rate) for row in others]
    if not all(map(sentences.is_clear, apart)):
        return _(
            "No promise is clearly kept less than the others: from {low} to {high} of those who "
            "speak of them say that they were kept.",
            low=i18n.percent(least.all.rate.value or 0),
            high=i18n.percent(others[-1].all.rate.value or 0),
        )
    return _(
        "Kept least of {count} promises: “{text}”. Of {n} who say so, {share} say it was kept "
        "(95% interval {low}–{high}).",
        count=i18n.number(len(rows)),
        text=least.promise.text,
        **_figures(least.all.rate),
    )


def kept(row: PromiseRow, taxonomy: Taxonomy) -> str:
    """Say how one promise is kept."""
    rate, text = row.all.rate, row.promise.text
    if not rate.n:
        return ngettext(
            "Nobody says yet whether “{text}” is kept: {n} mention speaks of {touchpoint}, and "
            "not of this.",
            "Nobody says yet whether “{text}” is kept: {n} mentions speak of {touchpoint}, none "
            "of them of this.",
            row.mentions,
            text=text,
            touchpoint=labels.touchpoint(taxonomy, row.promise.touchpoint),
        )
    if not rate.enough:
        return ngettext(
            "“{text}”: only {n} mention says whether it was kept ({kept} kept, {broken} broken), "
            "too few to speak of a rate (at least {least}).",
            "“{text}”: only {n} mentions say whether it was kept ({kept} kept, {broken} broken), "
            "too few to speak of a rate (at least {least}).",
            rate.n,
            text=text,
            kept=i18n.number(row.all.kept.k or 0),
            broken=i18n.number(row.all.broken.k or 0),
            least=MIN_N,
        )
    return _(
        "“{text}”: of {n} who say whether it was kept, {share} say that it was (95% interval "
        "{low}–{high}).",
        text=text,
        **_figures(rate),
    )


def facts(promise: Promise, taxonomy: Taxonomy) -> str:
    """Say what a promise is about and since when it holds."""
    return f"{labels.touchpoint(taxonomy, promise.touchpoint)} · {days(promise)}"


def days(promise: Promise) -> str:
    """Say when a promise holds."""
    if promise.until:
        return i18n.days(promise.since, promise.until)
    return _("since {day}", day=i18n.day(promise.since))


def queries(row: PromiseRow) -> str:
    """Say by what words a text is known to speak of the promise."""
    if "general" in row.queries.values():
        return _(
            "It has no query of its own: counted are texts that name any promise or estimate "
            "(“tepat waktu”, “estimasi”, “on time”)."
        )
    return _("Counted are the texts that its own queries find.")


def since(start: Start, name: str) -> str:
    """Say how the touchpoint is spoken of since the promise began.

    Args:
        name: of the touchpoint.
    """
    figures = {
        "days": i18n.number(start.days),
        "touchpoint": name,
        "before": _of(start.negative_before),
        "after": _of(start.negative_after),
    }
    if start.negative_change.value is None or not start.negative_change.enough:
        return _(
            "Too little was said of {touchpoint} in the {days} days since it began, or in the "
            "{days} before, to compare.",
            **figures,
        )
    change = i18n.signed(100 * start.negative_change.value)
    figures |= {"change": change, "interval": units.interval(start.negative_change, "points")}
    if not sentences.is_clear(start.negative_change):
        return _(
            "In the {days} days since it began {after} speak badly of {touchpoint}, {before} in "
            "the {days} before: no clear change ({change} points, 95% interval {interval}).",
            **figures,
        )
    return _(
        "In the {days} days since it began {after} speak badly of {touchpoint}, {before} in the "
        "{days} before: {change} points (95% interval {interval}).",
        **figures,
    )


def moved_too(start: Start) -> str | None:
    """Say that everything moved the same way, where it did: then it may not be the promise."""
    moves = (
        start.negative_change,
        intervals.difference(start.brand_after, start.brand_before),
    )
    if not all(map(sentences.is_clear, moves)):
        return None
    mine, all_ = (move.value or 0.0 for move in moves)
    if mine * all_ <= 0:
        return None
    return _(
        "All that is said of the brand moved the same way ({before} negative, then {after}): it "
        "may not be the promise, but other people who were heard.",
        before=i18n.percent(start.brand_before.value or 0),
        after=i18n.percent(start.brand_after.value or 0),
    )


def _figures(rate: Value) -> dict[str, str]:
    return {
        "share": i18n.percent(rate.value or 0),
        "low": i18n.percent(rate.low or 0),
        "high": i18n.percent(rate.high or 0),
        "n": i18n.number(rate.n),
    }


def _of(value: Value) -> str:
    return _("{share} of {n}", share=units.show(value.value, "percent"), n=i18n.number(value.n))
