"""Today: what is new since the last visit, or in the last week."""

import streamlit as st

from dashboard.parts import report, shell
from dashboard.parts.today import days, followed, freshness, news, outliers, quiet
from insights.today import stood_out, today

view, since = days.choose(shell.open_page("today"))
found = view.ask(today, view.taxonomy, view.filter)
news.draw_count(view, found, since)
calm = st.empty()
events = view.ask(stood_out, view.filter)
outliers.draw(view, events)
if not news.draw_moved(view, found) and not news.is_clear_rate(found) and not events.events:
    quiet.draw(calm, found, events)
followed.draw(view)
news.draw_waiting(view, found)
freshness.draw(view)
report.draw(view)
