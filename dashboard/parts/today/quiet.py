"""A day on which nothing stood out: said as such, with what was looked at."""

from __future__ import annotations

from streamlit.delta_generator import DeltaGenerator

from dashboard.i18n import _, ngettext
from dashboard.parts import words
from dashboard.parts.today.asked import News


def draw(place: DeltaGenerator, found: News) -> None:
    """Say that nothing is out of the ordinary, as far as it can be known, where nothing is."""
    if found.events:
        return
    with place.container():
        if not found.today.mentions.n:
            words.note(_("Nobody wrote anything in these days, as far as was collected."))
        elif found.spikes.series:
            words.note(
                ngettext(
                    "Nothing out of the ordinary: in {n} series of touchpoints and tones no day "
                    "and no level stands out, and nothing moved more than chance explains.",
                    "Nothing out of the ordinary: in {n} series of touchpoints and tones no day "
                    "and no level stands out, and nothing moved more than chance explains.",
                    found.spikes.series,
                )
            )
        else:
            words.note(
                _(
                    "Nothing moved more than chance explains. Whether a day stands out cannot be "
                    "told yet: that takes eight weeks of mentions before it."
                )
            )
