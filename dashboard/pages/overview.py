"""Overview: how the reputation moves."""

from html import escape

import streamlit as st

from dashboard import sentences
from dashboard.i18n import ngettext
from dashboard.parts import figures, reputation, shell

view = shell.open_page("overview")
result = reputation.measure(view)
if not result.now["volume"].n:
    shell.nothing_matches(view)
causes = view.queries.touchpoints(view.taxonomy, view.filter)
further = sentences.behind(causes, view.taxonomy) if causes.complaints else ""
st.html(
    f'<p class="sm-finding">{escape(sentences.complaints(result))}'
    f"<small>{escape(further)}</small></p>"
)
figures.draw(view, result)
if result.untagged:
    words = ngettext(
        "{n} mention is not tagged yet and in no rate: run `simak tag`.",
        "{n} mentions are not tagged yet and in no rate: run `simak tag`.",
        result.untagged,
    )
    st.html(f'<p class="sm-note" role="status">ⓘ {escape(words)}</p>')
reputation.draw_trend(view, result)
reputation.draw_brands(view)
reputation.draw_channels(view)
