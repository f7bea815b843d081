"""Who did what: corrections, exports, settings, roles, tokens, erasures."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from dashboard import i18n, labels
from dashboard.i18n import N_, _, ngettext
from dashboard.labels import name
from dashboard.parts import tables
from store.audit import Deed, deeds

if TYPE_CHECKING:
    from dashboard.parts.shell import View

_DEEDS = {
    "corrected": N_("corrected"),
    "withdrew a correction": N_("withdrew a correction"),
    "took corrections back": N_("took corrections back"),
    "exported": N_("exported"),
    "changed the settings": N_("changed the settings"),
    "gave a role": N_("gave a role"),
    "took a role": N_("took a role"),
    "gave a token": N_("gave a token"),
    "revoked a token": N_("revoked a token"),
    "erased": N_("erased"),
}
_EXPORTED = {"report": N_("the report"), "mentions": N_("the list")}
_LATEST = 50


def draw(view: View) -> None:
    """Draw the latest, if there are any."""
    found = deeds(view.store, limit=_LATEST)
    if not found:
        return
    st.header(_("What was done"), anchor=False)
    tables.table(
        [_("When and who"), _("What")], [(_cells(view, one), False) for one in found], text=2
    )


def _cells(view: View, one: Deed) -> list[str]:
    about = " · ".join([*_about(one), *([one.brand] if one.brand else [])])
    return [
        f'<span class="day">{escape(i18n.moment(one.at, view.store.zone))}</span><br>'
        f'<span class="long" dir="auto">{escape(one.who)}</span>',
        f'<b>{escape(name(_DEEDS, one.did))}</b><br><span class="long" dir="auto">'
        f"{escape(about)}</span>",
    ]


def _about(one: Deed) -> Iterator[str]:
    for key, value in one.about.items():
        if key == "mentions":
            yield ngettext("{n} mention", "{n} mentions", len(value))
        elif key in ("n", "mention"):
            yield ngettext("{n} mention", "{n} mentions", value)
        elif key == "role":
            yield labels.role(value)
        elif key == "what":
            yield name(_EXPORTED, value)
        elif isinstance(value, list):
            yield ", ".join(map(str, value))
        elif isinstance(value, int):
            yield f"{key}: {i18n.number(value)}"
        elif value is not None:
            yield str(value)
