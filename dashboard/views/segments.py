"""Segments: which product, version or region fares worse, and one segment closely."""

from dashboard.parts import shell
from dashboard.parts.segments import chosen, closer, missing, overall
from insights.segments import segments
from store.lists import count
from store.segments import facets_of

view = shell.open_page("segments")
if not view.ask(count, view.filter).n:
    shell.nothing_matches(view)
known = view.ask(facets_of, view.filter.brands)
if not known:
    missing.draw(view)
else:
    facet = chosen.facet(view, known)
    result = view.ask(segments, view.taxonomy, view.filter, facet)
    choices = chosen.read(view, result)
    chosen.draw(choices, known, result)
    if choices.about is None:
        overall.draw(view, choices, result)
    else:
        closer.draw(view, result, choices.about)
