"""Reviews and mentions: what customers said, in their words."""

from dashboard.parts import shell
from dashboard.parts.mentions import bar, done, listed

view = shell.open_page("mentions")
if view.arrived:
    done.forget()
bar.draw(view)
if not listed.draw(view):
    shell.nothing_matches(view)
