"""Rules as counts and as filters, which must say the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from insights import intervals
from insights.journey.counts import Counts
from insights.said import Said, said
from insights.values import Value
from simak.causes import Cause
from store.engine import Store
from store.filter import Filter

Bools = NDArray[np.bool_]

BY = ("brand", "channel")


class Complaints:
    """The complaints of a filter, to be counted by rules.

    Args:
        filter: which mentions.
        rules: that will be asked for.
        by: `BY` where rules go by channels; without it there is less to add up.

    Attributes:
        said, counts: all that was said.
        uneven: the channels of the rules that go by channels, by the rule's id.
        n: how many complaints there are.
    """

    def __init__(
        self,
        store: Store,
        filter: Filter,
        rules: Sequence[Cause],
        by: Sequence[str] = BY,
    ) -> None:
        self.filter = filter
        self.uneven: Mapping[str, Sequence[str]] = {}
        self._replied: Bools | None = None
        if any(rule.replied is not None for rule in rules):
            self.said, self._replied = _by_reply(store, filter, by)
        else:
            self.said = said(store, filter, by=by)
        self.counts = Counts(self.said)
        self.n = self.said.count(self.said.complaint)

    def holds(self, rule: Cause, owned: Sequence[str] | None = None) -> Bools:
        """Return (C,), the cells of which a rule holds.

        Args:
            owned: hold the rule to these of its touchpoints.
        """
        holds = self.blaming(_meant(rule, owned)) if rule.touchpoints or owned else None
        mask = self.said.complaint if holds is None else holds
        if rule.signals:
            mask = mask & np.any([self.said.signal(name) for name in rule.signals], axis=0)
        if rule.replied is not None:
            assert self._replied is not None
            mask = mask & (self._replied == rule.replied)
        if rule.uneven_channels:
            channels = self.said.cells["channel"].isin(self.uneven.get(rule.id, ()))
            mask = mask & channels.to_numpy(dtype=bool)
        return mask

    def blaming(self, ids: Sequence[str]) -> Bools:
        """Return (C,), the complaints that speak badly of any of some touchpoints."""
        return self.said.complaint & self.counts.blames(ids)

    def share(self, which: Bools) -> Value:
        """Return the share of the complaints that `which` marks."""
        return intervals.share(self.said.count(which), self.n)

    def behind(self, rule: Cause, owned: Sequence[str] | None = None) -> Filter:
        """Return the filter that selects the mentions of `holds`."""
        meant = _meant(rule, owned)
        return self.filter.but(
            complaint=True,
            touchpoints=meant,
            polarity="negative" if meant else None,
            signals=rule.signals,
            replied=self.filter.replied if rule.replied is None else rule.replied,
            channels=tuple(self.uneven[rule.id]) if rule.uneven_channels else self.filter.channels,
        )


def _meant(rule: Cause, owned: Sequence[str] | None) -> tuple[str, ...]:
    if owned is None:
        return rule.touchpoints
    return tuple(id for id in owned if not rule.touchpoints or id in rule.touchpoints)


def _by_reply(store: Store, filter: Filter, by: Sequence[str]) -> tuple[Said, Bools]:
    """Return what was said, and (C,) whether it was replied to."""
    asked = (True, False) if filter.replied is None else (filter.replied,)
    parts = [said(store, filter.but(replied=replied), by=by) for replied in asked]
    cells = pd.concat([part.cells for part in parts], ignore_index=True)
    profiles = {id: one for part in parts for id, one in part.profiles.items()}
    replied = np.repeat(np.array(asked), [len(part.cells) for part in parts])
    return Said(cells, profiles), replied
