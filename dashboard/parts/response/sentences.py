"""How fast the brand answers, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dashboard import i18n
from dashboard.charts import units
from dashboard.i18n import _, ngettext
from insights.response.parts import Over, Part
from insights.values import MIN_N

UNSURE = 0.05
"""From this chance on a difference is not told as one."""


def answered(whole: Part, *, complaints: bool) -> str:
    """Say how many of 100 are answered within a day, and how long half wait."""
    n = whole.reply_rate.n
    if n < MIN_N:
        return (
            ngettext(
                "Only {n} complaint could have been answered: too few to speak of a rate (at least "
                "{least}).",
                "Only {n} complaints could have been answered: too few to speak of a rate (at "
                "least {least}).",
                n,
                least=MIN_N,
            )
            if complaints
            else ngettext(
                "Only {n} mention could have been answered: too few to speak of a rate (at least "
                "{least}).",
                "Only {n} mentions could have been answered: too few to speak of a rate (at least "
                "{least}).",
                n,
                least=MIN_N,
            )
        )
    within = whole.within
    if within.value is None:
        return _("Everything here is younger than a day: how fast it is answered shows tomorrow.")
    figures = {
        "k": _of_hundred(within.value),
        "low": _of_hundred(within.low),
        "high": _of_hundred(within.high),
        "n": i18n.number(within.n),
        "half": half(whole),
    }
    if complaints:
        return _(
            "Of 100 complaints {k} are answered within a day (95% interval {low}–{high}, n = {n}); "
            "{half}.",
            **figures,
        )
    return _(
        "Of 100 mentions {k} are answered within a day (95% interval {low}–{high}, n = {n}); "
        "{half}.",
        **figures,
    )


def half(whole: Part) -> str:
    """Say after how long half of all are answered, if they ever are."""
    median = units.in_hours(whole.waiting.quantile(0.5))
    if median.value is None:
        return _("more than half had no answer by the end of what was seen")
    wait = units.show(median.value, "waits")
    interval = units.interval(median, "waits")
    if interval == "–":
        return _("half wait longer than {wait}", wait=wait)
    return _("half wait longer than {wait} (95% interval {interval})", wait=wait, interval=interval)


def apart(parts: Sequence[Part], names: Mapping[str, str], *, over: Over) -> str:
    """Say who clearly waits longer, and who less long, than all others."""
    known = [part for part in parts if part.within.enough and part.within.value is not None]
    if len(known) < 2:
        return _("Told apart, too few are left to compare (at least {least} each).", least=MIN_N)
    sure = [part for part in known if clear(part)]
    slow = [part for part in sure if (part.against.value or 0) < 0]
    quick = [part for part in sure if (part.against.value or 0) > 0]
    told = []
    if slow:
        told.append(_("Clearly slower than the others: {places}.", places=_named(slow, names)))
    if quick:
        quickest = _named(quick[::-1], names)
        told.append(_("Clearly quicker than the others: {places}.", places=quickest))
    if not told:
        return (
            _("No channel differs from the others by more than chance explains.")
            if over == "channel"
            else _("No touchpoint differs from the others by more than chance explains.")
        )
    if not slow:
        last = _("Which is the slowest cannot be told: these differences may be chance.")
        return f"{told[0]} {last}"
    return " ".join(told)


def clear(part: Part) -> bool:
    """Whether a part differs from all others by more than chance explains."""
    return part.p is not None and part.p < UNSURE


def _named(parts: Sequence[Part], names: Mapping[str, str]) -> str:
    return "; ".join(
        _(
            "{name} ({share} answered within a day, 95% interval {low}–{high}, n = {n})",
            name=names.get(part.name or "", part.name or ""),
            share=i18n.percent(part.within.value or 0),
            low=i18n.percent(part.within.low or 0),
            high=i18n.percent(part.within.high or 0),
            n=i18n.number(part.within.n),
        )
        for part in parts
    )


def _of_hundred(value: float | None) -> str:
    return "–" if value is None else i18n.number(100 * value)
