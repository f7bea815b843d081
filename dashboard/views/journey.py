"""Journey: where it breaks, and how it stands beside another."""

from dashboard.parts import shell, words
from dashboard.parts.journey import beside, compared, route, sentences, within
from insights.journey import journey
from store.lists import count

view = shell.open_page("journey")
if not view.ask(count, view.filter).n:
    shell.nothing_matches(view)
chosen = beside.choose(view)
result = view.ask(journey, view.taxonomy, view.filter)
words.finding(sentences.breaks(result, view.taxonomy), sentences.besides(result, view.taxonomy))
if result.mentions.n:
    other = beside.measure(view, chosen)
    route.draw(view, result, other)
    route.stages(view, result)
    if other is not None:
        compared.draw(view, other)
    within.months(view, result)
    within.touchpoints(view, result)
    within.examples_of(view, result)
