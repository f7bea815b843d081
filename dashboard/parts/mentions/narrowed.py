"""What narrows a list beyond its own widgets: each said in words, each with a way to drop it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import streamlit as st

from dashboard import i18n, labels
from dashboard.i18n import _
from dashboard.labels import SENTIMENTS
from dashboard.parts import filters
from dashboard.parts.mentions.press import OPEN
from dashboard.parts.shell import View
from simak.errors import ConfigurationError
from store import promises, themes
from store.filter import Answered, CaseIs, Filter


def draw(view: View) -> None:
    """Draw a button for each thing that narrows the list and is seen in no widget."""
    found = list(_hidden(view))
    if not found:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        for number, (words, changes) in enumerate(found):
            st.button(
                labels.plain(words),
                key=f"narrowed-{number}",
                icon=":material/close:",
                icon_position="right",
                help=_("Take this away"),
                on_click=_drop,
                args=(changes,),
            )


def in_words(view: View) -> list[str]:
    """Say all that narrows the list beyond what every page shares."""
    chosen = view.state.chosen
    found = []
    if chosen.search:
        found.append(_("Search: {words}", words=chosen.search))
    if chosen.sentiments:
        names = ", ".join(labels.name(SENTIMENTS, key) for key in chosen.sentiments)
        found.append(_("Sentiment: {tone}", tone=names))
    if chosen.complaint is not None:
        found.append(_("Complaint") if chosen.complaint else _("No complaint"))
    if chosen.touchpoints:
        names = ", ".join(labels.touchpoint(view.taxonomy, id) for id in chosen.touchpoints)
        tone = f" ({labels.name(SENTIMENTS, chosen.polarity)})" if chosen.polarity else ""
        words = _("Touchpoint")
        found.append(f"{words}: {names}{tone}")
    return found + [words for words, _changes in _hidden(view)]


def _drop(changes: Mapping[str, Any]) -> None:
    filters.move(filters.current().narrowed(**changes).choosing(OPEN, None).but(after=None))


def _hidden(view: View) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Give each in words, with what takes it away."""
    chosen = view.state.chosen
    if len(chosen.brands) > 1:
        yield _("Brands: {names}", names=", ".join(chosen.brands)), {"brands": chosen.brands[:1]}
    if chosen.sources:
        yield _("From: {names}", names=", ".join(chosen.sources)), {"sources": ()}
    if chosen.alone:
        yield _("speaks so of no other touchpoint"), {"alone": False}
    if chosen.signals:
        yield ", ".join(map(labels.signal, chosen.signals)), {"signals": ()}
    for name, value in chosen.facets:
        rest = tuple(pair for pair in chosen.facets if pair != (name, value))
        yield f"{labels.facet(name)}: {value}", {"facets": rest}
    if chosen.replied is not None:
        yield _("answered") if chosen.replied else _("not answered"), {"replied": None}
    if chosen.has_rating:
        yield _("With stars only"), {"has_rating": False}
    if chosen.case:
        yield _case(chosen.case), {"case": None}
    if chosen.mark:
        yield _mark(view, *chosen.mark), {"mark": None}
    if chosen.answered:
        yield _survey(chosen.answered), {"answered": None}
    yield from _texts(chosen)


def _texts(chosen: Filter) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if chosen.text_hash:
        yield _("says exactly the same"), {"text_hash": None}
    if chosen.copy_group is not None:
        yield _("one copied text, word for word or nearly"), {"copy_group": None}


def _survey(answered: Answered) -> str:
    low, high = (i18n.number(score) for score in (answered.at_least, answered.at_most))
    return _("{metric} answered {low}–{high}", metric=answered.metric.upper(), low=low, high=high)


def _case(case: CaseIs) -> str:
    said = [", ".join(map(labels.case_status, case.statuses)) or _("any status")]
    if case.owner is not None:
        said.append(_("with {name}", name=case.owner) if case.owner else _("with nobody"))
    if case.due_before:
        said.append(_("due before {day}", day=i18n.day(case.due_before)))
    return _("case: {which}", which=" · ".join(said))


def _mark(view: View, kind: str, name: str) -> str:
    """Name a stored group of mentions: a theme, or who speaks of a promise."""
    try:
        if kind == themes.THEME and name.isdigit():
            return _("theme: {words}", words=view.ask(themes.find_theme, int(name)).words[0])
        if kind == promises.KIND:
            promise = view.ask(promises.find_promise, int(name.partition(":")[0]))
            return _("promise: {text}", text=promise.text)
    except (ConfigurationError, ValueError):  # gone since the address was written
        pass
    return _("a stored group: {name}", name=f"{kind} {name}")
