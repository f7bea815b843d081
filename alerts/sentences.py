"""An alert in words: a title, and what is known of it, a sentence each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from alerts.language import Language
from store.alerts import Alert

_NAMED = 4
"""Names in a sentence at most."""


@dataclass(frozen=True, slots=True)
class Told:
    """What an alert says.

    Attributes:
        title: one line.
        sentences: why it is one, and what made it.
    """

    title: str
    sentences: tuple[str, ...]


def told(alert: Alert, language: Language, zone: ZoneInfo) -> Told:
    """Return what an alert says, in a language.

    Args:
        zone: that moments are written in.
    """
    facts = alert.facts
    title, sentences = _KINDS[alert.kind]
    return Told(title(alert, facts, language), tuple(sentences(facts, language, zone)))


def _event_title(alert: Alert, facts: Mapping[str, Any], language: Language) -> str:
    key = "title_spike"
    if alert.kind == "shift":
        key = "title_shift_more" if facts["more"] else "title_shift_fewer"
    return language.text(
        key,
        brand=alert.brand,
        tone=language.text(facts["polarity"]),
        about=language.touchpoint(facts["touchpoint"] or ""),
        ratio=language.number(facts["ratio"][0], 1),
    )


def _event(facts: Mapping[str, Any], language: Language, zone: ZoneInfo) -> Iterator[str]:
    first, last = (date.fromisoformat(facts[key]) for key in ("since", "until"))
    ratio, low, high = (language.number(end or 0, 1) for end in facts["ratio"])
    usual = facts["usual"]
    yield language.text(
        "seen",
        seen=language.number(facts["seen"]),
        tone=language.text(facts["polarity"]),
        days=language.days(first, last),
        usual=language.number(usual, 0 if usual >= 10 else 1),
        ratio=ratio,
        low=low,
        high=high,
    )
    said = _names(facts.get("words", ()), lambda word: f"“{word}”", language)
    if said:
        yield language.text("words", names=said)
    if blamed := _names(facts.get("touchpoints", ()), language.touchpoint, language):
        yield language.text("touchpoints", names=blamed)
    apart = [_names(facts.get("channels", ()), language.channel, language)]
    apart += [
        f"{language.text(name) if name in ('product', 'version') else name} "
        f"{value} ({language.number(n)})"
        for name, value, n in facts.get("facets", ())[:_NAMED]
    ]
    if any(apart):
        yield language.text("apart", names=", ".join(filter(None, apart)))
    if also := _names(facts["also"], language.touchpoint, language):
        yield language.text("also_more" if facts["more"] else "also_fewer", names=also)


def _names(counted: Sequence[Sequence[Any]], name: Callable[[str], str], language: Language) -> str:
    return ", ".join(f"{name(key)} ({language.number(n or 0)})" for key, n in counted[:_NAMED])


def _threshold_title(alert: Alert, facts: Mapping[str, Any], language: Language) -> str:
    return language.text(
        f"title_{facts['metric']}",
        brand=alert.brand,
        about=language.touchpoint(facts["touchpoint"] or ""),
        share=language.percent(facts["share"][0]),
        above=language.percent(facts["above"]),
    )


def _threshold(facts: Mapping[str, Any], language: Language, zone: ZoneInfo) -> Iterator[str]:
    value, low, high = (language.percent(part) for part in facts["share"])
    whole = facts["metric"] == "complaint_share"
    yield language.text(
        "threshold_complaints" if whole else "threshold",
        k=language.number(facts["k"]),
        n=language.number(facts["n"]),
        days=facts["days"],
        share=value,
        low=low,
        high=high,
        above=language.percent(facts["above"]),
    )


def _promise_title(alert: Alert, facts: Mapping[str, Any], language: Language) -> str:
    return language.text("title_promise", brand=alert.brand, promise=facts["promise"])


def _promise(facts: Mapping[str, Any], language: Language, zone: ZoneInfo) -> Iterator[str]:
    numbers = {key: language.number(facts[key]) for key in ("broken", "kept", "before")}
    about = language.touchpoint(facts["touchpoint"])
    yield language.text("promise", days=facts["days"], about=about, **numbers)


def _source_title(alert: Alert, facts: Mapping[str, Any], language: Language) -> str:
    return language.text(f"title_{alert.kind}", brand=alert.brand, source=facts["source"])


def _silent(facts: Mapping[str, Any], language: Language, zone: ZoneInfo) -> Iterator[str]:
    if facts["why"] == "nothing":
        yield language.text(
            "nothing",
            silent=language.number(facts["silent"]),
            last=language.day(date.fromisoformat(facts["last"])),
            longest=language.number(facts["longest"]),
        )
        return
    since = language.moment(datetime.fromisoformat(facts["since"]), zone)
    yield language.text("failing" if facts["succeeded"] else "never", since=since)
    if facts["error"]:
        yield language.text("error", error=facts["error"])


def _budget(facts: Mapping[str, Any], language: Language, zone: ZoneInfo) -> Iterator[str]:
    left, whole = (language.number(facts[key]) for key in ("left", "whole"))
    yield language.text("budget", left=left, whole=whole, option=facts["option"])


_Title = Callable[[Alert, Mapping[str, Any], Language], str]
_Sentences = Callable[[Mapping[str, Any], Language, ZoneInfo], Iterator[str]]

_KINDS: Mapping[str, tuple[_Title, _Sentences]] = {
    "spike": (_event_title, _event),
    "shift": (_event_title, _event),
    "threshold": (_threshold_title, _threshold),
    "promise": (_promise_title, _promise),
    "silent": (_source_title, _silent),
    "budget": (_source_title, _budget),
}
