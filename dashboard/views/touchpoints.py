"""Touchpoints: what is behind the complaints."""

from dashboard import sentences
from dashboard.parts import causes, shell, words

view = shell.open_page("touchpoints")
if not view.queries.count(view.filter).n:
    shell.nothing_matches(view)
result = view.queries.touchpoints(view.taxonomy, view.filter)
move = sentences.moved(result, view.taxonomy) or ""
words.finding(sentences.behind(result, view.taxonomy), move)
if result.complaints:
    causes.draw_ranking(view, result)
    causes.draw_map(view, result)
    causes.draw_examples(view, result)
