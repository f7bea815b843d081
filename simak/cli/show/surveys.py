"""`simak show surveys`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from simak.cli.common import command, opened, put, put_table
from simak.cli.show.common import figure, filtered, interval
from simak.own_touchpoints import taxonomy_of
from simak.settings import Settings
from store.filter import Filter

if TYPE_CHECKING:
    from insights.surveys import Leaving, Question, Retention, Score, Surveys, Together
    from insights.values import Value

_UNSURE = 0.05


@command("simak show surveys --brand Senandika --since 2026-05-01 --until 2026-05-31")
@filtered
@click.option("--touchpoint", multiple=True, help="Only answers about it, such as delivery.")
def surveys(
    settings: Settings, as_json: bool, touchpoint: tuple[str, ...], **selection: Any
) -> None:
    """Satisfaction, recommendation and effort as customers answered, and who stayed.

    CSAT is the share of the satisfied, NPS promoters less detractors, CES a mean on its scale.
    What differs more than chance explains is marked *. Beside it stands what others said of the
    same, no word of a survey among it.
    """
    from insights.surveys import surveys as measure

    taxonomy = taxonomy_of(settings)
    with opened(settings) as store:
        result = measure(store, taxonomy, Filter(touchpoints=touchpoint, **selection))
    if as_json:
        put(result)
        return
    _put_scores(result)
    for part, scores in (
        ("channel", result.by_channel),
        ("segment", result.by_segment),
        ("month", result.by_month),
    ):
        # Of each touchpoint there are many: they are told where it is asked for.
        _put_parts(part, [score for score in scores if touchpoint or score.touchpoint is None])
    _put_together(result)
    _put_retention(result.retention)
    _put_leaving(result.leaving)
    asked = [name.upper() for name in result.missing if name != "customers"]
    if asked:
        click.echo(
            f"\nNo data: {', '.join(asked)}. Add a [[source]] of type survey with a file of "
            "answers and run `simak collect`."
        )
    if "customers" in result.missing:
        click.echo(
            "\nNo data: who stayed. Put start, new and lost customers of each month into a file "
            "of such a source."
        )


def _put_scores(result: Surveys) -> None:
    if not result.scores:
        return
    said = {(row.question, row.touchpoint): row.said for row in result.beside if not row.month}
    put_table(
        (
            *("question", "about", "score", "95 %", "error", "n", "change", "unhappy", "in words"),
            "others say badly",
        ),
        [
            {
                "question": _asked(score.question),
                "about": score.touchpoint or "the whole",
                **_scored(score),
                "error": "" if score.error is None else f"{100 * score.error:.1f}",
                "change": _against(score),
                "others say badly": _spoken(said.get((score.question, score.touchpoint))),
            }
            for score in result.scores
        ],
    )


def _put_parts(part: str, scores: Sequence[Score]) -> None:
    if not scores:
        return
    click.echo(f"\nBy {part}")
    against = "against the month before" if part == "month" else "against the others"
    put_table(
        ("question", "about", part, "score", "95 %", "n", against, "unhappy", "in words"),
        [
            {
                "question": _asked(score.question),
                "about": score.touchpoint or "the whole",
                part: _part(score),
                **_scored(score),
                against: _against(score),
            }
            for score in scores
        ],
    )


def _put_together(result: Surveys) -> None:
    if result.together:
        click.echo()
    for one in result.together:
        click.echo(f"{_asked(one.question)} and what others say, over {one.over}s: {_rank(one)}")


def _rank(one: Together) -> str:
    rank = one.value
    if rank.value is None:
        return f"too few to tell ({rank.n} with enough on both sides)"
    ends = "" if rank.low is None else f" ({rank.low:+.2f} … {rank.high:+.2f})"
    sure = rank.low is None or rank.high is None or rank.low > 0 or rank.high < 0
    told = "they go together, which is no proof of a cause" if sure else "it may be chance"
    return f"rank correlation {rank.value:+.2f}{ends} of {rank.n}: {told}".replace("-", "−")


def _put_retention(kept: Sequence[Retention]) -> None:
    if not kept:
        return
    click.echo("\nCustomers, a month")
    put_table(
        ("brand", "segment", "months", "stay", "leave", "95 %", "customers", "last change", "from"),
        [
            {
                "brand": one.brand,
                "segment": one.segment or "all",
                "months": len(one.months),
                "stay": figure("share", one.retention.value),
                "leave": figure("share", one.churn.value),
                "95 %": interval("share", one.churn),
                "customers": one.months[-1].churn.n,
                "last change": _marked(figure("share", one.change.value, change=True), one.p),
                "from": one.source
                + (f" (not added: {', '.join(one.left_out)})" if one.left_out else ""),
            }
            for one in kept
        ],
    )


def _put_leaving(rows: Sequence[Leaving]) -> None:
    told = [row for row in rows if row.share.n]
    if not told:
        return
    click.echo(
        f"\nWhat those who say that they leave complain about, {told[0].since} … {told[0].until}"
    )
    put_table(
        ("brand", "phase", "of those who leave", "95 %", "n", "of other complaints", "difference"),
        [
            {
                "brand": row.brand,
                "phase": row.phase,
                "of those who leave": figure("share", row.share.value),
                "95 %": interval("share", row.share),
                "n": f"{row.share.k} of {row.share.n}{'' if row.share.enough else ' (few)'}",
                "of other complaints": figure("share", row.others.value),
                "difference": _marked(figure("share", row.against.value, change=True), row.p),
            }
            for row in told
        ],
    )
    click.echo("It goes with leaving; that it is why is not shown by this.")


def _scored(score: Score) -> dict[str, Any]:
    ends = [_value(score.question, end) for end in (score.value.low, score.value.high)]
    return {
        "score": _value(score.question, score.value.value)
        + ("" if score.value.enough else " (few)"),
        "95 %": " … ".join(ends) if score.value.low is not None else "",
        "n": score.unhappy.n or score.value.n,
        "unhappy": figure("share", score.unhappy.value),
        "in words": score.commented,
    }


def _asked(question: Question) -> str:
    way = "" if question.higher_is_better else ", low is good"
    return f"{question.brand} {question.metric.upper()} {question.low:g}–{question.high:g}{way}"


def _value(question: Question, value: float | None) -> str:
    if value is None:
        return "no data"
    if question.metric == "csat":
        return figure("share", value)
    # A net promoter score is written without its percent sign, effort on its own scale.
    text = f"{100 * value:+.0f}" if question.metric == "nps" else f"{value:.2f}"
    return text.replace("-", "−")


def _spoken(said: Value | None) -> str:
    if said is None or said.value is None:
        return "no data"
    few = "" if said.enough else " (few)"
    return f"{figure('share', said.value)} of {said.n}{few}"


def _part(score: Score) -> str:
    return score.channel or score.segment or (f"{score.month:%Y-%m}" if score.month else "")


def _against(score: Score) -> str:
    if score.against.value is None or score.p is None:
        return "–"
    if score.question.metric == "nps":
        return _marked(f"{100 * score.against.value:+.0f}".replace("-", "−"), score.p)
    metric = "share" if score.question.metric == "csat" else "stars"
    return _marked(figure(metric, score.against.value, change=True), score.p)


def _marked(text: str, p: float | None) -> str:
    return f"{text} *" if p is not None and p < _UNSURE else text
