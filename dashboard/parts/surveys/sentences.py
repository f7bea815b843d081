"""What answers to surveys say, in words."""

from __future__ import annotations

from dashboard import i18n
from dashboard.charts import units
from dashboard.charts.units import Unit
from dashboard.i18n import _, ngettext
from insights.surveys import Question, Score
from insights.values import MIN_N, Value

UNSURE = 0.05
"""From this chance on a difference is not told as one."""


def unit(question: Question) -> Unit:
    """Return what a question is measured in."""
    units_of: dict[str, Unit] = {"nps": "points", "csat": "percent", "ces": "number"}
    return units_of[question.metric]


def name(question: Question) -> str:
    """Name a question; of effort with its scale, which differs from one to the next.

    Example:
        >>> i18n.use("en")
        >>> name(Question("Senandika", "ces", 1, 7, False))
        'CES (1–7, low is good)'
    """
    short = question.metric.upper()
    ends = f"{question.low:g}–{question.high:g}"
    if not question.higher_is_better:
        return _("{name} ({scale}, low is good)", name=short, scale=ends)
    if question.metric == "ces":
        return _("{name} ({scale}, high is good)", name=short, scale=ends)
    usual = {"nps": (0, 10), "csat": (1, 5)}[question.metric]
    return short if (question.low, question.high) == usual else f"{short} ({ends})"


def scale(question: Question) -> str:
    """Say what the figure of a question is."""
    ends = {"low": f"{question.low:g}", "high": f"{question.high:g}"}
    if question.metric == "nps":
        return _(
            "NPS: the share that answers 9 or 10 (promoters) less the share that answers 6 or "
            "less (detractors), from −100 to +100."
        )
    if question.metric == "csat":
        good = question.good or (question.low, question.high)
        return _(
            "CSAT: the share of the satisfied, who answer {from_} to {until} on a scale from {low} "
            "to {high}.",
            from_=f"{good[0]:g}",
            until=f"{good[1]:g}",
            **ends,
        )
    if question.higher_is_better:
        return _("CES: the mean on a scale from {low} to {high}, where high is easy.", **ends)
    return _("CES: the mean on a scale from {low} to {high}, where low is easy.", **ends)


def shown(value: Value, question: Question) -> str:
    """Return the value of a question as it is written: +23, 76%, 3.2."""
    if question.metric == "ces" and value.value is not None:
        return i18n.number(value.value, 2)
    return units.show(value.value, unit(question))


def interval(value: Value, question: Question) -> str:
    """Return its interval, or a dash."""
    if value.low is None or value.high is None:
        return "–"
    ends = (shown(Value(end), question) for end in (value.low, value.high))
    return i18n.between(*ends)


def goodness(one: Score) -> float:
    """Return what puts scores of one question in order, the worst first."""
    value = one.value.value or 0.0
    return value if _high_is_good(one.question) else -value


def score(one: Score) -> str:
    """Say what the answers say, how sure that is, and whether it moved."""
    value, question = one.value, one.question
    if value.value is None:
        return _(
            "{question}: the scale does not tell the satisfied from the others.",
            question=name(question),
        )
    if not value.enough:
        return ngettext(
            "Only {n} answer to {question}: too few to rely on (at least {least}).",
            "Only {n} answers to {question}: too few to rely on (at least {least}).",
            value.n,
            question=name(question),
            least=MIN_N,
        )
    text = _(
        "{question} is {value} (95% interval {interval}, n = {n})",
        question=name(question),
        value=shown(value, question),
        interval=interval(value, question),
        n=i18n.number(value.n),
    )
    return f"{text}{_moved(one)}"


def moved(one: Score) -> tuple[str, str]:
    """Return what a score differs by, and whether it is `better`, `worse` or the `same`."""
    value = one.against.value
    if value is None:
        return "–", "same"
    text = _difference(value, one.question)
    if one.p is None or one.p >= UNSURE:
        return _("{change}, not clear", change=text), "same"
    rising = value > 0
    sign = "▲" if rising else "▼"
    return f"{sign} {text}", "better" if rising == _high_is_good(one.question) else "worse"


def _high_is_good(question: Question) -> bool:
    """Whether a high figure is good: of effort, a mean of scores, the question decides."""
    return question.metric != "ces" or question.higher_is_better


def _moved(one: Score) -> str:
    value = one.against.value
    if value is None:
        return "."
    if one.p is None or one.p >= UNSURE:
        return _("; no clear change from the period before.")
    size = _difference(abs(value), one.question).lstrip("+−")
    if value > 0:
        return _("; {size} more than in the period before.", size=size)
    return _("; {size} less than in the period before.", size=size)


def _difference(value: float, question: Question) -> str:
    if question.metric == "ces":
        return i18n.signed(value, 2)
    return _("{change} points", change=i18n.signed(100 * value))
