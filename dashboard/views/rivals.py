"""Rivals: how the brand stands among the others."""

from dashboard.parts import copied, shell
from dashboard.parts.rivals import blamed, moves, voice

view = shell.open_page("rivals")
found = voice.measure(view)
voice.draw_finding(found)
voice.draw_share(view, found)
copied.draw(view)
voice.draw_trend(view, found)
blamed.draw(view, found)
moves.draw(view, found)
