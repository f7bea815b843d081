"""Data sources: what each run asked for, got, skipped and missed."""

from dashboard.parts import shell, sourcing

view = shell.open_page("sources")
sourcing.draw_night(view)
sourcing.draw_waiting(view)
sourcing.draw_latest(view)
sourcing.draw_recent(view)
