"""What is told of the journey: its parts, and what of them is worth saying in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pandas as pd

from insights.values import Value
from store.filter import Filter

Kind = Literal["weak", "strong", "worse", "better"]


@dataclass(frozen=True, slots=True)
class Weakest:
    """The touchpoint with the highest negative rate among those with enough mentions.

    Attributes:
        next: the second highest; None where no other has enough mentions.
        lead: its rate minus that of the next.
        clear: whether the lead is beyond chance. One test of the first against the second is
            enough for that: Hung and Fithian (2019), Ann. Stat. 47, 758–782.
    """

    touchpoint: str
    negative_rate: Value
    next: str | None
    lead: Value
    clear: bool


@dataclass(frozen=True, slots=True)
class Part:
    """A stage, a phase or a touchpoint.

    Attributes:
        id: of the stage, phase or touchpoint.
        touchpoints: its touchpoints' ids.
        volume: mentions that speak of any of them.
        negative_rate: of those, the ones that speak badly of any of them.
        complaint_share: of all complaints, those that speak badly of any of them. The shares of
            several parts add up to more than one, for a complaint may blame several.
        against: the negative rate of what it is held to: of the other touchpoints of the journey,
            for a touchpoint of the others of its phase.
        difference: negative rate minus `against`; no data where either has too few mentions.
        p: of no difference, adjusted for all parts of the same sort; None where it is not tested.
        elsewhere: the negative rate of the journey without it; but for a touchpoint the same as
            `against`.
        before: the negative rate of the period before; None where nothing was collected then.
        change, share_change: negative rate and complaint share, minus those of the period before.
        change_p, share_change_p: of no change of either, adjusted likewise.
        weakest: None where no touchpoint has enough mentions.
        behind: the mentions that speak badly of it. With `complaint=True` they are the numerator
            of the complaint share; without polarity, all that speak of it.
    """

    id: str
    touchpoints: tuple[str, ...]
    volume: Value
    negative_rate: Value
    complaint_share: Value
    against: Value
    difference: Value
    p: float | None
    elsewhere: Value
    before: Value | None
    change: Value | None
    share_change: Value | None
    change_p: float | None
    share_change_p: float | None
    weakest: Weakest | None
    behind: Filter

    @property
    def otherwise_good(self) -> bool:
        """Whether it is sure that less than half of who speaks of the rest speaks badly of it."""
        return self.elsewhere.enough and (self.elsewhere.high or 0.0) < 0.5


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to be said in words.

    Attributes:
        kind: `weak` or `strong` against the rest, `worse` or `better` than the period before.
        phase: that it is about, or that its touchpoint belongs to.
        touchpoint: None where it is about the phase.
        here, against: the two negative rates compared.
        difference: of both.
        p: adjusted.
        otherwise_good: whether the rest of the journey is good, `Part.otherwise_good`.
        behind: the mentions that speak badly of it.
    """

    kind: Kind
    phase: str
    touchpoint: str | None
    here: Value
    against: Value
    difference: Value
    p: float
    otherwise_good: bool
    behind: Filter


@dataclass(frozen=True)
class Journey:
    """The journey of a selection of mentions.

    Attributes:
        mentions: that speak of any touchpoint.
        complaints: the denominator of every complaint share.
        stages: before, during and after the purchase.
        phases: those that have touchpoints.
        touchpoints: those spoken of, in the taxonomy's order.
        findings: of the phases, then of the touchpoints; the largest difference first.
        by_month: one row per phase and month with mentions of it: `phase`, `month` (its first
            day), `mentions`, `negative`, `rate`, `low`, `high`, `complaints`, `all_complaints`,
            and `behind`, the mentions that speak badly of it.
    """

    filter: Filter
    mentions: Value
    complaints: Value
    stages: tuple[Part, ...]
    phases: tuple[Part, ...]
    touchpoints: tuple[Part, ...]
    findings: tuple[Finding, ...]
    by_month: pd.DataFrame
