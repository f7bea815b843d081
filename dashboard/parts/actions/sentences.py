"""What became of actions, in words."""

from __future__ import annotations

from collections.abc import Mapping

from dashboard import i18n, labels
from dashboard.charts import units
from dashboard.i18n import N_, _, ngettext
from insights.actions import ActionEffect, Comparison, Missing
from insights.values import Value
from simak.taxonomy import Taxonomy
from store.actions import Action

VERDICTS: dict[str, str] = {
    "helped": N_("helped"),
    "made_worse": N_("made it worse"),
    "no_change_seen": N_("no change seen"),
    "not_enough_data": N_("not enough data yet"),
}

SIGNS: Mapping[str, str] = {
    "helped": "✓", "made_worse": "▲", "no_change_seen": "=", "not_enough_data": "?",
}  # fmt: skip
"""What stands beside a verdict's colour, which never speaks alone."""

TONES: Mapping[str, str] = {
    "helped": "better", "made_worse": "worse", "no_change_seen": "same",
    "not_enough_data": "same",
}  # fmt: skip


def about(action: Action, taxonomy: Taxonomy) -> str:
    """Return the name of what an action was done for."""
    if action.touchpoint is None:
        return _("the brand as a whole")
    return labels.touchpoint(taxonomy, action.touchpoint)


def finding(row: ActionEffect, taxonomy: Taxonomy) -> str:
    """Say whether an action helped, by how much and how surely."""
    action, negative = row.action, row.negative
    named = {"text": action.text, "touchpoint": about(action, taxonomy)}
    if negative is None or not (negative.before.n and negative.after.n):
        return _(
            "It cannot be said yet whether “{text}” helped: too little is said of {touchpoint}.",
            **named,
        )
    figures = {
        **named,
        "before": units.show(negative.before.value, "percent"),
        "after": units.show(negative.after.value, "percent"),
        "n_before": i18n.number(negative.before.n),
        "n_after": i18n.number(negative.after.n),
    }
    if row.verdict == "not_enough_data":
        return _(
            "It cannot be said yet whether “{text}” helped: {before} of {n_before} spoke badly of "
            "{touchpoint} before, {after} of {n_after} after, too few to be sure.",
            **figures,
        )
    if row.verdict == "no_change_seen":
        return _(
            "No change is seen after “{text}”: {before} of {n_before} spoke badly of {touchpoint} "
            "before, {after} of {n_after} after.",
            **figures,
        )
    figures |= _effect(row)
    if row.comparison is None:
        told = {
            "helped": N_(
                "“{text}” seems to have helped: {after} of {n_after} speak badly of {touchpoint} "
                "since, {before} of {n_before} before: {points} points (95% interval {interval})."
            ),
            "made_worse": N_(
                "After “{text}” it got worse: {after} of {n_after} speak badly of {touchpoint}, "
                "{before} of {n_before} before: {points} points (95% interval {interval})."
            ),
        }
    else:
        told = {
            "helped": N_(
                "“{text}” seems to have helped: {after} of {n_after} speak badly of {touchpoint} "
                "since, where {expected} was to be expected: {points} points (95% interval "
                "{interval})."
            ),
            "made_worse": N_(
                "After “{text}” it got worse: {after} of {n_after} speak badly of {touchpoint}, "
                "where {expected} was to be expected: {points} points (95% interval {interval})."
            ),
        }
    return _(told[row.verdict], **figures)


def certainty(row: ActionEffect) -> str:
    """Say how sure the verdict is, or what it takes to tell."""
    if row.verdict == "not_enough_data":
        return missing(row.missing) if row.missing else ""
    if row.verdict == "no_change_seen":
        return _(
            "There are enough mentions that a quarter fewer bad ones would have been seen four "
            "times in five; a smaller effect may have been missed."
        )
    return _(
        "Had nothing changed, chance would bring so large a difference in less than {p} of cases, "
        "corrected for all actions shown. It goes with the action in time: that the action did it "
        "holds only as far as nothing else happened in these weeks.",
        p=_chance(row.p_adjusted),
    )


def missing(found: Missing) -> str:
    """Say what it takes to tell."""
    if found.needed is None:
        so_far = ngettext(
            "{n} mention on the thinner side so far.",
            "{n} mentions on the thinner side so far.",
            found.n,
        )
    else:
        so_far = ngettext(
            "{n} mention on the thinner side so far; {needed} are needed on either side to see a "
            "quarter fewer bad ones four times in five.",
            "{n} mentions on the thinner side so far; {needed} are needed on either side to see a "
            "quarter fewer bad ones four times in five.",
            found.n,
            needed=i18n.number(found.needed),
        )
    if found.days is None:
        return so_far + " " + _("There will not be as many in the weeks that can be compared.")
    if not found.days:
        return so_far
    return f"{so_far} " + ngettext(
        "At this rate that takes about {n} day more.",
        "At this rate that takes about {n} days more.",
        found.days,
    )


def compared(other: Comparison, taxonomy: Taxonomy) -> str:
    """Say what would have been, and by what that is told."""
    figures = {
        "name": against(other, taxonomy),
        "before": units.show(other.negative.before.value, "percent"),
        "after": units.show(other.negative.after.value, "percent"),
        "expected": units.show(other.effect.expected.value, "percent"),
        "interval": units.interval(other.effect.expected),
    }
    return _(
        "What would have been: {name}, which went along best before, moved from {before} to "
        "{after} bad. Moved alike, {expected} was to be expected here (95% interval {interval}).",
        **figures,
    )


def against(other: Comparison, taxonomy: Taxonomy) -> str:
    """Return the name of what an action is held against."""
    if other.kind == "rival":
        return _("the same at {name}", name=other.name)
    return labels.touchpoint(taxonomy, other.name)


def trend(row: ActionEffect) -> str | None:
    """Say how it stands against its own trend, where there is one."""
    if row.interrupted is None or row.interrupted.middle.value is None:
        return None
    middle = row.interrupted.middle
    return _(
        "Against its own trend: the odds of a bad word are {times} of what the weeks before lead "
        "to expect (95% interval {interval}; 1× is no change).",
        times=units.show(middle.value, "times"),
        interval=units.interval(middle, "times"),
    )


def shared(row: ActionEffect) -> str | None:
    """Say that all else moved the same way, where it did."""
    if not row.shared or row.brand is None:
        return None
    return _(
        "All else that was said of the brand moved the same way ({before} negative, then {after}): "
        "it may not be the action, but something that touched everything, such as who was heard.",
        before=units.show(row.brand.before.value, "percent"),
        after=units.show(row.brand.after.value, "percent"),
    )


def _effect(row: ActionEffect) -> dict[str, str]:
    assert row.negative is not None
    change = row.negative.change
    found = {}
    if row.comparison is not None:
        change = row.comparison.effect.effect
        found["expected"] = units.show(row.comparison.effect.expected.value, "percent")
    return found | {
        "points": units.show(change.value, "points"),
        "interval": units.interval(change, "points"),
    }


def _chance(p: float | None) -> str:
    """Return a p-value rounded up, as a share."""
    for limit in (0.001, 0.01):
        if p is not None and p < limit:
            return i18n.percent(limit, 1)
    return i18n.percent(0.05)


def change(value: Value) -> str:
    """Return a change in points with its interval."""
    if value.value is None:
        return "–"
    return f"{units.show(value.value, 'points')} ({units.interval(value, 'points')})"
