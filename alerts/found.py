"""What a rule has found, before it is known whether it was told already."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from simak.alert_settings import AlertRule
from store.filter import Filter


@dataclass(frozen=True, slots=True)
class Details:
    """What is told of it.

    Attributes:
        facts: what `alerts.sentences` makes sentences of, as plain JSON.
        behind: its mentions; None where it is of none.
        mentions: ids of some of them, the most telling first.
    """

    facts: Mapping[str, Any]
    behind: Filter | None = None
    mentions: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """Something that stands out.

    Attributes:
        rule: that found it; its kind is that of this.
        subject: what it is of within its kind, such as `negative more` words or a source.
        touchpoints: what it is about, the first most; "" are all mentions. Empty where it is of
            no mentions.
        since, until: its days.
        details: looks closer, which takes time: only what was not told yet is asked for it. None:
            a closer look explains it away.
    """

    rule: AlertRule
    brand: str
    subject: str
    touchpoints: tuple[str, ...]
    since: date
    until: date
    details: Callable[[], Details | None]

    @property
    def key(self) -> str:
        """What tells it from any other of its brand.

        Example:
            >>> rule = AlertRule("default: silent", "silent")
            >>> day = date(2026, 5, 1)
            >>> Found(rule, "Senandika", "berita", (), day, day, lambda: None).key
            'silent/berita/2026-05-01'
        """
        return f"{self.rule.kind}/{self.subject}/{self.since.isoformat()}"


def narrowed(rule: AlertRule, brand: str) -> Filter:
    """Return the brand's mentions that a rule looks at, whatever their touchpoint."""
    return Filter(
        brands=(brand,),
        channels=(rule.said_on,) if rule.said_on else (),
        languages=(rule.language,) if rule.language else (),
    )


def subject_of(rule: AlertRule, *parts: str) -> str:
    """Return a subject that no rule of other mentions shares."""
    narrow = [f"{key}={value}" for key in ("said_on", "language") if (value := getattr(rule, key))]
    return " ".join([*parts, *narrow])
