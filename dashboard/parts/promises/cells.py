"""A share of kept of those who say so, as a bar and as a line of a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from dashboard import i18n
from dashboard.charts import bars
from dashboard.i18n import _
from dashboard.links import linked
from dashboard.parts import frame, tables
from dashboard.parts.shell import View
from insights.promises import Kept


def bar(view: View, key: str, name: str, kept: Kept, about: str = "") -> bars.Bar:
    """Return the bar of a share, which opens those who say it was kept."""
    n = kept.kept.k or 0
    return bars.Bar(
        key,
        name,
        kept.rate,
        to=view.to(kept.behind_kept) if n else None,
        count=n if n else None,
        said=_(
            "{share} of {n}",
            share=i18n.percent(kept.rate.value or 0),
            n=i18n.number(kept.rate.n),
        ),
        about=about,
    )


def table(
    view: View, heads: Sequence[str], rows: Iterable[tuple[Sequence[str], Kept]]
) -> frame.Table:
    """Return the lines of shares, each opening both of its sides."""
    return frame.Table(
        [*heads, _("Kept, of those who say"), _("Kept"), _("Broken")],
        [
            (
                [
                    *map(escape, names),
                    tables.share(kept.rate),
                    *(
                        linked(i18n.number(value.k or 0), view.to(behind), value.k or 0)
                        for value, behind in (
                            (kept.kept, kept.behind_kept),
                            (kept.broken, kept.behind_broken),
                        )
                    ),
                ],
                not kept.rate.enough,
            )
            for names, kept in rows
        ],
        text=len(heads),
    )
