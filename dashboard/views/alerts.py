"""Alerts: what stood out, who has taken note of it, and where it went."""

from dashboard.parts import fields, shell
from dashboard.parts.alerts import listed, muted

view = shell.open_page("alerts")
fields.told()
listed.draw(view)
muted.draw(view)
