"""Touchpoints: what is behind the complaints."""

from html import escape

import streamlit as st

from dashboard import sentences
from dashboard.parts import causes, shell

view = shell.open_page("touchpoints")
if not view.queries.count(view.filter).n:
    shell.nothing_matches(view)
result = view.queries.touchpoints(view.taxonomy, view.filter)
move = sentences.moved(result, view.taxonomy) or ""
st.html(
    f'<p class="sm-finding">{escape(sentences.behind(result, view.taxonomy))}'
    f"<small>{escape(move)}</small></p>"
)
if result.complaints:
    causes.draw_ranking(view, result)
    causes.draw_map(view, result)
    causes.draw_examples(view, result)
