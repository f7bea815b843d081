"""Reputation: how the reputation moves."""

from dashboard import sentences
from dashboard.i18n import ngettext
from dashboard.parts import compared, copied, figures, reputation, shell, words
from insights.touchpoints import touchpoints

view = shell.open_page("reputation")
result = reputation.measure(view)
if not result.now["volume"].n:
    shell.nothing_matches(view)
causes = view.ask(touchpoints, view.taxonomy, view.filter)
further = sentences.behind(causes, view.taxonomy) if causes.complaints else ""
words.finding(sentences.complaints(result), further)
figures.draw(view, result)
if result.untagged:
    words.alert(
        ngettext(
            "{n} mention is not tagged yet and in no rate: run “simak tag”.",
            "{n} mentions are not tagged yet and in no rate: run “simak tag”.",
            result.untagged,
        )
    )
copied.draw(view)
reputation.draw_trend(view, result)
compared.draw(view)
