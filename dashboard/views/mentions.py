"""Reviews and mentions: what customers said, in their words."""

from dashboard.parts import shell
from dashboard.parts.mentions import bar, listed

view = shell.open_page("mentions")
bar.draw(view)
if not listed.draw(view):
    shell.nothing_matches(view)
