"""Response: whether and how fast the brand answers, and who still waits."""

from dashboard.parts import shell
from dashboard.parts.response import aftermath, curves, measured, places, unanswered, unseen

view = shell.open_page("response")
found = measured.measure(view)
measured.draw_finding(found)
measured.draw_choices(view)
curves.draw(view, found)
places.draw(view, found)
unanswered.draw(view, found)
aftermath.draw_times(found)
aftermath.draw_stars(found)
unseen.draw(view, found.response)
