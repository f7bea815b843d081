"""The page of channels held against each other, from what is clear to the words."""

from __future__ import annotations

from dashboard.parts import shell, words
from dashboard.parts.consistency import channels, pair, sentences, touchpoints
from dashboard.parts.shell import View
from insights.consistency import consistency
from insights.consistency.answers import answers


def draw(view: View) -> None:
    """Draw whether the channels of the brand are alike."""
    found = view.ask(consistency, view.taxonomy, view.filter)
    if not found.channels:
        shell.nothing_matches(view)
    # Of the complaints alone: where more complain, more may be answered.
    answered = view.ask(answers, view.filter.but(complaint=True))
    words.finding(
        sentences.finding(found, view.taxonomy),
        sentences.answering(answered) or "",
    )
    if len(found.channels) > 1:
        pair.draw(view, found, answered)
        touchpoints.draw(view, found)
    channels.draw(view, found, answered)
