"""The cases of a brand on the Today page: how many are open, whose they are, what is overdue."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from dashboard import i18n, reader
from dashboard.i18n import _, ngettext
from dashboard.links import linked
from dashboard.parts.shell import View
from store.case_list import count_cases, late
from store.cases import UNFINISHED
from store.filter import CaseIs, Filter


def draw(view: View) -> None:
    """Draw a line on the brand's cases, where there are unfinished ones."""
    brand = Filter(brands=view.filter.brands)
    today = datetime.now(view.store.zone).date()
    found = view.ask(count_cases, brand, today=today)
    unfinished = sum(found.owners.values())
    if not unfinished:
        return
    own = reader.name()

    def opened(text: str, n: int, case: CaseIs) -> str:
        return linked(text, view.to(brand.but(case=case)), n)

    all_of_them = ngettext("{n} case is not done.", "{n} cases are not done.", unfinished)
    told = [opened(all_of_them, unfinished, CaseIs(statuses=UNFINISHED))]
    if mine := found.owners.get(own):
        text = _("Yours: {n}.", n=i18n.number(mine))
        told.append(opened(text, mine, CaseIs(statuses=UNFINISHED, owner=own)))
    for owner, n in found.owners.items():
        if owner and owner != own:
            text = _("{name}: {n}.", name=owner, n=i18n.number(n))
            told.append(opened(text, n, CaseIs(statuses=UNFINISHED, owner=owner)))
    if found.overdue:
        text = _("Overdue: {n}.", n=i18n.number(found.overdue))
        told.append(opened(text, found.overdue, late(today)))
    st.header(_("Followed up"), anchor=False)
    st.html(f"<p>{' '.join(told)}</p>")
