"""What is told of causes and of the functions that own them."""

from __future__ import annotations

from dataclasses import dataclass

from insights.values import Value
from store.filter import Filter


@dataclass(frozen=True, slots=True)
class CauseRow:
    """One cause.

    Attributes:
        id: of the cause.
        complaint_share: of all complaints, those of which the rule holds; no data where it goes
            by channels that cannot be compared (one channel, several brands, few mentions).
        change: minus the share of the period before; None where there is none, and of channels.
        change_p: of no change, adjusted for all causes.
        channels: those that treat its touchpoints worse than others do, where it goes by them.
        behind: the complaints of the numerator; None where it has no data or counts nothing.
    """

    id: str
    complaint_share: Value
    change: Value | None
    change_p: float | None
    channels: tuple[str, ...]
    behind: Filter | None


@dataclass(frozen=True, slots=True)
class Worsened:
    """The touchpoint whose share of the complaints has grown most.

    Attributes:
        now, before: its share of all complaints.
        change: of the share.
        p: of no change, adjusted for all touchpoints.
        behind: the complaints that speak badly of it now.
    """

    touchpoint: str
    now: Value
    before: Value
    change: Value
    p: float
    behind: Filter


@dataclass(frozen=True, slots=True)
class TopCause:
    """The cause that holds for most complaints of a function.

    Attributes:
        id: of the cause.
        share: of the complaints that speak badly of the function's touchpoints, those that speak
            badly of one that the rule names too, and of which the rest of the rule holds.
        next: the cause of the second most; None where no other holds for any.
        clear: whether it is ahead of that beyond chance.
        behind: the complaints of the numerator.
    """

    id: str
    share: Value
    next: str | None
    clear: bool
    behind: Filter


@dataclass(frozen=True, slots=True)
class FunctionRow:
    """One function of the company.

    Attributes:
        id: one of `simak.taxonomy.FUNCTIONS`.
        complaint_share: of all complaints, those that speak badly of any of its touchpoints. The
            shares add up to more than one, for a complaint may blame several functions.
        change: minus the share of the period before; None where there is none.
        change_p: of no change, adjusted for all functions.
        worst: None where no touchpoint's share has grown for sure.
        cause: None where it has too few complaints, or no cause holds for a tenth of
            them: the rules then miss what they are about.
        behind: the complaints of the numerator.
    """

    id: str
    complaint_share: Value
    change: Value | None
    change_p: float | None
    worst: Worsened | None
    cause: TopCause | None
    behind: Filter


@dataclass(frozen=True)
class Causes:
    """The causes behind a selection of mentions, and their owners.

    Attributes:
        complaints: the denominator of every complaint share.
        explained: the share of which any rule holds: of the mentions behind all causes together.
        causes: most complaints first; one complaint may have several causes.
        functions: likewise.
    """

    filter: Filter
    complaints: Value
    explained: Value
    causes: tuple[CauseRow, ...]
    functions: tuple[FunctionRow, ...]
