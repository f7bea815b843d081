"""What the page Surveys is about: the question chosen, its first sentence, and what is missing."""

from __future__ import annotations

import json
from dataclasses import dataclass
from html import escape

import streamlit as st

from dashboard import i18n, labels
from dashboard.i18n import _, ngettext
from dashboard.links import linked
from dashboard.parts import filters, shell, words
from dashboard.parts.shell import View
from dashboard.parts.surveys import sentences
from insights.surveys import Question, Score, Surveys, surveys
from insights.values import MIN_N
from store.lists import count

_SOURCE = '[[source]]\nname = "survei"\ntype = "survey"\nbrand = {brand}\npath = "data/survei"'
_COLLECT = "simak collect"
_HOW_MANY = 5
"""Touchpoints that are drawn where the whole was never asked about."""


@dataclass(frozen=True)
class Measured:
    """What the page shows.

    Attributes:
        surveys: everything that was answered and counted.
        question: the one chosen; None where none was asked.
        questions: all there are, by their key in the address.
        whole: its answers about the whole; None where only touchpoints were asked about.
    """

    surveys: Surveys
    question: Question | None
    questions: dict[str, Question]
    whole: Score | None

    def asked(self, scores: tuple[Score, ...]) -> list[Score]:
        """Return those of the question chosen."""
        return [score for score in scores if score.question == self.question]

    @property
    def subjects(self) -> tuple[str | None, ...]:
        """What is shown of the question: the whole, or the touchpoints with most answers."""
        if self.whole is not None:
            return (None,)
        most = sorted(self.asked(self.surveys.scores), key=lambda score: -score.value.n)
        return tuple(score.touchpoint for score in most[:_HOW_MANY])


def key(question: Question) -> str:
    """Return what names a question in the address.

    Example:
        >>> key(Question("Senandika", "ces", 1, 7, False))
        'ces_1_7_low'
    """
    way = "" if question.higher_is_better else "_low"
    return f"{question.metric}_{question.low:g}_{question.high:g}{way}"


def measure(view: View) -> Measured:
    """Return the answers for the view; where there are none at all, say so and end the run."""
    found = view.ask(surveys, view.taxonomy, view.filter)
    if not found.scores and not found.retention:
        _nothing(view)
    questions = {key(one): one for one in dict.fromkeys(s.question for s in found.scores)}
    if not questions:
        return Measured(found, None, {}, None)
    order = sorted(questions, key=lambda name: (_METRICS.index(questions[name].metric), name))
    question = questions[view.choice("question", order, order[0])]
    whole = [one for one in found.scores if one.question == question and one.touchpoint is None]
    return Measured(
        found, question, {name: questions[name] for name in order}, whole[0] if whole else None
    )


_METRICS = ("nps", "csat", "ces")


def draw_finding(view: View, found: Measured) -> None:
    """Say what the answers to the question say, and whether that moved."""
    assert found.question is not None
    if found.whole is None:
        words.finding(_lowest(view, found), sentences.scale(found.question))
        return
    words.finding(
        sentences.score(found.whole),
        sentences.scale(found.question),
        count=found.whole.value.n,
    )


def _lowest(view: View, found: Measured) -> str:
    """Say which touchpoint is answered worst, where only touchpoints were asked about."""
    assert found.question is not None
    question = sentences.name(found.question)
    enough = [one for one in found.asked(found.surveys.scores) if one.value.enough]
    told = [one for one in enough if one.value.value is not None]
    if not told:
        return _(
            "{question} was asked about single touchpoints, of each too few (at least {least}).",
            question=question,
            least=MIN_N,
        )
    worst = min(told, key=sentences.goodness)
    return _(
        "{question} was asked about single touchpoints: the worst is {touchpoint} with {value} "
        "(95% interval {interval}, n = {n}).",
        question=question,
        touchpoint=labels.touchpoint(view.taxonomy, worst.touchpoint or ""),
        value=sentences.shown(worst.value, worst.question),
        interval=sentences.interval(worst.value, worst.question),
        n=i18n.number(worst.value.n),
    )


def draw_choice(view: View, found: Measured) -> None:
    """Let the reader choose the question."""
    order = tuple(found.questions)
    if len(order) < 2:
        return
    st.segmented_control(
        _("Question"),
        order,
        key=filters.put("w_question", view.choice("question", order, order[0])),
        format_func=lambda name: sentences.name(found.questions[name]),
        required=True,
        on_change=lambda: filters.choose("question", st.session_state["w_question"]),
    )


def draw_missing(found: Measured) -> None:
    """Say of what there is no data, and how to come by it."""
    missing = found.surveys.missing
    asked = [name.upper() for name in missing if name != "customers"]
    if asked:
        words.note(
            _(
                "No data of {metrics}: nobody was asked in this period, or no answers were "
                "imported. They are never guessed from what is said.",
                metrics=", ".join(asked),
            )
        )
    if "customers" in missing:
        words.note(
            _(
                "No data of who stays: put month, start, new and lost customers into a file of a "
                "survey source. It is never guessed from what is said."
            )
        )


def _nothing(view: View) -> None:
    """Say that nothing was ever imported, or not for these days; the run ends here."""
    ever = view.ask(surveys, view.taxonomy, view.filter.but(since=None, until=None, channels=()))
    if ever.scores or ever.retention:
        shell.nothing_matches(view)
    source = _SOURCE.format(brand=json.dumps(view.state.brand or "NAME", ensure_ascii=False))
    shell.empty(
        _("No survey was imported, so there is no NPS, CSAT, CES, retention or churn"),
        escape(
            _(
                "They are only ever counted from your own answers and customers, and never "
                "guessed from what people write."
            )
        ),
        escape(
            _(
                "1. Put the answers into a folder, as CSV or XLSX: a column “nps”, “csat” or “ces” "
                "with the scores, and if you have them “time”, “comment”, “channel”, “segment”, "
                "“touchpoint” and “id”."
            )
        ),
        escape(
            _(
                "2. Who stays is counted from a file with the columns “month”, “start”, “new” and "
                "“lost”: customers at the beginning of the month, won and lost in it."
            )
        ),
        escape(_("3. Add the source in simak.toml:")),
        f"<pre><code>{escape(source)}</code></pre>",
        escape(_("4. Collect:")) + f" <code>{escape(_COLLECT)}</code>",
    )
    n = view.ask(count, view.filter).n
    if n:
        text = _("Meanwhile people write, which is not what your customers would answer:")
        link = ngettext("Read {n} mention", "Read {n} mentions", n)
        words.alert(text, linked(link, view.to(view.filter), n))
    st.stop()
