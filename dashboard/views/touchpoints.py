"""Touchpoints: what is behind the complaints."""

from dashboard import sentences
from dashboard.parts import causes, shell, words
from insights.touchpoints import touchpoints
from store.lists import count

view = shell.open_page("touchpoints")
if not view.ask(count, view.filter).n:
    shell.nothing_matches(view)
result = view.ask(touchpoints, view.taxonomy, view.filter)
move = sentences.moved(result, view.taxonomy) or ""
words.finding(sentences.behind(result, view.taxonomy), move)
if result.complaints:
    causes.draw_ranking(view, result)
    causes.draw_map(view, result)
    causes.draw_examples(view, result)
