"""What the unhappy and the happy wrote beside their answers."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from dashboard import labels, links
from dashboard.i18n import _, ngettext
from dashboard.parts import cards, filters, words
from dashboard.parts.shell import View
from dashboard.parts.surveys.measured import Measured
from insights.surveys import Question, Score
from store.filter import Filter
from store.lists import count, list_mentions

_SHOWN = 3


def draw(view: View, found: Measured) -> None:
    """Draw the newest texts of those who answered low, or high, and a link to all."""
    score = found.whole or _most(found)
    if score is None or score.behind is None:
        return
    st.header(_("In their own words"), anchor=False)
    kinds = {"unhappy": score.behind}
    happy = _happy(score)
    if happy is not None:
        kinds["happy"] = happy
    chosen = view.choice("wrote", ("unhappy", "happy"), "unhappy")
    chosen = chosen if chosen in kinds else "unhappy"
    names = _names(score.question)
    if len(kinds) > 1:
        st.segmented_control(
            _("Who wrote"),
            tuple(kinds),
            key=filters.put("w_wrote", chosen),
            format_func=names.__getitem__,
            required=True,
            on_change=lambda: filters.choose("wrote", st.session_state["w_wrote"]),
        )
    if score.touchpoint is not None:
        words.note(_("About {name}", name=labels.touchpoint(view.taxonomy, score.touchpoint)))
    behind = kinds[chosen]
    n = view.ask(count, behind).n
    if not n:
        words.note(_("None of them wrote anything beside the answer."))
        return
    st.page_link(
        f"views/{links.MENTIONS}.py",
        label=ngettext("Read the {n} text", "Read all {n} texts", n),
        icon=":material/arrow_forward:",
        query_params=links.parameters(view.to(behind)),
    )
    cards.draw(view, view.ask(list_mentions, behind, limit=_SHOWN))


def _most(found: Measured) -> Score | None:
    scores = found.asked(found.surveys.scores)
    return max(scores, key=lambda one: one.value.n, default=None)


def _happy(score: Score) -> Filter | None:
    """Return the texts of those who answered well: the scores are the question's own."""
    question, behind = score.question, score.behind
    ends = question.good
    if ends is None or behind is None or behind.answered is None:
        return None
    return behind.but(answered=replace(behind.answered, at_least=ends[0], at_most=ends[1]))


def _names(question: Question) -> dict[str, str]:
    if question.metric == "nps":
        return {"unhappy": _("Detractors (0–6)"), "happy": _("Promoters (9–10)")}
    if question.metric == "csat":
        return {"unhappy": _("The dissatisfied"), "happy": _("The satisfied")}
    return {"unhappy": _("Who found it hard"), "happy": ""}
