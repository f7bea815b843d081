"""The pages there are, in the groups in which the navigation shows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dashboard.i18n import N_


@dataclass(frozen=True, slots=True)
class Page:
    """One page; its file is `views/NAME.py`.

    Attributes:
        title: its name, to be translated.
        icon: a Material symbol.
        filtered: whether it is about a selection of mentions.
        dated: whether the reader chooses its days.
    """

    name: str
    title: str
    icon: str
    filtered: bool = True
    dated: bool = True


GROUPS: Mapping[str, tuple[Page, ...]] = {
    N_("Every morning"): (
        Page("today", N_("Today"), ":material/wb_sunny:", dated=False),
        Page("alerts", N_("Alerts"), ":material/notifications:", filtered=False),
        Page("reputation", N_("Reputation"), ":material/monitoring:"),
        Page("rivals", N_("Rivals"), ":material/groups:"),
    ),
    N_("Causes"): (
        Page("touchpoints", N_("Touchpoints"), ":material/touch_app:"),
        Page("journey", N_("Journey"), ":material/route:"),
        Page("themes", N_("Themes"), ":material/category:"),
        Page("segments", N_("Segments"), ":material/groups_2:"),
    ),
    N_("Promise and service"): (
        Page("promises", N_("Promises"), ":material/handshake:"),
        Page("consistency", N_("Consistency"), ":material/compare_arrows:"),
        Page("response", N_("Response"), ":material/schedule:"),
        Page("surveys", N_("Surveys"), ":material/rate_review:"),
        Page("actions", N_("Actions"), ":material/build_circle:"),
    ),
    N_("Words"): (
        Page("mentions", N_("Reviews & mentions"), ":material/forum:"),
    ),
    N_("Data"): (
        Page("sources", N_("Data sources"), ":material/database:", filtered=False),
        Page("model", N_("Model"), ":material/fact_check:", filtered=False),
        Page("settings", N_("Settings"), ":material/settings:", filtered=False),
    ),
}  # fmt: skip
"""Group to its pages; the first page of all is where a reader begins."""

PAGES: Mapping[str, Page] = {page.name: page for pages in GROUPS.values() for page in pages}
