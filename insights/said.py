"""What was said, all labels together: the ground of every insight that combines them.

Counts of touchpoints cannot be added up, as one mention may speak of several; sums over profiles
can be taken of any combination, and open exactly the mentions they count.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from store.engine import Store
from store.filter import Filter
from store.profiles import FACET, profile_counts
from store.speech import Profile, profiles
from store.tables import UNTAGGED

Bools = NDArray[np.bool_]

SUMS = ("n", "stars_n", "stars_sum", "stars_squares")


@dataclass(frozen=True)
class Said:
    """Mentions by profile.

    Attributes:
        cells: (C,) rows, one for each combination of the `by` columns with a profile: those
            columns (a facet's is called `facet`), `profile` (id), `sentiment`, `complaint`,
            and the sums `n`, `stars_n`, `stars_sum`, `stars_squares`.
        profiles: what each profile says.
    """

    cells: pd.DataFrame
    profiles: Mapping[int, Profile]

    @cached_property
    def tagged(self) -> Bools:
        """(C,), whether a model or a person has looked at the mentions: the denominator of
        rates."""
        return self._mask(lambda profile: profile.sentiment != UNTAGGED)

    @cached_property
    def complaint(self) -> Bools:
        """(C,), whether the mentions complain."""
        return self._mask(lambda profile: profile.complaint)

    def speaks(self, touchpoints: Collection[str], polarity: str | None = None) -> Bools:
        """Return (C,), whether the mentions speak of any of the touchpoints, so or at all."""
        wanted = set(touchpoints)
        return self._mask(
            lambda profile: any(
                name in wanted and polarity in (None, said)
                for name, said in profile.touchpoints.items()
            )
        )

    def signal(self, name: str) -> Bools:
        """Return (C,), whether the mentions give a signal."""
        if name not in self._signals:
            self._signals[name] = self._mask(lambda profile: name in profile.signals)
        return self._signals[name]

    def count(self, which: Bools | None = None) -> int:
        """Return how many mentions there are, or how many of the cells that `which` marks."""
        n = self.cells["n"].to_numpy()
        return int(n.sum() if which is None else n[which].sum())

    def sums(self, which: Bools | None = None) -> tuple[int, int, float, float]:
        """Return `SUMS` of all the cells, or of those that `which` marks."""
        cells = self.cells if which is None else self.cells[which]
        n, stars_n, total, squares = (cells[name].sum() for name in SUMS)
        return int(n), int(stars_n), float(total), float(squares)

    def where(self, which: Bools) -> Said:
        """Return the cells that `which` marks, such as those of one channel."""
        return Said(self.cells[which].reset_index(drop=True), self.profiles)

    def _mask(self, holds: Callable[[Profile], bool]) -> Bools:
        whole = np.fromiter(map(holds, self.profiles.values()), np.bool_, len(self.profiles))
        return np.asarray(whole[self.places], dtype=np.bool_)

    @cached_property
    def places(self) -> NDArray[np.intp]:
        """(C,), which of `profiles`, in their order, each cell is of."""
        ids = np.fromiter(self.profiles, np.int64, len(self.profiles))
        order = np.argsort(ids)
        found = np.searchsorted(ids, self.cells["profile"].to_numpy(np.int64), sorter=order)
        return np.asarray(order[found], dtype=np.intp)

    @cached_property
    def _signals(self) -> dict[str, Bools]:
        """The masks that were asked for: rules ask for the same again and again."""
        return {}


def said(store: Store, filter: Filter, by: Sequence[str] = ()) -> Said:
    """Return the mentions that a filter selects, by profile.

    Args:
        by: any of `brand`, `channel`, `source`, `language`, `month`, `day`, and one facet such
            as `facet:region`; see `store.profiles.profile_counts`.

    Example:
        >>> from store.engine import open_store
        >>> said(open_store("sqlite://"), Filter(), by=("channel",)).count()
        0
    """
    counts = profile_counts(store, filter, by)
    known = profiles(store, np.unique(counts.profile).tolist())
    cells = pd.DataFrame(
        {
            **{"facet" if name.startswith(FACET) else name: counts.keys[name] for name in by},
            "profile": counts.profile,
            **{name: getattr(counts, name) for name in SUMS},
        }
    )
    found = Said(cells, known)
    spoken = list(known.values())
    cells["sentiment"] = np.array([one.sentiment for one in spoken], dtype=object)[found.places]
    cells["complaint"] = np.array([one.complaint for one in spoken], dtype=bool)[found.places]
    return found
