"""Today: what is new since the last visit, or in the last week."""

import streamlit as st

from dashboard.parts import report, shell
from dashboard.parts.today import asked, days, followed, freshness, news, outliers, quiet

view, since = days.choose(shell.open_page("today"))
found = asked.ask(view.queries, view.taxonomy, view.filter)
news.draw_count(view, found.today, since)
calm = st.empty()
outliers.draw(view, found)
if not news.draw_moved(view, found.today) and not news.is_clear_rate(found.today):
    quiet.draw(calm, found)
followed.draw(view)
news.draw_waiting(view, found.today)
freshness.draw(view)
report.draw(view)
