"""Settings: brands, sources, touchpoints, promises, answering, alerts, display."""

from dashboard.parts import shell
from dashboard.parts.configuring import page

view = shell.open_page("settings")
page.draw(view)
