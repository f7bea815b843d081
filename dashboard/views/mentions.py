"""Reviews and mentions: what customers said, in their words."""

from dashboard.parts import listing, shell

view = shell.open_page("mentions")
listing.draw_filters(view)
if not listing.draw_list(view):
    shell.nothing_matches(view)
