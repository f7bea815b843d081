"""Where the journey breaks, and how it compares, in words."""

from __future__ import annotations

from dashboard import i18n, labels
from dashboard.i18n import _
from dashboard.parts.journey.beside import Beside
from dashboard.parts.touchpoints.sentences import interval, points
from insights.journey import Finding, Journey, Part
from insights.journey.compare import ComparedPart
from insights.values import MIN_N, Value
from simak.taxonomy import Taxonomy


def broken(result: Journey) -> Part | None:
    """Return the phase where the journey breaks: the clearly weakest, else the worst spoken of."""
    weak = [one for one in result.findings if one.kind == "weak" and one.touchpoint is None]
    if weak:
        return next(part for part in result.phases if part.id == weak[0].phase)
    rated = [part for part in result.phases if part.negative_rate.enough]
    return max(rated, key=lambda part: part.negative_rate.value or 0.0, default=None)


def breaks(result: Journey, taxonomy: Taxonomy) -> str:
    """Say where the journey breaks, with its number, and whether that is sure.

    Example:
        "The journey breaks in Retention: 91% of 128 mentions of it speak badly (95% interval
        84%–95%), 12 points more than of the rest (6 to 16)."
    """
    if not result.mentions.n:
        return _("No mention here speaks of a touchpoint: there is no journey to see.")
    part = broken(result)
    if part is None:
        return _(
            "Fewer than {least} mentions speak of each phase: too few to say where it breaks.",
            least=MIN_N,
        )
    said = {
        "phase": labels.phase(part.id),
        "rate": i18n.percent(part.negative_rate.value or 0.0),
        "n": i18n.number(part.negative_rate.n),
        "interval": interval(part.negative_rate),
    }
    weak = [one for one in result.findings if one.kind == "weak" and one.touchpoint is None]
    if weak:
        told = _(
            "The journey breaks in {phase}: {rate} of the {n} mentions of it speak badly (95% "
            "interval {interval}), {points} points more than of the rest ({apart}).",
            points=i18n.number(100 * (part.difference.value or 0.0)),
            apart=points(part.difference),
            **said,
        )
    else:
        told = _(
            "No phase is clearly weaker than the rest. The worst spoken of is {phase}: {rate} of "
            "its {n} mentions (95% interval {interval}).",
            **said,
        )
    return f"{told} {weakest(part, taxonomy)}".strip()


def weakest(part: Part, taxonomy: Taxonomy) -> str:
    """Say which touchpoint of a phase is the weakest, and whether that is sure."""
    found = part.weakest
    if found is None or len(part.touchpoints) < 2:
        return ""
    said = {
        "touchpoint": labels.touchpoint(taxonomy, found.touchpoint),
        "rate": i18n.percent(found.negative_rate.value or 0.0),
    }
    if found.next is None:
        return _("Of its touchpoints only {touchpoint} has enough mentions ({rate}).", **said)
    said["next"] = labels.touchpoint(taxonomy, found.next)
    if found.clear:
        return _("Its weakest touchpoint is {touchpoint} ({rate}), clearly behind {next}.", **said)
    return _(
        "Its weakest touchpoint is {touchpoint} ({rate}) or {next}: they cannot be told apart.",
        **said,
    )


def besides(result: Journey, taxonomy: Taxonomy) -> str:
    """Say what else is to be told: what is clearly strong, and what clearly moved."""
    told = []
    weak = [one for one in result.findings if one.kind == "weak" and one.touchpoint is None]
    if weak[1:]:
        names = ", ".join(f"{_part(one, taxonomy)} ({_rate(one)})" for one in weak[1:])
        told.append(_("Clearly worse than the rest as well: {names}.", names=names))
    strong = [one for one in result.findings if one.kind == "strong"]
    if strong:
        names = ", ".join(f"{_part(one, taxonomy)} ({_rate(one)})" for one in strong[:2])
        told.append(_("Clearly better than the rest: {names}.", names=names))
    moved = [one for one in result.findings if one.kind in ("worse", "better")]
    if moved:
        names = ", ".join(
            f"{_part(one, taxonomy)} ({i18n.signed(100 * (one.difference.value or 0.0))})"
            for one in moved[:3]
        )
        told.append(_("Moved clearly since the period before, in points: {names}.", names=names))
    return " ".join(told)


def compared(beside: Beside) -> str:
    """Say in which phases two journeys clearly differ."""
    if not beside.found.whole.there.rate.n:
        return _("{other}: no mention here speaks of a touchpoint.", other=beside.there)
    if not any(part.p is not None for part in beside.found.phases):
        return _("Too few mentions on either side to compare with {other}.", other=beside.there)
    told = beside.found.told
    if not told:
        return _("No phase is clearly different from {other}.", other=beside.there)
    names = ", ".join(_apart(part) for part in told)
    return _("Beside {other}: {names}. No other phase clearly differs.", other=beside.there,
             names=names)  # fmt: skip


def _apart(part: ComparedPart) -> str:
    apart = part.difference
    size = 100 * (apart.value or 0.0)
    if size < 0 and apart.low is not None and apart.high is not None:  # "better by 4 to 23"
        apart = Value(apart.value, -apart.high, -apart.low, apart.n)
    said = {
        "phase": labels.phase(part.id),
        "points": i18n.number(abs(size)),
        "interval": points(apart),
    }
    if size > 0:
        return _("{phase} {points} points worse ({interval})", **said)
    return _("{phase} {points} points better ({interval})", **said)


def _part(one: Finding, taxonomy: Taxonomy) -> str:
    if one.touchpoint is not None:
        return labels.touchpoint(taxonomy, one.touchpoint)
    return labels.phase(one.phase)


def _rate(one: Finding) -> str:
    return i18n.percent(one.here.value or 0.0)
