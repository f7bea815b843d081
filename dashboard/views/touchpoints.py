"""Touchpoints: which of them to fix first, how sure that is, and one of them closely."""

from dashboard.parts import shell
from dashboard.parts.touchpoints import chosen, closer, overall
from insights.touchpoints import touchpoints
from store.lists import count

view = shell.open_page("touchpoints")
if not view.ask(count, view.filter).n:
    shell.nothing_matches(view)
result = view.ask(touchpoints, view.taxonomy, view.filter)
known = [row.id for row in result.rows]
choices = chosen.read(view, known)
chosen.draw(view, choices, known)
if choices.about is None:
    overall.draw(view, choices, result)
else:
    closer.draw(view, choices.about)
