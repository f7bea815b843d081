"""Promises: what the company says, held against what customers live through."""

from dashboard.parts import fields, shell
from dashboard.parts.promises import form, kept

view = shell.open_page("promises")
fields.told()
known = kept.registered(view)
if known:
    kept.draw(view, known)
form.draw(view, first=not known)
