"""What to fix first and how sure that is, in words."""

from __future__ import annotations

from dashboard import i18n, labels
from dashboard.i18n import _, ngettext
from insights.priorities import Priorities, PriorityRow, theme_lead
from insights.themes.reading import Themes
from insights.values import MIN_N, Value
from simak.taxonomy import Taxonomy

_NAMED = 3
"""Touchpoints that a sentence names at most."""


def first(found: Priorities, taxonomy: Taxonomy) -> str:
    """Say which touchpoint to fix first, with its number, and whether that is sure.

    Example:
        "Fix Delivery first: 1,001 of 3,032 complaints speak badly of it, 33% (95% interval
        31%–35%). That is clearly more than Website and app, the next."
    """
    if not found.complaints.n:
        return _("There are no complaints in this selection.")
    if found.complaints.n < MIN_N:
        return ngettext(
            "Only {n} complaint: too few to say what to fix first (at least {least}).",
            "Only {n} complaints: too few to say what to fix first (at least {least}).",
            found.complaints.n,
            least=MIN_N,
        )
    if not found.rows:
        return _none(found)
    top = found.first
    if top is None:
        return _("Each touchpoint is spoken of too seldom for its impact to be told.")
    told = _impact(found, top, taxonomy) if found.by == "impact" else _share(found, top, taxonomy)
    return " ".join(filter(None, [told, _certain(found, taxonomy)]))


def _none(found: Priorities) -> str:
    n = i18n.number(found.complaints.n)
    if found.by == "impact":
        return _("None of the {n} complaints speaks badly of one touchpoint alone.", n=n)
    if found.owner is not None:
        owner = labels.owner(found.owner)
        return _(
            "None of the {n} complaints speaks badly of a touchpoint of {owner}.", n=n, owner=owner
        )
    return _("None of the {n} complaints speaks badly of a touchpoint.", n=n)


def _share(found: Priorities, top: PriorityRow, taxonomy: Taxonomy) -> str:
    said = {
        "touchpoint": labels.touchpoint(taxonomy, top.id),
        "k": i18n.number(top.value.k or 0),
        "n": i18n.number(top.value.n),
        "share": _percent(top.value.value),
        "interval": interval(top.value),
    }
    if found.owner is None:
        return _(
            "Fix {touchpoint} first: {k} of {n} complaints speak badly of it, {share} (95% "
            "interval {interval}).",
            **said,
        )
    said["owner"] = labels.owner(found.owner)
    if len(taxonomy.owned_by(found.owner)) == 1:
        return _(
            "{owner} owns one touchpoint, {touchpoint}: {k} of {n} complaints speak badly of it, "
            "{share} (95% interval {interval}).",
            **said,
        )
    return _(
        "{owner} should fix {touchpoint} first: {k} of {n} complaints speak badly of it, {share} "
        "(95% interval {interval}).",
        **said,
    )


def _impact(found: Priorities, top: PriorityRow, taxonomy: Taxonomy) -> str:
    said = {
        "touchpoint": labels.touchpoint(taxonomy, top.id),
        "k": i18n.number(top.value.k or 0),
        "points": i18n.number(100 * (top.value.value or 0), 1),
        "interval": points(top.value),
    }
    if found.owner is None:
        return _(
            "Fix {touchpoint} first: without the {k} complaints that are about it alone, the "
            "complaint rate would be {points} points lower (95% interval {interval}).",
            **said,
        )
    return _(
        "{owner} should fix {touchpoint} first: without the {k} complaints that are about it "
        "alone, the complaint rate would be {points} points lower (95% interval {interval}).",
        owner=labels.owner(found.owner),
        **said,
    )


def _certain(found: Priorities, taxonomy: Taxonomy) -> str:
    """Say whether the first is ahead for sure, and if not, of whom it cannot be told."""
    others = [row for row in found.rows[1:] if row.enough]
    if not others:
        return ""
    nearest, tied = others[0], found.tied
    lead = {
        "next": labels.touchpoint(taxonomy, nearest.id),
        "points": i18n.number(100 * (nearest.lead.value or 0), 1),
        "interval": points(nearest.lead),
    }
    if not tied:
        return _(
            "That is clearly more than {next}, the next: {points} points apart ({interval}).",
            **lead,
        )
    names = ", ".join(labels.touchpoint(taxonomy, row.id) for row in tied[:_NAMED])
    if len(tied) > _NAMED:
        return _(
            "But that is not sure: {n} others may come first as well, {names} among them.",
            n=i18n.number(len(tied)),
            names=names,
        )
    if tied[0] is not nearest:
        return _("But that is not sure: {names} may come first as well.", names=names)
    return _(
        "But that is not sure: {names} may come first as well (lead {points} points, {interval}).",
        names=names,
        **{key: lead[key] for key in ("points", "interval")},
    )


def themes_of(found: Themes) -> str:
    """Say what complaints about the touchpoint are about most, and whether that is sure."""
    if not found.rows or not found.rows[0].share.enough:
        return ""
    top = found.rows[0]
    said = {
        "theme": top.phrase,
        "k": i18n.number(top.share.k or 0),
        "n": i18n.number(top.share.n),
        "share": _percent(top.share.value),
        "interval": interval(top.share),
    }
    lead = theme_lead(found.rows)
    if lead.value is None:
        return _(
            "These complaints are most often about “{theme}”: {k} of {n}, {share} ({interval}).",
            **said,
        )
    said["next"] = found.rows[1].phrase
    if (lead.low or 0.0) > 0:
        return _(
            "These complaints are most often about “{theme}”: {k} of {n}, {share} ({interval}), "
            "clearly more than about “{next}”.",
            **said,
        )
    return _(
        "These complaints are most often about “{theme}”: {k} of {n}, {share} ({interval}); "
        "“{next}” may be as frequent.",
        **said,
    )


def interval(value: Value) -> str:
    """Return a share's interval."""
    return i18n.between(_percent(value.low), _percent(value.high))


def points(value: Value) -> str:
    """Return the interval of a difference of shares, in points."""
    if value.low is None or value.high is None:
        return "–"
    low, high = (i18n.number(100 * end, 1) for end in (value.low, value.high))
    return i18n.between(low, high)


def _percent(value: float | None) -> str:
    return i18n.percent(value or 0.0)
