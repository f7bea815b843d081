"""Actions: what was done, and whether it helped."""

from dashboard.parts import fields, shell
from dashboard.parts.actions import effect, form

view = shell.open_page("actions")
fields.told()
known = effect.recorded(view)
if known:
    effect.draw(view)
form.draw(view, first=not known)
