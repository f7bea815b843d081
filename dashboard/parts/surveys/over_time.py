"""How the answers move from month to month, and of a net promoter score its three parts."""

from __future__ import annotations

from datetime import date
from html import escape

import streamlit as st

from dashboard import i18n, labels
from dashboard.charts import lines, shares
from dashboard.i18n import _
from dashboard.links import linked
from dashboard.parts import frame, tables, words
from dashboard.parts.shell import View
from dashboard.parts.surveys import sentences
from dashboard.parts.surveys.measured import Measured
from insights import intervals
from insights.surveys import Score
from insights.surveys.scores import within
from insights.values import MIN_N, Value


def draw(view: View, found: Measured) -> None:
    """Draw the question's figure by month."""
    st.header(_("Over time"), anchor=False)
    question = found.question
    assert question is not None
    months = [
        score
        for score in found.asked(found.surveys.by_month)
        if score.touchpoint in found.subjects and score.value.value is not None
    ]
    if len({score.month for score in months}) < 2:
        words.note(_("Answers of one month alone: no trend."))
        return
    title = sentences.name(question)
    series = []
    for subject in found.subjects:
        points = [_point(view, score) for score in months if score.touchpoint == subject]
        if points:
            series.append(lines.Series(subject or "", subject_name(view, subject, title), points))
    frame.chart(
        view,
        lines.lines(series, title=title, unit=sentences.unit(question), dark=view.dark),
        key="score",
        about=_("{figure} by month with its 95% interval", figure=title),
        table=frame.Table(
            [_("Month"), _("About"), title, _("Against the month before"), _("Answers"),
             _("Texts of the unhappy")],
            [_row(view, score) for score in sorted(months, key=_newest)],
            text=2,
        ),
    )  # fmt: skip
    words.note(
        _(
            "Click a point to read what the unhappy of the month wrote. Grey diamonds: fewer than "
            "{least} answers, too few to rely on.",
            least=MIN_N,
        )
    )


def draw_parts(view: View, found: Measured) -> None:
    """Draw the promoters, passives and detractors of a net promoter score, by month."""
    whole = found.whole
    if whole is None or whole.question.metric != "nps" or whole.value.value is None:
        return
    st.header(_("Detractors, passives, promoters"), anchor=False)
    months = [
        score
        for score in found.asked(found.surveys.by_month)
        if score.touchpoint is None and score.value.value is not None
    ]
    rows = [_whole(view, whole, _("All answers"))]
    if len(months) > 1:
        rows += [_whole(view, one, _month(one)) for one in sorted(months, key=_newest)[:_MONTHS]]
    frame.chart(
        view,
        shares.shares(rows, title=_("Of all answers"), dark=view.dark),
        key="parts",
        about=_("Shares of detractors, passives and promoters"),
        table=frame.Table(
            [_("Month"), *(part.name for part in rows[0].parts), _("Answers")],
            [
                (
                    [
                        escape(row.name),
                        *(tables.share(part.value) for part in row.parts),
                        i18n.number(row.parts[0].value.n),
                    ],
                    not row.parts[0].value.enough,
                )
                for row in rows
            ],
        ),
    )
    words.note(
        _(
            "Detractors answer up to 6, passives 7 or 8, promoters 9 or 10. Click the detractors "
            "to read what they wrote. Pale: fewer than {least} answers.",
            least=MIN_N,
        )
    )


_MONTHS = 6


def subject_name(view: View, subject: str | None, whole: str) -> str:
    """Name what was asked about."""
    return whole if subject is None else labels.touchpoint(view.taxonomy, subject)


def opened(view: View, score: Score) -> tuple[str | None, int | None]:
    """Return the address of what the unhappy wrote, and how many texts there are."""
    if score.behind is None or not score.commented:
        return None, None
    return view.to(score.behind), score.commented


def texts(view: View, score: Score) -> str:
    """Return how many texts the unhappy wrote, as a link to them."""
    to, n = opened(view, score)
    return "–" if to is None else linked(i18n.number(n or 0), to, n)


def _whole(view: View, score: Score, name: str) -> shares.Whole:
    n, unhappy = score.value.n, score.unhappy.k or 0
    promoters = round((score.value.value or 0.0) * n) + unhappy
    to, count = opened(view, score)
    return shares.Whole(
        name,
        name,
        [
            shares.Share("negative", _("Detractors"), intervals.share(unhappy, n), to, count),
            shares.Share(
                "neutral", _("Passives"), intervals.share(n - unhappy - promoters, n)
            ),
            shares.Share("positive", _("Promoters"), intervals.share(promoters, n)),
        ],
        _("NPS {value}, n = {n}", value=sentences.shown(score.value, score.question),
          n=i18n.number(n)),
    )  # fmt: skip


def _newest(score: Score) -> int:
    return -(score.month or date.min).toordinal()


def _month(score: Score) -> str:
    assert score.month is not None
    return i18n.month(score.month)


def _point(view: View, score: Score) -> lines.Point:
    assert score.month is not None
    days = within(view.filter, score.month)
    assert days.since is not None
    assert days.until is not None
    return lines.Point(days.since, days.until, score.value, *opened(view, score))


def _row(view: View, score: Score) -> tuple[list[str], bool]:
    change, tone = sentences.moved(score)
    cells = [
        escape(_month(score)),
        escape(subject_name(view, score.touchpoint, _("the whole"))),
        tables.with_interval(
            score.value,
            sentences.shown(score.value, score.question),
            *(
                sentences.shown(Value(end), score.question)
                for end in (score.value.low, score.value.high)
            ),
        )
        if score.value.low is not None
        else sentences.shown(score.value, score.question),
        f'<span class="{tone}">{escape(change)}</span>',
        i18n.number(score.value.n),
        texts(view, score),
    ]
    return cells, not score.value.enough
