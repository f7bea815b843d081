"""All of it together: answers, customers, and what was said beside them."""

from __future__ import annotations

from dataclasses import dataclass

from insights.surveys.beside import Beside, Together, beside, together
from insights.surveys.customers import Leaving, Retention, leaving, retention
from insights.surveys.scores import Score, counted, read, table
from simak.survey import METRICS
from simak.taxonomy import Taxonomy
from store.engine import Store
from store.filter import Filter
from store.surveys import customer_counts


@dataclass(frozen=True)
class Surveys:
    """What customers answered, and who stayed.

    Attributes:
        scores: each question over all of the period, the whole first, then by touchpoint.
        by_channel, by_segment, by_month: parts of the same.
        beside: what others said of the same touchpoint or month.
        together: whether the two go together.
        retention: who stayed, from counts of customers.
        leaving: what those who say that they leave complain about, in the months counted.
        missing: of `METRICS` and `customers`, what there is nothing of.
    """

    filter: Filter
    scores: tuple[Score, ...]
    by_channel: tuple[Score, ...]
    by_segment: tuple[Score, ...]
    by_month: tuple[Score, ...]
    beside: tuple[Beside, ...]
    together: tuple[Together, ...]
    retention: tuple[Retention, ...]
    leaving: tuple[Leaving, ...]
    missing: tuple[str, ...]


def surveys(store: Store, taxonomy: Taxonomy, filter: Filter) -> Surveys:
    """Measure the answers and counts of a filter.

    Args:
        filter: brands and days, and the channels, sources and touchpoints of the answers.
            Counts of customers are of brands, months and sources.

    Example:
        >>> from simak.taxonomy import load_taxonomy
        >>> from store.engine import open_store
        >>> surveys(open_store("sqlite://"), load_taxonomy(), Filter()).missing
        ('nps', 'csat', 'ces', 'customers')
    """
    now, earlier = read(store, filter), filter.previous()
    scores = table(now, before=None if earlier is None else counted(store, earlier))
    months = table(now, "month")
    spoken = beside(store, filter, scores, months, set(now.counts["source"]))
    kept = retention(customer_counts(store, filter))
    asked = {score.question.metric for score in scores}
    return Surveys(
        filter,
        scores,
        table(now, "channel"),
        table(now, "segment"),
        months,
        spoken,
        together(spoken),
        kept,
        leaving(store, taxonomy, filter, kept),
        (*(name for name in METRICS if name not in asked), *(() if kept else ("customers",))),
    )
