"""The causes behind the complaints about one touchpoint."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from insights import intervals
from insights.causes import uneven_channels
from insights.causes.rules import Complaints
from insights.values import Value
from simak.causes import Cause
from simak.taxonomy import Taxonomy
from store.engine import Store
from store.filter import Filter


@dataclass(frozen=True, slots=True)
class TouchpointCause:
    """One cause.

    Attributes:
        id: of the cause.
        share: of the complaints that speak badly of the touchpoint, those of which the rule holds.
        behind: the complaints of the numerator.
    """

    id: str
    share: Value
    behind: Filter


def causes_of(
    store: Store, taxonomy: Taxonomy, rules: Sequence[Cause], touchpoint: str, filter: Filter
) -> tuple[TouchpointCause, ...]:
    """Return the causes that hold for complaints about a touchpoint, most complaints first.

    Args:
        rules: as of `simak.causes.load_causes`; those about other touchpoints are left out.
        filter: which mentions; not by touchpoint or signal, which the rules set.

    Example:
        >>> from simak.causes import load_causes
        >>> from simak.taxonomy import load_taxonomy
        >>> from store.engine import open_store
        >>> known = load_taxonomy()
        >>> causes_of(open_store("sqlite://"), known, load_causes(known), "delivery", Filter())
        ()
    """
    meant = [rule for rule in rules if not rule.touchpoints or touchpoint in rule.touchpoints]
    now = Complaints(store, filter, meant)
    now.uneven = {
        rule.id: uneven_channels(now.counts, taxonomy.ids, rule.touchpoints) or ()
        for rule in meant
        if rule.uneven_channels
    }
    own = (touchpoint,)
    n = now.said.count(now.blaming(own))
    rows = [
        TouchpointCause(rule.id, intervals.share(k, n), now.behind(rule, own))
        for rule in meant
        if (k := now.said.count(now.holds(rule, own)))
    ]
    return tuple(sorted(rows, key=lambda row: -(row.share.k or 0)))
