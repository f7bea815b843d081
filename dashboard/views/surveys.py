"""Surveys: what customers answer when they are asked, and who stays."""

from dashboard.parts import shell
from dashboard.parts.surveys import apart, beside, figures, measured, over_time, staying, written

view = shell.open_page("surveys")
found = measured.measure(view)
if found.question is not None:
    measured.draw_finding(view, found)
    figures.draw(view, found)
    measured.draw_choice(view, found)
    over_time.draw(view, found)
    over_time.draw_parts(view, found)
    apart.draw(view, found)
    written.draw(view, found)
    beside.draw(view, found)
staying.draw(view, found)
measured.draw_missing(found)
