"""Consistency: whether every channel tells the same story."""

from dashboard.parts import shell

view = shell.open_page("consistency")
