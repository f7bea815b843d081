"""Rivals: how the brand stands among the others."""

from dashboard.parts import shell

view = shell.open_page("rivals")
