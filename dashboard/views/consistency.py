"""Consistency: whether every channel tells the same story."""

from dashboard.parts import shell
from dashboard.parts.consistency import page

page.draw(shell.open_page("consistency"))
