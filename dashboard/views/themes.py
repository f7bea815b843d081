"""Themes: what complaints, or praise, are about in people's own words, and one theme closely."""

from dashboard.parts import shell
from dashboard.parts.themes import chosen, closer, missing, overall
from insights.themes.reading import themes
from store.lists import count
from store.themes import living

view = shell.open_page("themes")
if not view.ask(count, view.filter).n:
    shell.nothing_matches(view)
polarity = chosen.polarity(view)
known = view.ask(living, view.filter.brands, polarity)
choices = chosen.read(view, polarity, known)
chosen.draw(view, choices, known)
if not known:
    missing.draw(view, polarity)
else:
    result = view.ask(themes, choices.filter(view), polarity=polarity)
    if choices.about is None:
        overall.draw(view, result)
    else:
        closer.draw(view, result, choices.about)
